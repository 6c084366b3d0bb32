//! The document log in redb.

use std::ops::ControlFlow;

use floorbook_shared::access::Feed;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::faults;
use floorbook_shared::id::{DocumentId, FeedId, StoreId};
use floorbook_shared::sync::chain::{Chain, ChangeHash, Cursor};
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::{Compared, FeedState, Fetched};
use floorbook_shared::sync::receipt::ReceiptKey;
use floorbook_shared::sync::server::{Answer, FeedsOf, Page, PageRequest};
use floorbook_shared::time::Timestamp;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};

use super::log::{
    Addition, Compactable, Compaction, DocumentLog, DocumentPlace, Leaving, Move, Origin,
    OutdatedRows, Restoration, StoredDocument,
};
use super::organisation::{self, scope};
use super::tables::{ACTORS, CHANGE_BY_HASH, DOCUMENTS, FEED_INDEX, FEEDS, LOG, META, ROWS};
use super::{DatabaseError, Home, RedbDatabase, Result, compaction, homes};
use crate::ledger::Event;
use append::LogWriter;
use page::LogReader;
use values::{
    ActorRow, DocumentRow, FeedEntry, LogEntry, decode, get, hash_key, head_key, index_key,
    log_key, seq_of, sixteen,
};

mod append;
mod compare;
pub(super) mod page;
mod rows;
pub(super) mod values;

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
        self.read(|read| self.reader(read)?.page(read, request))
    }

    fn compare(&self, of: &FeedsOf, buckets: &[Fingerprint]) -> Result<Answer<Compared>> {
        self.read(|read| answer(read, compare::compare(read, of, buckets)?))
    }

    fn fetch(&self, of: &FeedsOf, documents: &[DocumentId]) -> Result<Answer<Fetched>> {
        self.read(|read| {
            let fetched = compare::fetch(read, &self.reader(read)?, of, documents)?;
            answer(read, fetched)
        })
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
            Ok(Some(StoredDocument {
                place,
                latest_seq: row.latest_seq,
                chunks: LogReader::open(read)?.chunks(row.key)?,
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

    fn rows_of(
        &self,
        feeds: &[FeedId],
        visit: &mut dyn FnMut(FeedId, &[u8]) -> ControlFlow<()>,
    ) -> Result<()> {
        self.read(|read| {
            let (index, rows) = (read.open_table(FEED_INDEX)?, read.open_table(ROWS)?);
            for feed in feeds {
                let first = index_key(*feed, DocumentId::from_bytes([0; 16]));
                let last = index_key(*feed, DocumentId::from_bytes([0xff; 16]));
                for entry in index.range(first.as_slice()..=last.as_slice())? {
                    let (key, entry) = entry?;
                    let entry: FeedEntry = decode("feed_index", entry.value())?;
                    let document = key.value().get(16..).unwrap_or_default();
                    if entry.state == FeedState::Here
                        && let Some(row) = rows.get(document)?
                        && visit(*feed, row.value()).is_break()
                    {
                        return Ok(());
                    }
                }
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

    fn author_of(&self, document: DocumentId, change: ChangeHash) -> Result<Option<ChangeAuthor>> {
        self.read(|read| {
            let by_hash = read.open_table(CHANGE_BY_HASH)?;
            let seq = by_hash.get(hash_key(document, &change).as_slice())?;
            let Some(seq) = seq.map(|seq| seq_of(seq.value())).transpose()? else {
                return Ok(None);
            };
            let documents = read.open_table(DOCUMENTS)?;
            let Some(row) = get::<DocumentRow>("documents", &documents, document.as_bytes())?
            else {
                return Ok(None);
            };
            let log = read.open_table(LOG)?;
            let entry = get::<LogEntry>("log", &log, &log_key(row.store, seq))?;
            Ok(entry.map(|entry| ChangeAuthor {
                person: entry.person,
                device: entry.device,
            }))
        })
    }

    fn seq_of(&self, document: DocumentId, change: ChangeHash) -> Result<Option<u64>> {
        self.read(|read| {
            let by_hash = read.open_table(CHANGE_BY_HASH)?;
            let seq = by_hash.get(hash_key(document, &change).as_slice())?;
            seq.map(|seq| seq_of(seq.value())).transpose()
        })
    }

    fn origin(&self, document: DocumentId, change: ChangeHash) -> Result<Option<Origin>> {
        self.read(|read| {
            let documents = read.open_table(DOCUMENTS)?;
            let by_hash = read.open_table(CHANGE_BY_HASH)?;
            let row = get::<DocumentRow>("documents", &documents, document.as_bytes())?;
            let seq = by_hash.get(hash_key(document, &change).as_slice())?;
            let (Some(row), Some(seq)) = (row, seq) else {
                return Ok(None);
            };
            let seq = seq_of(seq.value())?;
            let entry = entry_at(&read.open_table(LOG)?, row.store, seq)?;
            Ok(Some(Origin {
                seq,
                author: ChangeAuthor {
                    person: entry.person,
                    device: entry.device,
                },
            }))
        })
    }

    fn leavings(&self, document: DocumentId, feeds: &[FeedId]) -> Result<Vec<Leaving>> {
        self.read(|read| {
            let documents = read.open_table(DOCUMENTS)?;
            let index = read.open_table(FEED_INDEX)?;
            let log = read.open_table(LOG)?;
            let row = get::<DocumentRow>("documents", &documents, document.as_bytes())?;
            let Some(row) = row else {
                return Ok(Vec::new());
            };
            let mut leavings = Vec::new();
            for feed in feeds {
                let entry = get::<FeedEntry>("feed_index", &index, &index_key(*feed, document))?;
                let entry = entry.filter(|entry| entry.state == FeedState::Left);
                if let Some(entry) = entry {
                    let logged = entry_at(&log, row.store, entry.latest_seq)?;
                    leavings.push(Leaving {
                        feed: *feed,
                        seq: entry.latest_seq,
                        at: logged.received,
                    });
                }
            }
            Ok(leavings)
        })
    }

    fn append(&self, additions: &[Addition]) -> Result<Vec<Vec<u64>>> {
        self.write(|write| append_all(write, additions))
    }

    fn compactable(&self, id: DocumentId, loose_max: usize) -> Result<Option<Compactable>> {
        self.read(|read| compaction::compactable(read, id, loose_max))
    }

    fn documents_after(&self, after: Option<DocumentId>, count: usize) -> Result<Vec<DocumentId>> {
        self.read(|read| compaction::documents_after(read, after, count))
    }

    fn outdated_rows(
        &self,
        version: u16,
        after: Option<DocumentId>,
        count: usize,
    ) -> Result<OutdatedRows> {
        self.read(|read| rows::outdated(&read.open_table(ROWS)?, version, after, count))
    }

    fn renew_rows(&self, renewed: &[(DocumentId, Vec<u8>)]) -> Result<()> {
        self.write(|write| rows::renew(&mut write.open_table(ROWS)?, renewed))
    }

    fn compaction_floor(&self, store: StoreId, living_since: Timestamp) -> Result<u64> {
        self.read(|read| compaction::floor(read, store, living_since))
    }

    fn compact(&self, compactions: &[Compaction]) -> Result<()> {
        self.write(|write| {
            compactions
                .iter()
                .try_for_each(|compaction| compaction::compact(write, compaction))
        })
    }

    fn move_document(&self, order: &Move) -> Result<()> {
        self.record(order.at, |write| {
            LogWriter::open(write)?.move_document(order)?;
            write.note(Event::Moved {
                documents: vec![order.document],
                to: order.to,
                by: order.by.person,
                device: order.by.device,
            });
            Ok(())
        })
    }

    fn give_receipts(&self, key: ReceiptKey) {
        // One key belongs to these data for good.
        let _ = self.receipts.set(key);
    }

    fn receipt_key(&self) -> Option<&ReceiptKey> {
        self.receipts.get()
    }

    fn home(&self, document: DocumentId) -> Result<Option<Home>> {
        self.read(|read| homes::of(read, document))
    }

    fn restore(&self, restorations: &[Restoration]) -> Result<()> {
        self.write(|write| {
            let mut writer = LogWriter::open(write)?;
            restorations
                .iter()
                .try_for_each(|restoration| writer.restore(restoration))
        })
    }
}

impl RedbDatabase {
    /// Notes what the ledger tells of a document's place, whether the log knows it or not.
    ///
    /// # Errors
    /// If the database can't write.
    pub fn note_home(&self, document: DocumentId, home: Home) -> Result<()> {
        self.write(|write| homes::note(write, document, home))
    }

    /// A reader that gives receipts.
    fn reader(&self, read: &ReadTransaction) -> Result<LogReader> {
        let reader = LogReader::open(read)?;
        Ok(reader.with_receipts(self.receipts.get().cloned()))
    }
}

/// An answer with the version of the scope that it belongs to.
fn answer<T>(read: &ReadTransaction, body: T) -> Result<Answer<T>> {
    Ok(Answer {
        scope_version: scope::version(&read.open_table(META)?)?,
        body,
    })
}

/// Appends accepted changes; answers for each addition the places of its changes in the log. A
/// document that a restored backup lacks and a tablet sends as new, because it never heard that it
/// was taken, goes where the ledger says that it was moved since.
pub(super) fn append_all(
    write: &WriteTransaction,
    additions: &[Addition],
) -> Result<Vec<Vec<u64>>> {
    let mut writer = LogWriter::open(write)?;
    let mut seqs = Vec::with_capacity(additions.len());
    for addition in additions {
        let place = addition.place;
        seqs.push(writer.append(addition)?);
        let is_new = addition.latest_seq == 0 && !faults::is_planted("pushed_card_without_home");
        let Some(Home::ByLedger(to)) = writer.home(place.key.id)?.filter(|_| is_new) else {
            continue;
        };
        let feeds = write.open_table(FEEDS)?;
        let feed: Option<Feed> = organisation::get("feeds", &feeds, to.as_bytes())?;
        if feed.is_some_and(|feed| feed.store == place.store) {
            writer.move_home(place.key.id, to, addition.received)?;
        }
    }
    Ok(seqs)
}

/// Moves a document to another feed of its store, if it is there; tells whether it was anywhere
/// else.
pub(super) fn move_if_there(write: &WriteTransaction, order: &Move) -> Result<bool> {
    let known = {
        let documents = write.open_table(DOCUMENTS)?;
        get::<DocumentRow>("documents", &documents, order.document.as_bytes())?
    };
    if known.is_none_or(|row| row.feed == order.to) {
        return Ok(false);
    }
    LogWriter::open(write)?.move_document(order)?;
    Ok(true)
}

fn entry_at(
    log: &impl ReadableTable<&'static [u8], &'static [u8]>,
    store: StoreId,
    seq: u64,
) -> Result<LogEntry> {
    let entry = get::<LogEntry>("log", log, &log_key(store, seq))?;
    entry.ok_or_else(|| DatabaseError::damaged("log", "an entry is missing"))
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

pub(super) fn head(
    meta: &impl ReadableTable<&'static [u8], &'static [u8]>,
    store: StoreId,
) -> Result<Cursor> {
    Ok(get("meta", meta, &head_key(store))?.unwrap_or_default())
}
