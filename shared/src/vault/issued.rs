//! The keys that the server gives a person on one tablet.

use serde::{Deserialize, Serialize};

use crate::id::FeedId;
use crate::vault::key::Key;

/// What a person needs on a tablet to read their feeds and to sign what they do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedKeys {
    /// Seals the person's work, which proves at the server whose it is.
    pub delivery: Key,
    /// A key for each feed that the person may read.
    pub feeds: Vec<FeedKey>,
}

/// The key of one feed on this tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedKey {
    /// The feed.
    pub feed: FeedId,
    /// Its key.
    pub key: Key,
}
