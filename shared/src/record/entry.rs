//! Entries of a card that are noted field by field: family, service issues, gifts, purchases,
//! purchase intentions.
//!
//! What an entry may hold is data: a kind names its fields, a field its sort. So one edit writes all
//! of them, one rule of the gate admits them, and each field merges, conflicts, shows its history
//! and is taken back like any other place of the card.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::contact::Satisfaction;
use crate::record::keyed::keyed;
use crate::record::material::Material;
use crate::time::Date;

/// Most entries of one kind on one card.
pub const ENTRIES_MAX: usize = 200;
/// Longest line of an entry, in characters.
pub const LINE_MAX_CHARS: usize = 200;
/// Longest words of an entry (a promise, a solution), in characters.
pub const WORDS_MAX_CHARS: usize = 1_000;
/// The highest amount, in cents 分: a billion yuan.
pub const AMOUNT_MAX_CENTS: i64 = 100_000_000_000;

keyed! {
    /// What an entry is about.
    EntryKind {
        /// A member of the family 家庭成员.
        Family = "family",
        /// A service issue or complaint 服务问题, from opening to satisfaction (section 7).
        Issue = "issue",
        /// A gift or souvenir that the customer got 礼品.
        Gift = "gift",
        /// Something that the customer bought 已购产品.
        Purchase = "purchase",
        /// A purchase intention 意向 with its qualification (MAN, section 3).
        Intention = "intention",
    }
}

keyed! {
    /// A field of an entry.
    EntryField {
        /// The name of a member of the family; an empty one is a removed member.
        Name = "name",
        /// What a member of the family is to the customer.
        Relation = "relation",
        /// A birthday, as `record::birthday` reads it.
        Birthday = "birthday",
        /// What an issue is about; an empty one is a removed issue.
        Issue = "issue",
        /// What a gift was; an empty one is a removed gift.
        Gift = "gift",
        /// What was bought; an empty one is a removed purchase.
        Product = "product",
        /// What the customer wants to buy; an empty one is a removed intention.
        Wish = "wish",
        /// The day on which a gift was given.
        GivenOn = "given_on",
        /// What a gift was given for.
        Occasion = "occasion",
        /// The day: when an issue was opened, something bought, a wish heard.
        Day = "day",
        /// Free words.
        About = "about",
        /// What was promised about an issue.
        Promise = "promise",
        /// Until which day it was promised.
        PromisedFor = "promised_for",
        /// What solved an issue.
        Solution = "solution",
        /// The day on which it was solved.
        SolvedOn = "solved_on",
        /// How content the customer is with the solution, a key of [`Satisfaction`].
        Satisfaction = "satisfaction",
        /// What a purchase is made of, a key of [`Material`].
        Material = "material",
        /// What was paid for it, in cents 分.
        Amount = "amount",
        /// The day of its delivery.
        DeliveredOn = "delivered_on",
        /// The last day of its warranty.
        WarrantyUntil = "warranty_until",
        /// The day from which it is likely to be replaced.
        ReplaceFrom = "replace_from",
        /// The day on which a purchase is expected.
        ExpectedOn = "expected_on",
        /// Whether they have the money (M).
        Money = "money",
        /// Whether they decide (A).
        Authority = "authority",
        /// Whether they need it (N).
        Need = "need",
        /// How an intention ended, in words; empty while it is open.
        Ended = "ended",
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldSort {
    /// A line of at most [`LINE_MAX_CHARS`].
    Line,
    /// Words of at most [`WORDS_MAX_CHARS`].
    Words,
    /// A day, `YYYY-MM-DD`.
    Day,
    /// Cents from 0 to [`AMOUNT_MAX_CENTS`].
    Cents,
    /// `yes` or `no`.
    YesNo,
    /// A key of [`Satisfaction`].
    Satisfaction,
    /// A key of [`Material`].
    Material,
}

impl FieldSort {
    /// Whether a value is one of this sort; the empty one always is: it clears.
    pub fn admits(self, value: &str) -> bool {
        let is_short = |most: usize| value.chars().nth(most).is_none();
        value.is_empty()
            || match self {
                Self::Line => is_short(LINE_MAX_CHARS),
                Self::Words => is_short(WORDS_MAX_CHARS),
                Self::Day => value.parse::<Date>().is_ok(),
                Self::Cents => value
                    .parse()
                    .is_ok_and(|cents| (0..=AMOUNT_MAX_CENTS).contains(&cents)),
                Self::YesNo => matches!(value, "yes" | "no"),
                Self::Satisfaction => Satisfaction::from_key(value).is_some(),
                Self::Material => Material::from_key(value).is_some(),
            }
    }
}

impl EntryField {
    /// What it holds.
    pub const fn sort(self) -> FieldSort {
        match self {
            Self::Name
            | Self::Relation
            | Self::Birthday
            | Self::Issue
            | Self::Gift
            | Self::Occasion
            | Self::Product
            | Self::Wish
            | Self::Ended => FieldSort::Line,
            Self::About | Self::Promise | Self::Solution => FieldSort::Words,
            Self::Day
            | Self::GivenOn
            | Self::PromisedFor
            | Self::SolvedOn
            | Self::DeliveredOn
            | Self::WarrantyUntil
            | Self::ReplaceFrom
            | Self::ExpectedOn => FieldSort::Day,
            Self::Amount => FieldSort::Cents,
            Self::Money | Self::Authority | Self::Need => FieldSort::YesNo,
            Self::Satisfaction => FieldSort::Satisfaction,
            Self::Material => FieldSort::Material,
        }
    }
}

impl EntryKind {
    /// The field that an entry has as long as it stands. Emptying it is the mark of a removed entry:
    /// a concurrent correction then stands beside it as a conflict instead of vanishing.
    pub const fn head(self) -> EntryField {
        match self {
            Self::Family => EntryField::Name,
            Self::Issue => EntryField::Issue,
            Self::Gift => EntryField::Gift,
            Self::Purchase => EntryField::Product,
            Self::Intention => EntryField::Wish,
        }
    }

    /// All fields of the kind, in the order of its form.
    pub const fn fields(self) -> &'static [EntryField] {
        match self {
            Self::Family => &[
                EntryField::Name,
                EntryField::Relation,
                EntryField::Birthday,
                EntryField::About,
            ],
            Self::Issue => &[
                EntryField::Issue,
                EntryField::Day,
                EntryField::Promise,
                EntryField::PromisedFor,
                EntryField::Solution,
                EntryField::SolvedOn,
                EntryField::Satisfaction,
            ],
            Self::Gift => &[EntryField::Gift, EntryField::GivenOn, EntryField::Occasion],
            Self::Purchase => &[
                EntryField::Product,
                EntryField::Day,
                EntryField::Amount,
                EntryField::Material,
                EntryField::DeliveredOn,
                EntryField::WarrantyUntil,
                EntryField::ReplaceFrom,
                EntryField::About,
            ],
            Self::Intention => &[
                EntryField::Wish,
                EntryField::Day,
                EntryField::ExpectedOn,
                EntryField::Money,
                EntryField::Authority,
                EntryField::Need,
                EntryField::About,
                EntryField::Ended,
            ],
        }
    }

    /// Whether entries of the kind have a field.
    pub fn has(self, field: EntryField) -> bool {
        self.fields().contains(&field)
    }
}

/// An entry as read: the values that are set, by field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The entry in the document.
    pub id: EntryId,
    /// What stands there; values of a newer version that this one does not admit are kept as they
    /// are.
    pub values: BTreeMap<EntryField, String>,
}

impl Entry {
    /// The words of a field; empty if it is not set.
    pub fn text(&self, field: EntryField) -> &str {
        self.values.get(&field).map_or("", String::as_str)
    }

    /// The day of a field.
    pub fn day(&self, field: EntryField) -> Option<Date> {
        self.text(field).parse().ok()
    }

    /// The cents of a field.
    pub fn cents(&self, field: EntryField) -> Option<i64> {
        self.text(field).parse().ok()
    }

    /// What was answered to a question; `None` while it is open.
    pub fn is_yes(&self, field: EntryField) -> Option<bool> {
        match self.text(field) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// How far an issue is.
    pub fn issue_state(&self) -> IssueState {
        let satisfaction = Satisfaction::from_key(self.text(EntryField::Satisfaction));
        let is_solved =
            self.day(EntryField::SolvedOn).is_some() || !self.text(EntryField::Solution).is_empty();
        match satisfaction {
            Some(Satisfaction::Satisfied | Satisfaction::Fair) if is_solved => IssueState::Closed,
            Some(Satisfaction::Dissatisfied) => IssueState::Dissatisfied,
            _ if is_solved => IssueState::Solved,
            _ if self.text(EntryField::Promise).is_empty() => IssueState::Open,
            _ => IssueState::Promised,
        }
    }
}

keyed! {
    /// How far an issue is, from complaint to satisfaction (section 7).
    IssueState {
        /// 待处理: nothing was promised yet.
        Open = "open",
        /// 已承诺: something was promised.
        Promised = "promised",
        /// 已解决: solved; whether the customer is content is to be asked.
        Solved = "solved",
        /// 不满意: solved or not, the customer is not content.
        Dissatisfied = "dissatisfied",
        /// 已完结: solved, and the customer is content.
        Closed = "closed",
    }
}

impl IssueState {
    /// Whether something is left to be done.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_has_its_head_and_every_field_a_kind() {
        let mut used = BTreeSet::new();
        for kind in EntryKind::ALL {
            assert_eq!(kind.fields().first(), Some(&kind.head()));
            used.extend(kind.fields().iter().copied());
        }
        assert_eq!(used.len(), EntryField::ALL.len());
    }

    #[test]
    fn fields_admit_what_they_hold() {
        for (field, admitted, refused) in [
            (EntryField::Day, "2024-02-29", "2026-02-29"),
            (EntryField::Amount, "100000000000", "-1"),
            (EntryField::Amount, "0", "1.5"),
            (EntryField::Money, "yes", "maybe"),
            (EntryField::Satisfaction, "fair", "great"),
            (EntryField::Material, "leather", "velvet?"),
        ] {
            assert!(field.sort().admits(admitted), "{admitted}");
            assert!(!field.sort().admits(refused), "{refused}");
            assert!(field.sort().admits(""));
        }
        assert!(FieldSort::Line.admits(&"长".repeat(LINE_MAX_CHARS)));
        assert!(!FieldSort::Line.admits(&"长".repeat(LINE_MAX_CHARS + 1)));
    }

    #[test]
    fn an_issue_goes_from_open_to_closed() {
        let mut issue = Entry {
            id: EntryId::from_bytes([1; 16]),
            values: [(EntryField::Issue, "沙发异响".to_owned())].into(),
        };
        assert_eq!(issue.issue_state(), IssueState::Open);
        for (field, value, state) in [
            (EntryField::Promise, "周三上门", IssueState::Promised),
            (EntryField::SolvedOn, "2026-11-25", IssueState::Solved),
            (
                EntryField::Satisfaction,
                "dissatisfied",
                IssueState::Dissatisfied,
            ),
            (EntryField::Satisfaction, "satisfied", IssueState::Closed),
        ] {
            issue.values.insert(field, value.to_owned());
            assert_eq!(issue.issue_state(), state);
        }
    }
}
