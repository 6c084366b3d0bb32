//! What the list of customers shows.

use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::access::Scope;
use floorbook_shared::id::{FeedId, PersonId};
use floorbook_shared::view::listing::{Basis, Filter, Listed, Order, SavedView};
use floorbook_shared::view::search::Query;

use crate::screen::state::{ListedRow, Rows};

/// What the list of customers shows; kept while other places are visited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListView {
    /// What was typed into the search field.
    pub query: String,
    /// What is shown of all customers.
    pub filter: Filter,
    /// The order.
    pub order: Order,
    /// Pixels that the list is scrolled down.
    pub scroll: i32,
}

impl ListView {
    /// The same at the top of the list: what a new question differs in.
    pub fn question(&self) -> Self {
        Self {
            scroll: 0,
            ..self.clone()
        }
    }

    /// Whether it shows what a saved view shows.
    pub fn is(&self, saved: &SavedView) -> bool {
        self.query == saved.query && self.filter == saved.filter && self.order == saved.order
    }
}

impl From<&SavedView> for ListView {
    fn from(saved: &SavedView) -> Self {
        Self {
            query: saved.query.clone(),
            filter: saved.filter.clone(),
            order: saved.order,
            scroll: 0,
        }
    }
}

/// Whose books the feeds are.
pub struct Owners(BTreeMap<FeedId, PersonId>);

impl Owners {
    /// The owners of all feeds in scope.
    pub fn of(scope: &Scope) -> Self {
        let feeds = scope.feeds.iter();
        Self(
            feeds
                .filter_map(|feed| Some((feed.id, feed.owner?)))
                .collect(),
        )
    }

    /// A row as lists see it.
    pub fn listed<'a>(&self, row: &'a ListedRow) -> Listed<'a> {
        Listed {
            document: row.entry.document,
            row: &row.entry.row,
            owner: self.0.get(&row.entry.feed).copied(),
            unsent: row.entry.unsent,
            name_order: row.key.name_order(),
        }
    }
}

impl Rows {
    /// All rows in an order, for [`ListView::choose`]: that is not to be found anew with every letter.
    pub fn sorted(&self, order: Order, owners: &Owners, basis: &Basis) -> Vec<Rc<ListedRow>> {
        let mut sorted: Vec<_> = self.iter().cloned().collect();
        order.sort(&mut sorted, basis, |row| owners.listed(row));
        sorted
    }
}

impl ListView {
    /// Those of all rows that it shows.
    pub fn choose(
        &self,
        all: &[Rc<ListedRow>],
        owners: &Owners,
        basis: &Basis,
    ) -> Vec<Rc<ListedRow>> {
        let query = Query::read(&self.query);
        let passes_all = self.filter.is_empty();
        let is_shown = |row: &Rc<ListedRow>| {
            (passes_all || self.filter.passes(&owners.listed(row), basis))
                && query.matches(&row.key)
        };
        all.iter().filter(|row| is_shown(row)).cloned().collect()
    }
}
