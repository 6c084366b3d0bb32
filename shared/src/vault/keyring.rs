//! A person's keyring on a tablet: what their PIN or passphrase opens.
//!
//! A record has a part in the clear (who, how to derive the key, tries, lease, which feeds) and
//! sealed ones (session token, scope, delivery keys; the keys of each feed by themselves, so that
//! those of a feed that was lost go at once, without the PIN). What opens them is made of the PIN,
//! slowed down by Argon2id, and of the tablet's own secret, so that neither helps without the other.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::access::{Identity, Scope};
use crate::hex_bytes;
use crate::id::{FeedId, PersonId, Randomness};
use crate::secret::Secret;
use crate::vault::issued::IssuedKeys;
use crate::vault::key::{KEY_BYTES, Key};
use crate::vault::lease::Lease;
use crate::vault::seal::{self, OpenError, Place};
use crate::vault::tries::Tries;

const KIND: &str = "keyring";
const FEED_KIND: &str = "keyring feed";
const KEYRING_KEY: &str = "floorbook 2026 keyring key";
const OWN_KEY: &str = "floorbook 2026 own key";
const SALT_BYTES: usize = 16;

/// What deriving a key costs: memory and passes of Argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Cost {
    /// For tablets: about a third of a second on a slow one.
    pub const TABLET: Self = Self {
        memory_kib: 19 * 1024,
        passes: 2,
    };
    /// The least that Argon2 takes, for tests.
    pub const LEAST: Self = Self {
        memory_kib: 8,
        passes: 1,
    };
    /// More memory than this is damage, not a cost that any version of this program chose.
    const MEMORY_MAX_KIB: u32 = 256 * 1024;
    const PASSES_MAX: u32 = 16;
}

/// A keyring as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyringRecord {
    /// Whose it is.
    pub person: PersonId,
    /// Their name, for the lock screen.
    pub name: String,
    /// Makes equal PINs of two people different keys.
    #[serde(with = "hex_bytes")]
    pub salt: [u8; SALT_BYTES],
    /// What deriving the key costs.
    pub cost: Cost,
    /// Tries since the PIN was right last.
    pub tries: Tries,
    /// How long it still opens.
    pub lease: Lease,
    /// Feeds that this person holds on the tablet.
    pub feeds: Vec<HeldFeed>,
    /// Version of the scope of which these are the feeds, as the server said last.
    #[serde(default)]
    pub scope_version: u64,
    /// Feeds that the person has lost and of which something may still be on the tablet, because
    /// work of theirs waits.
    #[serde(default)]
    pub lost: BTreeSet<FeedId>,
    /// The rest of the keyring, sealed; empty once it was closed.
    #[serde(with = "hex::serde")]
    pub sealed: Vec<u8>,
    /// Why only an online sign-in helps, if that is so.
    #[serde(default)]
    pub closed: Option<Closed>,
}

/// A feed of a keyring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldFeed {
    /// The feed.
    pub feed: FeedId,
    /// Its keys, sealed; empty once the keyring was closed.
    #[serde(with = "hex::serde")]
    pub sealed: Vec<u8>,
}

/// Why a keyring was closed: what the PIN opens was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// Too many wrong PINs.
    TriesUsedUp,
    /// No contact with the store for too long.
    LeaseOver,
    /// The tablet's secret was damaged, without which no PIN opens anything.
    Damaged,
}

/// What a keyring holds when it is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyring {
    /// The person and the tablet.
    pub identity: Identity,
    /// What they may see.
    pub scope: Scope,
    /// Their session at the server.
    pub token: Secret,
    /// Delivery keys, newest first.
    delivery: Vec<Key>,
    /// Keys of each feed, newest first; sealed one by one.
    #[serde(skip)]
    feeds: BTreeMap<FeedId, Vec<Key>>,
}

impl Keyring {
    /// The keyring after a sign-in.
    pub fn new(identity: Identity, scope: Scope, token: Secret, keys: &IssuedKeys) -> Self {
        let mut keyring = Self {
            identity,
            scope,
            token,
            delivery: Vec::new(),
            feeds: BTreeMap::new(),
        };
        keyring.take(keys);
        keyring
    }

    /// Adds keys that the server issued. Older ones stay: they open what was sealed before.
    pub fn take(&mut self, keys: &IssuedKeys) {
        put_first(&mut self.delivery, &keys.delivery);
        for issued in &keys.feeds {
            put_first(self.feeds.entry(issued.feed).or_default(), &issued.key);
        }
    }

    /// Adds the keys of the keyring before, behind the newer ones.
    pub fn keep_older(&mut self, older: &Self) {
        keep_last(&mut self.delivery, &older.delivery);
        for (feed, keys) in &older.feeds {
            keep_last(self.feeds.entry(*feed).or_default(), keys);
        }
    }

    /// Forgets the keys of a feed.
    pub fn forget_feed(&mut self, feed: FeedId) {
        self.feeds.remove(&feed);
    }

    /// Feeds of which there is a key.
    pub fn feeds(&self) -> impl Iterator<Item = FeedId> {
        self.feeds.keys().copied()
    }

    /// Keys of a feed, newest first: the first seals, all of them open.
    pub fn feed_keys(&self, feed: FeedId) -> &[Key] {
        self.feeds.get(&feed).map(Vec::as_slice).unwrap_or_default()
    }

    /// Delivery keys, newest first.
    pub fn delivery_keys(&self) -> &[Key] {
        &self.delivery
    }

    /// Keys of what is this person's alone (drafts, refused entries), newest first. They follow
    /// from the delivery keys, so that a new sign-in brings them back.
    pub fn own_keys(&self) -> Vec<Key> {
        self.delivery.iter().map(own_key).collect()
    }
}

/// The key of what is one person's alone, as it follows from a delivery key of theirs.
pub fn own_key(delivery: &Key) -> Key {
    Key::derive(OWN_KEY, &[delivery.expose()])
}

fn put_first(keys: &mut Vec<Key>, key: &Key) {
    keys.retain(|known| known != key);
    keys.insert(0, key.clone());
}

fn keep_last(keys: &mut Vec<Key>, older: &[Key]) {
    for key in older {
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
}

impl KeyringRecord {
    /// A record that is sealed with a new PIN or passphrase, and the key that opens it.
    pub fn create(
        keyring: &Keyring,
        secret: &Secret,
        device_secret: &Key,
        cost: Cost,
        lease: Lease,
        randomness: &mut dyn Randomness,
    ) -> Option<(Self, Key)> {
        let mut salt = [0; SALT_BYTES];
        randomness.fill(&mut salt);
        let mut record = Self {
            person: keyring.identity.person,
            name: keyring.identity.name.clone(),
            salt,
            cost,
            tries: Tries::default(),
            lease,
            feeds: Vec::new(),
            scope_version: 0,
            lost: BTreeSet::new(),
            sealed: Vec::new(),
            closed: None,
        };
        let key = record.key(secret, device_secret)?;
        record.seal(keyring, &key, randomness);
        Some((record, key))
    }

    /// The key that a PIN or passphrase makes, right or wrong; `None` if the record asks for
    /// something that no program wrote.
    pub fn key(&self, secret: &Secret, device_secret: &Key) -> Option<Key> {
        let Cost { memory_kib, passes } = self.cost;
        if memory_kib > Cost::MEMORY_MAX_KIB || passes > Cost::PASSES_MAX {
            return None;
        }
        let parameters = argon2::Params::new(memory_kib, passes, 1, Some(KEY_BYTES)).ok()?;
        let argon2 = argon2::Argon2::new(
            argon2::Algorithm::Argon2id,
            argon2::Version::V0x13,
            parameters,
        );
        let mut slow = Zeroizing::new([0; KEY_BYTES]);
        let secret = secret.expose().as_bytes();
        argon2
            .hash_password_into(secret, &self.salt, slow.as_mut_slice())
            .ok()?;
        let material: [&[u8]; 2] = [slow.as_slice(), device_secret.expose()];
        Some(Key::derive(KEYRING_KEY, &material))
    }

    /// Seals a keyring into this record.
    pub fn seal(&mut self, keyring: &Keyring, key: &Key, randomness: &mut dyn Randomness) {
        let bytes = Zeroizing::new(serde_json::to_vec(keyring).unwrap_or_default());
        self.name.clone_from(&keyring.identity.name);
        // A feed that left the scope is on the keyring until what waits in it was delivered; until
        // then the store is asked whose it is.
        let mut feeds = keyring.feeds();
        let is_settled = feeds.all(|feed| keyring.scope.feed(feed).is_some());
        self.scope_version = if is_settled { keyring.scope.version } else { 0 };
        let place = Place::new(KIND, self.person.as_bytes());
        self.sealed = seal::seal(key, place, &bytes, randomness);
        self.feeds = Vec::with_capacity(keyring.feeds.len());
        for (feed, keys) in &keyring.feeds {
            let bytes = Zeroizing::new(serde_json::to_vec(keys).unwrap_or_default());
            let place = self.place_of(*feed);
            let place = Place::new(FEED_KIND, &place);
            self.feeds.push(HeldFeed {
                feed: *feed,
                sealed: seal::seal(key, place, &bytes, randomness),
            });
        }
        let held: BTreeSet<FeedId> = keyring.feeds().collect();
        self.lost.retain(|feed| !held.contains(feed));
    }

    /// Opens the keyring. [`OpenError::Locked`] is a wrong PIN, or that nothing is left to open.
    ///
    /// A feed that was taken off it is not in its scope either.
    pub fn open(&self, key: &Key) -> Result<Keyring, OpenError> {
        if self.closed.is_some() {
            return Err(OpenError::Locked);
        }
        let place = Place::new(KIND, self.person.as_bytes());
        let bytes = Zeroizing::new(seal::open(key, place, &self.sealed)?);
        let mut keyring: Keyring =
            serde_json::from_slice(&bytes).map_err(|_| OpenError::Damaged)?;
        for held in &self.feeds {
            let place = self.place_of(held.feed);
            let place = Place::new(FEED_KIND, &place);
            // The PIN is right, whatever became of this.
            let keys = seal::open(key, place, &held.sealed).map_err(|_| OpenError::Damaged)?;
            let keys = serde_json::from_slice(&Zeroizing::new(keys));
            keyring
                .feeds
                .insert(held.feed, keys.map_err(|_| OpenError::Damaged)?);
        }
        let feeds = &keyring.feeds;
        keyring
            .scope
            .feeds
            .retain(|feed| feeds.contains_key(&feed.id));
        Ok(keyring)
    }

    /// What the keys of a feed are bound to.
    fn place_of(&self, feed: FeedId) -> Vec<u8> {
        [self.person.as_bytes().as_slice(), feed.as_bytes()].concat()
    }

    /// The feeds that the person holds.
    pub fn feed_ids(&self) -> impl Iterator<Item = FeedId> {
        self.feeds.iter().map(|held| held.feed)
    }

    /// Whether the person holds a feed.
    pub fn holds(&self, feed: FeedId) -> bool {
        self.feed_ids().any(|held| held == feed)
    }

    /// Takes the feeds off the keyring that the person may not see any more: these are all that
    /// they may see in a version of the scope.
    pub fn keep_only(&mut self, feeds: &BTreeSet<FeedId>, scope_version: u64) {
        self.scope_version = scope_version;
        let lost = self.feed_ids().filter(|feed| !feeds.contains(feed));
        let lost: Vec<FeedId> = lost.collect();
        self.feeds.retain(|held| feeds.contains(&held.feed));
        self.lost.extend(lost);
    }

    /// Deletes what the PIN opens: only an online sign-in brings it back.
    pub fn close(&mut self, reason: Closed) {
        self.sealed = Vec::new();
        for held in &mut self.feeds {
            held.sealed = Vec::new();
        }
        self.closed = Some(reason);
    }
}
