//! Setting up, signing in and out, joining by a one-time link.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use floorbook_shared::api::{
    Invitation, InvitationQuery, JoinRequest, SetupRequest, SignInRequest,
};

use super::cookie;
use super::error::{self, HttpError};
use super::extract::{ClientAddress, JsonBody, Session};
use crate::access::accounts::{self, Opened};
use crate::state::AppState;

/// `POST /api/setup`.
pub async fn set_up(
    State(state): State<Arc<AppState>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<SetupRequest>,
) -> Result<Response, HttpError> {
    answer(accounts::set_up(&state, request, address).await?)
}

/// `POST /api/sign-in`.
pub async fn sign_in(
    State(state): State<Arc<AppState>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<Response, HttpError> {
    answer(accounts::sign_in(&state, request, address).await?)
}

/// `POST /api/sign-out`.
pub async fn sign_out(
    State(state): State<Arc<AppState>>,
    session: Session,
) -> Result<Response, HttpError> {
    let now = state.now();
    state
        .with_database(move |database| database.sign_out(session.token, now))
        .await?;
    state
        .sockets
        .end_sessions(session.person, Some(session.device));
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Some(cookie) = cookie::clear() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /api/invitation`.
pub async fn invitation(
    State(state): State<Arc<AppState>>,
    ClientAddress(address): ClientAddress,
    JsonBody(query): JsonBody<InvitationQuery>,
) -> Result<Json<Invitation>, HttpError> {
    Ok(Json(
        accounts::invitation(&state, query.code.expose(), address).await?,
    ))
}

/// `POST /api/join`.
pub async fn join(
    State(state): State<Arc<AppState>>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<JoinRequest>,
) -> Result<Response, HttpError> {
    answer(accounts::join(&state, request, address).await?)
}

fn answer(opened: Opened) -> Result<Response, HttpError> {
    let cookie = cookie::set(&opened.token).ok_or_else(|| error::internal("cookie"))?;
    let mut response = Json(opened.signed_in).into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}
