//! Observers of tablets' disks: when a document's news arrived, when an edit was acknowledged.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use floorbook_shared::device::engine::Device;
use floorbook_shared::device::storage::{StoreName, Transaction, Write};
use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate;
use tokio::sync::watch;

use crate::headless::tablet::Observer;

/// When a tablet first stored something of each document that came from the server, which it does
/// together with its new place in the log: what arrived was checked and is on its disk then.
#[derive(Clone, Default)]
pub struct Arrivals(Arc<Mutex<BTreeMap<DocumentId, Instant>>>);

impl Arrivals {
    /// The observer that fills it.
    pub fn observer(&self) -> Observer {
        let seen = self.clone();
        Box::new(move |transaction, _| {
            let now = Instant::now();
            if !transaction.writes.iter().any(is_place) {
                return;
            }
            let mut seen = lock(&seen.0);
            for document in transaction.writes.iter().filter_map(document_of) {
                seen.entry(document).or_insert(now);
            }
        })
    }

    /// What arrived when.
    pub fn seen(&self) -> BTreeMap<DocumentId, Instant> {
        lock(&self.0).clone()
    }
}

fn is_place(write: &Write) -> bool {
    matches!(
        write,
        Write::Put {
            store: StoreName::Cursors,
            ..
        }
    )
}

fn document_of(write: &Write) -> Option<DocumentId> {
    if let Write::Put {
        store: StoreName::Chunks,
        key,
        ..
    } = write
    {
        // The feed, the document, the chunk.
        key.split('/').nth(1)?.parse().ok()
    } else {
        None
    }
}

/// An edit in a tablet's outbox or out of it.
#[derive(Clone, Copy, Debug)]
pub struct Edit {
    /// The card.
    pub document: DocumentId,
    /// Its change.
    pub hash: ChangeHash,
    /// When it was on the tablet's disk.
    pub queued: Instant,
    /// When the tablet had stored that the server has it.
    pub acknowledged: Option<Instant>,
}

/// What became of a tablet's edits, by their numbers in its outbox.
#[derive(Clone)]
pub struct Outbox {
    edits: Arc<Mutex<BTreeMap<u64, Edit>>>,
    /// How many edits of all tablets were acknowledged.
    acknowledged: watch::Sender<u64>,
    own: watch::Sender<u64>,
}

impl Outbox {
    /// Watches a tablet; `acknowledged` counts for all tablets together.
    pub fn new(acknowledged: watch::Sender<u64>) -> Self {
        Self {
            edits: Arc::default(),
            acknowledged,
            own: watch::Sender::new(0),
        }
    }

    /// The observer that fills it.
    pub fn observer(&self) -> Observer {
        let outbox = self.clone();
        Box::new(move |transaction, device| outbox.take(transaction, device))
    }

    /// Follows how many edits of this tablet were acknowledged.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.own.subscribe()
    }

    /// All edits so far, in their order.
    pub fn edits(&self) -> Vec<Edit> {
        lock(&self.edits).values().copied().collect()
    }

    fn take(&self, transaction: &Transaction, device: &Device) {
        let now = Instant::now();
        let mut settled = 0;
        for write in &transaction.writes {
            if let Write::Put {
                store: StoreName::Outbox,
                key,
                value,
            } = write
            {
                if let Some((number, edit)) = queued(device, key, value, now) {
                    lock(&self.edits).entry(number).or_insert(edit);
                }
            } else if let Write::Delete {
                store: StoreName::Outbox,
                key,
            } = write
                && let Some((number, _)) = key.split_once('/')
                && let Ok(number) = number.parse::<u64>()
                && let Some(edit) = lock(&self.edits).get_mut(&number)
            {
                edit.acknowledged = Some(now);
                settled += 1;
            }
        }
        if settled > 0 {
            self.own.send_modify(|count| *count += settled);
            self.acknowledged.send_modify(|count| *count += settled);
        }
    }
}

fn queued(device: &Device, key: &str, value: &[u8], now: Instant) -> Option<(u64, Edit)> {
    let (number, body) = device.look_into_outbox(key, value).ok()?;
    let change = gate::parse(&body.change).ok()?;
    let edit = Edit {
        document: body.document.id,
        hash: change.hash,
        queued: now,
        acknowledged: None,
    };
    Some((number, edit))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
