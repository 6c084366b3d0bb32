//! `GET /sync`: one WebSocket per tablet, the shell around `shared::sync::server::Session`.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use floorbook_shared::id::StoreId;
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::message::{Bye, ClientMessage, MESSAGE_MAX_BYTES, ServerMessage};
use floorbook_shared::sync::server::{Input, Outputs, Page, PageRequest, Peer, Session, Settled};
use futures_util::stream::FuturesUnordered;
use futures_util::{SinkExt, StreamExt};

use super::queue::NotStored;
use crate::database;
use crate::http::extract::OptionalSession;
use crate::state::AppState;

/// A tablet that says nothing for so long is gone; it asks every 20 seconds.
const SILENCE_MAX: Duration = Duration::from_secs(90);
/// A message that can't be handed to the network for so long ends the connection.
const SEND_MAX: Duration = Duration::from_secs(60);
/// Pushes of one tablet that may be judged at the same time; then its socket is not read.
const PUSHES_MAX: usize = 4;

/// Opens the socket. Without a session it is opened as well, to say so: a browser can't read the
/// status of a refused WebSocket.
pub async fn open(
    State(state): State<Arc<AppState>>,
    OptionalSession(session): OptionalSession,
    upgrade: WebSocketUpgrade,
) -> Response {
    let peer = session.map(|session| {
        (
            Peer {
                device: session.device,
                person: session.person,
            },
            session.token,
        )
    });
    upgrade
        .max_message_size(MESSAGE_MAX_BYTES)
        .max_frame_size(MESSAGE_MAX_BYTES)
        .on_upgrade(async move |socket| match peer {
            Some((peer, _)) => converse(state, peer, socket).await,
            None => dismiss(socket, Bye::SignInNeeded).await,
        })
}

async fn dismiss(mut socket: WebSocket, bye: Bye) {
    let bytes = ServerMessage::Bye(bye).encode();
    // The tablet may be gone already; it learns the same at its next try.
    let _ = socket.send(Frame::Binary(Bytes::from(bytes))).await;
    let _ = socket.close().await;
}

/// What the conversation waits for.
enum Event {
    Input(Input),
    /// The tablet closed the connection, or it broke.
    Gone,
    /// The tablet sent what is no message.
    BadMessage,
    /// The database can't read or write.
    Unavailable,
    /// A message of a newer version: skipped.
    Skipped,
}

async fn converse(state: Arc<AppState>, peer: Peer, socket: WebSocket) {
    // Followed from before the scope is read, so that no change of it falls in between.
    let mut scope_version = state.watch_scope();
    let Ok(scope) = state.with_database(|database| database.scope()).await else {
        return dismiss(socket, Bye::Unavailable).await;
    };
    let (mut sender, mut receiver) = socket.split();
    let mut session = Session::new(peer, scope);
    let mut moved = state.commits.watch();
    let mut pushes = FuturesUnordered::new();
    let mut pages = FuturesUnordered::new();
    loop {
        let event = tokio::select! {
            message = tokio::time::timeout(SILENCE_MAX, receiver.next()),
                if pushes.len() < PUSHES_MAX => match message {
                    Ok(Some(Ok(frame))) => understand(frame),
                    Ok(Some(Err(_)) | None) | Err(_) => Event::Gone,
                },
            Some(settled) = pushes.next() => committed(settled),
            Some(page) = pages.next() => read(page),
            Ok(()) = moved.changed() => Event::Input(Input::HeadMoved),
            Ok(()) = scope_version.changed() => {
                match state.with_database(|database| database.scope()).await {
                    Ok(scope) => Event::Input(Input::ScopeChanged(scope)),
                    Err(_) => Event::Unavailable,
                }
            }
        };
        let outputs = match event {
            Event::Input(input) => handle(&state, &mut session, input).await,
            Event::Skipped => continue,
            Event::Gone => return,
            Event::BadMessage => closing(Bye::BadMessage),
            Event::Unavailable => closing(Bye::Unavailable),
        };
        for message in &outputs.send {
            let sent = sender.send(Frame::Binary(Bytes::from(message.encode())));
            if !matches!(tokio::time::timeout(SEND_MAX, sent).await, Ok(Ok(()))) {
                return;
            }
        }
        if outputs.close {
            let _ = sender.close().await;
            return;
        }
        if !outputs.commit.is_empty() {
            let commits = state.commits.clone();
            pushes.push(async move { commits.push(peer, outputs.commit).await });
        }
        if let Some(request) = outputs.read {
            pages.push(read_page(Arc::clone(&state), request));
        }
    }
}

fn understand(frame: Frame) -> Event {
    match frame {
        Frame::Binary(bytes) => match ClientMessage::decode(&bytes) {
            Ok(Some(message)) => Event::Input(Input::Message(message)),
            Ok(None) => Event::Skipped,
            Err(_) => Event::BadMessage,
        },
        Frame::Ping(_) | Frame::Pong(_) => Event::Skipped,
        Frame::Close(_) => Event::Gone,
        Frame::Text(_) => Event::BadMessage,
    }
}

fn committed(settled: Result<Vec<Settled>, NotStored>) -> Event {
    match settled {
        Ok(settled) => Event::Input(Input::Committed(settled)),
        Err(NotStored) => Event::Unavailable,
    }
}

fn read(page: Option<Page>) -> Event {
    page.map_or(Event::Unavailable, |page| Event::Input(Input::Page(page)))
}

fn closing(bye: Bye) -> Outputs {
    Outputs {
        send: vec![ServerMessage::Bye(bye)],
        close: true,
        ..Outputs::default()
    }
}

async fn read_page(state: Arc<AppState>, request: PageRequest) -> Option<Page> {
    match state
        .with_database(move |database| database.page(&request))
        .await
    {
        Ok(page) => Some(page),
        Err(error) => {
            tracing::error!(%error, "documents can't be read for a tablet");
            None
        }
    }
}

/// `Hello` asks the log about the tablet's cursors, so it is handled beside the async threads.
async fn handle(state: &Arc<AppState>, session: &mut Session, input: Input) -> Outputs {
    let now = state.now();
    let Input::Message(ClientMessage::Hello(hello)) = &input else {
        return session.handle(input, now, &|_, _| false);
    };
    let cursors: Vec<(StoreId, Cursor)> = hello
        .cursors
        .iter()
        .map(|held| (held.store, held.cursor))
        .collect();
    let known = state
        .with_database(move |database| {
            let mut known = Vec::new();
            for (store, cursor) in cursors {
                if database.recognises(store, cursor)? {
                    known.push((store, cursor));
                }
            }
            database::Result::Ok(known)
        })
        .await;
    match known {
        Ok(known) => session.handle(input, now, &|store, cursor| {
            cursor == Cursor::default() || known.contains(&(store, cursor))
        }),
        Err(_) => closing(Bye::Unavailable),
    }
}
