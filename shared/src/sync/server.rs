//! The server's side of a connection: what to answer, what to read next, when to close.
//!
//! Holds no documents and no history, only where the tablet stands: a slow reader costs no memory.
//! The host reads pages of the log and commits pushes when it is told to, one page at a time.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::faults;
use crate::id::{DeviceId, FeedId, PersonId, StoreId};
use crate::sync::chain::Cursor;
use crate::sync::message::{
    Ack, AckEntry, Bye, ClientMessage, FRAME_WINDOW, FeedCursor, FeedSelection, Frame, FrameItem,
    Hello, PROTOCOL_OLDEST, PROTOCOL_VERSION, PushItem, Refused, ServerMessage, Welcome,
};
use crate::time::Timestamp;

/// Who is on the other end, from the session that the socket was opened with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The tablet.
    pub device: DeviceId,
    /// The person.
    pub person: PersonId,
}

/// What happens to the session.
#[derive(Debug)]
pub enum Input {
    /// A message arrived.
    Message(ClientMessage),
    /// The log of some store grew.
    HeadMoved,
    /// The scope changed.
    ScopeChanged(Scope),
    /// A page was read.
    Page(Page),
    /// Pushed changes were judged and what was accepted is durable.
    Committed(Vec<Settled>),
}

/// Documents that follow a cursor, as read from the log in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The store.
    pub store: StoreId,
    /// Version of the scope when it was read, in the same read transaction.
    pub scope_version: u64,
    /// The cursor that it follows.
    pub after: Cursor,
    /// The cursor behind it.
    pub cursor: Cursor,
    /// The documents, in the order of their latest entry.
    pub items: Vec<FrameItem>,
    /// Documents that follow behind it.
    pub remaining: u32,
}

/// How a pushed change ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Its number.
    pub device_seq: u64,
    /// Its place in the log, durable; or the code of the reason why not.
    pub result: Result<u64, String>,
    /// When.
    pub at: Timestamp,
}

/// A page that the host shall read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The store.
    pub store: StoreId,
    /// The feeds of it that are in scope.
    pub feeds: BTreeSet<FeedId>,
    /// What the page follows.
    pub after: Cursor,
}

/// What the host has to do.
#[derive(Debug, Default)]
pub struct Outputs {
    /// Messages to send, in order.
    pub send: Vec<ServerMessage>,
    /// Changes to judge and commit.
    pub commit: Vec<PushItem>,
    /// A page to read.
    pub read: Option<PageRequest>,
    /// Cursors that are on the tablet's disk.
    pub confirmed: Vec<FeedCursor>,
    /// Close the connection after sending.
    pub close: bool,
}

impl Outputs {
    fn bye(bye: Bye) -> Self {
        Self {
            send: vec![ServerMessage::Bye(bye)],
            close: true,
            ..Self::default()
        }
    }
}

#[derive(Debug)]
struct Position {
    cursor: Cursor,
    /// Whether the log may hold more than was sent.
    is_behind: bool,
    /// Whether the tablet waits for a last frame, even an empty one.
    owes_last: bool,
}

/// One tablet's connection, seen from the server.
#[derive(Debug)]
pub struct Session {
    peer: Peer,
    scope: Scope,
    is_greeted: bool,
    is_reading: bool,
    unconfirmed: u32,
    positions: BTreeMap<StoreId, Position>,
    /// The store that was read last: the others come before it again.
    last_read: Option<StoreId>,
    /// A version of the scope that the log already knows: nothing is read until it is told here.
    awaited_scope: u64,
}

impl Session {
    /// A session that waits for `Hello`.
    pub fn new(peer: Peer, scope: Scope) -> Self {
        Self {
            peer,
            scope,
            is_greeted: false,
            is_reading: false,
            unconfirmed: 0,
            positions: BTreeMap::new(),
            last_read: None,
            awaited_scope: 0,
        }
    }

    /// Takes an input and says what to do. `recognises` tells whether a cursor is of this log.
    pub fn handle(
        &mut self,
        input: Input,
        now: Timestamp,
        recognises: &dyn Fn(StoreId, Cursor) -> bool,
    ) -> Outputs {
        let mut outputs = match input {
            Input::Message(ClientMessage::Hello(hello)) => self.greet(hello, now, recognises),
            Input::Message(_) if !self.is_greeted => return Outputs::bye(Bye::BadMessage),
            Input::Message(ClientMessage::Push(push)) => {
                // Work of another person than the one of the session: it stays in the outbox until
                // its author is signed in again. Refusing it would take it off the card.
                let is_own = |item: &PushItem| item.person == self.peer.person;
                if push.items.iter().all(is_own) {
                    Outputs {
                        commit: push.items,
                        ..Outputs::default()
                    }
                } else {
                    Outputs::bye(Bye::SignInNeeded)
                }
            }
            Input::Message(ClientMessage::CursorConfirmed(confirmed)) => {
                self.unconfirmed = self.unconfirmed.saturating_sub(1);
                Outputs {
                    confirmed,
                    ..Outputs::default()
                }
            }
            Input::Message(ClientMessage::Ping(number)) => Outputs {
                send: vec![ServerMessage::Pong(number)],
                ..Outputs::default()
            },
            Input::HeadMoved => {
                self.positions
                    .values_mut()
                    .for_each(|position| position.is_behind = true);
                Outputs::default()
            }
            Input::ScopeChanged(scope) => self.change_scope(scope, now),
            Input::Page(page) => self.send_page(page),
            Input::Committed(settled) => answer(settled),
        };
        if !outputs.close {
            outputs.read = self.next_read();
        }
        outputs
    }

    fn greet(
        &mut self,
        hello: Hello,
        now: Timestamp,
        recognises: &dyn Fn(StoreId, Cursor) -> bool,
    ) -> Outputs {
        if hello.version < PROTOCOL_OLDEST {
            return Outputs::bye(Bye::UpdateNeeded);
        }
        if hello.device != self.peer.device {
            return Outputs::bye(Bye::SignInNeeded);
        }
        if self.is_greeted {
            return Outputs::bye(Bye::BadMessage);
        }
        self.is_greeted = true;
        let mut rewound = Vec::new();
        for store in &self.scope.stores {
            let held = hello.cursors.iter().find(|held| held.store == store.id);
            let mut cursor = held.map(|held| held.cursor).unwrap_or_default();
            if !recognises(store.id, cursor) {
                cursor = Cursor::default();
                rewound.push(store.id);
            }
            let position = Position {
                cursor,
                is_behind: true,
                owes_last: true,
            };
            self.positions.insert(store.id, position);
        }
        let scope = (hello.scope_version != self.scope.version).then(|| self.scope.clone());
        let welcome = Welcome {
            version: hello.version.min(PROTOCOL_VERSION),
            capabilities: 0,
            now,
            scope,
            rewound,
        };
        Outputs {
            send: vec![ServerMessage::Welcome(welcome)],
            ..Outputs::default()
        }
    }

    /// A changed scope is told like a welcome; new stores begin at their start.
    fn change_scope(&mut self, scope: Scope, now: Timestamp) -> Outputs {
        self.scope = scope;
        if !self.is_greeted {
            return Outputs::default();
        }
        for store in &self.scope.stores {
            let position = self.positions.entry(store.id).or_insert(Position {
                cursor: Cursor::default(),
                is_behind: true,
                owes_last: true,
            });
            position.is_behind = true;
        }
        let welcome = Welcome {
            version: PROTOCOL_VERSION,
            capabilities: 0,
            now,
            scope: Some(self.scope.clone()),
            rewound: Vec::new(),
        };
        Outputs {
            send: vec![ServerMessage::Welcome(welcome)],
            ..Outputs::default()
        }
    }

    fn next_read(&mut self) -> Option<PageRequest> {
        let is_waiting = self.is_reading || self.scope.version < self.awaited_scope;
        let is_ahead = self.unconfirmed >= FRAME_WINDOW;
        let is_ahead = is_ahead && !faults::is_planted("frame_window_ignored");
        if !self.is_greeted || is_waiting || is_ahead {
            return None;
        }
        let last_read = self.last_read;
        // In turn, so that a busy store does not keep the others waiting.
        let (store, position) = self
            .positions
            .iter_mut()
            .filter(|(_, position)| position.is_behind)
            .min_by_key(|(store, _)| (Some(**store) <= last_read, **store))?;
        position.is_behind = false;
        self.is_reading = true;
        self.last_read = Some(*store);
        let feeds = self
            .scope
            .feeds
            .iter()
            .filter(|feed| feed.store == *store)
            .map(|feed| feed.id)
            .collect();
        Some(PageRequest {
            store: *store,
            feeds,
            after: position.cursor,
        })
    }

    fn send_page(&mut self, page: Page) -> Outputs {
        self.is_reading = false;
        let Some(position) = self.positions.get_mut(&page.store) else {
            return Outputs::default();
        };
        if page.after != position.cursor {
            // The log was replaced under an open connection: the tablet begins again.
            return Outputs::bye(Bye::Unavailable);
        }
        let is_older = self.scope.version < page.scope_version;
        if is_older && !faults::is_planted("scope_gap_ignored") {
            // A feed may have been added since, and the page has passed over its documents. It
            // is read again once the new scope is told here.
            self.awaited_scope = page.scope_version;
            position.is_behind = true;
            return Outputs::default();
        }
        position.cursor = page.cursor;
        if page.remaining > 0 {
            position.is_behind = true;
        }
        let is_news = page.cursor != page.after || !page.items.is_empty();
        if !is_news && !position.owes_last {
            return Outputs::default();
        }
        if page.remaining == 0 {
            position.owes_last = false;
        }
        self.unconfirmed += 1;
        let frame = Frame {
            after: page.after,
            position: FeedCursor {
                store: page.store,
                cursor: page.cursor,
                feeds: FeedSelection::All,
            },
            items: page.items,
            remaining: page.remaining,
        };
        Outputs {
            send: vec![ServerMessage::Frame(frame)],
            ..Outputs::default()
        }
    }
}

/// One acknowledgement for all that became durable together, a refusal for each of the others.
fn answer(settled: Vec<Settled>) -> Outputs {
    let mut entries = Vec::new();
    let mut send = Vec::new();
    let mut at = Timestamp::default();
    for item in settled {
        at = at.max(item.at);
        match item.result {
            Ok(seq) => entries.push(AckEntry {
                device_seq: item.device_seq,
                seq,
            }),
            Err(code) => {
                send.push(ServerMessage::Refused(Refused {
                    device_seq: item.device_seq,
                    code,
                }));
            }
        }
    }
    if !entries.is_empty() {
        send.insert(0, ServerMessage::Ack(Ack { entries, at }));
    }
    Outputs {
        send,
        ..Outputs::default()
    }
}
