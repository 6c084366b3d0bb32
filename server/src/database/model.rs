//! What goes into the database and comes out of it, beside the types of `shared`.

mod audit;
mod handover;

pub use audit::{AuditEntry, AuditPlace, Deed, Denial, Export};
pub use handover::{HandoverRow, HandoverStart};

use std::collections::BTreeMap;

use floorbook_shared::access::{Person, Post, Store};
use floorbook_shared::id::{DeviceId, FeedId, PersonId};
use floorbook_shared::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};

use crate::access::secret::{PasswordHash, SecretHash};

mod tablet;

pub use tablet::{Contact, NewSession, NewTablet, OpenSession, TabletRecord};

/// A person with what is needed to sign them in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The person, as colleagues see them.
    #[serde(flatten)]
    pub person: Person,
    /// Hash of their password, once they have set one.
    pub password: Option<PasswordHash>,
}

/// Who does something and when, for the audit. Without a person it is the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub person: Option<PersonId>,
    /// On which device.
    pub device: Option<DeviceId>,
}

impl By {
    /// Somebody unknown, perhaps on a known device.
    pub const fn nobody(at: Timestamp, device: Option<DeviceId>) -> Self {
        Self {
            at,
            person: None,
            device,
        }
    }

    /// The person at the server's command line.
    pub const fn command_line(at: Timestamp) -> Self {
        Self {
            at,
            person: None,
            device: None,
        }
    }
}

/// The first store and administrator.
#[derive(Clone, Debug)]
pub struct Founding {
    /// The store.
    pub store: Store,
    /// Id of the administrator.
    pub person: PersonId,
    /// Name of the administrator.
    pub name: String,
    /// Hash of their password.
    pub password: PasswordHash,
    /// The browser in which it is done.
    pub tablet: NewTablet,
    /// Their first session, on it.
    pub session: NewSession,
}

/// A staff member to be added.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Their id.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// What they do where; the store of the first one is home.
    pub posts: Vec<Post>,
    /// The code by which they set their password, if they get one now.
    pub code: Option<CodeGrant>,
}

/// A one-time code to be stored.
#[derive(Clone, Copy, Debug)]
pub struct CodeGrant {
    /// Hash of the code.
    pub code: SecretHash,
    /// From when on it no longer works.
    pub expires: Timestamp,
}

/// What a tablet says that it knows. It says so only when nothing waits on it that was written
/// before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Up to where it has all entries of each feed on its disk.
    pub confirmed: BTreeMap<FeedId, u64>,
    /// The version of the scope that each person knows there.
    pub scopes: BTreeMap<PersonId, u64>,
}

impl Told {
    /// Adds what was told later.
    pub fn extend(&mut self, later: &Self) {
        self.confirmed
            .extend(later.confirmed.iter().map(|(feed, seq)| (*feed, *seq)));
        self.scopes.extend(
            later
                .scopes
                .iter()
                .map(|(person, version)| (*person, *version)),
        );
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.confirmed.is_empty() && self.scopes.is_empty()
    }
}

/// What a data folder of the demonstration says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoMark {
    /// The store's day that the demonstration's days are counted from.
    pub today: Date,
    /// Whether everything was made.
    pub is_complete: bool,
}

/// Counts for `floorbook status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// Whether an administrator exists.
    pub is_set_up: bool,
    /// Format of the database.
    pub format_version: u32,
    /// Version of the scope.
    pub scope_version: u64,
    /// Stores of the chain.
    pub stores: u64,
    /// People, also those who left.
    pub people: u64,
    /// Devices that were ever signed in.
    pub devices: u64,
    /// Sessions that have not been ended or replaced.
    pub sessions: u64,
}
