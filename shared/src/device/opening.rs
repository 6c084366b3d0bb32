//! Reading the tablet's storage at the start. A damaged value harms only itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;

use crate::access::Scope;
use crate::device::aside::AsideRecord;
use crate::device::committing::TRY_STORAGE_MILLIS;
use crate::device::engine::{Device, Job, Outputs, READ_AGAIN_MILLIS, Running};
use crate::device::message::Notice;
use crate::device::record::{
    self, CursorRecord, META_ASIDE, META_COUNTERS, META_IDENTITY, META_SCOPE, OutboxRecord,
    RefusedRecord, RowRecord, feed_of_key,
};
use crate::device::storage::{OperationId, Read, StoreName};
use crate::faults;
use crate::time::Timestamp;

/// Rows that one notice carries.
const ROWS_PER_NOTICE: usize = 500;

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    waiting: BTreeMap<OperationId, StoreName>,
    failed: Vec<StoreName>,
    entries: BTreeMap<StoreName, Vec<(String, Vec<u8>)>>,
}

/// What was found in a store: the values that can be read, and the keys of those that can't.
struct Found<T> {
    values: Vec<(String, T)>,
    damaged: Vec<String>,
}

impl Opening {
    /// The stores that are read whole.
    pub(crate) const STORES: [StoreName; 6] = [
        StoreName::Meta,
        StoreName::Rows,
        StoreName::Outbox,
        StoreName::Cursors,
        StoreName::Refused,
        StoreName::Drafts,
    ];

    pub(crate) fn wait_for(&mut self, id: OperationId, store: StoreName) {
        self.waiting.insert(id, store);
    }

    pub(crate) fn take(&mut self, id: OperationId, entries: Vec<(String, Vec<u8>)>) {
        if let Some(store) = self.waiting.remove(&id) {
            self.entries.insert(store, entries);
        }
    }

    /// A store that can't be read at the moment is not an empty one: working on as if it were
    /// would give numbers twice and write over what waits there.
    pub(crate) fn fail(&mut self, id: OperationId) {
        let store = self.waiting.remove(&id);
        if !faults::is_planted("failing_read_taken_as_empty") {
            self.failed.extend(store);
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.waiting.is_empty() && self.failed.is_empty()
    }

    /// Whether everything was answered and something has to be read again.
    pub(crate) fn has_failed(&self) -> bool {
        self.waiting.is_empty() && !self.failed.is_empty()
    }

    fn values<T: DeserializeOwned>(&self, store: StoreName) -> Found<T> {
        let mut found = Found {
            values: Vec::new(),
            damaged: Vec::new(),
        };
        for (key, value) in self.entries.get(&store).into_iter().flatten() {
            match record::decode(value) {
                Ok(value) => found.values.push((key.clone(), value)),
                Err(_) => found.damaged.push(key.clone()),
            }
        }
        found
    }

    fn meta<T: DeserializeOwned>(&self, key: &str, unreadable: &mut usize) -> Option<T> {
        let entries = self.entries.get(&StoreName::Meta)?;
        let (_, value) = entries.iter().find(|(candidate, _)| candidate == key)?;
        let decoded = record::decode(value).ok();
        *unreadable += usize::from(decoded.is_none());
        decoded
    }
}

impl Device {
    /// A clock that was set back does not make the next try wait for the time before.
    pub(crate) fn notice_clock(&mut self, now: Timestamp) {
        let latest = now.plus_millis(READ_AGAIN_MILLIS);
        self.read_again_at = self.read_again_at.map(|at| at.min(latest));
        let latest = now.plus_millis(TRY_STORAGE_MILLIS);
        self.try_storage_at = self.try_storage_at.map(|at| at.min(latest));
    }

    /// Reads the stores again that could not be read.
    pub(crate) fn read_again(&mut self, now: Timestamp, outputs: &mut Outputs) {
        if self.read_again_at.is_none_or(|at| now < at) {
            return;
        }
        self.read_again_at = None;
        let mut last_operation = self.last_operation;
        if let Running::Opening(opening) = &mut self.running {
            for store in std::mem::take(&mut opening.failed) {
                last_operation += 1;
                opening.wait_for(last_operation, store);
                outputs.reads.push(Read {
                    id: last_operation,
                    store,
                    prefix: String::new(),
                });
            }
        }
        self.last_operation = last_operation;
    }

    pub(crate) fn finish_opening(&mut self, opening: Opening, outputs: &mut Outputs) {
        let mut unreadable = 0;
        self.take_signed_in(opening.meta(META_IDENTITY, &mut unreadable));
        self.scope = opening
            .meta::<Scope>(META_SCOPE, &mut unreadable)
            .unwrap_or_default();
        self.counters = opening
            .meta(META_COUNTERS, &mut unreadable)
            .unwrap_or_default();

        self.verified = self.counters.verified;
        // One that can't be read only means that everything is tried again.
        self.recall_aside(opening.meta::<AsideRecord>(META_ASIDE, &mut 0));

        let pages = opening.values::<Vec<RowRecord>>(StoreName::Rows);
        let keys = opening.entries.get(&StoreName::Rows).into_iter().flatten();
        for feed in keys.filter_map(|(key, _)| feed_of_key(key)) {
            self.index.note_feed(feed);
        }
        for (_, page) in pages.values {
            self.stored_rows += page.len();
            for record in page {
                self.index.put_row(record);
            }
        }
        let outbox = opening.values::<OutboxRecord>(StoreName::Outbox);
        for (_, record) in outbox.values {
            self.index.put_outbox(record);
        }
        let cursors = opening.values::<CursorRecord>(StoreName::Cursors);
        for (_, record) in cursors.values {
            self.cursors.put(record);
        }
        let refused = opening.values::<RefusedRecord>(StoreName::Refused);
        self.refused = refused
            .values
            .into_iter()
            .map(|(_, record)| (record.group, record))
            .collect();
        let drafts = opening.values::<String>(StoreName::Drafts);

        // Numbers must never be given twice, even if the counters were damaged.
        let last_sent = self.index.outbox().keys().next_back().copied().unwrap_or(0);
        self.counters.device_seq = self.counters.device_seq.max(last_sent);
        if faults::is_planted("device_seq_reused") {
            self.counters.device_seq = 0;
        }
        self.counters.revision = self.counters.revision.max(self.index.last_revision());
        unreadable += cursors.damaged.len();
        // The change itself is in its document, as one that neither waits nor is at the store.
        // Writing the documents anew finds it, and the comparison with the store offers it again.
        if !outbox.damaged.is_empty() {
            self.index.untidy_all();
        }
        self.damaged_outbox = outbox.damaged;
        unreadable += refused.damaged.len() + drafts.damaged.len();
        self.unreadable_values = unreadable;
        self.missing_rows = pages.damaged.len();
        // A damaged row is fetched again when the fingerprints are found to differ.
        if !pages.damaged.is_empty() {
            self.jobs.push_front(Job::ForgetRows {
                keys: pages.damaged,
            });
            // A card that the store does not have yet comes from nowhere else than from here.
            let waiting = self.index.outbox().values();
            let waiting: BTreeSet<_> = waiting.map(|record| record.body.document.id).collect();
            let lost = waiting.into_iter();
            let lost = lost.filter(|id| self.index.record(*id).is_none());
            self.jobs.extend(lost.map(Job::Rewrite));
        }

        outputs.notices.push(Notice::Opened {
            identity: self.identity.clone(),
            scope: self.scope.clone(),
            drafts: drafts.values,
        });
        outputs.notices.push(self.session_notice());
        let documents: Vec<_> = self.index.documents().collect();
        for batch in documents.chunks(ROWS_PER_NOTICE) {
            let rows = batch
                .iter()
                .filter_map(|id| self.index.entry(*id))
                .collect();
            outputs.notices.push(Notice::Rows { rows });
        }
    }
}
