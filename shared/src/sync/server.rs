//! The server's side of a connection: what to answer, what to read next, when to close.
//!
//! Holds no documents and no history, only where the tablet stands: a slow reader costs no memory.
//! The host reads pages of the log and commits pushes when it is told to, one page at a time.

use std::collections::VecDeque;

use crate::access::Scope;
use crate::faults;
use crate::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use crate::sync::chain::Cursor;
use crate::sync::fingerprint::{BUCKETS, Fingerprint};
use crate::sync::message::{
    Bye, CAPABILITIES, Capabilities, ClientMessage, Compared, Confirmed, Cursors,
    FETCH_MAX_DOCUMENTS, FRAME_WINDOW, FeedCursor, FeedSelection, Fetched, Frame, FrameItem,
    HISTORY_MAX_CURSORS, Hello, History, Offered, PROTOCOL_OLDEST, PROTOCOL_VERSION,
    PUSH_MAX_ITEMS, PeopleRights, PushItem, Report, Restored, Rewind, ServerMessage, Welcome,
};
use crate::time::Timestamp;
use crate::vault::master::MasterSecret;

mod committed;
mod pages;
mod places;

pub use committed::Settled;
pub use pages::{Answer, FeedsOf, Page, PageItem, PageRequest, ReadRequest};

use committed::answer;
use places::{GroupKey, Places};

/// Who is on the other end: the tablet by its cookie, the person by the token of the greeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The tablet.
    pub device: DeviceId,
    /// The person; nobody on a tablet that is locked, which still delivers what waits.
    pub person: Option<PersonId>,
}

/// What a tablet is told about itself with the welcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerStanding {
    /// Those who were signed in on it.
    pub people: PeerPeople,
    /// Whether it is to be emptied once nothing waits in its outbox.
    pub is_retiring: bool,
}

/// How those stand who were signed in on a tablet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeerPeople {
    /// People who do not work here any more.
    pub gone: Vec<PersonId>,
    /// What the others may see.
    pub rights: PeopleRights,
}

/// What happens to the session.
#[derive(Debug)]
pub enum Input {
    /// A message arrived.
    Message(ClientMessage),
    /// The log of some store grew.
    HeadMoved,
    /// The scope changed: what the person of the session may see now, and those who were signed in
    /// on the tablet.
    ScopeChanged(Scope, PeerPeople),
    /// A page was read.
    Page(Page),
    /// What a tablet holds was compared.
    Compared(Answer<Compared>),
    /// Documents that a tablet asked for were read.
    Fetched(Answer<Fetched>),
    /// Pushed changes were judged and what was accepted is durable.
    Committed(Vec<Settled>),
    /// An offer was judged and what was taken is durable.
    Restored(Restored),
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
    /// Up to where the tablet has every entry of these feeds on its disk.
    pub confirmed: Vec<(FeedId, u64)>,
    /// How the tablet is.
    pub report: Option<Report>,
    /// The version of the scope that the person knows on this tablet, if it was said.
    pub known_scope: Option<u64>,
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

/// Places of one confirmation that are looked at: a tablet has few groups.
const CONFIRMED_MAX_CURSORS: usize = 100;
/// Questions of a tablet that may wait for their answer.
const QUESTIONS_MAX: usize = 4;

/// What was asked and is not answered, of whatever feeds are in scope when it is read.
#[derive(Debug)]
enum Question {
    Compare(StoreId, Vec<Fingerprint>),
    Fetch(StoreId, Vec<DocumentId>),
}

/// What the host is reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Nothing,
    Page(GroupKey),
    Answer,
    /// Something for a scope that is over: it is thrown away.
    Stale,
}

/// One tablet's connection, seen from the server.
#[derive(Debug)]
pub struct Session {
    peer: Peer,
    standing: PeerStanding,
    /// What the keys of a scope are derived from.
    master: Option<MasterSecret>,
    scope: Scope,
    is_greeted: bool,
    /// Whether the tablet was told a scope and has not said where it stands in its feeds.
    awaits_cursors: bool,
    reading: Reading,
    unconfirmed: u32,
    /// Frames of this conversation.
    frames: u32,
    /// What the tablet can do, of what the server can.
    capabilities: Capabilities,
    places: Places,
    /// What the tablet asked and has no answer yet.
    questions: VecDeque<Question>,
    /// The group that was read last: the others come before it again.
    last_read: Option<GroupKey>,
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
            standing: PeerStanding::default(),
            master: None,
            scope,
            is_greeted: false,
            awaits_cursors: false,
            reading: Reading::Nothing,
            unconfirmed: 0,
            frames: 0,
            capabilities: 0,
            places: Places::default(),
            questions: VecDeque::new(),
            last_read: None,
            awaited_scope: 0,
            is_restoring: false,
        }
    }

    /// The same session, with what its tablet is told about itself.
    pub fn with_standing(mut self, standing: PeerStanding) -> Self {
        self.standing = standing;
        self
    }

    /// The same session, which issues the keys of a scope with it.
    pub fn with_master(mut self, master: MasterSecret) -> Self {
        self.master = Some(master);
        self
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
                // Also work of others than the person of the session: its seal says whose it is.
                if push.items.len() > PUSH_MAX_ITEMS {
                    Outputs::bye(Bye::BadMessage)
                } else {
                    Outputs {
                        commit: push.items,
                        ..Outputs::default()
                    }
                }
            }
            Input::Message(ClientMessage::CursorConfirmed(confirmed)) => self.confirm(&confirmed),
            Input::Message(ClientMessage::Ping(number)) => Outputs {
                send: vec![ServerMessage::Pong(number)],
                ..Outputs::default()
            },
            Input::Message(ClientMessage::Cursors(cursors)) => {
                self.place(&cursors, now, recognises)
            }
            Input::Message(ClientMessage::History(history)) => self.rewind(&history, recognises),
            Input::Message(ClientMessage::Compare(compare)) => {
                if compare.buckets.len() == BUCKETS {
                    self.ask(Question::Compare(compare.store, compare.buckets))
                } else {
                    Outputs::bye(Bye::BadMessage)
                }
            }
            Input::Message(ClientMessage::Fetch(fetch)) => {
                if fetch.documents.len() <= FETCH_MAX_DOCUMENTS {
                    self.ask(Question::Fetch(fetch.store, fetch.documents))
                } else {
                    Outputs::bye(Bye::BadMessage)
                }
            }
            Input::Message(ClientMessage::Offer(offer)) => self.take_offer(offer),
            Input::Restored(restored) => self.answer_offer(restored),
            Input::Message(ClientMessage::Report(report)) => self.note_report(report),
            Input::HeadMoved => {
                self.places.head_moved();
                Outputs::default()
            }
            Input::ScopeChanged(scope, people) => self.change_scope(scope, people, now),
            Input::Page(page) => self.send_page(page),
            Input::Compared(answer) => self.reply(answer, ServerMessage::Compared),
            Input::Fetched(answer) => self.reply(answer, ServerMessage::Fetched),
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
        // Under another scope "all feeds" may mean others: the tablet says it again.
        // Where nobody is signed in there is no scope to tell.
        let is_other = hello.scope_version != self.scope.version;
        self.awaits_cursors = self.peer.person.is_some() && is_other;
        let mut unrecognised = Vec::new();
        if !self.awaits_cursors {
            (self.places, unrecognised) = Places::of(&self.scope, &hello.cursors, recognises);
        }
        let scope = self.awaits_cursors.then(|| self.scope.clone());
        let told = if hello.waiting > 0 {
            Outputs::default()
        } else if self.awaits_cursors {
            self.told(hello.scope_version, &[])
        } else {
            self.told(hello.scope_version, &hello.cursors)
        };
        let version = hello.version.min(PROTOCOL_VERSION);
        // Where nobody has a keyring there is nothing to say.
        let rights = &self.standing.people.rights;
        let is_news = |known| known != rights.scope_version;
        let rights = hello.keyrings.is_some_and(is_news).then(|| rights.clone());
        let welcome = self.welcome(version, now, scope, unrecognised, rights);
        Outputs {
            send: welcome.send,
            ..told
        }
    }

    fn welcome(
        &self,
        version: u16,
        now: Timestamp,
        scope: Option<Scope>,
        unrecognised: Vec<StoreId>,
        rights: Option<PeopleRights>,
    ) -> Outputs {
        let keys = scope.as_ref().and_then(|scope| {
            let (master, person) = (self.master.as_ref()?, self.peer.person?);
            Some(master.issue(self.peer.device, person, scope))
        });
        let welcome = Welcome {
            version,
            capabilities: self.capabilities,
            now,
            scope,
            keys,
            unrecognised,
            gone: self.standing.people.gone.clone(),
            is_retiring: self.standing.is_retiring,
            rights,
        };
        Outputs {
            send: vec![ServerMessage::Welcome(welcome)],
            ..Outputs::default()
        }
    }

    /// A changed scope is told like a welcome. Nothing is read until the tablet has said where it
    /// stands in its feeds, and what was read for the old one is thrown away.
    fn change_scope(&mut self, scope: Scope, people: PeerPeople, now: Timestamp) -> Outputs {
        let told = self.standing.people.rights.scope_version;
        let rights = people.rights.clone();
        self.standing.people = people;
        if self.peer.person.is_none() {
            // Where nobody is signed in there is no scope to tell, only who lost what.
            if !self.is_greeted || rights.scope_version == told {
                return Outputs::default();
            }
            return self.welcome(PROTOCOL_VERSION, now, None, Vec::new(), Some(rights));
        }
        let is_known = scope.version == self.scope.version;
        self.scope = scope;
        if !self.is_greeted || is_known {
            return Outputs::default();
        }
        self.awaits_cursors = true;
        self.places = Places::default();
        self.questions.clear();
        if self.reading != Reading::Nothing {
            self.reading = Reading::Stale;
        }
        let scope = Some(self.scope.clone());
        self.welcome(PROTOCOL_VERSION, now, scope, Vec::new(), Some(rights))
    }

    /// The tablet has stored a scope and says where it stands.
    fn place(
        &mut self,
        cursors: &Cursors,
        now: Timestamp,
        recognises: &dyn Fn(StoreId, Cursor) -> bool,
    ) -> Outputs {
        let is_awaited = self.awaits_cursors && cursors.scope_version == self.scope.version;
        if !is_awaited {
            // Repeated, or of a scope that changed again meanwhile.
            return Outputs::default();
        }
        self.awaits_cursors = false;
        let (places, unrecognised) = Places::of(&self.scope, &cursors.cursors, recognises);
        self.places = places;
        // Of a feed that left, the tablet waits to hear whether this log knows what is in it.
        let mut stated = cursors.cursors.iter();
        let is_leaving = stated.any(|place| {
            let strangers = place.feeds.strangers(&self.scope, place.store);
            !strangers.is_empty()
        });
        if unrecognised.is_empty() && !is_leaving {
            return Outputs::default();
        }
        self.welcome(PROTOCOL_VERSION, now, None, unrecognised, None)
    }

    fn confirm(&mut self, confirmed: &Confirmed) -> Outputs {
        self.unconfirmed = self.unconfirmed.saturating_sub(confirmed.frames);
        self.told(confirmed.scope_version, &confirmed.positions)
    }

    /// What the tablet knows of from now on.
    fn told(&self, scope_version: u64, positions: &[FeedCursor]) -> Outputs {
        let confirmed = positions
            .iter()
            .take(CONFIRMED_MAX_CURSORS)
            .flat_map(|place| {
                let feeds = place.feeds.feeds(&self.scope, place.store).into_iter();
                feeds.map(|feed| (feed, place.cursor.whole))
            });
        Outputs {
            confirmed: confirmed.collect(),
            known_scope: (scope_version > 0).then_some(scope_version),
            ..Outputs::default()
        }
    }

    /// A tablet that is given up is emptied as soon as nothing waits on it.
    fn note_report(&self, report: Report) -> Outputs {
        let mut outputs = if self.standing.is_retiring && report.waiting == 0 {
            Outputs::bye(Bye::Erase)
        } else {
            Outputs::default()
        };
        outputs.report = Some(report);
        outputs
    }

    /// From the newest of the tablet's older cursors that the log knows.
    fn rewind(
        &mut self,
        history: &History,
        recognises: &dyn Fn(StoreId, Cursor) -> bool,
    ) -> Outputs {
        let store = history.store;
        let feeds = history.feeds.feeds(&self.scope, store);
        let mut older = history.cursors.iter().take(HISTORY_MAX_CURSORS);
        let known = older.find(|cursor| recognises(store, **cursor));
        let cursor = known.copied().unwrap_or_default();
        let mut feeds = self.places.rewind(store, &feeds, cursor);
        // Nothing goes on for those that left, but the tablet has to know what may be missing here.
        feeds.append(&mut history.feeds.strangers(&self.scope, store));
        if feeds.is_empty() {
            // Repeated.
            return Outputs::default();
        }
        let feeds = FeedSelection::of(&self.scope, store, &feeds);
        self.join(store);
        Outputs {
            send: vec![ServerMessage::Rewind(Rewind {
                store,
                feeds,
                cursor,
            })],
            ..Outputs::default()
        }
    }

    /// Groups at the same place become one, but for one that is being read.
    fn join(&mut self, store: StoreId) {
        let reading = match self.reading {
            Reading::Page(key) => Some(key),
            Reading::Nothing | Reading::Answer | Reading::Stale => None,
        };
        self.places.join(store, reading);
    }

    fn feeds_of(&self, store: StoreId) -> FeedsOf {
        FeedsOf {
            store,
            feeds: self.scope.feeds_of(store),
        }
    }

    /// Takes a question; a tablet asks the next one when it has its answer.
    fn ask(&mut self, question: Question) -> Outputs {
        if self.questions.len() >= QUESTIONS_MAX {
            return Outputs::bye(Bye::BadMessage);
        }
        self.questions.push_back(question);
        Outputs::default()
    }

    /// Whether what was read is for the scope that the tablet was told: under a newer one it may be
    /// that a feed of this session is no longer for it, or that there is one more.
    fn is_current(&mut self, scope_version: u64) -> bool {
        if self.reading == Reading::Stale {
            return false;
        }
        let is_newer = self.scope.version < scope_version;
        if is_newer && !faults::is_planted("scope_gap_ignored") {
            self.awaited_scope = scope_version;
            return false;
        }
        true
    }

    fn reply<T>(&mut self, answer: Answer<T>, message: fn(T) -> ServerMessage) -> Outputs {
        let is_current = self.is_current(answer.scope_version);
        self.reading = Reading::Nothing;
        // A tablet that is told a new scope asks anew.
        Outputs {
            send: is_current
                .then(|| message(answer.body))
                .into_iter()
                .collect(),
            ..Outputs::default()
        }
    }

    fn next_read(&mut self) -> Option<ReadRequest> {
        let is_waiting = self.awaits_cursors || self.scope.version < self.awaited_scope;
        if !self.is_greeted || self.reading != Reading::Nothing || is_waiting {
            return None;
        }
        if let Some(question) = self.questions.pop_front() {
            self.reading = Reading::Answer;
            return Some(match question {
                Question::Compare(store, buckets) => {
                    ReadRequest::Compare(self.feeds_of(store), buckets)
                }
                Question::Fetch(store, ids) => ReadRequest::Fetch(self.feeds_of(store), ids),
            });
        }
        let is_ahead = self.unconfirmed >= FRAME_WINDOW;
        if is_ahead && !faults::is_planted("frame_window_ignored") {
            return None;
        }
        let (key, group) = self.places.next(self.last_read)?;
        group.is_behind = false;
        let request = PageRequest {
            of: FeedsOf {
                store: key.0,
                feeds: group.feeds.clone(),
            },
            after: group.cursor,
            announced: group.announced,
        };
        self.reading = Reading::Page(key);
        self.last_read = Some(key);
        Some(ReadRequest::Page(request))
    }

    fn send_page(&mut self, page: Page) -> Outputs {
        let is_current = self.is_current(page.scope_version);
        let reading = std::mem::replace(&mut self.reading, Reading::Nothing);
        let Reading::Page(key) = reading else {
            return Outputs::default();
        };
        let Some(group) = self.places.group(key) else {
            return Outputs::default();
        };
        if !is_current {
            // A feed may have been added since, and the page has passed over its documents; or one
            // is gone. It is read again once the new scope is told here.
            group.is_behind = true;
            return Outputs::default();
        }
        if page.after != group.cursor {
            // The log was replaced under an open connection: the tablet begins again.
            return Outputs::bye(Bye::Unavailable);
        }
        group.cursor = page.cursor;
        group.announced = (page.remaining > 0).then_some(page.remaining);
        group.is_behind |= page.remaining > 0;
        let device = self.peer.device;
        let items = page.items.into_iter();
        let items: Vec<FrameItem> = items.filter_map(|item| item.without_own(device)).collect();
        let is_news = page.cursor != page.after || !items.is_empty();
        if !is_news && !group.owes_last {
            return Outputs::default();
        }
        group.owes_last &= page.remaining > 0;
        self.unconfirmed += 1;
        self.frames += 1;
        let frame = Frame {
            scope_version: self.scope.version,
            number: self.frames,
            after: page.after,
            position: FeedCursor {
                store: page.store,
                cursor: page.cursor,
                feeds: FeedSelection::of(&self.scope, page.store, &group.feeds),
            },
            items,
            remaining: page.remaining,
            fingerprint: page.fingerprint,
        };
        self.join(page.store);
        Outputs {
            send: vec![ServerMessage::Frame(frame)],
            ..Outputs::default()
        }
    }
}

#[cfg(test)]
mod tests;
