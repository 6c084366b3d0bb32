//! Stores and what each sets for itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use floorbook_shared::access::{Action, Store};
use floorbook_shared::api::{NewStore, StoreChange};
use floorbook_shared::id::StoreId;

use super::error::{self, HttpError};
use super::extract::{JsonBody, Session};
use crate::access::{accounts, directory};
use crate::state::AppState;

/// `GET /api/stores`.
pub async fn list(State(state): State<Arc<AppState>>) -> Result<Json<Vec<Store>>, HttpError> {
    let scope = state.with_database(|database| database.scope()).await?;
    Ok(Json(scope.stores.clone()))
}

/// `POST /api/stores`.
pub async fn add(
    State(state): State<Arc<AppState>>,
    session: Session,
    JsonBody(new): JsonBody<NewStore>,
) -> Result<Json<Store>, HttpError> {
    let by = session.by(state.now());
    let added = accounts::add_store(&state, &new.code, &new.name, &new.time_zone, by).await?;
    Ok(Json(added))
}

/// `PATCH /api/stores/{id}`.
pub async fn change(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(store): Path<String>,
    JsonBody(change): JsonBody<StoreChange>,
) -> Result<Json<Store>, HttpError> {
    let store: StoreId = store.parse().map_err(|_| error::not_found())?;
    // What a store sets for itself is its manager's, what it is called is not.
    if change.is_of_the_chain() {
        session.require(Action::ManageStores)?;
    }
    let by = session.by(state.now());
    let changed = directory::change_store(&state, store, change, by).await?;
    Ok(Json(changed))
}
