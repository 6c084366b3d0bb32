//! The beginning of a socket: which tablet, which person, and whether they may converse at all.
//!
//! *Invariant:* the socket stands in the register before its session is checked for the last time,
//! so that whatever ends the session or the tablet from then on ends the socket too.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{Message as Frame, WebSocket};
use floorbook_shared::access::Scope;
use floorbook_shared::api::{Erased, TabletState};
use floorbook_shared::id::DeviceId;
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::message::{Bye, ClientMessage, Hello};
use floorbook_shared::sync::server::{Peer, PeerStanding};
use floorbook_shared::time::Timestamp;
use tokio::time::{Instant, timeout_at};

use super::sockets::Place;
use crate::access::accounts::AccountError;
use crate::access::code;
use crate::http::extract::{EnrolledTablet, open_session};
use crate::state::AppState;

/// How long a socket may say nothing before its greeting.
const HELLO_TIME_LIMIT: Duration = Duration::from_secs(15);
/// Largest greeting, in bytes; one cursor takes some seventy.
const HELLO_MAX_BYTES: usize = 128 * 1024;

/// Who greeted, and what they may see.
pub(super) struct Greeting {
    pub hello: Hello,
    pub peer: Peer,
    /// When the session ends, if somebody is signed in.
    pub expires: Option<Timestamp>,
    pub scope: Scope,
    pub standing: PeerStanding,
}

/// Why the socket must close.
pub(super) struct Farewell {
    pub bye: Bye,
    /// Changes that wait on the tablet, as it said.
    pub waiting: u32,
}

impl From<Bye> for Farewell {
    fn from(bye: Bye) -> Self {
        Self { bye, waiting: 0 }
    }
}

/// Waits for the greeting and finds out who it is; or why the socket must close.
pub(super) async fn greet(
    state: &Arc<AppState>,
    tablet: &EnrolledTablet,
    socket: &mut WebSocket,
    place: &mut Place,
) -> Result<Greeting, Farewell> {
    let hello = tokio::select! {
        hello = listen(socket) => hello?,
        bye = &mut place.ending => match bye {
            // It was declared stolen meanwhile; how much goes with it is known after the greeting.
            Ok(Bye::Erase) => listen(socket).await?,
            Ok(bye) => return Err(bye.into()),
            Err(_) => return Err(Bye::Unavailable.into()),
        },
    };
    let device = tablet.standing.device;
    if hello.device != device {
        return Err(Bye::SignInNeeded.into());
    }
    let standing = how_it_stands(state, tablet).await?;
    if standing == TabletState::Stolen {
        return Err(Farewell {
            bye: Bye::Erase,
            waiting: hello.waiting,
        });
    }
    // One that was told to empty itself and is still here may have got new work before it heard of
    // that: it is taken in like the rest. Nobody is signed in there any more.
    let is_retired = standing == TabletState::Retired;
    let is_retiring = is_retired || standing == TabletState::Retiring;
    let (mut expires, mut scope, mut peer) = (
        None,
        Scope::default(),
        Peer {
            device,
            person: None,
        },
    );
    if let Some(token) = hello.token.as_ref().filter(|_| !is_retired) {
        let session = open_session(state, device, token).await;
        let session = session.map_err(unavailable)?.ok_or(Bye::SignInNeeded)?;
        place.identify(session.person);
        peer.person = Some(session.person);
        expires = Some(session.expires);
        let (token, person, now) = (session.token, session.person, state.now());
        let read = state.with_database(move |database| {
            let open = database.session(token, device, now)?;
            open.map(|_| database.scope_of(person)).transpose()
        });
        scope = read.await.map_err(unavailable)?.ok_or(Bye::SignInNeeded)?;
    }
    let asked = state.with_database(move |database| {
        Ok((database.people_of(device)?, database.opened_feeds(device)?))
    });
    let (people, opened) = asked.await.map_err(unavailable)?;
    if !scope.feeds.iter().all(|feed| opened.contains(&feed.id)) {
        // Before it gets a key of them: what it was ever given must be known whatever happens next.
        state.note_feeds(device, &scope).await;
    }
    Ok(Greeting {
        hello,
        peer,
        expires,
        scope,
        standing: PeerStanding {
            people,
            is_retiring,
        },
    })
}

/// Notes that a tablet was told to empty itself, once the words are on their way: that they came
/// through is known when it says so.
pub(super) async fn note_erased(state: &AppState, device: DeviceId, waiting: u32) {
    let erased = Erased {
        at: state.now(),
        waiting,
    };
    let noted = state.with_database(move |database| database.note_erased(device, erased));
    if let Err(error) = noted.await {
        tracing::error!(%error, "that a tablet was told to empty itself could not be noted");
    }
}

/// How the tablet stands now: since the socket was asked for it may have been given up.
async fn how_it_stands(state: &AppState, tablet: &EnrolledTablet) -> Result<TabletState, Bye> {
    let device = tablet.standing.device;
    let token = code::tablet_hash(&tablet.cookie.token);
    let found = state.with_database(move |database| database.tablet(device, token));
    let found = found.await.map_err(unavailable)?;
    found
        .map(|standing| standing.state)
        .ok_or(Bye::SignInNeeded)
}

fn unavailable(error: AccountError) -> Bye {
    tracing::error!(%error, "a greeting can't be answered");
    Bye::Unavailable
}

/// The greeting; whatever else comes first ends the socket.
async fn listen(socket: &mut WebSocket) -> Result<Hello, Bye> {
    let deadline = Instant::now() + HELLO_TIME_LIMIT;
    loop {
        let frame = match timeout_at(deadline, socket.recv()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_)) | None) | Err(_) => return Err(Bye::Unavailable),
        };
        match frame {
            Frame::Binary(bytes) if bytes.len() <= HELLO_MAX_BYTES => {
                return match ClientMessage::decode(&bytes) {
                    Ok(Some(ClientMessage::Hello(hello))) => Ok(hello),
                    Ok(Some(_) | None) | Err(_) => Err(Bye::BadMessage),
                };
            }
            Frame::Ping(_) | Frame::Pong(_) => {}
            Frame::Binary(_) | Frame::Text(_) => return Err(Bye::BadMessage),
            Frame::Close(_) => return Err(Bye::Unavailable),
        }
    }
}
