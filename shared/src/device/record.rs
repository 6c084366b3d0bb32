//! The values in the tablet's storage and their keys.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::access::Identity;
pub use crate::device::cursors::CursorGroup;
use crate::device::storage::{StoreName, open_clear, seal_clear};
use crate::document::command::Command;
use crate::document::{DocumentKey, DocumentKind};
use crate::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, StoreId};
use crate::sync::chain::ChangeHash;
use crate::sync::fingerprint::Fingerprint;
use crate::sync::heads;
use crate::sync::message::PushItem;
use crate::time::Timestamp;
use crate::vault::seal::OpenError;
use crate::view::row_text::RowText;

/// Key of the tablet in `meta`.
pub const META_TABLET: &str = "tablet";
/// Key of what is set aside in `meta`.
pub const META_ASIDE: &str = "aside";
/// Key of the counters in `meta`.
pub const META_COUNTERS: &str = "counters";

/// Key of the tablet's secret in `vault`.
pub const VAULT_SECRET: &str = "secret";

/// Which tablet this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabletRecord {
    /// Its id.
    pub device: DeviceId,
    /// Its code, the middle part of card numbers (`F01`).
    pub code: String,
}

impl TabletRecord {
    /// The tablet that someone is signed in on.
    pub fn of(identity: &Identity) -> Self {
        Self {
            device: identity.device,
            code: identity.tablet_code.clone(),
        }
    }
}

/// What only grows, and when things happened last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// The last number given to a change of this tablet.
    pub device_seq: u64,
    /// The last revision given to a row.
    pub revision: u64,
    /// The last running number given to a card, by its prefix (`HZ1-F01`).
    pub card_numbers: BTreeMap<String, u32>,
    /// Up to where the logs of stores were known after a restore, until both sides were found equal.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rewound: BTreeMap<StoreId, u64>,
    /// When both sides last were found to hold the same, with nothing waiting here: by the person
    /// whose feeds were compared.
    #[serde(default)]
    pub verified: BTreeMap<PersonId, Timestamp>,
    /// When the store last confirmed a change.
    pub last_acknowledged: Option<Timestamp>,
    /// When the last change was saved here.
    pub last_saved: Option<Timestamp>,
}

/// What the tablet knows of a document without opening it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowRecord {
    /// The document.
    pub document: DocumentKey,
    /// What it describes.
    pub kind: DocumentKind,
    /// The feed that it is in.
    pub feed: FeedId,
    /// The store of the feed.
    pub store: StoreId,
    /// Chunks that the document consists of here, repeats counted.
    #[serde(default)]
    pub chunks: u32,
    /// Heads of what is here without the outbox: what the store has, as far as is known. Empty for
    /// a document that never reached the store.
    #[serde(default)]
    pub heads: Vec<ChangeHash>,
    /// The newest receipt that stands for what is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<KeptReceipt>,
    /// Whether it left the feeds of this tablet and waits only until its unsent work is delivered.
    #[serde(default)]
    pub is_leaving: bool,
    /// The highest revision of a document's records counts.
    pub revision: u64,
    /// The projection; `None` once the document left this tablet.
    pub row: Option<RowText>,
}

impl RowRecord {
    /// Where the document is kept.
    pub const fn home(&self) -> Home {
        Home {
            feed: self.feed,
            document: self.document.id,
        }
    }

    /// The document's part of the fingerprint, if it counts.
    pub fn digest(&self) -> Option<Fingerprint> {
        let is_counted = self.row.is_some() && !self.is_leaving && !heads::is_blank(&self.heads);
        is_counted.then(|| Fingerprint::of(self.document, &self.heads))
    }
}

/// A receipt of the server for a state of a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReceipt {
    /// The feed that it was given for.
    pub feed: FeedId,
    /// The receipt itself.
    #[serde(with = "hex::serde")]
    pub receipt: Vec<u8>,
    /// The heads that it stands for; empty where they are those of the row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub heads: Vec<ChangeHash>,
}

impl KeptReceipt {
    /// The heads that it stands for, in this row.
    pub fn heads_of<'a>(&'a self, row: &'a RowRecord) -> &'a [ChangeHash] {
        if self.heads.is_empty() {
            &row.heads
        } else {
            &self.heads
        }
    }
}

/// A change that waits in the outbox, opened.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxRecord {
    /// What any session may read.
    pub header: OutboxHeader,
    /// What only those may read who may read its feed, and of it the command only its author.
    pub body: OutboxBody,
}

/// A change that waits in the outbox, as it is stored.
///
/// Whoever may read the feed has the change among the document's chunks anyway, so a copy is
/// sealed for them: they know what of a shared card is not at the store yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredOutbox {
    /// What any session may read.
    pub header: OutboxHeader,
    /// The work, sealed with its author's delivery key: pushed exactly as it stands here.
    #[serde(with = "hex::serde")]
    pub work: Vec<u8>,
    /// The same, sealed with the feed's key.
    #[serde(with = "hex::serde")]
    pub copy: Vec<u8>,
    /// An [`OutboxMemo`], sealed with its author's own key; never sent.
    #[serde(with = "hex::serde")]
    pub memo: Vec<u8>,
}

impl StoredOutbox {
    /// The row as it is pushed.
    pub fn item(&self) -> PushItem {
        PushItem {
            device_seq: self.header.device_seq,
            group: self.header.group,
            person: self.header.person,
            work: self.work.clone(),
        }
    }
}

/// The part of an outbox row that any session may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxHeader {
    /// The tablet's running number of the change.
    pub device_seq: u64,
    /// The command that it belongs to.
    pub group: GroupId,
    /// Who gave the command.
    pub person: PersonId,
    /// The store's answer, if it came while nobody was here who could work it off.
    #[serde(default)]
    pub answer: Option<Answer>,
}

impl OutboxHeader {
    /// Whether it waits for its author, who was not here when it was refused.
    pub const fn is_refused(&self) -> bool {
        matches!(
            self.answer,
            Some(Answer::Refused { .. } | Answer::TakenBack)
        )
    }
}

/// What the store said about a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// It is at the store.
    Acknowledged {
        /// Its place in the log.
        seq: u64,
        /// When the store took it.
        at: Timestamp,
    },
    /// It was refused.
    Refused {
        /// Stable code of the reason.
        code: String,
    },
    /// It builds on something that was refused, or was taken off its card together with it, and is
    /// to be done again by its author.
    TakenBack,
}

/// The part of an outbox row that is the work itself.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxBody {
    /// The document.
    pub document: DocumentKey,
    /// What it describes.
    pub kind: DocumentKind,
    /// The feed for a new document.
    pub feed: FeedId,
    /// The change.
    pub change: Vec<u8>,
    /// The command, to be run again if the change is refused; none for a change that the store
    /// had acknowledged before it was restored from a backup, and for someone else's.
    pub command: Option<Command>,
    /// When the command was given.
    pub at: Timestamp,
}

impl OutboxRecord {
    /// Whether the change is, or belongs, on its card: one that was refused may have been taken
    /// off already.
    pub const fn is_on_card(&self) -> bool {
        matches!(self.header.answer, None | Some(Answer::Acknowledged { .. }))
    }
}

/// What the author alone may know of a waiting change, beside the work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutboxMemo {
    /// The command; see [`OutboxBody::command`].
    pub command: Option<Command>,
    /// When it was given.
    pub at: Timestamp,
}

/// An entry that the server refused and a person has not settled yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusedRecord {
    /// The refused group.
    pub group: GroupId,
    /// Who gave the command.
    pub person: PersonId,
    /// The document.
    pub document: DocumentKey,
    /// What the person wanted.
    pub command: Command,
    /// Stable code of the reason.
    pub code: String,
    /// When it was refused.
    pub at: Timestamp,
}

/// The places of a store's feeds in its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorRecord {
    /// The store.
    pub store: StoreId,
    /// Its feeds, each in one group.
    pub groups: Vec<CursorGroup>,
}

/// Where a document is kept: everything that belongs to a feed has a key that begins with it, so
/// that nothing is left of a feed that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home {
    /// The feed.
    pub feed: FeedId,
    /// The document.
    pub document: DocumentId,
}

/// What all keys of a feed begin with, in rows and chunks.
pub fn feed_prefix(feed: FeedId) -> String {
    format!("{feed}/")
}

/// The feed that a key in rows or chunks belongs to.
pub fn feed_of_key(key: &str) -> Option<FeedId> {
    key.split_once('/')?.0.parse().ok()
}

/// Key of a document's own row.
pub fn row_key(home: Home) -> String {
    format!("{}/d/{}", home.feed, home.document)
}

/// Key of a page of a feed's rows.
pub fn page_key(feed: FeedId, revision: u64) -> String {
    format!("{feed}/p/{revision:020}")
}

/// What all chunk keys of a document begin with.
pub fn chunk_prefix(home: Home) -> String {
    format!("{}/{}/", home.feed, home.document)
}

/// Key of a chunk: what comes twice is stored once.
pub fn chunk_key(home: Home, chunk: &[u8]) -> String {
    let hash = blake3::hash(chunk).to_hex();
    format!("{}{hash}", chunk_prefix(home))
}

/// What the keys of everything begin with that belongs to a person.
pub fn person_prefix(person: PersonId) -> String {
    format!("{person}/")
}

/// Key of an outbox row: it says whose the row is also when nothing of it can be read.
pub fn outbox_key(header: &OutboxHeader) -> String {
    format!("{:020}/{}", header.device_seq, header.person)
}

/// Whose an outbox row is, by its key.
pub fn outbox_author(key: &str) -> Option<PersonId> {
    key.split_once('/')?.1.parse().ok()
}

/// Key of a refused entry.
pub fn refused_key(person: PersonId, group: GroupId) -> String {
    format!("{person}/{group}")
}

/// Key of a half-typed form.
pub fn draft_key(person: PersonId, form: &str) -> String {
    format!("{person}/{form}")
}

/// A value as it is before it is sealed: JSON, so that newer fields survive older programs.
pub fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).unwrap_or_default()
}

/// Reads an opened value.
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, OpenError> {
    serde_json::from_slice(bytes).map_err(|_| OpenError::Damaged)
}

/// A value without personal data as it is stored.
pub fn encode(store: StoreName, key: &str, value: &impl Serialize) -> Vec<u8> {
    seal_clear(store, key, &to_bytes(value))
}

/// Reads a stored value without personal data.
pub fn decode<T: DeserializeOwned>(
    store: StoreName,
    key: &str,
    value: &[u8],
) -> Result<T, OpenError> {
    from_bytes(open_clear(store, key, value)?)
}
