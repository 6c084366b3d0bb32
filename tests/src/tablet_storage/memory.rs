//! A tablet's storage in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use floorbook_shared::device::storage::{Read, StorageError, StoreName, Transaction, Write};

use super::{Entries, TabletStorage};

type Key = (StoreName, String);

/// An ordered map, so that reading a prefix is a range. Copies share what they began with, so that
/// fifty tablets with the same ten thousand cards fit into one program.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    base: Arc<BTreeMap<Key, Vec<u8>>>,
    /// What was written since the last copy; `None` covers a value of the base.
    own: BTreeMap<Key, Option<Vec<u8>>>,
}

impl MemoryStorage {
    /// An empty storage.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another storage with the same content, of which both hold one copy together.
    #[must_use]
    pub fn copy(&mut self) -> Self {
        if !self.own.is_empty() {
            let base = Arc::make_mut(&mut self.base);
            for (key, value) in std::mem::take(&mut self.own) {
                match value {
                    Some(value) => drop(base.insert(key, value)),
                    None => drop(base.remove(&key)),
                }
            }
        }
        self.clone()
    }

    /// Entries of a store whose key begins with `prefix`, in the order of their keys.
    pub fn entries<'a>(
        &'a self,
        store: StoreName,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a String, &'a Vec<u8>)> {
        let first = (store, prefix.to_owned());
        let is_wanted = move |key: &Key| key.0 == store && key.1.starts_with(prefix);
        let base = self.base.range(first.clone()..);
        let mut base = base.take_while(move |(key, _)| is_wanted(key)).peekable();
        let own = self.own.range(first..);
        let mut own = own.take_while(move |(key, _)| is_wanted(key)).peekable();
        let merged = std::iter::from_fn(move || {
            let Some((key, _)) = own.peek() else {
                return base.next().map(|(key, value)| (key, Some(value)));
            };
            if let Some(earlier) = base.next_if(|(other, _)| other < key) {
                return Some((earlier.0, Some(earlier.1)));
            }
            let key = *key;
            base.next_if(|(other, _)| *other == key);
            own.next().map(|(key, value)| (key, value.as_ref()))
        });
        merged.filter_map(|(key, value)| value.map(|value| (&key.1, value)))
    }

    fn delete(&mut self, key: Key) {
        if self.base.contains_key(&key) {
            self.own.insert(key, None);
        } else {
            self.own.remove(&key);
        }
    }
}

impl TabletStorage for MemoryStorage {
    fn read(&self, read: &Read) -> Result<Entries, StorageError> {
        let entries = self.entries(read.store, &read.prefix);
        Ok(entries
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect())
    }

    fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError> {
        for write in &transaction.writes {
            match write {
                Write::Put { store, key, value } => {
                    self.own.insert((*store, key.clone()), Some(value.clone()));
                }
                Write::Delete { store, key } => self.delete((*store, key.clone())),
                Write::DeletePrefix { store, prefix } => {
                    let keys: Vec<String> = self
                        .entries(*store, prefix)
                        .map(|(key, _)| key.clone())
                        .collect();
                    keys.into_iter().for_each(|key| self.delete((*store, key)));
                }
                Write::Clear { store } => {
                    let keys: Vec<String> = self
                        .entries(*store, "")
                        .map(|(key, _)| key.clone())
                        .collect();
                    keys.into_iter().for_each(|key| self.delete((*store, key)));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use floorbook_shared::device::storage::Durability;

    use super::*;

    fn put(key: &str, value: u8) -> Write {
        Write::Put {
            store: StoreName::Chunks,
            key: key.to_owned(),
            value: vec![value],
        }
    }

    fn write(storage: &mut MemoryStorage, writes: Vec<Write>) {
        let transaction = Transaction {
            id: 1,
            writes,
            durability: Durability::Strict,
        };
        storage.write(&transaction).unwrap();
    }

    fn shown(storage: &MemoryStorage, prefix: &str) -> String {
        let entries = storage.entries(StoreName::Chunks, prefix);
        let entries: Vec<String> = entries
            .map(|(key, value)| format!("{key}={}", value[0]))
            .collect();
        entries.join(" ")
    }

    #[test]
    fn copies_begin_alike_and_go_their_own_ways() {
        let mut first = MemoryStorage::new();
        write(
            &mut first,
            vec![put("a/1", 1), put("a/2", 2), put("b/1", 3)],
        );
        let mut second = first.copy();
        let store = StoreName::Chunks;
        let changes = vec![
            put("a/15", 4),
            put("a/2", 5),
            Write::Delete {
                store,
                key: "a/1".to_owned(),
            },
        ];
        write(&mut second, changes);
        assert_eq!(shown(&first, "a/"), "a/1=1 a/2=2");
        assert_eq!(shown(&second, "a/"), "a/15=4 a/2=5");
        assert_eq!(shown(&second, ""), "a/15=4 a/2=5 b/1=3");

        let third = second.copy();
        let prefix = "a/".to_owned();
        write(&mut second, vec![Write::DeletePrefix { store, prefix }]);
        assert_eq!(shown(&second, ""), "b/1=3");
        assert_eq!(shown(&third, ""), "a/15=4 a/2=5 b/1=3");
    }
}
