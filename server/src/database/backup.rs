//! A consistent copy of all tables into a new file, while the others go on reading and writing.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use redb::{
    Durability, ReadTransaction, ReadableDatabase, ReadableTable, ReadableTableMetadata,
    TableDefinition, TableHandle,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::DatabaseError;
use super::embedded::builder;

/// Bytes that are copied in one transaction of the copy: what it holds in memory stays bounded.
const STEP_BYTES: usize = 32 * 1024 * 1024;

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupReport {
    /// Entries by table.
    pub entries: BTreeMap<String, u64>,
    /// Size of the file.
    pub bytes: u64,
}

/// Why a backup was not made.
#[derive(Debug, Error)]
pub enum BackupError {
    /// The data can't be read.
    #[error(transparent)]
    Source(#[from] DatabaseError),
    /// The copy can't be written or read.
    #[error("the backup can't be written: {0}")]
    Target(Box<redb::Error>),
    /// The file of the copy can't be made, moved or synced.
    #[error("the backup can't be written: {0}")]
    File(io::Error),
    /// A file is there already.
    #[error("{0} exists already; name another file, or give --force to replace it")]
    Exists(String),
    /// What is there is not a backup, or in use.
    #[error("{0} is not a backup, or is in use, so it is not replaced; name another file")]
    NotABackup(String),
    /// What was written is not what was read.
    #[error("the copy of table {0} is not complete; check the disk that the backup goes to")]
    Incomplete(String),
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

fn target(error: impl Into<redb::Error>) -> BackupError {
    BackupError::Target(Box::new(error.into()))
}

fn source(error: impl Into<redb::Error>) -> BackupError {
    BackupError::Source(error.into().into())
}

/// Copies what one read transaction sees into a file, which must be empty or not there, and opens
/// the copy to compare it.
pub(super) fn copy(
    read: &ReadTransaction,
    file: &Path,
    tell: &dyn Fn(String),
) -> Result<BackupReport, BackupError> {
    let mut report = BackupReport::default();
    let copy = builder().create(file).map_err(target)?;
    // All tables of the file, whether this program knows them or not.
    for table in read.list_tables().map_err(source)? {
        let name = table.name().to_owned();
        let copied = copy_table(read, &copy, &name)?;
        tell(format!("{name}: {copied} entries"));
        report.entries.insert(name, copied);
    }
    // The first durable commit, which carries the ones before.
    copy.begin_write()
        .map_err(target)?
        .commit()
        .map_err(target)?;
    drop(copy);
    std::fs::File::open(file)?.sync_all()?;
    verify(file, &report)?;
    report.bytes = std::fs::metadata(file)?.len();
    Ok(report)
}

fn copy_table(
    read: &ReadTransaction,
    copy: &redb::Database,
    name: &str,
) -> Result<u64, BackupError> {
    let definition = TableDefinition::<&[u8], &[u8]>::new(name);
    let from = read.open_table(definition).map_err(source)?;
    let mut entries = from.iter().map_err(source)?;
    let mut copied = 0;
    loop {
        let mut write = copy.begin_write().map_err(target)?;
        write.set_durability(Durability::None).map_err(target)?;
        let mut bytes = 0;
        {
            let mut to = write.open_table(definition).map_err(target)?;
            while bytes < STEP_BYTES {
                let Some(entry) = entries.next() else { break };
                let (key, value) = entry.map_err(source)?;
                to.insert(key.value(), value.value()).map_err(target)?;
                bytes += key.value().len() + value.value().len();
                copied += 1;
            }
        }
        write.commit().map_err(target)?;
        if bytes < STEP_BYTES {
            return Ok(copied);
        }
    }
}

fn verify(file: &Path, report: &BackupReport) -> Result<(), BackupError> {
    let copy = builder().open_read_only(file).map_err(target)?;
    let read = copy.begin_read().map_err(target)?;
    for (name, entries) in &report.entries {
        let definition = TableDefinition::<&[u8], &[u8]>::new(name);
        let table = read.open_table(definition).map_err(target)?;
        if table.len().map_err(target)? != *entries {
            return Err(BackupError::Incomplete(name.clone()));
        }
    }
    Ok(())
}
