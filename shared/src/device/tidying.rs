//! What the tablet puts in order when nobody waits for it: documents of many small chunks become
//! one, rows that an older program computed are computed anew, and rows are packed into pages.

use crate::device::command::project;
use crate::device::engine::{Device, Job, Opened};
use crate::device::index::Index;
use crate::device::record::RowRecord;
use crate::device::staged::Staged;
use crate::document::Document;
use crate::id::DocumentId;

/// Stored rows that may be out of date beside as many that are not, before all are packed.
const STALE_ROWS_MAX: usize = 2_000;

impl Device {
    /// The next thing to put in order, while nothing else is to be done.
    pub(crate) fn tidying(&mut self) -> Option<Job> {
        if !self.is_at_rest() {
            return None;
        }
        let is_fetching = !self.pending.is_empty();
        if is_fetching || self.identity.is_none() || self.storage_problem.is_some() {
            return None;
        }
        if self.stored_rows > 2 * self.index.records().len() + STALE_ROWS_MAX {
            return Some(Job::PackRows);
        }
        let Some(id) = self.index.next_untidy() else {
            let is_damaged = self.own_damaged_outbox().next().is_some();
            let is_found = is_damaged && !self.keeps_damaged_outbox;
            return is_found.then_some(Job::ForgetOutbox);
        };
        self.index.leave_untidy(id);
        if self.is_aside(id) {
            return None;
        }
        Some(Job::Rewrite(id))
    }

    /// Writes all of an open document anew, as one chunk, with its row: the chunk is loaded and
    /// compared before it replaces the others. Where an older program made the row, and nothing else
    /// is to be done, the row alone.
    pub(crate) fn rewrite(&mut self, id: DocumentId) -> Option<Staged> {
        let Some(Opened::Document(document)) = self.document(id) else {
            self.keeps_damaged_outbox = true;
            return None;
        };
        self.works_on(Some(id));
        let row = project(document);
        let heads = document.heads_without(&self.hashes_waiting(id));
        let known = self.index.row(id).cloned().or_else(|| self.lost_row(id))?;
        let mut counters = self.counters.clone();
        counters.revision += 1;
        if Index::is_only_stale(&known) {
            // Often nothing of it changes that can be seen.
            let is_same = known.row.as_ref().is_some_and(|known| known.says(&row));
            let is_strict = heads != known.heads;
            let record = RowRecord {
                heads,
                revision: counters.revision,
                row: Some(row),
                ..known
            };
            return Some(Staged {
                rows: vec![record],
                counters: Some(counters),
                is_unseen: is_same,
                is_strict,
                ..Staged::default()
            });
        }
        let snapshot = document.snapshot();
        let loaded = Document::load([snapshot.as_slice()]);
        if !loaded.is_ok_and(|loaded| loaded.heads() == document.heads()) {
            return None;
        }
        let record = RowRecord {
            chunks: 1,
            heads,
            revision: counters.revision,
            row: Some(row),
            ..known
        };
        Some(Staged {
            replaced_documents: vec![record.home()],
            chunks: vec![(record.home(), snapshot)],
            rows: vec![record],
            counters: Some(counters),
            is_strict: true,
            ..Staged::default()
        })
    }

    /// Writes all rows anew, so that what they replaced is gone.
    pub(crate) fn pack_rows(&mut self) -> Option<Staged> {
        let rows: Vec<RowRecord> = self.index.records().cloned().collect();
        (!rows.is_empty()).then(|| Staged {
            rows,
            repacked_feeds: self.index.feeds().clone(),
            is_strict: true,
            ..Staged::default()
        })
    }
}
