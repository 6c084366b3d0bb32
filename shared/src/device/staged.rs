//! A set of changes on its way to the disk: the writes before, the same change of memory after.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::device::aside::AsideRecord;
use crate::device::message::Notice;
use crate::device::record::{
    self, Counters, CursorRecord, Home, META_ASIDE, META_COUNTERS, META_IDENTITY, META_SCOPE,
    OutboxRecord, RefusedRecord, RowRecord, SignedInRecord, chunk_key, chunk_prefix, feed_prefix,
    outbox_key, page_key, row_key,
};
use crate::device::storage::{Durability, StoreName, Write, seal};
use crate::id::{DocumentId, FeedId, GroupId};
use crate::sync::message::FeedCursor;

/// From this many rows on, one transaction writes them as a page.
const PAGE_MIN_ROWS: usize = 8;
/// Rows of one page.
const PAGE_MAX_ROWS: usize = 500;

/// What one job changes, on disk and then in memory.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    pub chunks: Vec<(Home, Vec<u8>)>,
    pub removed_documents: Vec<Home>,
    /// Documents whose chunks here are all replaced by `chunks`.
    pub replaced_documents: Vec<Home>,
    /// The receipts in it are filled in before it is written.
    pub rows: Vec<RowRecord>,
    /// Receipts that arrived with it.
    pub receipts: BTreeMap<DocumentId, Vec<u8>>,
    /// Keys of rows that can't be read.
    pub removed_rows: Vec<String>,
    /// Feeds whose rows are all among `rows`, which take the place of all that is stored.
    pub repacked_feeds: BTreeSet<FeedId>,
    /// Feeds of which nothing is kept.
    pub removed_feeds: BTreeSet<FeedId>,
    pub outbox: Vec<OutboxRecord>,
    pub removed_outbox: Vec<u64>,
    /// Keys of outbox rows that can't be read.
    pub removed_outbox_keys: Vec<String>,
    pub cursors: Vec<CursorRecord>,
    pub refused: Vec<RefusedRecord>,
    pub removed_refused: Vec<GroupId>,
    pub drafts: Vec<(String, String)>,
    pub signed_in: Option<Option<SignedInRecord>>,
    pub scope: Option<Scope>,
    pub counters: Option<Counters>,
    /// All that is set aside from now on.
    pub aside: Option<AsideRecord>,
    /// Whether it only finds out if the storage takes something again.
    pub is_probe: bool,
    pub is_strict: bool,
    /// Places in logs that the store is told of once they are on disk: for every frame, also one
    /// that moved nothing.
    pub confirmed: Option<Vec<FeedCursor>>,
    /// What the screen is told once it is on disk.
    pub notices: Vec<Notice>,
    /// What the screen is told if it could not be written; the code is filled in.
    pub failure: Option<u32>,
}

impl Staged {
    pub(crate) const fn durability(&self) -> Durability {
        if self.is_strict {
            Durability::Strict
        } else {
            Durability::Relaxed
        }
    }

    /// Documents whose content or row it changes.
    pub(crate) fn touched(&self) -> Vec<DocumentId> {
        let mut documents: Vec<DocumentId> =
            self.rows.iter().map(|record| record.document.id).collect();
        documents.extend(self.chunks.iter().map(|(home, _)| home.document));
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    /// The writes, all of one transaction.
    pub(crate) fn writes(&self) -> Vec<Write> {
        let mut writes = Vec::new();
        for feed in &self.removed_feeds {
            for store in [StoreName::Chunks, StoreName::Rows] {
                let prefix = feed_prefix(*feed);
                writes.push(Write::DeletePrefix { store, prefix });
            }
        }
        for document in self
            .removed_documents
            .iter()
            .chain(&self.replaced_documents)
        {
            let prefix = chunk_prefix(*document);
            writes.push(Write::DeletePrefix {
                store: StoreName::Chunks,
                prefix,
            });
        }
        for (document, bytes) in &self.chunks {
            let key = chunk_key(*document, bytes);
            writes.push(Write::Put {
                store: StoreName::Chunks,
                key,
                value: seal(bytes),
            });
        }
        for key in &self.removed_rows {
            writes.push(delete(StoreName::Rows, key.clone()));
        }
        for feed in &self.repacked_feeds {
            writes.push(Write::DeletePrefix {
                store: StoreName::Rows,
                prefix: feed_prefix(*feed),
            });
        }
        self.write_rows(&mut writes);
        for record in &self.outbox {
            writes.push(put(
                StoreName::Outbox,
                outbox_key(record.header.device_seq),
                record,
            ));
        }
        for device_seq in &self.removed_outbox {
            writes.push(delete(StoreName::Outbox, outbox_key(*device_seq)));
        }
        for key in &self.removed_outbox_keys {
            writes.push(delete(StoreName::Outbox, key.clone()));
        }
        for record in &self.cursors {
            let key = record.store.to_string();
            writes.push(if record.groups.is_empty() {
                delete(StoreName::Cursors, key)
            } else {
                put(StoreName::Cursors, key, record)
            });
        }
        for record in &self.refused {
            writes.push(put(StoreName::Refused, record.group.to_string(), record));
        }
        for group in &self.removed_refused {
            writes.push(delete(StoreName::Refused, group.to_string()));
        }
        for (key, content) in &self.drafts {
            writes.push(if content.is_empty() {
                delete(StoreName::Drafts, key.clone())
            } else {
                put(StoreName::Drafts, key.clone(), content)
            });
        }
        match &self.signed_in {
            Some(Some(signed_in)) => {
                writes.push(put(StoreName::Meta, META_IDENTITY.to_owned(), signed_in));
            }
            Some(None) => writes.push(delete(StoreName::Meta, META_IDENTITY.to_owned())),
            None => {}
        }
        if let Some(scope) = &self.scope {
            writes.push(put(StoreName::Meta, META_SCOPE.to_owned(), scope));
        }
        if let Some(counters) = &self.counters {
            writes.push(put(StoreName::Meta, META_COUNTERS.to_owned(), counters));
        }
        if let Some(aside) = &self.aside {
            writes.push(if aside.documents.is_empty() {
                delete(StoreName::Meta, META_ASIDE.to_owned())
            } else {
                put(StoreName::Meta, META_ASIDE.to_owned(), aside)
            });
        }
        writes
    }

    /// Many rows of a feed become one page, few rows a value each. A later record of the same
    /// document counts by its revision, so nothing has to be taken out of older pages.
    fn write_rows(&self, writes: &mut Vec<Write>) {
        let mut feeds: BTreeMap<FeedId, Vec<&RowRecord>> = BTreeMap::new();
        for record in &self.rows {
            feeds.entry(record.feed).or_default().push(record);
        }
        for (feed, rows) in feeds {
            if rows.len() < PAGE_MIN_ROWS {
                for record in rows {
                    writes.push(put(StoreName::Rows, row_key(record.home()), &[record]));
                }
                continue;
            }
            for page in rows.chunks(PAGE_MAX_ROWS) {
                if let Some(last) = page.last() {
                    writes.push(put(StoreName::Rows, page_key(feed, last.revision), &page));
                }
            }
        }
    }
}

fn put(store: StoreName, key: String, value: &impl serde::Serialize) -> Write {
    Write::Put {
        store,
        key,
        value: record::encode(value),
    }
}

const fn delete(store: StoreName, key: String) -> Write {
    Write::Delete { store, key }
}
