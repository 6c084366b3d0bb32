//! The row of a customer: what lists, search and Today show without opening the document.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, EntryId, PersonId};
use crate::record::birthday::Birthday;
use crate::record::catalogue;
use crate::record::consent::ConsentTopic;
use crate::record::contact::{Channel, NextStepDecision, Purpose, STEP_MAX_CHARS};
use crate::record::customer::{
    Class, Customer, CustomerField, CustomerKind, FIELD_MAX_CHARS, PHONES_MAX,
};
use crate::record::entry::{EntryField, EntryKind};
use crate::record::known_fact::KnownFact;
use crate::rules::agenda::{Causes, Rule};
use crate::rules::class::ClassEvidence;
use crate::rules::dealings::Dealings;
use crate::rules::quality::{Completeness, Quality, last_confirmed};
use crate::rules::reception::Reception;
use crate::rules::review;
use crate::time::{Date, TimeOfDay, Timestamp, days_between};

/// The version of the projection below; grows whenever the meaning of a row changes.
pub const VIEW_VERSION: u16 = 6;

/// Characters of the remarks that a row carries, so that they can be searched.
const REMARKS_MAX_CHARS: usize = 400;

/// Open steps that a row carries, the earliest first; more than anybody plans for one customer.
const OPEN_STEPS_MAX: usize = 100;
/// Latest contacts that a row carries.
const RECENT_CONTACTS_MAX: usize = 10;
/// Contacts longer ago than this before the newest one are left out: what is counted by week needs
/// no more, and rows stay short.
const RECENT_DAYS: i32 = 6;
/// Of these the row carries the newest even if they are older: a wrong clock may have dated one
/// into the future.
const RECENT_CONTACTS_MIN: usize = 3;
/// Tags that a row carries.
const TAGS_MAX: usize = 20;
/// Products that a row carries, the latest first.
const PRODUCTS_MAX: usize = 20;
/// As much of a note as a line of a list shows, in characters.
const LINE_MAX_CHARS: usize = 120;

/// The row of a customer. Its size is bounded whatever the document holds, so that a frame with
/// it always fits into a message. Never depends on today's date. Newer code reads older rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerRow {
    /// The version of the projection that made it.
    pub view_version: u16,
    /// Card number.
    #[serde(default)]
    pub number: String,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Class, if one is set.
    #[serde(default)]
    pub class: Option<Class>,
    /// Phones as typed.
    #[serde(default)]
    pub phones: Vec<String>,
    /// WeChat id.
    #[serde(default)]
    pub wechat: String,
    /// City and district, for the second line of a list.
    #[serde(default)]
    pub area: String,
    /// Compound 小区.
    #[serde(default)]
    pub compound: String,
    /// Where the customer came from.
    #[serde(default)]
    pub source: String,
    /// How the remarks begin.
    #[serde(default)]
    pub remarks: String,
    /// Open next steps, the earliest first.
    #[serde(default)]
    pub open_steps: Vec<OpenStep>,
    /// The day of the latest contact.
    #[serde(default)]
    pub last_contact: Option<Date>,
    /// The latest contacts in a row that brought no sensible next step.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fruitless: u16,
    /// The day of the latest contact on which something went on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_progress: Option<Date>,
    /// Whether something was bought, as far as is known.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_bought: bool,
    /// The class that a person kept when another one was proposed, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_kept: Option<(Class, Date)>,
    /// Number of fields that hold two values until someone chooses.
    #[serde(default)]
    pub conflicts: u16,
    /// E-mail.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Day of the first visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_visit: Option<Date>,
    /// Day when the card was opened in Floorbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_on: Option<Date>,
    /// Birthday, if what stands on the card can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthday: Option<Birthday>,
    /// Occupation in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub occupation: String,
    /// When the customer wants to be called, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub preferred_time: String,
    /// The latest contacts, the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recent_contacts: Vec<RecentContact>,
    /// The beginning of the note of the newest contact that has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_note: String,
    /// Kind, if one is set that this version knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CustomerKind>,
    /// Region of the round in which the address is visited.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// The place of the address in the order of its region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub route_order: Option<u32>,
    /// The card of who introduced the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<DocumentId>,
    /// What the customer does not want.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub refused: BTreeSet<ConsentTopic>,
    /// Words by which people find the card.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What was bought, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// What was bought, in numbers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub dealings: Dealings,
    /// How much of the file is known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub completeness: Completeness,
    /// Facts of the card from which work follows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub causes: Causes,
    /// The day on which a purchase is expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Date>,
    /// When something on the card was last noted or confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Timestamp>,
    /// Until when derived work was put off, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub put_off: BTreeMap<Rule, Date>,
    /// The latest reception in the store, unless a visit was logged since or the customer has left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reception: Option<Reception>,
    /// The day on which somebody looked the card through last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviewed: Option<Date>,
}

/// A contact in a row: what counts against standards need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentContact {
    /// The store's day.
    pub date: Date,
    /// How.
    pub channel: Channel,
    /// Who.
    pub by: PersonId,
}

/// An open next step in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenStep {
    /// The step's entry.
    pub id: EntryId,
    /// What is to be done.
    pub what: String,
    /// The store's day on which it is due.
    pub due: Date,
    /// How.
    pub how: Channel,
    /// The hour, if one was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeOfDay>,
    /// What for, if it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
}

impl CustomerRow {
    /// Computes the row of a customer.
    pub fn project(customer: &Customer, conflicts: usize) -> Self {
        let open_steps = customer
            .open_steps()
            .filter_map(|step| match &step.decision {
                NextStepDecision::Planned {
                    what,
                    due,
                    how,
                    time,
                    purpose,
                } => Some(OpenStep {
                    id: step.id,
                    what: clip(what, STEP_MAX_CHARS),
                    due: *due,
                    how: *how,
                    time: *time,
                    purpose: *purpose,
                }),
                NextStepDecision::None { .. } => None,
            })
            .take(OPEN_STEPS_MAX)
            .collect();
        let text = |field| clip(customer.field(field), FIELD_MAX_CHARS);
        let evidence = ClassEvidence::of(customer);
        let area = [CustomerField::City, CustomerField::District]
            .map(text)
            .concat();
        Self {
            view_version: VIEW_VERSION,
            number: text(CustomerField::Number),
            name: text(CustomerField::Name),
            class: customer.class(),
            phones: customer
                .phones
                .iter()
                .take(PHONES_MAX)
                .map(|phone| clip(&phone.number, FIELD_MAX_CHARS))
                .collect(),
            wechat: text(CustomerField::Wechat),
            area,
            compound: text(CustomerField::Compound),
            source: text(CustomerField::Source),
            remarks: clip(&customer.remarks, REMARKS_MAX_CHARS),
            open_steps,
            last_contact: evidence.last_contact,
            fruitless: evidence.fruitless,
            last_progress: evidence.last_progress,
            has_bought: evidence.has_bought,
            class_kept: evidence.kept,
            conflicts: u16::try_from(conflicts).unwrap_or(u16::MAX),
            email: text(CustomerField::Email),
            first_visit: evidence.first_visit,
            opened_on: customer.field(CustomerField::OpenedOn).parse().ok(),
            birthday: Birthday::read(KnownFact::Birthday.of(customer)),
            occupation: clip(KnownFact::Occupation.of(customer), LINE_MAX_CHARS),
            preferred_time: clip(KnownFact::PreferredTime.of(customer), LINE_MAX_CHARS),
            recent_contacts: recent_contacts(customer),
            last_note: customer
                .contacts
                .iter()
                .map(|contact| contact.note.trim())
                .find(|note| !note.is_empty())
                .map(|note| clip(note, LINE_MAX_CHARS))
                .unwrap_or_default(),
            kind: CustomerKind::ALL
                .into_iter()
                .find(|kind| kind.key() == customer.field(CustomerField::Kind)),
            region: text(CustomerField::Region),
            route_order: customer.field(CustomerField::RouteOrder).parse().ok(),
            referrer: customer.field(CustomerField::ReferrerCard).parse().ok(),
            refused: ConsentTopic::ALL
                .iter()
                .copied()
                .filter(|topic| customer.refuses(*topic))
                .collect(),
            tags: catalogue::parts(KnownFact::Tags.of(customer))
                .take(TAGS_MAX)
                .map(|tag| clip(tag, LINE_MAX_CHARS))
                .collect(),
            products: products(customer),
            dealings: Dealings::of(customer),
            completeness: Quality::of(customer).completeness(),
            causes: Causes::of(customer),
            expected: evidence.expected,
            confirmed: last_confirmed(customer),
            put_off: Rule::ALL
                .iter()
                .filter_map(|rule| {
                    let fact = customer.facts.get(rule.put_off_fact())?;
                    Some((*rule, fact.value.parse().ok()?))
                })
                .collect(),
            reception: Reception::of(customer),
            reviewed: review::reviewed_on(customer),
        }
    }
}

impl CustomerRow {
    /// The birthdays of the customer and of the family.
    pub fn birthdays(&self) -> impl Iterator<Item = Birthday> {
        let family = self.causes.family.iter().map(|member| member.birthday);
        self.birthday.into_iter().chain(family)
    }

    /// What of the card speaks for a class.
    pub fn class_evidence(&self) -> ClassEvidence {
        ClassEvidence {
            class: self.class,
            fruitless: self.fruitless,
            last_contact: self.last_contact,
            last_progress: self.last_progress,
            next_step: self.open_steps.first().map(|step| step.due),
            first_visit: self.first_visit,
            has_bought: self.has_bought,
            expected: self.expected,
            kept: self.class_kept,
        }
    }
}

/// The newest contacts, as far back as a week before the newest.
fn recent_contacts(customer: &Customer) -> Vec<RecentContact> {
    let Some(newest) = customer.contacts.iter().map(|contact| contact.date).max() else {
        return Vec::new();
    };
    let is_recent = |index: usize, date: Date| {
        index < RECENT_CONTACTS_MIN || days_between(date, newest) <= RECENT_DAYS
    };
    customer
        .contacts
        .iter()
        .enumerate()
        .filter(|(index, contact)| is_recent(*index, contact.date))
        .take(RECENT_CONTACTS_MAX)
        .map(|(_, contact)| RecentContact {
            date: contact.date,
            channel: contact.channel,
            by: contact.by,
        })
        .collect()
}

/// What was bought: purchases, else what stands in the file.
fn products(customer: &Customer) -> Vec<String> {
    let purchases = customer.entries(EntryKind::Purchase).iter().rev();
    let purchases = purchases.map(|purchase| purchase.text(EntryField::Product));
    let field = catalogue::by_key("products_bought");
    let noted = field.and_then(|field| field.on(customer));
    let noted = noted
        .into_iter()
        .flat_map(|fact| catalogue::parts(&fact.value));
    purchases
        .chain(noted)
        .take(PRODUCTS_MAX)
        .map(|product| clip(product, LINE_MAX_CHARS))
        .collect()
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "what serde asks for, by reference"
)]
const fn is_zero(number: &u16) -> bool {
    *number == 0
}

/// The text, or as much of it as the rules allow to be entered.
fn clip(text: &str, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text.to_owned(),
    }
}
