//! Stores.

use serde::{Deserialize, Serialize};

use super::settings::StoreSettings;
use crate::id::StoreId;

/// A shop of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Its short code, the first part of card numbers (`HZ1`).
    pub code: String,
    /// Its name.
    pub name: String,
    /// IANA time zone; days and months are days of this zone.
    pub time_zone: String,
    /// What it sets for itself.
    pub settings: StoreSettings,
}
