//! What the engine holds in memory of all documents: their rows and what waits for each.

use std::collections::{BTreeMap, BTreeSet};

use crate::device::message::RowEntry;
use crate::device::record::{OutboxRecord, RowRecord};
use crate::document::DocumentKind;
use crate::id::{DocumentId, FeedId};
use crate::sync::fingerprint::{BUCKETS, Fingerprint, bucket};
use crate::view::row::VIEW_VERSION;
use crate::view::row_text::RowText;

/// Rows and outbox, kept in step.
#[derive(Debug, Default)]
pub(crate) struct Index {
    rows: BTreeMap<DocumentId, RowRecord>,
    outbox: BTreeMap<u64, OutboxRecord>,
    unsent: BTreeMap<DocumentId, usize>,
    fingerprints: BTreeMap<FeedId, Fingerprint>,
    /// Feeds of which the storage may hold rows, also such that later ones replaced.
    feeds: BTreeSet<FeedId>,
    /// Documents of many chunks, and such whose row an older program computed.
    untidy: BTreeSet<DocumentId>,
}

/// From this many chunks on, a document is written anew as one.
const CHUNKS_MAX: u32 = 32;

impl Index {
    /// The record of a document that is on this tablet.
    pub(crate) fn row(&self, document: DocumentId) -> Option<&RowRecord> {
        self.rows
            .get(&document)
            .filter(|record| record.row.is_some())
    }

    /// The record of a document, also if it left this tablet.
    pub(crate) fn record(&self, document: DocumentId) -> Option<&RowRecord> {
        self.rows.get(&document)
    }

    /// Takes a record unless a later one is known.
    pub(crate) fn put_row(&mut self, record: RowRecord) {
        let id = record.document.id;
        self.feeds.insert(record.feed);
        if let Some(known) = self.rows.get(&id) {
            // What is told of two feeds may have been written in sessions of different people,
            // who saw one of them each: then a mark that it left the one says nothing about the
            // other.
            let is_kept = match (known.feed == record.feed, &known.row, &record.row) {
                (false, Some(_), None) => true,
                (false, None, Some(_)) => false,
                _ => known.revision > record.revision,
            };
            if is_kept {
                return;
            }
        }
        self.settle_row(record);
    }

    /// Takes a record in place of any other.
    pub(crate) fn settle_row(&mut self, record: RowRecord) {
        let id = record.document.id;
        let has_many_chunks = record.row.is_some() && record.chunks > CHUNKS_MAX;
        let is_untidy = has_many_chunks || Self::is_only_stale(&record);
        if is_untidy && record.kind == DocumentKind::Customer {
            self.untidy.insert(id);
        } else {
            self.untidy.remove(&id);
        }
        self.toggle(&record);
        if let Some(before) = self.rows.insert(id, record) {
            self.toggle(&before);
        }
    }

    /// Whether an older program computed the row of a document of few chunks.
    pub(crate) fn is_only_stale(record: &RowRecord) -> bool {
        let row = record.row.as_ref();
        let is_stale = row.is_some_and(|row| row.view_version() < VIEW_VERSION);
        is_stale && record.chunks <= CHUNKS_MAX
    }

    /// Puts a document into the fingerprint of its feed, or takes it out.
    fn toggle(&mut self, record: &RowRecord) {
        if let Some(digest) = record.digest() {
            let sum = self.fingerprints.entry(record.feed).or_default();
            sum.toggle(digest);
        }
    }

    /// The fingerprint of what is here of some feeds, without the outbox.
    pub(crate) fn fingerprint(&self, feeds: &BTreeSet<FeedId>) -> Fingerprint {
        let mut sum = Fingerprint::EMPTY;
        for feed in feeds {
            sum.toggle(self.fingerprints.get(feed).copied().unwrap_or_default());
        }
        sum
    }

    /// The fingerprints of the buckets of some feeds.
    pub(crate) fn buckets(&self, feeds: &BTreeSet<FeedId>) -> Vec<Fingerprint> {
        let mut buckets = vec![Fingerprint::EMPTY; BUCKETS];
        for (id, digest) in self.digests(feeds) {
            if let Some(sum) = buckets.get_mut(usize::from(bucket(id))) {
                sum.toggle(digest);
            }
        }
        buckets
    }

    /// The documents of some feeds that count, with their digests.
    pub(crate) fn digests(
        &self,
        feeds: &BTreeSet<FeedId>,
    ) -> impl Iterator<Item = (DocumentId, Fingerprint)> {
        let rows = self.rows.values();
        let records = rows.filter(move |row| feeds.contains(&row.feed));
        records.filter_map(|record| Some((record.document.id, record.digest()?)))
    }

    /// Feeds of which the storage may hold rows.
    pub(crate) const fn feeds(&self) -> &BTreeSet<FeedId> {
        &self.feeds
    }

    /// Notes that the storage holds rows of a feed.
    pub(crate) fn note_feed(&mut self, feed: FeedId) {
        self.feeds.insert(feed);
    }

    /// Forgets all that is here of a feed; answers which documents that were.
    pub(crate) fn remove_feed(&mut self, feed: FeedId) -> Vec<DocumentId> {
        self.feeds.remove(&feed);
        self.fingerprints.remove(&feed);
        let gone = self.rows.iter().filter(|(_, record)| record.feed == feed);
        let gone: Vec<DocumentId> = gone.map(|(id, _)| *id).collect();
        for id in &gone {
            self.rows.remove(id);
            self.untidy.remove(id);
        }
        gone
    }

    /// A document that should be written anew, if there is one.
    pub(crate) fn next_untidy(&self) -> Option<DocumentId> {
        self.untidy.first().copied()
    }

    /// Has all documents written anew.
    pub(crate) fn untidy_all(&mut self) {
        let own = self
            .rows
            .values()
            .filter(|record| record.row.is_some() && record.kind == DocumentKind::Customer);
        self.untidy = own.map(|record| record.document.id).collect();
    }

    /// Leaves a document as it is until its row changes.
    pub(crate) fn leave_untidy(&mut self, document: DocumentId) {
        self.untidy.remove(&document);
    }

    /// All records, also of documents that left.
    pub(crate) fn records(&self) -> impl ExactSizeIterator<Item = &RowRecord> {
        self.rows.values()
    }

    /// Changes of a document that wait.
    pub(crate) fn waiting_of(&self, document: DocumentId) -> impl Iterator<Item = &OutboxRecord> {
        let waiting = self.outbox.values();
        waiting.filter(move |record| record.body.document.id == document)
    }

    /// The row of a document as the screen gets it.
    pub(crate) fn entry(&self, document: DocumentId) -> Option<RowEntry<RowText>> {
        let record = self.row(document)?;
        if record.kind != DocumentKind::Customer {
            // Kept for a newer program, which knows what to show.
            return None;
        }
        Some(RowEntry {
            document,
            feed: record.feed,
            store: record.store,
            unsent: self.unsent_of(document),
            row: record.row.clone()?,
        })
    }

    /// All documents on this tablet.
    pub(crate) fn documents(&self) -> impl Iterator<Item = DocumentId> {
        self.rows
            .iter()
            .filter(|(_, record)| record.row.is_some())
            .map(|(id, _)| *id)
    }

    /// The highest running number of the cards here whose number has this prefix.
    pub(crate) fn last_card_number(&self, prefix: &str) -> Option<u32> {
        let rows = self.rows.values().filter_map(|record| record.row.as_ref());
        rows.filter_map(|row| {
            row.number()
                .strip_prefix(prefix)?
                .strip_prefix('-')?
                .parse()
                .ok()
        })
        .max()
    }

    /// Changes that wait, in the tablet's order.
    pub(crate) const fn outbox(&self) -> &BTreeMap<u64, OutboxRecord> {
        &self.outbox
    }

    /// Adds a change that waits.
    pub(crate) fn put_outbox(&mut self, record: OutboxRecord) {
        *self.unsent.entry(record.body.document.id).or_default() += 1;
        if let Some(old) = self.outbox.insert(record.header.device_seq, record) {
            self.forget_unsent(&old);
        }
    }

    /// Removes a change that no longer waits.
    pub(crate) fn remove_outbox(&mut self, device_seq: u64) {
        if let Some(record) = self.outbox.remove(&device_seq) {
            self.forget_unsent(&record);
        }
    }

    /// A noted answer did not settle a change: it waits like any other.
    pub(crate) fn forget_answer(&mut self, device_seq: u64) {
        if let Some(record) = self.outbox.get_mut(&device_seq) {
            record.header.answer = None;
        }
    }

    /// Number of changes of a document that wait.
    pub(crate) fn unsent_of(&self, document: DocumentId) -> usize {
        self.unsent.get(&document).copied().unwrap_or(0)
    }

    fn forget_unsent(&mut self, record: &OutboxRecord) {
        let document = record.body.document.id;
        let left = self.unsent_of(document).saturating_sub(1);
        if left == 0 {
            self.unsent.remove(&document);
        } else {
            self.unsent.insert(document, left);
        }
    }
}
