//! Rescue files of tablets.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use floorbook_shared::api::{RescueReport, RescueRequest};

use super::error::{self, HttpError};
use super::extract::{JsonBody, Session};
use crate::access::rescue::take_in;
use crate::state::AppState;

/// `POST /api/rescue`.
pub async fn rescue(
    State(state): State<Arc<AppState>>,
    session: Session,
    JsonBody(request): JsonBody<RescueRequest>,
) -> Result<Json<RescueReport>, HttpError> {
    let content = STANDARD
        .decode(&request.content)
        .map_err(|_| error::malformed("the file is not base64"))?;
    let by = session.by(state.now());
    // A task of its own: a browser that goes away must not end it halfway.
    let work = tokio::spawn(async move { take_in(&state, &content, by).await });
    let report = work.await.map_err(|_| error::internal("rescue task"))??;
    Ok(Json(report))
}
