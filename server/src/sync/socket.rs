//! `GET /sync`: one WebSocket per tablet, the shell around `shared::sync::server::Session`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{Message as Frame, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use floorbook_shared::access::Scope;
use floorbook_shared::api::TabletReport;
use floorbook_shared::id::{DeviceId, FeedId, PersonId, StoreId};
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::message::{
    Bye, Capabilities, ClientMessage, HISTORY_MAX_CURSORS, MESSAGE_MAX_BYTES,
    REPORT_PROGRAM_MAX_BYTES, Report, Restored, ServerMessage,
};
use floorbook_shared::sync::server::{Input, Outputs, Peer, ReadRequest, Session, Settled};
use floorbook_shared::time::Timestamp;
use futures_util::stream::{FuturesUnordered, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::watch;
use tokio::task::JoinError;
use tokio::time::Instant;

use super::denied;
use super::greeting::{Farewell, Greeting, greet, note_erased};
use super::message_rate::MessageRate;
use super::pages::Since;
use super::queue::NotStored;
use super::restoring::Offering;
use super::sockets::Place;
use crate::database;
use crate::database::model::{Contact, Told};
use crate::http::extract::{EnrolledTablet, OptionalTablet};
use crate::state::AppState;

/// A tablet that says nothing for so long is gone; it asks every 20 seconds.
const SILENCE_MAX: Duration = Duration::from_secs(90);
/// A message that can't be handed to the network for so long ends the connection.
const SEND_MAX: Duration = Duration::from_secs(60);
/// Saying goodbye may take so long: what ends a socket does not wait for a slow network.
const GOODBYE_MAX: Duration = Duration::from_secs(2);
/// Pause before the first note of what a tablet told on a connection.
const FIRST_NOTE_PAUSE: Duration = Duration::from_secs(1);
/// Pause between two such notes.
const NOTE_PAUSE: Duration = Duration::from_secs(60);
/// Pushes of one tablet that may be judged at the same time; then its socket is not read.
const PUSHES_MAX: usize = 4;
/// A frame of more documents is encoded beside the async threads.
const SHORT_FRAME_ITEMS: usize = 4;
/// What an idle socket keeps ready for reading; longer messages take more while they arrive.
const READ_BUFFER_BYTES: usize = 8 * 1024;
/// What comparing counts for: it walks the index of the feeds, and an honest tablet hardly ever asks.
const COMPARE_WEIGHT: u32 = 100;
/// What fetching whole documents counts for, or offering them.
const FETCH_WEIGHT: u32 = 5;
/// Cursors of one `Hello` that are looked up: a chain has fewer stores.
const CURSORS_MAX: usize = 1_000;

/// Opens the socket. Without a tablet's cookie it is opened as well, to say so: a browser can't
/// read the status of a refused WebSocket.
pub async fn open(
    State(state): State<Arc<AppState>>,
    OptionalTablet(tablet): OptionalTablet,
    upgrade: WebSocketUpgrade,
) -> Response {
    upgrade
        .max_message_size(MESSAGE_MAX_BYTES)
        .max_frame_size(MESSAGE_MAX_BYTES)
        .read_buffer_size(READ_BUFFER_BYTES)
        .on_upgrade(async move |socket| match tablet {
            Some(tablet) => admit(state, tablet, socket).await,
            None => dismiss(socket, Bye::SignInNeeded).await,
        })
}

/// Enters the socket into the register and lets it converse if its greeting says who it is.
async fn admit(state: Arc<AppState>, tablet: EnrolledTablet, mut socket: WebSocket) {
    let device = tablet.standing.device;
    let stranger = Peer {
        device,
        person: None,
    };
    let Some(mut place) = state.sockets.enter(stranger) else {
        tracing::warn!("a socket was refused: too many are open");
        return dismiss(socket, Bye::Unavailable).await;
    };
    // Followed from before the scope is read, so that no change of it falls in between.
    let scope_version = state.watch_scope();
    let mut stop = state.watch_stop();
    let greeting = tokio::select! {
        greeting = greet(&state, &tablet, &mut socket, &mut place) => greeting,
        () = stopped(&mut stop) => Err(Bye::Unavailable.into()),
    };
    match greeting {
        Ok(greeting) => {
            let mut notes = Notes::new(device, &greeting);
            let mut conversation = Conversation {
                state: &state,
                peer: greeting.peer,
                expires: greeting.expires,
                place,
                scope_version,
            };
            conversation.hold(greeting, socket, &mut notes).await;
            notes.save(&state).await;
            // The place is left last: the server waits for it when it stops.
            drop(conversation);
        }
        Err(Farewell { bye, waiting }) => {
            if say(&mut socket, bye).await && bye == Bye::Erase {
                note_erased(&state, device, waiting).await;
            }
            close(socket).await;
        }
    }
}

async fn dismiss(mut socket: WebSocket, bye: Bye) {
    say(&mut socket, bye).await;
    close(socket).await;
}

/// Says goodbye; answers whether the words could be handed to the network. The tablet may be gone
/// already; it learns the same at its next try.
async fn say(socket: &mut WebSocket, bye: Bye) -> bool {
    let bytes = ServerMessage::Bye(bye).encode();
    let sent = socket.send(Frame::Binary(Bytes::from(bytes)));
    matches!(tokio::time::timeout(GOODBYE_MAX, sent).await, Ok(Ok(())))
}

async fn close(mut socket: WebSocket) {
    let _ = tokio::time::timeout(GOODBYE_MAX, socket.close()).await;
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
    /// The register ends the socket.
    Over(Bye),
}

/// Who converses, and what ends the conversation from outside.
struct Conversation<'a> {
    state: &'a Arc<AppState>,
    peer: Peer,
    /// When the session ends by itself, if somebody is signed in.
    expires: Option<Timestamp>,
    place: Place,
    /// Moves whenever the scope changes.
    scope_version: watch::Receiver<u64>,
}

impl Conversation<'_> {
    async fn hold(&mut self, greeting: Greeting, socket: WebSocket, notes: &mut Notes) {
        let (state, peer) = (self.state, self.peer);
        let (mut sender, mut receiver) = socket.split();
        let mut session = Session::new(peer, greeting.scope)
            .with_standing(greeting.standing)
            .with_master(state.master().clone());
        let hello = Input::Message(ClientMessage::Hello(greeting.hello));
        let mut first = Some(Event::Input(hello));
        let mut moved = state.commits.watch();
        let mut stop = state.watch_stop();
        let mut rate = MessageRate::new(Instant::now());
        let mut pushes = FuturesUnordered::new();
        let mut offerings = FuturesUnordered::new();
        let mut reads = FuturesUnordered::new();
        loop {
            let event = if let Some(first) = first.take() {
                first
            } else {
                tokio::select! {
                    message = receive(&mut receiver, &rate), if pushes.len() < PUSHES_MAX => {
                        let event = message.map_or(Event::Gone, understand);
                        rate.take(weight(&event), Instant::now());
                        event
                    }
                    Some(settled) = pushes.next() => committed(settled),
                    Some(restored) = offerings.next() => brought_back(restored),
                    Some(input) = reads.next() => answered(input),
                    Ok(()) = moved.changed() => Event::Input(Input::HeadMoved),
                    // A locked tablet has people as well, who may have lost something.
                    Ok(()) = self.scope_version.changed() => {
                        let read = state.with_database(move |database| {
                            let scope = peer.person.map(|person| database.scope_of(person));
                            Ok((scope.transpose()?, database.people_of(peer.device)?))
                        });
                        match read.await {
                            Ok((scope, people)) => {
                                let scope = scope.unwrap_or_default();
                                Event::Input(Input::ScopeChanged(scope, people))
                            }
                            Err(_) => Event::Unavailable,
                        }
                    }
                    bye = &mut self.place.ending => Event::Over(bye.unwrap_or(Bye::Unavailable)),
                    () = stopped(&mut stop) => Event::Unavailable,
                    () = notes.is_due() => {
                        notes.save(state).await;
                        continue;
                    }
                }
            };
            if let Event::Input(Input::ScopeChanged(scope, _)) = &event {
                // Before it gets a key of them: what it was ever given must be known whatever
                // happens next.
                notes.note_feeds(scope, state).await;
            }
            let outputs = match event {
                Event::Input(_) if self.expires.is_some_and(|at| state.now() >= at) => {
                    closing(Bye::SignInNeeded)
                }
                Event::Input(input) => handle(state, &mut session, input).await,
                Event::Skipped => continue,
                Event::Gone => return,
                Event::BadMessage => closing(Bye::BadMessage),
                Event::Unavailable => closing(Bye::Unavailable),
                Event::Over(bye) => closing(bye),
            };
            notes.note(peer.person, &outputs, state.now());
            if let Some(request) = outputs.read {
                // It begins now, while what was read before is compressed and sent.
                reads.push(tokio::spawn(read(Arc::clone(state), request)));
            }
            if let Some((of, documents)) = outputs.restore {
                let offering = Offering {
                    bearer: peer,
                    of,
                    documents,
                };
                let commits = state.commits.clone();
                offerings.push(async move {
                    let restored = commits.restore(offering).await;
                    if let Ok(restored) = &restored {
                        denied::note_offered(state, peer, restored).await;
                    }
                    restored
                });
            }
            for message in outputs.send {
                let is_last_order = message == ServerMessage::Bye(Bye::Erase);
                let Some(bytes) = encode(message, session.capabilities()).await else {
                    return;
                };
                let sent = sender.send(Frame::Binary(bytes));
                // A slow network must not keep what was told to end.
                let sent = tokio::time::timeout(SEND_MAX, sent);
                let is_sent = if outputs.close {
                    matches!(
                        tokio::time::timeout(GOODBYE_MAX, sent).await,
                        Ok(Ok(Ok(())))
                    )
                } else {
                    tokio::select! {
                        sent = sent => matches!(sent, Ok(Ok(()))),
                        _ = &mut self.place.ending => false,
                        () = stopped(&mut stop) => false,
                    }
                };
                if !is_sent {
                    return;
                }
                if is_last_order {
                    note_erased(state, peer.device, notes.waiting).await;
                }
            }
            if outputs.close {
                let _ = tokio::time::timeout(GOODBYE_MAX, sender.close()).await;
                return;
            }
            if !outputs.commit.is_empty() {
                let (commits, master) = (state.commits.clone(), state.master().clone());
                let (told, now) = (Arc::clone(&notes.told), state.now());
                let authors = denied::authors_of(&outputs.commit);
                pushes.push(async move {
                    let pushed = commits.push(peer.device, told, outputs.commit, &master, now);
                    let settled = pushed.await;
                    if let Ok(settled) = &settled {
                        denied::note_pushed(state, peer.device, &authors, settled).await;
                    }
                    settled
                });
            }
        }
    }
}

/// What the tablet told of itself and of what it has on its disk, noted in the database now and
/// then: it decides only about what compaction keeps and what is shown to people, so a note that is
/// a minute old is no harm.
struct Notes {
    device: DeviceId,
    /// What it said on this connection.
    told: Arc<Told>,
    news: Told,
    contact: Option<Contact>,
    /// Feeds that are noted, or will be.
    feeds: BTreeSet<FeedId>,
    /// Changes that waited on it when it told last.
    waiting: u32,
    /// When news may be saved next.
    due: Instant,
}

impl Notes {
    fn new(device: DeviceId, greeting: &Greeting) -> Self {
        Self {
            device,
            feeds: greeting.scope.feeds.iter().map(|feed| feed.id).collect(),
            told: Arc::default(),
            news: Told::default(),
            contact: Some(Contact {
                at: Timestamp::default(),
                report: None,
                feeds: greeting.scope.feeds.iter().map(|feed| feed.id).collect(),
            }),
            waiting: greeting.hello.waiting,
            due: Instant::now() + FIRST_NOTE_PAUSE,
        }
    }

    fn note(&mut self, person: Option<PersonId>, outputs: &Outputs, now: Timestamp) {
        let scope = person.zip(outputs.known_scope);
        let told = Told {
            confirmed: outputs.confirmed.iter().copied().collect(),
            scopes: scope.into_iter().collect(),
        };
        if !told.is_empty() {
            Arc::make_mut(&mut self.told).extend(&told);
            self.news.extend(&told);
        }
        if let Some(report) = &outputs.report {
            self.waiting = report.waiting;
            let contact = self.contact.get_or_insert_default();
            contact.report = Some(kept(report, now));
        }
    }

    /// Notes feeds that are opened to the tablet while it is connected.
    async fn note_feeds(&mut self, scope: &Scope, state: &AppState) {
        let feeds = scope.feeds.iter().map(|feed| feed.id);
        let new: Vec<FeedId> = feeds.filter(|feed| self.feeds.insert(*feed)).collect();
        if !new.is_empty() {
            self.contact.get_or_insert_default().feeds.extend(new);
            self.save(state).await;
        }
    }

    /// Waits until there are news that may be saved.
    async fn is_due(&self) {
        if self.news.is_empty() && self.contact.is_none() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep_until(self.due).await;
    }

    async fn save(&mut self, state: &AppState) {
        let told = std::mem::take(&mut self.news);
        let contact = self.contact.take();
        self.due = Instant::now() + NOTE_PAUSE;
        if told.is_empty() && contact.is_none() {
            return;
        }
        let (device, now) = (self.device, state.now());
        let saved = state.with_database(move |database| {
            if !told.is_empty() {
                database.confirm(device, &told, now)?;
            }
            match contact {
                Some(contact) => database.note_contact(device, Contact { at: now, ..contact }),
                None => Ok(()),
            }
        });
        if let Err(error) = saved.await {
            tracing::warn!(%error, "what a tablet told could not be noted");
        }
    }
}

/// What is kept of a report: no more than a well-behaved tablet tells.
fn kept(report: &Report, now: Timestamp) -> TabletReport {
    let program = report.program.chars();
    let program = program.filter(|char| char.is_ascii_graphic());
    TabletReport {
        program: program.take(REPORT_PROGRAM_MAX_BYTES).collect(),
        clock_offset_millis: report.now.as_millis().saturating_sub(now.as_millis()),
        waiting: report.waiting,
        storage: report.storage,
    }
}

/// Waits until the server stops.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|is_stopping| *is_stopping).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The next frame of the tablet, once it may send one; `None` if it is gone.
async fn receive(receiver: &mut SplitStream<WebSocket>, rate: &MessageRate) -> Option<Frame> {
    tokio::time::sleep_until(rate.ready_at(Instant::now())).await;
    match tokio::time::timeout(SILENCE_MAX, receiver.next()).await {
        Ok(Some(Ok(frame))) => Some(frame),
        Ok(Some(Err(_)) | None) | Err(_) => None,
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

/// What a message counts for in the rate: a question has the server read much more than it is long.
const fn weight(event: &Event) -> u32 {
    if let Event::Input(Input::Message(ClientMessage::Compare(_))) = event {
        COMPARE_WEIGHT
    } else if let Event::Input(Input::Message(ClientMessage::Fetch(_) | ClientMessage::Offer(_))) =
        event
    {
        FETCH_WEIGHT
    } else {
        1
    }
}

fn committed(settled: Result<Vec<Settled>, NotStored>) -> Event {
    match settled {
        Ok(settled) => Event::Input(Input::Committed(settled)),
        Err(NotStored) => Event::Unavailable,
    }
}

fn brought_back(restored: Result<Restored, NotStored>) -> Event {
    match restored {
        Ok(restored) => Event::Input(Input::Restored(restored)),
        Err(NotStored) => Event::Unavailable,
    }
}

/// The bytes of a message; long ones are compressed beside the async threads. `None` if the
/// server is stopping.
async fn encode(message: ServerMessage, capabilities: Capabilities) -> Option<Bytes> {
    let is_long = match &message {
        ServerMessage::Frame(frame) => frame.items.len() > SHORT_FRAME_ITEMS,
        ServerMessage::Fetched(_) | ServerMessage::Compared(_) => true,
        ServerMessage::Welcome(_)
        | ServerMessage::Ack(_)
        | ServerMessage::Refused(_)
        | ServerMessage::Pong(_)
        | ServerMessage::Bye(_)
        | ServerMessage::Rewind(_)
        | ServerMessage::Restored(_) => false,
    };
    let bytes = if is_long {
        let encoding = tokio::task::spawn_blocking(move || message.encode_for(capabilities));
        encoding.await.ok()?
    } else {
        message.encode_for(capabilities)
    };
    Some(Bytes::from(bytes))
}

fn answered(input: Result<Option<Input>, JoinError>) -> Event {
    match input {
        Ok(Some(input)) => Event::Input(input),
        Ok(None) | Err(_) => Event::Unavailable,
    }
}

fn closing(bye: Bye) -> Outputs {
    Outputs {
        send: vec![ServerMessage::Bye(bye)],
        close: true,
        ..Outputs::default()
    }
}

async fn read(state: Arc<AppState>, request: ReadRequest) -> Option<Input> {
    let since = Since {
        commits: state.commits.count(),
        scope_version: state.scope_version(),
    };
    if let ReadRequest::Page(page) = &request
        && let Some(kept) = state.pages.kept(page, since)
    {
        return Some(Input::Page(Arc::unwrap_or_clone(kept)));
    }
    let shared = Arc::clone(&state);
    let read = state
        .with_database(move |database| {
            let (scope_version, input) = match &request {
                ReadRequest::Page(page) => {
                    let page = shared.pages.read(database, page, since)?;
                    (page.scope_version, Input::Page(Arc::unwrap_or_clone(page)))
                }
                ReadRequest::Compare(of, buckets) => {
                    let compared = database.compare(of, buckets)?;
                    let (store, buckets) = (of.store, compared.body.buckets.len());
                    tracing::warn!(%store, buckets, "a tablet holds something else than the server");
                    (compared.scope_version, Input::Compared(compared))
                }
                ReadRequest::Fetch(of, documents) => {
                    let fetched = database.fetch(of, documents)?;
                    (fetched.scope_version, Input::Fetched(fetched))
                }
            };
            // The session waits for the scope that belongs to what was read.
            shared.announce_scope(scope_version);
            Ok(input)
        })
        .await;
    match read {
        Ok(input) => Some(input),
        Err(error) => {
            tracing::error!(%error, "documents can't be read for a tablet");
            None
        }
    }
}

/// Some messages ask the log about the tablet's cursors; that happens beside the async threads.
async fn handle(state: &Arc<AppState>, session: &mut Session, input: Input) -> Outputs {
    let now = state.now();
    let cursors: Vec<(StoreId, Cursor)> =
        if let Input::Message(ClientMessage::Hello(hello)) = &input {
            let held = hello.cursors.iter().take(CURSORS_MAX);
            held.map(|held| (held.store, held.cursor)).collect()
        } else if let Input::Message(ClientMessage::Cursors(cursors)) = &input {
            let held = cursors.cursors.iter().take(CURSORS_MAX);
            held.map(|held| (held.store, held.cursor)).collect()
        } else if let Input::Message(ClientMessage::History(history)) = &input {
            let older = history.cursors.iter().take(HISTORY_MAX_CURSORS);
            older.map(|cursor| (history.store, *cursor)).collect()
        } else {
            return session.handle(input, now, &|_, _| false);
        };
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
