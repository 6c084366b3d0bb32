//! What comes from the store: scope, frames of documents, acknowledgements.

use std::collections::BTreeMap;

use crate::device::command::project;
use crate::device::documents::heads_after;
use crate::device::engine::{Context, Device, Job, Opened, Outputs};
use crate::device::record::{Counters, CursorRecord, RowRecord};
use crate::device::staged::Staged;
use crate::document::{Document, DocumentKind};
use crate::faults;
use crate::id::{DocumentId, StoreId};
use crate::sync::chain::{ChangeHash, remembered};
use crate::sync::codec::Message;
use crate::sync::heads;
use crate::sync::message::{Ack, AckEntry, FeedState, Frame, FrameItem, Welcome};
use crate::sync::scanner::scan_change;
use crate::view::row::CustomerRow;

impl Device {
    pub(crate) fn execute_welcome(
        &mut self,
        welcome: Welcome,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let is_first = !self.connection.is_online();
        self.connection.welcomed(context.now);
        let scope = welcome.scope.unwrap_or_else(|| self.scope.clone());
        // At first every store of the scope is waited for; later ones are told when the scope
        // changes, and only stores that are new bring something.
        let known = |store: StoreId| {
            let is_told = self.scope.store(store).is_some();
            !is_first && (is_told || self.finished_stores.contains(&store))
        };
        let awaited: Vec<StoreId> = scope
            .stores
            .iter()
            .map(|store| store.id)
            .filter(|store| !known(*store))
            .collect();
        if is_first {
            self.received_cards = 0;
            self.pending_stores.clear();
            self.finished_stores.clear();
            self.want_healing();
        }
        for store in &welcome.unrecognised {
            outputs.send.push(self.history(*store).encode());
        }
        self.pending_stores
            .extend(awaited.into_iter().map(|store| (store, 0)));
        self.connection
            .set_caught_up(self.pending_stores.is_empty());
        (scope.version != self.scope.version).then(|| Staged {
            scope: Some(scope),
            ..Staged::default()
        })
    }

    pub(crate) fn execute_frame(
        &mut self,
        frame: Frame,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        if !self.connection.is_online() {
            self.drop_connection(context, outputs);
            return None;
        }
        let store = frame.position.store;
        let held = self.cursors.get(&store);
        let here = held.map(|held| held.cursor).unwrap_or_default();
        let is_behind = frame.position.cursor.seq <= here.seq;
        let is_taken = if is_behind {
            faults::is_planted("cursor_moved_back")
        } else {
            faults::is_planted("frame_gap_ignored")
        };
        if frame.after != here && !is_taken {
            if !is_behind {
                // Something is missing in between.
                self.drop_connection(context, outputs);
                return None;
            }
            // What is here already, because it was stored while the connection changed. It is
            // confirmed like any other frame: the store waits for that before it sends more.
            if frame.position.cursor == here {
                self.note_stated(store, here, frame.fingerprint);
                self.note_progress(&frame);
            }
            return Some(Staged {
                confirmed: Some(frame.position),
                ..Staged::default()
            });
        }
        let moves = frame.position.cursor != frame.after;
        if faults::is_planted("cursor_before_data") && moves {
            let position = frame.position.clone();
            self.jobs.push_front(Job::Frame(Frame {
                after: position.cursor,
                ..frame
            }));
            return Some(Staged {
                cursors: vec![CursorRecord {
                    store,
                    cursor: position.cursor,
                    older: Vec::new(),
                }],
                ..Staged::default()
            });
        }
        let mut counters = self.counters.clone();
        let mut staged = Staged::default();
        if frame.position.cursor != here {
            let older = held.map(|held| held.older.as_slice()).unwrap_or_default();
            let cursor = frame.position.cursor;
            staged.cursors.push(CursorRecord {
                store,
                cursor,
                older: remembered(older, here, cursor),
            });
        }
        for item in &frame.items {
            self.take_item(item, store, &mut counters, &mut staged);
            // The store has something now that it did not have: also if it was here before.
            self.offer_waiting(item.document.id);
        }
        self.note_stated(store, frame.position.cursor, frame.fingerprint);
        self.note_progress(&frame);
        staged.counters = (counters != self.counters).then_some(counters);
        staged.confirmed = Some(frame.position);
        Some(staged)
    }

    /// Counts what is still to come.
    fn note_progress(&mut self, frame: &Frame) {
        let items = u32::try_from(frame.items.len()).unwrap_or(u32::MAX);
        self.received_cards = self.received_cards.saturating_add(items);
        if frame.is_last() {
            self.pending_stores.remove(&frame.position.store);
            self.finished_stores.insert(frame.position.store);
        } else {
            self.pending_stores
                .insert(frame.position.store, frame.remaining);
        }
        self.connection
            .set_caught_up(self.pending_stores.is_empty());
    }

    /// Takes what a frame or an answer says about one document.
    pub(crate) fn take_item(
        &mut self,
        item: &FrameItem,
        store: StoreId,
        counters: &mut Counters,
        staged: &mut Staged,
    ) {
        let id = item.document.id;
        counters.revision += 1;
        let known = self.known(id, staged);
        let mut record = RowRecord {
            document: item.document,
            kind: item.kind,
            feed: item.feed,
            store,
            chunks: known.map_or(0, |known| known.chunks),
            heads: Vec::new(),
            is_leaving: false,
            revision: counters.revision,
            row: None,
        };
        if item.state != FeedState::Here {
            self.let_go(item, record, staged);
            return;
        }
        // It left one book and came into another: all of it comes anew.
        let mut removed = staged.removed_documents.iter();
        if let Some(place) = removed.position(|removed| *removed == id) {
            staged.removed_documents.remove(place);
            staged.replaced_documents.push(id);
        }
        self.works_on(Some(id));
        if self.is_aside(id) {
            self.take_aside(item, record, staged);
            return;
        }
        if self.healing.contains(&id) && item.is_whole && self.heal(item, &mut record, staged) {
            staged.rows.push(record);
            return;
        }
        self.merge(item, &mut record, staged);
        staged.rows.push(record);
    }

    /// The record of a document that is here, as an earlier item of the same message left it.
    pub(crate) fn known<'a>(&'a self, id: DocumentId, staged: &'a Staged) -> Option<&'a RowRecord> {
        let mut rows = staged.rows.iter().rev();
        let earlier = rows.find(|record| record.document.id == id);
        match earlier {
            Some(record) => Some(record).filter(|record| record.row.is_some()),
            None => self.index.row(id),
        }
    }

    /// What waited for a document is sent again: the store may take it now.
    pub(crate) fn offer_waiting(&mut self, id: DocumentId) {
        let waiting = self.index.waiting_of(id);
        let waiting: Vec<u64> = waiting.map(|record| record.header.device_seq).collect();
        self.connection.send_again(waiting);
    }

    /// A document left a feed. It goes, unless it is in another feed of this tablet or has work
    /// here that the store does not have yet: then it goes when that is delivered.
    fn let_go(&mut self, item: &FrameItem, record: RowRecord, staged: &mut Staged) {
        let id = item.document.id;
        let known = self.known(id, staged).cloned();
        let Some(known) = known.filter(|known| known.feed == item.feed) else {
            return;
        };
        if self.index.unsent_of(id) > 0 && !faults::is_planted("left_with_unsent_work") {
            staged.rows.push(RowRecord {
                is_leaving: true,
                revision: record.revision,
                ..known
            });
        } else {
            self.take_document(id);
            staged.removed_documents.push(id);
            staged.rows.push(record);
        }
    }

    /// Stores an item's chunks and fills in the record of the document as it is with them.
    fn merge(&mut self, item: &FrameItem, record: &mut RowRecord, staged: &mut Staged) {
        let id = item.document.id;
        let told: Option<CustomerRow> = serde_json::from_slice(&item.row).ok();
        // A row from a newer program is computed here rather than done without.
        let told = match item.kind {
            DocumentKind::Customer => told.or_else(|| computed(item)),
            DocumentKind::Unknown(_) => Some(CustomerRow::default()),
        };
        let known = self.known(id, staged).cloned();
        let (mut document, known) = match (self.take_document(id), known) {
            (Some(Opened::Document(document)), Some(known)) => (document, known),
            (opened, known) => {
                // Nobody looks at it: it is stored as it came and opened when someone does.
                if let Some(unreadable) = opened {
                    self.keep_document(id, unreadable);
                }
                let after = known.as_ref().map(|known| heads_after(known, item));
                let is_same = known
                    .as_ref()
                    .is_some_and(|known| item.is_whole && after == Some(Some(known.heads.clone())));
                // Of what follows on something that is not known here nobody can tell the heads:
                // the comparison finds it, and has all of it fetched.
                let chunks = item.chunks.iter().map(Vec::as_slice);
                let all = item
                    .is_whole
                    .then(|| heads::of_chunks(chunks).ok())
                    .flatten();
                record.heads = after.flatten().or(all).unwrap_or_default();
                record.row = told.or_else(|| known.and_then(|known| known.row));
                if !is_same {
                    record.chunks += count(item.chunks.len());
                    staged
                        .chunks
                        .extend(item.chunks.iter().map(|chunk| (id, chunk.clone())));
                }
                return;
            }
        };
        let news: Vec<&Vec<u8>> = item
            .chunks
            .iter()
            .filter(|chunk| !document.holds(chunk))
            .collect();
        let has_news = !news.is_empty();
        record.chunks += count(news.len());
        staged
            .chunks
            .extend(news.into_iter().map(|chunk| (id, chunk.clone())));
        match document.absorb(item.chunks.iter().map(Vec::as_slice)) {
            Ok(()) => {
                record.heads = document.heads_without(&self.hashes_waiting(id));
                record.row = if faults::is_planted("row_not_updated") {
                    known.row
                } else {
                    Some(project(&document))
                };
                self.keep_document(id, Opened::Document(document));
                if has_news {
                    self.offer_waiting(id);
                }
            }
            Err(error) => {
                // Poison harms only itself: the document is set aside, the frame goes on.
                record.heads = known.heads;
                record.row = told.or(known.row);
                self.keep_document(
                    id,
                    Opened::Unreadable {
                        reason: error.to_string(),
                        is_passing: false,
                        salvage: Vec::new(),
                    },
                );
            }
        }
    }

    /// Makes a damaged document whole from the store's copy and what can still be read here.
    pub(crate) fn mend(&self, id: DocumentId, item: &FrameItem) -> Option<(Document, CustomerRow)> {
        let salvage: &[Vec<u8>] = match self.document(id) {
            Some(Opened::Unreadable { salvage, .. }) => salvage,
            Some(Opened::Document(_)) | None => &[],
        };
        let waiting = self.index.outbox().values();
        let waiting: Vec<&[u8]> = waiting
            .filter(|record| record.body.document.id == id)
            .map(|record| record.body.change.as_slice())
            .collect();
        let whole = || {
            item.chunks
                .iter()
                .map(Vec::as_slice)
                .chain(waiting.iter().copied())
        };
        let all = whole().chain(salvage.iter().map(Vec::as_slice));
        let document = Document::load(all)
            .or_else(|_| Document::load(whole()))
            .ok()?;
        let row = project(&document);
        Some((document, row))
    }

    pub(crate) fn execute_ack(&mut self, ack: &Ack) -> Option<Staged> {
        let mut staged = Staged::default();
        let mut counters = self.counters.clone();
        let mut records: BTreeMap<DocumentId, RowRecord> = BTreeMap::new();
        for AckEntry { device_seq, seq } in &ack.entries {
            self.connection.settled(*device_seq);
            let Some(waiting) = self.index.outbox().get(device_seq) else {
                continue;
            };
            staged.removed_outbox.push(*device_seq);
            let id = waiting.body.document.id;
            let change = waiting.body.change.clone();
            let Some(known) = self.index.row(id).cloned() else {
                continue;
            };
            self.note_acknowledged(known.store, *seq);
            let record = records.entry(id).or_insert(known);
            record.heads = match heads::extended(&record.heads, [change.as_slice()]) {
                Some(heads) => heads,
                None if self.is_aside(id) => record.heads.clone(),
                None => self.heads_acknowledged(id, ack).unwrap_or_default(),
            };
        }
        if staged.removed_outbox.is_empty() {
            return None;
        }
        counters.last_acknowledged = Some(ack.at);
        for (id, mut record) in records {
            counters.revision += 1;
            record.revision = counters.revision;
            let waiting = self.index.waiting_of(id);
            let left: Vec<u64> = waiting
                .map(|waiting| waiting.header.device_seq)
                .filter(|device_seq| !staged.removed_outbox.contains(device_seq))
                .collect();
            if left.is_empty() && record.is_leaving {
                self.take_document(id);
                staged.removed_documents.push(id);
                record = RowRecord {
                    row: None,
                    heads: Vec::new(),
                    is_leaving: false,
                    ..record
                };
            } else {
                self.connection.send_again(left);
            }
            staged.rows.push(record);
        }
        staged.counters = Some(counters);
        Some(staged)
    }

    /// The heads of an open document once these changes do not wait any more.
    fn heads_acknowledged(&self, id: DocumentId, ack: &Ack) -> Option<Vec<ChangeHash>> {
        let Some(Opened::Document(document)) = self.document(id) else {
            return None;
        };
        self.works_on(Some(id));
        let is_acknowledged = |device_seq: u64| {
            ack.entries
                .iter()
                .any(|entry| entry.device_seq == device_seq)
        };
        let waiting = self.index.waiting_of(id);
        let waiting = waiting.filter(|record| !is_acknowledged(record.header.device_seq));
        let hashes = waiting.filter_map(|record| scan_change(&record.body.change).ok());
        Some(document.heads_without(&hashes.map(|change| change.hash).collect()))
    }
}

fn count(chunks: usize) -> u32 {
    u32::try_from(chunks).unwrap_or(u32::MAX)
}

/// The row of an item that came without one that can be read.
fn computed(item: &FrameItem) -> Option<CustomerRow> {
    let document = Document::load(item.chunks.iter().map(Vec::as_slice)).ok()?;
    Some(project(&document))
}
