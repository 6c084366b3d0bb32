//! Documents and everything that is derived from them.

use std::collections::BTreeMap;

use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DocumentId, FeedId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::fingerprint::{Fingerprint, bucket};
use floorbook_shared::sync::gate;
use floorbook_shared::sync::message::FeedState;
use floorbook_shared::sync::scanner::is_sound_snapshot;
use floorbook_shared::view::row::{CustomerRow, VIEW_VERSION};
use redb::{ReadOnlyTable, ReadTransaction, ReadableTable, ReadableTableMetadata};

use super::log::{Logged, LoggedDocument};
use super::{Ailment, Ward};
use crate::database::Result;
use crate::database::document_log::values::{
    ActorRow, DocumentRow, FeedEntry, FeedTotal, LogEntry, bucket_key, change_key, decode, get,
    hash_key, index_key, log_key, seq_of, sixteen, total_key,
};
use crate::database::tables::{
    ACTORS, CHANGE_BY_HASH, CHANGES, DOCUMENTS, FEED_INDEX, FEED_ORDER, FEED_TOTALS, LOG, ROWS,
    SNAPSHOTS,
};
use crate::sync::commit::row_of;

type Bytes = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The tables that documents are made of.
pub(super) struct Archive {
    log: Bytes,
    changes: Bytes,
    by_hash: Bytes,
    snapshots: Bytes,
    rows: Bytes,
    actors: Bytes,
    index: Bytes,
    order: Bytes,
}

/// A document as it was read, with what its changes say of it.
pub(super) struct Opened {
    pub(super) document: Document,
    /// Actor and author of each change that stands by itself, as the log names the author.
    pub(super) actors: Vec<(Vec<u8>, ActorRow)>,
    /// The digest of the document.
    pub(super) digest: Fingerprint,
    /// The keys of damaged snapshots, without which it loads.
    pub(super) damaged_snapshots: Vec<Vec<u8>>,
}

impl Archive {
    pub(super) fn open(read: &ReadTransaction) -> Result<Self> {
        Ok(Self {
            log: read.open_table(LOG)?,
            changes: read.open_table(CHANGES)?,
            by_hash: read.open_table(CHANGE_BY_HASH)?,
            snapshots: read.open_table(SNAPSHOTS)?,
            rows: read.open_table(ROWS)?,
            actors: read.open_table(ACTORS)?,
            index: read.open_table(FEED_INDEX)?,
            order: read.open_table(FEED_ORDER)?,
        })
    }

    /// Opens a document and compares each of its changes with the log. Tells what is wrong to
    /// `find`; answers nothing if it does not load.
    pub(super) fn load(
        &self,
        row: &DocumentRow,
        find: &mut dyn FnMut(Ailment, &'static str, String),
    ) -> Result<Option<Opened>> {
        let id = row.key.id;
        let (first, last) = (change_key(row.key, 0), change_key(row.key, u64::MAX));
        let range = first.as_slice()..=last.as_slice();
        let mut chunks = Vec::new();
        let mut damaged_snapshots = Vec::new();
        for entry in self.snapshots.range(range.clone())? {
            let (key, value) = entry?;
            if is_sound_snapshot(value.value()) {
                chunks.push(value.value().to_vec());
            } else {
                let subject = format!("document {id}, entry {}", seq_of(key.value())?);
                find(Ailment::SnapshotDamaged, "snapshots", subject);
                damaged_snapshots.push(key.value().to_vec());
            }
        }
        let mut actors = Vec::new();
        for entry in self.changes.range(range)? {
            let (key, value) = entry?;
            let seq = seq_of(key.value())?;
            let subject = || format!("document {id}, entry {seq}");
            let logged = get::<LogEntry>("log", &self.log, &log_key(row.store, seq));
            let logged = logged.ok().flatten();
            match (gate::parse(value.value()), logged) {
                (Err(_), _) => find(Ailment::ChangeDiffers, "changes", subject()),
                (Ok(_), None) => find(Ailment::ChangeUnlogged, "changes", subject()),
                (Ok(change), Some(entry)) => {
                    if change.hash != entry.change || entry.document != row.key {
                        find(Ailment::ChangeDiffers, "changes", subject());
                    }
                    let author = ActorRow {
                        person: entry.person,
                        device: entry.device,
                    };
                    actors.push((change.actor.to_vec(), author));
                }
            }
            chunks.push(value.value().to_vec());
        }
        match Document::load(chunks.iter().map(Vec::as_slice)) {
            Ok(document) => {
                let heads: Vec<ChangeHash> = document.heads().into_iter().map(Into::into).collect();
                Ok(Some(Opened {
                    digest: Fingerprint::of(row.key, &heads),
                    document,
                    actors,
                    damaged_snapshots,
                }))
            }
            Err(error) => {
                find(
                    Ailment::DocumentUnloadable,
                    "changes",
                    format!("document {id}: {error}"),
                );
                Ok(None)
            }
        }
    }

    /// What the row of the document must be, if the one that is stored is not it. A row of an
    /// older projection is not wrong: newer code reads it.
    pub(super) fn right_row(&self, id: DocumentId, document: &Document) -> Result<Option<Vec<u8>>> {
        let right = row_of(document);
        let stored = self.rows.get(id.as_bytes().as_slice())?;
        let Some(stored) = stored else {
            return Ok(Some(right));
        };
        let is_older = serde_json::from_slice::<CustomerRow>(stored.value())
            .is_ok_and(|row| row.view_version < VIEW_VERSION);
        Ok((stored.value() != right && !is_older).then_some(right))
    }

    pub(super) fn is_bound(&self, actor: &[u8], author: &ActorRow) -> bool {
        let stored = get::<ActorRow>("actors", &self.actors, actor);
        stored
            .ok()
            .flatten()
            .is_some_and(|stored| (stored.person, stored.device) == (author.person, author.device))
    }

    pub(super) fn feed_entry(&self, feed: FeedId, id: DocumentId) -> Option<FeedEntry> {
        let entry = get::<FeedEntry>("feed_index", &self.index, &index_key(feed, id));
        entry.ok().flatten()
    }

    /// Whether the order names this document of this feed at a place of the store's log.
    pub(super) fn is_in_order(&self, row: &DocumentRow, feed: FeedId, seq: u64) -> bool {
        let key = log_key(row.store, seq);
        let found = get::<(FeedId, DocumentKey)>("feed_order", &self.order, &key);
        found.ok().flatten() == Some((feed, row.key))
    }
}

/// Whether a document's entry in the index of the feed that it is in says what the log says.
pub(super) fn is_right(entry: &FeedEntry, known: &LoggedDocument) -> bool {
    entry.state == FeedState::Here
        && entry.latest_seq == known.latest_here
        && (1..=entry.latest_seq).contains(&entry.entered_seq)
}

pub(super) fn check(ward: &mut Ward<'_>, logged: &Logged) -> Result<()> {
    let archive = Archive::open(ward.read)?;
    let documents = ward.read.open_table(DOCUMENTS)?;
    let mut changes_seen = 0;
    let mut are_all_known = true;
    for entry in documents.iter()? {
        let (key, value) = entry?;
        ward.pace.step();
        let id = DocumentId::from_bytes(sixteen("documents", key.value())?);
        let subject = format!("document {id}");
        let row = decode::<DocumentRow>("documents", value.value());
        let Some(row) = row.ok().filter(|row| row.key.id == id) else {
            ward.findings
                .add(Ailment::ValueUnreadable, "documents", subject);
            continue;
        };
        let Some(known) = logged.documents.get(&id) else {
            ward.findings
                .add(Ailment::DocumentUnlogged, "documents", subject);
            continue;
        };
        let entered = known.entered.map_or(row.feed, |(feed, _)| feed);
        if (row.store, row.latest_seq, row.feed) != (known.store, known.latest_seq, entered) {
            ward.findings
                .add(Ailment::LatestWrong, "documents", subject.clone());
        }
        let index = archive.feed_entry(row.feed, id);
        let is_here = index.as_ref().is_some_and(|entry| is_right(entry, known));
        if !is_here {
            ward.findings
                .add(Ailment::FeedIndexWrong, "feed_index", subject.clone());
        }
        if !archive.is_in_order(&row, row.feed, known.latest_here) {
            ward.findings
                .add(Ailment::FeedOrderWrong, "feed_order", subject.clone());
        }
        // What a newer program made is kept, never opened.
        if row.kind != DocumentKind::Customer {
            are_all_known = false;
            continue;
        }
        let findings = &mut *ward.findings;
        let opened = archive.load(&row, &mut |ailment, table, subject| {
            findings.add(ailment, table, subject);
        })?;
        if let Some(opened) = opened {
            changes_seen += opened.actors.len() as u64;
            if index.is_some_and(|entry| entry.digest != opened.digest) {
                ward.findings
                    .add(Ailment::FingerprintWrong, "feed_index", subject);
            }
            check_opened(ward, &archive, &row, known, &opened)?;
        }
    }
    for id in logged.documents.keys() {
        if documents.get(id.as_bytes().as_slice())?.is_none() {
            let subject = format!("document {id}");
            ward.findings
                .add(Ailment::DocumentMissing, "documents", subject);
        }
    }
    if are_all_known && archive.changes.len()? > changes_seen && ward.findings.is_healthy() {
        let subject = format!("{} changes", archive.changes.len()? - changes_seen);
        ward.findings
            .add(Ailment::ChangeUnlogged, "changes", subject);
    }
    Ok(())
}

fn check_opened(
    ward: &mut Ward<'_>,
    archive: &Archive,
    row: &DocumentRow,
    known: &LoggedDocument,
    opened: &Opened,
) -> Result<()> {
    let id = row.key.id;
    let subject = format!("document {id}");
    if archive.right_row(id, &opened.document)?.is_some() {
        ward.findings
            .add(Ailment::RowWrong, "rows", subject.clone());
    }
    let is_bound = |(actor, author): &(Vec<u8>, ActorRow)| archive.is_bound(actor, author);
    if !opened.actors.iter().all(is_bound) {
        ward.findings
            .add(Ailment::ActorWrong, "actors", subject.clone());
    }
    // Each change that the log names is in the document, be it in a snapshot or by itself.
    let first = hash_key(id, &ChangeHash::from_bytes([0; 32]));
    let last = hash_key(id, &ChangeHash::from_bytes([u8::MAX; 32]));
    let mut indexed = 0;
    for entry in archive.by_hash.range(first.as_slice()..=last.as_slice())? {
        let (key, value) = entry?;
        let seq = seq_of(value.value())?;
        let hash = key.value().get(16..).and_then(|hash| hash.try_into().ok());
        let Some(hash) = hash.map(ChangeHash::from_bytes) else {
            continue;
        };
        let logged = get::<LogEntry>("log", &archive.log, &log_key(row.store, seq));
        if logged
            .ok()
            .flatten()
            .is_none_or(|entry| entry.change != hash)
        {
            let subject = format!("{subject}, entry {seq}");
            ward.findings
                .add(Ailment::HashIndexWrong, "change_by_hash", subject);
            continue;
        }
        indexed += 1;
        // Behind what was compacted each change also stands by itself: tablets get it alone.
        let is_alone = seq <= row.compacted_seq
            || archive
                .changes
                .get(change_key(row.key, seq).as_slice())?
                .is_some();
        if !opened.document.contains(&hash) || !is_alone {
            let subject = format!("{subject}, entry {seq}");
            ward.findings
                .add(Ailment::ChangeMissing, "changes", subject);
        }
    }
    // The log's own part has named those that the index lacks.
    if indexed > known.changes {
        ward.findings
            .add(Ailment::HashIndexWrong, "change_by_hash", subject);
    }
    Ok(())
}

/// What stands in the indexes without belonging to any document.
pub(super) fn check_indexes(ward: &mut Ward<'_>, logged: &Logged) -> Result<()> {
    let archive = Archive::open(ward.read)?;
    let documents = ward.read.open_table(DOCUMENTS)?;
    let mut totals = BTreeMap::new();
    for entry in archive.index.iter()? {
        let (key, value) = entry?;
        ward.pace.step();
        add_to_totals(&mut totals, key.value(), value.value());
        if !is_right_index_entry(&documents, &archive, logged, key.value(), value.value())? {
            let subject = key.value().get(16..).and_then(|id| id.try_into().ok());
            let subject = subject.map(DocumentId::from_bytes).unwrap_or_default();
            let subject = format!("document {subject}");
            ward.findings
                .add(Ailment::FeedIndexWrong, "feed_index", subject);
        }
    }
    for ((id, feed), seq) in &logged.left {
        let entry = archive.feed_entry(*feed, *id);
        if entry.is_none_or(|entry| entry.latest_seq != *seq) {
            let subject = format!("document {id}");
            ward.findings
                .add(Ailment::FeedIndexWrong, "feed_index", subject);
        }
    }
    let wrong = wrong_totals(ward.read, &totals)?;
    if !wrong.is_empty() {
        let subject = format!("{} totals", wrong.len());
        ward.findings
            .add(Ailment::FingerprintWrong, "feed_totals", subject);
    }
    for entry in archive.order.iter()? {
        let (key, value) = entry?;
        ward.pace.step();
        if !is_right_order_entry(&archive, key.value(), value.value())? {
            let subject = format!("entry {}", seq_of(key.value())?);
            ward.findings
                .add(Ailment::FeedOrderWrong, "feed_order", subject);
        }
    }
    for entry in archive.rows.iter()? {
        let (key, _) = entry?;
        ward.pace.step();
        let id = DocumentId::from_bytes(sixteen("rows", key.value())?);
        if documents.get(key.value())?.is_none() {
            let subject = format!("document {id}");
            ward.findings.add(Ailment::RowWrong, "rows", subject);
        }
    }
    if archive.by_hash.len()? > logged.changes {
        let subject = format!("{} too many", archive.by_hash.len()? - logged.changes);
        ward.findings
            .add(Ailment::HashIndexWrong, "change_by_hash", subject);
    }
    let actors = &archive.actors;
    for entry in actors.iter()? {
        let (key, value) = entry?;
        if decode::<ActorRow>("actors", value.value()).is_err() {
            let subject = format!("an actor of {} bytes", key.value().len());
            ward.findings.add(Ailment::ActorWrong, "actors", subject);
        }
    }
    Ok(())
}

/// What the feeds hold, by the keys of their totals.
pub(super) type Totals = BTreeMap<Vec<u8>, FeedTotal>;

/// Adds a document that is in a feed to the totals of the feed.
pub(super) fn add_to_totals(totals: &mut Totals, key: &[u8], value: &[u8]) {
    let (Some((feed, id)), Ok(entry)) = (
        key.split_first_chunk::<16>(),
        decode::<FeedEntry>("feed_index", value),
    ) else {
        return;
    };
    let Ok(id) = sixteen("feed_index", id) else {
        return;
    };
    if entry.state != FeedState::Here {
        return;
    }
    let feed = FeedId::from_bytes(*feed);
    let number = bucket(DocumentId::from_bytes(id));
    for key in [total_key(feed).to_vec(), bucket_key(feed, number).to_vec()] {
        let total = totals.entry(key).or_default();
        total.fingerprint.toggle(entry.digest);
        total.documents = total.documents.saturating_add(1);
    }
}

/// The keys of totals that are not what the index says, with what they have to be.
pub(super) fn wrong_totals(read: &ReadTransaction, right: &Totals) -> Result<Totals> {
    let stored = read.open_table(FEED_TOTALS)?;
    let mut wrong = Totals::new();
    for (key, total) in right {
        let found = get::<FeedTotal>("feed_totals", &stored, key).ok().flatten();
        if found.is_none_or(|found| found != *total) {
            wrong.insert(key.clone(), *total);
        }
    }
    for entry in stored.iter()? {
        let (key, value) = entry?;
        let found = decode::<FeedTotal>("feed_totals", value.value());
        // What is empty by now may stand as empty.
        let is_empty = found.is_ok_and(|found| found == FeedTotal::default());
        if !right.contains_key(key.value()) && !is_empty {
            wrong.insert(key.value().to_vec(), FeedTotal::default());
        }
    }
    Ok(wrong)
}

/// Whether an entry of the feed index is of a document that is there, and says what the log says
/// of the document in this feed.
pub(super) fn is_right_index_entry(
    documents: &impl ReadableTable<&'static [u8], &'static [u8]>,
    archive: &Archive,
    logged: &Logged,
    key: &[u8],
    value: &[u8],
) -> Result<bool> {
    let Some((feed, id)) = key.split_first_chunk::<16>() else {
        return Ok(false);
    };
    let feed = FeedId::from_bytes(*feed);
    let Some(row) = get::<DocumentRow>("documents", documents, id)
        .ok()
        .flatten()
    else {
        return Ok(false);
    };
    let Ok(entry) = decode::<FeedEntry>("feed_index", value) else {
        return Ok(false);
    };
    let is_in_order = archive.is_in_order(&row, feed, entry.latest_seq);
    let is_told = match entry.state {
        FeedState::Here => row.feed == feed,
        FeedState::Left => logged.left.get(&(row.key.id, feed)) == Some(&entry.latest_seq),
        FeedState::Erased => true,
    };
    Ok(is_in_order && is_told)
}

/// Whether an entry of the order is the one that the feed index names.
pub(super) fn is_right_order_entry(archive: &Archive, key: &[u8], value: &[u8]) -> Result<bool> {
    let Ok((feed, document)) = decode::<(FeedId, DocumentKey)>("feed_order", value) else {
        return Ok(false);
    };
    let entry = archive.feed_entry(feed, document.id);
    let seq = seq_of(key)?;
    Ok(entry.is_some_and(|entry| entry.latest_seq == seq))
}
