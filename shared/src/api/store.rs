//! Adding and changing stores.

use serde::{Deserialize, Serialize};

use crate::access::StoreSettings;

/// Adds a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewStore {
    /// Its code, the first part of card numbers; it stays for ever.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its IANA time zone.
    pub time_zone: String,
}

/// Changes a store; what is not named stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreChange {
    /// Its name.
    pub name: Option<String>,
    /// Its IANA time zone.
    pub time_zone: Option<String>,
    /// What it sets for itself, all of it.
    pub settings: Option<StoreSettings>,
}

impl StoreChange {
    /// Whether it changes more than what the store sets for itself.
    pub fn is_of_the_chain(&self) -> bool {
        self.name.is_some() || self.time_zone.is_some()
    }
}
