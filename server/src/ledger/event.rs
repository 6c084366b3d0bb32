//! What stands in the ledger.

use floorbook_shared::access::{Feed, Grant, Store};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GrantId, HandoverId, PersonId};
use floorbook_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::LedgerPlace;
use crate::access::secret::SecretHash;
use crate::database::model::{Account, AuditPlace, HandoverRow, TabletRecord};

/// What stands before the chain's value in each line.
pub(super) const CHAIN_BEFORE: &str = "{\"chain\":\"";
/// What stands behind it.
pub(super) const CHAIN_BEHIND: &str = "\",";

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// Its number, from 1.
    pub number: u64,
    /// Number of the first line of its transaction.
    pub group: u64,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// One line as it is written.
#[derive(Serialize)]
pub(super) struct Body<'a> {
    pub(super) number: u64,
    pub(super) group: u64,
    pub(super) at: Timestamp,
    pub(super) event: &'a Event,
}

/// What happened. Things that are kept stand as they are from then on, so that doing an event twice
/// changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// The ledger begins: what follows in the same transaction is all that there is. Sessions and
    /// codes that were open before are over unless they are among it.
    Began {
        /// Random bytes, so that no two ledgers begin alike.
        nonce: SecretHash,
    },
    /// A store is there.
    Store {
        /// The store.
        store: Store,
    },
    /// A person is there, or has another password, other posts, left …
    Person {
        /// The person with the hash of their password.
        account: Account,
    },
    /// A book is there.
    Feed {
        /// The book.
        feed: Feed,
    },
    /// Somebody may use a book of somebody else's.
    Grant {
        /// What they may.
        grant: Grant,
    },
    /// A grant ended.
    GrantEnded {
        /// Which one.
        grant: GrantId,
    },
    /// A handover is under way, or a cover runs.
    Handover {
        /// How it stands.
        handover: HandoverRow,
    },
    /// A handover is over.
    HandoverEnded {
        /// Which one.
        handover: HandoverId,
    },
    /// Documents are in a book, wherever they were.
    Moved {
        /// Which ones.
        documents: Vec<DocumentId>,
        /// The book.
        to: FeedId,
        /// Who moved them.
        by: PersonId,
        /// On which device.
        device: DeviceId,
    },
    /// A tablet is there, or somebody else uses it too, or it is given up …
    Tablet {
        /// The tablet.
        device: DeviceId,
        /// How it stands.
        record: TabletRecord,
    },
    /// A session was opened.
    SessionOpened {
        /// Hash of its token.
        token: SecretHash,
        /// Whose it is.
        person: PersonId,
        /// On which tablet.
        device: DeviceId,
        /// When it was opened.
        created: Timestamp,
        /// When it ends by itself.
        expires: Timestamp,
    },
    /// A session was ended.
    SessionEnded {
        /// Hash of its token.
        token: SecretHash,
    },
    /// All sessions of a person were ended.
    SessionsEnded {
        /// The person.
        person: PersonId,
    },
    /// A person got a one-time code; an earlier one stopped working.
    CodeIssued {
        /// Hash of the code.
        code: SecretHash,
        /// Whose it is.
        person: PersonId,
        /// When it stops working.
        expires: Timestamp,
    },
    /// A one-time code was used up.
    CodeSpent {
        /// Hash of the code.
        code: SecretHash,
    },
    /// The audit has come so far with this transaction: what is cut off its end is missed.
    Audited {
        /// Its last entry.
        place: AuditPlace,
    },
    /// What stands behind this line up to here never took effect.
    Voided {
        /// Number of the last line that did.
        after: u64,
    },
    /// A backup was restored and follows the ledger again.
    Restored {
        /// Up to where the backup followed it.
        place: Option<LedgerPlace>,
    },
}
