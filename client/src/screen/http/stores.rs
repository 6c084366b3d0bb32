//! The stores of the chain.

use floorbook_shared::access::Store;
use floorbook_shared::api::{NewStore, StoreChange};
use floorbook_shared::id::StoreId;

use super::{Answer, patch_only, post};

/// Adds a store.
pub async fn add_store(store: NewStore) -> Answer<Store> {
    post("/api/stores", &store).await
}

/// Changes a store.
pub async fn change_store(store: StoreId, change: StoreChange) -> Answer<()> {
    patch_only(&format!("/api/stores/{store}"), &change).await
}
