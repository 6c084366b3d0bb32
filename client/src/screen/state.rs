//! What the screen knows: fed by the worker's notices, read by every page.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use floorbook_shared::access::{self, Identity, Person, Scope, Store};
use floorbook_shared::device::message::{Connection, Notice, RowEntry, Status};
use floorbook_shared::id::{DocumentId, FeedId};
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::card::CardView;
use floorbook_shared::view::search::{ClassFilter, SearchKey};
use yew::{Reducible, UseReducerDispatcher, UseReducerHandle};

use crate::message::ToScreen;
use crate::screen::http;
use crate::screen::keeping::Keeping;

/// The state as components hold it: as it was when they were drawn.
///
/// Yew's own handle reads the newest state even through an old copy, so comparing an old with a
/// new one would find no difference.
#[derive(Clone)]
pub struct App {
    state: Rc<AppState>,
    dispatcher: UseReducerDispatcher<AppState>,
}

impl App {
    /// What `handle` holds now.
    pub fn of(handle: &UseReducerHandle<AppState>) -> Self {
        Self {
            state: Rc::new(AppState::clone(handle)),
            dispatcher: handle.dispatcher(),
        }
    }

    /// Changes the state.
    pub fn dispatch(&self, action: Action) {
        self.dispatcher.dispatch(action);
    }

    /// What changes the state, without the state itself.
    pub fn dispatcher(&self) -> UseReducerDispatcher<AppState> {
        self.dispatcher.clone()
    }
}

impl Deref for App {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.state
    }
}

impl PartialEq for App {
    fn eq(&self, other: &Self) -> bool {
        self.state == other.state
    }
}

/// What the screen knows.
#[derive(Clone, Default, PartialEq)]
pub struct AppState {
    /// How far the worker is.
    pub phase: Phase,
    /// Why the worker stopped while the app was in use; forms stay on the screen.
    pub trouble: Option<Trouble>,
    /// Who is signed in.
    pub identity: Option<Rc<Identity>>,
    /// What they may see.
    pub scope: Rc<Scope>,
    /// The rows of all customers.
    pub rows: Rows,
    /// The cards that are shown.
    pub cards: BTreeMap<DocumentId, CardState>,
    /// The truth about saving and sending.
    pub status: Rc<Status>,
    /// How often a worker opened the storage: shown cards are asked for again each time.
    pub openings: u32,
    /// What the list of customers shows.
    pub list: ListView,
    /// Whether Today shows everyone's work.
    pub is_today_of_all: bool,
    /// Set while signing out is refused: changes that would be lost.
    pub sign_out_refused: Option<usize>,
    /// What was last saved, to be told for a moment.
    pub saved: Option<Timestamp>,
    /// Whether the browser keeps this tablet's data when space is short.
    pub keeping: Keeping,
}

/// How far the worker is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The storage is being read.
    #[default]
    Opening,
    /// Another tab owns the data.
    HeldElsewhere,
    /// Another tab took the data over.
    TakenOver,
    /// The worker could not open the storage.
    Failed(Trouble),
    /// The storage was read.
    Open,
}

/// Why the worker can't go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Stable code; the words stand under `failed-`.
    pub code: String,
    /// Detail for the administrator.
    pub detail: String,
}

/// A card that is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum CardState {
    /// Its content.
    Shown(Rc<CardView>),
    /// It could not be read.
    Unreadable,
}

/// A row with what searching needs.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedRow {
    /// The row as it came.
    pub entry: RowEntry,
    /// Its searchable words.
    pub key: SearchKey,
}

/// The rows of all customers; two are equal only if they are the same, so comparing is cheap.
#[derive(Clone, Default)]
pub struct Rows(Rc<BTreeMap<DocumentId, Rc<ListedRow>>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Rows {
    /// The row of a card.
    pub fn get(&self, document: DocumentId) -> Option<&Rc<ListedRow>> {
        self.0.get(&document)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<ListedRow>> {
        self.0.values()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    fn put(&mut self, entries: Vec<RowEntry>) {
        let rows = Rc::make_mut(&mut self.0);
        for entry in entries {
            let key = SearchKey::of(&entry.row);
            rows.insert(entry.document, Rc::new(ListedRow { entry, key }));
        }
    }

    fn remove(&mut self, documents: &[DocumentId]) {
        let rows = Rc::make_mut(&mut self.0);
        for document in documents {
            rows.remove(document);
        }
    }
}

/// What the list of customers shows; kept while other places are visited.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListView {
    /// What was typed into the search field.
    pub query: String,
    /// The class that is shown, or all.
    pub class: Option<ClassFilter>,
    /// Whether only cards with something marked are shown.
    pub mark: Option<Mark>,
    /// The order.
    pub order: ListOrder,
    /// Pixels that the list is scrolled down.
    pub scroll: i32,
}

/// A mark of a row that can be filtered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Two values wait for someone to choose.
    Conflict,
    /// Changes wait to be sent.
    Unsent,
}

/// An order of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// The latest contact first.
    #[default]
    Recent,
    /// The earliest next step first.
    NextStep,
}

/// What changes the state.
pub enum Action {
    /// The worker told something.
    FromWorker(ToScreen),
    /// A new worker is being started.
    Reopening,
    /// A card left the screen.
    CardHidden(DocumentId),
    /// The list shows something else.
    List(ListView),
    /// Today shows everyone's work, or mine.
    TodayOfAll(bool),
    /// The refusal to sign out was read.
    SignOutRefusalRead,
    /// The word about saving was shown long enough.
    SavedRead(Timestamp),
    /// The browser answered whether it keeps the data.
    Keeping(Keeping),
}

impl Reducible for AppState {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut state = Rc::unwrap_or_clone(self);
        match action {
            Action::FromWorker(message) => state.hear(message),
            Action::Reopening => {
                state.trouble = None;
                if state.phase != Phase::Open {
                    state.phase = Phase::Opening;
                }
            }
            Action::CardHidden(document) => {
                state.cards.remove(&document);
            }
            Action::List(list) => state.list = list,
            Action::TodayOfAll(is_of_all) => state.is_today_of_all = is_of_all,
            Action::SignOutRefusalRead => state.sign_out_refused = None,
            Action::Keeping(keeping) => state.keeping = keeping,
            Action::SavedRead(at) => {
                if state.saved == Some(at) {
                    state.saved = None;
                }
            }
        }
        Rc::new(state)
    }
}

impl AppState {
    fn hear(&mut self, message: ToScreen) {
        match message {
            ToScreen::HeldElsewhere => self.phase = Phase::HeldElsewhere,
            ToScreen::TakenOver => self.phase = Phase::TakenOver,
            ToScreen::Failed { code, detail } => {
                let trouble = Trouble { code, detail };
                if self.phase == Phase::Open {
                    self.trouble = Some(trouble);
                } else {
                    self.phase = Phase::Failed(trouble);
                }
            }
            // The link starts another worker. Until that tells, nothing is known to be in sync.
            ToScreen::Trapped { .. } => {
                let status = Rc::make_mut(&mut self.status);
                status.is_verified = false;
                status.connection = Connection::Connecting {
                    offline_since: None,
                };
            }
            ToScreen::Notice(notice) => self.take(notice),
        }
    }

    fn take(&mut self, notice: Notice) {
        match notice {
            Notice::Opened {
                identity, scope, ..
            } => {
                self.phase = Phase::Open;
                self.trouble = None;
                self.rows = Rows::default();
                // A card that is open stays until the new worker tells it: forms stand in it.
                self.scope = Rc::new(scope);
                self.openings += 1;
                self.set_identity(identity);
            }
            Notice::Rows { rows } => self.rows.put(rows),
            Notice::Removed { documents } => self.rows.remove(&documents),
            Notice::ScopeChanged { scope } => self.scope = Rc::new(scope),
            Notice::IdentityChanged { identity } => self.set_identity(identity),
            Notice::SessionChanged { token } => http::set_token(token),
            Notice::Card { document, card } => {
                self.cards
                    .insert(document, CardState::Shown(Rc::new(*card)));
            }
            Notice::CardUnreadable { document, .. } => {
                self.cards.insert(document, CardState::Unreadable);
            }
            Notice::Saved { at, .. } => self.saved = Some(at),
            Notice::SignOutRefused { unsent } => self.sign_out_refused = Some(unsent),
            Notice::Status { status } => self.status = Rc::new(status),
            // The forms that asked are told by the link.
            Notice::NotSaved { .. } | Notice::CardNumber { .. } => {}
        }
    }

    fn set_identity(&mut self, identity: Option<Identity>) {
        self.identity = identity.map(Rc::new);
        self.sign_out_refused = None;
    }

    /// The consultant whose book a feed is.
    pub fn owner(&self, feed: FeedId) -> Option<&Person> {
        self.scope.person(self.scope.feed(feed)?.owner?)
    }

    /// Whether who is signed in may do something, as far as this tablet knows; the server asks the
    /// same again.
    pub fn may(&self, action: access::Action) -> bool {
        let identity = self.identity.as_ref();
        identity.is_some_and(|identity| self.scope.may(identity.person, action))
    }

    /// Whether a feed is the book of who is signed in.
    pub fn is_mine(&self, feed: FeedId) -> bool {
        let owner = self.scope.feed(feed).and_then(|feed| feed.owner);
        owner.is_some() && owner == self.identity.as_ref().map(|identity| identity.person)
    }

    /// The store in which cards are opened here.
    pub fn store(&self) -> Option<&Store> {
        self.scope.store(self.identity.as_ref()?.store)
    }
}
