//! What the engine asks of the tablet's storage, and how values are sealed in it.

use serde::{Deserialize, Serialize};

/// The stores of the tablet's database, version 1. Upgrades only add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StoreName {
    /// Identity, scope and counters.
    Meta,
    /// Projections: packed pages and single rows, read whole at the start.
    Rows,
    /// Documents: `<document>/<number>` → a change or a snapshot.
    Chunks,
    /// Changes that the server has not acknowledged: `<device sequence>`.
    Outbox,
    /// Places in the server's logs: `<store>`.
    Cursors,
    /// Entries that the server refused: `<group>`.
    Refused,
    /// Keys (later).
    Vault,
    /// Photos and files (later).
    Files,
    /// Half-typed forms, by their key.
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

/// Version of the envelope around every stored value.
const ENVELOPE_VERSION: u8 = 1;
/// Key id of values in the clear: until the vault exists there is no other.
const KEY_CLEAR: u32 = 0;
/// Bytes of the nonce; zero for values in the clear.
const NONCE_BYTES: usize = 12;
/// Bytes of the tag: BLAKE3-128 for values in the clear.
const TAG_BYTES: usize = 16;
const HEADER_BYTES: usize = 1 + 4 + NONCE_BYTES;

/// A stored value that can't be opened: damaged, or from a newer program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored value can't be opened")]
pub struct Unopenable;

/// Seals a value for the tablet's storage: version ‖ key id ‖ nonce ‖ bytes ‖ tag.
pub fn seal(bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(HEADER_BYTES + bytes.len() + TAG_BYTES);
    value.push(ENVELOPE_VERSION);
    value.extend_from_slice(&KEY_CLEAR.to_be_bytes());
    value.extend_from_slice(&[0; NONCE_BYTES]);
    value.extend_from_slice(bytes);
    let tag = tag(&value);
    value.extend_from_slice(&tag);
    value
}

/// Opens a sealed value.
pub fn open(value: &[u8]) -> Result<&[u8], Unopenable> {
    let split = value.len().checked_sub(TAG_BYTES).ok_or(Unopenable)?;
    let (sealed, stated) = value.split_at(split);
    let (header, bytes) = sealed.split_at_checked(HEADER_BYTES).ok_or(Unopenable)?;
    let (version, rest) = header.split_first().ok_or(Unopenable)?;
    let is_clear = rest.starts_with(&KEY_CLEAR.to_be_bytes());
    if *version == ENVELOPE_VERSION && is_clear && stated == tag(sealed) {
        Ok(bytes)
    } else {
        Err(Unopenable)
    }
}

fn tag(sealed: &[u8]) -> [u8; TAG_BYTES] {
    let mut tag = [0; TAG_BYTES];
    for (target, byte) in tag.iter_mut().zip(blake3::hash(sealed).as_bytes()) {
        *target = *byte;
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_damaged_byte_of_a_stored_value_is_noticed() {
        let value = seal("李女士".as_bytes());
        assert_eq!(open(&value), Ok("李女士".as_bytes()));
        for position in 0..value.len() {
            let mut damaged = value.clone();
            *damaged.get_mut(position).unwrap() ^= 1;
            assert_eq!(open(&damaged), Err(Unopenable), "byte {position}");
        }
        for length in 0..value.len() {
            assert_eq!(
                open(value.get(..length).unwrap()),
                Err(Unopenable),
                "length {length}"
            );
        }
    }
}
