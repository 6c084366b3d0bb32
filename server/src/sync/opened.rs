//! Pushed work out of its seal: the seal proves whose it is.

use floorbook_shared::document::{DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, FeedId, GroupId, PersonId};
use floorbook_shared::sync::message::PushItem;
use floorbook_shared::vault::delivery::ForgedSeal;
use floorbook_shared::vault::master::MasterSecret;

/// One change of a tablet's outbox, opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedItem {
    /// The tablet's running number of its changes.
    pub device_seq: u64,
    /// The command that it belongs to.
    pub group: GroupId,
    /// Who gave the command: the seal is theirs.
    pub person: PersonId,
    /// The document.
    pub document: DocumentKey,
    /// What the document describes.
    pub kind: DocumentKind,
    /// The feed into which a new document goes; for a known one the server knows better.
    pub feed: FeedId,
    /// The change, uncompressed.
    pub change: Vec<u8>,
}

impl OpenedItem {
    /// Opens what a tablet pushed with the key that its person has there.
    ///
    /// # Errors
    /// If it is not the seal of that person on that tablet.
    pub fn open(
        item: &PushItem,
        device: DeviceId,
        master: &MasterSecret,
    ) -> Result<Self, ForgedSeal> {
        let key = master.delivery_key(device, item.person);
        let work = item.docket(device).open(&key, &item.work)?;
        Ok(Self {
            device_seq: item.device_seq,
            group: item.group,
            person: item.person,
            document: work.document,
            kind: work.kind,
            feed: work.feed,
            change: work.change,
        })
    }
}
