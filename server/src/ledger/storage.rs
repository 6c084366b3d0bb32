//! Where the bytes of a ledger are.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::folder;

/// A file that grows at its end; tests put one in memory that fails on purpose.
pub trait LedgerStorage: Send + Sync {
    /// Reads from the start; what is not there yet is empty.
    ///
    /// # Errors
    /// If it can't be read.
    fn reader(&self) -> io::Result<Box<dyn Read + '_>>;

    /// Cuts off what stands from `offset` on, writes there, and has it on disk when it returns.
    ///
    /// # Errors
    /// If it can't be written; then anything may stand from `offset` on.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
}

/// A ledger in a file, which is made when it is first written. It is opened anew for each line: that
/// is rare, and so a file that was moved away is noticed instead of written to.
#[derive(Debug)]
pub struct FileStorage(PathBuf);

impl FileStorage {
    /// The ledger in this file.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    fn open(&self, may_create: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true);
        if may_create {
            options.create(true);
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        options.open(&self.0)
    }
}

impl LedgerStorage for FileStorage {
    fn reader(&self) -> io::Result<Box<dyn Read + '_>> {
        match File::open(&self.0) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Box::new(io::empty())),
            Err(error) => Err(error),
        }
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.open(offset == 0)?;
        let length = file.metadata()?.len();
        if length < offset {
            return Err(io::Error::other("the ledger is shorter than it was"));
        }
        if length > offset {
            file.set_len(offset)?;
        }
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        file.sync_data()?;
        if offset == 0 {
            folder::sync_folder_of(&self.0)?;
        }
        Ok(())
    }
}
