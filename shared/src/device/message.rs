//! What the screen asks of the device engine and what the engine tells the screen.

use serde::{Deserialize, Serialize};

use crate::access::{Identity, Scope};
use crate::api::SignedIn;
use crate::device::record::TabletRecord;
use crate::document::command::Command;
use crate::id::{DocumentId, FeedId, GroupId, PersonId, StoreId};
use crate::secret::Secret;
use crate::sync::chain::ChangeHash;
use crate::sync::message::StorageFacts;
use crate::time::Timestamp;
use crate::vault::key::Key;
use crate::vault::keyring::Closed;
use crate::view::card::CardView;
use crate::view::history::HistoryView;
use crate::view::row::CustomerRow;
use crate::view::row_text::RowText;

/// Number of a request, unique while the screen lives; its answer carries the same number.
pub type RequestId = u32;

/// What the screen asks of the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// Runs a command on a card; answered by [`Notice::Saved`] or [`Notice::NotSaved`].
    Run {
        /// The request.
        id: RequestId,
        /// The card; a new id for [`Command::OpenCard`].
        document: DocumentId,
        /// What to do.
        command: Command,
    },
    /// Shows a card and keeps it up to date until [`Request::HideCard`].
    ShowCard {
        /// The card.
        document: DocumentId,
    },
    /// Tells the history of a card that is shown, soon and after every change of it.
    ShowHistory {
        /// The card.
        document: DocumentId,
    },
    /// Takes a change of a card back by another one; answered by [`Notice::Saved`] or
    /// [`Notice::NotSaved`].
    Undo {
        /// The request.
        id: RequestId,
        /// The card.
        document: DocumentId,
        /// The change.
        change: ChangeHash,
    },
    /// The card is no longer on the screen.
    HideCard {
        /// The card.
        document: DocumentId,
    },
    /// Takes the next card number; answered by [`Notice::CardNumber`].
    NextCardNumber {
        /// The request.
        id: RequestId,
    },
    /// Keeps half-typed input; an empty `content` forgets it.
    KeepDraft {
        /// Names the form, for example `card/new` or `contact/<document>`.
        key: String,
        /// What was typed, as the form likes it.
        content: String,
    },
    /// A person signed in online: makes or replaces their keyring, and opens it. Answered by
    /// [`Notice::Unlocked`] or [`Notice::NotSignedIn`].
    SignIn {
        /// What the server answered.
        signed_in: Box<SignedIn>,
        /// The PIN or passphrase that opens the keyring from now on.
        secret: Secret,
    },
    /// A person wants to work; answered by [`Notice::Unlocked`] or [`Notice::NotUnlocked`].
    Unlock {
        /// Who.
        person: PersonId,
        /// Their PIN or passphrase.
        secret: Secret,
    },
    /// The worker was started again while a person worked: opens their keyring without a PIN.
    Reopen {
        /// Who.
        person: PersonId,
        /// What [`Notice::Unlocked`] told.
        key: Key,
    },
    /// Closes the keyring that is open; answered by [`Notice::Locked`].
    Lock,
    /// Chooses another PIN or passphrase; answered by [`Notice::SecretChanged`],
    /// [`Notice::NotUnlocked`] or [`Notice::NotSignedIn`].
    ChangeSecret {
        /// The one that opens the keyring now: a wrong one counts as a try.
        current: Secret,
        /// The new one.
        secret: Secret,
    },
    /// What the browser tells about the tablet's storage, for the next report to the store.
    NoteStorage {
        /// What it tells.
        facts: StorageFacts,
    },
    /// The person who works here leaves this tablet for good: their keyring goes, with what only
    /// they hold here. Refused with [`Notice::LeavingRefused`] while anything of theirs is unsent
    /// or waits to be settled.
    SignOut,
    /// The tablet is given up from here: everything on it is deleted, whoever's it is. Answered by
    /// [`Notice::Erased`]; refused with [`Notice::LeavingRefused`] while anything of anyone is unsent
    /// and in no rescue file, or waits to be settled.
    Reset,
    /// Asks for everything that is unsent, as it stands; answered by [`Notice::Rescue`].
    Rescue,
    /// Tries to connect now instead of waiting for the back-off.
    ConnectNow,
    /// Forgets a refused entry after a person has read it.
    DiscardRefused {
        /// The refused group.
        group: GroupId,
    },
    /// Tries again to open a card that was set aside.
    TryAgain {
        /// The card.
        document: DocumentId,
    },
    /// Runs a refused command again.
    RetryRefused {
        /// The refused group.
        group: GroupId,
    },
}

/// What the engine tells the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// What is in the clear on the tablet was read. Nobody is unlocked.
    Opened {
        /// Which tablet this is, as far as it knows.
        tablet: Option<TabletRecord>,
        /// Who has a keyring here.
        people: Vec<PersonHere>,
    },
    /// Something about the people of this tablet changed.
    People {
        /// All of them.
        people: Vec<PersonHere>,
    },
    /// A keyring is open and everything of its person was read; rows follow at once. What was
    /// shown of someone before is theirs alone.
    Unlocked {
        /// Who works here now.
        identity: Identity,
        /// What they may see.
        scope: Scope,
        /// Half-typed input by key.
        drafts: Vec<(String, String)>,
        /// The token of their session, for requests over HTTP.
        token: Secret,
        /// Opens the keyring again, should the worker have to be started again. To be kept in
        /// memory only.
        key: Key,
    },
    /// Nobody is unlocked any more: nothing of anyone may stay on the screen.
    Locked,
    /// A keyring did not open.
    NotUnlocked {
        /// Whose.
        person: PersonId,
        /// Why.
        problem: UnlockProblem,
        /// Tries that are left.
        tries_left: u32,
    },
    /// A sign-in or a new PIN was not taken.
    NotSignedIn {
        /// Why.
        problem: SignInProblem,
    },
    /// The keyring opens with another PIN or passphrase from now on.
    SecretChanged {
        /// As in [`Notice::Unlocked`].
        key: Key,
    },
    /// The tablet was emptied, because the store said so or somebody here wanted it.
    Erased {
        /// Changes that were not at the store and are lost.
        changes: usize,
        /// Whether somebody here wanted it: then the store has to be told.
        is_reset: bool,
    },
    /// Everything that is unsent, sealed as it stands, for a file.
    Rescue {
        /// Name of the file.
        name: String,
        /// The file.
        bytes: Vec<u8>,
        /// Changes in it.
        changes: usize,
    },
    /// Rows that are new or changed. They are passed on in a message of their own: which notice
    /// something is stands in one of its fields, so a notice is read twice, and there are thousands
    /// of rows.
    #[serde(skip_deserializing)]
    Rows {
        /// The rows.
        rows: Vec<RowEntry<RowText>>,
    },
    /// Cards that left this tablet.
    Removed {
        /// The cards.
        documents: Vec<DocumentId>,
    },
    /// The scope changed.
    ScopeChanged {
        /// The new scope.
        scope: Scope,
    },
    /// A card that is shown, at first and after every change.
    Card {
        /// The card.
        document: DocumentId,
        /// Its content.
        card: Box<CardView>,
    },
    /// The history of a card, at first and after every change.
    History {
        /// The card.
        document: DocumentId,
        /// What happened to it.
        history: Box<HistoryView>,
    },
    /// A card could not be read; the rest goes on.
    CardUnreadable {
        /// The card.
        document: DocumentId,
        /// Why, for the administrator.
        reason: String,
    },
    /// A command is on this tablet's disk.
    Saved {
        /// The request.
        id: RequestId,
        /// The card.
        document: DocumentId,
        /// When.
        at: Timestamp,
        /// The change, if it can be taken back.
        undo: Option<ChangeHash>,
    },
    /// A command was not saved; what was typed must stay on the screen.
    NotSaved {
        /// The request.
        id: RequestId,
        /// Stable code of the reason; the screen's key is `problem-` and the code.
        code: String,
        /// Detail for the administrator, without personal data.
        detail: String,
    },
    /// The number for a new card.
    CardNumber {
        /// The request.
        id: RequestId,
        /// Store code, tablet code, running number: `HZ1-F01-0007`.
        number: String,
    },
    /// Signing out is not possible while something of the person waits, nor emptying the tablet
    /// while something of anyone does.
    LeavingRefused {
        /// Changes that would be lost.
        unsent: usize,
        /// Refused entries that nobody has settled.
        refused: usize,
    },
    /// The truth about saving and sending, after every change of it.
    Status {
        /// The status.
        status: Status,
    },
}

/// A person who has a keyring on this tablet, as anyone may know them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonHere {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Changes of theirs that are not at the store.
    pub waiting: usize,
    /// Changes of theirs that the store refused while they were not here.
    pub refused: usize,
    /// Wrong PINs that are left.
    pub tries_left: u32,
    /// Why only an online sign-in helps, if that is so.
    pub closed: Option<Closed>,
    /// Hours until it is so without contact with the store.
    pub lease_hours_left: u32,
    /// Whether that is to be warned of.
    pub is_lease_ending: bool,
}

/// Why a keyring did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnlockProblem {
    /// The PIN is wrong.
    Wrong,
    /// It was wrong too often: an online sign-in is needed.
    TriesUsedUp,
    /// No contact with the store for too long: an online sign-in is needed.
    LeaseOver,
    /// The keyring is damaged: an online sign-in is needed.
    Damaged,
    /// This person has no keyring here: an online sign-in is needed.
    Unknown,
    /// The try could not be written down, so it was not made.
    Storage,
}

impl From<Closed> for UnlockProblem {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::TriesUsedUp => Self::TriesUsedUp,
            Closed::LeaseOver => Self::LeaseOver,
            Closed::Damaged => Self::Damaged,
        }
    }
}

/// Why a sign-in or a new PIN was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum SignInProblem {
    /// The PIN or passphrase is too weak.
    Weak {
        /// Stable code; the screen's key is `problem-` and the code.
        code: String,
    },
    /// This browser was another tablet before, and holds work of that one that is unsent.
    OtherTablet,
    /// It could not be written to this tablet's disk.
    Storage,
}

/// A row with what only this tablet knows about it; the engine tells the row as text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowEntry<R = CustomerRow> {
    /// The card.
    pub document: DocumentId,
    /// The feed that it is in; its owner is the responsible consultant.
    pub feed: FeedId,
    /// The store of the feed.
    pub store: StoreId,
    /// Changes of this card that are not at the store yet.
    pub unsent: usize,
    /// The row.
    pub row: R,
}

impl RowEntry<RowText> {
    /// Reads the row; nothing if it can't be read.
    pub fn read(&self) -> Option<RowEntry> {
        Some(RowEntry {
            document: self.document,
            feed: self.feed,
            store: self.store,
            unsent: self.unsent,
            row: self.row.read()?,
        })
    }
}

/// The truth about saving and sending, in data; the screen puts it into words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// Changes on this tablet that are not at the store yet.
    pub unsent: usize,
    /// Whether the server answers at the moment.
    pub connection: Connection,
    /// When this tablet and the store last were found to hold the same, with nothing waiting here.
    pub verified: Option<Timestamp>,
    /// Whether that is so of what is here now.
    pub is_verified: bool,
    /// Cards that differ from the store's although both sides told one another what they have:
    /// entries that only another tablet can bring again.
    pub differing: usize,
    /// When the last change was written to this tablet's disk.
    pub last_saved: Option<Timestamp>,
    /// When the store last confirmed a change of this tablet.
    pub last_acknowledged: Option<Timestamp>,
    /// Entries that the store refused.
    pub refused: Vec<RefusedEntry>,
    /// Documents or rows on this tablet that could not be read, those set aside included.
    pub unreadable: usize,
    /// Cards that this program trapped on: kept as they are, neither opened nor merged.
    pub set_aside: Vec<DocumentId>,
    /// What is wrong with this tablet's storage, if anything.
    pub storage_problem: Option<String>,
    /// Cards received of the cards announced, while a first sync runs.
    pub receiving: Option<Progress>,
}

/// The connection to the store.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Connection {
    /// Nobody is signed in, so none is tried.
    #[default]
    Idle,
    /// A connection is being tried.
    Connecting {
        /// Since when the store did not answer.
        offline_since: Option<Timestamp>,
    },
    /// Connected; `caught_up` once everything from the store is here.
    Online {
        /// Whether everything from the store is here.
        caught_up: bool,
    },
    /// Not connected; the next try comes by itself.
    Offline {
        /// Since when.
        since: Timestamp,
        /// When the next try comes.
        next_try: Timestamp,
    },
    /// The store asks for a new sign-in before it takes anything.
    SignInNeeded,
    /// This program is too old for the store: a reload is needed.
    UpdateNeeded,
}

/// How far something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Done so far.
    pub done: u32,
    /// In all.
    pub total: u32,
}

/// An entry that the store refused, with what it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusedEntry {
    /// The refused group.
    pub group: GroupId,
    /// The card.
    pub document: DocumentId,
    /// Name on the card, if known.
    pub name: String,
    /// What the person wanted.
    pub command: Command,
    /// Stable code of the reason; the screen's key is `refused-` and the code.
    pub code: String,
    /// When it was refused.
    pub at: Timestamp,
}
