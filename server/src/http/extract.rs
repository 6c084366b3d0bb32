//! What handlers take out of a request.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use floorbook_shared::access::{Action, Identity, Person, rights};
use floorbook_shared::api::{TabletStanding, TabletState};
use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::secret::SessionToken;
use floorbook_shared::time::Timestamp;
use serde::de::DeserializeOwned;

use super::cookie::{self, TabletCookie};
use super::error::{self, HttpError};
use crate::access::accounts::AccountError;
use crate::access::code;
use crate::access::secret::SecretHash;
use crate::database::model::By;
use crate::state::AppState;

/// A JSON body. Nobody looks at it before the rule of the route has let the request through.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(unreadable)?;
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

/// A browser whose cookie names a tablet of ours, however it stands.
#[derive(Clone)]
pub struct EnrolledTablet {
    /// The tablet.
    pub standing: TabletStanding,
    /// Its cookie, to be set anew now and then.
    pub cookie: TabletCookie,
}

/// The tablet of a request, if its cookie names one, however it stands.
pub struct OptionalTablet(pub Option<EnrolledTablet>);

impl FromRequestParts<Arc<AppState>> for OptionalTablet {
    type Rejection = HttpError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &Arc<AppState>,
    ) -> Result<Self, HttpError> {
        Self::of(&parts.headers, state).await
    }
}

impl OptionalTablet {
    /// The tablet of a request.
    ///
    /// # Errors
    /// If the database can't be read.
    pub async fn of(headers: &HeaderMap, state: &AppState) -> Result<Self, HttpError> {
        let Some(cookie) = cookie::read(headers) else {
            return Ok(Self(None));
        };
        let token = code::tablet_hash(&cookie.token);
        let found = state
            .with_database(move |database| database.tablet(cookie.device, token))
            .await?;
        Ok(Self(
            found.map(|standing| EnrolledTablet { standing, cookie }),
        ))
    }
}

impl EnrolledTablet {
    /// The active tablet of a request: nobody signs in anywhere else.
    ///
    /// # Errors
    /// If there is none.
    pub async fn of(headers: &HeaderMap, state: &AppState) -> Result<Self, HttpError> {
        let OptionalTablet(tablet) = OptionalTablet::of(headers, state).await?;
        tablet
            .filter(|tablet| tablet.standing.state == TabletState::Active)
            .ok_or_else(error::not_enrolled)
    }
}

impl EnrolledTablet {
    /// The tablet of a request, also one that is not to be worked with any more.
    ///
    /// # Errors
    /// If there is none.
    pub async fn in_any_state(headers: &HeaderMap, state: &AppState) -> Result<Self, HttpError> {
        let OptionalTablet(tablet) = OptionalTablet::of(headers, state).await?;
        tablet.ok_or_else(error::not_enrolled)
    }
}

/// The tablet that the rule of the route found.
impl<S: Sync> FromRequestParts<S> for EnrolledTablet {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, HttpError> {
        let found = parts.extensions.remove();
        found.ok_or_else(|| error::internal("the rule of the route asks for no tablet"))
    }
}

/// The answer with the tablet's cookie.
pub fn with_cookie(mut response: Response, cookie: TabletCookie) -> Result<Response, HttpError> {
    let value = cookie::set(cookie).ok_or_else(|| error::internal("cookie"))?;
    response.headers_mut().insert(header::SET_COOKIE, value);
    Ok(response)
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
    /// The session of a request: an active tablet and an open session that belongs to it.
    ///
    /// # Errors
    /// If there is none.
    pub async fn of(headers: &HeaderMap, state: &AppState) -> Result<Self, HttpError> {
        let tablet = EnrolledTablet::of(headers, state).await?;
        let token = bearer(headers).ok_or_else(error::signed_out)?;
        open_session(state, tablet.standing.device, &token)
            .await?
            .ok_or_else(error::signed_out)
    }

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

/// A use of a session is noted at most so often.
const USE_NOTE_MILLIS: i64 = 60 * 60 * 1000;

/// The open session with this token on this tablet, whose use is noted now and then.
pub async fn open_session(
    state: &AppState,
    device: DeviceId,
    token: &SessionToken,
) -> Result<Option<Session>, AccountError> {
    let (token, now) = (code::session_hash(token.expose()), state.now());
    let open = state
        .with_database(move |database| database.session(token, device, now))
        .await?;
    let Some(open) = open else {
        return Ok(None);
    };
    if now >= open.last_used.plus_millis(USE_NOTE_MILLIS) {
        state
            .with_database(move |database| database.use_session(token, now))
            .await?;
    }
    Ok(Some(Session {
        person: open.identity.person,
        device: open.identity.device,
        member: open.person,
        identity: open.identity,
        expires: open.expires,
        token,
    }))
}

/// The token behind `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<SessionToken> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    SessionToken::from_hex(token.trim()).ok()
}

/// The session that the rule of the route found.
impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, HttpError> {
        let found = parts.extensions.remove();
        found.ok_or_else(|| error::internal("the rule of the route asks for no session"))
    }
}
