//! Documents that this program trapped on: set aside, while the rest goes on.
//!
//! In WebAssembly a panic ends the engine with all its memory, and the engine can't say any more
//! what it was doing. So it says so *before* it touches a document; the host keeps that where it
//! survives, and tells the next engine. What is set aside is neither opened nor merged: what
//! arrives for it is stored as it came, what is asked of it is answered as unreadable. The set is
//! stored with the version of the program, because a newer program may not trap.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::device::engine::{Device, Job, Opened};
use crate::device::message::Request;
use crate::device::receiving::read_row;
use crate::device::record::RowRecord;
use crate::device::staged::Staged;
use crate::id::DocumentId;
use crate::sync::heads;
use crate::sync::message::FrameItem;

/// A document is mended from the store's whole copy without being asked to this often; then the
/// copy itself is what traps, and only a person or a newer program tries again.
const AUTOMATIC_TRIES: u32 = 1;

/// Hears which document is being worked on; `None` when it is none in particular.
pub(crate) type Watcher = Box<dyn Fn(Option<DocumentId>) + Send>;

/// What is set aside, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AsideRecord {
    /// Version of the program that trapped.
    program: String,
    /// The documents, and how often it trapped on each.
    pub documents: BTreeMap<DocumentId, u32>,
}

impl AsideRecord {
    fn of(documents: BTreeMap<DocumentId, u32>) -> Self {
        Self {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            documents,
        }
    }
}

impl Device {
    /// Says from now on which document is being worked on, before it is touched.
    pub fn watch_work(&mut self, watcher: impl Fn(Option<DocumentId>) + Send + 'static) {
        self.watcher = Some(Box::new(watcher));
    }

    /// The engine before this one trapped on a document. To be told before
    /// [`Input::Start`](crate::device::engine::Input::Start), once for each trap.
    pub fn note_trap(&mut self, document: DocumentId) {
        *self.aside.entry(document).or_default() += 1;
    }

    pub(crate) fn works_on(&self, document: Option<DocumentId>) {
        if let Some(watcher) = &self.watcher {
            watcher(document);
        }
    }

    /// Whether a document is set aside.
    pub(crate) fn is_aside(&self, id: DocumentId) -> bool {
        self.aside.contains_key(&id)
    }

    /// The cards that are set aside.
    pub(crate) fn cards_aside(&self) -> Vec<DocumentId> {
        let here = |id: &&DocumentId| {
            self.index
                .row(**id)
                .is_some_and(|known| known.row.is_some())
        };
        self.aside.keys().filter(here).copied().collect()
    }

    /// Adds what was set aside earlier by this version of the program to what it was told.
    pub(crate) fn recall_aside(&mut self, stored: Option<AsideRecord>) {
        let told = std::mem::take(&mut self.aside);
        let is_current =
            |record: &AsideRecord| AsideRecord::of(BTreeMap::new()).program == record.program;
        let kept = stored.clone().filter(is_current).unwrap_or_default();
        self.aside = kept.documents;
        for (id, traps) in told {
            let known = self.aside.entry(id).or_default();
            *known = known.saturating_add(traps);
        }
        if self.aside != stored.unwrap_or_default().documents {
            self.jobs.push_front(Job::NoteAside);
        }
    }

    pub(crate) fn note_aside(&self) -> Staged {
        Staged {
            aside: Some(AsideRecord::of(self.aside.clone())),
            is_strict: true,
            ..Staged::default()
        }
    }

    /// Lets a document be opened again, because a person asked for it.
    pub(crate) fn try_again(&mut self, id: DocumentId) -> Option<Staged> {
        // Its row follows what is in it now.
        self.jobs.push_front(Job::Rewrite(id));
        if self.shown.contains(&id) {
            let show = Request::ShowCard { document: id };
            self.jobs.push_front(Job::Request(show));
        }
        if !self.is_aside(id) {
            self.documents.remove(&id);
            return None;
        }
        let mut staged = Staged {
            is_strict: true,
            ..Staged::default()
        };
        self.free(id, &mut staged);
        Some(staged)
    }

    fn free(&self, id: DocumentId, staged: &mut Staged) {
        let all = || AsideRecord::of(self.aside.clone());
        let left = staged.aside.get_or_insert_with(all);
        left.documents.remove(&id);
    }

    /// Documents that the store's whole copy may mend.
    pub(crate) fn curable_aside(&self) -> Vec<DocumentId> {
        let curable = self.aside.iter();
        let curable = curable.filter(|(_, traps)| **traps <= AUTOMATIC_TRIES);
        curable.map(|(id, _)| *id).collect()
    }

    /// Makes a document whole from the store's copy, in place of all that is here of it; answers
    /// whether that was possible.
    pub(crate) fn heal(
        &mut self,
        item: &FrameItem,
        record: &mut RowRecord,
        staged: &mut Staged,
    ) -> bool {
        let id = item.document.id;
        let Some((document, row)) = self.mend(id, item) else {
            return false;
        };
        staged.replaced_documents.push(record.home());
        staged.chunks.push((record.home(), document.snapshot()));
        record.chunks = 1;
        record.heads = document.heads_without(&self.hashes_waiting(id));
        record.row = Some(row);
        self.healing.remove(&id);
        self.offer_waiting(id);
        self.keep_document(id, Opened::Document(Box::new(document)));
        true
    }

    /// Takes what arrives for a document that is set aside: stored as it came, unopened. The first
    /// whole copy is tried, since what trapped may be damage that only this tablet has.
    pub(crate) fn take_aside(
        &mut self,
        item: &FrameItem,
        mut record: RowRecord,
        staged: &mut Staged,
    ) {
        let id = item.document.id;
        let traps = self.aside.get(&id).copied().unwrap_or(0);
        if item.is_whole && traps <= AUTOMATIC_TRIES && self.heal(item, &mut record, staged) {
            self.free(id, staged);
            staged.rows.push(record);
            return;
        }
        let known = self.known(id, staged).cloned();
        let chunks = item.chunks.iter().map(Vec::as_slice);
        let known_heads = known.as_ref().map(|known| known.heads.clone());
        let before = known_heads.unwrap_or_default();
        let after = if item.is_whole {
            heads::of_chunks(chunks).ok()
        } else {
            heads::extended(&before, chunks)
        };
        record.heads = after.unwrap_or(before);
        let told = read_row(&item.row);
        record.row = told.or_else(|| known.and_then(|known| known.row));
        record.chunks = record
            .chunks
            .saturating_add(u32::try_from(item.chunks.len()).unwrap_or(u32::MAX));
        let home = record.home();
        let chunks = item.chunks.iter().map(|chunk| (home, chunk.clone()));
        staged.chunks.extend(chunks);
        staged.rows.push(record);
    }
}
