//! When a customer was handed over, from whom to whom, for how long.

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, HandoverId, PersonId};
use crate::time::Timestamp;

/// Longest note of a handover, in characters.
pub const HANDOVER_NOTE_MAX_CHARS: usize = 200;

/// A handover as the card keeps it: an entry that never changes, written by the server alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverEntry {
    /// What it is.
    pub kind: HandoverKind,
    /// Who looked after the customer before.
    pub from: PersonId,
    /// Who does from then on.
    pub to: PersonId,
    /// Who decided it; where it ended by itself, who had decided that.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// Until when, of a cover.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What the manager said about it; may be empty.
    #[serde(default)]
    pub note: String,
}

/// What a handover is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverKind {
    /// The customer has another responsible consultant.
    ForGood,
    /// A colleague looks after the customer for a while; the responsible consultant stays.
    Cover,
    /// That while is over.
    Back,
}

/// A handover with its entry, as read from a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    /// Its entry.
    pub id: EntryId,
    /// What it says.
    #[serde(flatten)]
    pub entry: HandoverEntry,
}

/// The entry of a handover in each of its cards: it follows from the handover, so that writing it
/// again after a crash makes no second one.
pub fn entry_of(handover: HandoverId, kind: HandoverKind) -> EntryId {
    let mut hasher = blake3::Hasher::new_derive_key("floorbook 2026 handover entry");
    hasher.update(handover.as_bytes());
    hasher.update(&[u8::from(kind == HandoverKind::Back)]);
    let mut id = [0; 16];
    hasher.finalize_xof().fill(&mut id);
    EntryId::from_bytes(id)
}
