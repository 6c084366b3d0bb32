//! Asking whether a walk-in is a customer of the store already.

use serde::{Deserialize, Serialize};

use crate::id::StoreId;

/// Asks whether somebody is on a card of the store, by a whole phone number or WeChat id of at most
/// [`LOOKUP_MAX_CHARS`](crate::view::lookup::LOOKUP_MAX_CHARS) characters; one of both may be empty.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookUp {
    /// The store.
    pub store: StoreId,
    /// The phone number as typed.
    #[serde(default)]
    pub phone: String,
    /// The WeChat id as typed.
    #[serde(default)]
    pub wechat: String,
}

impl std::fmt::Debug for LookUp {
    /// Keeps the person out of the log.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("LookUp")
            .field("store", &self.store)
            .finish_non_exhaustive()
    }
}

/// Whether somebody is a customer of the store already. No card, name or number of a customer is
/// ever told, and one colleague at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum LookUpAnswer {
    /// On no card of the store.
    Unknown,
    /// On a card that whoever asks may read: the search finds it.
    Yours,
    /// On a card of a colleague.
    Known {
        /// Whom to ask; if there is nobody, the manager.
        ask: Option<String>,
    },
}
