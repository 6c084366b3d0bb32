//! Snapshots in the place of single changes: what is read for it, and the transaction.
//!
//! Invariants: the log and the index of hashes stay for ever; a change is deleted only by its own
//! key, and only if the snapshot *before* the new one holds it too, so that each change is always
//! there twice: in two snapshots, or in one and by itself.

use floorbook_shared::access::Feed;
use floorbook_shared::faults;
use floorbook_shared::id::{DocumentId, FeedId, StoreId};
use floorbook_shared::sync::scanner::is_sound_snapshot;
use floorbook_shared::time::Timestamp;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};

use super::document_log::head;
use super::document_log::page::LogReader;
use super::document_log::values::{
    DocumentRow, LogEntry, change_key, get, log_key, put, seq_of, sixteen,
};
use super::log::{Compactable, Compaction, DocumentPlace};
use super::organisation::rows;
use super::tables::{CHANGES, DEVICES, DOCUMENTS, FEEDS, LOG, META, SNAPSHOTS};
use super::tablets::DeviceRow;
use super::{DatabaseError, Result};

/// Snapshots of a document that are kept: the newest and the one before.
const GENERATIONS: usize = 2;

/// A document as compaction sees it, if it has more than `loose_max` changes behind its newest
/// snapshot.
pub(super) fn compactable(
    read: &ReadTransaction,
    id: DocumentId,
    loose_max: usize,
) -> Result<Option<Compactable>> {
    let documents = read.open_table(DOCUMENTS)?;
    let Some(row) = get::<DocumentRow>("documents", &documents, id.as_bytes())? else {
        return Ok(None);
    };
    let (first, last) = (change_key(row.key, 0), change_key(row.key, u64::MAX));
    let reader = LogReader::open(read)?;
    let snapshot_seq = reader.newest_snapshot(row.key)?.map(|(seq, _)| seq);
    let changes = read.open_table(CHANGES)?;
    let behind = change_key(row.key, snapshot_seq.map_or(0, |seq| seq + 1));
    let mut loose = changes.range(behind.as_slice()..=last.as_slice())?;
    if loose.nth(loose_max).is_none() {
        return Ok(None);
    }
    let log = read.open_table(LOG)?;
    let mut kept = Vec::new();
    for entry in changes.range(first.as_slice()..=last.as_slice())? {
        let seq = seq_of(entry?.0.value())?;
        let logged = get::<LogEntry>("log", &log, &log_key(row.store, seq))?;
        let logged = logged.ok_or_else(|| DatabaseError::damaged("log", "an entry is missing"))?;
        kept.push((seq, logged.change));
    }
    Ok(Some(Compactable {
        place: DocumentPlace {
            key: row.key,
            kind: row.kind,
            store: row.store,
            feed: row.feed,
        },
        latest_seq: row.latest_seq,
        chunks: reader.chunks(row.key)?,
        snapshot_seq,
        changes: kept,
    }))
}

/// Some documents behind another one, in the order of their ids.
pub(super) fn documents_after(
    read: &ReadTransaction,
    after: Option<DocumentId>,
    count: usize,
) -> Result<Vec<DocumentId>> {
    use std::ops::Bound;
    let documents = read.open_table(DOCUMENTS)?;
    let from = after.as_ref().map_or(Bound::Unbounded, |id| {
        Bound::Excluded(id.as_bytes().as_slice())
    });
    let mut found = Vec::new();
    for entry in documents
        .range::<&[u8]>((from, Bound::Unbounded))?
        .take(count)
    {
        let id = sixteen("documents", entry?.0.value())?;
        found.push(DocumentId::from_bytes(id));
    }
    Ok(found)
}

/// The oldest place that a living device told to hold of a store; its end if there is none. A
/// device that told nothing of the store yet gets whole documents anyway.
pub(super) fn floor(
    read: &ReadTransaction,
    store: StoreId,
    living_since: Timestamp,
) -> Result<u64> {
    let end = head(&read.open_table(META)?, store)?.seq;
    if faults::is_planted("compaction_forgets_devices") {
        return Ok(end);
    }
    let devices: Vec<DeviceRow> = rows("devices", &read.open_table(DEVICES)?)?;
    let living = devices
        .iter()
        .filter(|device| device.is_living())
        .filter(|device| device.confirmed_at.is_some_and(|at| at >= living_since));
    let feeds: Vec<Feed> = rows("feeds", &read.open_table(FEEDS)?)?;
    let feeds = feeds.into_iter().filter(|feed| feed.store == store);
    let feeds: Vec<FeedId> = feeds.map(|feed| feed.id).collect();
    // The furthest of its feeds: one that left its scope stands where it stood then, and one that
    // is new in it comes as whole documents anyway.
    let places = living.filter_map(|device| {
        let places = feeds.iter().filter_map(|feed| device.confirmed.get(feed));
        places.max().copied()
    });
    Ok(places.min().unwrap_or(end).min(end))
}

/// Inserts a snapshot, deletes exactly the listed changes, damaged snapshots, and of the others
/// those before the last two.
pub(super) fn compact(write: &WriteTransaction, compaction: &Compaction) -> Result<()> {
    let document = compaction.document;
    let mut documents = write.open_table(DOCUMENTS)?;
    let row = get::<DocumentRow>("documents", &documents, document.id.as_bytes())?;
    let row = row
        .filter(|row| (row.key, row.latest_seq) == (document, compaction.latest_seq))
        .ok_or_else(|| {
            DatabaseError::damaged("documents", "the document changed since it was compacted")
        })?;
    let (first, last) = (change_key(document, 0), change_key(document, u64::MAX));
    let mut snapshots = write.open_table(SNAPSHOTS)?;
    snapshots.insert(
        change_key(document, compaction.snapshot_seq).as_slice(),
        compaction.snapshot.as_slice(),
    )?;
    let mut generations = Vec::new();
    let mut superfluous = Vec::new();
    for entry in snapshots.range(first.as_slice()..=last.as_slice())? {
        let (key, value) = entry?;
        let seq = seq_of(key.value())?;
        if is_sound_snapshot(value.value()) {
            generations.push(seq);
        } else {
            superfluous.push(seq);
        }
    }
    let older = generations.len().saturating_sub(GENERATIONS);
    superfluous.extend(generations.drain(..older));
    for seq in superfluous {
        snapshots.remove(change_key(document, seq).as_slice())?;
    }
    let mut changes = write.open_table(CHANGES)?;
    for seq in &compaction.deleted {
        changes.remove(change_key(document, *seq).as_slice())?;
    }
    if faults::is_planted("compaction_deletes_a_range") {
        changes.retain_in(first.as_slice()..=last.as_slice(), |_, _| false)?;
    }
    let deleted = compaction.deleted.iter().max().copied().unwrap_or(0);
    let row = DocumentRow {
        compacted_seq: row.compacted_seq.max(deleted),
        ..row
    };
    put("documents", &mut documents, document.id.as_bytes(), &row)
}
