//! The messages between a tablet and the server.
//!
//! Bodies are postcard; [`codec`](crate::sync::codec) wraps them so that a message of an unknown
//! kind can be skipped. The formats freeze at the first tagged release.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::access::Scope;
use crate::document::{DocumentKey, DocumentKind};
use crate::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, StoreId};
use crate::record::customer::REMARKS_MAX_CHARS;
use crate::secret::SessionToken;
use crate::sync::chain::{ChangeHash, Cursor};
use crate::sync::fingerprint::Fingerprint;
use crate::time::Timestamp;
use crate::vault::delivery::Docket;
use crate::vault::issued::IssuedKeys;

/// Version of the protocol that this program speaks.
pub const PROTOCOL_VERSION: u16 = 1;
/// Oldest version of the protocol that this program still understands.
pub const PROTOCOL_OLDEST: u16 = 1;

/// Largest message that either side accepts, in bytes.
pub const MESSAGE_MAX_BYTES: usize = 1024 * 1024;
/// Size at which a frame of documents is full, in bytes; one item may go beyond.
pub const FRAME_BYTES: usize = 256 * 1024;
/// Size at which a push is full, in bytes; one item may go beyond.
pub const PUSH_BYTES: usize = 192 * 1024;
/// Frames that the server sends ahead of the tablet's confirmations.
pub const FRAME_WINDOW: u32 = 4;
/// Most items of one push.
pub const PUSH_MAX_ITEMS: usize = 500;
/// Largest change that is accepted, in bytes.
pub const CHANGE_MAX_BYTES: usize = 64 * 1024;
/// Largest document, saved without compression, in bytes: it must fit into one message.
pub const DOCUMENT_MAX_BYTES: usize = 768 * 1024;
/// Most operations of one change. Replacing the longest remarks takes one for each character that
/// goes and one for each that comes.
pub const CHANGE_MAX_OPERATIONS: usize = 2 * REMARKS_MAX_CHARS + 1_000;

/// Documents that one [`Fetch`] may ask for.
pub const FETCH_MAX_DOCUMENTS: usize = 200;
/// Documents that one [`Offer`] may bring.
pub const OFFER_MAX_DOCUMENTS: usize = 200;
/// Documents that one [`Compared`] lists; more differences are found by comparing again.
pub const COMPARED_MAX_DOCUMENTS: usize = 4_000;
/// What is kept of a tablet's own name of its program, in bytes.
pub const REPORT_PROGRAM_MAX_BYTES: usize = 40;
/// Older cursors that a tablet keeps and a [`History`] may name.
pub const HISTORY_MAX_CURSORS: usize = 48;

/// What the programs can do beyond the version; unknown bits are ignored.
pub type Capabilities = u64;
/// Can read compressed messages.
pub const CAN_INFLATE: Capabilities = 1;
/// All that this program can do.
pub const CAPABILITIES: Capabilities = CAN_INFLATE;

/// From a tablet to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClientMessage {
    /// Opens the conversation; pushes may follow in the same flight.
    Hello(Hello),
    /// Changes that wait in the outbox.
    Push(Push),
    /// What is on the tablet's disk.
    CursorConfirmed(Confirmed),
    /// Asks whether the server is there.
    Ping(u32),
    /// Older cursors, after a [`Welcome`] that does not know the current one.
    History(History),
    /// Narrows down where the two sides differ.
    Compare(Compare),
    /// Asks for whole documents.
    Fetch(Fetch),
    /// Where the tablet stands in the feeds of a scope that it was told.
    Cursors(Cursors),
    /// How the tablet is.
    Report(Report),
    /// Brings back what a restored server lacks.
    Offer(Offer),
}

/// From the server to a tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServerMessage {
    /// Answers `Hello`.
    Welcome(Welcome),
    /// Documents that follow a cursor.
    Frame(Frame),
    /// Pushed changes that are durable now.
    Ack(Ack),
    /// A pushed change that was not accepted.
    Refused(Refused),
    /// Answers `Ping` with its number.
    Pong(u32),
    /// The server closes the connection.
    Bye(Bye),
    /// Answers `History`: from where the log goes on.
    Rewind(Rewind),
    /// Answers `Compare`.
    Compared(Compared),
    /// Answers `Fetch`.
    Fetched(Fetched),
    /// Answers `Offer`.
    Restored(Restored),
}

/// Opens the conversation. The tablet is known from its cookie, the person from the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The newest protocol version that the tablet speaks.
    pub version: u16,
    /// What else it can do.
    pub capabilities: Capabilities,
    /// The tablet.
    pub device: DeviceId,
    /// The session of the person who is signed in; without it the outbox is taken and no more.
    pub token: Option<SessionToken>,
    /// Version of the scope that it holds; 0 if none.
    pub scope_version: u64,
    /// Where it stands, grouped where feeds stand at the same place. A feed of that scope which is
    /// not named stands at its start.
    pub cursors: Vec<FeedCursor>,
    /// Changes that wait in its outbox. Only if it is none, the tablet is taken to have known of
    /// all this when it wrote what it sends.
    pub waiting: u32,
    /// The oldest version of the scope for which a keyring on the tablet holds its feeds; none if
    /// there is no keyring.
    pub keyrings: Option<u64>,
}

/// What is on the tablet's disk.
///
/// Scope and positions are stated only when nothing waits that was written before they came: the
/// server takes what is pushed later as written by someone who knew of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// Frames that are answered with this.
    pub frames: u32,
    /// Version of the scope that is known; 0 if that is not said.
    pub scope_version: u64,
    /// Where the tablet stands.
    pub positions: Vec<FeedCursor>,
}

/// Answers a [`Welcome`] that brought a scope, once that is on the tablet's disk: nothing of the
/// new scope is read before, so what is new in it begins at its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursors {
    /// Version of that scope.
    pub scope_version: u64,
    /// Where the tablet stands in its feeds; one that is not named stands at its start.
    pub cursors: Vec<FeedCursor>,
}

/// How a tablet is, for whoever looks after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Version of its program; at most [`REPORT_PROGRAM_MAX_BYTES`] bytes are kept.
    pub program: String,
    /// What its clock shows.
    pub now: Timestamp,
    /// Changes that wait in its outbox.
    pub waiting: u32,
    /// Its storage, as far as its browser tells.
    pub storage: Option<StorageFacts>,
}

/// What a tablet's browser tells about its storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageFacts {
    /// Whether the browser promised not to clear it by itself.
    pub is_persistent: bool,
    /// What Floorbook uses of it, in bytes.
    pub used_bytes: u64,
    /// What Floorbook may use of it, in bytes.
    pub quota_bytes: u64,
}

/// Where a tablet stands in some feeds of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedCursor {
    /// The store.
    pub store: StoreId,
    /// The place in its log.
    pub cursor: Cursor,
    /// The feeds.
    pub feeds: FeedSelection,
}

/// Some feeds of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeedSelection {
    /// All feeds of the store that are in the scope whose version the message states, or the one
    /// that both sides stated last.
    All,
    /// These ones.
    These(Vec<FeedId>),
}

impl FeedSelection {
    /// The shortest way to name these feeds of a store.
    pub fn of(scope: &Scope, store: StoreId, feeds: &BTreeSet<FeedId>) -> Self {
        if *feeds == scope.feeds_of(store) {
            Self::All
        } else {
            Self::These(feeds.iter().copied().collect())
        }
    }

    /// The feeds that are named although they are not of a store in the scope.
    pub fn strangers(&self, scope: &Scope, store: StoreId) -> BTreeSet<FeedId> {
        match self {
            Self::All => BTreeSet::new(),
            Self::These(these) => {
                let known = scope.feeds_of(store);
                let these = these.iter().copied();
                these.filter(|feed| !known.contains(feed)).collect()
            }
        }
    }

    /// The feeds of a store that are meant, as far as they are in scope.
    pub fn feeds(&self, scope: &Scope, store: StoreId) -> BTreeSet<FeedId> {
        let mut feeds = scope.feeds_of(store);
        match self {
            Self::All => {}
            Self::These(these) => {
                let these: BTreeSet<FeedId> = these.iter().copied().collect();
                feeds.retain(|feed| these.contains(feed));
            }
        }
        feeds
    }
}

/// Changes that wait in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Push {
    /// The changes, in the tablet's order.
    pub items: Vec<PushItem>,
}

/// One change of the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushItem {
    /// The tablet's running number of its changes.
    pub device_seq: u64,
    /// The command that it belongs to.
    pub group: GroupId,
    /// Who gave the command.
    pub person: PersonId,
    /// What they did, sealed with their delivery key: [`Work`](crate::vault::delivery::Work).
    pub work: Vec<u8>,
}

impl PushItem {
    /// What the seal of the work protects beside it.
    pub const fn docket(&self, device: DeviceId) -> Docket {
        Docket {
            device,
            device_seq: self.device_seq,
            group: self.group,
            person: self.person,
        }
    }
}

/// Answers `Hello`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The version that both speak.
    pub version: u16,
    /// What else the server can do.
    pub capabilities: Capabilities,
    /// The server's clock, so that a tablet can say how far its own is off.
    pub now: Timestamp,
    /// The scope, if the tablet holds another version of it.
    pub scope: Option<Scope>,
    /// The keys that belong to that scope.
    pub keys: Option<IssuedKeys>,
    /// Stores whose log the server does not recognise from the tablet's cursor (it was restored
    /// or replaced): it waits for a [`History`] of each of them.
    pub unrecognised: Vec<StoreId>,
    /// People who were signed in on this tablet and do not work here any more: their keyrings go,
    /// their outbox rows stay and are delivered.
    pub gone: Vec<PersonId>,
    /// Whether the tablet is to be emptied once nothing waits in its outbox.
    pub is_retiring: bool,
    /// What those who were signed in on this tablet may see now. With the answer to `Hello` it is
    /// left out if it is still what the tablet said.
    pub rights: Option<PeopleRights>,
}

/// What the people of a tablet may see in a version of the scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleRights {
    /// The version.
    pub scope_version: u64,
    /// The people; of one who is not named nothing is said.
    pub people: Vec<PersonRights>,
}

/// What one person may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRights {
    /// The person.
    pub person: PersonId,
    /// All feeds that they may see: keys of others go from their keyring.
    pub feeds: Vec<FeedId>,
}

/// Where a tablet stood earlier in a store's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The store.
    pub store: StoreId,
    /// The feeds of it that stood there.
    pub feeds: FeedSelection,
    /// At most [`HISTORY_MAX_CURSORS`] cursors up to which everything was held, newest first.
    pub cursors: Vec<Cursor>,
}

/// From where a store's log goes on for some feeds: the newest of the tablet's cursors that the log
/// knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewind {
    /// The store.
    pub store: StoreId,
    /// The feeds that go on from there.
    pub feeds: FeedSelection,
    /// The cursor; the start if none is known.
    pub cursor: Cursor,
}

/// What a tablet holds of a store, without its outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compare {
    /// The store.
    pub store: StoreId,
    /// The fingerprints of its [`BUCKETS`](crate::sync::fingerprint::BUCKETS) buckets.
    pub buckets: Vec<Fingerprint>,
}

/// What the server holds of the buckets that differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// The store.
    pub store: StoreId,
    /// The buckets that differ, as many as fit. What is not listed of them is not in the feeds of
    /// this session at the server.
    pub buckets: Vec<u8>,
    /// The documents of these buckets with their digests.
    pub documents: Vec<(DocumentId, Fingerprint)>,
}

/// Asks for whole documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetch {
    /// The store.
    pub store: StoreId,
    /// At most [`FETCH_MAX_DOCUMENTS`] documents.
    pub documents: Vec<DocumentId>,
}

/// Whole documents that were asked for. It moves no cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// The store.
    pub store: StoreId,
    /// Those that the server has, as many of the first asked for as fit; also marks of those that
    /// left or were erased.
    pub items: Vec<FrameItem>,
    /// Those of which the server knows nothing in this session's feeds.
    pub unknown: Vec<DocumentId>,
}

/// History that a restored server lacks, with receipts that prove it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The store.
    pub store: StoreId,
    /// At most [`OFFER_MAX_DOCUMENTS`] documents, none of them twice.
    pub documents: Vec<Offered>,
}

/// What is offered of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The document.
    pub document: DocumentKey,
    /// What it describes.
    pub kind: DocumentKind,
    /// The feed that the receipt was given for.
    pub feed: FeedId,
    /// The receipt.
    pub receipt: Vec<u8>,
    /// The heads that it stands for.
    pub heads: Vec<ChangeHash>,
    /// Changes under these heads, uncompressed, one by one.
    pub changes: Vec<Vec<u8>>,
}

/// What became of an offer. What was taken follows in a frame, to everyone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// The store.
    pub store: StoreId,
    /// Its documents.
    pub documents: Vec<RestoredDocument>,
}

/// What became of an offered document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestoredDocument {
    /// The document.
    pub document: DocumentId,
    /// Stable code of the reason why it was not taken, or not all of it; empty if it was.
    pub code: String,
}

/// Documents that follow a cursor, and the cursor behind them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Version of the scope that it was made for: under another one it must not be applied.
    pub scope_version: u64,
    /// Its number in this conversation, from 1. Frames of different feeds build on one another
    /// (a document may have moved between them), so none may be left out.
    pub number: u32,
    /// The cursor that it continues: a tablet whose feeds stand elsewhere must not apply it.
    pub after: Cursor,
    /// The feeds that it moves, and the cursor behind it.
    pub position: FeedCursor,
    /// The documents, in the order of their latest entry.
    pub items: Vec<FrameItem>,
    /// Documents that follow after this frame, as far as the server counted.
    pub remaining: u32,
    /// The fingerprint of what is in the feeds of `position`, stated inside the read transaction of
    /// the frame; with the last frame alone.
    pub fingerprint: Option<Fingerprint>,
}

impl Frame {
    /// Whether nothing follows: with this frame the tablet holds all that the server has.
    pub const fn is_last(&self) -> bool {
        self.remaining == 0
    }
}

/// What a frame says about one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrameItem {
    /// The document.
    pub document: DocumentKey,
    /// What it describes.
    pub kind: DocumentKind,
    /// The feed that it is in.
    pub feed: FeedId,
    /// What happened to it in that feed.
    pub state: FeedState,
    /// Whether `chunks` are all of it rather than what follows the cursor.
    pub is_whole: bool,
    /// Changes and snapshots, in the order of the log.
    pub chunks: Vec<Vec<u8>>,
    /// Its projection (JSON), as the server computed it.
    pub row: Vec<u8>,
    /// The server's [receipt](crate::sync::receipt) of this state; empty if it gives none.
    pub receipt: Vec<u8>,
}

/// What the feed index says about a document in a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FeedState {
    /// It is in the feed.
    Here,
    /// It left the feed; only this mark removes it from a tablet.
    Left,
    /// It was erased everywhere.
    Erased,
}

/// Pushed changes that are durable now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// Which ones, and where they stand.
    pub entries: Vec<AckEntry>,
    /// When the server took them.
    pub at: Timestamp,
    /// Receipts of the documents that they are in, because they are not sent back.
    pub receipts: Vec<(DocumentId, Vec<u8>)>,
}

/// A change that is durable at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckEntry {
    /// The tablet's number of the change.
    pub device_seq: u64,
    /// Its place in the log of its store: frames up to there know of it.
    pub seq: u64,
}

/// A pushed change that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Its number.
    pub device_seq: u64,
    /// Stable code of the reason.
    pub code: String,
}

/// Why the server closes the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Bye {
    /// Nobody is signed in on this browser, or no longer.
    SignInNeeded,
    /// The tablet speaks a version that the server no longer understands.
    UpdateNeeded,
    /// A message could not be understood.
    BadMessage,
    /// The server stops or can't store at the moment; try again later.
    Unavailable,
    /// The tablet is retired or stolen: it empties itself.
    Erase,
}
