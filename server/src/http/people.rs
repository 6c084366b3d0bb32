//! Staff members, for administrators.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use floorbook_shared::access::Action;
use floorbook_shared::api::{InvitationCode, Member, NewPerson};
use floorbook_shared::id::PersonId;

use super::error::{self, HttpError};
use super::extract::{JsonText, Session};
use crate::access::accounts;
use crate::state::AppState;

/// `GET /api/people`.
pub async fn list(
    State(state): State<Arc<AppState>>,
    session: Session,
) -> Result<Json<Vec<Member>>, HttpError> {
    session.require(Action::ManagePeople)?;
    Ok(Json(
        state.with_database(|database| database.members()).await?,
    ))
}

/// `POST /api/people`.
pub async fn add(
    State(state): State<Arc<AppState>>,
    session: Session,
    body: JsonText,
) -> Result<Json<InvitationCode>, HttpError> {
    session.require(Action::ManagePeople)?;
    let new: NewPerson = body.read()?;
    let by = session.by(state.now());
    Ok(Json(accounts::add_person(&state, new, by).await?))
}

/// `POST /api/people/{id}/invite`.
pub async fn invite(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(person): Path<String>,
) -> Result<Json<InvitationCode>, HttpError> {
    session.require(Action::ManagePeople)?;
    let person: PersonId = person.parse().map_err(|_| error::not_found())?;
    let by = session.by(state.now());
    Ok(Json(accounts::invite(&state, person, by).await?))
}
