//! What every storage of a tablet must do: one list of steps and expectations for the browser's
//! IndexedDB and for the stand-ins that the simulator and the headless tablets use instead.
//!
//! The stand-ins run it natively, the tests of this file see to that. In the browser the story
//! `storage.rs` runs it through the storage code of the worker itself, which the quick build opens
//! to it. Keys are plain ASCII, as the engine's are: beyond that, browsers order differently.

use std::collections::BTreeMap;

use floorbook_shared::device::storage::{
    Durability, Read, StorageError, StoreName, Transaction, Write,
};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::tablet_storage::{Entries, TabletStorage};

/// One step of the suite.
#[derive(Debug)]
pub enum Step {
    /// Writes, which must succeed.
    Write(Transaction),
    /// Reads, which must find exactly these entries in this order.
    Expect(Read, Entries),
    /// Ends whatever holds the storage and opens it again.
    Reopen,
}

/// A storage under test.
pub trait Subject {
    /// Reads.
    ///
    /// # Errors
    /// If the storage says so.
    fn read(&mut self, read: &Read) -> Result<Entries, StorageError>;

    /// Writes all or nothing.
    ///
    /// # Errors
    /// If the storage says so.
    fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError>;

    /// Ends whatever holds the storage and opens it again; a storage in memory has nothing to do.
    fn reopen(&mut self) {}
}

impl<S: TabletStorage> Subject for S {
    fn read(&mut self, read: &Read) -> Result<Entries, StorageError> {
        TabletStorage::read(self, read)
    }

    fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError> {
        TabletStorage::write(self, transaction)
    }
}

/// Takes all steps of a seed on an empty storage.
///
/// # Panics
/// At the first thing that is not as it must be, with the seed and the step.
pub fn check(subject: &mut impl Subject, seed: u64) {
    for (number, step) in steps(seed).iter().enumerate() {
        match step {
            Step::Write(transaction) => {
                let written = subject.write(transaction);
                assert_eq!(written, Ok(()), "seed {seed}, step {number}");
            }
            Step::Expect(read, expected) => {
                let found = subject.read(read);
                let found =
                    found.unwrap_or_else(|error| panic!("seed {seed}, step {number}: {error}"));
                assert_same(
                    &found,
                    expected,
                    &format!("seed {seed}, step {number}: {read:?}"),
                );
            }
            Step::Reopen => subject.reopen(),
        }
    }
}

/// Compares without printing megabytes.
fn assert_same(found: &Entries, expected: &Entries, place: &str) {
    let keys = |entries: &Entries| {
        entries
            .iter()
            .map(|(key, _)| key.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(found), keys(expected), "{place}");
    for ((key, found), (_, expected)) in found.iter().zip(expected) {
        assert!(found == expected, "{place}: the value of {key:?}");
    }
}

/// All steps of a seed: first what was thought of, then what chance brings.
pub fn steps(seed: u64) -> Vec<Step> {
    let mut script = Script {
        steps: Vec::new(),
        model: BTreeMap::new(),
        dice: SmallRng::seed_from_u64(seed),
    };
    script.thought_of();
    for _ in 0..60 {
        script.by_chance();
    }
    script.steps
}

/// Keys that are prefixes of one another, and neighbours that are not.
const KEYS: [&str; 12] = [
    "", "a", "a/", "a/1", "a/10", "a/2", "a0", "ab", "b/1", "b/1/1", "~", "~~",
];

struct Script {
    steps: Vec<Step>,
    model: BTreeMap<(StoreName, String), Vec<u8>>,
    dice: SmallRng,
}

impl Script {
    fn write(&mut self, writes: Vec<Write>, durability: Durability) {
        for write in &writes {
            match write {
                Write::Put { store, key, value } => {
                    self.model.insert((*store, key.clone()), value.clone());
                }
                Write::Delete { store, key } => {
                    self.model.remove(&(*store, key.clone()));
                }
                Write::DeletePrefix { store, prefix } => {
                    let is_gone =
                        |name: &StoreName, key: &str| name == store && key.starts_with(prefix);
                    self.model.retain(|(name, key), _| !is_gone(name, key));
                }
                Write::Clear { store } => self.model.retain(|(name, _), _| name != store),
            }
        }
        let id = self.steps.len() as u64;
        self.steps.push(Step::Write(Transaction {
            id,
            writes,
            durability,
        }));
    }

    fn expect(&mut self, store: StoreName, prefix: &str) {
        let entries = self.model.iter();
        let entries = entries.filter(|((name, key), _)| *name == store && key.starts_with(prefix));
        let entries = entries.map(|((_, key), value)| (key.clone(), value.clone()));
        let read = Read {
            id: self.steps.len() as u64,
            store,
            prefix: prefix.to_owned(),
        };
        self.steps.push(Step::Expect(read, entries.collect()));
    }

    fn expect_all(&mut self) {
        for store in StoreName::ALL {
            self.expect(store, "");
        }
    }

    fn thought_of(&mut self) {
        use Durability::{Relaxed, Strict};
        use StoreName::{Chunks, Meta, Outbox, Rows};
        self.expect_all();
        // Put, overwrite, delete, also what is not there.
        self.write(vec![put(Meta, "identity", b"one")], Strict);
        self.write(
            vec![put(Meta, "identity", b"two"), put(Meta, "scope", b"")],
            Strict,
        );
        self.expect(Meta, "");
        self.write(
            vec![delete(Meta, "identity"), delete(Meta, "nothing")],
            Strict,
        );
        self.expect(Meta, "");
        // The writes of one transaction happen in their order.
        self.write(
            vec![
                put(Chunks, "a/1", b"old"),
                put(Chunks, "b/1", b"kept"),
                prefix(Chunks, "a/"),
                put(Chunks, "a/2", b"new"),
            ],
            Relaxed,
        );
        self.expect(Chunks, "a/");
        self.expect(Chunks, "");
        // Keys come in order, prefixes end where they end, and other stores are not touched.
        let keys = KEYS.iter().rev();
        let all = keys.flat_map(|key| [put(Rows, key, key.as_bytes()), put(Outbox, key, b"x")]);
        let all = all.collect();
        self.write(all, Strict);
        for key in KEYS {
            self.expect(Rows, key);
        }
        self.write(vec![prefix(Rows, "a/")], Strict);
        self.expect_all();
        self.steps.push(Step::Reopen);
        self.expect_all();
        // Any bytes, no bytes, many bytes, many keys.
        let every_byte: Vec<u8> = (0..=255).collect();
        let large: Vec<u8> = (0..400_000_u32)
            .map(|number| (number % 251) as u8)
            .collect();
        let words = "李女士 · café · 🛋️".as_bytes();
        self.write(
            vec![
                put(Chunks, "bytes", &every_byte),
                put(Chunks, "empty", b""),
                put(Chunks, "large", &large),
                put(Chunks, "words", words),
            ],
            Strict,
        );
        let many = (0..2_000_u32)
            .map(|number| put(Chunks, &format!("m/{number:05}"), &number.to_be_bytes()));
        let many = many.collect();
        self.write(many, Relaxed);
        self.steps.push(Step::Reopen);
        self.expect(Chunks, "");
        self.write(vec![prefix(Chunks, "m/"), delete(Chunks, "large")], Strict);
        self.expect(Chunks, "");
        // What is put behind a clearing stays.
        let clear = Write::Clear { store: Chunks };
        self.write(
            vec![put(Chunks, "a", b"1"), clear, put(Chunks, "b", b"2")],
            Strict,
        );
        self.expect_all();
    }

    fn by_chance(&mut self) {
        let mut writes = Vec::new();
        for _ in 0..self.dice.random_range(1..8) {
            let store = *StoreName::ALL
                .choose(&mut self.dice)
                .unwrap_or(&StoreName::Meta);
            let key = *KEYS.choose(&mut self.dice).unwrap_or(&"");
            writes.push(match self.dice.random_range(0..20) {
                0 => Write::Clear { store },
                1..4 => delete(store, key),
                4..7 if !key.is_empty() => prefix(store, key),
                _ => {
                    let mut value = vec![0; self.dice.random_range(0..40)];
                    self.dice.fill(&mut value);
                    put(store, key, &value)
                }
            });
        }
        let is_strict = self.dice.random_bool(0.5);
        let durability = if is_strict {
            Durability::Strict
        } else {
            Durability::Relaxed
        };
        self.write(writes, durability);
        if self.dice.random_bool(0.05) {
            self.steps.push(Step::Reopen);
        }
        let store = *StoreName::ALL
            .choose(&mut self.dice)
            .unwrap_or(&StoreName::Meta);
        let key = *KEYS.choose(&mut self.dice).unwrap_or(&"");
        self.expect(store, key);
        if self.dice.random_bool(0.1) {
            self.expect_all();
        }
    }
}

fn put(store: StoreName, key: &str, value: &[u8]) -> Write {
    Write::Put {
        store,
        key: key.to_owned(),
        value: value.to_vec(),
    }
}

fn delete(store: StoreName, key: &str) -> Write {
    Write::Delete {
        store,
        key: key.to_owned(),
    }
}

fn prefix(store: StoreName, prefix: &str) -> Write {
    Write::DeletePrefix {
        store,
        prefix: prefix.to_owned(),
    }
}

/// A transaction that a full disk stops somewhere in its middle: the first write is small, and one
/// of those behind it must fail. Nothing of it may be there afterwards.
pub fn larger_than_the_disk() -> Transaction {
    let mut dice = SmallRng::seed_from_u64(1);
    let mut writes = vec![
        put(StoreName::Meta, "halfway", b"x"),
        delete(StoreName::Chunks, "empty"),
    ];
    for number in 0..8_u32 {
        // What can be compressed might fit after all.
        let mut value = vec![0; 100_000];
        dice.fill(&mut value);
        writes.push(put(StoreName::Chunks, &format!("full/{number}"), &value));
    }
    Transaction {
        id: 1,
        writes,
        durability: Durability::Strict,
    }
}

#[cfg(test)]
mod tests {
    use crate::tablet_storage::{FolderStorage, MemoryStorage};

    use super::*;

    #[test]
    fn the_stand_in_in_memory_conforms() {
        for seed in 0..50 {
            check(&mut MemoryStorage::new(), seed);
        }
    }

    #[test]
    fn a_copy_of_the_stand_in_in_memory_conforms() {
        let mut first = MemoryStorage::new();
        for seed in 0..10 {
            check(&mut first.copy(), seed);
        }
    }

    struct Folder {
        folder: tempfile::TempDir,
        open: Option<FolderStorage>,
    }

    impl Folder {
        fn storage(&mut self) -> &mut FolderStorage {
            let path = self.folder.path();
            let open = || FolderStorage::open(path).expect("a folder of its own");
            self.open.get_or_insert_with(open)
        }
    }

    impl Subject for Folder {
        fn read(&mut self, read: &Read) -> Result<Entries, StorageError> {
            TabletStorage::read(self.storage(), read)
        }

        fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError> {
            TabletStorage::write(self.storage(), transaction)
        }

        fn reopen(&mut self) {
            self.open = None;
        }
    }

    #[test]
    fn the_stand_in_in_a_folder_conforms() {
        let folder = tempfile::tempdir().expect("a folder");
        check(&mut Folder { folder, open: None }, 1);
    }
}
