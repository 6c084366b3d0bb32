//! Staff members, for administrators.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use floorbook_shared::api::{InvitationCode, Member, NewPerson};
use floorbook_shared::id::PersonId;

use super::error::{self, HttpError};
use super::extract::{Administrator, JsonBody};
use crate::access::accounts;
use crate::state::AppState;

/// `GET /api/people`.
pub async fn list(
    State(state): State<Arc<AppState>>,
    _administrator: Administrator,
) -> Result<Json<Vec<Member>>, HttpError> {
    Ok(Json(
        state.with_database(|database| database.members()).await?,
    ))
}

/// `POST /api/people`.
pub async fn add(
    State(state): State<Arc<AppState>>,
    Administrator(session): Administrator,
    JsonBody(new): JsonBody<NewPerson>,
) -> Result<Json<InvitationCode>, HttpError> {
    let by = session.by(state.now());
    Ok(Json(accounts::add_person(&state, new, by).await?))
}

/// `POST /api/people/{id}/invite`.
pub async fn invite(
    State(state): State<Arc<AppState>>,
    Administrator(session): Administrator,
    Path(person): Path<String>,
) -> Result<Json<InvitationCode>, HttpError> {
    let person: PersonId = person.parse().map_err(|_| error::not_found())?;
    let by = session.by(state.now());
    Ok(Json(accounts::invite(&state, person, by).await?))
}
