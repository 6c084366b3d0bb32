//! A tablet of a world: the real engine on a storage in memory.

use std::collections::{BTreeMap, VecDeque};

use floorbook_shared::access::Identity;
use floorbook_shared::device::engine::{Device, Input, Outputs};
use floorbook_shared::device::message::{Notice, Request, RequestId, RowEntry};
use floorbook_shared::device::storage::{self, Read, StorageError, StoreName, Transaction, Write};
use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::connection::SocketAction;
use floorbook_shared::time::Timestamp;

use super::{Dice, World};

/// What a storage in memory holds.
pub type Stored = BTreeMap<(StoreName, String), Vec<u8>>;

/// Something that the storage has been asked to do.
enum Operation {
    Read(Read),
    Transaction(Transaction),
}

/// A tablet with its storage and its place in the network.
pub struct Tablet {
    /// Who is signed in on it.
    pub identity: Identity,
    /// The engine.
    pub device: Device,
    /// What is on its disk.
    pub stored: Stored,
    /// What its screen shows.
    pub rows: BTreeMap<DocumentId, RowEntry>,
    /// Requests whose answer is awaited, with the text that must not be lost.
    pub asked: BTreeMap<RequestId, (DocumentId, String)>,
    /// Whether it wants a connection that it does not have yet.
    pub wants_connection: bool,
    operations: VecDeque<Operation>,
    /// How far its clock is off, in milliseconds.
    clock_offset: i64,
    is_started: bool,
    pub(super) last_request: RequestId,
}

impl Tablet {
    /// A new tablet, switched off.
    pub fn new(identity: Identity) -> Self {
        let clock_offset = i64::from(*identity.device.as_bytes().last().unwrap_or(&0)) - 128;
        Self {
            identity,
            device: Device::new(),
            stored: Stored::new(),
            rows: BTreeMap::new(),
            asked: BTreeMap::new(),
            wants_connection: false,
            operations: VecDeque::new(),
            clock_offset: clock_offset * 1_000_000,
            is_started: false,
            last_request: 0,
        }
    }

    /// Whether nothing is under way on it.
    pub fn is_idle(&self) -> bool {
        self.is_started && self.operations.is_empty() && !self.wants_connection
    }

    /// Whether it shows rows, so that a person can work with it.
    pub fn is_usable(&self) -> bool {
        self.is_started && self.device.has_identity() && self.device.scope_version() > 0
    }

    fn now(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(self.clock_offset)
    }

    /// The connection is gone.
    pub fn lose_connection(&mut self, now: Timestamp, dice: &mut Dice) {
        let outputs = self.device.handle(Input::Disconnected, self.now(now), dice);
        let lost = self.take(outputs);
        assert!(
            lost.send.is_empty(),
            "a tablet without connection sends nothing"
        );
    }

    /// Takes what concerns storage and screen; the rest is the network's.
    fn take(&mut self, mut outputs: Outputs) -> Outputs {
        let reads = std::mem::take(&mut outputs.reads);
        self.operations
            .extend(reads.into_iter().map(Operation::Read));
        self.operations
            .extend(outputs.transaction.take().map(Operation::Transaction));
        outputs
    }

    fn write(&mut self, transaction: &Transaction) {
        for write in &transaction.writes {
            match write {
                Write::Put { store, key, value } => {
                    self.stored.insert((*store, key.clone()), value.clone());
                }
                Write::Delete { store, key } => {
                    self.stored.remove(&(*store, key.clone()));
                }
                Write::DeletePrefix { store, prefix } => self
                    .stored
                    .retain(|(name, key), _| name != store || !key.starts_with(prefix.as_str())),
            }
        }
    }

    fn read(&self, read: &Read) -> Vec<(String, Vec<u8>)> {
        let entries = self.stored.iter();
        entries
            .filter(|((store, key), _)| *store == read.store && key.starts_with(&read.prefix))
            .map(|((_, key), value)| (key.clone(), value.clone()))
            .collect()
    }

    /// The chunks of a document on its disk, opened.
    pub fn chunks(&self, document: DocumentId) -> Vec<Vec<u8>> {
        let prefix = format!("{document}/");
        let chunks = self
            .stored
            .iter()
            .filter(|((store, key), _)| *store == StoreName::Chunks && key.starts_with(&prefix));
        chunks
            .map(|(_, value)| {
                storage::open(value)
                    .expect("stored chunks are whole")
                    .to_vec()
            })
            .collect()
    }
}

impl World {
    /// Gives an input to a tablet and carries out what it wants.
    pub(super) fn input(&mut self, number: usize, input: Input) {
        let tablet = &mut self.tablets[number];
        let now = tablet.now(self.now);
        let outputs = tablet.device.handle(input, now, &mut self.dice);
        let outputs = tablet.take(outputs);
        match outputs.socket {
            Some(SocketAction::Open) => {
                tablet.wants_connection = true;
                self.server.wires.remove(&number);
            }
            Some(SocketAction::Close) => {
                tablet.wants_connection = false;
                self.server.wires.remove(&number);
            }
            None => {}
        }
        if let Some((_, wire)) = self.server.wires.get_mut(&number) {
            wire.up.extend(outputs.send);
        }
        for notice in outputs.notices {
            self.notice(number, notice);
        }
    }

    fn notice(&mut self, number: usize, notice: Notice) {
        let tablet = &mut self.tablets[number];
        match notice {
            Notice::Rows { rows } => {
                tablet
                    .rows
                    .extend(rows.into_iter().map(|row| (row.document, row)));
            }
            Notice::Removed { documents } => {
                tablet
                    .rows
                    .retain(|document, _| !documents.contains(document));
            }
            Notice::Saved { id, .. } => {
                if let Some((document, text)) = tablet.asked.remove(&id) {
                    self.promises.save(number, document, text);
                }
            }
            Notice::NotSaved { id, code, .. } => {
                let asked = tablet.asked.remove(&id);
                let is_expected = code.starts_with("storage_");
                assert!(
                    is_expected,
                    "tablet {number} refused honest work {asked:?}: {code}"
                );
            }
            Notice::Status { status } => {
                assert!(
                    status.refused.is_empty(),
                    "tablet {number}: {:?}",
                    status.refused
                );
                assert_eq!(
                    status.unreadable, 0,
                    "tablet {number} has unreadable documents"
                );
            }
            Notice::CardUnreadable { reason, .. } => panic!("tablet {number}: {reason}"),
            Notice::Opened { .. }
            | Notice::ScopeChanged { .. }
            | Notice::IdentityChanged { .. }
            | Notice::Card { .. }
            | Notice::CardNumber { .. }
            | Notice::SignOutRefused { .. } => {}
        }
    }

    /// A tablet's storage completes one operation; one that is off is switched on.
    pub(super) fn turn(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        if !tablet.is_started {
            tablet.is_started = true;
            self.input(number, Input::Start);
            return;
        }
        match tablet.operations.pop_front() {
            Some(Operation::Read(read)) => {
                let entries = tablet.read(&read);
                self.input(number, Input::ReadDone(read.id, Ok(entries)));
            }
            Some(Operation::Transaction(transaction)) => {
                tablet.write(&transaction);
                self.input(number, Input::TransactionDone(transaction.id, Ok(())));
            }
            None if !tablet.device.has_identity() => {
                let identity = tablet.identity.clone();
                self.input(number, Input::Request(Request::SignIn { identity }));
            }
            None => {}
        }
    }

    /// A write fails: nothing of it is on the disk.
    pub(super) fn fail_write(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        let Some(Operation::Transaction(transaction)) = tablet.operations.front() else {
            return;
        };
        let id = transaction.id;
        tablet.operations.pop_front();
        let error = StorageError {
            code: "failed".to_owned(),
            detail: String::new(),
        };
        self.input(number, Input::TransactionDone(id, Err(error)));
    }

    /// The network brings one message to a tablet, or a connection that it waits for.
    pub(super) fn deliver(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        if tablet.wants_connection {
            tablet.wants_connection = false;
            let identity = tablet.identity.clone();
            self.server.connect(number, &identity);
            self.input(number, Input::Connected);
            return;
        }
        let Some((_, wire)) = self.server.wires.get_mut(&number) else {
            return;
        };
        match wire.down.pop_front() {
            Some(bytes) => self.input(number, Input::Received(bytes)),
            None if wire.is_closed => self.cut(number),
            None => {}
        }
    }

    /// The time that a tablet waits for may have come.
    pub(super) fn wake(&mut self, number: usize) {
        let tablet = &self.tablets[number];
        if tablet
            .device
            .wake_at()
            .is_some_and(|at| at <= tablet.now(self.now))
        {
            self.input(number, Input::Wake);
        }
    }

    /// A message is repeated, or overtakes another one.
    pub(super) fn disturb(&mut self, number: usize) {
        let repeats = self.dice.chance(50);
        let upwards = self.dice.chance(50);
        let Some((_, wire)) = self.server.wires.get_mut(&number) else {
            return;
        };
        let queue = if upwards {
            &mut wire.up
        } else {
            &mut wire.down
        };
        let Some(place) = queue
            .len()
            .checked_sub(1)
            .map(|last| self.dice.below(last + 1))
        else {
            return;
        };
        if repeats {
            if let Some(message) = queue.get(place).cloned() {
                queue.push_back(message);
            }
        } else if place > 0 {
            queue.swap(place, place - 1);
        }
    }

    /// The connection breaks; messages under way are lost.
    pub(super) fn cut(&mut self, number: usize) {
        if self.server.wires.remove(&number).is_some() {
            self.input(number, Input::Disconnected);
        }
    }

    /// A tablet is killed and starts again with what is on its disk. A transaction under way may
    /// have reached the disk without anyone having been told.
    pub(super) fn restart_tablet(&mut self, number: usize) {
        self.server.wires.remove(&number);
        let reaches_disk = self.dice.chance(50);
        let tablet = &mut self.tablets[number];
        if let Some(Operation::Transaction(transaction)) = tablet.operations.pop_front()
            && reaches_disk
        {
            tablet.write(&transaction);
        }
        tablet.operations.clear();
        tablet.device = Device::new();
        tablet.rows.clear();
        tablet.asked.clear();
        tablet.wants_connection = false;
        tablet.is_started = false;
        self.promises.check_saved(number, &self.tablets[number]);
    }
}
