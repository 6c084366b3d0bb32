//! Who may use a route. The rule stands in the table of the routes and is kept before the handler
//! runs or the body is read; a handler gets its session from here and from nowhere else, so that
//! none can be added that forgets to ask.

use std::fmt;
use std::sync::Arc;

use axum::RequestExt;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use floorbook_shared::access::{Action, rights};
use floorbook_shared::id::StoreId;

use super::cookie;
use super::error::{self, ErrorCode, HttpError};
use super::extract::{EnrolledTablet, OptionalTablet, Session};
use crate::database::model::Denial;
use crate::state::AppState;

/// Who may use a route.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// Anyone, also a browser that is not enrolled.
    Anyone,
    /// An active tablet, whether somebody is signed in or not.
    Tablet,
    /// A browser that was enrolled, however its tablet stands; who is signed in may say so.
    Enrolled,
    /// Whoever is signed in.
    Person,
    /// Whoever may do this.
    May(Action),
    /// Whoever may do this in some store; the handler asks about the one that is meant.
    MayIn(fn(StoreId) -> Action),
    /// Whoever may do this in the store that the path names.
    MayAt(fn(StoreId) -> Action),
}

impl fmt::Display for Who {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |action: Action| {
            let text = format!("{action:?}");
            text.split('(').next().unwrap_or_default().to_owned()
        };
        match self {
            Self::Anyone => formatter.write_str("anyone"),
            Self::Tablet => formatter.write_str("tablet"),
            Self::Enrolled => formatter.write_str("enrolled"),
            Self::Person => formatter.write_str("person"),
            Self::May(action) => formatter.write_str(&name(*action)),
            Self::MayIn(action) => write!(formatter, "{} somewhere", name(action(NO_STORE))),
            Self::MayAt(action) => write!(formatter, "{} there", name(action(NO_STORE))),
        }
    }
}

/// Stands for any store where an action is only named.
const NO_STORE: StoreId = StoreId::from_bytes([0; 16]);

/// Lets a request through to its handler, with what the rule found out about it.
pub async fn admit(
    State((state, who)): State<(Arc<AppState>, Who)>,
    mut request: Request,
    next: Next,
) -> Result<Response, HttpError> {
    let session = match judge(&state, who, &mut request).await {
        Ok(session) => session,
        Err(error) => {
            note_denial(&state, request.headers(), error.code()).await;
            return Err(error);
        }
    };
    let response = next.run(request).await;
    // What a rule leaves to its handler, such as which store is meant.
    if let Some(session) = session
        && response.extensions().get() == Some(&ErrorCode(error::NOT_ALLOWED))
    {
        let (device, person) = (Some(session.device), Some(session.person));
        state.note_refusal(device, person, Denial::NotAllowed).await;
    }
    Ok(response)
}

/// Notes why somebody was not let through. Who brings nothing that was ever ours along is nobody:
/// the net is full of them.
async fn note_denial(state: &AppState, headers: &HeaderMap, code: &str) {
    let Some(cookie) = cookie::read(headers) else {
        return;
    };
    let tablet = OptionalTablet::of(headers, state).await;
    let tablet = tablet.ok().and_then(|OptionalTablet(tablet)| tablet);
    // Only what the server gave out itself may stand in an entry.
    let device = tablet.map(|_| cookie.device);
    let has_token = headers.contains_key(header::AUTHORIZATION);
    match code {
        error::SIGNED_OUT if has_token => state.note_refusal(device, None, Denial::Session).await,
        error::NOT_ENROLLED => state.note_refusal(device, None, Denial::Tablet).await,
        _ => {}
    }
}

/// Keeps the rule, and answers the session that it found.
async fn judge(
    state: &Arc<AppState>,
    who: Who,
    request: &mut Request,
) -> Result<Option<Session>, HttpError> {
    match who {
        Who::Anyone => {}
        Who::Tablet => {
            let tablet = EnrolledTablet::of(request.headers(), state).await?;
            request.extensions_mut().insert(tablet);
        }
        Who::Enrolled => {
            let tablet = EnrolledTablet::in_any_state(request.headers(), state).await?;
            request.extensions_mut().insert(tablet);
            if let Ok(session) = Session::of(request.headers(), state).await {
                request.extensions_mut().insert(session);
            }
        }
        Who::Person | Who::May(_) | Who::MayIn(_) | Who::MayAt(_) => {
            let session = Session::of(request.headers(), state).await?;
            if !is_allowed(&session, who, request).await? {
                let (device, person) = (Some(session.device), Some(session.person));
                state.note_refusal(device, person, Denial::NotAllowed).await;
                return Err(error::not_allowed());
            }
            request.extensions_mut().insert(session.clone());
            return Ok(Some(session));
        }
    }
    Ok(None)
}

async fn is_allowed(session: &Session, who: Who, request: &mut Request) -> Result<bool, HttpError> {
    let may = |action| rights::may(&session.member, action);
    Ok(match who {
        Who::Anyone | Who::Tablet | Who::Enrolled | Who::Person => true,
        Who::May(action) => may(action),
        // Whoever may do something in a store has a post there, or may do it everywhere.
        Who::MayIn(action) => {
            let mut stores = session.member.stores().into_iter();
            stores.any(|store| may(action(store)))
        }
        Who::MayAt(action) => {
            let params = request.extract_parts::<RawPathParams>().await;
            let params = params.map_err(|_| error::not_found())?;
            let mut values = params.iter();
            let id = values.find_map(|(name, value)| (name == "id").then_some(value));
            let store = id.and_then(|id| id.parse().ok());
            may(action(store.ok_or_else(error::not_found)?))
        }
    })
}
