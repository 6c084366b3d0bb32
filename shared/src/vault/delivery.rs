//! The work of an outbox row, sealed with its author's delivery key.
//!
//! Any conversation of the tablet carries it; only its author could seal it, and only the server
//! can open it beside them. So a shared tablet delivers what one person did while another one
//! works there, and nobody's work can be passed off as another's.

use serde::{Deserialize, Serialize};

use crate::document::{DocumentKey, DocumentKind};
use crate::id::{DeviceId, FeedId, GroupId, PersonId, Randomness};
use crate::vault::key::Key;
use crate::vault::seal::{self, OpenError, Place};

const KIND: &str = "work";

/// What a person did to one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// The document.
    pub document: DocumentKey,
    /// What the document describes.
    pub kind: DocumentKind,
    /// The feed into which a new document goes; for a known one the server knows better.
    pub feed: FeedId,
    /// The change, uncompressed.
    pub change: Vec<u8>,
}

/// What travels beside the sealed work in the clear, and is protected by its seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Docket {
    /// The tablet on which it was done.
    pub device: DeviceId,
    /// The tablet's running number of its changes.
    pub device_seq: u64,
    /// The command that it belongs to.
    pub group: GroupId,
    /// Who gave the command.
    pub person: PersonId,
}

/// A seal that is not the one of this person on this tablet, or whose docket was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the seal of this work is not its author's")]
pub struct ForgedSeal;

impl ForgedSeal {
    /// Stable code of the refusal.
    pub const CODE: &'static str = "forged_seal";
}

impl Docket {
    fn bytes(self) -> [u8; 56] {
        let mut bytes = [0; 56];
        let seq = self.device_seq.to_be_bytes();
        let parts: [&[u8]; 4] = [
            self.device.as_bytes(),
            &seq,
            self.group.as_bytes(),
            self.person.as_bytes(),
        ];
        let all = parts.into_iter().flatten();
        for (target, byte) in bytes.iter_mut().zip(all) {
            *target = *byte;
        }
        bytes
    }

    /// Seals work with the delivery key of its author.
    pub fn seal(self, key: &Key, work: &Work, randomness: &mut dyn Randomness) -> Vec<u8> {
        let bytes = postcard::to_stdvec(work).unwrap_or_default();
        seal::seal(key, Place::new(KIND, &self.bytes()), &bytes, randomness)
    }

    /// Opens work with the delivery key of the person and the tablet that the docket names.
    pub fn open(self, key: &Key, sealed: &[u8]) -> Result<Work, ForgedSeal> {
        let opened = seal::open(key, Place::new(KIND, &self.bytes()), sealed);
        let bytes = opened.map_err(|_: OpenError| ForgedSeal)?;
        let (work, rest) = postcard::take_from_bytes(&bytes).map_err(|_| ForgedSeal)?;
        // What was sealed is all of it.
        if rest.is_empty() {
            Ok(work)
        } else {
            Err(ForgedSeal)
        }
    }
}
