//! Documents that stay loaded between batches, bounded by number and by weight.

use std::collections::BTreeMap;

use floorbook_shared::document::Document;
use floorbook_shared::id::DocumentId;

use crate::database::log::DocumentPlace;

/// Documents that are kept loaded between batches.
const LOADED_MAX: usize = 500;
/// Memory that documents may take up between batches, in bytes, as estimated.
pub(super) const LOADED_MAX_BYTES: usize = 16 * 1024 * 1024;
/// A loaded document takes about so many times the memory of its saved bytes (measured: 32 to 40
/// KB for 5 to 7 KB).
const WEIGHT_OF_BYTES: usize = 6;
/// What an empty document takes, in bytes.
const WEIGHT_OF_NOTHING: usize = 4 * 1024;

/// A document as the judge has it in memory.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) document: Document,
    pub(super) place: DocumentPlace,
    pub(super) latest_seq: u64,
    /// The size of the document when it is saved, in bytes.
    pub(super) bytes: usize,
    weight: usize,
}

impl Loaded {
    pub(super) fn new(document: Document, place: DocumentPlace, latest_seq: u64) -> Self {
        let bytes = document.snapshot().len();
        Self::of_size(document, bytes, place, latest_seq)
    }

    /// A document of which somebody knows already how large it is when it is saved.
    pub(super) const fn of_size(
        document: Document,
        bytes: usize,
        place: DocumentPlace,
        latest_seq: u64,
    ) -> Self {
        Self {
            document,
            place,
            latest_seq,
            bytes,
            weight: WEIGHT_OF_NOTHING + WEIGHT_OF_BYTES * bytes,
        }
    }

    /// The memory that it takes up, in bytes, as estimated.
    pub(super) const fn weight(&self) -> usize {
        self.weight
    }
}

/// The documents that were used last.
#[derive(Debug, Default)]
pub(super) struct LoadedDocuments {
    by_id: BTreeMap<DocumentId, (u64, Loaded)>,
    /// By when they were used, the longest ago first.
    by_age: BTreeMap<u64, DocumentId>,
    used: u64,
    weight: usize,
}

impl LoadedDocuments {
    /// Takes a document out: what is done to it need not succeed.
    pub(super) fn take(&mut self, id: DocumentId) -> Option<Loaded> {
        let (used, loaded) = self.by_id.remove(&id)?;
        self.by_age.remove(&used);
        self.weight -= loaded.weight;
        Some(loaded)
    }

    /// Keeps a document, and lets go of those that were used longest ago.
    pub(super) fn put(&mut self, id: DocumentId, loaded: Loaded) {
        drop(self.take(id));
        self.used += 1;
        self.weight += loaded.weight;
        self.by_age.insert(self.used, id);
        self.by_id.insert(id, (self.used, loaded));
        while self.by_id.len() > LOADED_MAX || self.weight > LOADED_MAX_BYTES {
            let Some((_, oldest)) = self.by_age.first_key_value() else {
                return;
            };
            drop(self.take(*oldest));
        }
    }
}

#[cfg(test)]
mod tests {
    use floorbook_shared::document::{DocumentKey, DocumentKind};
    use floorbook_shared::id::{FeedId, StoreId};

    use super::*;

    fn loaded(id: DocumentId, weight: usize) -> Loaded {
        let place = DocumentPlace {
            key: DocumentKey { id, incarnation: 0 },
            kind: DocumentKind::Customer,
            store: StoreId::from_bytes([1; 16]),
            feed: FeedId::from_bytes([2; 16]),
        };
        Loaded {
            weight,
            ..Loaded::new(Document::found(), place, 1)
        }
    }

    fn id(number: u16) -> DocumentId {
        let [left, right] = number.to_be_bytes();
        let mut bytes = [0; 16];
        (bytes[0], bytes[1]) = (left, right);
        DocumentId::from_bytes(bytes)
    }

    #[test]
    fn the_documents_that_were_used_longest_ago_go_first() {
        let mut documents = LoadedDocuments::default();
        for number in 0..=LOADED_MAX as u16 {
            documents.put(id(number), loaded(id(number), 1));
        }
        assert!(documents.take(id(0)).is_none());
        assert!(documents.take(id(1)).is_some());
    }

    #[test]
    fn heavy_documents_make_room_for_one_another() {
        let mut documents = LoadedDocuments::default();
        for number in 0..3 {
            let heavy = loaded(id(number), LOADED_MAX_BYTES / 2);
            documents.put(id(number), heavy);
        }
        assert_eq!(documents.weight, LOADED_MAX_BYTES);
        assert!(documents.take(id(0)).is_none());
        documents.put(id(9), loaded(id(9), LOADED_MAX_BYTES + 1));
        assert_eq!((documents.by_id.len(), documents.weight), (0, 0));
    }
}
