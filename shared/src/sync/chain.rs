//! The running hash over a store's log: two logs with the same chain value hold the same history.

use serde::{Deserialize, Serialize};

use crate::id::DocumentId;
use crate::sync::message::HISTORY_MAX_CURSORS;

/// The chain's value after some entry of the log: sixteen bytes of BLAKE3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chain(#[serde(with = "crate::hex_bytes")] [u8; 16]);

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
pub struct ChangeHash(#[serde(with = "crate::hex_bytes")] [u8; 32]);

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

/// Older places to remember when a cursor moves from `here` to `newest`, newest first: close
/// together where they are recent, further and further apart the older they are. A server that was
/// restored goes on from the newest one that it knows.
pub fn remembered(older: &[Cursor], here: Cursor, newest: Cursor) -> Vec<Cursor> {
    let is_whole = here.seq == here.whole && here.seq > 0;
    let candidates = is_whole.then_some(here).into_iter();
    let candidates: Vec<Cursor> = candidates.chain(older.iter().copied()).collect();
    let class = |cursor: &Cursor| newest.seq.saturating_sub(cursor.seq).checked_ilog2();
    let kept = candidates.iter().enumerate().filter(|(place, cursor)| {
        let before = place
            .checked_sub(1)
            .and_then(|before| candidates.get(before));
        let after = candidates.get(place + 1);
        // The first and the last of each distance between two powers of two.
        let is_first = before.is_none_or(|before| class(before) != class(cursor));
        let is_last = after.is_none_or(|after| class(after) != class(cursor));
        is_first || is_last
    });
    kept.map(|(_, cursor)| *cursor)
        .take(HISTORY_MAX_CURSORS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembered_places_are_few_and_never_far_apart() {
        let at = |seq| Cursor {
            seq,
            whole: seq,
            chain: Chain::START,
        };
        let (mut older, mut here) = (Vec::new(), Cursor::default());
        for step in 1..5_000 {
            let newest = at(here.seq + 1 + step % 7);
            older = remembered(&older, here, newest);
            here = newest;
            assert!(older.len() <= 2 * 15, "{} places", older.len());
        }
        for pair in older.windows(2) {
            let [newer, older] = pair else { continue };
            let (near, far) = (here.seq - newer.seq, here.seq - older.seq);
            assert!(far <= 4 * near + 8, "a gap from {near} to {far}");
        }
    }

    #[test]
    fn a_place_inside_a_download_is_not_remembered() {
        let inside = Cursor {
            seq: 9,
            whole: 4,
            chain: Chain::START,
        };
        let newest = Cursor { seq: 12, ..inside };
        assert!(remembered(&[], inside, newest).is_empty());
    }
}
