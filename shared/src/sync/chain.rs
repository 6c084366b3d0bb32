//! The running hash over a store's log: two logs with the same chain value hold the same history.

use serde::{Deserialize, Serialize};

use crate::id::DocumentId;

/// The chain's value after some entry of the log: sixteen bytes of BLAKE3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chain([u8; 16]);

impl Chain {
    /// The value before the first entry.
    pub const START: Self = Self([0; 16]);

    /// The value after one more entry.
    #[must_use]
    pub fn extend(self, seq: u64, document: DocumentId, change: &ChangeHash) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.0).update(&seq.to_be_bytes());
        hasher.update(document.as_bytes()).update(change.as_bytes());
        let mut value = [0; 16];
        for (target, byte) in value.iter_mut().zip(hasher.finalize().as_bytes()) {
            *target = *byte;
        }
        Self(value)
    }
}

/// The hash of an Automerge change.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct ChangeHash([u8; 32]);

impl ChangeHash {
    /// The hash with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the hash.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<automerge::ChangeHash> for ChangeHash {
    fn from(hash: automerge::ChangeHash) -> Self {
        Self(hash.0)
    }
}

/// A place in a store's log, with what is held there; the chain proves of which log.
///
/// Documents travel in the order of their latest entry. Between two frames a tablet therefore
/// holds all of the documents whose latest entry is not behind `seq`, but of the others only what
/// is not behind `whole`: that is what a resumed download has to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cursor {
    /// The place: documents whose latest entry is not behind it are held; 0 before the first.
    pub seq: u64,
    /// Every entry up to this one is held, of whatever document. At the end of a download it is
    /// `seq` again.
    pub whole: u64,
    /// The chain's value there.
    pub chain: Chain,
}
