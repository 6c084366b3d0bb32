//! What the screen is told a moment later than what it waits for.

use std::collections::BTreeSet;

use crate::id::DocumentId;
use crate::time::Timestamp;

/// Documents of which something is to be told after a pause of so many milliseconds.
#[derive(Debug, Default)]
pub(crate) struct Owed<const PAUSE_MILLIS: i64> {
    documents: BTreeSet<DocumentId>,
    at: Option<Timestamp>,
}

impl<const PAUSE_MILLIS: i64> Owed<PAUSE_MILLIS> {
    /// It is to be told of a document.
    pub(crate) fn owe(&mut self, document: DocumentId) {
        self.documents.insert(document);
    }

    /// It was told of a document.
    pub(crate) fn forget(&mut self, document: DocumentId) {
        self.documents.remove(&document);
    }

    /// Nothing is to be told any more.
    pub(crate) fn clear(&mut self) {
        self.documents.clear();
    }

    /// When what is owed is due.
    pub(crate) const fn due_at(&self) -> Option<Timestamp> {
        self.at
    }

    /// Sees to it that what is owed becomes due, also with a clock that is set back.
    pub(crate) fn set_due(&mut self, now: Timestamp) {
        let latest = now.plus_millis(PAUSE_MILLIS);
        let at = self.at.unwrap_or(latest).min(latest);
        self.at = (!self.documents.is_empty()).then_some(at);
    }

    /// What is due; nothing of it is owed any more.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> BTreeSet<DocumentId> {
        if self.at.is_none_or(|at| now < at) {
            return BTreeSet::new();
        }
        std::mem::take(&mut self.documents)
    }
}
