//! What handlers take out of a request.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use floorbook_shared::access::{Action, Identity, Person, rights};
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
        let text = JsonText::from_request(request, state).await?;
        text.read().map(Self)
    }
}

/// A JSON body that nobody looks at until it is clear that the person may do what the route does.
pub struct JsonText(Bytes);

impl<S: Send + Sync> FromRequest<S> for JsonText {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let bytes = Bytes::from_request(request, state).await;
        bytes.map(Self).map_err(unreadable)
    }
}

impl JsonText {
    /// Reads the body.
    ///
    /// # Errors
    /// If it is not what the route takes.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        // The place is said, never the text: it may hold a password.
        serde_json::from_slice(&self.0).map_err(|problem| {
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
    /// The person with their posts.
    pub member: Person,
    /// The device.
    pub device: DeviceId,
    /// When the session ends, whatever happens.
    pub expires: Timestamp,
    /// The session's token, hashed.
    pub token: SecretHash,
}

impl Session {
    /// Refuses what the person may not do.
    pub fn require(&self, action: Action) -> Result<(), HttpError> {
        if rights::may(&self.member, action) {
            Ok(())
        } else {
            Err(error::not_allowed())
        }
    }

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
            member: open.person,
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
