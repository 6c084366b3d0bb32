//! What comes from the store: scope, frames of documents, acknowledgements.

use crate::device::command::project;
use crate::device::engine::{Context, Device, Job, Opened, Outputs};
use crate::device::record::{Counters, CursorRecord, RowRecord};
use crate::device::staged::Staged;
use crate::document::Document;
use crate::faults;
use crate::id::{DocumentId, StoreId};
use crate::sync::message::{Ack, AckEntry, FeedState, Frame, FrameItem, Welcome};
use crate::view::row::CustomerRow;

impl Device {
    pub(crate) fn execute_welcome(
        &mut self,
        welcome: Welcome,
        context: &mut Context<'_>,
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
        }
        self.pending_stores
            .extend(awaited.into_iter().map(|store| (store, 0)));
        self.connection
            .set_caught_up(self.pending_stores.is_empty());
        let is_new = scope.version != self.scope.version;
        if !is_new && welcome.rewound.is_empty() {
            return None;
        }
        Some(Staged {
            scope: is_new.then_some(scope),
            removed_cursors: welcome.rewound,
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
        let here = self.cursors.get(&store).copied().unwrap_or_default();
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
            let mut counters = self.counters.clone();
            if frame.position.cursor == here {
                self.note_progress(&frame, context, &mut counters);
            }
            return Some(Staged {
                counters: (counters != self.counters).then_some(counters),
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
                }],
                ..Staged::default()
            });
        }
        let mut counters = self.counters.clone();
        let mut staged = Staged::default();
        for item in &frame.items {
            self.take_item(item, store, &mut counters, &mut staged);
        }
        if frame.position.cursor != here {
            staged.cursors.push(CursorRecord {
                store,
                cursor: frame.position.cursor,
            });
        }
        self.note_progress(&frame, context, &mut counters);
        staged.counters = (counters != self.counters).then_some(counters);
        staged.confirmed = Some(frame.position);
        Some(staged)
    }

    /// Counts what is still to come, and notes the moment at which everything is here and there.
    fn note_progress(&mut self, frame: &Frame, context: &Context<'_>, counters: &mut Counters) {
        let items = u32::try_from(frame.items.len()).unwrap_or(u32::MAX);
        self.received_cards = self.received_cards.saturating_add(items);
        if frame.is_last() {
            self.pending_stores.remove(&frame.position.store);
            self.finished_stores.insert(frame.position.store);
        } else {
            self.pending_stores
                .insert(frame.position.store, frame.remaining);
        }
        let is_caught_up = self.pending_stores.is_empty();
        self.connection.set_caught_up(is_caught_up);
        if is_caught_up {
            self.missing_rows = 0;
        }
        if is_caught_up && self.index.outbox().is_empty() {
            counters.all_at_store = Some(context.now);
        }
    }

    fn take_item(
        &mut self,
        item: &FrameItem,
        store: StoreId,
        counters: &mut Counters,
        staged: &mut Staged,
    ) {
        let id = item.document.id;
        counters.revision += 1;
        let mut record = RowRecord {
            document: item.document,
            kind: item.kind,
            feed: item.feed,
            store,
            next_chunk: self.next_chunk(id),
            revision: counters.revision,
            row: None,
        };
        if item.state != FeedState::Here {
            self.take_document(id);
            staged.removed_documents.push(id);
            staged.rows.push(record);
            return;
        }
        if self.healing.contains(&id)
            && item.is_whole
            && let Some((document, row)) = self.mend(id, item)
        {
            staged.replaced_documents.push(id);
            staged.chunks.push((id, 0, document.snapshot()));
            record.next_chunk = 1;
            record.row = Some(row);
            staged.rows.push(record);
            self.healing.remove(&id);
            self.connection.send_again();
            self.keep_document(id, Opened::Document(Box::new(document)));
            return;
        }
        record.row = self.merge(id, item, &mut record.next_chunk, staged);
        staged.rows.push(record);
    }

    /// Stores an item's chunks and returns the row that the document has now.
    fn merge(
        &mut self,
        id: DocumentId,
        item: &FrameItem,
        next_chunk: &mut u32,
        staged: &mut Staged,
    ) -> Option<CustomerRow> {
        let told: Option<CustomerRow> = serde_json::from_slice(&item.row).ok();
        // A row from a newer program is computed here rather than done without.
        let told = told.or_else(|| computed(item));
        let is_merged_here = self.must_merge(id) && self.index.row(id).is_some();
        let opened = if is_merged_here {
            self.take_document(id)
        } else {
            // Nobody looks at it: it is stored as it came and opened when someone does.
            self.take_document(id);
            None
        };
        let Some(Opened::Document(mut document)) = opened else {
            for chunk in &item.chunks {
                staged.chunks.push((id, *next_chunk, chunk.clone()));
                *next_chunk += 1;
            }
            if let Some(unreadable) = opened {
                self.keep_document(id, unreadable);
            }
            return told.or_else(|| self.index.row(id).and_then(|known| known.row.clone()));
        };
        for chunk in &item.chunks {
            if !document.holds(chunk) {
                staged.chunks.push((id, *next_chunk, chunk.clone()));
                *next_chunk += 1;
            }
        }
        let absorbed = document.absorb(item.chunks.iter().map(Vec::as_slice));
        match absorbed {
            Ok(()) => {
                let row = project(&document);
                self.keep_document(id, Opened::Document(document));
                if faults::is_planted("row_not_updated") {
                    return self.index.row(id).and_then(|known| known.row.clone());
                }
                Some(row)
            }
            Err(error) => {
                // Poison harms only itself: the document is set aside, the frame goes on.
                let reason = error.to_string();
                self.keep_document(
                    id,
                    Opened::Unreadable {
                        reason,
                        is_passing: false,
                        salvage: Vec::new(),
                    },
                );
                told
            }
        }
    }

    /// Makes a damaged document whole from the store's copy and what can still be read here.
    fn mend(&self, id: DocumentId, item: &FrameItem) -> Option<(Document, CustomerRow)> {
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
        let mut removed = Vec::new();
        for AckEntry { device_seq, .. } in &ack.entries {
            self.connection.settled(*device_seq);
            if self.index.outbox().contains_key(device_seq) {
                removed.push(*device_seq);
            }
        }
        if removed.is_empty() {
            return None;
        }
        let mut counters = self.counters.clone();
        counters.last_acknowledged = Some(ack.at);
        if self.connection.is_caught_up() && removed.len() == self.index.outbox().len() {
            counters.all_at_store = Some(ack.at);
        }
        Some(Staged {
            removed_outbox: removed,
            counters: Some(counters),
            ..Staged::default()
        })
    }
}

/// The row of an item that came without one that can be read.
fn computed(item: &FrameItem) -> Option<CustomerRow> {
    let document = Document::load(item.chunks.iter().map(Vec::as_slice)).ok()?;
    Some(project(&document))
}
