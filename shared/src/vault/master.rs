//! The server's master secret: every key that it gives out is derived from it, so that each can
//! be given out again after an online sign-in, and none has to be kept.

use crate::access::Scope;
use crate::id::{DeviceId, FeedId, PersonId, Randomness};
use crate::vault::issued::{FeedKey, IssuedKeys};
use crate::vault::key::{KEY_BYTES, Key};

const FEED_KEY: &str = "floorbook 2026 feed key";
const DELIVERY_KEY: &str = "floorbook 2026 delivery key";

/// The secret that all issued keys are derived from. Whoever has it and a tablet's disk can read
/// what is on it: it stands in a file of its own, never in the database and never in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MasterSecret(Key);

impl MasterSecret {
    /// The secret with these bytes.
    pub const fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Key::from_bytes(bytes))
    }

    /// A fresh secret.
    pub fn draw(randomness: &mut dyn Randomness) -> Self {
        Self(Key::draw(randomness))
    }

    /// The bytes themselves, for the file.
    pub const fn expose(&self) -> &[u8; KEY_BYTES] {
        self.0.expose()
    }

    /// The key of a feed on one tablet: what is stored there of the feed is sealed with it.
    pub fn feed_key(&self, device: DeviceId, feed: FeedId) -> Key {
        self.derive(FEED_KEY, device, feed.as_bytes())
    }

    /// The key of a person's work on one tablet: whoever can seal with it is that person there.
    pub fn delivery_key(&self, device: DeviceId, person: PersonId) -> Key {
        self.derive(DELIVERY_KEY, device, person.as_bytes())
    }

    /// All keys that a person needs on a tablet for a scope.
    pub fn issue(&self, device: DeviceId, person: PersonId, scope: &Scope) -> IssuedKeys {
        let feeds = scope.feeds.iter().map(|feed| FeedKey {
            feed: feed.id,
            key: self.feed_key(device, feed.id),
        });
        IssuedKeys {
            delivery: self.delivery_key(device, person),
            feeds: feeds.collect(),
        }
    }

    fn derive(&self, context: &str, device: DeviceId, owner: &[u8; 16]) -> Key {
        let secret = self.0.expose().as_slice();
        Key::derive(context, &[secret, device.as_bytes(), owner])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tablet_feed_and_person_has_a_key_of_its_own() {
        let id = |number: u8| [number; 16];
        let master = MasterSecret::from_bytes([7; KEY_BYTES]);
        let other = MasterSecret::from_bytes([8; KEY_BYTES]);
        let mut keys = Vec::new();
        for secret in [&master, &other] {
            for device in 1..4 {
                let device = DeviceId::from_bytes(id(device));
                for owner in 1..4 {
                    keys.push(secret.feed_key(device, FeedId::from_bytes(id(owner))));
                    keys.push(secret.delivery_key(device, PersonId::from_bytes(id(owner))));
                }
            }
        }
        let mut different: Vec<_> = keys.iter().map(|key| *key.expose()).collect();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), keys.len());
    }

    #[test]
    fn the_same_key_is_given_out_again() {
        let master = MasterSecret::from_bytes([7; KEY_BYTES]);
        let again = MasterSecret::from_bytes(*master.expose());
        let device = DeviceId::from_bytes([1; 16]);
        let feed = FeedId::from_bytes([2; 16]);
        let key = master.feed_key(device, feed);
        assert_eq!(key, again.feed_key(device, feed));
        // Frozen: another derivation would lock everyone out of what is on their tablets.
        assert_eq!(hex::encode(key.expose()), FROZEN_FEED_KEY);
    }

    const FROZEN_FEED_KEY: &str =
        "346937952adbc2fedd3a2c0f3095ff7973d00bd476c2bb6c3f10003e03415e2c";
}
