//! Handing customers over, for managers.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use floorbook_shared::access::{Action, rights};
use floorbook_shared::api::{NewHandover, RunningHandover};
use floorbook_shared::id::HandoverId;

use super::error::{self, HttpError};
use super::extract::{JsonBody, Session};
use crate::database::Refusal;
use crate::handover::{self, HandoverError};
use crate::state::AppState;

/// How long an answer waits for the last customer; then it tells how far it is.
const PATIENCE: Duration = Duration::from_secs(10);

/// `GET /api/handovers`: those of stores in which the person may hand over.
pub async fn list(
    State(state): State<Arc<AppState>>,
    session: Session,
) -> Result<Json<Vec<RunningHandover>>, HttpError> {
    let may = |store| rights::may(&session.member, Action::HandOver(store));
    let mut running = handover::running(&state).await?;
    running.retain(|handover| may(handover.store));
    Ok(Json(running))
}

/// `POST /api/handovers`.
pub async fn begin(
    State(state): State<Arc<AppState>>,
    session: Session,
    JsonBody(new): JsonBody<NewHandover>,
) -> Result<Json<RunningHandover>, HttpError> {
    session.require(Action::HandOver(new.store))?;
    let by = session.by(state.now());
    let begun = handover::begin(&state, new, by).await?;
    Ok(Json(carried(state, begun).await))
}

/// `POST /api/handovers/{id}/end`.
pub async fn end(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Json<RunningHandover>, HttpError> {
    let id: HandoverId = id.parse().map_err(|_| error::not_found())?;
    let running = handover::running(&state).await?;
    let found = running.into_iter().find(|handover| handover.id == id);
    // Who may not end it learns not even whether it is there.
    let may =
        |handover: &RunningHandover| rights::may(&session.member, Action::HandOver(handover.store));
    let found = found.filter(may).ok_or(Refusal::NoSuchHandover)?;
    let by = session.by(state.now());
    let stage = handover::end(&state, id, by).await?;
    let ended = RunningHandover { stage, ..found };
    Ok(Json(carried(state, ended).await))
}

/// Moves the customers of a handover, as a task of its own: a browser that goes away ends nothing.
async fn carried(state: Arc<AppState>, handover: RunningHandover) -> RunningHandover {
    let id = handover.id;
    let work = tokio::spawn(async move { handover::carry_on(&state, id).await });
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Ok(Ok(stage))) => RunningHandover { stage, ..handover },
        Ok(Ok(Err(error))) => {
            tracing::error!(%error, "a handover could not go on; it is tried again");
            handover
        }
        // It goes on.
        Ok(Err(_)) | Err(_) => handover,
    }
}

impl From<HandoverError> for HttpError {
    fn from(error: HandoverError) -> Self {
        let status = match error {
            HandoverError::Account(error) => return error.into(),
            HandoverError::NotStored(_) => StatusCode::SERVICE_UNAVAILABLE,
            HandoverError::Until
            | HandoverError::Note
            | HandoverError::Customers
            | HandoverError::SamePerson => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let code = error.code().unwrap_or("internal");
        Self::new(status, code, error.to_string())
    }
}
