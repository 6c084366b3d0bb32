//! What comes from the store: scope, frames of documents, acknowledgements.

use std::collections::{BTreeMap, BTreeSet};

use crate::device::command::project;
use crate::device::documents::heads_after;
use crate::device::engine::{Context, Device, Job, Opened, Outputs};
use crate::device::record::{Answer, Counters, RowRecord};
use crate::device::staged::Staged;
use crate::document::{Document, DocumentKind};
use crate::faults;
use crate::id::{DocumentId, FeedId, PersonId, StoreId};
use crate::sync::chain::ChangeHash;
use crate::sync::codec::Message;
use crate::sync::heads;
use crate::sync::message::{Ack, AckEntry, FeedState, Frame, FrameItem, Welcome};
use crate::sync::scanner::scan_change;
use crate::view::row::CustomerRow;
use crate::view::row_text::RowText;

impl Device {
    pub(crate) fn execute_welcome(
        &mut self,
        welcome: Welcome,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let is_first = !self.connection.is_online();
        self.connection.welcomed(context.now);
        self.is_retiring |= welcome.is_retiring;
        let mut staged = self.note_contact(&welcome, is_first, context.now);
        let is_gone = |person: PersonId| welcome.gone.contains(&person);
        if self.person().is_none_or(is_gone) {
            // Nobody is here who could see anything: what waits is delivered.
            self.connection.set_caught_up(true);
            return (!staged.is_nothing()).then_some(staged);
        }
        let scope = welcome.scope.filter(|scope| {
            // One that was overtaken, or comes twice. A restored server begins with an older one.
            is_first || scope.version > self.scope.version
        });
        let feeds = &scope.as_ref().unwrap_or(&self.scope).feeds;
        let feeds: BTreeSet<FeedId> = feeds.iter().map(|feed| feed.id).collect();
        if is_first {
            self.received_cards = 0;
            self.pending.clear();
            self.finished.clear();
        }
        let leaving = self.feeds_out_of_scope();
        if scope.is_some() {
            self.forget_stated();
            self.judged_feeds.clear();
        } else {
            // It answers where this tablet said that it stands.
            let is_known = |feed: &FeedId| {
                let store = self.cursors.store_of(*feed);
                store.is_none_or(|store| !welcome.unrecognised.contains(&store))
            };
            self.judged_feeds
                .extend(leaving.iter().copied().filter(is_known));
        }
        if is_first || scope.is_some() {
            self.want_healing();
        }
        // What is new is waited for; what is here already comes to nothing more.
        self.pending.retain(|feed, _| feeds.contains(feed));
        self.finished.retain(|feed| feeds.contains(feed));
        for feed in feeds.difference(&self.finished) {
            self.pending.entry(*feed).or_insert(0);
        }
        self.connection.set_caught_up(self.pending.is_empty());
        for store in &welcome.unrecognised {
            let histories = self.cursors.histories(&self.scope, *store, &leaving);
            let histories = histories.into_iter().map(|message| message.encode());
            outputs.send.extend(histories);
        }
        if let Some(scope) = scope {
            // What this tablet says that it knows must survive a power failure: nothing is written
            // any more by someone who has forgotten it.
            staged.is_strict = true;
            staged.scope = Some(scope);
            staged.issued = welcome.keys;
        }
        (!staged.is_nothing()).then_some(staged)
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
        let feeds = frame.position.feeds.feeds(&self.scope, store);
        if frame.scope_version != self.scope.version || feeds.is_empty() {
            // Made for a scope that is over here: what it says is said again for the new one.
            return Some(Staged {
                confirmed: Some(Vec::new()),
                ..Staged::default()
            });
        }
        let here = self.cursors.common(store, &feeds);
        let mut places = feeds.iter().map(|feed| self.cursors.of(store, *feed));
        let is_behind = places.all(|place| frame.position.cursor.seq <= place.seq);
        let is_taken = if is_behind {
            faults::is_planted("cursor_moved_back")
        } else {
            faults::is_planted("frame_gap_ignored")
        };
        if Some(frame.after) != here && !is_taken {
            if !is_behind {
                // Something is missing in between.
                self.drop_connection(context, outputs);
                return None;
            }
            // What is here already, because it was stored while the connection changed. It is
            // confirmed like any other frame: the store waits for that before it sends more.
            if Some(frame.position.cursor) == here {
                self.note_stated(store, &feeds, frame.position.cursor, frame.fingerprint);
                self.note_progress(&frame, &feeds);
            }
            return Some(Staged {
                confirmed: Some(vec![frame.position]),
                ..Staged::default()
            });
        }
        let moves = frame.position.cursor != frame.after;
        if faults::is_planted("cursor_before_data") && moves {
            let cursor = frame.position.cursor;
            let record = self.cursors.moved(store, &feeds, cursor);
            self.jobs.push_front(Job::Frame(Frame {
                after: cursor,
                ..frame
            }));
            return Some(Staged {
                cursors: vec![record],
                ..Staged::default()
            });
        }
        if frame.items.iter().any(|item| self.is_blocked(item)) {
            // The storage failed just now: it is read again with the next connection.
            self.drop_connection(context, outputs);
            return None;
        }
        let mut counters = self.counters.clone();
        let mut staged = Staged::default();
        let cursor = frame.position.cursor;
        if Some(cursor) != here {
            staged
                .cursors
                .push(self.cursors.moved(store, &feeds, cursor));
        }
        for item in &frame.items {
            self.take_item(item, store, &mut counters, &mut staged);
            // The store has something now that it did not have: also if it was here before.
            self.offer_waiting(item.document.id);
        }
        self.note_stated(store, &feeds, cursor, frame.fingerprint);
        self.note_progress(&frame, &feeds);
        staged.counters = (counters != self.counters).then_some(counters);
        staged.is_strict = frame.items.iter().any(|item| item.state != FeedState::Here);
        staged.confirmed = Some(vec![frame.position]);
        Some(staged)
    }

    /// Whether a document comes into another book and what is here of it could not be read: its
    /// work would stay behind.
    fn is_blocked(&self, item: &FrameItem) -> bool {
        let known = self.index.row(item.document.id);
        let is_moved = known.is_some_and(|known| known.feed != item.feed);
        let is_unread = matches!(
            self.document(item.document.id),
            Some(Opened::Unreadable {
                is_passing: true,
                ..
            })
        );
        is_moved && is_unread
    }

    /// Counts what is still to come.
    fn note_progress(&mut self, frame: &Frame, feeds: &BTreeSet<FeedId>) {
        let items = u32::try_from(frame.items.len()).unwrap_or(u32::MAX);
        self.received_cards = self.received_cards.saturating_add(items);
        let mut remaining = frame.remaining;
        for feed in feeds {
            if frame.is_last() {
                self.pending.remove(feed);
                self.finished.insert(*feed);
            } else {
                self.pending.insert(*feed, std::mem::take(&mut remaining));
            }
        }
        self.connection.set_caught_up(self.pending.is_empty());
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
            receipt: None,
            is_leaving: false,
            revision: counters.revision,
            row: None,
        };
        if item.state != FeedState::Here {
            self.let_go(item, record, staged);
            return;
        }
        // The mark of the book that it left may be in the same frame.
        staged.receipts.insert(id, item.receipt.clone());
        // It left one book and came into another: all of it comes anew.
        let mut removed = staged.removed_documents.iter();
        if let Some(place) = removed.position(|removed| removed.document == id) {
            let home = staged.removed_documents.remove(place);
            staged.replaced_documents.push(home);
        }
        let left = self.known(id, staged).map(RowRecord::home);
        if let Some(left) = left.filter(|left| left.feed != item.feed) {
            // The same in one step. Nothing stays under the keys of the other book, where its row
            // would come to light again if this book went.
            record.chunks = 0;
            staged.replaced_documents.push(left);
            let gone = RowRecord {
                feed: left.feed,
                ..record.clone()
            };
            counters.revision += 1;
            record.revision = counters.revision;
            self.take_here(item, record, true, staged);
            staged.rows.push(gone);
        } else {
            self.take_here(item, record, false, staged);
        }
    }

    /// Takes a document that is in a feed of this tablet.
    fn take_here(
        &mut self,
        item: &FrameItem,
        mut record: RowRecord,
        is_moved: bool,
        staged: &mut Staged,
    ) {
        let id = item.document.id;
        self.works_on(Some(id));
        if self.is_aside(id) {
            self.take_aside(item, record, staged);
            return;
        }
        if self.healing.contains(&id) && item.is_whole && self.heal(item, &mut record, staged) {
            staged.rows.push(record);
            return;
        }
        self.merge(item, &mut record, is_moved, staged);
        staged.rows.push(record);
    }

    /// The record of a document that is here, as an earlier item of the same message left it. That
    /// it is not in one book says nothing about another one.
    pub(crate) fn known<'a>(&'a self, id: DocumentId, staged: &'a Staged) -> Option<&'a RowRecord> {
        let earlier = staged.rows.iter();
        let earlier = earlier.filter(|record| record.document.id == id);
        earlier.fold(self.index.row(id), |known, record| {
            if record.row.is_some() {
                return Some(record);
            }
            known.filter(|known| known.feed != record.feed)
        })
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
            if self.holds_key_of(item.feed) && self.index.feeds().contains(&item.feed) {
                // It may be here beside another book, from the session of someone who does not see
                // that one: nothing may stay, or it would come to light again.
                staged.replaced_documents.push(record.home());
                staged.rows.push(record);
            }
            return;
        };
        let stays = self.index.unsent_of(id) > 0 || self.is_at_risk(&known);
        if stays && !faults::is_planted("left_with_unsent_work") {
            staged.rows.push(RowRecord {
                is_leaving: true,
                revision: record.revision,
                ..known
            });
        } else {
            self.take_document(id);
            staged.removed_documents.push(known.home());
            staged.rows.push(record);
        }
    }

    /// Stores an item's chunks and fills in the record of the document as it is with them.
    fn merge(
        &mut self,
        item: &FrameItem,
        record: &mut RowRecord,
        is_moved: bool,
        staged: &mut Staged,
    ) {
        let id = item.document.id;
        let home = record.home();
        let told = read_row(&item.row);
        // A row from a newer program is computed here rather than done without.
        let told = match item.kind {
            DocumentKind::Customer => told.or_else(|| computed(item)),
            DocumentKind::Unknown(_) => Some(RowText::of(&CustomerRow::default())),
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
                if !is_same || is_moved {
                    record.chunks += count(item.chunks.len());
                    staged
                        .chunks
                        .extend(item.chunks.iter().map(|chunk| (home, chunk.clone())));
                }
                return;
            }
        };
        let mut news: Vec<Vec<u8>> = item
            .chunks
            .iter()
            .filter(|chunk| is_moved || !document.holds(chunk))
            .cloned()
            .collect();
        let has_news = !news.is_empty();
        let absorbed = document.absorb(item.chunks.iter().map(Vec::as_slice));
        if is_moved && absorbed.is_ok() {
            // All that is here, with what waits.
            news = vec![document.snapshot()];
        }
        record.chunks += count(news.len());
        staged
            .chunks
            .extend(news.into_iter().map(|chunk| (home, chunk)));
        match absorbed {
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
    pub(crate) fn mend(&self, id: DocumentId, item: &FrameItem) -> Option<(Document, RowText)> {
        let salvage: &[Vec<u8>] = match self.document(id) {
            Some(Opened::Unreadable { salvage, .. }) => salvage,
            Some(Opened::Document(_)) | None => &[],
        };
        let waiting = self.index.waiting_of(id);
        let waiting: Vec<&[u8]> = waiting
            .filter(|record| record.is_on_card())
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
                let answer = Answer::Acknowledged {
                    seq: *seq,
                    at: ack.at,
                };
                self.note_answer(*device_seq, answer, &mut staged);
                continue;
            };
            let id = waiting.body.document.id;
            let change = waiting.body.change.clone();
            let Some(known) = self.index.row(id).cloned() else {
                let is_held = self.is_held_by_others(waiting.body.feed);
                if is_held && !faults::is_planted("answer_in_a_lost_book_dropped") {
                    // The card is in a book that its author lost: whoever holds it here notes on
                    // the card that the store has this.
                    let answer = Answer::Acknowledged {
                        seq: *seq,
                        at: ack.at,
                    };
                    self.note_answer(*device_seq, answer, &mut staged);
                    staged.hidden_outbox.push(*device_seq);
                } else {
                    staged.removed_outbox.push(*device_seq);
                }
                continue;
            };
            staged.removed_outbox.push(*device_seq);
            let record = records.entry(id).or_insert(known);
            record.heads = match heads::extended(&record.heads, [change.as_slice()]) {
                Some(heads) => heads,
                None if self.is_aside(id) => record.heads.clone(),
                None => self.heads_acknowledged(id, ack).unwrap_or_default(),
            };
        }
        if staged.removed_outbox.is_empty() && staged.shelved.is_empty() {
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
            if left.is_empty() && record.is_leaving && !self.is_to_be_offered(&record) {
                self.take_document(id);
                staged.removed_documents.push(record.home());
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
        staged.receipts.extend(ack.receipts.iter().cloned());
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

/// A row as the store told it; nothing of one that this program can't read.
pub(crate) fn read_row(told: &[u8]) -> Option<RowText> {
    let row: CustomerRow = serde_json::from_slice(told).ok()?;
    Some(RowText::of(&row))
}

/// The row of an item that came without one that can be read.
fn computed(item: &FrameItem) -> Option<RowText> {
    let document = Document::load(item.chunks.iter().map(Vec::as_slice)).ok()?;
    Some(project(&document))
}
