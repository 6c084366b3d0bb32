//! The keys that the server issues, all derived from one secret that never leaves it.
//!
//! So no issued key has to be kept anywhere at the server, and every one can be issued again after
//! an online sign-in.

use std::fmt;

use crate::id::{DeviceId, FeedId, PersonId};

/// Bytes of a key, and of the secret that keys are derived from.
pub const KEY_BYTES: usize = 32;

const FEED_KEY: &str = "floorbook 2026 feed key";
const DELIVERY_KEY: &str = "floorbook 2026 delivery key";

/// The server's secret.
#[derive(Clone, PartialEq, Eq)]
pub struct MasterSecret([u8; KEY_BYTES]);

impl MasterSecret {
    /// The secret with these bytes.
    pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes of the secret; whoever asks for them must not print them.
    pub const fn expose(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// The key with which a tablet encrypts what it holds of a feed.
    pub fn feed_key(&self, device: DeviceId, feed: FeedId) -> [u8; KEY_BYTES] {
        self.derive(FEED_KEY, device, feed.as_bytes())
    }

    /// The key with which a person's work on a tablet is sealed for the server.
    pub fn delivery_key(&self, device: DeviceId, person: PersonId) -> [u8; KEY_BYTES] {
        self.derive(DELIVERY_KEY, device, person.as_bytes())
    }

    /// Everything that goes in has a fixed length, so no two inputs read the same.
    fn derive(&self, context: &'static str, device: DeviceId, id: &[u8; 16]) -> [u8; KEY_BYTES] {
        let mut hasher = blake3::Hasher::new_derive_key(context);
        hasher.update(&self.0);
        hasher.update(device.as_bytes());
        hasher.update(id);
        *hasher.finalize().as_bytes()
    }
}

impl fmt::Debug for MasterSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MasterSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_device_feed_and_person_has_a_key_of_its_own() {
        let (master, other) = (
            MasterSecret::from_bytes([1; 32]),
            MasterSecret::from_bytes([2; 32]),
        );
        let (here, there) = (DeviceId::from_bytes([1; 16]), DeviceId::from_bytes([2; 16]));
        let (id, another) = ([3; 16], [4; 16]);
        let keys = [
            master.feed_key(here, FeedId::from_bytes(id)),
            master.feed_key(here, FeedId::from_bytes(another)),
            master.feed_key(there, FeedId::from_bytes(id)),
            other.feed_key(here, FeedId::from_bytes(id)),
            master.delivery_key(here, PersonId::from_bytes(id)),
            master.delivery_key(there, PersonId::from_bytes(id)),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "key {index} repeats");
        }
        assert_eq!(keys[0], master.feed_key(here, FeedId::from_bytes(id)));
        assert_eq!(format!("{master:?}"), "MasterSecret(…)");
    }
}
