//! Appending to the log: accepted changes, and documents that move from one feed to another.

use floorbook_shared::document::DocumentKey;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::faults;
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::fingerprint::{Fingerprint, bucket};
use floorbook_shared::sync::message::FeedState;
use floorbook_shared::time::Timestamp;
use redb::{Table, WriteTransaction};

use super::values::{
    ActorRow, DocumentRow, FeedEntry, FeedTotal, LogDeed, LogEntry, bucket_key, change_key, get,
    hash_key, head_key, index_key, log_key, put, total_key,
};
use super::{Addition, head};
use crate::database::log::{DocumentPlace, Move, Restoration};
use crate::database::tables::{
    ACTORS, CHANGE_BY_HASH, CHANGES, DOCUMENTS, FEED_INDEX, FEED_ORDER, FEED_TOTALS, HOMES, LOG,
    META, ROWS,
};
use crate::database::{DatabaseError, Home, Result};

/// The server itself, in no person's name.
const SERVER: ChangeAuthor = ChangeAuthor {
    person: PersonId::from_bytes([0; 16]),
    device: DeviceId::from_bytes([0; 16]),
};

type Bytes<'a> = Table<'a, &'static [u8], &'static [u8]>;

/// The tables that change with the log, all of one write transaction.
pub(super) struct LogWriter<'a> {
    meta: Bytes<'a>,
    log: Bytes<'a>,
    changes: Bytes<'a>,
    by_hash: Bytes<'a>,
    actors: Bytes<'a>,
    documents: Bytes<'a>,
    rows: Bytes<'a>,
    index: Bytes<'a>,
    order: Bytes<'a>,
    totals: Bytes<'a>,
    homes: Bytes<'a>,
}

impl<'a> LogWriter<'a> {
    pub(super) fn open(write: &'a WriteTransaction) -> Result<Self> {
        Ok(Self {
            meta: write.open_table(META)?,
            log: write.open_table(LOG)?,
            changes: write.open_table(CHANGES)?,
            by_hash: write.open_table(CHANGE_BY_HASH)?,
            actors: write.open_table(ACTORS)?,
            documents: write.open_table(DOCUMENTS)?,
            rows: write.open_table(ROWS)?,
            index: write.open_table(FEED_INDEX)?,
            order: write.open_table(FEED_ORDER)?,
            totals: write.open_table(FEED_TOTALS)?,
            homes: write.open_table(HOMES)?,
        })
    }

    /// Appends the changes of one document; answers their places.
    pub(super) fn append(&mut self, addition: &Addition) -> Result<Vec<u64>> {
        let place = addition.place;
        let document = place.key.id;
        let known = get::<DocumentRow>("documents", &self.documents, document.as_bytes())?;
        let latest_seq = known.as_ref().map_or(0, |row| row.latest_seq);
        if latest_seq != addition.latest_seq {
            return Err(DatabaseError::damaged(
                "documents",
                "the document changed since it was judged",
            ));
        }
        let mut cursor = head(&self.meta, place.store)?;
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
                deed: LogDeed::Change,
            };
            let key = log_key(place.store, cursor.seq);
            put("log", &mut self.log, &key, &entry)?;
            self.changes.insert(
                change_key(place.key, cursor.seq).as_slice(),
                change.bytes.as_slice(),
            )?;
            self.by_hash.insert(
                hash_key(document, &change.hash).as_slice(),
                cursor.seq.to_be_bytes().as_slice(),
            )?;
            let row = ActorRow {
                person: change.author.person,
                device: change.author.device,
            };
            put("actors", &mut self.actors, &change.actor, &row)?;
        }
        put("meta", &mut self.meta, &head_key(place.store), &cursor)?;

        let row = DocumentRow {
            latest_seq: cursor.seq,
            ..known.unwrap_or_else(|| new_row(place))
        };
        put("documents", &mut self.documents, document.as_bytes(), &row)?;
        self.rows
            .insert(document.as_bytes().as_slice(), addition.row.as_slice())?;
        let entered_seq = self
            .feed_entry(row.feed, document)?
            .map_or(first_seq, |before| before.entered_seq);
        let entry = FeedEntry {
            entered_seq,
            latest_seq: cursor.seq,
            state: FeedState::Here,
            digest: Fingerprint::of(place.key, &addition.heads),
        };
        self.set_feed_entry(&row, row.feed, entry)?;
        Ok((first_seq..=cursor.seq).collect())
    }

    /// Moves a document to another feed of its store: two entries of the log, so that a tablet
    /// that holds both feeds learns of the new one first and removes nothing.
    pub(super) fn move_document(&mut self, order: &Move) -> Result<()> {
        let missing = || DatabaseError::damaged("documents", "the document is not there");
        let id = order.document;
        let mut row =
            get::<DocumentRow>("documents", &self.documents, id.as_bytes())?.ok_or_else(missing)?;
        let (from, to) = (row.feed, order.to);
        let before = self.feed_entry(from, id)?.ok_or_else(missing)?;
        if from == to {
            return Ok(());
        }
        let mut cursor = head(&self.meta, row.store)?;
        let deeds = [
            (LogDeed::Entered(to), to, FeedState::Here),
            (LogDeed::Left(from), from, FeedState::Left),
        ];
        row.feed = to;
        row.latest_seq = cursor.seq + 2;
        let count = if faults::is_planted("left_mark_forgotten") {
            row.latest_seq -= 1;
            1
        } else {
            deeds.len()
        };
        for (deed, feed, state) in deeds.into_iter().take(count) {
            let change = stands_for(row.key, deed);
            cursor.seq += 1;
            cursor.whole = cursor.seq;
            cursor.chain = cursor.chain.extend(cursor.seq, id, &change);
            let entry = LogEntry {
                document: row.key,
                change,
                chain: cursor.chain,
                received: order.at,
                person: order.by.person,
                device: order.by.device,
                deed,
            };
            put(
                "log",
                &mut self.log,
                &log_key(row.store, cursor.seq),
                &entry,
            )?;
            let entry = FeedEntry {
                entered_seq: cursor.seq,
                latest_seq: cursor.seq,
                state,
                digest: before.digest,
            };
            self.set_feed_entry(&row, feed, entry)?;
        }
        put("meta", &mut self.meta, &head_key(row.store), &cursor)?;
        // From now on the log tells where it belongs.
        self.homes.remove(id.as_bytes().as_slice())?;
        put("documents", &mut self.documents, id.as_bytes(), &row)
    }

    /// Appends what a tablet brought back of a document, and has it go where its receipt says.
    pub(super) fn restore(&mut self, restoration: &Restoration) -> Result<()> {
        let Restoration {
            addition,
            decided_by,
            moves_to,
            receipt_feed,
        } = restoration;
        let document = addition.place.key.id;
        if !addition.changes.is_empty() {
            self.append(addition)?;
        }
        if let Some(to) = moves_to {
            self.move_home(document, *to, addition.received)?;
        }
        self.mark_left(document, *receipt_feed, addition.received)?;
        if let Some(seq) = decided_by {
            let home = Home::ByReceipt(*seq);
            put("homes", &mut self.homes, document.as_bytes(), &home)?;
        }
        Ok(())
    }

    /// What is known of a document's place beside the log.
    pub(super) fn home(&self, document: DocumentId) -> Result<Option<Home>> {
        get("homes", &self.homes, document.as_bytes())
    }

    /// Has a document go where it belongs. Nobody does it now; who did is not known here.
    pub(super) fn move_home(
        &mut self,
        document: DocumentId,
        to: FeedId,
        at: Timestamp,
    ) -> Result<()> {
        self.move_document(&Move {
            document,
            to,
            by: SERVER,
            at,
        })
    }

    /// Marks that a document is not in a feed of its store, unless something is known of it there.
    fn mark_left(&mut self, document: DocumentId, feed: FeedId, at: Timestamp) -> Result<()> {
        let row = get::<DocumentRow>("documents", &self.documents, document.as_bytes())?;
        let Some(mut row) = row else {
            return Ok(());
        };
        let is_known = self.feed_entry(feed, document)?.is_some();
        let Some(here) = self.feed_entry(row.feed, document)?.filter(|_| !is_known) else {
            return Ok(());
        };
        let mut cursor = head(&self.meta, row.store)?;
        let change = stands_for(row.key, LogDeed::Left(feed));
        cursor.seq += 1;
        cursor.whole = cursor.seq;
        cursor.chain = cursor.chain.extend(cursor.seq, document, &change);
        let logged = LogEntry {
            document: row.key,
            change,
            chain: cursor.chain,
            received: at,
            person: SERVER.person,
            device: SERVER.device,
            deed: LogDeed::Left(feed),
        };
        let key = log_key(row.store, cursor.seq);
        put("log", &mut self.log, &key, &logged)?;
        let entry = FeedEntry {
            entered_seq: cursor.seq,
            latest_seq: cursor.seq,
            state: FeedState::Left,
            digest: here.digest,
        };
        self.set_feed_entry(&row, feed, entry)?;
        put("meta", &mut self.meta, &head_key(row.store), &cursor)?;
        row.latest_seq = cursor.seq;
        put("documents", &mut self.documents, document.as_bytes(), &row)
    }

    fn feed_entry(&self, feed: FeedId, document: DocumentId) -> Result<Option<FeedEntry>> {
        get("feed_index", &self.index, &index_key(feed, document))
    }

    /// Writes what the feed index says of a document, with everything that is derived from it.
    fn set_feed_entry(&mut self, row: &DocumentRow, feed: FeedId, entry: FeedEntry) -> Result<()> {
        let document = row.key.id;
        let before = self.feed_entry(feed, document)?;
        if let Some(before) = before {
            let key = log_key(row.store, before.latest_seq);
            self.order.remove(key.as_slice())?;
        }
        put(
            "feed_index",
            &mut self.index,
            &index_key(feed, document),
            &entry,
        )?;
        let key = log_key(row.store, entry.latest_seq);
        put("feed_order", &mut self.order, &key, &(feed, row.key))?;

        let here = |entry: &FeedEntry| (entry.state == FeedState::Here).then_some(entry.digest);
        let (out, into) = (before.as_ref().and_then(here), here(&entry));
        let keys = [
            total_key(feed).to_vec(),
            bucket_key(feed, bucket(document)).to_vec(),
        ];
        for key in keys {
            let total = get::<FeedTotal>("feed_totals", &self.totals, &key)?;
            let mut total = total.unwrap_or_default();
            if let Some(digest) = out {
                total.fingerprint.toggle(digest);
                total.documents = total.documents.saturating_sub(1);
            }
            if let Some(digest) = into {
                total.fingerprint.toggle(digest);
                total.documents = total.documents.saturating_add(1);
            }
            put("feed_totals", &mut self.totals, &key, &total)?;
        }
        Ok(())
    }
}

fn new_row(place: DocumentPlace) -> DocumentRow {
    DocumentRow {
        key: place.key,
        kind: place.kind,
        store: place.store,
        feed: place.feed,
        latest_seq: 0,
        compacted_seq: 0,
    }
}

/// What stands in the chain for a deed that is no change.
fn stands_for(document: DocumentKey, deed: LogDeed) -> ChangeHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(document.id.as_bytes());
    hasher.update(&document.incarnation.to_be_bytes());
    let (name, feed) = match deed {
        LogDeed::Change => ("change", FeedId::default()),
        LogDeed::Entered(feed) => ("entered", feed),
        LogDeed::Left(feed) => ("left", feed),
    };
    hasher.update(name.as_bytes());
    hasher.update(feed.as_bytes());
    ChangeHash::from_bytes(*hasher.finalize().as_bytes())
}
