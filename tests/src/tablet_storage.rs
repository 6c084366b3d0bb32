//! Stand-ins for the storage of a tablet: what IndexedDB is in a browser.
//!
//! They do what the engine's `Read` and `Transaction` say, at once and as a whole: a transaction
//! that fails has written nothing.

mod folder;
mod memory;

pub use folder::FolderStorage;
pub use memory::MemoryStorage;

use floorbook_shared::device::storage::{Read, StorageError, Transaction};

/// Entries that a read has found, in the order of their keys.
pub type Entries = Vec<(String, Vec<u8>)>;

/// The storage of one tablet.
pub trait TabletStorage: Send {
    /// All entries whose key begins with the prefix, in the order of their keys.
    ///
    /// # Errors
    /// If the storage can't be read.
    fn read(&self, read: &Read) -> Result<Entries, StorageError>;

    /// Carries out all writes, or none of them; returns when they are as durable as was asked.
    ///
    /// # Errors
    /// If the storage can't be written. Nothing of the transaction is kept then.
    fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError>;
}
