//! Reading what follows a cursor, about one frame at a time.

use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::faults;
use floorbook_shared::id::FeedId;
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::{FRAME_BYTES, FeedState, FrameItem};
use floorbook_shared::sync::receipt::{Claim, ReceiptKey};
use floorbook_shared::sync::scanner::is_sound_snapshot;
use floorbook_shared::sync::server::{FeedsOf, Page, PageItem, PageRequest};
use redb::{ReadOnlyTable, ReadTransaction};

use super::values::{
    DocumentRow, FeedEntry, FeedTotal, LogEntry, change_key, decode, get, index_key, log_key,
    seq_of, total_key,
};
use super::{chain_at, head};
use crate::database::organisation::scope;
use crate::database::tables::{
    CHANGES, DOCUMENTS, FEED_INDEX, FEED_ORDER, FEED_TOTALS, LOG, META, ROWS, SNAPSHOTS,
};
use crate::database::{DatabaseError, Result};

/// A document whose chunks are together larger than this travels as one snapshot, in bytes.
const CHUNKS_MAX_BYTES: usize = FRAME_BYTES;

type Bytes = ReadOnlyTable<&'static [u8], &'static [u8]>;

/// The tables that documents are read from, all of one read transaction.
pub(in crate::database) struct LogReader {
    log: Bytes,
    order: Bytes,
    index: Bytes,
    totals: Bytes,
    documents: Bytes,
    snapshots: Bytes,
    changes: Bytes,
    rows: Bytes,
    receipts: Option<ReceiptKey>,
}

impl LogReader {
    pub(in crate::database) fn open(read: &ReadTransaction) -> Result<Self> {
        Ok(Self {
            log: read.open_table(LOG)?,
            order: read.open_table(FEED_ORDER)?,
            index: read.open_table(FEED_INDEX)?,
            totals: read.open_table(FEED_TOTALS)?,
            documents: read.open_table(DOCUMENTS)?,
            snapshots: read.open_table(SNAPSHOTS)?,
            changes: read.open_table(CHANGES)?,
            rows: read.open_table(ROWS)?,
            receipts: None,
        })
    }

    /// The same, giving receipts with this key.
    pub(super) fn with_receipts(self, receipts: Option<ReceiptKey>) -> Self {
        Self { receipts, ..self }
    }

    /// Reads what follows the cursor in the order of the log, up to about one frame. What lies
    /// behind the page is counted once, so that a first sync can say how far it is.
    pub(super) fn page(&self, read: &ReadTransaction, request: &PageRequest) -> Result<Page> {
        let meta = read.open_table(META)?;
        let (store, after) = (request.of.store, request.after);
        let mut page = Page {
            store,
            scope_version: scope::version(&meta)?,
            after,
            cursor: head(&meta, store)?,
            items: Vec::new(),
            remaining: 0,
            fingerprint: None,
        };
        let mut bytes = 0;
        let mut last_seq = after.seq;
        let mut is_full = false;
        let first = log_key(store, after.seq.saturating_add(1));
        let last = log_key(store, u64::MAX);
        for entry in self.order.range(first.as_slice()..=last.as_slice())? {
            let (key, value) = entry?;
            let (feed, document): (FeedId, DocumentKey) = decode("feed_order", value.value())?;
            if !request.of.feeds.contains(&feed) {
                continue;
            }
            if is_full || bytes >= FRAME_BYTES {
                is_full = true;
                page.remaining += 1;
                match request.announced {
                    // It was counted before; what came meanwhile is counted when it comes.
                    Some(announced) => {
                        let sent = u32::try_from(page.items.len()).unwrap_or(u32::MAX);
                        page.remaining = announced.saturating_sub(sent).max(1);
                        break;
                    }
                    None => continue,
                }
            }
            let entry = self.feed_entry(feed, document)?;
            let seq = seq_of(key.value())?;
            let item = self.item(request, feed, document, entry)?;
            let size = size_of(&item.item);
            if !page.items.is_empty() && bytes + size > FRAME_BYTES {
                // A large document gets a frame of its own: together they might not fit.
                is_full = true;
                page.remaining += 1;
                continue;
            }
            bytes += size;
            page.items.push(item);
            last_seq = seq;
        }
        if page.remaining > 0 {
            page.cursor.seq = last_seq;
            // What is still to come may have earlier entries, which were passed over with it.
            page.cursor.whole = if faults::is_planted("page_taken_as_whole") {
                last_seq
            } else {
                after.whole
            };
            let chain = chain_at(&self.log, store, page.cursor.seq)?;
            page.cursor.chain =
                chain.ok_or_else(|| DatabaseError::damaged("log", "an entry is missing"))?;
        } else {
            page.fingerprint = Some(self.fingerprint(&request.of)?);
        }
        Ok(page)
    }

    /// The fingerprint of all that is in some feeds.
    fn fingerprint(&self, of: &FeedsOf) -> Result<Fingerprint> {
        let mut sum = Fingerprint::EMPTY;
        for feed in &of.feeds {
            let total = get::<FeedTotal>("feed_totals", &self.totals, &total_key(*feed))?;
            sum.toggle(total.unwrap_or_default().fingerprint);
        }
        Ok(sum)
    }

    fn feed_entry(&self, feed: FeedId, document: DocumentKey) -> Result<FeedEntry> {
        let key = index_key(feed, document.id);
        get::<FeedEntry>("feed_index", &self.index, &key)?
            .ok_or_else(|| DatabaseError::damaged("feed_index", "an entry of the order is missing"))
    }

    /// What tablets that stand at the cursor get of a document.
    fn item(
        &self,
        request: &PageRequest,
        feed: FeedId,
        document: DocumentKey,
        entry: FeedEntry,
    ) -> Result<PageItem> {
        let held = request.after.whole;
        let whole = || {
            Ok(PageItem {
                item: self.whole_item(feed, document, entry)?,
                makers: Vec::new(),
            })
        };
        let row = get::<DocumentRow>("documents", &self.documents, document.id.as_bytes())?;
        let is_compacted = row.is_some_and(|row| row.compacted_seq > held);
        if is_compacted || entry.state != FeedState::Here || entry.entered_seq > held {
            return whole();
        }
        let changes = self.changes_after(document, held)?;
        if changes.iter().map(|(_, chunk)| chunk.len()).sum::<usize>() > CHUNKS_MAX_BYTES {
            return whole();
        }
        let mut makers = Vec::with_capacity(changes.len());
        for (seq, _) in &changes {
            let logged = get::<LogEntry>("log", &self.log, &log_key(request.of.store, *seq))?;
            let logged =
                logged.ok_or_else(|| DatabaseError::damaged("log", "an entry is missing"))?;
            makers.push(logged.device);
        }
        let item = FrameItem {
            chunks: changes.into_iter().map(|(_, chunk)| chunk).collect(),
            row: self.row(document)?,
            ..self.mark(feed, document, entry)?
        };
        Ok(PageItem { item, makers })
    }

    /// All of a document, or the mark that it is not in the feed any more.
    pub(super) fn whole_item(
        &self,
        feed: FeedId,
        document: DocumentKey,
        entry: FeedEntry,
    ) -> Result<FrameItem> {
        let mut item = self.mark(feed, document, entry)?;
        if entry.state != FeedState::Here {
            return Ok(item);
        }
        item.is_whole = true;
        item.chunks = self.chunks(document)?;
        if item.chunks.iter().map(Vec::len).sum::<usize>() > CHUNKS_MAX_BYTES {
            let loaded = Document::load(item.chunks.iter().map(Vec::as_slice))
                .map_err(|error| DatabaseError::damaged("changes", error.to_string()))?;
            item.chunks = vec![loaded.snapshot()];
        }
        item.row = self.row(document)?;
        Ok(item)
    }

    fn mark(&self, feed: FeedId, document: DocumentKey, entry: FeedEntry) -> Result<FrameItem> {
        let row = get::<DocumentRow>("documents", &self.documents, document.id.as_bytes())?;
        let kind = row.map_or(DocumentKind::Customer, |row| row.kind);
        let claim = Claim {
            document,
            kind,
            feed,
            state: entry.state,
            seq: entry.latest_seq,
            digest: entry.digest,
        };
        let receipt = self.receipts.as_ref().map(|key| key.issue(&claim));
        Ok(FrameItem {
            document,
            kind,
            feed,
            state: entry.state,
            is_whole: false,
            chunks: Vec::new(),
            row: Vec::new(),
            receipt: receipt
                .map(|receipt| receipt.to_bytes())
                .unwrap_or_default(),
        })
    }

    fn row(&self, document: DocumentKey) -> Result<Vec<u8>> {
        let row = self.rows.get(document.id.as_bytes().as_slice())?;
        Ok(row.map(|row| row.value().to_vec()).unwrap_or_default())
    }

    /// All chunks of a document: its newest sound snapshot and what came after it.
    pub(in crate::database) fn chunks(&self, document: DocumentKey) -> Result<Vec<Vec<u8>>> {
        let newest = self.newest_snapshot(document)?;
        let (seq, snapshot) = newest.map_or((0, None), |(seq, snapshot)| (seq, Some(snapshot)));
        let later = self.changes_after(document, seq)?.into_iter();
        let mut chunks = Vec::from_iter(snapshot);
        chunks.extend(later.map(|(_, chunk)| chunk));
        Ok(chunks)
    }

    /// The newest snapshot of a document that is as it was written, with its seq. If the newest of
    /// all is damaged, the one before takes its place: it and all changes behind it are kept for
    /// this.
    pub(in crate::database) fn newest_snapshot(
        &self,
        document: DocumentKey,
    ) -> Result<Option<(u64, Vec<u8>)>> {
        let first = change_key(document, 0);
        let last = change_key(document, u64::MAX);
        let snapshots = self.snapshots.range(first.as_slice()..=last.as_slice())?;
        for entry in snapshots.rev() {
            let (key, value) = entry?;
            let seq = seq_of(key.value())?;
            if is_sound_snapshot(value.value()) {
                return Ok(Some((seq, value.value().to_vec())));
            }
            tracing::error!(document = %document.id, seq, "a snapshot is damaged");
        }
        Ok(None)
    }

    /// The changes of a document behind a place in the log, each with its own place.
    fn changes_after(&self, document: DocumentKey, seq: u64) -> Result<Vec<(u64, Vec<u8>)>> {
        let mut changes = Vec::new();
        let first = change_key(document, seq.saturating_add(1));
        let last = change_key(document, u64::MAX);
        for entry in self.changes.range(first.as_slice()..=last.as_slice())? {
            let (key, value) = entry?;
            changes.push((seq_of(key.value())?, value.value().to_vec()));
        }
        Ok(changes)
    }
}

fn size_of(item: &FrameItem) -> usize {
    item.row.len() + item.chunks.iter().map(Vec::len).sum::<usize>()
}
