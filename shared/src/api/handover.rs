//! Handing customers over.

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, HandoverId, PersonId, StoreId};
use crate::time::Timestamp;

/// Most customers that are named one by one; all of a consultant's may be more.
pub const HANDOVER_MAX_CUSTOMERS: usize = 1_000;
/// Longest cover, in days.
pub const COVER_MAX_DAYS: i64 = 366;

/// Hands customers of a consultant over to another one of the same store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewHandover {
    /// The store.
    pub store: StoreId,
    /// Whose customers they are; somebody who left has them still.
    pub from: PersonId,
    /// Which ones.
    pub customers: HandedCustomers,
    /// Who gets them.
    pub to: PersonId,
    /// Until when, of a cover; for good without.
    pub until: Option<Timestamp>,
    /// What to say about it; it stands on the cards. May be empty.
    #[serde(default)]
    pub note: String,
}

/// Which customers of a consultant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandedCustomers {
    /// All of them.
    All,
    /// These.
    Some(Vec<DocumentId>),
}

/// A handover that is under way, or a cover that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningHandover {
    /// Its id.
    pub id: HandoverId,
    /// The store.
    pub store: StoreId,
    /// Whose customers they are, or were.
    pub from: PersonId,
    /// Who gets them, or looks after them.
    pub to: PersonId,
    /// How many customers were named; all without.
    pub customers: Option<usize>,
    /// Until when, of a cover.
    pub until: Option<Timestamp>,
    /// What was said about it.
    pub note: String,
    /// Who decided it; nobody means the command line.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// How far it is.
    pub stage: HandoverStage,
}

/// How far a handover is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoverStage {
    /// Its customers are on their way.
    Moving,
    /// A colleague looks after them.
    Covering,
    /// The customers of a cover are on their way back.
    Returning,
    /// It is over.
    Done,
}
