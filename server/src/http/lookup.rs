//! Whether a walk-in is on a colleague's card.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use floorbook_shared::access::Action;
use floorbook_shared::api::{LookUp, LookUpAnswer};

use super::error::HttpError;
use super::extract::{JsonBody, Session};
use crate::access::lookup;
use crate::state::AppState;

/// `POST /api/lookup`.
pub async fn look_up(
    State(state): State<Arc<AppState>>,
    session: Session,
    JsonBody(asked): JsonBody<LookUp>,
) -> Result<Json<LookUpAnswer>, HttpError> {
    session.require(Action::LookUp(asked.store))?;
    let by = session.by(state.now());
    let answer = lookup::look_up(&state, &asked, session.person, by).await?;
    Ok(Json(answer))
}
