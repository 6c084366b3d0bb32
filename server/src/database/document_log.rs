//! The document log in redb: tables, keys, and the two transactions that matter.

use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::faults;
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use floorbook_shared::sync::chain::{Chain, ChangeHash, Cursor};
use floorbook_shared::sync::message::{FRAME_BYTES, FeedState, FrameItem};
use floorbook_shared::sync::server::{Page, PageRequest};
use floorbook_shared::time::Timestamp;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::log::{Addition, DocumentLog, DocumentPlace, StoredDocument};
use super::tables::{
    ACTORS, CHANGE_BY_HASH, CHANGES, DOCUMENTS, FEED_INDEX, FEED_ORDER, LOG, META, ROWS, SNAPSHOTS,
};
use super::{DatabaseError, RedbDatabase, Result, organisation};

/// Version byte of the compact values of these tables.
const VALUE_VERSION: u8 = 1;
/// A document whose chunks are together larger than this travels as one snapshot, in bytes.
const CHUNKS_MAX_BYTES: usize = FRAME_BYTES;

/// One entry of a store's log.
#[derive(Serialize, Deserialize)]
struct LogEntry {
    document: DocumentKey,
    change: ChangeHash,
    chain: Chain,
    received: Timestamp,
    person: PersonId,
    device: DeviceId,
}

#[derive(Serialize, Deserialize)]
struct DocumentRow {
    key: DocumentKey,
    kind: DocumentKind,
    store: StoreId,
    feed: FeedId,
    latest_seq: u64,
}

/// What happened to a document in a feed.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct FeedEntry {
    entered_seq: u64,
    latest_seq: u64,
    state: FeedState,
}

#[derive(Serialize, Deserialize)]
struct ActorRow {
    person: PersonId,
    device: DeviceId,
}

impl DocumentLog for RedbDatabase {
    fn recognises(&self, store: StoreId, cursor: Cursor) -> Result<bool> {
        self.read(|read| {
            Ok(chain_at(&read.open_table(LOG)?, store, cursor.seq)? == Some(cursor.chain))
        })
    }

    fn head(&self, store: StoreId) -> Result<Cursor> {
        self.read(|read| head(&read.open_table(META)?, store))
    }

    fn page(&self, request: &PageRequest) -> Result<Page> {
        self.read(|read| page(read, request))
    }

    fn document(&self, id: DocumentId) -> Result<Option<StoredDocument>> {
        self.read(|read| {
            let documents = read.open_table(DOCUMENTS)?;
            let Some(row) = get::<DocumentRow>("documents", &documents, id.as_bytes())? else {
                return Ok(None);
            };
            let place = DocumentPlace {
                key: row.key,
                kind: row.kind,
                store: row.store,
                feed: row.feed,
            };
            let chunks = chunks_after(read, row.key, 0)?;
            Ok(Some(StoredDocument {
                place,
                latest_seq: row.latest_seq,
                chunks,
            }))
        })
    }

    fn document_ids(&self) -> Result<Vec<DocumentId>> {
        self.read(|read| {
            let documents = read.open_table(DOCUMENTS)?;
            let mut ids = Vec::new();
            for entry in documents.iter()? {
                let (key, _) = entry?;
                ids.push(DocumentId::from_bytes(sixteen("documents", key.value())?));
            }
            Ok(ids)
        })
    }

    fn rows(&self, visit: &mut dyn FnMut(DocumentId, &[u8])) -> Result<()> {
        self.read(|read| {
            let rows = read.open_table(ROWS)?;
            for entry in rows.iter()? {
                let (key, row) = entry?;
                visit(
                    DocumentId::from_bytes(sixteen("rows", key.value())?),
                    row.value(),
                );
            }
            Ok(())
        })
    }

    fn actor(&self, actor: &[u8]) -> Result<Option<ChangeAuthor>> {
        self.read(|read| {
            let row = get::<ActorRow>("actors", &read.open_table(ACTORS)?, actor)?;
            Ok(row.map(|row| ChangeAuthor {
                person: row.person,
                device: row.device,
            }))
        })
    }

    fn seq_of(&self, document: DocumentId, change: ChangeHash) -> Result<Option<u64>> {
        self.read(|read| {
            let by_hash = read.open_table(CHANGE_BY_HASH)?;
            let key = [document.as_bytes().as_slice(), change.as_bytes()].concat();
            let seq = by_hash.get(key.as_slice())?;
            seq.map(|seq| seq_of(seq.value())).transpose()
        })
    }

    fn append(&self, additions: &[Addition]) -> Result<Vec<Vec<u64>>> {
        self.write(|write| {
            additions
                .iter()
                .map(|addition| append(write, addition))
                .collect()
        })
    }
}

fn append(write: &WriteTransaction, addition: &Addition) -> Result<Vec<u64>> {
    let place = addition.place;
    let document = place.key.id;
    let mut documents = write.open_table(DOCUMENTS)?;
    let known = get::<DocumentRow>("documents", &documents, document.as_bytes())?;
    let latest_seq = known.as_ref().map_or(0, |row| row.latest_seq);
    if latest_seq != addition.latest_seq {
        return Err(DatabaseError::damaged(
            "documents",
            "the document changed since it was judged",
        ));
    }

    let mut meta = write.open_table(META)?;
    let mut log = write.open_table(LOG)?;
    let mut changes = write.open_table(CHANGES)?;
    let mut by_hash = write.open_table(CHANGE_BY_HASH)?;
    let mut actors = write.open_table(ACTORS)?;
    let mut cursor = head(&meta, place.store)?;
    let first_seq = cursor.seq + 1;
    for change in &addition.changes {
        cursor.seq += 1;
        cursor.whole = cursor.seq;
        cursor.chain = cursor.chain.extend(cursor.seq, document, &change.hash);
        let entry = LogEntry {
            document: place.key,
            change: change.hash,
            chain: cursor.chain,
            received: addition.received,
            person: change.author.person,
            device: change.author.device,
        };
        put("log", &mut log, &log_key(place.store, cursor.seq), &entry)?;
        changes.insert(
            change_key(place.key, cursor.seq).as_slice(),
            change.bytes.as_slice(),
        )?;
        let hash_key = [document.as_bytes().as_slice(), change.hash.as_bytes()].concat();
        by_hash.insert(hash_key.as_slice(), cursor.seq.to_be_bytes().as_slice())?;
        let row = ActorRow {
            person: change.author.person,
            device: change.author.device,
        };
        put("actors", &mut actors, &change.actor, &row)?;
    }
    put("meta", &mut meta, &head_key(place.store), &cursor)?;

    let row = DocumentRow {
        key: place.key,
        kind: place.kind,
        store: place.store,
        feed: place.feed,
        latest_seq: cursor.seq,
    };
    put("documents", &mut documents, document.as_bytes(), &row)?;
    write
        .open_table(ROWS)?
        .insert(document.as_bytes().as_slice(), addition.row.as_slice())?;

    let mut index = write.open_table(FEED_INDEX)?;
    let mut order = write.open_table(FEED_ORDER)?;
    let index_key = [place.feed.as_bytes().as_slice(), document.as_bytes()].concat();
    let before = get::<FeedEntry>("feed_index", &index, &index_key)?;
    if let Some(before) = before {
        order.remove(log_key(place.store, before.latest_seq).as_slice())?;
    }
    let entry = FeedEntry {
        entered_seq: before.map_or(first_seq, |before| before.entered_seq),
        latest_seq: cursor.seq,
        state: FeedState::Here,
    };
    put("feed_index", &mut index, &index_key, &entry)?;
    let value = (place.feed, place.key);
    put(
        "feed_order",
        &mut order,
        &log_key(place.store, cursor.seq),
        &value,
    )?;
    Ok((first_seq..=cursor.seq).collect())
}

/// Reads what follows the cursor in the order of the log, up to about one frame. What lies behind
/// the page is counted, so that a first sync can say how far it is.
fn page(read: &ReadTransaction, request: &PageRequest) -> Result<Page> {
    let log = read.open_table(LOG)?;
    let order = read.open_table(FEED_ORDER)?;
    let index = read.open_table(FEED_INDEX)?;
    let meta = read.open_table(META)?;
    let head = head(&meta, request.store)?;
    let after = request.after;
    let mut page = Page {
        store: request.store,
        scope_version: organisation::scope_version(&meta)?,
        after,
        cursor: head,
        items: Vec::new(),
        remaining: 0,
    };
    let mut bytes = 0;
    let mut last_seq = after.seq;
    let first = log_key(request.store, after.seq.saturating_add(1));
    let last = log_key(request.store, u64::MAX);
    for entry in order.range(first.as_slice()..=last.as_slice())? {
        let (key, value) = entry?;
        let (feed, document): (FeedId, DocumentKey) = decode("feed_order", value.value())?;
        if !request.feeds.contains(&feed) {
            continue;
        }
        if page.remaining > 0 || bytes >= FRAME_BYTES {
            page.remaining += 1;
            continue;
        }
        let index_key = [feed.as_bytes().as_slice(), document.id.as_bytes()].concat();
        let Some(entry) = get::<FeedEntry>("feed_index", &index, &index_key)? else {
            return Err(DatabaseError::damaged(
                "feed_index",
                "an entry of the order is missing",
            ));
        };
        let item = item(read, feed, document, entry, after.whole)?;
        let size = item.row.len() + item.chunks.iter().map(Vec::len).sum::<usize>();
        if !page.items.is_empty() && bytes + size > FRAME_BYTES {
            // A large document gets a frame of its own: together they might not fit a message.
            page.remaining += 1;
            continue;
        }
        bytes += size;
        page.items.push(item);
        last_seq = seq_of(key.value())?;
    }
    if page.remaining > 0 {
        page.cursor.seq = last_seq;
        // What is still to come may have earlier entries, which were passed over with it.
        page.cursor.whole = if faults::is_planted("page_taken_as_whole") {
            last_seq
        } else {
            after.whole
        };
        let chain = chain_at(&log, request.store, page.cursor.seq)?;
        page.cursor.chain =
            chain.ok_or_else(|| DatabaseError::damaged("log", "an entry is missing"))?;
    }
    Ok(page)
}

fn item(
    read: &ReadTransaction,
    feed: FeedId,
    document: DocumentKey,
    entry: FeedEntry,
    held: u64,
) -> Result<FrameItem> {
    let documents = read.open_table(DOCUMENTS)?;
    let kind = get::<DocumentRow>("documents", &documents, document.id.as_bytes())?
        .map_or(DocumentKind::Customer, |row| row.kind);
    let is_whole = entry.entered_seq > held;
    let mut item = FrameItem {
        document,
        kind,
        feed,
        state: entry.state,
        is_whole,
        chunks: Vec::new(),
        row: Vec::new(),
    };
    if entry.state != FeedState::Here {
        return Ok(item);
    }
    item.chunks = chunks_after(read, document, if is_whole { 0 } else { held })?;
    if item.chunks.iter().map(Vec::len).sum::<usize>() > CHUNKS_MAX_BYTES {
        let all = chunks_after(read, document, 0)?;
        let loaded = Document::load(all.iter().map(Vec::as_slice))
            .map_err(|error| DatabaseError::damaged("changes", error.to_string()))?;
        item.chunks = vec![loaded.snapshot()];
        item.is_whole = true;
    }
    if let Some(row) = read
        .open_table(ROWS)?
        .get(document.id.as_bytes().as_slice())?
    {
        item.row = row.value().to_vec();
    }
    Ok(item)
}

/// Chunks of a document behind a seq; for everything, the snapshot comes first.
fn chunks_after(read: &ReadTransaction, document: DocumentKey, seq: u64) -> Result<Vec<Vec<u8>>> {
    let mut chunks = Vec::new();
    let last = change_key(document, u64::MAX);
    let first = change_key(document, seq.saturating_add(1));
    if seq == 0 {
        let snapshots = read.open_table(SNAPSHOTS)?;
        for entry in snapshots.range(change_key(document, 0).as_slice()..=last.as_slice())? {
            chunks.push(entry?.1.value().to_vec());
        }
    }
    let changes = read.open_table(CHANGES)?;
    for entry in changes.range(first.as_slice()..=last.as_slice())? {
        chunks.push(entry?.1.value().to_vec());
    }
    Ok(chunks)
}

/// The chain's value at a seq; `None` beyond the end of the log.
fn chain_at(
    log: &impl ReadableTable<&'static [u8], &'static [u8]>,
    store: StoreId,
    seq: u64,
) -> Result<Option<Chain>> {
    if seq == 0 {
        return Ok(Some(Chain::START));
    }
    let entry = get::<LogEntry>("log", log, &log_key(store, seq))?;
    Ok(entry.map(|entry| entry.chain))
}

fn head(meta: &impl ReadableTable<&'static [u8], &'static [u8]>, store: StoreId) -> Result<Cursor> {
    Ok(get("meta", meta, &head_key(store))?.unwrap_or_default())
}

fn head_key(store: StoreId) -> Vec<u8> {
    [b"head/".as_slice(), store.as_bytes()].concat()
}

fn log_key(store: StoreId, seq: u64) -> [u8; 24] {
    let mut key = [0; 24];
    let (left, right) = key.split_at_mut(16);
    left.copy_from_slice(store.as_bytes());
    right.copy_from_slice(&seq.to_be_bytes());
    key
}

fn seq_of(key: &[u8]) -> Result<u64> {
    let (_, seq) = key
        .split_last_chunk::<8>()
        .ok_or_else(|| DatabaseError::damaged("feed_order", "a key is too short"))?;
    Ok(u64::from_be_bytes(*seq))
}

fn change_key(document: DocumentKey, seq: u64) -> Vec<u8> {
    let mut key = document.id.as_bytes().to_vec();
    key.extend_from_slice(&document.incarnation.to_be_bytes());
    key.extend_from_slice(&seq.to_be_bytes());
    key
}

fn sixteen(table: &'static str, bytes: &[u8]) -> Result<[u8; 16]> {
    bytes
        .try_into()
        .map_err(|_| DatabaseError::damaged(table, "a key is not an id"))
}

fn put<T: Serialize>(
    table: &'static str,
    target: &mut redb::Table<'_, &'static [u8], &'static [u8]>,
    key: &[u8],
    value: &T,
) -> Result<()> {
    let body = postcard::to_stdvec(value)
        .map_err(|error| DatabaseError::damaged(table, error.to_string()))?;
    let mut bytes = Vec::with_capacity(body.len() + 1);
    bytes.push(VALUE_VERSION);
    bytes.extend_from_slice(&body);
    target.insert(key, bytes.as_slice())?;
    Ok(())
}

fn get<T: DeserializeOwned>(
    table: &'static str,
    source: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
) -> Result<Option<T>> {
    source
        .get(key)?
        .map(|value| decode(table, value.value()))
        .transpose()
}

fn decode<T: DeserializeOwned>(table: &'static str, bytes: &[u8]) -> Result<T> {
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
