//! The work of a day, from the steps that were planned and from rules that derive it.
//!
//! Nothing here is stored: an item has an id made of what it comes from, and it is done when a
//! contact says so, so two tablets never derive or complete the same item twice. A derived item is
//! put off by a dated mark on the card, one for each [`Rule`]; the last writer wins.
//!

mod causes;
mod derive;
mod propose;
mod service;
mod tally;
#[cfg(test)]
mod tests;
mod week;
mod why;

pub use causes::{Causes, Delivery, FamilyBirthday, OpenIssue, Upkeep, UpkeepKind};
pub(super) use derive::after;
pub use propose::next_contact;
pub use tally::{Count, Tally, week_start};
pub use week::{Planned, WeekDay, week};
pub use why::{RECEPTION_SCRIPT, Why};

use serde::{Deserialize, Serialize};

use crate::access::StoreSettings;
use crate::id::{DocumentId, EntryId};
use crate::record::contact::Channel;
use crate::record::customer::Class;
use crate::time::{Date, TimeOfDay, days_between};
use crate::view::row::{CustomerRow, OpenStep};

/// The farthest that derived work can be put off, in days: what lies beyond is a wrong clock.
pub const PUT_OFF_MAX_DAYS: i32 = 366;

/// A rule that derives work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A thank-you message on the day of the first visit.
    ThankYou,
    /// A greeting on the birthday, without selling.
    Birthday,
    /// The cadence of the class, and customers who were not seen for long.
    Contact,
    /// How the furniture is, on days after a purchase or delivery.
    AfterPurchase,
    /// A greeting on a birthday in the family.
    FamilyBirthday,
    /// An issue that waits.
    Issue,
    /// The end of a warranty, or something that is likely to be replaced.
    Upkeep,
    /// A purchase that is expected.
    Expected,
}

impl Rule {
    /// All rules.
    pub const ALL: &'static [Self] = &[
        Self::ThankYou,
        Self::Birthday,
        Self::Contact,
        Self::AfterPurchase,
        Self::FamilyBirthday,
        Self::Issue,
        Self::Upkeep,
        Self::Expected,
    ];

    /// The key of the rule.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ThankYou => "thank_you",
            Self::Birthday => "birthday",
            Self::Contact => "contact",
            Self::AfterPurchase => "after_purchase",
            Self::FamilyBirthday => "family_birthday",
            Self::Issue => "issue",
            Self::Upkeep => "upkeep",
            Self::Expected => "expected",
        }
    }

    /// The fact of a card that says until when this work was put off.
    pub const fn put_off_fact(self) -> &'static str {
        match self {
            Self::ThankYou => "put_off/thank_you",
            Self::Birthday => "put_off/birthday",
            Self::Contact => "put_off/contact",
            Self::AfterPurchase => "put_off/after_purchase",
            Self::FamilyBirthday => "put_off/family_birthday",
            Self::Issue => "put_off/issue",
            Self::Upkeep => "put_off/upkeep",
            Self::Expected => "put_off/expected",
        }
    }

    /// The rule whose mark a fact is; marks are no facts about the customer.
    pub fn of_fact(name: &str) -> Option<Self> {
        let mut rules = Self::ALL.iter().copied();
        rules.find(|rule| rule.put_off_fact() == name)
    }
}

/// What an item comes from; together with the card it is the id of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A step that somebody planned.
    Step(EntryId),
    /// A reception in the store.
    InStore(Date),
    /// The first visit.
    FirstVisit(Date),
    /// The birthday, in the year of its calendar that is told by the day on which it is kept.
    Birthday(Date),
    /// The time since the last contact, or since the card is kept.
    Since(Date),
    /// A purchase, and how many days after it.
    AfterPurchase(EntryId, u32),
    /// The birthday of a member of the family, by the day on which it is kept.
    FamilyBirthday(EntryId, Date),
    /// An issue.
    Issue(EntryId),
    /// A purchase that comes up again.
    Upkeep(EntryId, UpkeepKind),
    /// A purchase that is expected on a day.
    Expected(Date),
}

/// The groups of the day, in the order in which they are worked off (`domain.md` section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Customers who are in the store now, or were today for the first time.
    InStore,
    /// Appointments in the store and at home.
    Appointments,
    /// Follow-ups to class A.
    FollowUpsA,
    /// Contacts with B, C and who has no class yet.
    Contacts,
    /// Birthdays and old customers not seen for long.
    Prospecting,
}

impl Group {
    /// All groups in their order.
    pub const ALL: [Self; 5] = [
        Self::InStore,
        Self::Appointments,
        Self::FollowUpsA,
        Self::Contacts,
        Self::Prospecting,
    ];

    /// The key of the group.
    pub const fn key(self) -> &'static str {
        match self {
            Self::InStore => "in_store",
            Self::Appointments => "appointments",
            Self::FollowUpsA => "follow_ups_a",
            Self::Contacts => "contacts",
            Self::Prospecting => "prospecting",
        }
    }
}

/// What was last promised to the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Promise {
    /// Another step that is still open.
    Step(OpenStep),
    /// What was said last.
    Note(String),
}

/// Something to be done today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// The card.
    pub document: DocumentId,
    /// What it comes from.
    pub cause: Cause,
    /// Its group.
    pub group: Group,
    /// Why it is in the list.
    pub why: Why,
    /// The day on which it was due.
    pub due: Date,
    /// Days since then.
    pub days_late: i32,
    /// How.
    pub how: Channel,
    /// What was last promised.
    pub promise: Option<Promise>,
}

impl WorkItem {
    /// The id, the same on every tablet.
    pub fn id(&self) -> String {
        let document = self.document;
        match self.cause {
            Cause::Step(step) => format!("{document}/step/{step}"),
            Cause::InStore(day) => format!("{document}/in_store/{day}"),
            Cause::FirstVisit(day) => format!("{document}/thank_you/{day}"),
            Cause::Birthday(day) => format!("{document}/birthday/{day}"),
            Cause::Since(day) => format!("{document}/contact/{day}"),
            Cause::AfterPurchase(purchase, days) => {
                format!("{document}/after_purchase/{purchase}/{days}")
            }
            Cause::FamilyBirthday(member, day) => format!("{document}/birthday/{member}/{day}"),
            Cause::Issue(issue) => format!("{document}/issue/{issue}"),
            Cause::Upkeep(purchase, UpkeepKind::Warranty) => {
                format!("{document}/warranty/{purchase}")
            }
            Cause::Upkeep(purchase, UpkeepKind::Replacement) => {
                format!("{document}/replacement/{purchase}")
            }
            Cause::Expected(day) => format!("{document}/expected/{day}"),
        }
    }

    /// The rule by which it is put off; none if it was planned, or is under way in the store.
    pub const fn rule(&self) -> Option<Rule> {
        match self.cause {
            Cause::Step(_) | Cause::InStore(_) => None,
            Cause::FirstVisit(_) => Some(Rule::ThankYou),
            Cause::Birthday(_) => Some(Rule::Birthday),
            Cause::Since(_) => Some(Rule::Contact),
            Cause::AfterPurchase(..) => Some(Rule::AfterPurchase),
            Cause::FamilyBirthday(..) => Some(Rule::FamilyBirthday),
            Cause::Issue(_) => Some(Rule::Issue),
            Cause::Upkeep(..) => Some(Rule::Upkeep),
            Cause::Expected(_) => Some(Rule::Expected),
        }
    }

    /// The step that it is, if it was planned.
    pub const fn step(&self) -> Option<&OpenStep> {
        match &self.why {
            Why::Planned(step) => Some(step),
            Why::InStore { .. }
            | Why::FirstVisit
            | Why::Birthday(..)
            | Why::Cadence(..)
            | Why::Quiet { .. }
            | Why::AfterPurchase { .. }
            | Why::FamilyBirthday { .. }
            | Why::Issue { .. }
            | Why::Warranty { .. }
            | Why::Replacement { .. }
            | Why::Expected { .. } => None,
        }
    }
}

/// The work of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    /// All items in their order: by group, then what is most pressing.
    pub items: Vec<WorkItem>,
    /// Cards that somebody was in contact with on that day, and how last.
    pub done: Vec<(DocumentId, Channel)>,
}

impl Agenda {
    /// The work of the day `today` with these cards.
    pub fn of<'a>(
        rows: impl IntoIterator<Item = (DocumentId, &'a CustomerRow)>,
        today: Date,
        settings: &StoreSettings,
    ) -> Self {
        let mut agenda = Self::default();
        for (document, row) in rows {
            let of_today = row.recent_contacts.iter();
            if let Some(contact) = of_today.rev().rfind(|contact| contact.date == today) {
                agenda.done.push((document, contact.channel));
            }
            let steps = row.open_steps.iter().filter(|step| step.due <= today);
            agenda
                .items
                .extend(steps.map(|step| planned(document, row, step, today)));
            agenda
                .items
                .extend(derive::derived(document, row, today, settings));
        }
        agenda
            .items
            .sort_by_cached_key(|item| (item.group, pressing(item), item.document, item.cause));
        agenda
    }

    /// The items of a group.
    pub fn group(&self, group: Group) -> &[WorkItem] {
        let start = self.items.partition_point(|item| item.group < group);
        let end = self.items.partition_point(|item| item.group <= group);
        self.items.get(start..end).unwrap_or_default()
    }
}

/// The order within a group, the most pressing first: who came first to the store, what is late, what
/// has an hour, the rest.
fn pressing(item: &WorkItem) -> (u8, i32, i64) {
    let kind = match &item.why {
        Why::InStore { .. } | Why::Issue { .. } => 0,
        Why::Planned(_)
        | Why::FirstVisit
        | Why::Birthday(..)
        | Why::FamilyBirthday { .. }
        | Why::AfterPurchase { .. } => 1,
        Why::Quiet { is_main: true, .. } => 2,
        Why::Cadence(Class::A | Class::B, _) | Why::Expected { .. } => 3,
        Why::Cadence(Class::C | Class::D, _) => 4,
        Why::Warranty { .. } | Why::Replacement { .. } => 5,
        Why::Quiet { is_main: false, .. } => 6,
    };
    let time = item.step().and_then(|step| step.time);
    let minutes = time.map_or(u16::MAX, TimeOfDay::minutes);
    let order = if let Why::InStore { since } = item.why {
        since.as_millis()
    } else {
        i64::from(minutes)
    };
    (kind, -item.days_late, order)
}

fn planned(document: DocumentId, row: &CustomerRow, step: &OpenStep, today: Date) -> WorkItem {
    let group = match step.how {
        Channel::StoreVisit | Channel::HomeVisit => Group::Appointments,
        Channel::Call | Channel::Wechat | Channel::Message | Channel::Mail | Channel::Other => {
            if row.class == Some(Class::A) {
                Group::FollowUpsA
            } else {
                Group::Contacts
            }
        }
    };
    WorkItem {
        document,
        cause: Cause::Step(step.id),
        group,
        why: Why::Planned(step.clone()),
        due: step.due,
        days_late: days_between(step.due, today),
        how: step.how,
        promise: promise(row, Some(step.id)),
    }
}

/// The open step that was planned last for the nearest day, else the last note.
fn promise(row: &CustomerRow, except: Option<EntryId>) -> Option<Promise> {
    let mut steps = row.open_steps.iter();
    let step = steps.find(|step| Some(step.id) != except);
    step.cloned().map(Promise::Step).or_else(|| {
        let note = row.last_note.clone();
        (!note.is_empty()).then_some(Promise::Note(note))
    })
}
