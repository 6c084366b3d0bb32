//! A tablet's storage in a folder on disk, which survives restarts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use floorbook_shared::device::storage::{
    Durability, Read, StorageError, StoreName, Transaction, Write,
};
use redb::{ReadableDatabase, TableDefinition, TableError};

use super::{Entries, TabletStorage};

/// Name of the file in the folder.
const FILE: &str = "tablet.redb";

/// One redb file with one table per store. Only one program at a time can open it.
#[derive(Debug)]
pub struct FolderStorage {
    redb: redb::Database,
}

fn table(store: StoreName) -> TableDefinition<'static, &'static str, &'static [u8]> {
    TableDefinition::new(store.key())
}

impl FolderStorage {
    /// Opens the storage in a folder, which is made if it does not exist.
    ///
    /// # Errors
    /// If the folder can't be used, or another program uses it.
    pub fn open(folder: &Path) -> Result<Self, StorageError> {
        fs::create_dir_all(folder).map_err(failed)?;
        let redb = redb::Database::create(folder.join(FILE)).map_err(failed)?;
        Ok(Self { redb })
    }

    fn try_read(&self, read: &Read) -> Result<Entries, redb::Error> {
        let transaction = self.redb.begin_read()?;
        let table = match transaction.open_table(table(read.store)) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut entries = Vec::new();
        for entry in table.range(read.prefix.as_str()..)? {
            let (key, value) = entry?;
            if !key.value().starts_with(&read.prefix) {
                break;
            }
            entries.push((key.value().to_owned(), value.value().to_owned()));
        }
        Ok(entries)
    }

    fn try_write(&self, transaction: &Transaction) -> Result<(), redb::Error> {
        let mut write = self.redb.begin_write()?;
        write.set_durability(match transaction.durability {
            Durability::Strict => redb::Durability::Immediate,
            Durability::Relaxed => redb::Durability::None,
        })?;
        {
            let mut tables = BTreeMap::new();
            for one in &transaction.writes {
                let store = match one {
                    Write::Put { store, .. }
                    | Write::Delete { store, .. }
                    | Write::DeletePrefix { store, .. }
                    | Write::Clear { store } => *store,
                };
                let table = match tables.remove(&store) {
                    Some(table) => table,
                    None => write.open_table(table(store))?,
                };
                let table = tables.entry(store).or_insert(table);
                match one {
                    Write::Put { key, value, .. } => {
                        table.insert(key.as_str(), value.as_slice())?;
                    }
                    Write::Delete { key, .. } => {
                        table.remove(key.as_str())?;
                    }
                    Write::DeletePrefix { prefix, .. } => {
                        let last = format!("{prefix}{}", char::MAX);
                        table.retain_in(prefix.as_str()..last.as_str(), |_, _| false)?;
                    }
                    Write::Clear { .. } => table.retain(|_, _| false)?,
                }
            }
        }
        write.commit()?;
        Ok(())
    }
}

impl TabletStorage for FolderStorage {
    fn read(&self, read: &Read) -> Result<Entries, StorageError> {
        self.try_read(read).map_err(failed)
    }

    fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError> {
        self.try_write(transaction).map_err(failed)
    }
}

impl Drop for FolderStorage {
    /// What was written last may still be in memory only; a program that ends in order keeps it.
    fn drop(&mut self) {
        let Ok(mut write) = self.redb.begin_write() else {
            return;
        };
        // A storage that fails now has told so before.
        if write.set_durability(redb::Durability::Immediate).is_ok() {
            let _ = write.commit();
        }
    }
}

fn failed(error: impl std::fmt::Display) -> StorageError {
    StorageError {
        code: "failed".to_owned(),
        detail: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(storage: &FolderStorage, prefix: &str) -> Vec<String> {
        let read = Read {
            id: 1,
            store: StoreName::Drafts,
            prefix: prefix.to_owned(),
        };
        let entries = storage.read(&read).unwrap();
        entries.into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn what_was_written_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let mut storage = FolderStorage::open(folder.path()).unwrap();
        assert_eq!(read(&storage, ""), Vec::<String>::new());
        for (id, durability) in [(1, Durability::Strict), (2, Durability::Relaxed)] {
            let store = StoreName::Drafts;
            let mut writes: Vec<Write> = ["a", "b", "c"]
                .map(|name| Write::Put {
                    store,
                    key: format!("{id}/{name}"),
                    value: vec![1],
                })
                .into();
            writes.push(Write::Delete {
                store,
                key: format!("{id}/b"),
            });
            let transaction = Transaction {
                id,
                writes,
                durability,
            };
            storage.write(&transaction).unwrap();
        }
        assert!(FolderStorage::open(folder.path()).is_err(), "one at a time");
        drop(storage);

        let mut storage = FolderStorage::open(folder.path()).unwrap();
        assert_eq!(read(&storage, ""), ["1/a", "1/c", "2/a", "2/c"]);
        assert_eq!(read(&storage, "2/"), ["2/a", "2/c"]);
        let transaction = Transaction {
            id: 3,
            writes: vec![Write::DeletePrefix {
                store: StoreName::Drafts,
                prefix: "1/".to_owned(),
            }],
            durability: Durability::Strict,
        };
        storage.write(&transaction).unwrap();
        assert_eq!(read(&storage, ""), ["2/a", "2/c"]);
    }
}
