//! The server's side of a connection: what to answer, what to read next, when to close.
//!
//! Holds no documents and no history, only where the tablet stands: a slow reader costs no memory.
//! The host reads pages of the log and commits pushes when it is told to, one page at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::access::Scope;
use crate::faults;
use crate::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use crate::sync::chain::Cursor;
use crate::sync::fingerprint::{BUCKETS, Fingerprint};
use crate::sync::message::{
    Ack, AckEntry, Bye, CAPABILITIES, Capabilities, ClientMessage, Compared, FETCH_MAX_DOCUMENTS,
    FRAME_WINDOW, FeedCursor, FeedSelection, Fetched, Frame, FrameItem, HISTORY_MAX_CURSORS, Hello,
    History, OFFER_MAX_DOCUMENTS, Offer, Offered, PROTOCOL_OLDEST, PROTOCOL_VERSION,
    PUSH_MAX_ITEMS, PushItem, Refused, Restored, Rewind, ServerMessage, Welcome,
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
    /// What a tablet holds was compared.
    Compared(Compared),
    /// Documents that a tablet asked for were read.
    Fetched(Fetched),
    /// Pushed changes were judged and what was accepted is durable.
    Committed(Vec<Settled>),
    /// An offer was judged and what was taken is durable.
    Restored(Restored),
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
    pub items: Vec<PageItem>,
    /// Documents that follow behind it.
    pub remaining: u32,
    /// The fingerprint of the requested feeds at the cursor; with the last page alone.
    pub fingerprint: Option<Fingerprint>,
}

/// A document of a page. The same page serves every tablet that stands at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageItem {
    /// What is said of it.
    pub item: FrameItem,
    /// Which tablet made each of its chunks; empty for a whole document, which every tablet gets.
    pub makers: Vec<DeviceId>,
}

impl PageItem {
    /// What a tablet gets of it: what it made is there already. `None` if that is all.
    fn without_own(self, device: DeviceId) -> Option<FrameItem> {
        let Self { mut item, makers } = self;
        if makers.is_empty() {
            return Some(item);
        }
        let mut makers = makers.into_iter();
        item.chunks.retain(|_| makers.next() != Some(device));
        (!item.chunks.is_empty()).then_some(item)
    }
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
    /// If it is durable: its document, and the receipt of the document as it is now.
    pub receipt: Option<(DocumentId, Vec<u8>)>,
}

/// Something that the host shall read, in one read transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadRequest {
    /// A page of the log.
    Page(PageRequest),
    /// What differs from what a tablet holds.
    Compare(FeedsOf, Vec<Fingerprint>),
    /// Whole documents.
    Fetch(FeedsOf, Vec<DocumentId>),
}

/// The feeds of a store that are in a session's scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedsOf {
    /// The store.
    pub store: StoreId,
    /// The feeds.
    pub feeds: BTreeSet<FeedId>,
}

/// A page that the host shall read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The store, and its feeds that are in scope.
    pub of: FeedsOf,
    /// What the page follows.
    pub after: Cursor,
    /// Documents that follow, as an earlier page has counted: then they need no counting.
    pub announced: Option<u32>,
}

/// What the host has to do.
#[derive(Debug, Default)]
pub struct Outputs {
    /// Messages to send, in order.
    pub send: Vec<ServerMessage>,
    /// Changes to judge and commit.
    pub commit: Vec<PushItem>,
    /// An offer to judge and commit, with the feeds that the session holds.
    pub restore: Option<(FeedsOf, Vec<Offered>)>,
    /// Something to read.
    pub read: Option<ReadRequest>,
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
    /// Whether the log does not know the tablet's cursor, and its older ones were asked for.
    awaits_history: bool,
    /// Documents that follow, as counted with an earlier page.
    announced: Option<u32>,
}

impl Position {
    const fn at(cursor: Cursor) -> Self {
        Self {
            cursor,
            is_behind: true,
            owes_last: true,
            awaits_history: false,
            announced: None,
        }
    }
}

/// Questions of a tablet that may wait for their answer.
const QUESTIONS_MAX: usize = 4;

/// One tablet's connection, seen from the server.
#[derive(Debug)]
pub struct Session {
    peer: Peer,
    scope: Scope,
    is_greeted: bool,
    is_reading: bool,
    unconfirmed: u32,
    /// What the tablet can do, of what the server can.
    capabilities: Capabilities,
    positions: BTreeMap<StoreId, Position>,
    /// What the tablet asked and has no answer yet.
    questions: VecDeque<ReadRequest>,
    /// The store that was read last: the others come before it again.
    last_read: Option<StoreId>,
    /// A version of the scope that the log already knows: nothing is read until it is told here.
    awaited_scope: u64,
    /// Whether an offer has no answer yet.
    is_restoring: bool,
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
            capabilities: 0,
            positions: BTreeMap::new(),
            questions: VecDeque::new(),
            last_read: None,
            awaited_scope: 0,
            is_restoring: false,
        }
    }

    /// What both sides can do beyond the version.
    pub const fn capabilities(&self) -> Capabilities {
        self.capabilities
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
                if push.items.len() > PUSH_MAX_ITEMS {
                    Outputs::bye(Bye::BadMessage)
                } else if push.items.iter().all(is_own) {
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
            Input::Message(ClientMessage::History(history)) => self.rewind(&history, recognises),
            Input::Message(ClientMessage::Compare(compare)) => {
                if compare.buckets.len() == BUCKETS {
                    let of = self.feeds_of(compare.store);
                    self.ask(ReadRequest::Compare(of, compare.buckets))
                } else {
                    Outputs::bye(Bye::BadMessage)
                }
            }
            Input::Message(ClientMessage::Fetch(fetch)) => {
                if fetch.documents.len() <= FETCH_MAX_DOCUMENTS {
                    let of = self.feeds_of(fetch.store);
                    self.ask(ReadRequest::Fetch(of, fetch.documents))
                } else {
                    Outputs::bye(Bye::BadMessage)
                }
            }
            Input::Message(ClientMessage::Offer(offer)) => self.take_offer(offer),
            Input::Restored(restored) => {
                self.is_restoring = false;
                Outputs {
                    send: vec![ServerMessage::Restored(restored)],
                    ..Outputs::default()
                }
            }
            Input::HeadMoved => {
                self.positions
                    .values_mut()
                    .for_each(|position| position.is_behind = true);
                Outputs::default()
            }
            Input::ScopeChanged(scope) => self.change_scope(scope, now),
            Input::Page(page) => self.send_page(page),
            Input::Compared(compared) => self.reply(ServerMessage::Compared(compared)),
            Input::Fetched(fetched) => self.reply(ServerMessage::Fetched(fetched)),
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
        self.capabilities = hello.capabilities & CAPABILITIES;
        let mut unrecognised = Vec::new();
        for store in &self.scope.stores {
            let held = hello.cursors.iter().find(|held| held.store == store.id);
            let mut position = Position::at(held.map(|held| held.cursor).unwrap_or_default());
            if !recognises(store.id, position.cursor) {
                position.awaits_history = true;
                unrecognised.push(store.id);
            }
            self.positions.insert(store.id, position);
        }
        let scope = (hello.scope_version != self.scope.version).then(|| self.scope.clone());
        let welcome = Welcome {
            version: hello.version.min(PROTOCOL_VERSION),
            capabilities: self.capabilities,
            now,
            scope,
            unrecognised,
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
            let start = Position::at(Cursor::default());
            let position = self.positions.entry(store.id).or_insert(start);
            position.is_behind = true;
            // The feeds may be others now, and with them what follows.
            position.announced = None;
        }
        let welcome = Welcome {
            version: PROTOCOL_VERSION,
            capabilities: self.capabilities,
            now,
            scope: Some(self.scope.clone()),
            unrecognised: Vec::new(),
        };
        Outputs {
            send: vec![ServerMessage::Welcome(welcome)],
            ..Outputs::default()
        }
    }

    /// From the newest of the tablet's older cursors that the log knows.
    fn rewind(
        &mut self,
        history: &History,
        recognises: &dyn Fn(StoreId, Cursor) -> bool,
    ) -> Outputs {
        let store = history.store;
        let position = self.positions.get_mut(&store);
        let Some(position) = position.filter(|position| position.awaits_history) else {
            // Repeated, or of a store that is not in the scope any more.
            return Outputs::default();
        };
        let mut older = history.cursors.iter().take(HISTORY_MAX_CURSORS);
        let known = older.find(|cursor| recognises(store, **cursor));
        let cursor = known.copied().unwrap_or_default();
        *position = Position::at(cursor);
        Outputs {
            send: vec![ServerMessage::Rewind(Rewind { store, cursor })],
            ..Outputs::default()
        }
    }

    fn feeds_of(&self, store: StoreId) -> FeedsOf {
        let feeds = self.scope.feeds.iter().filter(|feed| feed.store == store);
        FeedsOf {
            store,
            feeds: feeds.map(|feed| feed.id).collect(),
        }
    }

    /// Takes a question; a tablet asks the next one when it has its answer.
    fn ask(&mut self, question: ReadRequest) -> Outputs {
        if self.questions.len() >= QUESTIONS_MAX {
            return Outputs::bye(Bye::BadMessage);
        }
        self.questions.push_back(question);
        Outputs::default()
    }

    /// Takes an offer; a tablet makes the next one when it has its answer.
    fn take_offer(&mut self, offer: Offer) -> Outputs {
        let mut documents: Vec<DocumentId> = offer
            .documents
            .iter()
            .map(|offered| offered.document.id)
            .collect();
        documents.sort_unstable();
        documents.dedup();
        let is_bounded =
            documents.len() == offer.documents.len() && documents.len() <= OFFER_MAX_DOCUMENTS;
        if !is_bounded || self.is_restoring {
            return Outputs::bye(Bye::BadMessage);
        }
        self.is_restoring = true;
        Outputs {
            restore: Some((self.feeds_of(offer.store), offer.documents)),
            ..Outputs::default()
        }
    }

    fn reply(&mut self, message: ServerMessage) -> Outputs {
        self.is_reading = false;
        Outputs {
            send: vec![message],
            ..Outputs::default()
        }
    }

    fn next_read(&mut self) -> Option<ReadRequest> {
        let is_waiting = self.is_reading || self.scope.version < self.awaited_scope;
        if !self.is_greeted || is_waiting {
            return None;
        }
        if let Some(question) = self.questions.pop_front() {
            self.is_reading = true;
            return Some(question);
        }
        let is_ahead = self.unconfirmed >= FRAME_WINDOW;
        if is_ahead && !faults::is_planted("frame_window_ignored") {
            return None;
        }
        let last_read = self.last_read;
        // In turn, so that a busy store does not keep the others waiting.
        let (store, position) = self
            .positions
            .iter_mut()
            .filter(|(_, position)| position.is_behind && !position.awaits_history)
            .min_by_key(|(store, _)| (Some(**store) <= last_read, **store))?;
        let store = *store;
        position.is_behind = false;
        let (after, announced) = (position.cursor, position.announced);
        self.is_reading = true;
        self.last_read = Some(store);
        Some(ReadRequest::Page(PageRequest {
            of: self.feeds_of(store),
            after,
            announced,
        }))
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
        position.announced = (page.remaining > 0).then_some(page.remaining);
        if page.remaining > 0 {
            position.is_behind = true;
        }
        let device = self.peer.device;
        let items = page.items.into_iter();
        let items: Vec<FrameItem> = items.filter_map(|item| item.without_own(device)).collect();
        let is_news = page.cursor != page.after || !items.is_empty();
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
            items,
            remaining: page.remaining,
            fingerprint: page.fingerprint,
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
    let mut receipts = BTreeMap::new();
    let mut send = Vec::new();
    let mut at = Timestamp::default();
    for item in settled {
        at = at.max(item.at);
        // Of a document that was judged twice, in two batches, the later one stands.
        receipts.extend(item.receipt);
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
        send.insert(
            0,
            ServerMessage::Ack(Ack {
                entries,
                at,
                receipts: receipts.into_iter().collect(),
            }),
        );
    }
    Outputs {
        send,
        ..Outputs::default()
    }
}

#[cfg(test)]
mod tests;
