//! What goes into the database and comes out of it, beside the types of `shared`.

mod handover;

pub use handover::{HandoverRow, HandoverStart};

use std::collections::BTreeMap;

use floorbook_shared::access::{Person, Post, Store};
use floorbook_shared::id::{DeviceId, FeedId, HandoverId, PersonId, StoreId};
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

/// An entry of the audit; it holds ids only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Its number, from 1.
    pub number: u64,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Who; nobody means the command line.
    pub person: Option<PersonId>,
    /// On which device.
    pub device: Option<DeviceId>,
    /// What was done.
    pub deed: Deed,
    /// Hash over the previous entry's hash and this entry, so that nothing can be taken out.
    pub chain: [u8; 16],
}

/// What was done, for the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Set the chain up.
    Founded {
        /// The first store.
        store: StoreId,
    },
    /// Added a store.
    StoreAdded {
        /// The store.
        store: StoreId,
    },
    /// Added a person.
    PersonAdded {
        /// The person.
        subject: PersonId,
    },
    /// Gave a person a one-time code.
    CodeIssued {
        /// The person.
        subject: PersonId,
    },
    /// Set their own password by a one-time code.
    PasswordSet,
    /// Signed in.
    SignedIn,
    /// Signed out.
    SignedOut,
    /// Tried to sign in and was not let in.
    SignInDenied {
        /// Whose name was typed, if somebody has it.
        subject: Option<PersonId>,
        /// Further denials on this tablet before, which have no entry of their own.
        uncounted: u32,
    },
    /// Asked whether somebody is a customer of a store already. Who that is stands nowhere.
    LookedUp {
        /// The store.
        store: StoreId,
        /// Whether the answer named a colleague's card.
        is_known: bool,
    },
    /// Asked that too often and got no answer.
    LookUpDenied {
        /// Further denials on this tablet before, which have no entry of their own.
        uncounted: u32,
    },
    /// Made a one-time code for a tablet.
    EnrolmentCodeIssued,
    /// A tablet was enrolled: the one that stands beside.
    TabletEnrolled,
    /// Somebody tried to enrol a tablet with a code that is not valid.
    EnrolmentDenied {
        /// Further ones before, which have no entry of their own.
        uncounted: u32,
    },
    /// Changed the name of a tablet.
    TabletRenamed {
        /// Which one.
        tablet: DeviceId,
    },
    /// Gave a tablet up.
    TabletRetiring {
        /// Which one.
        tablet: DeviceId,
    },
    /// Declared a tablet stolen.
    TabletStolen {
        /// Which one.
        tablet: DeviceId,
    },
    /// A tablet was told to empty itself: the one that stands beside.
    TabletErased {
        /// Changes that waited on it.
        waiting: u32,
    },
    /// A tablet told that nothing is on it any more: the one that stands beside.
    TabletEmptied,
    /// Gave a person one more post.
    PostAdded {
        /// The person.
        subject: PersonId,
        /// The post.
        post: Post,
    },
    /// Took a post from a person.
    PostRemoved {
        /// The person.
        subject: PersonId,
        /// The post.
        post: Post,
    },
    /// Changed the name of a person.
    PersonRenamed {
        /// The person.
        subject: PersonId,
    },
    /// Noted that a person does not work here any more, which ended their sessions.
    PersonDisabled {
        /// The person.
        subject: PersonId,
    },
    /// Noted that a person works here again.
    PersonEnabled {
        /// The person.
        subject: PersonId,
    },
    /// Changed the name or time zone of a store.
    StoreChanged {
        /// The store.
        store: StoreId,
    },
    /// Changed what a store sets for itself.
    SettingsChanged {
        /// The store.
        store: StoreId,
    },
    /// Handed customers over, or began a cover.
    HandoverBegun {
        /// The handover.
        handover: HandoverId,
        /// Whose customers they are, or were.
        from: PersonId,
        /// Who gets them, or looks after them.
        to: PersonId,
    },
    /// Ended a cover; nobody means that it ended by itself.
    CoverEnded {
        /// The handover.
        handover: HandoverId,
    },
    /// Set a person's password at the command line.
    PasswordReplaced {
        /// The person.
        subject: PersonId,
    },
    /// Restored a backup.
    Restored {
        /// Whether what the ledger tells was taken over; otherwise everyone has to sign in again.
        with_ledger: bool,
    },
    /// Imported customers.
    Imported {
        /// Rows of the file.
        rows: u32,
        /// Cards that were opened.
        created: u32,
    },
}
