//! Lists of customers: filters that combine, orders, and views that a person saved.

mod filter;
mod mark;
mod order;

pub use filter::{Counts, Filter};
pub use mark::{COMPLETE_PERCENT, Mark};
pub use order::Order;

use serde::{Deserialize, Serialize};

use crate::access::StoreSettings;
use crate::id::{DocumentId, PersonId};
use crate::record::customer::CustomerKind;
use crate::rules::dealings::{DealingRules, Grade, LifeCycle, Weight};
use crate::rules::quality::QualityRules;
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

impl Listed<'_> {
    /// The kind; of an individual unless the card says otherwise.
    pub fn kind(&self) -> CustomerKind {
        self.row.kind.unwrap_or(CustomerKind::Individual)
    }

    /// Where they stand in their life with the store.
    pub fn life_cycle(&self, basis: &Basis) -> LifeCycle {
        self.row.dealings.life_cycle(basis.today, &basis.dealings)
    }

    /// How much they weigh.
    pub fn weight(&self, basis: &Basis) -> Weight {
        self.row.dealings.weight(&basis.dealings)
    }

    /// Their grade.
    pub fn grade(&self, basis: &Basis) -> Grade {
        self.row.dealings.grade(&basis.dealings)
    }

    /// The next birthday of the customer or of the family, today at the earliest.
    pub fn next_birthday(&self, today: Date) -> Option<Date> {
        let days = self.row.birthdays();
        days.filter_map(|birthday| Some(birthday.next(today)?.date))
            .min()
    }
}

/// What lists need beyond the rows: the day, and what the store set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// The store's day.
    pub today: Date,
    /// From when on a customer is new, old, main.
    pub dealings: DealingRules,
    /// What complete and fresh cards are.
    pub quality: QualityRules,
}

impl Basis {
    /// On a day, with what a store set.
    pub const fn of(today: Date, settings: &StoreSettings) -> Self {
        Self {
            today,
            dealings: settings.dealings,
            quality: settings.quality,
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
