//! What decides which documents are compacted, and when.
//!
//! Context: a document with hundreds of single changes loads slowly and costs a row for each. A
//! snapshot takes their place, a few documents at a time, on the committing thread while no push
//! waits: so the one writer stays the one writer.
//!
//! Invariants: nothing is deleted that was not proved to be in a snapshot that loads; nothing that
//! a living device still needs as single changes; nothing that only the newest snapshot holds.

use std::collections::BTreeSet;

use floorbook_shared::document::{Document, DocumentKind};
use floorbook_shared::faults;
use floorbook_shared::id::DocumentId;
use floorbook_shared::time::Timestamp;

use crate::database::log::{Compactable, Compaction};
use crate::database::{Database, Result};

/// Changes behind the newest snapshot from which on a document is compacted.
pub const LOOSE_MAX_CHANGES: usize = 32;
/// Days after which a device that told nothing holds nothing up any more.
const LIVING_DAYS: i64 = 60;
/// Documents of one step: a push waits for no more than these.
const STEP_DOCUMENTS: usize = 4;
/// Documents that are looked at in one step of the pass over all.
const STEP_LOOKS: usize = 50;
const MILLIS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

/// Makes a snapshot of a document; tests put one in its place that fails.
pub type Build = fn(&Document) -> Vec<u8>;

/// Compacts documents step by step.
#[derive(Debug)]
pub struct Compactor {
    build: Build,
    loose_max: usize,
    /// Documents that were changed.
    waiting: BTreeSet<DocumentId>,
    /// How far the pass over all documents is; `None` once it is through.
    pass: Option<Option<DocumentId>>,
}

impl Default for Compactor {
    fn default() -> Self {
        Self::new(LOOSE_MAX_CHANGES, Document::snapshot)
    }
}

impl Compactor {
    /// A compactor that takes documents with more than `loose_max` single changes, and begins with
    /// a pass over all of them.
    pub fn new(loose_max: usize, build: Build) -> Self {
        Self {
            build,
            loose_max,
            waiting: BTreeSet::new(),
            pass: Some(None),
        }
    }

    /// Looks at these documents again: they were changed.
    pub fn changed(&mut self, documents: impl IntoIterator<Item = DocumentId>) {
        self.waiting.extend(documents);
    }

    /// Whether there is nothing left to look at.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.pass.is_none()
    }

    /// Does a little; answers how many documents were compacted.
    ///
    /// # Errors
    /// If the database can't be read or written. What was looked at is not looked at again until
    /// it changes, so that a failure is not repeated for ever.
    pub fn step(&mut self, database: &dyn Database, now: Timestamp) -> Result<usize> {
        if self.waiting.is_empty()
            && let Some(after) = self.pass
        {
            let found = database.documents_after(after, STEP_LOOKS)?;
            self.pass = found.last().map(|last| Some(*last));
            self.waiting.extend(found);
        }
        let mut compactions = Vec::new();
        for _ in 0..STEP_LOOKS {
            let Some(id) = self.waiting.pop_first() else {
                break;
            };
            if let Some(found) = database.compactable(id, self.loose_max)? {
                let living_since = now.plus_millis(-LIVING_DAYS * MILLIS_PER_DAY);
                let floor = database.compaction_floor(found.place.store, living_since)?;
                compactions.extend(plan(&found, floor, self.build));
            }
            if compactions.len() == STEP_DOCUMENTS {
                break;
            }
        }
        if !compactions.is_empty() {
            database.compact(&compactions)?;
        }
        Ok(compactions.len())
    }
}

/// The snapshot of a document and what it makes superfluous, if the snapshot was proved.
fn plan(found: &Compactable, floor: u64, build: Build) -> Option<Compaction> {
    // What a newer program made is not ours to open.
    if found.place.kind != DocumentKind::Customer {
        return None;
    }
    let id = found.place.key.id;
    let Ok(document) = Document::load(found.chunks.iter().map(Vec::as_slice)) else {
        tracing::error!(document = %id, "a stored document does not load");
        return None;
    };
    let snapshot = build(&document);
    if !is_proved(found, &document, &snapshot) && !faults::is_planted("compaction_unproved") {
        tracing::error!(document = %id, "a snapshot does not hold its document; nothing is deleted");
        return None;
    }
    let (snapshot_seq, _) = found.changes.last()?;
    // What the snapshot before holds as well; without one nothing is deleted yet.
    let before = found.snapshot_seq.unwrap_or(0).min(floor);
    let deleted = found.changes.iter().map(|(seq, _)| *seq);
    Some(Compaction {
        document: found.place.key,
        latest_seq: found.latest_seq,
        snapshot_seq: *snapshot_seq,
        snapshot,
        deleted: deleted.filter(|seq| *seq <= before).collect(),
    })
}

/// Whether the snapshot loads again, to the same heads, with every change that is there.
fn is_proved(found: &Compactable, document: &Document, snapshot: &[u8]) -> bool {
    Document::load([snapshot]).is_ok_and(|reloaded| {
        let has_all = found
            .changes
            .iter()
            .all(|(_, hash)| reloaded.contains(hash));
        has_all && reloaded.heads() == document.heads()
    })
}
