//! Setting up, signing in and out, joining by a one-time link.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use floorbook_shared::api::{
    Invitation, InvitationQuery, JoinRequest, SetupRequest, SignInRequest,
};

use super::address::ClientAddress;
use super::error::HttpError;
use super::extract::{EnrolledTablet, JsonBody, Session, with_cookie};
use crate::access::sign_in;
use crate::state::AppState;

/// `POST /api/setup`.
pub async fn set_up(
    State(state): State<Arc<AppState>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<SetupRequest>,
) -> Result<Response, HttpError> {
    let (signed_in, cookie) = sign_in::set_up(&state, request, address).await?;
    with_cookie(Json(signed_in).into_response(), cookie)
}

/// `POST /api/sign-in`.
pub async fn sign_in(
    State(state): State<Arc<AppState>>,
    ClientAddress(address): ClientAddress,
    tablet: EnrolledTablet,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<Response, HttpError> {
    let signed_in = sign_in::sign_in(&state, &tablet.standing, request, address).await?;
    with_cookie(Json(signed_in).into_response(), tablet.cookie)
}

/// `POST /api/sign-out`.
pub async fn sign_out(
    State(state): State<Arc<AppState>>,
    session: Session,
) -> Result<StatusCode, HttpError> {
    let now = state.now();
    state
        .with_database(move |database| database.sign_out(session.token, now))
        .await?;
    state
        .sockets
        .end_sessions(session.person, Some(session.device));
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/invitation`.
pub async fn invitation(
    State(state): State<Arc<AppState>>,
    tablet: EnrolledTablet,
    JsonBody(query): JsonBody<InvitationQuery>,
) -> Result<Json<Invitation>, HttpError> {
    let code = query.code.expose();
    Ok(Json(
        sign_in::invitation(&state, &tablet.standing, code).await?,
    ))
}

/// `POST /api/join`.
pub async fn join(
    State(state): State<Arc<AppState>>,
    tablet: EnrolledTablet,
    JsonBody(request): JsonBody<JoinRequest>,
) -> Result<Response, HttpError> {
    let signed_in = sign_in::join(&state, &tablet.standing, request).await?;
    with_cookie(Json(signed_in).into_response(), tablet.cookie)
}
