//! Reading the tablet's storage at the start: what is in the clear. What is sealed is read when
//! someone unlocks. A damaged value harms only itself.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use crate::device::aside::AsideRecord;
use crate::device::committing::TRY_STORAGE_MILLIS;
use crate::device::engine::{Context, Device, Outputs, READ_AGAIN_MILLIS};
use crate::device::job::Running;
use crate::device::message::Notice;
use crate::device::record::{
    self, CursorRecord, META_ASIDE, META_COUNTERS, META_TABLET, StoredOutbox, VAULT_SECRET,
};
use crate::device::storage::{OperationId, Read, StoreName};
use crate::faults;
use crate::time::Timestamp;
use crate::vault::keyring::KeyringRecord;

/// Rows that one notice carries.
pub(crate) const ROWS_PER_NOTICE: usize = 500;

/// A part of the storage: what begins with a prefix.
type Part = (StoreName, String);

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    waiting: BTreeMap<OperationId, Part>,
    failed: Vec<Part>,
    entries: BTreeMap<StoreName, Vec<(String, Vec<u8>)>>,
}

/// What was found in a store: the values that can be read, and the keys of those that can't.
struct Found<T> {
    values: Vec<(String, T)>,
    damaged: Vec<String>,
}

impl Opening {
    /// The stores that are in the clear.
    pub(crate) const STORES: [StoreName; 4] = [
        StoreName::Meta,
        StoreName::Vault,
        StoreName::Outbox,
        StoreName::Cursors,
    ];

    pub(crate) fn take(&mut self, id: OperationId, entries: Vec<(String, Vec<u8>)>) {
        if let Some((store, _)) = self.waiting.remove(&id) {
            self.entries.entry(store).or_default().extend(entries);
        }
    }

    /// A store that can't be read at the moment is not an empty one: working on as if it were
    /// would give numbers twice and write over what waits there.
    pub(crate) fn fail(&mut self, id: OperationId) {
        let part = self.waiting.remove(&id);
        if !faults::is_planted("failing_read_taken_as_empty") {
            self.failed.extend(part);
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.waiting.is_empty() && self.failed.is_empty()
    }

    /// Whether everything was answered and something has to be read again.
    pub(crate) fn has_failed(&self) -> bool {
        self.waiting.is_empty() && !self.failed.is_empty()
    }

    /// What was read of a store.
    pub(crate) fn entries(&self, store: StoreName) -> impl Iterator<Item = &(String, Vec<u8>)> {
        self.entries.get(&store).into_iter().flatten()
    }

    fn values<T: DeserializeOwned>(&self, store: StoreName) -> Found<T> {
        let mut found = Found {
            values: Vec::new(),
            damaged: Vec::new(),
        };
        for (key, value) in self.entries(store) {
            match record::decode(store, key, value) {
                Ok(value) => found.values.push((key.clone(), value)),
                Err(_) => found.damaged.push(key.clone()),
            }
        }
        found
    }

    fn value<T: DeserializeOwned>(
        &self,
        store: StoreName,
        key: &str,
        unreadable: &mut usize,
    ) -> Option<T> {
        let mut entries = self.entries(store);
        let (_, value) = entries.find(|(candidate, _)| candidate == key)?;
        let decoded = record::decode(store, key, value).ok();
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

    /// Begins to read a part of the storage.
    pub(crate) fn ask(
        &mut self,
        opening: &mut Opening,
        store: StoreName,
        prefix: String,
        outputs: &mut Outputs,
    ) {
        let id = self.next_operation();
        opening.waiting.insert(id, (store, prefix.clone()));
        outputs.reads.push(Read { id, store, prefix });
    }

    /// Reads again what could not be read.
    pub(crate) fn read_again(&mut self, now: Timestamp, outputs: &mut Outputs) {
        if self.read_again_at.is_none_or(|at| now < at) {
            return;
        }
        self.read_again_at = None;
        let mut running = std::mem::replace(&mut self.running, Running::Nothing);
        if let Running::Opening(opening) | Running::Unlocking { opening, .. } = &mut running {
            for (store, prefix) in std::mem::take(&mut opening.failed) {
                self.ask(opening, store, prefix, outputs);
            }
        }
        self.running = running;
    }

    pub(crate) fn finish_opening(
        &mut self,
        opening: &Opening,
        context: &Context<'_>,
        outputs: &mut Outputs,
    ) {
        let mut unreadable = 0;
        let meta = StoreName::Meta;
        self.tablet = opening.value(meta, META_TABLET, &mut unreadable);
        self.counters = opening
            .value(meta, META_COUNTERS, &mut unreadable)
            .unwrap_or_default();
        // One that can't be read only means that everything is tried again.
        self.recall_aside(opening.value::<AsideRecord>(meta, META_ASIDE, &mut 0));

        let vault = StoreName::Vault;
        self.device_secret = opening.value(vault, VAULT_SECRET, &mut unreadable);
        for (key, value) in opening.entries(vault) {
            if key == VAULT_SECRET {
                continue;
            }
            match record::decode::<KeyringRecord>(vault, key, value) {
                Ok(record) => drop(self.people.insert(record.person, record)),
                // Its person signs in online, which makes it anew.
                Err(_) => unreadable += 1,
            }
        }
        let outbox = opening.values::<StoredOutbox>(StoreName::Outbox);
        let rows = outbox.values.into_iter();
        self.shelf = rows.map(|(_, row)| (row.header.device_seq, row)).collect();
        self.damaged_outbox = outbox.damaged;
        let cursors = opening.values::<CursorRecord>(StoreName::Cursors);
        for (_, record) in cursors.values {
            self.cursors.put(record);
        }
        // Numbers must never be given twice, even if the counters were damaged.
        let last_sent = self.shelf.keys().next_back().copied().unwrap_or(0);
        self.counters.device_seq = self.counters.device_seq.max(last_sent);
        if faults::is_planted("device_seq_reused") {
            self.counters.device_seq = 0;
        }
        self.unreadable_clear = unreadable + cursors.damaged.len();

        let people = self.people_here(context.now);
        self.told_people = Some(people.clone());
        outputs.notices.push(Notice::Opened {
            tablet: self.tablet.clone(),
            people,
        });
        self.deliver_locked(context, outputs);
    }
}
