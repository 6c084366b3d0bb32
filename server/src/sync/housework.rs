//! What the committing thread does while no push waits.

use floorbook_shared::id::DocumentId;
use floorbook_shared::time::Timestamp;

use super::compaction::Compactor;
use super::renewal::Renewal;
use crate::database::{Database, Result};

/// Rows of an older program first, because tablets get them; then compaction.
#[derive(Debug, Default)]
pub(super) struct Housework {
    renewal: Renewal,
    compactor: Compactor,
}

impl Housework {
    /// These documents were changed.
    pub(super) fn changed(&mut self, documents: impl IntoIterator<Item = DocumentId>) {
        self.compactor.changed(documents);
    }

    /// Whether there is nothing left to do.
    pub(super) fn is_idle(&self) -> bool {
        self.renewal.is_idle() && self.compactor.is_idle()
    }

    /// Does a little.
    ///
    /// # Errors
    /// If the database can't be read or written.
    pub(super) fn step(&mut self, database: &dyn Database, now: Timestamp) -> Result<()> {
        if self.renewal.is_idle() {
            self.compactor.step(database, now).map(drop)
        } else {
            self.renewal.step(database).map(drop)
        }
    }
}
