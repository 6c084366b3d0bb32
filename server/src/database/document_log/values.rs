//! Keys and values of the document tables.

use floorbook_shared::document::{DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use floorbook_shared::sync::chain::{Chain, ChangeHash};
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::FeedState;
use floorbook_shared::time::Timestamp;
use redb::ReadableTable;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::database::{DatabaseError, Result};

/// Version byte of the compact values of these tables.
const VALUE_VERSION: u8 = 1;

/// One entry of a store's log.
#[derive(Serialize, Deserialize)]
pub(in crate::database) struct LogEntry {
    pub document: DocumentKey,
    /// The change, or what stands for a deed that is no change.
    pub change: ChangeHash,
    pub chain: Chain,
    pub received: Timestamp,
    pub person: PersonId,
    pub device: DeviceId,
    pub deed: LogDeed,
}

/// What an entry of the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::database) enum LogDeed {
    /// A change was accepted.
    Change,
    /// The document came into a feed out of another one.
    Entered(FeedId),
    /// The document left a feed.
    Left(FeedId),
}

/// A document: where it belongs and how far it is.
#[derive(Serialize, Deserialize)]
pub(in crate::database) struct DocumentRow {
    pub key: DocumentKey,
    pub kind: DocumentKind,
    pub store: StoreId,
    pub feed: FeedId,
    pub latest_seq: u64,
    /// Up to which seq single changes may be missing, because snapshots hold them: who holds less
    /// gets the whole document.
    pub compacted_seq: u64,
}

/// What happened to a document in a feed.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(in crate::database) struct FeedEntry {
    pub entered_seq: u64,
    pub latest_seq: u64,
    pub state: FeedState,
    /// The digest of the document while it is here.
    pub digest: Fingerprint,
}

/// Who an actor belongs to.
#[derive(Serialize, Deserialize)]
pub(in crate::database) struct ActorRow {
    pub person: PersonId,
    pub device: DeviceId,
}

/// What is in a feed, or in one bucket of it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::database) struct FeedTotal {
    pub fingerprint: Fingerprint,
    pub documents: u32,
}

pub(in crate::database) fn head_key(store: StoreId) -> Vec<u8> {
    [b"head/".as_slice(), store.as_bytes()].concat()
}

pub(in crate::database) fn log_key(store: StoreId, seq: u64) -> [u8; 24] {
    let mut key = [0; 24];
    let (left, right) = key.split_at_mut(16);
    left.copy_from_slice(store.as_bytes());
    right.copy_from_slice(&seq.to_be_bytes());
    key
}

/// The seq at the end of a key.
pub(in crate::database) fn seq_of(key: &[u8]) -> Result<u64> {
    let (_, seq) = key
        .split_last_chunk::<8>()
        .ok_or_else(|| DatabaseError::damaged("feed_order", "a key is too short"))?;
    Ok(u64::from_be_bytes(*seq))
}

pub(in crate::database) fn change_key(document: DocumentKey, seq: u64) -> [u8; 28] {
    let mut key = [0; 28];
    let (id, rest) = key.split_at_mut(16);
    let (incarnation, place) = rest.split_at_mut(4);
    id.copy_from_slice(document.id.as_bytes());
    incarnation.copy_from_slice(&document.incarnation.to_be_bytes());
    place.copy_from_slice(&seq.to_be_bytes());
    key
}

pub(in crate::database) fn hash_key(document: DocumentId, change: &ChangeHash) -> [u8; 48] {
    let mut key = [0; 48];
    let (id, hash) = key.split_at_mut(16);
    id.copy_from_slice(document.as_bytes());
    hash.copy_from_slice(change.as_bytes());
    key
}

pub(in crate::database) fn index_key(feed: FeedId, document: DocumentId) -> [u8; 32] {
    let mut key = [0; 32];
    let (left, right) = key.split_at_mut(16);
    left.copy_from_slice(feed.as_bytes());
    right.copy_from_slice(document.as_bytes());
    key
}

/// Key of a feed's total.
pub(in crate::database) fn total_key(feed: FeedId) -> [u8; 16] {
    *feed.as_bytes()
}

/// Key of a bucket's total.
pub(in crate::database) fn bucket_key(feed: FeedId, bucket: u8) -> [u8; 17] {
    let mut key = [bucket; 17];
    if let Some(place) = key.first_chunk_mut::<16>() {
        *place = *feed.as_bytes();
    }
    key
}

pub(in crate::database) fn sixteen(table: &'static str, bytes: &[u8]) -> Result<[u8; 16]> {
    bytes
        .try_into()
        .map_err(|_| DatabaseError::damaged(table, "a key is not an id"))
}

/// A value as it is stored.
pub(in crate::database) fn encode<T: Serialize>(table: &'static str, value: &T) -> Result<Vec<u8>> {
    postcard::to_extend(value, vec![VALUE_VERSION])
        .map_err(|error| DatabaseError::damaged(table, error.to_string()))
}

pub(in crate::database) fn put<T: Serialize>(
    table: &'static str,
    target: &mut redb::Table<'_, &'static [u8], &'static [u8]>,
    key: &[u8],
    value: &T,
) -> Result<()> {
    target.insert(key, encode(table, value)?.as_slice())?;
    Ok(())
}

pub(in crate::database) fn get<T: DeserializeOwned>(
    table: &'static str,
    source: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
) -> Result<Option<T>> {
    source
        .get(key)?
        .map(|value| decode(table, value.value()))
        .transpose()
}

pub(in crate::database) fn decode<T: DeserializeOwned>(
    table: &'static str,
    bytes: &[u8],
) -> Result<T> {
    match bytes.split_first() {
        Some((&VALUE_VERSION, body)) => postcard::from_bytes(body)
            .map_err(|error| DatabaseError::damaged(table, error.to_string())),
        Some((version, _)) => Err(DatabaseError::damaged(
            table,
            format!("unknown version {version}"),
        )),
        None => Err(DatabaseError::damaged(table, "empty")),
    }
}
