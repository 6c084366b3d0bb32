//! `GET /api/state`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use floorbook_shared::api::ServerState;

use super::error::HttpError;
use super::extract::OptionalTablet;
use crate::state::AppState;

/// Tells whether the server is set up and how the tablet of the cookie stands.
pub async fn show(
    State(state): State<Arc<AppState>>,
    OptionalTablet(tablet): OptionalTablet,
) -> Result<Json<ServerState>, HttpError> {
    let is_set_up = state.with_database(|database| database.is_set_up()).await?;
    Ok(Json(ServerState {
        is_set_up,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        tablet: tablet.map(|tablet| tablet.standing),
    }))
}
