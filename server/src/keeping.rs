//! Keeping the data: opening them together with their ledger, backing them up, restoring them.
//!
//! Invariants: a backup or a restored file is whole, checked and on disk before it gets its name;
//! nothing is ever deleted but half-written files of our own.

pub mod backup;
pub mod doctor;
pub mod restore;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use floorbook_shared::id::Randomness;
use floorbook_shared::vault::master::MasterSecret;

use crate::access::master;
use crate::access::secret::SecretHash;
use crate::clock::{Clock, SystemClock, SystemRandomness};
use crate::database::{Database, RedbDatabase};
use crate::folder;
use crate::ledger::FileStorage;

/// Where the data are.
#[derive(Clone, Debug)]
pub struct DataPlace {
    /// The data folder.
    pub data: PathBuf,
    /// The ledger, if it is not in the data folder.
    pub ledger: Option<PathBuf>,
}

impl DataPlace {
    /// A data folder with its ledger in it.
    pub fn new(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            ledger: None,
        }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        folder::database(&self.data)
    }

    /// The ledger.
    pub fn ledger(&self) -> PathBuf {
        self.ledger
            .clone()
            .unwrap_or_else(|| folder::ledger(&self.data))
    }

    /// The master secret, beside the ledger: like it, it belongs to no backup.
    pub fn master(&self) -> PathBuf {
        self.ledger().with_file_name(folder::MASTER)
    }

    /// Reads the master secret of these data, or makes one for new data.
    ///
    /// # Errors
    /// If it is missing or another one, unless `may_begin_anew`; if it can't be read or written.
    pub fn open_master(
        &self,
        database: &dyn Database,
        may_begin_anew: bool,
    ) -> Result<MasterSecret> {
        let file = self.master();
        master::open(&file, database, may_begin_anew, &mut SystemRandomness)
    }

    /// Opens data that are there, with their ledger.
    ///
    /// # Errors
    /// If they are not there, in use or damaged, or the ledger does not fit.
    pub fn open(&self) -> Result<RedbDatabase> {
        let file = self.database();
        ensure!(
            file.exists(),
            "there is no Floorbook data in {}; name the folder with --data, or start the server once",
            self.data.display()
        );
        self.attach(RedbDatabase::open_existing(&file)?, false)
    }

    /// Opens the data with their ledger, or makes new ones.
    ///
    /// # Errors
    /// If they are in use or damaged, or the ledger does not fit.
    pub fn open_or_create(&self, new_ledger: bool) -> Result<RedbDatabase> {
        let file = self.database();
        let ledger = self.ledger();
        let has_ledger = fs::metadata(&ledger).is_ok_and(|metadata| metadata.len() > 0);
        ensure!(
            file.exists() || !has_ledger,
            "the data file {} is missing, but the ledger {} tells of one; restore a backup with \
             `floorbook restore FILE`, or name another folder or ledger",
            file.display(),
            ledger.display()
        );
        self.attach(RedbDatabase::open(&file)?, new_ledger)
    }

    fn attach(&self, database: RedbDatabase, may_begin_anew: bool) -> Result<RedbDatabase> {
        let ledger = self.ledger();
        let storage = Box::new(FileStorage::new(&ledger));
        database
            .with_ledger(storage, may_begin_anew, nonce(), SystemClock.now())
            .with_context(|| format!("the ledger is {}", ledger.display()))
    }
}

/// Random bytes with which a new ledger begins.
fn nonce() -> SecretHash {
    let mut bytes = [0; 32];
    SystemRandomness.fill(&mut bytes);
    SecretHash::from_bytes(bytes)
}

/// A name beside a file, with something behind it.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    file.with_file_name(name)
}

/// Makes a file that only its owner may read, in the place of a half-written one of a crash.
fn create_private(file: &Path) -> io::Result<fs::File> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(file)
}

#[cfg(test)]
mod tests;
