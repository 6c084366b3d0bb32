//! Writing a backup to a file.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::{beside, create_private};
use crate::database::model::{By, Deed, Export};
use crate::database::{BackupError, BackupReport, Database};
use crate::folder;

/// What stands at the start of every redb file.
const REDB_MAGIC: &[u8] = b"redb\x1a\x0a\xa9\x0d\x0a";

/// Writes a backup beside its place, checks it, and moves it there when it is whole and on disk.
///
/// # Errors
/// If it can't be written, or another file is in its place; that one is untouched then.
pub fn write(
    database: &dyn Database,
    file: &Path,
    replace: bool,
    tell: &dyn Fn(String),
) -> Result<BackupReport, BackupError> {
    check_place(file, replace)?;
    let half = beside(file, ".part");
    drop(create_private(&half)?);
    let report = match database.copy_to(&half, tell) {
        Ok(report) => report,
        Err(error) => {
            // What is left of it is of no use; the error that led here says more.
            let _ = fs::remove_file(&half);
            return Err(error);
        }
    };
    // Somebody may have put a file there meanwhile.
    check_place(file, replace)?;
    fs::rename(&half, file)?;
    folder::sync_folder_of(file)?;
    Ok(report)
}

/// The same, noted in the audit before: the backup holds that entry as well.
///
/// # Errors
/// As [`write`].
pub fn write_noted(
    database: &dyn Database,
    file: &Path,
    replace: bool,
    by: By,
    tell: &dyn Fn(String),
) -> Result<BackupReport, BackupError> {
    check_place(file, replace)?;
    let deed = Deed::Exported {
        export: Export::Backup,
        cards: None,
    };
    database.note(by, deed)?;
    write(database, file, replace, tell)
}

/// Only another backup is ever replaced, and never the data of a running server.
fn check_place(file: &Path, replace: bool) -> Result<(), BackupError> {
    let mut there = match fs::File::open(file) {
        Ok(there) => there,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if !replace {
        return Err(BackupError::Exists(file.display().to_string()));
    }
    let mut magic = [0; REDB_MAGIC.len()];
    let is_backup = there.read_exact(&mut magic).is_ok() && magic == REDB_MAGIC;
    if !is_backup || there.try_lock_shared().is_err() {
        return Err(BackupError::NotABackup(file.display().to_string()));
    }
    Ok(())
}
