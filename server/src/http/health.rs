//! `GET /healthz`.

use std::sync::Arc;

use axum::extract::State;

use super::error::HttpError;
use crate::state::AppState;

/// Says "ok" if the database answers.
pub async fn check(State(state): State<Arc<AppState>>) -> Result<&'static str, HttpError> {
    state.with_database(|database| database.check()).await?;
    Ok("ok")
}
