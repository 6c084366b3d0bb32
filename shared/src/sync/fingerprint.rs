//! Fingerprints: whether two sides hold the same documents, without telling them one another.
//!
//! A document's digest is a hash of its identity and heads; the fingerprint of a set is the
//! digests combined so that one can be put in or taken out again at no cost. It finds what went
//! wrong by accident; it is no proof against someone who makes documents on purpose.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::DocumentKey;
use crate::id::DocumentId;
use crate::sync::chain::ChangeHash;

/// Parts into which the documents of a store are split to narrow a difference down.
pub const BUCKETS: usize = 256;

/// The digest of one document, or of a set of documents: sixteen bytes of BLAKE3, combined by
/// exclusive or.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(#[serde(with = "crate::hex_bytes")] [u8; 16]);

impl Fingerprint {
    /// The fingerprint of nothing.
    pub const EMPTY: Self = Self([0; 16]);

    /// The digest of a document with these heads, in whatever order they are given.
    pub fn of(document: DocumentKey, heads: &[ChangeHash]) -> Self {
        let mut sorted = heads.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let mut hasher = blake3::Hasher::new();
        hasher.update(document.id.as_bytes());
        hasher.update(&document.incarnation.to_be_bytes());
        for head in &sorted {
            hasher.update(head.as_bytes());
        }
        let mut value = [0; 16];
        for (target, byte) in value.iter_mut().zip(hasher.finalize().as_bytes()) {
            *target = *byte;
        }
        Self(value)
    }

    /// Puts a digest in, or takes it out if it is in.
    pub fn toggle(&mut self, digest: Self) {
        for (target, byte) in self.0.iter_mut().zip(digest.0) {
            *target ^= byte;
        }
    }

    /// The difference of two fingerprints; empty if they are equal.
    #[must_use]
    pub fn difference(mut self, other: Self) -> Self {
        self.toggle(other);
        self
    }

    /// The sixteen bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The fingerprint with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

/// The bucket that a document is in: its last byte, which is random in every sort of id.
pub fn bucket(document: DocumentId) -> u8 {
    let [.., last] = document.as_bytes();
    *last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u8) -> DocumentKey {
        DocumentKey {
            id: DocumentId::from_bytes([number; 16]),
            incarnation: 0,
        }
    }

    #[test]
    fn what_was_put_in_can_be_taken_out() {
        let heads = [1, 2].map(|byte| ChangeHash::from_bytes([byte; 32]));
        let [one, two] = [key(1), key(2)].map(|key| Fingerprint::of(key, &heads));
        let mut set = Fingerprint::EMPTY;
        set.toggle(one);
        set.toggle(two);
        assert_eq!(set.difference(two), one);
        set.toggle(one);
        set.toggle(two);
        assert_eq!(set, Fingerprint::EMPTY);
    }

    #[test]
    fn identity_incarnation_and_heads_count_and_the_order_of_heads_does_not() {
        let [first, second] = [1, 2].map(|byte| ChangeHash::from_bytes([byte; 32]));
        let digest = Fingerprint::of(key(1), &[first, second]);
        assert_eq!(digest, Fingerprint::of(key(1), &[second, first, second]));
        assert_ne!(digest, Fingerprint::of(key(2), &[first, second]));
        assert_ne!(digest, Fingerprint::of(key(1), &[first]));
        let founded_again = DocumentKey {
            incarnation: 1,
            ..key(1)
        };
        assert_ne!(digest, Fingerprint::of(founded_again, &[first, second]));
    }
}
