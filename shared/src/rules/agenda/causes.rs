//! What stands on a card that work of a day can follow from, small enough for a row.

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::birthday::Birthday;
use crate::record::customer::Customer;
use crate::record::entry::{Entry, EntryField, EntryKind, IssueState};
use crate::time::Date;

/// Most entries of each sort.
const CAUSES_MAX: usize = 10;
/// As much of their words as a line of a list shows, in characters.
const WORDS_MAX_CHARS: usize = 60;

/// What stands on a card that work can follow from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Causes {
    /// The latest purchases with the day from which the calls after them count.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<Delivery>,
    /// Birthdays of the family.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub family: Vec<FamilyBirthday>,
    /// Open issues.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issues: Vec<OpenIssue>,
    /// Ends of warranties, and when something is likely to be replaced.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub upkeep: Vec<Upkeep>,
}

/// A purchase that was delivered, or is taken away at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The purchase.
    pub purchase: EntryId,
    /// What it is.
    pub product: String,
    /// The day of delivery, or of the purchase as long as that is not known.
    pub day: Date,
}

/// A birthday in the family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyBirthday {
    /// The member of the family.
    pub member: EntryId,
    /// The name, with what they are to the customer.
    pub name: String,
    /// The birthday.
    pub birthday: Birthday,
}

/// An issue of which something is left to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIssue {
    /// The issue.
    pub issue: EntryId,
    /// What it is about.
    pub what: String,
    /// How far it is.
    pub state: IssueState,
    /// The day from which it waits: when it was opened, until when something was promised, when it
    /// was solved.
    pub since: Option<Date>,
}

/// A day on which a purchase comes up again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upkeep {
    /// The purchase.
    pub purchase: EntryId,
    /// What it is.
    pub product: String,
    /// Why.
    pub kind: UpkeepKind,
    /// The day.
    pub day: Date,
}

/// Why a purchase comes up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpkeepKind {
    /// Its warranty ends.
    Warranty,
    /// It is likely to be replaced.
    Replacement,
}

impl Causes {
    /// What stands on a card.
    pub fn of(customer: &Customer) -> Self {
        let purchases = || customer.entries(EntryKind::Purchase).iter();
        let mut deliveries: Vec<Delivery> = purchases().filter_map(delivery).collect();
        deliveries.sort_by_key(|delivery| std::cmp::Reverse((delivery.day, delivery.purchase)));
        deliveries.truncate(CAUSES_MAX);
        let mut upkeep: Vec<Upkeep> = purchases().flat_map(upkeep).collect();
        // The latest are those that are still to come.
        upkeep.sort_by_key(|upkeep| std::cmp::Reverse((upkeep.day, upkeep.purchase, upkeep.kind)));
        upkeep.truncate(CAUSES_MAX);
        let family = customer.entries(EntryKind::Family).iter();
        let issues = customer.entries(EntryKind::Issue).iter();
        Self {
            deliveries,
            family: family
                .filter_map(family_birthday)
                .take(CAUSES_MAX)
                .collect(),
            issues: issues.filter_map(open_issue).take(CAUSES_MAX).collect(),
            upkeep,
        }
    }
}

fn words(text: &str) -> String {
    text.chars().take(WORDS_MAX_CHARS).collect()
}

fn delivery(purchase: &Entry) -> Option<Delivery> {
    let delivered = purchase.day(EntryField::DeliveredOn);
    Some(Delivery {
        purchase: purchase.id,
        product: words(purchase.text(EntryField::Product)),
        day: delivered.or_else(|| purchase.day(EntryField::Day))?,
    })
}

fn upkeep(purchase: &Entry) -> impl Iterator<Item = Upkeep> {
    let days = [
        (UpkeepKind::Warranty, EntryField::WarrantyUntil),
        (UpkeepKind::Replacement, EntryField::ReplaceFrom),
    ];
    days.into_iter().filter_map(|(kind, field)| {
        Some(Upkeep {
            purchase: purchase.id,
            product: words(purchase.text(EntryField::Product)),
            kind,
            day: purchase.day(field)?,
        })
    })
}

fn family_birthday(member: &Entry) -> Option<FamilyBirthday> {
    let birthday = Birthday::read(member.text(EntryField::Birthday))?;
    let (name, relation) = (
        member.text(EntryField::Name),
        member.text(EntryField::Relation),
    );
    let name = if relation.is_empty() {
        words(name)
    } else {
        words(&format!("{name} ({relation})"))
    };
    Some(FamilyBirthday {
        member: member.id,
        name,
        birthday,
    })
}

fn open_issue(issue: &Entry) -> Option<OpenIssue> {
    let state = issue.issue_state();
    let opened = || issue.day(EntryField::Day);
    let since = match state {
        IssueState::Open | IssueState::Dissatisfied => opened(),
        IssueState::Promised => issue.day(EntryField::PromisedFor).or_else(opened),
        IssueState::Solved => issue.day(EntryField::SolvedOn).or_else(opened),
        IssueState::Closed => return None,
    };
    Some(OpenIssue {
        issue: issue.id,
        what: words(issue.text(EntryField::Issue)),
        state,
        since,
    })
}
