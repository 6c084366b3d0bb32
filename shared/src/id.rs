//! Identifiers: UUIDv7 newtypes made from injected time and randomness.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

use crate::time::Timestamp;

/// Random bytes that one new id needs.
pub const ID_RANDOM_BYTES: usize = 10;

/// A source of random bytes, given by the host: the core draws none of its own.
pub trait Randomness {
    /// Fills `target` with unpredictable bytes (or seeded ones, in the simulator).
    fn fill(&mut self, target: &mut [u8]);
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id (UUIDv7) from the host's time and randomness.
            pub fn new(now: Timestamp, randomness: &mut dyn Randomness) -> Self {
                let mut random = [0; ID_RANDOM_BYTES];
                randomness.fill(&mut random);
                let millis = u64::try_from(now.as_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id with these sixteen bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The sixteen bytes of the id.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id! {
    /// One Automerge document: one customer, for now.
    DocumentId
}
id! {
    /// An entry inside a document's collection: a phone, a contact, a next step.
    EntryId
}
id! {
    /// All changes of one command, which are accepted or refused together.
    GroupId
}
id! {
    /// A staff member.
    PersonId
}
id! {
    /// A tablet, or the server where it writes itself.
    DeviceId
}
id! {
    /// A shop of the chain.
    StoreId
}
id! {
    /// A feed: the unit of access and of sync (design section 1).
    FeedId
}
id! {
    /// Some or all customers of a consultant going to another one.
    HandoverId
}
id! {
    /// Something that a person may do beyond their posts.
    GrantId
}
