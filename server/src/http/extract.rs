//! What handlers take out of a request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use floorbook_shared::access::Identity;
use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::time::Timestamp;
use serde::de::DeserializeOwned;

use super::cookie;
use super::error::{self, HttpError};
use crate::access::code;
use crate::access::secret::SecretHash;
use crate::database::model::By;
use crate::state::AppState;

/// A JSON body.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(unreadable)?;
        // The place is said, never the text: it may hold a password.
        serde_json::from_slice(&bytes).map(Self).map_err(|problem| {
            let (line, column) = (problem.line(), problem.column());
            error::malformed(format!(
                "the body is not the JSON that this route takes (line {line}, column {column})"
            ))
        })
    }
}

fn unreadable(rejection: BytesRejection) -> HttpError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        error::too_large()
    } else {
        error::malformed("the body broke off")
    }
}

/// Where a request comes from.
pub struct ClientAddress(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, HttpError> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(
            info.map_or(Ipv4Addr::UNSPECIFIED.into(), |info| info.0.ip()),
        ))
    }
}

/// A person who is signed in on a device.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is signed in where.
    pub identity: Identity,
    /// The person.
    pub person: PersonId,
    /// The device.
    pub device: DeviceId,
    /// When the session ends, whatever happens.
    pub expires: Timestamp,
    /// The session's token, hashed.
    pub token: SecretHash,
}

impl Session {
    /// The person as the one who does something now.
    pub fn by(&self, now: Timestamp) -> By {
        By {
            at: now,
            person: Some(self.person),
            device: Some(self.device),
        }
    }
}

/// The session of a request, if there is one.
pub struct OptionalSession(pub Option<Session>);

impl FromRequestParts<Arc<AppState>> for OptionalSession {
    type Rejection = HttpError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, HttpError> {
        let Some(token) = cookie::read(&parts.headers) else {
            return Ok(Self(None));
        };
        let (token, now) = (code::token_hash(token), state.now());
        let open = state
            .with_database(move |database| database.session(token, now))
            .await?;
        Ok(Self(open.map(|open| Session {
            person: open.identity.person,
            device: open.identity.device,
            identity: open.identity,
            expires: open.expires,
            token,
        })))
    }
}

impl FromRequestParts<Arc<AppState>> for Session {
    type Rejection = HttpError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, HttpError> {
        let OptionalSession(session) = OptionalSession::from_request_parts(parts, state).await?;
        session.ok_or_else(error::signed_out)
    }
}

/// A session of an administrator.
#[derive(Clone, Debug)]
pub struct Administrator(pub Session);

impl FromRequestParts<Arc<AppState>> for Administrator {
    type Rejection = HttpError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, HttpError> {
        let session = Session::from_request_parts(parts, state).await?;
        if session.identity.is_administrator {
            Ok(Self(session))
        } else {
            Err(error::not_administrator())
        }
    }
}
