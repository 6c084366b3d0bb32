//! The machine: its disk, its ledger, and its power.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use floorbook_server::ledger::LedgerStorage;
use floorbook_shared::id::Randomness;
use redb::StorageBackend;

use crate::api::SeededRandomness;

/// Bytes that a disk writes wholly or not at all.
const SECTOR_BYTES: usize = 512;

/// What is left of writes that were not synced when the power failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aftermath {
    /// Nothing of them.
    AllLost,
    /// All of them, the last one to its half.
    LastTorn,
    /// Some of them.
    SomeKept,
    /// Some sectors of them.
    SectorsKept,
}

impl Aftermath {
    /// All there are.
    pub const ALL: [Self; 4] = [
        Self::AllLost,
        Self::LastTorn,
        Self::SomeKept,
        Self::SectorsKept,
    ];
}

#[derive(Clone, Debug)]
enum Operation {
    Write { offset: usize, bytes: Vec<u8> },
    SetLength(usize),
}

/// One file: what is surely on the disk, and what was written since.
#[derive(Clone, Debug, Default)]
struct File {
    now: Vec<u8>,
    synced: Vec<u8>,
    since: Vec<Operation>,
}

impl File {
    fn apply(bytes: &mut Vec<u8>, operation: &Operation) {
        match operation {
            Operation::SetLength(length) => bytes.resize(*length, 0),
            Operation::Write { offset, bytes: new } => {
                // What lies behind the end of a file that did not grow is nowhere.
                let end = bytes.len().min(offset + new.len());
                if let Some(target) = bytes.get_mut(*offset..end) {
                    target.copy_from_slice(&new[..end - offset]);
                }
            }
        }
    }

    fn take(&mut self, operation: Operation) {
        Self::apply(&mut self.now, &operation);
        self.since.push(operation);
    }

    fn sync(&mut self) {
        self.synced.clone_from(&self.now);
        self.since.clear();
    }

    fn after(&self, aftermath: Aftermath, dice: &mut SeededRandomness) -> Self {
        let mut bytes = self.synced.clone();
        let last = self.since.len().saturating_sub(1);
        for (number, operation) in self.since.iter().enumerate() {
            match (aftermath, operation) {
                (Aftermath::AllLost, _) => {}
                (Aftermath::LastTorn, Operation::Write { offset, bytes: new })
                    if number == last =>
                {
                    let half = Operation::Write {
                        offset: *offset,
                        bytes: new[..new.len() / 2].to_vec(),
                    };
                    Self::apply(&mut bytes, &half);
                }
                (Aftermath::SectorsKept, Operation::Write { offset, bytes: new }) => {
                    for (part, sector) in new.chunks(SECTOR_BYTES).enumerate() {
                        if is_head(dice) {
                            let kept = Operation::Write {
                                offset: offset + part * SECTOR_BYTES,
                                bytes: sector.to_vec(),
                            };
                            Self::apply(&mut bytes, &kept);
                        }
                    }
                }
                (Aftermath::SomeKept | Aftermath::SectorsKept, _) if !is_head(dice) => {}
                (Aftermath::LastTorn | Aftermath::SomeKept | Aftermath::SectorsKept, _) => {
                    Self::apply(&mut bytes, operation);
                }
            }
        }
        Self {
            now: bytes.clone(),
            synced: bytes,
            since: Vec::new(),
        }
    }
}

fn is_head(dice: &mut SeededRandomness) -> bool {
    let mut byte = [0];
    dice.fill(&mut byte);
    byte[0] & 1 == 1
}

#[derive(Debug, Default)]
struct State {
    database: File,
    ledger: File,
    operations: u64,
    fails_at: Option<u64>,
    is_off: bool,
}

impl State {
    /// Counts a write; the one at which the power fails does not happen any more.
    fn work(&mut self) -> io::Result<()> {
        self.operations += 1;
        if self.fails_at == Some(self.operations) {
            self.is_off = true;
        }
        self.on()
    }

    fn on(&self) -> io::Result<()> {
        if self.is_off {
            Err(io::Error::other("the power is off"))
        } else {
            Ok(())
        }
    }
}

/// The machine.
#[derive(Clone, Debug, Default)]
pub struct Machine(Arc<Mutex<State>>);

impl Machine {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A machine whose power fails at write number `operation`, from 1.
    pub fn failing_at(operation: u64) -> Self {
        let machine = Self::default();
        machine.state().fails_at = Some(operation);
        machine
    }

    /// Writes, growths and syncs so far.
    pub fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Whether the power has failed.
    pub fn is_off(&self) -> bool {
        self.state().is_off
    }

    /// The machine as it is found when the power is back.
    #[must_use]
    pub fn after_crash(&self, aftermath: Aftermath, seed: u64) -> Self {
        let state = self.state();
        let dice = &mut SeededRandomness(seed);
        Self(Arc::new(Mutex::new(State {
            database: state.database.after(aftermath, dice),
            ledger: state.ledger.after(aftermath, dice),
            ..State::default()
        })))
    }

    /// A machine with this one's ledger and another one's database: a backup that was copied back.
    #[must_use]
    pub fn with_database_of(&self, other: &Self) -> Self {
        let ledger = self.state().ledger.clone();
        let database = other.state().database.clone();
        Self(Arc::new(Mutex::new(State {
            database,
            ledger,
            ..State::default()
        })))
    }

    /// A copy of everything, which goes its own way.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.with_database_of(self)
    }

    /// The disk of the database.
    pub fn disk(&self) -> Disk {
        Disk(self.clone())
    }

    /// The file of the ledger.
    pub fn ledger(&self) -> Box<dyn LedgerStorage> {
        Box::new(LedgerFile(self.clone()))
    }
}

/// The file of the database.
#[derive(Debug)]
pub struct Disk(Machine);

impl StorageBackend for Disk {
    fn len(&self) -> io::Result<u64> {
        let state = self.0.state();
        state.on()?;
        Ok(state.database.now.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let state = self.0.state();
        state.on()?;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let found = state
            .database
            .now
            .get(start..start.saturating_add(out.len()));
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut state = self.0.state();
        state.work()?;
        let length = usize::try_from(len).unwrap_or(usize::MAX);
        state.database.take(Operation::SetLength(length));
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        let mut state = self.0.state();
        state.work()?;
        state.database.sync();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut state = self.0.state();
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        let write = Operation::Write {
            offset,
            bytes: data.to_vec(),
        };
        match state.work() {
            Ok(()) => {
                state.database.take(write);
                Ok(())
            }
            Err(error) => {
                // The write under way counts as not synced: it may be there in part.
                state.database.since.push(write);
                Err(error)
            }
        }
    }
}

struct LedgerFile(Machine);

impl LedgerStorage for LedgerFile {
    fn reader(&self) -> io::Result<Box<dyn Read + '_>> {
        let state = self.0.state();
        state.on()?;
        Ok(Box::new(io::Cursor::new(state.ledger.now.clone())))
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.0.state();
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        state.work()?;
        state.ledger.take(Operation::SetLength(offset));
        state
            .ledger
            .take(Operation::SetLength(offset + bytes.len()));
        state.ledger.take(Operation::Write {
            offset,
            bytes: bytes.to_vec(),
        });
        state.work()?;
        state.ledger.sync();
        Ok(())
    }
}
