//! The whole card as its page shows it, computed by the worker when a card is opened.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, EntryId, FeedId, PersonId};
use crate::record::consent::ConsentTopic;
use crate::record::customer::{Customer, CustomerField};
use crate::record::entry::{EntryField, EntryKind};
use crate::time::Timestamp;

/// A card with its conflicts, ready to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardView {
    /// What the card says.
    pub customer: Customer,
    /// The feed that the card is in; its owner is the responsible consultant.
    pub feed: FeedId,
    /// Values that were set on two tablets and wait for someone to choose.
    pub conflicts: Vec<Conflict>,
    /// Changes of this card that are not at the store yet.
    pub unsent: usize,
}

/// A place in a card that two tablets set without knowing of one another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The place.
    pub at: ConflictPlace,
    /// The values, each with who and when; the one shown meanwhile comes first.
    pub values: Vec<ConflictValue>,
}

/// A place in a card that can hold two values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictPlace {
    /// A single-valued field.
    Field(CustomerField),
    /// The number of a phone.
    Phone(EntryId),
    /// The value of a fact, by its name.
    Fact(String),
    /// A field of an entry.
    Entry {
        /// What the entry is about.
        kind: EntryKind,
        /// The entry.
        entry: EntryId,
        /// The field.
        field: EntryField,
    },
    /// What the customer said to a topic.
    Consent(ConsentTopic),
}

/// One of the values of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictValue {
    /// The value; empty if it was cleared.
    pub value: String,
    /// Who set it, if known.
    pub by: Option<(PersonId, DeviceId)>,
    /// When, by that tablet's clock (to the second).
    pub at: Timestamp,
}
