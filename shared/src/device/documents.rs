//! The documents in memory: which ones a job needs, opening them, keeping and closing them.

use std::collections::BTreeMap;

use crate::device::engine::{Device, Job, OPEN_DOCUMENTS_MAX, Opened};
use crate::device::message::Request;
use crate::device::record::{Home, RowRecord, feed_of_key};
use crate::device::storage::StoreName;
use crate::document::{Document, DocumentKind, LoadError};
use crate::id::DocumentId;
use crate::sync::chain::ChangeHash;
use crate::sync::heads;
use crate::sync::message::{Ack, FeedState, FrameItem};
use crate::vault::seal::OpenError;

impl Device {
    /// Documents that a job must have open. What is new on this tablet needs no reading.
    pub(crate) fn documents_needed(&self, job: &Job) -> Vec<DocumentId> {
        let mut documents = match job {
            Job::Request(
                Request::Run { document, .. }
                | Request::ShowCard { document }
                | Request::ShowHistory { document }
                | Request::Undo { document, .. },
            ) => {
                vec![*document]
            }
            Job::Request(Request::RetryRefused { group }) => self
                .refused
                .get(group)
                .map(|record| record.document.id)
                .into_iter()
                .collect(),
            Job::Refused(refused) | Job::NotedRefused(refused) => {
                let record = self.index.outbox().get(&refused.device_seq);
                record
                    .map(|record| record.body.document.id)
                    .into_iter()
                    .collect()
            }
            // Only what is on the screen or waits here is merged now, and what can't be told from
            // the heads alone; the rest is stored with the row that the server computed, and
            // opened when someone opens it.
            Job::Frame(frame) => {
                let items = frame.items.iter();
                items
                    .filter(|item| self.must_open(item))
                    .map(|item| item.document.id)
                    .collect()
            }
            Job::Fetched(fetched) => {
                let items = fetched.items.iter().map(|item| item.document.id);
                items.chain(fetched.unknown.iter().copied()).collect()
            }
            Job::Ack(ack) | Job::NotedAck(ack) => self.unclear_documents(ack),
            Job::Request(_)
            | Job::Welcome(_)
            | Job::Rewind(_)
            | Job::Compared(_)
            | Job::ForgetRows { .. }
            | Job::LetGo(_)
            | Job::RemoveFeeds
            | Job::EmptyLost
            | Job::PackRows
            | Job::ForgetOutbox
            | Job::NoteAside
            | Job::TryStorage
            | Job::NoteVerified
            | Job::TrySecret { .. }
            | Job::Open(_)
            | Job::NoteUnlocked
            | Job::NoteLeases
            | Job::WorkOffAnswers
            | Job::Reset { .. }
            | Job::Erase => Vec::new(),
            // Also one whose row was lost.
            Job::Rewrite(document) => return vec![*document],
            Job::BringBack(document) => vec![*document],
        };
        documents.retain(|document| self.index.row(*document).is_some());
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    pub(crate) fn must_merge(&self, document: DocumentId) -> bool {
        self.shown.contains(&document) || self.index.unsent_of(document) > 0
    }

    /// Whether a document has to be open to take what arrives for it.
    pub(crate) fn must_open(&self, item: &FrameItem) -> bool {
        // What a newer program made is kept as it comes.
        if self.is_aside(item.document.id) || item.kind != DocumentKind::Customer {
            return false;
        }
        if self.must_merge(item.document.id) {
            return true;
        }
        match self.index.row(item.document.id) {
            Some(_) if item.state != FeedState::Here => false,
            Some(known) => heads_after(known, item).is_none(),
            None => false,
        }
    }

    /// Documents whose heads after an acknowledgement only the documents themselves can tell.
    fn unclear_documents(&self, ack: &Ack) -> Vec<DocumentId> {
        let mut heads: BTreeMap<DocumentId, Option<Vec<ChangeHash>>> = BTreeMap::new();
        for entry in &ack.entries {
            let Some(record) = self.index.outbox().get(&entry.device_seq) else {
                continue;
            };
            let id = record.body.document.id;
            let Some(known) = self.index.row(id) else {
                continue;
            };
            let before = heads.entry(id).or_insert_with(|| Some(known.heads.clone()));
            if let Some(before_it) = before {
                *before = heads::extended(before_it, [record.body.change.as_slice()]);
            }
        }
        let unclear = heads.into_iter().filter(|(_, heads)| heads.is_none());
        unclear.map(|(id, _)| id).collect()
    }

    /// Makes a document from its chunks and from what waits in the outbox, a second copy of what
    /// this tablet wrote. What is damaged is asked of the store again; what the outbox alone
    /// still holds is written anew before it leaves the outbox.
    pub(crate) fn open_document(
        &mut self,
        document: DocumentId,
        entries: Vec<(String, Vec<u8>)>,
    ) -> Opened {
        self.works_on(Some(document));
        let mut damaged = 0;
        let mut chunks: Vec<Vec<u8>> = Vec::new();
        for (key, value) in &entries {
            match self.open_chunk(key, value) {
                Ok(bytes) => chunks.push(bytes),
                Err(_) => damaged += 1,
            }
        }
        let stored = Document::load(chunks.iter().map(Vec::as_slice));
        let waiting = self.index.waiting_of(document);
        let waiting = waiting.filter(|record| record.is_on_card());
        let waiting: Vec<Vec<u8>> = waiting.map(|record| record.body.change.clone()).collect();
        let is_complete = match &stored {
            Ok(stored) => waiting.iter().all(|change| stored.holds(change)),
            Err(LoadError::Damaged(_) | LoadError::MissingChanges(_)) => false,
        };
        // A card that never reached the store: what waits is all there is of it.
        let alone = Document::load(waiting.iter().map(Vec::as_slice));
        chunks.extend(waiting);
        let opened = match stored {
            Ok(stored) if is_complete => Ok(stored),
            Ok(_) | Err(_) => Document::load(chunks.iter().map(Vec::as_slice)),
        };
        match opened {
            Ok(opened) if damaged > 0 && !is_all(&alone, &opened) => {
                self.set_aside(document, format!("{damaged} damaged chunks"), chunks)
            }
            Ok(opened) => {
                if !is_complete || damaged > 0 {
                    self.jobs.push_front(Job::Rewrite(document));
                }
                Opened::Document(Box::new(opened))
            }
            Err(error) => self.set_aside(document, error.to_string(), chunks),
        }
    }

    /// Opens a chunk. The keyring holds the feed's keys, or its row would not be here: a key that
    /// it does not know is damage as well.
    fn open_chunk(&self, key: &str, value: &[u8]) -> Result<Vec<u8>, OpenError> {
        let feed = feed_of_key(key).ok_or(OpenError::Damaged)?;
        let open = self.open.as_ref().ok_or(OpenError::Locked)?;
        open.open(feed, StoreName::Chunks, key, value)
    }

    /// Where a document is kept, as far as is known here.
    pub(crate) fn home_of(&self, document: DocumentId) -> Option<Home> {
        if let Some(record) = self.index.record(document) {
            return Some(record.home());
        }
        let feed = self.index.waiting_of(document).next()?.body.feed;
        Some(Home { feed, document })
    }

    /// What the outbox knows of a document whose row was lost.
    pub(crate) fn lost_row(&self, id: DocumentId) -> Option<RowRecord> {
        let mut waiting = self.index.outbox().values();
        let body = &waiting.find(|record| record.body.document.id == id)?.body;
        let feed = self.scope.feed(body.feed)?;
        Some(RowRecord {
            document: body.document,
            kind: body.kind,
            feed: feed.id,
            store: feed.store,
            chunks: 0,
            heads: Vec::new(),
            receipt: None,
            is_leaving: false,
            revision: 0,
            row: None,
        })
    }

    /// Sets a document aside and has the store send all of it again.
    pub(crate) fn set_aside(
        &mut self,
        document: DocumentId,
        reason: String,
        salvage: Vec<Vec<u8>>,
    ) -> Opened {
        self.healing.insert(document);
        if let Some(store) = self.index.row(document).map(|record| record.store) {
            self.want(store, document);
        }
        Opened::Unreadable {
            reason,
            is_passing: false,
            salvage,
        }
    }

    /// Whether a document has to be read before it can be worked on.
    pub(crate) fn is_to_be_read(&self, id: DocumentId) -> bool {
        if self.is_aside(id) {
            return false;
        }
        match self.documents.get(&id) {
            Some(Opened::Document(_)) => false,
            Some(Opened::Unreadable { is_passing, .. }) => *is_passing,
            None => true,
        }
    }

    pub(crate) fn document(&self, id: DocumentId) -> Option<&Opened> {
        self.documents.get(&id)
    }

    /// Takes a document out of the cache, to change it.
    pub(crate) fn take_document(&mut self, id: DocumentId) -> Option<Opened> {
        self.documents.remove(&id)
    }

    pub(crate) fn keep_document(&mut self, id: DocumentId, opened: Opened) {
        self.documents.insert(id, opened);
        self.recently_used.retain(|used| *used != id);
        self.recently_used.push_back(id);
    }

    /// Closes what was not used for long; what is shown stays open.
    pub(crate) fn forget_documents(&mut self) {
        while self.documents.len() > OPEN_DOCUMENTS_MAX {
            let known = self.recently_used.pop_front();
            let victim = known.or_else(|| {
                self.documents
                    .keys()
                    .find(|id| !self.shown.contains(id))
                    .copied()
            });
            let Some(victim) = victim else { break };
            if self.shown.contains(&victim) {
                continue;
            }
            self.documents.remove(&victim);
        }
    }
}

/// The heads that a document which is not open has with an item; `None` if it must be opened.
pub(crate) fn heads_after(known: &RowRecord, item: &FrameItem) -> Option<Vec<ChangeHash>> {
    let chunks = item.chunks.iter().map(Vec::as_slice);
    if !item.is_whole {
        return heads::extended(&known.heads, chunks);
    }
    // All of it comes once more: nothing to do if it is the same.
    let heads = heads::of_chunks(chunks).ok()?;
    (heads == known.heads).then_some(heads)
}

fn is_all(alone: &Result<Document, LoadError>, whole: &Document) -> bool {
    matches!(alone, Ok(alone) if !alone.is_blank() && alone.heads() == whole.heads())
}
