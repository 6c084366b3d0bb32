//! Receipts: what the server says it holds of a document, so that it can believe it later.
//!
//! Context: a server that was restored from a backup lacks what came after. The tablets have it,
//! but a tablet that offers other people's work could have made it up. So with every state of a
//! document the server gives out a receipt, a MAC under a key that is in no backup; what lies under
//! the heads of a receipt was at the server once, through the gate, whoever brings it back.
//!
//! Design: `seq ‖ check ‖ MAC`. A tablet can't verify the MAC, but it has to know what a receipt
//! stands for: while its own work is under way, or a document moves, the server's heads and feed
//! are not the ones that it holds. The check tells: the first bytes of a hash that has no key over
//! the same that the MAC is over.

use std::fmt;

use crate::document::{DocumentKey, DocumentKind};
use crate::id::FeedId;
use crate::sync::fingerprint::Fingerprint;
use crate::sync::message::FeedState;

/// Length of a receipt, in bytes.
pub const RECEIPT_BYTES: usize = 8 + CHECK_BYTES + MAC_BYTES;
const CHECK_BYTES: usize = 4;
const MAC_BYTES: usize = 16;

/// What the key is derived for.
const KEY: &str = "floorbook 2026 receipt key";
/// What stands before everything that is authenticated.
const DOMAIN: &[u8] = b"floorbook receipt 1";

/// What a receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The document.
    pub document: DocumentKey,
    /// What it describes.
    pub kind: DocumentKind,
    /// The feed.
    pub feed: FeedId,
    /// What happened to the document in that feed.
    pub state: FeedState,
    /// The place in the store's log at which this was so.
    pub seq: u64,
    /// The digest of the document's heads there.
    pub digest: Fingerprint,
}

/// A receipt as it travels and as a tablet keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    seq: u64,
    check: [u8; CHECK_BYTES],
    mac: [u8; MAC_BYTES],
}

impl Receipt {
    /// The place in the store's log at which it was given.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// Whether it was given for this claim, as far as that can be told without the key. It says so
    /// by mistake once in four thousand million times; such a receipt is refused when it is
    /// offered.
    pub fn stands_for(&self, claim: &Claim) -> bool {
        self.check == check_of(claim) && self.seq == claim.seq
    }

    /// The bytes of the receipt.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.seq.to_be_bytes().as_slice(), &self.check, &self.mac].concat()
    }

    /// Reads a receipt; `None` if the bytes are none.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (seq, rest) = bytes.split_first_chunk::<8>()?;
        let (check, rest) = rest.split_first_chunk::<CHECK_BYTES>()?;
        Some(Self {
            seq: u64::from_be_bytes(*seq),
            check: *check,
            mac: rest.try_into().ok()?,
        })
    }
}

fn check_of(claim: &Claim) -> [u8; CHECK_BYTES] {
    let [first, second, third, fourth, ..] = hash(claim, blake3::Hasher::new());
    [first, second, third, fourth]
}

fn mac_of(claim: &Claim, key: &ReceiptKey) -> [u8; MAC_BYTES] {
    let mut mac = [0; MAC_BYTES];
    let hash = hash(claim, blake3::Hasher::new_keyed(&key.0));
    for (target, byte) in mac.iter_mut().zip(hash) {
        *target = byte;
    }
    mac
}

/// The hash of a claim. Every part has a fixed length, so no two claims are the same bytes.
fn hash(claim: &Claim, mut hasher: blake3::Hasher) -> [u8; 32] {
    let state: u8 = match claim.state {
        FeedState::Here => 0,
        FeedState::Left => 1,
        FeedState::Erased => 2,
    };
    hasher.update(DOMAIN);
    hasher.update(claim.document.id.as_bytes());
    hasher.update(&claim.document.incarnation.to_be_bytes());
    hasher.update(&u16::from(claim.kind).to_be_bytes());
    hasher.update(claim.feed.as_bytes());
    hasher.update(&[state]);
    hasher.update(&claim.seq.to_be_bytes());
    hasher.update(claim.digest.as_bytes());
    *hasher.finalize().as_bytes()
}

/// The key that receipts are made with. It is derived from the server's master secret, which is in
/// no database and no backup.
#[derive(Clone)]
pub struct ReceiptKey([u8; blake3::KEY_LEN]);

impl ReceiptKey {
    /// The key of a server with this master secret.
    pub fn derive(master: &[u8; 32]) -> Self {
        Self(blake3::derive_key(KEY, master))
    }

    /// Gives a receipt.
    pub fn issue(&self, claim: &Claim) -> Receipt {
        Receipt {
            seq: claim.seq,
            check: check_of(claim),
            mac: mac_of(claim, self),
        }
    }

    /// Whether this is the receipt that was given for a claim.
    pub fn verifies(&self, claim: &Claim, receipt: &Receipt) -> bool {
        let expected = self.issue(claim);
        // In constant time: every wrong byte costs the same.
        let pairs = expected.mac.iter().zip(receipt.mac);
        let difference = pairs.fold(0, |sum, (left, right)| sum | (left ^ right));
        difference == 0 && expected.seq == receipt.seq && expected.check == receipt.check
    }
}

impl fmt::Debug for ReceiptKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ReceiptKey")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::DocumentId;

    fn claim() -> Claim {
        Claim {
            document: DocumentKey {
                id: DocumentId::from_bytes([1; 16]),
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            feed: FeedId::from_bytes([2; 16]),
            state: FeedState::Here,
            seq: 300,
            digest: Fingerprint::from_bytes([3; 16]),
        }
    }

    #[test]
    fn a_receipt_is_good_for_what_it_was_given_for_and_for_nothing_else() {
        let key = ReceiptKey::derive(&[7; 32]);
        let receipt = key.issue(&claim());
        assert!(key.verifies(&claim(), &receipt));
        assert!(!ReceiptKey::derive(&[8; 32]).verifies(&claim(), &receipt));
        let others = [
            Claim {
                document: DocumentKey {
                    id: DocumentId::from_bytes([9; 16]),
                    ..claim().document
                },
                ..claim()
            },
            Claim {
                document: DocumentKey {
                    incarnation: 1,
                    ..claim().document
                },
                ..claim()
            },
            Claim {
                kind: DocumentKind::Unknown(1),
                ..claim()
            },
            Claim {
                feed: FeedId::from_bytes([9; 16]),
                ..claim()
            },
            Claim {
                state: FeedState::Left,
                ..claim()
            },
            Claim {
                seq: 301,
                ..claim()
            },
            Claim {
                digest: Fingerprint::from_bytes([9; 16]),
                ..claim()
            },
        ];
        for other in others {
            assert!(!key.verifies(&other, &receipt), "{other:?}");
            assert!(!receipt.stands_for(&other), "{other:?}");
        }
    }

    #[test]
    fn every_bit_of_a_receipt_counts() {
        let key = ReceiptKey::derive(&[7; 32]);
        let bytes = key.issue(&claim()).to_bytes();
        assert_eq!(bytes.len(), RECEIPT_BYTES);
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            let forged = Receipt::from_bytes(&forged).unwrap();
            // The claim is what the receipt itself says of its place.
            let claim = Claim {
                seq: forged.seq(),
                ..claim()
            };
            assert!(!key.verifies(&claim, &forged), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert_eq!(Receipt::from_bytes(&bytes[..length]), None);
        }
        assert_eq!(Receipt::from_bytes(&[bytes, vec![0]].concat()), None);
    }

    #[test]
    fn the_same_receipt_is_given_again() {
        let receipt = ReceiptKey::derive(&[7; 32]).issue(&claim());
        let bytes = receipt.to_bytes();
        assert_eq!(Receipt::from_bytes(&bytes), Some(receipt));
        assert!(receipt.stands_for(&claim()));
        // Frozen: with another derivation no tablet could bring back what it holds.
        assert_eq!(hex::encode(bytes), FROZEN);
    }

    const FROZEN: &str = "000000000000012c10a65bd0a308eac6071002a4ed4eee97cf404165";
}
