//! Rows that an older program has computed, brought up to date.
//!
//! Context: a new program may mean something else by a row, or know more of it. A tablet computes a
//! row that is older than its program anew, and opens the document for it; so the server does it once
//! for all tablets that come, a few documents at a time, on the committing thread while no push waits.
//!
//! Invariant: a row is always that of its document as it is: both are written by one thread.

use floorbook_shared::document::{Document, DocumentKind};
use floorbook_shared::id::DocumentId;
use floorbook_shared::view::row::VIEW_VERSION;

use super::commit::row_of;
use crate::database::{Database, Result};

/// Rows that are looked at in one step: a push waits for no more than these.
const STEP_LOOKS: usize = 500;
/// Documents that are opened in one step.
const STEP_DOCUMENTS: usize = 4;

/// Brings rows up to date step by step, once after the start of a program.
#[derive(Debug, Default)]
pub struct Renewal {
    /// The last row that was looked at.
    after: Option<DocumentId>,
    is_through: bool,
}

impl Renewal {
    /// Whether there is nothing left to look at.
    pub const fn is_idle(&self) -> bool {
        self.is_through
    }

    /// Does a little; answers how many rows were computed anew.
    ///
    /// # Errors
    /// If the database can't be read or written. Then it is tried again after the next start, so that
    /// a failure is not repeated for ever.
    pub fn step(&mut self, database: &dyn Database) -> Result<usize> {
        let was_through = std::mem::replace(&mut self.is_through, true);
        let looked = database.outdated_rows(VIEW_VERSION, self.after, STEP_LOOKS)?;
        let outdated = looked.outdated.get(..STEP_DOCUMENTS);
        let last = match outdated {
            // There are more of them in what was looked at.
            Some(some) => some.last().copied(),
            None => looked.last,
        };
        let mut rows = Vec::new();
        for id in outdated.unwrap_or(&looked.outdated) {
            rows.extend(renewed(database, *id)?.map(|row| (*id, row)));
        }
        if !rows.is_empty() {
            database.renew_rows(&rows)?;
        }
        self.is_through = was_through || last.is_none();
        self.after = last;
        Ok(rows.len())
    }
}

/// The row of a document as this program computes it; `None` if the document is not ours to open.
fn renewed(database: &dyn Database, id: DocumentId) -> Result<Option<Vec<u8>>> {
    let Some(stored) = database.document(id)? else {
        return Ok(None);
    };
    if stored.place.kind != DocumentKind::Customer {
        return Ok(None);
    }
    let document = Document::load(stored.chunks.iter().map(Vec::as_slice));
    if document.is_err() {
        tracing::error!(document = %id, "a stored document does not load");
    }
    Ok(document.ok().as_ref().map(row_of))
}
