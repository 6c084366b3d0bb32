//! A tablet of a world: the real engine on a storage in memory.

use std::collections::{BTreeMap, VecDeque};

use floorbook_shared::access::Identity;
use floorbook_shared::device::engine::{Device, Input, Outputs};
use floorbook_shared::device::message::{RefusedEntry, RequestId, RowEntry};
use floorbook_shared::device::storage::{Durability, Read, StoreName, Transaction, Write};
use floorbook_shared::id::{DocumentId, FeedId};
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::keyring::Cost;
use floorbook_shared::view::card::CardView;

use super::Dice;
use super::people::Worker;

/// Longest time that the host's timer waits, in milliseconds.
const TIMER_MAX_MILLIS: i64 = 3_600_000;

/// What a storage in memory holds.
pub type Stored = BTreeMap<(StoreName, String), Vec<u8>>;

/// What stood under the keys that a transaction wrote, before it.
type Before = BTreeMap<(StoreName, String), Option<Vec<u8>>>;

/// Something that the storage has been asked to do.
pub(super) enum Operation {
    Read(Read),
    Transaction(Transaction),
}

/// A tablet with its storage and its place in the network.
pub struct Tablet {
    /// Who works on it.
    pub workers: Vec<Worker>,
    /// Who of them has it in hand.
    pub(super) at_work: usize,
    /// Whether it was locked and laid down.
    pub(super) is_laid_down: bool,
    /// Whether an unlocking or a sign-in is under way.
    pub(super) is_asked: bool,
    /// The engine.
    pub device: Device,
    /// What is on its disk.
    pub stored: Stored,
    /// What its screen shows.
    pub rows: BTreeMap<DocumentId, RowEntry>,
    /// The cards that its screen shows, as they were told last.
    pub cards: BTreeMap<DocumentId, CardView>,
    /// Entries that its screen shows as refused.
    pub refused: Vec<RefusedEntry>,
    /// Requests whose answer is awaited, with the text that must not be lost.
    pub asked: BTreeMap<RequestId, (DocumentId, Option<String>)>,
    /// Whether it wants a connection that it does not have yet.
    pub wants_connection: bool,
    /// Whether no network reaches it.
    pub is_away: bool,
    /// Whether it never comes back.
    pub is_gone: bool,
    /// When the host's timer fires; timers do not follow the clock.
    pub timer: Option<Timestamp>,
    /// Where it stood after the last input.
    pub(super) cursors: BTreeMap<FeedId, Cursor>,
    pub(super) operations: VecDeque<Operation>,
    /// What each relaxed transaction since the last strict one wrote over, the latest last: the
    /// power may fail before they are on the disk.
    undo: Vec<Before>,
    /// How far its clock is off, in milliseconds.
    pub(super) clock_offset: i64,
    pub(super) is_started: bool,
    pub(super) last_request: RequestId,
}

/// An engine for which PINs cost as little as possible.
fn engine() -> Device {
    Device::new().with_cost(Cost::LEAST)
}

impl Tablet {
    /// A new tablet, switched off.
    pub fn new(identity: Identity) -> Self {
        let clock_offset = i64::from(*identity.device.as_bytes().last().unwrap_or(&0)) - 128;
        Self {
            workers: vec![Worker::new(identity)],
            at_work: 0,
            is_laid_down: false,
            is_asked: false,
            device: engine(),
            stored: Stored::new(),
            rows: BTreeMap::new(),
            cards: BTreeMap::new(),
            refused: Vec::new(),
            asked: BTreeMap::new(),
            wants_connection: false,
            is_away: false,
            is_gone: false,
            timer: None,
            cursors: BTreeMap::new(),
            operations: VecDeque::new(),
            undo: Vec::new(),
            clock_offset: clock_offset * 1_000_000,
            is_started: false,
            last_request: 0,
        }
    }

    /// Whether nothing is under way on it until time passes.
    pub fn is_idle(&self) -> bool {
        self.is_started
            && (self.device.person().is_some()
                || self.is_laid_down
                || self.is_asked
                || self.worker().has_left)
            && self.operations.is_empty()
            && !self.wants_connection
    }

    /// Whether it shows rows, so that a person can work with it.
    pub fn is_usable(&self) -> bool {
        self.is_started && self.device.person().is_some() && self.device.scope_version() > 0
    }

    /// The time that its clock shows.
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(self.clock_offset)
    }

    /// Gives an input to the engine; keeps what concerns storage and timer, returns the rest.
    pub(super) fn handle(&mut self, input: Input, now: Timestamp, dice: &mut Dice) -> Outputs {
        let clock = self.clock(now);
        let mut outputs = self.device.handle(input, clock, dice);
        let reads = std::mem::take(&mut outputs.reads);
        self.operations
            .extend(reads.into_iter().map(Operation::Read));
        self.operations
            .extend(outputs.transaction.take().map(Operation::Transaction));
        self.timer = self.device.wake_at().map(|at| {
            let pause = at.as_millis() - clock.as_millis();
            now.plus_millis(pause.clamp(0, TIMER_MAX_MILLIS))
        });
        outputs
    }

    /// The engine is gone, the disk stays.
    pub(super) fn kill(&mut self) {
        self.operations.clear();
        self.device = engine();
        self.forget_screen();
        self.is_asked = false;
        self.cursors.clear();
        self.wants_connection = false;
        self.timer = None;
        self.is_started = false;
    }

    /// What was shown of someone is not there any more.
    pub(super) fn forget_screen(&mut self) {
        self.rows.clear();
        self.cards.clear();
        self.refused.clear();
        self.asked.clear();
    }

    pub(super) fn write(&mut self, transaction: &Transaction) {
        let mut before = Before::new();
        for write in &transaction.writes {
            match write {
                Write::Put { store, key, value } => {
                    self.set((*store, key.clone()), Some(value.clone()), &mut before);
                }
                Write::Delete { store, key } => {
                    self.set((*store, key.clone()), None, &mut before);
                }
                Write::DeletePrefix { store, prefix } => {
                    let keys = self.entries(*store).map(|(key, _)| key);
                    let keys: Vec<String> = keys
                        .filter(|key| key.starts_with(prefix.as_str()))
                        .cloned()
                        .collect();
                    for key in keys {
                        self.set((*store, key), None, &mut before);
                    }
                }
                Write::Clear { store } => {
                    let keys: Vec<String> =
                        self.entries(*store).map(|(key, _)| key.clone()).collect();
                    for key in keys {
                        self.set((*store, key), None, &mut before);
                    }
                }
            }
        }
        match transaction.durability {
            Durability::Strict => self.undo.clear(),
            Durability::Relaxed => self.undo.push(before),
        }
    }

    fn set(&mut self, key: (StoreName, String), value: Option<Vec<u8>>, before: &mut Before) {
        let old = match value {
            Some(value) => self.stored.insert(key.clone(), value),
            None => self.stored.remove(&key),
        };
        before.entry(key).or_insert(old);
    }

    /// The power fails: of the relaxed transactions since the last strict one, only the first ones
    /// are on the disk.
    pub(super) fn lose_power(&mut self, dice: &mut Dice) {
        let kept = dice.below(self.undo.len() + 1);
        for before in self.undo.drain(kept..).rev() {
            for (key, value) in before {
                match value {
                    Some(value) => self.stored.insert(key, value),
                    None => self.stored.remove(&key),
                };
            }
        }
    }

    pub(super) fn read(&self, read: &Read) -> Vec<(String, Vec<u8>)> {
        self.entries(read.store)
            .filter(|(key, _)| key.starts_with(&read.prefix))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// The values of a store on its disk.
    pub fn entries(&self, wanted: StoreName) -> impl Iterator<Item = (&String, &Vec<u8>)> {
        let first = (wanted, String::new());
        let entries = self.stored.range(first..);
        entries
            .take_while(move |((store, _), _)| *store == wanted)
            .map(|((_, key), value)| (key, value))
    }

    /// The chunks of a document on its disk, opened. Damaged ones are left out.
    pub fn chunks(&self, document: DocumentId) -> Vec<Vec<u8>> {
        let part = format!("/{document}/");
        let opened = self.opened(StoreName::Chunks).into_iter();
        opened
            .filter(|(key, _)| key.contains(&part))
            .map(|(_, bytes)| bytes)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use floorbook_shared::device::storage::StorageError;
    use floorbook_shared::id::{DeviceId, PersonId, StoreId};

    use super::*;
    use crate::storage_conformance::{Subject, check};

    struct StandIn(Tablet);

    impl Subject for StandIn {
        fn read(&mut self, read: &Read) -> Result<Vec<(String, Vec<u8>)>, StorageError> {
            Ok(self.0.read(read))
        }

        fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError> {
            self.0.write(transaction);
            Ok(())
        }
    }

    #[test]
    fn the_storage_of_a_simulated_tablet_does_what_a_browsers_does() {
        let identity = Identity {
            device: DeviceId::from_bytes([1; 16]),
            tablet_code: "F01".to_owned(),
            person: PersonId::from_bytes([1; 16]),
            name: String::new(),
            store: StoreId::from_bytes([1; 16]),
        };
        for seed in 0..50 {
            check(&mut StandIn(Tablet::new(identity.clone())), seed);
        }
    }
}
