//! Staff members, for administrators.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use floorbook_shared::api::{InvitationCode, Member, NewPerson, PersonChange};
use floorbook_shared::id::PersonId;

use super::error::{self, HttpError};
use super::extract::{JsonBody, Session};
use crate::access::{accounts, directory};
use crate::state::AppState;

/// `GET /api/people`.
pub async fn list(State(state): State<Arc<AppState>>) -> Result<Json<Vec<Member>>, HttpError> {
    Ok(Json(
        state.with_database(|database| database.members()).await?,
    ))
}

/// `POST /api/people`.
pub async fn add(
    State(state): State<Arc<AppState>>,
    session: Session,
    JsonBody(new): JsonBody<NewPerson>,
) -> Result<Json<InvitationCode>, HttpError> {
    let by = session.by(state.now());
    Ok(Json(accounts::add_person(&state, new, by).await?))
}

/// `PATCH /api/people/{id}`.
pub async fn change(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(person): Path<String>,
    JsonBody(change): JsonBody<PersonChange>,
) -> Result<Json<Member>, HttpError> {
    let person: PersonId = person.parse().map_err(|_| error::not_found())?;
    let by = session.by(state.now());
    directory::change_person(&state, person, change, by).await?;
    let members = state.with_database(|database| database.members()).await?;
    let member = members.into_iter().find(|member| member.id == person);
    member.map(Json).ok_or_else(error::not_found)
}

/// `POST /api/people/{id}/invite`.
pub async fn invite(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(person): Path<String>,
) -> Result<Json<InvitationCode>, HttpError> {
    let person: PersonId = person.parse().map_err(|_| error::not_found())?;
    let by = session.by(state.now());
    Ok(Json(accounts::invite(&state, person, by).await?))
}
