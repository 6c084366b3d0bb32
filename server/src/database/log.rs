//! What the server keeps about documents, behind one trait: a commit-ordered log per store.
//!
//! Invariants: a sequence number is given inside the write transaction; an entry, its change, the
//! feed index and the row are written together or not at all; nothing of the log is ever changed.

use std::fmt::Debug;
use std::ops::ControlFlow;

use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::{DocumentKey, DocumentKind};
use floorbook_shared::id::{DocumentId, FeedId, StoreId};
use floorbook_shared::sync::chain::{ChangeHash, Cursor};
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::{Compared, Fetched};
use floorbook_shared::sync::receipt::ReceiptKey;
use floorbook_shared::sync::server::{Answer, FeedsOf, Page, PageRequest};
use floorbook_shared::time::Timestamp;

use super::{Home, Result};

/// The documents of a chain and the logs of its stores.
pub trait DocumentLog: Debug + Send + Sync + 'static {
    /// Whether a cursor is a place in this store's log.
    fn recognises(&self, store: StoreId, cursor: Cursor) -> Result<bool>;

    /// The end of a store's log.
    fn head(&self, store: StoreId) -> Result<Cursor>;

    /// Documents of some feeds that follow a cursor, about as much as fits into one frame.
    fn page(&self, request: &PageRequest) -> Result<Page>;

    /// What is here of the buckets whose fingerprints differ from a tablet's.
    fn compare(&self, of: &FeedsOf, buckets: &[Fingerprint]) -> Result<Answer<Compared>>;

    /// Whole documents, as many of the first asked for as fit into a frame, and marks of those
    /// that left.
    fn fetch(&self, of: &FeedsOf, documents: &[DocumentId]) -> Result<Answer<Fetched>>;

    /// A document with all its chunks, if there is one.
    fn document(&self, id: DocumentId) -> Result<Option<StoredDocument>>;

    /// All documents of a chain, in no particular order.
    fn document_ids(&self) -> Result<Vec<DocumentId>>;

    /// Shows every document's row (JSON) to `visit`, in no particular order.
    fn rows(&self, visit: &mut dyn FnMut(DocumentId, &[u8])) -> Result<()>;

    /// Shows the rows (JSON) of the documents that are in some feeds to `visit`, feed by feed, until
    /// it has seen enough.
    fn rows_of(
        &self,
        feeds: &[FeedId],
        visit: &mut dyn FnMut(FeedId, &[u8]) -> ControlFlow<()>,
    ) -> Result<()>;

    /// Who an actor belongs to, if it was seen before.
    fn actor(&self, actor: &[u8]) -> Result<Option<ChangeAuthor>>;

    /// Who the log says made a change, if it is stored.
    fn author_of(&self, document: DocumentId, change: ChangeHash) -> Result<Option<ChangeAuthor>>;

    /// The place of a change in its store's log, if it is stored.
    fn seq_of(&self, document: DocumentId, change: ChangeHash) -> Result<Option<u64>>;

    /// Where a change stands in its store's log and who made it, if it is stored.
    fn origin(&self, document: DocumentId, change: ChangeHash) -> Result<Option<Origin>>;

    /// When a document left which of these feeds.
    fn leavings(&self, document: DocumentId, feeds: &[FeedId]) -> Result<Vec<Leaving>>;

    /// Appends accepted changes, all in one durable transaction; answers for each addition the
    /// places of its changes in the log.
    fn append(&self, additions: &[Addition]) -> Result<Vec<Vec<u64>>>;

    /// A document as compaction sees it, if it has more single changes behind its newest snapshot
    /// than `loose_max`.
    fn compactable(&self, id: DocumentId, loose_max: usize) -> Result<Option<Compactable>>;

    /// Some documents behind another one in the order of their ids: all of them, bit by bit.
    fn documents_after(&self, after: Option<DocumentId>, count: usize) -> Result<Vec<DocumentId>>;

    /// Looks at some rows behind that of a document, in the order of their ids, for those that were
    /// computed by a program with an older version of the view.
    fn outdated_rows(
        &self,
        version: u16,
        after: Option<DocumentId>,
        count: usize,
    ) -> Result<OutdatedRows>;

    /// Puts rows in the place of older ones of the same documents, all in one durable transaction.
    fn renew_rows(&self, rows: &[(DocumentId, Vec<u8>)]) -> Result<()>;

    /// Up to where the single changes of a store's documents are of no more use to any device that
    /// lives, which is one that told since `living_since` what it holds.
    fn compaction_floor(&self, store: StoreId, living_since: Timestamp) -> Result<u64>;

    /// Puts snapshots into the place of the changes that they name, all in one durable
    /// transaction. The snapshots must have been proved to hold them.
    fn compact(&self, compactions: &[Compaction]) -> Result<()>;

    /// Moves a document to another feed of its store.
    fn move_document(&self, order: &Move) -> Result<()>;

    /// Has receipts given, and own ones believed, with this key from now on. A key that was given
    /// before stays.
    fn give_receipts(&self, key: ReceiptKey);

    /// The key that receipts are made with. Without one none are given, and none is good.
    fn receipt_key(&self) -> Option<&ReceiptKey>;

    /// Where a document belongs, as far as something else than the log tells.
    fn home(&self, document: DocumentId) -> Result<Option<Home>>;

    /// Appends what tablets brought back, all in one durable transaction.
    fn restore(&self, restorations: &[Restoration]) -> Result<()>;
}

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDocument {
    /// Where it belongs.
    pub place: DocumentPlace,
    /// The seq of its latest change in its store's log.
    pub latest_seq: u64,
    /// Its changes and snapshots, in the order of the log.
    pub chunks: Vec<Vec<u8>>,
}

/// A document with many single changes.
#[derive(Clone, Debug)]
pub struct Compactable {
    /// The document.
    pub place: DocumentPlace,
    /// The seq of its latest entry in the log.
    pub latest_seq: u64,
    /// Its chunks: the newest sound snapshot and what came after it.
    pub chunks: Vec<Vec<u8>>,
    /// The seq of the newest sound snapshot, if there is one.
    pub snapshot_seq: Option<u64>,
    /// All single changes that are kept, with their hashes, in the order of the log.
    pub changes: Vec<(u64, ChangeHash)>,
}

/// A snapshot that takes the place of single changes.
#[derive(Clone, Debug)]
pub struct Compaction {
    /// The document.
    pub document: DocumentKey,
    /// The seq of its latest entry when the snapshot was made.
    pub latest_seq: u64,
    /// The seq of the last change in the snapshot.
    pub snapshot_seq: u64,
    /// The snapshot.
    pub snapshot: Vec<u8>,
    /// The changes that are deleted; each is in the snapshot.
    pub deleted: Vec<u64>,
}

/// Where a document belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentPlace {
    /// The document.
    pub key: DocumentKey,
    /// What it describes.
    pub kind: DocumentKind,
    /// The store whose log carries it.
    pub store: StoreId,
    /// The feed that it is in.
    pub feed: FeedId,
}

/// Where a change came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its place in the log.
    pub seq: u64,
    /// Who made it.
    pub author: ChangeAuthor,
}

/// That a document left a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The feed.
    pub feed: FeedId,
    /// The place of the mark in the log.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
}

/// That a document goes to another feed of its store.
#[derive(Clone, Copy, Debug)]
pub struct Move {
    /// The document.
    pub document: DocumentId,
    /// The feed that it goes to.
    pub to: FeedId,
    /// Who moves it.
    pub by: ChangeAuthor,
    /// When.
    pub at: Timestamp,
}

/// Accepted changes of one document.
#[derive(Clone, Debug)]
pub struct Addition {
    /// The document; a new one if it is not stored yet.
    pub place: DocumentPlace,
    /// The seq of its latest change as the judge saw it; 0 for a new document.
    pub latest_seq: u64,
    /// The changes, in order.
    pub changes: Vec<NewChange>,
    /// The heads of the document with all of them, sorted.
    pub heads: Vec<ChangeHash>,
    /// The row of the document with all of them.
    pub row: Vec<u8>,
    /// When they were received.
    pub received: Timestamp,
}

/// What a tablet brought back of one document.
#[derive(Clone, Debug)]
pub struct Restoration {
    /// The changes, credited to who made them; there may be none.
    pub addition: Addition,
    /// Seq of the receipt, if it decided in which feed the document is.
    pub decided_by: Option<u64>,
    /// The feed that the document goes to, if it is in another one of its store.
    pub moves_to: Option<FeedId>,
    /// The feed that the receipt names. Where the document is in another one and this log never knew
    /// it there, whoever holds that feed is told that it left.
    pub receipt_feed: FeedId,
}

/// An accepted change.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// Its hash.
    pub hash: ChangeHash,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its actor.
    pub actor: Vec<u8>,
    /// Who the actor belongs to.
    pub author: ChangeAuthor,
}

/// Some rows that were looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutdatedRows {
    /// Those of an older version.
    pub outdated: Vec<DocumentId>,
    /// The last one that was looked at; `None` if there was none.
    pub last: Option<DocumentId>,
}
