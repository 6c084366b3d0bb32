//! Looking into what is stored, for tests and tools.

use crate::device::engine::Device;
use crate::device::record::{OutboxBody, StoredOutbox, decode, feed_of_key};
use crate::device::storage::StoreName;
use crate::vault::seal::OpenError;

impl Device {
    /// Opens a stored value that belongs to a feed, with the keyring that is open.
    pub fn look_into(
        &self,
        store: StoreName,
        key: &str,
        value: &[u8],
    ) -> Result<Vec<u8>, OpenError> {
        let open = self.open.as_ref().ok_or(OpenError::Locked)?;
        let feed = feed_of_key(key).ok_or(OpenError::Damaged)?;
        open.open(feed, store, key, value)
    }

    /// Opens a stored outbox row, with the keyring that is open: its number and the work.
    pub fn look_into_outbox(
        &self,
        key: &str,
        value: &[u8],
    ) -> Result<(u64, OutboxBody), OpenError> {
        let open = self.open.as_ref().ok_or(OpenError::Locked)?;
        let row: StoredOutbox = decode(StoreName::Outbox, key, value)?;
        let record = open.open_outbox(&row)?;
        Ok((record.header.device_seq, record.body))
    }
}
