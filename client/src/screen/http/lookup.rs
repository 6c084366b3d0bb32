//! Whether a walk-in is a customer of the store already.

use floorbook_shared::api::{LookUp, LookUpAnswer};

use super::{Answer, post};

/// Asks whether somebody is on a card of the store.
pub async fn look_up(asked: &LookUp) -> Answer<LookUpAnswer> {
    post("/api/lookup", asked).await
}
