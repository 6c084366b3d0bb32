//! Lists of customers: filters that combine, orders, and views that a person saved.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, PersonId};
use crate::record::customer::Class;
use crate::time::Date;
use crate::view::row::CustomerRow;

/// Most views that a person saves.
pub const VIEWS_MAX: usize = 20;
/// Longest name of a saved view, in characters.
pub const VIEW_NAME_MAX_CHARS: usize = 40;

/// A customer as lists see it: the row, and what only the tablet knows about it.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'a> {
    /// The card.
    pub document: DocumentId,
    /// The row.
    pub row: &'a CustomerRow,
    /// The responsible consultant.
    pub owner: Option<PersonId>,
    /// Changes that are not at the store.
    pub unsent: usize,
    /// By what names are sorted.
    pub name_order: &'a str,
}

/// A filter. Within a group any of the chosen values passes, and every group has to be passed; of
/// the marks all must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// Classes; `None` for cards that nobody has classed.
    pub classes: BTreeSet<Option<Class>>,
    /// Responsible consultants.
    pub owners: BTreeSet<PersonId>,
    /// Where customers came from; empty for cards that do not say.
    pub sources: BTreeSet<String>,
    /// City and district; empty for cards that do not say.
    pub areas: BTreeSet<String>,
    /// What must be so of a card.
    pub marks: BTreeSet<Mark>,
}

/// Something that is so of a card or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The next step is overdue.
    Overdue,
    /// The next step is due today.
    DueToday,
    /// Nothing is planned.
    NoNextStep,
    /// Nobody ever had contact.
    NeverContacted,
    /// Two values wait for someone to choose.
    Conflict,
    /// Changes wait to be sent.
    Unsent,
}

impl Mark {
    /// All marks, in the order in which they are offered.
    pub const ALL: [Self; 6] = [
        Self::Overdue,
        Self::DueToday,
        Self::NoNextStep,
        Self::NeverContacted,
        Self::Conflict,
        Self::Unsent,
    ];

    /// Stable key, for words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::DueToday => "due_today",
            Self::NoNextStep => "no_next_step",
            Self::NeverContacted => "never_contacted",
            Self::Conflict => "conflict",
            Self::Unsent => "unsent",
        }
    }

    /// Whether it is so of a customer on this day.
    pub fn is_of(self, listed: &Listed<'_>, today: Date) -> bool {
        let due = listed.row.open_steps.first().map(|step| step.due);
        match self {
            Self::Overdue => due.is_some_and(|due| due < today),
            Self::DueToday => due == Some(today),
            Self::NoNextStep => due.is_none(),
            Self::NeverContacted => listed.row.last_contact.is_none(),
            Self::Conflict => listed.row.conflicts > 0,
            Self::Unsent => listed.unsent > 0,
        }
    }
}

/// A group of values of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Classes.
    Class,
    /// Responsible consultants.
    Owner,
    /// Where customers came from.
    Source,
    /// City and district.
    Area,
    /// Marks.
    Mark,
}

impl Filter {
    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Number of values that are chosen.
    pub fn len(&self) -> usize {
        self.classes.len()
            + self.owners.len()
            + self.sources.len()
            + self.areas.len()
            + self.marks.len()
    }

    /// Whether a customer passes on this day.
    pub fn passes(&self, listed: &Listed<'_>, today: Date) -> bool {
        self.passes_but(None, listed, today)
    }

    /// The same, with one group left out.
    fn passes_but(&self, left_out: Option<Group>, listed: &Listed<'_>, today: Date) -> bool {
        let asks = |group, is_empty: bool| !is_empty && left_out != Some(group);
        let row = listed.row;
        (!asks(Group::Class, self.classes.is_empty()) || self.classes.contains(&row.class))
            && (!asks(Group::Owner, self.owners.is_empty())
                || listed
                    .owner
                    .is_some_and(|owner| self.owners.contains(&owner)))
            && (!asks(Group::Source, self.sources.is_empty()) || self.sources.contains(&row.source))
            && (!asks(Group::Area, self.areas.is_empty()) || self.areas.contains(&row.area))
            && (!asks(Group::Mark, self.marks.is_empty())
                || self.marks.iter().all(|mark| mark.is_of(listed, today)))
    }

    /// How many customers each value would show beside what the other groups choose. What no
    /// customer has is not in it. A mark counts beside the other marks that are chosen.
    pub fn count<'a>(&self, all: impl Iterator<Item = Listed<'a>>, today: Date) -> Counts {
        let mut counts = Counts::default();
        for listed in all {
            if self.passes_but(Some(Group::Class), &listed, today) {
                *counts.classes.entry(listed.row.class).or_default() += 1;
            }
            if let Some(owner) = listed.owner
                && self.passes_but(Some(Group::Owner), &listed, today)
            {
                *counts.owners.entry(owner).or_default() += 1;
            }
            if self.passes_but(Some(Group::Source), &listed, today) {
                add(&mut counts.sources, &listed.row.source);
            }
            if self.passes_but(Some(Group::Area), &listed, today) {
                add(&mut counts.areas, &listed.row.area);
            }
            if self.passes(&listed, today) {
                for mark in Mark::ALL {
                    if mark.is_of(&listed, today) {
                        *counts.marks.entry(mark).or_default() += 1;
                    }
                }
            }
        }
        counts
    }
}

fn add(counts: &mut BTreeMap<String, usize>, value: &str) {
    match counts.get_mut(value) {
        Some(count) => *count += 1,
        None => {
            counts.insert(value.to_owned(), 1);
        }
    }
}

/// How many customers each value of a filter would show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By class.
    pub classes: BTreeMap<Option<Class>, usize>,
    /// By responsible consultant.
    pub owners: BTreeMap<PersonId, usize>,
    /// By source.
    pub sources: BTreeMap<String, usize>,
    /// By city and district.
    pub areas: BTreeMap<String, usize>,
    /// By mark.
    pub marks: BTreeMap<Mark, usize>,
}

/// An order of a list. Equal customers stand in the order of their cards, newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The latest contact first.
    #[default]
    Recent,
    /// The earliest next step first; without one last.
    NextStep,
    /// By name, as it is said.
    Name,
    /// The card opened last first.
    Newest,
    /// Whoever was not heard of for longest first.
    Silent,
}

impl Order {
    /// All orders, as they are offered.
    pub const ALL: [Self; 5] = [
        Self::Recent,
        Self::NextStep,
        Self::Name,
        Self::Newest,
        Self::Silent,
    ];

    /// Stable key, for words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Recent => "recent",
            Self::NextStep => "next",
            Self::Name => "name",
            Self::Newest => "newest",
            Self::Silent => "silent",
        }
    }

    /// The order of this key; the usual one if there is none.
    pub fn from_key(key: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|order| order.key() == key).unwrap_or_default()
    }

    /// Sorts a list whose items are seen as customers by `listed`.
    pub fn sort<T>(self, list: &mut [T], listed: impl Fn(&T) -> Listed<'_>) {
        match self {
            Self::Recent => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                Reverse((listed.row.last_contact, listed.document))
            }),
            Self::NextStep => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                let due = listed.row.open_steps.first().map(|step| step.due);
                (due.is_none(), due, Reverse(listed.document))
            }),
            Self::Name => list.sort_by(|one, other| {
                let (one, other) = (listed(one), listed(other));
                let names = one.name_order.cmp(other.name_order);
                // Cards without a name stand last.
                let blanks = one.name_order.is_empty().cmp(&other.name_order.is_empty());
                let documents = other.document.cmp(&one.document);
                blanks.then(names).then(documents)
            }),
            Self::Newest => list.sort_by_cached_key(|item| Reverse(listed(item).document)),
            Self::Silent => list.sort_by_cached_key(|item| {
                let listed = listed(item);
                (listed.row.last_contact, Reverse(listed.document))
            }),
        }
    }
}

/// What a list shows, under a name that its person gave it. Kept on the tablet, for them alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedView {
    /// The name.
    pub name: String,
    /// What is searched for.
    pub query: String,
    /// The filter.
    pub filter: Filter,
    /// The order.
    pub order: Order,
}

/// Puts a view among the saved ones: in the place of one with the same name, else last. Answers
/// whether there was room.
pub fn save_view(views: &mut Vec<SavedView>, view: SavedView) -> bool {
    let name: String = view.name.trim().chars().take(VIEW_NAME_MAX_CHARS).collect();
    if name.is_empty() {
        return false;
    }
    let view = SavedView { name, ..view };
    if let Some(same) = views.iter_mut().find(|saved| saved.name == view.name) {
        *same = view;
        return true;
    }
    let has_room = views.len() < VIEWS_MAX;
    if has_room {
        views.push(view);
    }
    has_room
}

#[cfg(test)]
mod tests;
