//! The customer card.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::consent::{Consent, ConsentTopic};
use crate::record::contact::{Contact, NextStep};
use crate::record::entry::{Entry, EntryKind};
use crate::record::handover::Handover;
use crate::time::{Date, Timestamp};

/// Longest value of a single-line field, in characters.
pub const FIELD_MAX_CHARS: usize = 500;
/// Longest remarks, in characters.
pub const REMARKS_MAX_CHARS: usize = 5_000;
/// Most phones on one card.
pub const PHONES_MAX: usize = 20;

/// The class of a customer 客户分类, which a person decides (`domain.md` section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// 活跃的潜在客户: wants something now.
    A,
    /// 购买或设计的客户: has decided, is in design, or has bought.
    B,
    /// 周期追踪客户: no plan now, contacted monthly.
    C,
    /// 废弃客户: given up, kept in the file.
    D,
}

impl Class {
    /// All classes, in their order.
    pub const ALL: [Self; 4] = [Self::A, Self::B, Self::C, Self::D];

    /// The letter of the class.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
        }
    }
}

impl FromStr for Class {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, UnknownValue> {
        Self::ALL
            .into_iter()
            .find(|class| class.letter() == text)
            .ok_or(UnknownValue)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.letter())
    }
}

/// A stored value that this version does not know, for example from a newer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown value")]
pub struct UnknownValue;

/// The kind of a customer 顾客类型. Stored as its key; unknown keys are shown as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerKind {
    /// 个人
    Individual,
    /// 普通公司
    Company,
    /// 政府机构
    Government,
    /// 特殊公司: affiliated or special business.
    SpecialCompany,
    /// 交易伙伴
    TradingPartner,
}

impl CustomerKind {
    /// All kinds, in the order of the domain.
    pub const ALL: [Self; 5] = [
        Self::Individual,
        Self::Company,
        Self::Government,
        Self::SpecialCompany,
        Self::TradingPartner,
    ];

    /// The key under which the kind is stored.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Company => "company",
            Self::Government => "government",
            Self::SpecialCompany => "special_company",
            Self::TradingPartner => "trading_partner",
        }
    }
}

/// A single-valued field of the card: one key of the document's `fields`.
///
/// Every value is text; what else a field means (a class, a date) is decided on reading, so that a
/// value from a newer version is kept and shown as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerField {
    /// Card number 卡号: a readable label, never an id.
    Number,
    /// Name 姓名.
    Name,
    /// Kind 顾客类型, a key of [`CustomerKind`].
    Kind,
    /// Class 客户分类, a letter of [`Class`].
    Class,
    /// WeChat id 微信.
    Wechat,
    /// E-mail 邮箱.
    Email,
    /// Province 省份.
    Province,
    /// City 城市.
    City,
    /// District 区县.
    District,
    /// Street, number and unit 详细地址.
    Street,
    /// Compound 小区.
    Compound,
    /// Where the customer came from 来源.
    Source,
    /// Day of the first visit 首次到店 (`YYYY-MM-DD`).
    FirstVisit,
    /// Last contact before the card came into Floorbook 最近联系 (`YYYY-MM-DD`).
    EarlierContact,
    /// Day when the card was opened in Floorbook (`YYYY-MM-DD`).
    OpenedOn,
    /// Building and unit 楼栋单元.
    Unit,
    /// Floor 楼层.
    Floor,
    /// Whether there is a lift 电梯, `yes` or `no`.
    Lift,
    /// Region 区域 of the round in which the address is visited.
    Region,
    /// The place of the address in the order of its region 路序, a whole number.
    RouteOrder,
    /// Who introduced the customer 介绍人, in words.
    Referrer,
    /// The card of who introduced the customer, its document id.
    ReferrerCard,
}

impl CustomerField {
    /// All fields, in the order in which a card shows them.
    pub const ALL: [Self; 22] = [
        Self::Number,
        Self::Name,
        Self::Kind,
        Self::Class,
        Self::Wechat,
        Self::Email,
        Self::Province,
        Self::City,
        Self::District,
        Self::Street,
        Self::Compound,
        Self::Source,
        Self::FirstVisit,
        Self::EarlierContact,
        Self::OpenedOn,
        Self::Unit,
        Self::Floor,
        Self::Lift,
        Self::Region,
        Self::RouteOrder,
        Self::Referrer,
        Self::ReferrerCard,
    ];

    /// The key of the field in the document; frozen with the format.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Name => "name",
            Self::Kind => "kind",
            Self::Class => "class",
            Self::Wechat => "wechat",
            Self::Email => "email",
            Self::Province => "province",
            Self::City => "city",
            Self::District => "district",
            Self::Street => "street",
            Self::Compound => "compound",
            Self::Source => "source",
            Self::FirstVisit => "first_visit",
            Self::EarlierContact => "earlier_contact",
            Self::OpenedOn => "opened_on",
            Self::Unit => "unit",
            Self::Floor => "floor",
            Self::Lift => "lift",
            Self::Region => "region",
            Self::RouteOrder => "route_order",
            Self::Referrer => "referrer",
            Self::ReferrerCard => "referrer_card",
        }
    }

    /// The field stored under `key`, if this version knows it.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.key() == key)
    }
}

/// A phone of the customer, as typed and as searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerPhone {
    /// The entry of the phone in the document.
    pub id: EntryId,
    /// The number as it was typed.
    pub number: String,
    /// Free words beside the number ("wife's", "office"); empty if none.
    #[serde(default)]
    pub label: String,
}

/// A fact about the customer from a column or a catalogue entry without a field of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// The value in words.
    pub value: String,
    /// Where it comes from; imported facts stay unverified until a consultant confirms them.
    pub source: FactSource,
    /// When it was noted.
    pub at: Timestamp,
}

/// Where a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactSource {
    /// Seen or heard by the consultant.
    Consultant,
    /// Filled in by the customer.
    Customer,
    /// From an import, or bought in.
    Import,
}

/// A customer card as read from its document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The single-valued fields that are set (an empty value counts as not set).
    pub fields: BTreeMap<CustomerField, String>,
    /// Phones that were not removed, oldest first.
    pub phones: Vec<CustomerPhone>,
    /// Long free notes.
    pub remarks: String,
    /// Facts by name, such as the header of an imported column.
    pub facts: BTreeMap<String, Fact>,
    /// Contacts, newest first.
    pub contacts: Vec<Contact>,
    /// Next steps, open ones first by due date, then settled ones.
    pub next_steps: Vec<NextStep>,
    /// When the customer was handed over, newest first.
    #[serde(default)]
    pub handovers: Vec<Handover>,
    /// Entries that were not removed, in the order in which they were made.
    #[serde(default)]
    pub entries: BTreeMap<EntryKind, Vec<Entry>>,
    /// What the customer said to what topic. Said differently on two tablets: no.
    #[serde(default)]
    pub consents: BTreeMap<ConsentTopic, Consent>,
}

impl Customer {
    /// The value of a field, or the empty string.
    pub fn field(&self, field: CustomerField) -> &str {
        self.fields.get(&field).map_or("", String::as_str)
    }

    /// The class, if one is set that this version knows.
    pub fn class(&self) -> Option<Class> {
        self.field(CustomerField::Class).parse().ok()
    }

    /// The entries of a kind, in the order in which they were made.
    pub fn entries(&self, kind: EntryKind) -> &[Entry] {
        self.entries.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Whether the customer refused a topic.
    pub fn refuses(&self, topic: ConsentTopic) -> bool {
        self.consents
            .get(&topic)
            .is_some_and(|consent| !consent.is_given)
    }

    /// Steps that wait to be done, the earliest first.
    pub fn open_steps(&self) -> impl Iterator<Item = &NextStep> {
        self.next_steps.iter().filter(|step| step.is_open())
    }

    /// The day of the latest contact, logged here or told by an import.
    pub fn last_contact(&self) -> Option<Date> {
        let logged = self.contacts.iter().map(|contact| contact.date).max();
        let earlier = self.field(CustomerField::EarlierContact).parse().ok();
        logged.max(earlier)
    }
}
