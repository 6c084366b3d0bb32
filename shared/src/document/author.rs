//! Who made a change: person and device together, carried on an actor's first change.

use automerge::Author;

use crate::id::{DeviceId, PersonId};

/// The device that stands as the author's where the server writes itself. No tablet has this id.
pub const SERVER_DEVICE: DeviceId = DeviceId::from_bytes(*b"floorbook-server");

/// Length of an author in bytes: sixteen of the person, sixteen of the device.
const AUTHOR_BYTES: usize = 32;

/// A person on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangeAuthor {
    /// The person.
    pub person: PersonId,
    /// The device.
    pub device: DeviceId,
}

impl ChangeAuthor {
    /// The bytes that Automerge carries.
    pub fn to_author(self) -> Author<'static> {
        Author::from([*self.person.as_bytes(), *self.device.as_bytes()].concat())
    }

    /// Reads the bytes that Automerge carries; `None` if they are no person and device.
    pub fn from_author(author: &Author<'_>) -> Option<Self> {
        let bytes = author.as_bytes();
        if bytes.len() != AUTHOR_BYTES {
            return None;
        }
        let (person, device) = bytes.split_at(16);
        Some(Self {
            person: PersonId::from_bytes(person.try_into().ok()?),
            device: DeviceId::from_bytes(device.try_into().ok()?),
        })
    }
}
