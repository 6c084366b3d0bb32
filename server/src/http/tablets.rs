//! Tablets: enrolling them, looking after them, giving them up.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use floorbook_shared::api::{
    EmptiedTablet, EnrolRequest, EnrolmentCode, Holdings, RenameTablet, Tablet,
};
use floorbook_shared::id::DeviceId;

use super::address::ClientAddress;
use super::error::{self, HttpError};
use super::extract::{EnrolledTablet, JsonBody, Session, with_cookie};
use crate::access::tablets;
use crate::database::model::By;
use crate::state::AppState;

/// `POST /api/enrol`.
pub async fn enrol(
    State(state): State<Arc<AppState>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<EnrolRequest>,
) -> Result<Response, HttpError> {
    let (standing, cookie) = tablets::enrol(&state, request, address).await?;
    with_cookie(Json(standing).into_response(), cookie)
}

/// `POST /api/tablets/code`.
pub async fn code(
    State(state): State<Arc<AppState>>,
    session: Session,
) -> Result<Json<EnrolmentCode>, HttpError> {
    let by = session.by(state.now());
    Ok(Json(tablets::issue_code(&state, by).await?))
}

/// `GET /api/tablets`.
pub async fn list(
    State(state): State<Arc<AppState>>,
    session: Session,
) -> Result<Json<Vec<Tablet>>, HttpError> {
    Ok(Json(tablets::list_for(&state, &session.member).await?))
}

/// `PATCH /api/tablets/{id}`.
pub async fn rename(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(tablet): Path<String>,
    JsonBody(request): JsonBody<RenameTablet>,
) -> Result<StatusCode, HttpError> {
    let by = session.by(state.now());
    tablets::rename(&state, id(&tablet)?, &request.name, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/tablets/{id}/retire`.
pub async fn retire(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(tablet): Path<String>,
) -> Result<StatusCode, HttpError> {
    let by = session.by(state.now());
    let device = id(&tablet)?;
    tablets::require(&state, &session.member, device).await?;
    tablets::retire(&state, device, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/tablets/{id}/stolen`.
pub async fn stolen(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(tablet): Path<String>,
) -> Result<StatusCode, HttpError> {
    let by = session.by(state.now());
    tablets::declare_stolen(&state, id(&tablet)?, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/tablets/{id}/holdings`: it leaves an entry in the audit.
pub async fn holdings(
    State(state): State<Arc<AppState>>,
    session: Session,
    Path(tablet): Path<String>,
) -> Result<Json<Holdings>, HttpError> {
    let by = session.by(state.now());
    Ok(Json(tablets::holdings(&state, id(&tablet)?, by).await?))
}

/// `POST /api/emptied`.
pub async fn emptied(
    State(state): State<Arc<AppState>>,
    tablet: EnrolledTablet,
    session: Option<Extension<Session>>,
    JsonBody(told): JsonBody<EmptiedTablet>,
) -> Result<StatusCode, HttpError> {
    if told.device != tablet.standing.device {
        return Err(error::not_enrolled());
    }
    let by = By {
        at: state.now(),
        person: session.map(|Extension(session)| session.person),
        device: Some(tablet.standing.device),
    };
    tablets::emptied(&state, tablet.standing.device, by).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn id(text: &str) -> Result<DeviceId, HttpError> {
    text.parse().map_err(|_| error::not_found())
}
