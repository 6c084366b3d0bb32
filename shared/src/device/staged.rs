//! A set of changes on its way to the disk: the writes before, the same change of memory after.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::device::aside::AsideRecord;
use crate::device::engine::Job;
use crate::device::message::Notice;
use crate::device::record::{
    Counters, CursorRecord, Home, OutboxRecord, RefusedRecord, RowRecord, StoredOutbox,
    TabletRecord,
};
use crate::device::sealing::OpenKeyring;
use crate::device::storage::Durability;
use crate::id::{DocumentId, FeedId, GroupId, PersonId};
use crate::sync::message::FeedCursor;
use crate::vault::issued::IssuedKeys;
use crate::vault::key::Key;
use crate::vault::keyring::KeyringRecord;

/// What one job changes, on disk and then in memory.
#[derive(Debug, Default)]
pub(crate) struct Staged {
    pub chunks: Vec<(Home, Vec<u8>)>,
    pub removed_documents: Vec<Home>,
    /// Documents whose chunks here are all replaced by `chunks`.
    pub replaced_documents: Vec<Home>,
    /// The receipts in it are filled in before it is written.
    pub rows: Vec<RowRecord>,
    /// Receipts that arrived with it.
    pub receipts: BTreeMap<DocumentId, Vec<u8>>,
    /// Keys of rows that can't be read.
    pub removed_rows: Vec<String>,
    /// Feeds whose rows are all among `rows`, which take the place of all that is stored.
    pub repacked_feeds: BTreeSet<FeedId>,
    /// Feeds that leave the open keyring.
    pub removed_feeds: BTreeSet<FeedId>,
    pub outbox: Vec<OutboxRecord>,
    /// Outbox rows as they will stand: `outbox` sealed, and such whose answer is noted.
    pub shelved: Vec<StoredOutbox>,
    pub removed_outbox: Vec<u64>,
    /// Rows of others that stay, but whose changes are not in their documents any more.
    pub hidden_outbox: Vec<u64>,
    /// Keys of outbox rows that can't be read.
    pub removed_outbox_keys: Vec<String>,
    pub cursors: Vec<CursorRecord>,
    pub refused: Vec<RefusedRecord>,
    pub removed_refused: Vec<GroupId>,
    pub drafts: Vec<(String, String)>,
    pub scope: Option<Scope>,
    /// Keys that came with the scope.
    pub issued: Option<IssuedKeys>,
    /// What the open keyring will be.
    pub opens: Option<OpenKeyring>,
    pub keyrings: Vec<KeyringRecord>,
    /// People whose keyrings go, with their drafts.
    pub removed_keyrings: Vec<PersonId>,
    /// Feeds that nobody here holds any more.
    pub emptied_feeds: BTreeSet<FeedId>,
    pub tablet: Option<TabletRecord>,
    pub device_secret: Option<Key>,
    /// Whether everything that is here goes before the rest is written.
    pub erases: bool,
    /// What is done next, before anything else, once it is on disk.
    pub then: Option<Job>,
    pub counters: Option<Counters>,
    /// All that is set aside from now on.
    pub aside: Option<AsideRecord>,
    /// Whether it only finds out if the storage takes something again.
    pub is_probe: bool,
    /// Whether nothing of its rows and documents changes that the screen shows.
    pub is_unseen: bool,
    pub is_strict: bool,
    /// Places in logs that the store is told of once they are on disk: for every frame, also one
    /// that moved nothing.
    pub confirmed: Option<Vec<FeedCursor>>,
    /// What the screen is told once it is on disk.
    pub notices: Vec<Notice>,
    /// What the screen is told if it could not be written; the code is filled in.
    pub failure: Option<u32>,
    /// The same, of what is no request of the screen with a number.
    pub on_failure: Option<Notice>,
}

impl Staged {
    pub(crate) const fn durability(&self) -> Durability {
        if self.is_strict {
            Durability::Strict
        } else {
            Durability::Relaxed
        }
    }

    /// Documents whose content or row it changes.
    pub(crate) fn touched(&self) -> Vec<DocumentId> {
        let mut documents: Vec<DocumentId> =
            self.rows.iter().map(|record| record.document.id).collect();
        documents.extend(self.chunks.iter().map(|(home, _)| home.document));
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    /// Whether it says nothing about people and scope.
    pub(crate) fn is_nothing(&self) -> bool {
        self.scope.is_none() && self.keyrings.is_empty() && self.removed_keyrings.is_empty()
    }

    /// A keyring's record as it will be, if it changes.
    pub(crate) fn keyring(&self, person: PersonId) -> Option<&KeyringRecord> {
        self.keyrings.iter().find(|record| record.person == person)
    }

    /// Changes a keyring's record.
    pub(crate) fn put_keyring(&mut self, record: KeyringRecord) {
        self.keyrings.retain(|known| known.person != record.person);
        self.keyrings.push(record);
    }
}
