//! The rows of all customers, as the screen keeps them.

use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::device::message::RowEntry;
use floorbook_shared::id::DocumentId;
use floorbook_shared::view::search::SearchKey;

/// A row with what searching needs.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedRow {
    /// The row as it came.
    pub entry: RowEntry,
    /// Its searchable words.
    pub key: SearchKey,
}

/// The rows of all customers; two are equal only if they are the same, so comparing is cheap.
#[derive(Clone, Default)]
pub struct Rows(Rc<BTreeMap<DocumentId, Rc<ListedRow>>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Rows {
    /// The row of a card.
    pub fn get(&self, document: DocumentId) -> Option<&Rc<ListedRow>> {
        self.0.get(&document)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<ListedRow>> {
        self.0.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes rows that are new or changed.
    pub(super) fn put(&mut self, entries: Vec<RowEntry>) {
        let rows = Rc::make_mut(&mut self.0);
        for entry in entries {
            let key = SearchKey::of(&entry.row);
            rows.insert(entry.document, Rc::new(ListedRow { entry, key }));
        }
    }

    /// Takes rows out.
    pub(super) fn remove(&mut self, documents: &[DocumentId]) {
        let rows = Rc::make_mut(&mut self.0);
        for document in documents {
            rows.remove(document);
        }
    }
}
