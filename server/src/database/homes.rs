//! Where documents belong that this log does not tell of: what a restored backup lacks.
//!
//! A document that was founded after the backup comes back from a tablet, with a receipt that names
//! the feed it was in then. It may have moved since. The ledger knows of every move and decides;
//! where it knows nothing, the latest receipt does. A move that is made here ends all that.

use floorbook_shared::id::{DocumentId, FeedId};
use redb::{ReadTransaction, WriteTransaction};
use serde::{Deserialize, Serialize};

use super::Result;
use super::document_log::values::{get, put};
use super::tables::HOMES;

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
