//! The embedded database: one redb file.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use floorbook_shared::access::{Identity, Post, Scope, Store};
use floorbook_shared::api::{Invitation, Member, TabletStanding};
use floorbook_shared::id::{DeviceId, FeedId, PersonId};
use floorbook_shared::sync::receipt::ReceiptKey;
use floorbook_shared::time::Timestamp;
use redb::{
    ReadTransaction, ReadableDatabase, ReadableTableMetadata, StorageBackend, WriteTransaction,
};

use super::backup::{self, BackupError, BackupReport};
use super::doctor::{Examination, Pace};
use super::model::{
    Account, AuditEntry, By, CodeGrant, Deed, DemoMark, Founding, NewAccount, NewSession,
    OpenSession, Status, Told,
};
use super::organisation::scope::{self, LastScope};
use super::organisation::{people, stores};
use super::recorded::{self, Recorded, Standing};
use super::tables::{self, DEVICES, META, SESSIONS, STAFF, STORES};
use super::{
    Database, DatabaseError, LedgerMismatch, LostAccess, Result, accounts, audit, organisation,
    sessions, tablets, write_access,
};
use crate::access::secret::{PasswordHash, SecretHash};
use crate::folder;
use crate::ledger::{Ledger, LedgerProblem, LedgerStorage};

/// Memory that redb may use for its cache, in bytes; its own default is 1 GiB.
pub const CACHE_BYTES: usize = 16 * 1024 * 1024;

/// The newest format of the database that this program reads, and the one that it writes.
pub const FORMAT_VERSION: u32 = 4;

const FORMAT: &[u8] = b"format_version";
const DEMO: &[u8] = b"demo";
const MASTER_CHECK: &[u8] = b"master_check";

/// Pause between two tries to open a file again that failed.
const REOPEN_PAUSE: Duration = Duration::from_secs(3);

/// Opens the storage once more; it must exist.
type Reopen = Box<dyn Fn() -> Result<redb::Database> + Send + Sync>;

/// Accounts, organisation and documents in one redb file.
///
/// After a failed read or write redb answers nothing but errors until it is opened again, so the
/// next request does that: a disk that was full and was cleared heals without a restart.
pub struct RedbDatabase {
    /// `None` after a failure, until the file could be opened again. Transactions run under the
    /// read lock, so whoever has the write lock knows that there are none.
    redb: RwLock<Option<redb::Database>>,
    /// Whether the file must be opened again.
    has_failed: AtomicBool,
    /// When opening it again was tried last.
    last_try: Mutex<Option<Instant>>,
    /// `None` for a storage that can't be opened again.
    reopen: Option<Reopen>,
    reopen_pause: Duration,
    /// The scope that was read last.
    pub(super) last_scope: LastScope,
    /// Told of what a restored backup must not undo; tests may do without.
    ledger: Option<Ledger>,
    /// Makes receipts, once it was given; tests may do without.
    pub(super) receipts: OnceLock<ReceiptKey>,
}

impl RedbDatabase {
    /// Opens the file, or makes it. A new one gets its name only when it is whole and on disk: a
    /// crash while redb writes the first pages would leave a file that nothing can open.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.exists() {
            let mut name = path.file_name().unwrap_or_default().to_owned();
            name.push(".new");
            let half = path.with_file_name(name);
            let in_place = |error: io::Error| DatabaseError::from(redb::Error::Io(error));
            match fs::remove_file(&half) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(in_place(error));
                }
                Ok(()) | Err(_) => {}
            }
            drop(Self::opened(&half, builder().create(&half), false)?);
            fs::rename(&half, path).map_err(in_place)?;
            folder::sync_folder_of(path).map_err(in_place)?;
        }
        Self::opened(path, builder().create(path), false)
    }

    /// Opens the file, which must be there and hold a database.
    pub fn open_existing(path: &Path) -> Result<Self> {
        Self::opened(path, builder().open(path), true)
    }

    fn opened(
        path: &Path,
        opened: std::result::Result<redb::Database, redb::DatabaseError>,
        must_hold_data: bool,
    ) -> Result<Self> {
        let redb = opened.map_err(|error| {
            if matches!(error, redb::DatabaseError::DatabaseAlreadyOpen) {
                DatabaseError::InUse(path.to_owned())
            } else {
                redb::Error::from(error).into()
            }
        })?;
        if must_hold_data && format_of(&redb)?.is_none() {
            return Err(DatabaseError::damaged("meta", "it is not of Floorbook"));
        }
        let path = path.to_owned();
        // Never `create`: a file that is gone must not be replaced by an empty one.
        let reopen = move || Ok(builder().open(&path).map_err(redb::Error::from)?);
        Self::prepare(redb, Some(Box::new(reopen)), REOPEN_PAUSE)
    }

    /// Opens the database on a storage of the caller's that can't be opened again.
    pub fn with_backend(backend: impl StorageBackend) -> Result<Self> {
        Self::prepare(open_backend(backend)?, None, REOPEN_PAUSE)
    }

    /// Opens the database on storages of the caller's, such as ones that fail on purpose: the
    /// first one now, another one after each failure, with a pause between two tries.
    pub fn with_backends<B: StorageBackend>(
        backends: impl Fn() -> B + Send + Sync + 'static,
        pause: Duration,
    ) -> Result<Self> {
        let redb = open_backend(backends())?;
        let reopen = move || open_backend(backends());
        Self::prepare(redb, Some(Box::new(reopen)), pause)
    }

    /// Checks the format before anything is written, then makes sure that all tables exist.
    fn prepare(
        redb: redb::Database,
        reopen: Option<Reopen>,
        reopen_pause: Duration,
    ) -> Result<Self> {
        let format = format_of(&redb)?;
        let database = Self {
            redb: RwLock::new(Some(redb)),
            has_failed: AtomicBool::new(false),
            last_try: Mutex::new(None),
            reopen,
            reopen_pause,
            last_scope: LastScope::default(),
            ledger: None,
            receipts: OnceLock::new(),
        };
        match format {
            Some(_) => {}
            None => database.write(|write| {
                for (_, table) in tables::ALL {
                    write.open_table(table)?;
                }
                let value = tables::encode("meta", &FORMAT_VERSION)?;
                write.open_table(META)?.insert(FORMAT, value.as_slice())?;
                Ok(())
            })?,
        }
        Ok(database)
    }

    /// Reads all pages of the file and compares them with their checksums; tells whether they are
    /// as they should be.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn verify_pages(&mut self) -> Result<bool> {
        let redb = self.redb.get_mut().unwrap_or_else(PoisonError::into_inner);
        let redb = redb.as_mut().ok_or(redb::Error::PreviousIo)?;
        match redb.check_integrity() {
            Ok(is_sound) => Ok(is_sound),
            Err(redb::DatabaseError::Storage(redb::StorageError::Corrupted(_))) => Ok(false),
            Err(error) => Err(redb::Error::from(error).into()),
        }
    }

    /// Has a ledger told of what a restored backup must not undo. One that holds nothing begins with
    /// what the database knows, if the database never followed one or `may_begin_anew`.
    ///
    /// # Errors
    /// If ledger and database do not fit together, or one of them can't be read or written.
    pub fn with_ledger(
        mut self,
        storage: Box<dyn LedgerStorage>,
        may_begin_anew: bool,
        nonce: SecretHash,
        now: Timestamp,
    ) -> Result<Self> {
        let (followed, is_set_up) = self.read(|read| {
            let followed = recorded::place(&read.open_table(META)?)?;
            Ok((followed, !read.open_table(STORES)?.is_empty()?))
        })?;
        let (reading, standing) = recorded::compare(storage.as_ref(), followed, is_set_up)?;
        let ledger = Ledger::open(storage, &reading);
        let begins = match standing {
            Standing::Follows => false,
            Standing::Begins => true,
            Standing::LedgerIsMissing if may_begin_anew && reading.end.number == 0 => true,
            Standing::LedgerIsMissing => return Err(LedgerMismatch::LedgerIsMissing.into()),
            Standing::DataIsOlder => return Err(LedgerMismatch::DataIsOlder.into()),
            Standing::Unreadable(LedgerProblem::Newer) => return Err(LedgerMismatch::Newer.into()),
            Standing::Unreadable(LedgerProblem::Broken | LedgerProblem::Torn) => {
                return Err(LedgerMismatch::Broken.into());
            }
        };
        if begins {
            self.write(|write| recorded::begin(write, &ledger, nonce, now))?;
        }
        self.ledger = Some(ledger);
        Ok(self)
    }

    /// Gives receipts, and believes its own, with this key.
    #[must_use]
    pub fn with_receipts(self, key: ReceiptKey) -> Self {
        Self {
            receipts: OnceLock::from(key),
            ..self
        }
    }

    /// Runs `body` in one write transaction that the ledger is told of before it is committed.
    pub(super) fn record<T>(
        &self,
        at: Timestamp,
        body: impl FnOnce(&Recorded<'_>) -> Result<T>,
    ) -> Result<T> {
        self.write(|write| {
            let recorded = Recorded::new(write);
            let before = scope::version(&write.open_table(META)?)?;
            let value = body(&recorded)?;
            write_access::follow(write, before, at)?;
            recorded.settle(self.ledger.as_ref(), at)?;
            Ok(value)
        })
    }

    pub(super) fn read<T>(&self, body: impl FnOnce(&ReadTransaction) -> Result<T>) -> Result<T> {
        self.with_redb(|redb| body(&redb.begin_read()?))
    }

    /// Runs `ask` on the open file, and opens it again first if it failed.
    fn with_redb<T>(&self, ask: impl FnOnce(&redb::Database) -> Result<T>) -> Result<T> {
        if self.has_failed.load(Ordering::SeqCst) {
            self.heal();
        }
        let guard = self.redb.read().unwrap_or_else(PoisonError::into_inner);
        let redb = guard.as_ref().ok_or(redb::Error::PreviousIo)?;
        let result = ask(redb);
        if let Err(error) = &result
            && self.reopen.is_some()
            && error.is_of_storage()
        {
            self.has_failed.store(true, Ordering::SeqCst);
        }
        result
    }

    /// The ledger that is told.
    #[cfg(test)]
    pub(super) const fn ledger(&self) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    /// Has the next request open the file again.
    #[cfg(test)]
    pub(super) fn fail(&self) {
        self.has_failed.store(true, Ordering::SeqCst);
    }

    /// Opens the file again, unless that was tried a moment ago. What it finds is what was
    /// committed last.
    fn heal(&self) {
        let Some(reopen) = &self.reopen else {
            return;
        };
        let mut last_try = self.last_try.lock().unwrap_or_else(PoisonError::into_inner);
        let is_early = last_try.is_some_and(|last| last.elapsed() < self.reopen_pause);
        // Somebody else may have healed it while this thread waited for the lock.
        if is_early || !self.has_failed.load(Ordering::SeqCst) {
            return;
        }
        let mut redb = self.redb.write().unwrap_or_else(PoisonError::into_inner);
        // The file is locked until the old handle is gone.
        drop(redb.take());
        self.last_scope.forget();
        let opened = reopen().and_then(|opened| match format_of(&opened)? {
            Some(_) => Ok(opened),
            None => Err(DatabaseError::damaged("meta", "the file is empty")),
        });
        match opened {
            Ok(opened) => {
                *redb = Some(opened);
                self.has_failed.store(false, Ordering::SeqCst);
                tracing::warn!("the database was opened again after a failure");
            }
            Err(error) => tracing::error!(%error, "the database can't be opened again yet"),
        }
        *last_try = Some(Instant::now());
    }

    /// Runs `body` in one write transaction: all of it is kept and fsynced, or nothing.
    pub(super) fn write<T>(&self, body: impl FnOnce(&WriteTransaction) -> Result<T>) -> Result<T> {
        self.with_redb(|redb| {
            let write = redb.begin_write()?;
            match body(&write) {
                Ok(value) => {
                    write.commit()?;
                    Ok(value)
                }
                Err(error) => {
                    // The error that led here says more than one of giving up would.
                    let _ = write.abort();
                    Err(error)
                }
            }
        })
    }
}

/// The format of the file, if it has one; one of a newer program is an error.
fn format_of(redb: &redb::Database) -> Result<Option<u32>> {
    let found = match redb.begin_read()?.open_table(META) {
        Ok(meta) => organisation::get::<u32>("meta", &meta, FORMAT)?,
        Err(redb::TableError::TableDoesNotExist(_)) => None,
        Err(error) => return Err(error.into()),
    };
    match found {
        Some(found) if found > FORMAT_VERSION => Err(DatabaseError::Newer {
            found,
            known: FORMAT_VERSION,
        }),
        Some(found) if found < FORMAT_VERSION => Err(DatabaseError::Older {
            found,
            known: FORMAT_VERSION,
        }),
        found => Ok(found),
    }
}

fn open_backend(backend: impl StorageBackend) -> Result<redb::Database> {
    let opened = builder().create_with_backend(backend);
    Ok(opened.map_err(redb::Error::from)?)
}

pub(super) fn builder() -> redb::Builder {
    let mut builder = redb::Database::builder();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

impl fmt::Debug for RedbDatabase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RedbDatabase")
    }
}

impl Database for RedbDatabase {
    fn check(&self) -> Result<()> {
        self.scope_version().map(|_| ())
    }

    fn is_set_up(&self) -> Result<bool> {
        self.read(|read| organisation::is_set_up(&read.open_table(STAFF)?))
    }

    fn status(&self) -> Result<Status> {
        self.read(|read| {
            let count = |table| -> Result<u64> { Ok(read.open_table(table)?.len()?) };
            Ok(Status {
                is_set_up: organisation::is_set_up(&read.open_table(STAFF)?)?,
                format_version: FORMAT_VERSION,
                scope_version: scope::version(&read.open_table(META)?)?,
                stores: count(STORES)?,
                people: count(STAFF)?,
                devices: count(DEVICES)?,
                sessions: count(SESSIONS)?,
            })
        })
    }

    fn scope(&self) -> Result<Arc<Scope>> {
        self.read(|read| self.last_scope.seen_by(read))
    }

    fn scope_version(&self) -> Result<u64> {
        self.read(|read| scope::version(&read.open_table(META)?))
    }

    fn found(&self, founding: &Founding) -> Result<(TabletStanding, Identity)> {
        self.record(founding.session.now, |write| {
            accounts::found(write, founding)
        })
    }

    fn add_store(&self, store: &Store, by: By) -> Result<()> {
        self.record(by.at, |write| {
            stores::add(write, store)?;
            audit::note(write, by, Deed::StoreAdded { store: store.id })
        })
    }

    fn add_person(&self, account: &NewAccount, by: By) -> Result<()> {
        self.record(by.at, |write| {
            people::add(write, account, None)?;
            audit::note(
                write,
                by,
                Deed::PersonAdded {
                    subject: account.id,
                },
            )?;
            people::note_posts(write, account.id, &account.posts, by)?;
            match account.code {
                Some(code) => accounts::issue_code(write, account.id, code, by),
                None => Ok(()),
            }
        })
    }

    fn add_post(&self, person: PersonId, post: Post, by: By) -> Result<()> {
        self.record(by.at, |write| {
            if people::add_post(write, person, post)? {
                let deed = Deed::PostAdded {
                    subject: person,
                    post,
                };
                audit::note(write, by, deed)?;
            }
            Ok(())
        })
    }

    fn set_password(&self, person: PersonId, password: &PasswordHash, by: By) -> Result<()> {
        self.record(by.at, |write| {
            accounts::set_password(write, person, password)?;
            audit::note(write, by, Deed::PasswordReplaced { subject: person })
        })
    }

    fn issue_code(&self, person: PersonId, code: CodeGrant, by: By) -> Result<()> {
        self.record(by.at, |write| accounts::issue_code(write, person, code, by))
    }

    fn account_named(&self, name: &str) -> Result<Option<Account>> {
        self.read(|read| organisation::account_named(read, name))
    }

    fn members(&self) -> Result<Vec<Member>> {
        self.read(organisation::members)
    }

    fn invitation(&self, code: SecretHash, now: Timestamp) -> Result<Option<Invitation>> {
        self.read(|read| accounts::invitation(read, code, now))
    }

    fn join(
        &self,
        code: SecretHash,
        password: &PasswordHash,
        new: &NewSession,
    ) -> Result<Identity> {
        self.record(new.now, |write| accounts::join(write, code, password, new))
    }

    fn sign_in(&self, person: PersonId, new: &NewSession) -> Result<Identity> {
        self.record(new.now, |write| sessions::open(write, person, new))
    }

    fn sign_in_by_password(
        &self,
        person: PersonId,
        proven: &PasswordHash,
        new: &NewSession,
    ) -> Result<Identity> {
        self.record(new.now, |write| {
            accounts::check_password(write, person, proven)?;
            sessions::open(write, person, new)
        })
    }

    fn session(
        &self,
        token: SecretHash,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<Option<OpenSession>> {
        self.read(|read| sessions::find(read, token, device, now))
    }

    fn use_session(&self, token: SecretHash, now: Timestamp) -> Result<()> {
        self.write(|write| sessions::note_use(write, token, now))
    }

    fn sign_out(&self, token: SecretHash, now: Timestamp) -> Result<()> {
        self.record(now, |write| sessions::end(write, token, now))
    }

    fn note(&self, by: By, deed: Deed) -> Result<()> {
        self.record(by.at, |write| audit::note(write, by, deed))
    }

    fn master_check(&self) -> Result<Option<SecretHash>> {
        self.read(|read| organisation::get("meta", &read.open_table(META)?, MASTER_CHECK))
    }

    fn bind_master(&self, check: SecretHash) -> Result<()> {
        self.write(|write| {
            let value = tables::encode("meta", &check)?;
            let mut meta = write.open_table(META)?;
            meta.insert(MASTER_CHECK, value.as_slice())?;
            Ok(())
        })
    }

    fn note_import(&self, rows: u32, created: u32, by: By) -> Result<()> {
        self.record(by.at, |write| {
            audit::note(write, by, Deed::Imported { rows, created })
        })
    }

    fn lost_access(&self, person: PersonId, feed: FeedId) -> Result<Option<LostAccess>> {
        self.read(|read| write_access::lost(read, person, feed))
    }

    fn confirm(&self, device: DeviceId, told: &Told, now: Timestamp) -> Result<()> {
        self.write(|write| tablets::confirm(write, device, told, now))
    }

    fn confirmed(&self, device: DeviceId) -> Result<Told> {
        self.read(|read| tablets::confirmed(read, device))
    }

    fn copy_to(
        &self,
        file: &Path,
        tell: &dyn Fn(String),
    ) -> std::result::Result<BackupReport, BackupError> {
        // An error of the copy must not count as one of the data: the inner result carries it.
        self.read(|read| Ok(backup::copy(read, file, tell)))?
    }

    fn examine(&self, pace: &Pace, tell: &dyn Fn(String)) -> Result<Examination> {
        let ledger = self.ledger.as_ref().map(Ledger::storage);
        self.examine_with(ledger, pace, tell)
    }

    fn demo(&self) -> Result<Option<DemoMark>> {
        self.read(|read| organisation::get("meta", &read.open_table(META)?, DEMO))
    }

    fn mark_demo(&self, mark: DemoMark) -> Result<()> {
        self.write(|write| {
            let value = tables::encode("meta", &mark)?;
            write.open_table(META)?.insert(DEMO, value.as_slice())?;
            Ok(())
        })
    }

    fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditEntry>> {
        self.read(|read| audit::entries(read, after, limit))
    }
}
