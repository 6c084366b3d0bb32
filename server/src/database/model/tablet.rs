//! Tablets and the sessions on them, as they go into the database and come out of it.

use floorbook_shared::access::{Identity, Person};
use floorbook_shared::api::{Erased, TabletReport, TabletState};
use floorbook_shared::id::{DeviceId, FeedId, PersonId};
use floorbook_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::secret::SecretHash;

/// A tablet as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabletRecord {
    /// The number behind its code.
    pub number: u32,
    /// How it is called in the list.
    pub name: String,
    /// Hash of the token in its cookie.
    pub token: SecretHash,
    /// How it stands.
    pub state: TabletState,
    /// When it was enrolled.
    pub enrolled: Timestamp,
    /// Who gave the code; nobody is the command line or the setup.
    pub enrolled_by: Option<PersonId>,
    /// Who signed in on it, ever.
    pub people: Vec<PersonId>,
    /// When it was told to empty itself.
    pub erased: Option<Erased>,
    /// When it told that it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emptied: Option<Timestamp>,
}

/// A tablet to be enrolled, with everything random about it.
#[derive(Clone, Debug)]
pub struct NewTablet {
    /// Its id.
    pub id: DeviceId,
    /// How it shall be called.
    pub name: String,
    /// Hash of the token in its cookie.
    pub token: SecretHash,
    /// Now.
    pub now: Timestamp,
}

/// A session to be opened on a tablet.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The tablet.
    pub device: DeviceId,
    /// Hash of the session's token.
    pub token: SecretHash,
    /// Now.
    pub now: Timestamp,
    /// When the session ends, however much it is used.
    pub expires: Timestamp,
}

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Who is signed in where.
    pub identity: Identity,
    /// The person, with their posts.
    pub person: Person,
    /// When the session ends, however much it is used.
    pub expires: Timestamp,
    /// When its use was noted last.
    pub last_used: Timestamp,
}

/// That a tablet was in contact, and what is known of it since.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// When.
    pub at: Timestamp,
    /// What it told about itself.
    pub report: Option<TabletReport>,
    /// Feeds that were opened to it.
    pub feeds: Vec<FeedId>,
}
