//! Where documents belong that this log does not tell of: what a restored backup lacks.
//!
//! A document that was founded after the backup comes back from a tablet, with a receipt that names
//! the feed it was in then. It may have moved since. The ledger knows of every move and decides;
//! where it knows nothing, the latest receipt does. A move that is made here ends all that.

use floorbook_shared::id::{DocumentId, FeedId};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::document_log::values::{decode, get, put};
use super::tables::{DOCUMENTS, HOMES};
use super::{DatabaseError, Result};

/// What is known of a document's place beside the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Home {
    /// A receipt of this seq named its feed when it was brought back.
    ByReceipt(u64),
    /// The ledger tells that it was moved into this feed last.
    ByLedger(FeedId),
    /// The ledger tells that it was erased: it is not brought back.
    Erased,
}

/// What is known of a document's place beside the log.
pub(super) fn of(read: &ReadTransaction, document: DocumentId) -> Result<Option<Home>> {
    get("homes", &read.open_table(HOMES)?, document.as_bytes())
}

/// Notes what the ledger tells of a document, whether the log knows it or not.
pub(super) fn note(write: &WriteTransaction, document: DocumentId, home: Home) -> Result<()> {
    let mut homes = write.open_table(HOMES)?;
    put("homes", &mut homes, document.as_bytes(), &home)
}

/// Documents that are not there and belong into a feed, as the ledger tells.
pub(super) fn expected_in(write: &WriteTransaction, feed: FeedId) -> Result<Vec<DocumentId>> {
    let homes = write.open_table(HOMES)?;
    let documents = write.open_table(DOCUMENTS)?;
    let mut expected = Vec::new();
    for entry in homes.iter()? {
        let (key, value) = entry?;
        let is_there = documents.get(key.value())?.is_some();
        if !is_there && decode::<Home>("homes", value.value())? == Home::ByLedger(feed) {
            let id = key.value().try_into();
            let id = id.map_err(|_| DatabaseError::damaged("homes", "a key has another length"))?;
            expected.push(DocumentId::from_bytes(id));
        }
    }
    Ok(expected)
}

/// Whether a document is not there, and the ledger does not tell that it left this feed.
pub(super) fn is_expected_from(
    write: &WriteTransaction,
    document: DocumentId,
    feed: FeedId,
) -> Result<bool> {
    let is_there = write
        .open_table(DOCUMENTS)?
        .get(document.as_bytes().as_slice())?
        .is_some();
    let home = get::<Home>("homes", &write.open_table(HOMES)?, document.as_bytes())?;
    Ok(!is_there && home.is_none_or(|home| home == Home::ByLedger(feed)))
}
