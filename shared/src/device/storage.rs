//! What the engine asks of the tablet's storage, and how values are sealed in it.

use serde::{Deserialize, Serialize};

use crate::id::Randomness;
use crate::vault::key::Key;
use crate::vault::seal::{self, OpenError, Place};

/// The stores of the tablet's database, version 1. Upgrades only add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StoreName {
    /// The tablet, counters and what is set aside; in the clear.
    Meta,
    /// Projections, packed pages and single rows, read whole when someone unlocks:
    /// `<feed>/p/<revision>`, `<feed>/d/<document>`.
    Rows,
    /// Documents: `<feed>/<document>/<hash>` → a change or a snapshot.
    Chunks,
    /// Changes that the server has not acknowledged: `<device sequence>/<person>`.
    Outbox,
    /// Places in the server's logs, in the clear.
    Cursors,
    /// Entries that the server refused: `<person>/<group>`.
    Refused,
    /// The tablet's secret, and a keyring for each person: `<person>`.
    Vault,
    /// Photos and files (later).
    Files,
    /// Half-typed forms: `<person>/<form>`.
    Drafts,
}

impl StoreName {
    /// All stores.
    pub const ALL: [Self; 9] = [
        Self::Meta,
        Self::Rows,
        Self::Chunks,
        Self::Outbox,
        Self::Cursors,
        Self::Refused,
        Self::Vault,
        Self::Files,
        Self::Drafts,
    ];

    /// The name of the store in the database; frozen with the format.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Rows => "rows",
            Self::Chunks => "chunks",
            Self::Outbox => "outbox",
            Self::Cursors => "cursors",
            Self::Refused => "refused",
            Self::Vault => "vault",
            Self::Files => "files",
            Self::Drafts => "drafts",
        }
    }
}

/// Number of a read or a transaction, unique while the engine lives.
pub type OperationId = u64;

/// All entries of a store whose key begins with a prefix, in the order of their keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Read {
    /// Its number.
    pub id: OperationId,
    /// The store.
    pub store: StoreName,
    /// What the keys begin with; empty for the whole store.
    pub prefix: String,
}

/// Writes that happen together or not at all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Its number.
    pub id: OperationId,
    /// The writes, in order.
    pub writes: Vec<Write>,
    /// When it counts as complete.
    pub durability: Durability,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Write {
    /// Puts a value.
    Put {
        /// The store.
        store: StoreName,
        /// The key.
        key: String,
        /// The sealed value.
        value: Vec<u8>,
    },
    /// Deletes a value, if there is one.
    Delete {
        /// The store.
        store: StoreName,
        /// The key.
        key: String,
    },
    /// Deletes all values whose key begins with a prefix.
    DeletePrefix {
        /// The store.
        store: StoreName,
        /// What the keys begin with; never empty.
        prefix: String,
    },
    /// Deletes all values of a store.
    Clear {
        /// The store.
        store: StoreName,
    },
}

/// When a transaction counts as complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Durability {
    /// When it is on the disk: for what a person entered.
    Strict,
    /// When the system took it: for what can be fetched or derived again.
    Relaxed,
}

/// A read or transaction that failed. Nothing of a failed transaction was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("storage failed ({code}): {detail}")]
pub struct StorageError {
    /// Stable code: `quota`, `closed`, `newer`, `deleted`, `failed`.
    pub code: String,
    /// What the system said.
    pub detail: String,
}

/// The place of a value: its tag protects it, so that a value can't be put anywhere else.
pub(crate) const fn place(store: StoreName, key: &str) -> Place<'_> {
    Place::new(store.key(), key.as_bytes())
}

/// Puts a value without personal data into its envelope, in the clear.
pub fn seal_clear(store: StoreName, key: &str, bytes: &[u8]) -> Vec<u8> {
    seal::seal_clear(place(store, key), bytes)
}

/// Takes a value without personal data out of its envelope.
pub fn open_clear<'a>(store: StoreName, key: &str, value: &'a [u8]) -> Result<&'a [u8], OpenError> {
    seal::open_clear(place(store, key), value)
}

/// Seals a value for its place.
pub fn seal(
    with: &Key,
    store: StoreName,
    key: &str,
    bytes: &[u8],
    randomness: &mut dyn Randomness,
) -> Vec<u8> {
    seal::seal(with, place(store, key), bytes, randomness)
}

/// Opens a sealed value with the key that it names, if that is among these.
pub fn open<'a>(
    keys: impl IntoIterator<Item = &'a Key>,
    store: StoreName,
    key: &str,
    value: &[u8],
) -> Result<Vec<u8>, OpenError> {
    seal::open_among(keys, place(store, key), value)
}
