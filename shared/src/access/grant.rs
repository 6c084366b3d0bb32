//! What somebody may do with a book beyond what their posts bring.

use serde::{Deserialize, Serialize};

use crate::id::{FeedId, GrantId, PersonId};
use crate::time::Timestamp;

/// How far somebody may use a book; more is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// May see what is in it.
    Read,
    /// May also change it.
    Write,
}

/// Lets a person use a book of somebody else's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its id.
    pub id: GrantId,
    /// The book.
    pub feed: FeedId,
    /// Who may use it.
    pub person: PersonId,
    /// How far.
    pub access: Access,
    /// When the server ends it. Nobody else looks at it: until then it stands, after that it is gone.
    pub until: Option<Timestamp>,
    /// What it is for.
    pub reason: GrantReason,
}

/// What a grant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantReason {
    /// A colleague looks after the customers of someone who is away.
    Cover,
}
