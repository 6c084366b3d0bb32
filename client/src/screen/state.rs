//! What the screen knows: fed by the worker's notices, read by every page.
//!
//! What belongs to a person is there only while they work here: locking drops all of it.

mod list;
mod rows;

pub use list::{ListView, Owners};
pub use rows::{ListedRow, Rows};

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use floorbook_shared::access::{self, Identity, Person, Scope, Store, StoreSettings};
use floorbook_shared::api::{ServerState, TabletStanding, TabletState};
use floorbook_shared::device::message::{
    Connection, Notice, PersonHere, SignInProblem, Status, UnlockProblem,
};
use floorbook_shared::device::record::TabletRecord;
use floorbook_shared::id::{DocumentId, FeedId, PersonId};
use floorbook_shared::secret::Secret;
use floorbook_shared::time::Date;
use floorbook_shared::view::card::CardView;
use floorbook_shared::view::history::HistoryView;
use floorbook_shared::view::listing::Basis;
use yew::{Reducible, UseReducerDispatcher, UseReducerHandle};

use crate::message::ToScreen;
use crate::screen::http;
use crate::screen::keeping::Keeping;
use crate::screen::look_ups::{KnownCard, LOOK_UPS, LookUps};
use crate::screen::platform;
use crate::screen::{recent, reset};

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
        // Most of the time it is the very same one.
        std::ptr::eq::<AppState>(&*self.state, &*other.state) || self.state == other.state
    }
}

/// What the screen knows.
#[derive(Clone, Default, PartialEq)]
pub struct AppState {
    /// How far the worker is.
    pub phase: Phase,
    /// Why the worker stopped while the app was in use; forms stay on the screen.
    pub trouble: Option<Trouble>,
    /// Which tablet this is, as far as it knows.
    pub tablet: Option<TabletRecord>,
    /// What the store says about itself and this browser, once it was asked.
    pub server: Option<Rc<ServerState>>,
    /// Who has a keyring on this tablet.
    pub people: Rc<Vec<PersonHere>>,
    /// What came of the last try to open a keyring or to replace one.
    pub attempt: Attempt,
    /// Set from the moment that locking was asked for until the worker has let everything go.
    pub is_locking: bool,
    /// What the lock screen asks for at once, if anything.
    pub asked_next: Option<AskedNext>,
    /// Set once the tablet was emptied.
    pub erased: Option<Erasure>,
    /// Who works here; nobody while the tablet is locked.
    pub identity: Option<Rc<Identity>>,
    /// What they may see.
    pub scope: Rc<Scope>,
    /// The rows of all customers.
    pub rows: Rows,
    /// Whether they are on their way from the worker, right after the tablet was opened.
    pub are_rows_coming: bool,
    /// The cards that are shown.
    pub cards: BTreeMap<DocumentId, CardState>,
    /// Their histories.
    pub histories: BTreeMap<DocumentId, Rc<HistoryView>>,
    /// The truth about saving and sending.
    pub status: Rc<Status>,
    /// How often a worker opened the storage: shown cards are asked for again each time.
    pub openings: u32,
    /// What the list of customers shows.
    pub list: ListView,
    /// Whether Today shows everyone's work.
    pub is_today_of_all: bool,
    /// Set while leaving is refused: why.
    pub leaving_refused: Option<LeavingRefusal>,
    /// A file with everything that is unsent, until it was handed over.
    pub rescue: Option<Rc<RescueFile>>,
    /// Cards that were opened here and are looked for among those of colleagues.
    pub look_ups: Rc<LookUps>,
    /// Whether the browser keeps this tablet's data when space is short.
    pub keeping: Keeping,
}

/// What came of the last try to open a keyring or to replace one.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Attempt {
    /// None was made, or it succeeded.
    #[default]
    None,
    /// The worker tries.
    UnderWay,
    /// It did not open.
    NotUnlocked {
        /// Whose keyring.
        person: PersonId,
        /// Why.
        problem: UnlockProblem,
        /// Tries that are left.
        tries_left: u32,
    },
    /// The sign-in or the new PIN was not taken.
    NotSignedIn(SignInProblem),
    /// The keyring opens with another PIN from now on.
    SecretChanged,
}

/// What the lock screen asks for at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedNext {
    /// The PIN of who works here next.
    Secret(PersonId),
    /// The password of who worked here: the store wants it.
    Password(PersonId),
}

/// How the tablet was emptied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Changes that were lost with it.
    pub changes: usize,
    /// Whether somebody here wanted it.
    pub is_reset: bool,
    /// The session of who wanted it: the store is told by them.
    pub session: Option<Secret>,
}

/// What waits and would be lost by leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeavingRefusal {
    /// Changes that are not at the store.
    pub unsent: usize,
    /// Refused entries that were not settled.
    pub refused: usize,
}

/// Everything that is unsent, sealed as it stands.
#[derive(PartialEq, Eq)]
pub struct RescueFile {
    /// Name of the file.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// Changes in it.
    pub changes: usize,
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
    /// It left this tablet while it was on the screen.
    Gone,
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
    /// The refusal to leave was read.
    LeavingRefusalRead,
    /// A card was opened here: the store is to be asked whether a colleague has the customer.
    CardOpened(DocumentId),
    /// The store was asked about a card.
    LookedUp(DocumentId, Option<KnownCard>),
    /// Whom a colleague looks after was spoken about.
    KnownSettled(DocumentId),
    /// The browser answered whether it keeps the data.
    Keeping(Keeping),
    /// The store said what it is, and what this browser is to it.
    Server(Rc<ServerState>),
    /// This browser became a tablet of the chain.
    Enrolled,
    /// A PIN or passphrase is being tried or replaced.
    Trying,
    /// What came of the last try was read.
    AttemptRead,
    /// Nobody works here any more: everything of theirs goes at once.
    Lock,
    /// The same, with somebody who works here next.
    Switch(PersonId),
    /// The store wants the password of who works here: locks, and asks for it.
    SignInAgain,
    /// The rescue file was handed over.
    RescueTaken,
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
                state.histories.remove(&document);
            }
            Action::List(list) => state.list = list,
            Action::TodayOfAll(is_of_all) => state.is_today_of_all = is_of_all,
            Action::CardOpened(document) => Rc::make_mut(&mut state.look_ups).opened(document),
            Action::LookedUp(document, known) => {
                Rc::make_mut(&mut state.look_ups).answered(document, known);
            }
            Action::KnownSettled(document) => Rc::make_mut(&mut state.look_ups).settled(document),
            Action::LeavingRefusalRead => state.leaving_refused = None,
            Action::Keeping(keeping) => state.keeping = keeping,
            Action::Server(server) => state.server = Some(server),
            Action::Enrolled => {
                state.erased = None;
                state.server = None;
            }
            Action::Trying => state.attempt = Attempt::UnderWay,
            Action::AttemptRead => state.attempt = Attempt::None,
            Action::Lock => state.lock(None),
            Action::Switch(person) => state.lock(Some(AskedNext::Secret(person))),
            Action::SignInAgain => {
                let person = state.identity.as_ref().map(|identity| identity.person);
                state.lock(person.map(AskedNext::Password));
            }
            Action::RescueTaken => state.rescue = None,
        }
        Rc::new(state)
    }
}

impl AppState {
    fn hear(&mut self, message: ToScreen) {
        match message {
            ToScreen::HeldElsewhere => self.phase = Phase::HeldElsewhere,
            ToScreen::TakenOver => {
                // Nobody watches here how long the tablet is not touched.
                self.forget_person();
                self.phase = Phase::TakenOver;
            }
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
            // What was on its way when the tablet was locked comes too late.
            ToScreen::Rows { .. } if self.is_locking => {}
            ToScreen::Rows { rows, .. } => {
                self.rows.put(rows);
                self.are_rows_coming = false;
            }
        }
    }

    fn take(&mut self, notice: Notice) {
        // What was on its way when the tablet was locked comes too late.
        let is_of_person = !matches!(
            notice,
            Notice::Opened { .. } | Notice::People { .. } | Notice::Locked | Notice::Erased { .. }
        );
        if self.is_locking && is_of_person {
            return;
        }
        match notice {
            Notice::Opened { tablet, people } => {
                self.phase = Phase::Open;
                self.trouble = None;
                self.tablet = tablet;
                self.people = Rc::new(people);
                // Who worked when the worker was started again stays: their keyring is opened
                // again, and forms stand on the screen.
            }
            Notice::People { people } => self.people = Rc::new(people),
            Notice::Unlocked {
                identity,
                scope,
                token,
                drafts,
                ..
            } => {
                http::set_session(Some(token));
                let kept = drafts.iter().find(|(key, _)| key == LOOK_UPS);
                self.look_ups = Rc::new(LookUps::read(kept.map_or("", |(_, kept)| kept.as_str())));
                self.rows = Rows::default();
                self.are_rows_coming = true;
                // A card that is open stays until the new worker tells it: forms stand in it.
                self.scope = Rc::new(scope);
                self.openings += 1;
                self.tablet = Some(TabletRecord {
                    device: identity.device,
                    code: identity.tablet_code.clone(),
                });
                recent::note(identity.person);
                self.identity = Some(Rc::new(identity));
                self.attempt = Attempt::None;
                self.leaving_refused = None;
                self.asked_next = None;
                self.erased = None;
                if let Some(store) = self.store() {
                    platform::keep(platform::STORE_KEY, &store.name);
                }
            }
            Notice::Locked => {
                self.forget_person();
                self.is_locking = false;
            }
            Notice::NotUnlocked {
                person,
                problem,
                tries_left,
            } => {
                if self.attempt == Attempt::UnderWay {
                    self.attempt = Attempt::NotUnlocked {
                        person,
                        problem,
                        tries_left,
                    };
                } else {
                    // The keyring of who worked here did not open again: nobody tried anything.
                    self.forget_person();
                }
            }
            Notice::NotSignedIn { problem } => self.attempt = Attempt::NotSignedIn(problem),
            Notice::SecretChanged { .. } => self.attempt = Attempt::SecretChanged,
            Notice::Erased { changes, is_reset } => {
                let erasure = Erasure {
                    changes,
                    is_reset,
                    session: http::session().filter(|_| is_reset),
                };
                if let Some(tablet) = self.tablet.as_ref().filter(|_| is_reset) {
                    reset::note(tablet.device);
                }
                self.forget_person();
                self.is_locking = false;
                self.tablet = None;
                self.server = None;
                self.people = Rc::default();
                recent::forget();
                self.erased = Some(erasure);
            }
            Notice::Rescue {
                name,
                bytes,
                changes,
            } => {
                self.rescue = Some(Rc::new(RescueFile {
                    name,
                    bytes,
                    changes,
                }));
            }
            Notice::Removed { documents } => {
                self.rows.remove(&documents);
                // Nobody goes on reading what is not theirs any more.
                for document in documents {
                    if let Some(card) = self.cards.get_mut(&document) {
                        *card = CardState::Gone;
                    }
                }
            }
            Notice::ScopeChanged { scope } => self.scope = Rc::new(scope),
            Notice::Card { document, card } => {
                self.cards
                    .insert(document, CardState::Shown(Rc::new(*card)));
            }
            Notice::History { document, history } => {
                self.histories.insert(document, Rc::new(*history));
            }
            Notice::CardUnreadable { document, .. } => {
                self.cards.insert(document, CardState::Unreadable);
            }
            Notice::LeavingRefused { unsent, refused } => {
                self.leaving_refused = Some(LeavingRefusal { unsent, refused });
            }
            Notice::Status { status } => self.status = Rc::new(status),
            // The forms that asked are told by the link; rows come in messages of their own, and what
            // was saved is told beside the state.
            Notice::Saved { .. }
            | Notice::NotSaved { .. }
            | Notice::CardNumber { .. }
            | Notice::Rows { .. } => {}
        }
    }

    /// Locks the screen; the worker is told once the pages have handed over what was typed.
    fn lock(&mut self, asked_next: Option<AskedNext>) {
        if self.identity.is_some() {
            self.forget_person();
            self.is_locking = true;
            self.asked_next = asked_next;
        }
    }

    /// Drops everything that belongs to a person; what is left anyone may see.
    fn forget_person(&mut self) {
        http::set_session(None);
        let status = Status {
            unsent: self.status.unsent,
            connection: self.status.connection.clone(),
            ..Status::default()
        };
        *self = Self {
            phase: self.phase.clone(),
            trouble: self.trouble.clone(),
            tablet: self.tablet.clone(),
            server: self.server.clone(),
            people: self.people.clone(),
            is_locking: self.is_locking,
            asked_next: self.asked_next,
            erased: self.erased.clone(),
            openings: self.openings,
            keeping: self.keeping,
            status: Rc::new(status),
            ..Self::default()
        };
    }

    /// What the store says this tablet is, if it is one and the store was asked.
    pub fn standing(&self) -> Option<&TabletStanding> {
        self.server.as_ref()?.tablet.as_ref()
    }

    /// Whether people can sign in here. A tablet on which somebody did knows it by itself.
    pub fn is_enrolled(&self) -> bool {
        let is_active = |standing: &TabletStanding| match standing.state {
            TabletState::Active | TabletState::Retiring => true,
            TabletState::Retired | TabletState::Stolen => false,
        };
        self.tablet.is_some() || self.standing().is_some_and(is_active)
    }

    /// A person who has a keyring here.
    pub fn person_here(&self, person: PersonId) -> Option<&PersonHere> {
        self.people.iter().find(|here| here.person == person)
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

    /// Whether who is signed in may change something of at least one store.
    pub fn may_change_a_store(&self) -> bool {
        let mut stores = self.scope.stores.iter();
        self.may(access::Action::ManageStores)
            || stores.any(|store| self.may(access::Action::ChangeSettings(store.id)))
    }

    /// Whether who is signed in may hand customers over in at least one store.
    pub fn may_hand_over(&self) -> bool {
        let mut stores = self.scope.stores.iter();
        stores.any(|store| self.may(access::Action::HandOver(store.id)))
    }

    /// Whether who is signed in may hand the customers of a feed over.
    pub fn may_hand_over_of(&self, feed: FeedId) -> bool {
        let feed = self.scope.feed(feed);
        feed.is_some_and(|feed| {
            feed.owner.is_some() && self.may(access::Action::HandOver(feed.store))
        })
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

    /// What lists need beyond the rows on a day.
    pub fn basis(&self, today: Date) -> Basis {
        Basis::of(today, &self.settings())
    }

    /// What the store set; the defaults as long as no store is known.
    pub fn settings(&self) -> StoreSettings {
        self.store().map(|store| store.settings).unwrap_or_default()
    }
}
