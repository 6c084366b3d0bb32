//! Putting a backup into the place of the data.
//!
//! All work is done on a copy of the backup. The data of before keep a name of their own, and the
//! copy gets the data's name in one step: a crash leaves the one or the other, never neither.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use floorbook_shared::time::Timestamp;

use super::doctor::examine;
use super::{DataPlace, beside, create_private, nonce};
use crate::clock::{Clock, SystemClock};
use crate::database::{Examination, RedbDatabase, Replayed};
use crate::folder;
use crate::ledger::FileStorage;

/// What is to be restored.
#[derive(Clone, Debug)]
pub struct RestoreOrder {
    /// Where to.
    pub place: DataPlace,
    /// The backup.
    pub backup: PathBuf,
    /// Whether the ledger is lost for good.
    pub without_ledger: bool,
    /// Whether to restore a backup in which the doctor finds something, and to follow a damaged
    /// ledger as far as it can be read.
    pub accept_damage: bool,
}

/// What was done.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Where the data of before are now.
    pub set_aside: Option<PathBuf>,
    /// Where the ledger of before is now, if a new one was begun.
    pub ledger_set_aside: Option<PathBuf>,
    /// What was taken over from the ledger; without a ledger, nothing.
    pub replayed: Option<Replayed>,
    /// Sessions that were ended because there is no ledger.
    pub sessions_ended: u64,
    /// Where the master secret should be, if it is not there: it is in no backup.
    pub master_missing: Option<PathBuf>,
}

/// Restores a backup; `tell` is told of each step.
///
/// # Errors
/// If a server runs, the backup is not one or is damaged, or the ledger is missing or does not fit.
/// The data are as before then.
pub fn restore(order: &RestoreOrder, tell: &dyn Fn(String)) -> Result<Restored> {
    let place = &order.place;
    let data = &place.data;
    folder::prepare(data)
        .with_context(|| format!("can't use the data folder {}", data.display()))?;
    refuse_beside_a_server(data)?;
    let current = place.database();
    let _lock = lock(&current)?;
    let ledger = place.ledger();
    let has_ledger = fs::metadata(&ledger).is_ok_and(|metadata| metadata.len() > 0);
    ensure!(
        has_ledger || order.without_ledger,
        "there is no ledger at {}; without it, sessions that were ended and one-time codes that \
         were spent since the backup could not be told from the others. Name it with --ledger; if \
         it is lost for good, give --without-ledger, and everybody has to sign in again",
        ledger.display()
    );

    let half = beside(&current, ".restoring");
    tell(format!("copying {}", order.backup.display()));
    copy(&order.backup, &half).with_context(|| format!("can't copy {}", order.backup.display()))?;
    let now = SystemClock.now();
    let done = work_on(&half, order, &ledger, now, tell);
    let (replayed, sessions_ended) = match done {
        Ok(done) => done,
        Err(error) => {
            // The copies are ours; the backup itself was only read.
            let _ = fs::remove_file(&half);
            let _ = fs::remove_file(new_ledger(&ledger));
            return Err(error);
        }
    };
    fs::File::open(&half)?.sync_all()?;
    let data_aside = set_aside(&current, now)?;
    fs::rename(&half, &current)?;
    folder::sync_folder_of(&current)?;
    let ledger_set_aside = if order.without_ledger {
        let aside = set_aside(&ledger, now)?;
        fs::rename(new_ledger(&ledger), &ledger)?;
        folder::sync_folder_of(&ledger)?;
        aside
    } else {
        None
    };
    Ok(Restored {
        set_aside: data_aside,
        ledger_set_aside,
        replayed,
        sessions_ended,
        master_missing: Some(place.master()).filter(|master| !master.exists()),
    })
}

/// Where a new ledger is until it gets its name.
fn new_ledger(ledger: &Path) -> PathBuf {
    beside(ledger, ".new")
}

/// What is done to the copy before it gets the data's name.
fn work_on(
    half: &Path,
    order: &RestoreOrder,
    ledger: &Path,
    now: Timestamp,
    tell: &dyn Fn(String),
) -> Result<(Option<Replayed>, u64)> {
    let mut database = RedbDatabase::open_existing(half)
        .with_context(|| format!("{} can't be restored", order.backup.display()))?;
    tell("checking it".to_owned());
    let examination = check(&mut database, order, tell)?;
    if !examination.is_healthy() {
        tell(format!(
            "the doctor finds something in it ({}); run `floorbook doctor` when it is restored",
            examination.codes()
        ));
    }
    if order.without_ledger {
        let new = new_ledger(ledger);
        drop(create_private(&new)?);
        let storage = Box::new(FileStorage::new(&new));
        let ended = database.restore_without_ledger(storage, nonce(), now)?;
        return Ok((None, ended));
    }
    if order.accept_damage {
        // A damaged end would be cut off; what it was stays under another name.
        set_aside(ledger, now)?;
    }
    tell(format!("taking over what {} tells", ledger.display()));
    let storage = Box::new(FileStorage::new(ledger));
    let replayed = database
        .replay_ledger(storage, order.accept_damage, now)
        .with_context(|| format!("the ledger is {}", ledger.display()))?;
    Ok((Some(replayed), 0))
}

fn check(
    database: &mut RedbDatabase,
    order: &RestoreOrder,
    tell: &dyn Fn(String),
) -> Result<Examination> {
    let examination = examine(database, None, tell)?;
    ensure!(
        order.accept_damage || !examination.needs_backup(),
        "the doctor finds something in {} that can't be mended ({}); try an older backup, or give \
         --accept-damage",
        order.backup.display(),
        examination.codes()
    );
    Ok(examination)
}

/// A running server holds the data, and its memory would not follow.
fn refuse_beside_a_server(data: &Path) -> Result<()> {
    #[cfg(unix)]
    if std::os::unix::net::UnixStream::connect(folder::admin_socket(data)).is_ok() {
        bail!(
            "a server is running on {}; stop it first, restore, and start it again",
            data.display()
        );
    }
    #[cfg(not(unix))]
    let _ = data;
    Ok(())
}

/// Keeps every other Floorbook away from the data while they are replaced. Data that are damaged
/// are locked as well: they need not open for that.
fn lock(current: &Path) -> Result<Option<fs::File>> {
    let file = match fs::File::open(current) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("can't open {}", current.display()));
        }
    };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(_) => bail!(
            "another Floorbook is using {}; stop it first",
            current.display()
        ),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = fs::File::open(from)?;
    let mut target = create_private(to)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()
}

/// Gives a file a second, dated name under which it stays. Answers that name if the file is there.
fn set_aside(file: &Path, now: Timestamp) -> Result<Option<PathBuf>> {
    if !file.exists() {
        return Ok(None);
    }
    let stamp = jiff::Timestamp::from_millisecond(now.as_millis())
        .map(|at| at.strftime("%Y-%m-%dT%H%M%SZ").to_string())
        .unwrap_or_default();
    let mut number = 0;
    loop {
        let ending = match number {
            0 => format!(".before-restore-{stamp}"),
            _ => format!(".before-restore-{stamp}-{number}"),
        };
        let aside = beside(file, &ending);
        if !aside.exists() {
            // A second name costs no disk; where the file system has none, a copy does.
            if fs::hard_link(file, &aside).is_err() {
                copy(file, &aside).with_context(|| format!("can't keep {}", file.display()))?;
            }
            folder::sync_folder_of(&aside)?;
            return Ok(Some(aside));
        }
        number += 1;
    }
}
