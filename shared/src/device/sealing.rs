//! The keyring that is open, and what is sealed and opened with it.

use crate::device::engine::Device;
use crate::device::record::{OutboxBody, OutboxMemo, OutboxRecord, StoredOutbox, outbox_key};
use crate::device::record::{from_bytes, to_bytes};
use crate::device::storage::{self, StorageError, StoreName};
use crate::id::{DeviceId, FeedId, PersonId, Randomness};
use crate::vault::delivery::{Docket, Work};
use crate::vault::key::Key;
use crate::vault::keyring::Keyring;
use crate::vault::seal::{self, OpenError, Place};

const COPY: &str = "outbox copy";
const MEMO: &str = "outbox memo";

/// A keyring that a PIN opened.
#[derive(Clone, Debug)]
pub(crate) struct OpenKeyring {
    pub keyring: Keyring,
    /// What opens its record: made of the PIN, and given to the screen for a worker that has to
    /// be started again.
    pub key: Key,
    own: Vec<Key>,
}

/// What has to be sealed and can't be, because its key is not here.
pub(crate) fn no_key() -> StorageError {
    StorageError {
        code: "locked".to_owned(),
        detail: "the key of this feed is not here".to_owned(),
    }
}

impl Device {
    /// Whether whoever is here can open what a feed holds.
    pub(crate) fn holds_key_of(&self, feed: FeedId) -> bool {
        let open = self.open.as_ref();
        open.is_some_and(|open| !open.keyring.feed_keys(feed).is_empty())
    }
}

impl OpenKeyring {
    pub(crate) fn new(keyring: Keyring, key: Key) -> Self {
        let own = keyring.own_keys();
        Self { keyring, key, own }
    }

    pub(crate) const fn person(&self) -> PersonId {
        self.keyring.identity.person
    }

    /// Seals a value that belongs to a feed.
    pub(crate) fn seal(
        &self,
        feed: FeedId,
        store: StoreName,
        key: &str,
        bytes: &[u8],
        randomness: &mut dyn Randomness,
    ) -> Result<Vec<u8>, StorageError> {
        let newest = self.keyring.feed_keys(feed).first().ok_or_else(no_key)?;
        Ok(storage::seal(newest, store, key, bytes, randomness))
    }

    /// Opens a value that belongs to a feed.
    pub(crate) fn open(
        &self,
        feed: FeedId,
        store: StoreName,
        key: &str,
        value: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        storage::open(self.keyring.feed_keys(feed), store, key, value)
    }

    /// Seals a value that is this person's alone.
    pub(crate) fn seal_own(
        &self,
        store: StoreName,
        key: &str,
        bytes: &[u8],
        randomness: &mut dyn Randomness,
    ) -> Result<Vec<u8>, StorageError> {
        let newest = self.own.first().ok_or_else(no_key)?;
        Ok(storage::seal(newest, store, key, bytes, randomness))
    }

    /// Opens a value that is this person's alone.
    pub(crate) fn open_own(
        &self,
        store: StoreName,
        key: &str,
        value: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        storage::open(&self.own, store, key, value)
    }

    /// An outbox row of this person as it is stored and sent.
    pub(crate) fn seal_outbox(
        &self,
        record: &OutboxRecord,
        randomness: &mut dyn Randomness,
    ) -> Result<StoredOutbox, StorageError> {
        let place = outbox_key(&record.header);
        let body = &record.body;
        let work = Work {
            document: body.document,
            kind: body.kind,
            feed: body.feed,
            change: body.change.clone(),
        };
        let memo = OutboxMemo {
            command: body.command.clone(),
            at: body.at,
        };
        let feed_key = self.keyring.feed_keys(body.feed).first();
        let delivery = self.keyring.delivery_keys().first().ok_or_else(no_key)?;
        let own = self.own.first().ok_or_else(no_key)?;
        let docket = docket(self.keyring.identity.device, record);
        // Without the feed's key nobody here can show the card either.
        let copy = feed_key.map(|key| {
            let place = Place::new(COPY, place.as_bytes());
            seal::seal(key, place, &to_bytes(&work), randomness)
        });
        let memo_place = Place::new(MEMO, place.as_bytes());
        Ok(StoredOutbox {
            header: record.header.clone(),
            work: docket.seal(delivery, &work, randomness),
            copy: copy.unwrap_or_default(),
            memo: seal::seal(own, memo_place, &to_bytes(&memo), randomness),
        })
    }

    /// Opens an outbox row as far as this person may read it.
    pub(crate) fn open_outbox(&self, row: &StoredOutbox) -> Result<OutboxRecord, OpenError> {
        let place = outbox_key(&row.header);
        let is_own = row.header.person == self.person();
        let copy = seal::open_among(
            self.all_feed_keys(),
            Place::new(COPY, place.as_bytes()),
            &row.copy,
        );
        let work: Work = match copy {
            Ok(bytes) => from_bytes(&bytes)?,
            // The feed left this person's scope; what they did themselves stays theirs.
            Err(_) if is_own => self.open_work(row)?,
            Err(error) => return Err(error),
        };
        let memo = if is_own {
            let memo_place = Place::new(MEMO, place.as_bytes());
            from_bytes(&seal::open_among(&self.own, memo_place, &row.memo)?)?
        } else {
            OutboxMemo {
                command: None,
                at: crate::time::Timestamp::default(),
            }
        };
        Ok(OutboxRecord {
            header: row.header.clone(),
            body: OutboxBody {
                document: work.document,
                kind: work.kind,
                feed: work.feed,
                change: work.change,
                command: memo.command,
                at: memo.at,
            },
        })
    }

    fn open_work(&self, row: &StoredOutbox) -> Result<Work, OpenError> {
        let docket = Docket {
            device: self.keyring.identity.device,
            device_seq: row.header.device_seq,
            group: row.header.group,
            person: row.header.person,
        };
        let mut keys = self.keyring.delivery_keys().iter();
        keys.find_map(|key| docket.open(key, &row.work).ok())
            .ok_or(OpenError::Locked)
    }

    fn all_feed_keys(&self) -> impl Iterator<Item = &Key> {
        let feeds: Vec<FeedId> = self.keyring.feeds().collect();
        feeds
            .into_iter()
            .flat_map(|feed| self.keyring.feed_keys(feed))
    }
}

fn docket(device: DeviceId, record: &OutboxRecord) -> Docket {
    Docket {
        device,
        device_seq: record.header.device_seq,
        group: record.header.group,
        person: record.header.person,
    }
}
