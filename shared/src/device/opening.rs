//! Reading the tablet's storage at the start. A damaged value harms only itself.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::access::Scope;
use crate::device::engine::{Device, Outputs};
use crate::device::message::Notice;
use crate::device::record::{
    self, CursorRecord, META_COUNTERS, META_IDENTITY, META_SCOPE, OutboxRecord, RefusedRecord,
    RowRecord,
};
use crate::device::storage::{OperationId, StoreName};

/// Rows that one notice carries.
const ROWS_PER_NOTICE: usize = 500;

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    waiting: BTreeMap<OperationId, StoreName>,
    entries: BTreeMap<StoreName, Vec<(String, Vec<u8>)>>,
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

    pub(crate) fn is_complete(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The values of a store that can be read, and the keys of those that can't.
    fn values<T: DeserializeOwned>(&self, store: StoreName) -> (Vec<(String, T)>, Vec<String>) {
        let mut values = Vec::new();
        let mut unreadable = Vec::new();
        for (key, value) in self.entries.get(&store).into_iter().flatten() {
            match record::decode(value) {
                Ok(value) => values.push((key.clone(), value)),
                Err(_) => unreadable.push(key.clone()),
            }
        }
        (values, unreadable)
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
    pub(crate) fn finish_opening(&mut self, opening: Opening, outputs: &mut Outputs) {
        let mut unreadable = 0;
        self.identity = opening.meta(META_IDENTITY, &mut unreadable);
        self.scope = opening
            .meta::<Scope>(META_SCOPE, &mut unreadable)
            .unwrap_or_default();
        self.counters = opening
            .meta(META_COUNTERS, &mut unreadable)
            .unwrap_or_default();

        let (pages, damaged_pages) = opening.values::<Vec<RowRecord>>(StoreName::Rows);
        for (_, page) in pages {
            page.into_iter()
                .for_each(|record| self.index.put_row(record));
        }
        let (outbox, damaged_outbox) = opening.values::<OutboxRecord>(StoreName::Outbox);
        outbox
            .into_iter()
            .for_each(|(_, record)| self.index.put_outbox(record));
        let (cursors, damaged_cursors) = opening.values::<CursorRecord>(StoreName::Cursors);
        self.cursors = cursors
            .into_iter()
            .map(|(_, record)| (record.store, record.cursor))
            .collect();
        let (refused, damaged_refused) = opening.values::<RefusedRecord>(StoreName::Refused);
        self.refused = refused
            .into_iter()
            .map(|(_, record)| (record.group, record))
            .collect();
        let (drafts, damaged_drafts) = opening.values::<String>(StoreName::Drafts);

        // Numbers must never be given twice, even if the counters were damaged.
        let last_sent = self.index.outbox().keys().next_back().copied().unwrap_or(0);
        self.counters.device_seq = self.counters.device_seq.max(last_sent);
        self.counters.revision = self.counters.revision.max(self.index.last_revision());
        // A damaged row is fetched again: without cursors the store sends everything.
        self.damaged_rows = damaged_pages.into_iter().collect();
        if !self.damaged_rows.is_empty() {
            self.cursors.clear();
        }
        let lost = [
            damaged_outbox,
            damaged_cursors,
            damaged_refused,
            damaged_drafts,
        ];
        self.unreadable_values = unreadable + lost.iter().map(Vec::len).sum::<usize>();

        outputs.notices.push(Notice::Opened {
            identity: self.identity.clone(),
            scope: self.scope.clone(),
            drafts,
        });
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
