//! What the host reads for a session, and what it read.

use std::collections::BTreeSet;

use crate::id::{DeviceId, DocumentId, FeedId, StoreId};
use crate::sync::chain::Cursor;
use crate::sync::fingerprint::Fingerprint;
use crate::sync::message::FrameItem;

/// Documents that follow a cursor, as read from the log in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The store.
    pub store: StoreId,
    /// Version of the scope when it was read, in the same read transaction.
    pub scope_version: u64,
    /// The cursor that it follows.
    pub after: Cursor,
    /// The cursor behind it.
    pub cursor: Cursor,
    /// The documents, in the order of their latest entry.
    pub items: Vec<PageItem>,
    /// Documents that follow behind it.
    pub remaining: u32,
    /// The fingerprint of the requested feeds at the cursor; with the last page alone.
    pub fingerprint: Option<Fingerprint>,
}

/// The answer to a question of a tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    /// Version of the scope when it was read, in the same read transaction.
    pub scope_version: u64,
    /// What the tablet is told.
    pub body: T,
}

/// A document of a page. The same page serves every tablet that stands at its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageItem {
    /// What is said of it.
    pub item: FrameItem,
    /// Which tablet made each of its chunks; empty for a whole document, which every tablet gets.
    pub makers: Vec<DeviceId>,
}

impl PageItem {
    /// What a tablet gets of it: what it made is there already. `None` if that is all.
    pub(super) fn without_own(self, device: DeviceId) -> Option<FrameItem> {
        let Self { mut item, makers } = self;
        if makers.is_empty() {
            return Some(item);
        }
        let mut makers = makers.into_iter();
        item.chunks.retain(|_| makers.next() != Some(device));
        (!item.chunks.is_empty()).then_some(item)
    }
}

/// Something that the host shall read, in one read transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadRequest {
    /// A page of the log.
    Page(PageRequest),
    /// What differs from what a tablet holds.
    Compare(FeedsOf, Vec<Fingerprint>),
    /// Whole documents.
    Fetch(FeedsOf, Vec<DocumentId>),
}

/// The feeds of a store that are in a session's scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedsOf {
    /// The store.
    pub store: StoreId,
    /// The feeds.
    pub feeds: BTreeSet<FeedId>,
}

/// A page that the host shall read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The store, and its feeds that are in scope.
    pub of: FeedsOf,
    /// What the page follows.
    pub after: Cursor,
    /// Documents that follow, as an earlier page has counted: then they need no counting.
    pub announced: Option<u32>,
}
