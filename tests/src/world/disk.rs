//! The server's disk: what was not synced is lost when the server is killed.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use floorbook_server::ledger::LedgerStorage;
use redb::StorageBackend;

/// A file in memory that outlives the database that writes it.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<File>>);

#[derive(Debug, Default)]
struct File {
    bytes: Vec<u8>,
    /// What stood there before each write since the last sync, the latest last.
    undo: Vec<Undo>,
}

#[derive(Debug)]
enum Undo {
    Write { offset: usize, before: Vec<u8> },
    Length { before: usize, cut_off: Vec<u8> },
}

impl Disk {
    /// The disk as it is found after the power failed: everything since the last sync is gone.
    pub fn after_crash(&self) -> Self {
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = file.bytes.clone();
        for undo in file.undo.iter().rev() {
            match undo {
                Undo::Write { offset, before } => {
                    bytes[*offset..*offset + before.len()].copy_from_slice(before);
                }
                Undo::Length { before, cut_off } => {
                    bytes.truncate(*before);
                    bytes.extend_from_slice(cut_off);
                }
            }
        }
        Self(Arc::new(Mutex::new(File {
            bytes,
            undo: Vec::new(),
        })))
    }
}

/// A ledger in memory; what is written is on its disk.
#[derive(Clone, Debug, Default)]
pub struct WorldLedger(Arc<Mutex<Vec<u8>>>);

impl LedgerStorage for WorldLedger {
    fn reader(&self) -> std::io::Result<Box<dyn Read + '_>> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Box::new(std::io::Cursor::new(bytes.clone())))
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.truncate(offset as usize);
        file.extend_from_slice(bytes);
        Ok(())
    }
}

impl StorageBackend for Disk {
    fn len(&self) -> std::io::Result<u64> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .bytes
            .len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> std::io::Result<()> {
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = offset as usize;
        out.copy_from_slice(&file.bytes[offset..offset + out.len()]);
        Ok(())
    }

    fn set_len(&self, len: u64) -> std::io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, len) = (file.bytes.len(), len as usize);
        let cut_off = if len < before {
            file.bytes.split_off(len)
        } else {
            Vec::new()
        };
        let kept = before.min(len);
        file.undo.push(Undo::Length {
            before: kept,
            cut_off,
        });
        file.bytes.resize(len, 0);
        Ok(())
    }

    fn sync_data(&self) -> std::io::Result<()> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .undo
            .clear();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> std::io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = offset as usize;
        let before = file.bytes[offset..offset + data.len()].to_vec();
        file.undo.push(Undo::Write { offset, before });
        file.bytes[offset..offset + data.len()].copy_from_slice(data);
        Ok(())
    }
}
