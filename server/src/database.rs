//! What the server keeps about accounts and the organisation, behind one trait.
//!
//! Context: redb is the embedded default; chains that outgrow one machine get another
//! implementation later. So the trait speaks of stores, people and sessions, never of tables.
//!
//! Invariants: every method that changes something does so in one transaction, or not at all; the
//! scope version grows in the same transaction as any change of stores, people, feeds or grants; secrets
//! (passwords, codes, session tokens) arrive as hashes.

pub mod directory;
pub mod error;
pub mod log;
pub mod model;
pub mod register;

mod accounts;
mod audit;
mod backup;
mod compaction;
mod doctor;
mod document_log;
mod embedded;
mod homes;
mod organisation;
mod recorded;
mod replay;
mod sessions;
mod tables;
mod tablets;
mod write_access;

#[cfg(test)]
pub(crate) mod test_tablets;
#[cfg(test)]
mod tests;

pub use backup::{BackupError, BackupReport};
pub use doctor::{Ailment, Examination, Finding, Pace, Remedy};
pub use embedded::{CACHE_BYTES, FORMAT_VERSION, RedbDatabase};
pub use error::{DatabaseError, LedgerMismatch, Refusal};
pub use homes::Home;
pub use replay::Replayed;
pub use write_access::{LATE_MAX_MILLIS, LostAccess, is_over};

use std::fmt::Debug;
use std::path::Path;
use std::sync::Arc;

use floorbook_shared::access::{Identity, Post, Scope, Store};
use floorbook_shared::api::{Invitation, Member, TabletStanding};
use floorbook_shared::id::{DeviceId, FeedId, PersonId};
use floorbook_shared::time::Timestamp;

use crate::access::secret::{PasswordHash, SecretHash};
use model::{
    Account, AuditEntry, By, CodeGrant, Deed, DemoMark, Founding, NewAccount, NewSession,
    OpenSession, Status, Told,
};

/// What a method of the database answers.
pub type Result<T> = std::result::Result<T, DatabaseError>;

/// Accounts and organisation of a chain.
///
/// Methods block on the disk: call them outside the async threads (`AppState::with_database`).
pub trait Database:
    log::DocumentLog + directory::Directory + register::TabletRegister + Debug + Send + Sync + 'static
{
    /// Reads something, to prove that the database answers.
    fn check(&self) -> Result<()>;

    /// Whether an administrator exists.
    fn is_set_up(&self) -> Result<bool>;

    /// Counts for `floorbook status`.
    fn status(&self) -> Result<Status>;

    /// The whole organisation, with its version.
    fn scope(&self) -> Result<Arc<Scope>>;

    /// The organisation as far as a person may see it.
    fn scope_of(&self, person: PersonId) -> Result<Scope> {
        Ok(self.scope()?.of(person))
    }

    /// The version of the scope; 0 while there is none.
    fn scope_version(&self) -> Result<u64>;

    /// Makes the first store and administrator, enrols their browser and signs them in.
    fn found(&self, founding: &Founding) -> Result<(TabletStanding, Identity)>;

    /// Adds a store with its books.
    fn add_store(&self, store: &Store, by: By) -> Result<()>;

    /// Adds a staff member with the books of their posts and, where given, a one-time code.
    fn add_person(&self, account: &NewAccount, by: By) -> Result<()>;

    /// Gives a person one more post with its books, unless they have it.
    fn add_post(&self, person: PersonId, post: Post, by: By) -> Result<()>;

    /// Sets a person's password and ends their sessions.
    fn set_password(&self, person: PersonId, password: &PasswordHash, by: By) -> Result<()>;

    /// Gives a person a one-time code; an earlier one stops working.
    fn issue_code(&self, person: PersonId, code: CodeGrant, by: By) -> Result<()>;

    /// The account of the person with this name, ignoring case and doubled spaces.
    fn account_named(&self, name: &str) -> Result<Option<Account>>;

    /// All who work here, as administrators see them, by name.
    fn members(&self) -> Result<Vec<Member>>;

    /// What a one-time code is for, if it is valid now.
    fn invitation(&self, code: SecretHash, now: Timestamp) -> Result<Option<Invitation>>;

    /// Uses a one-time code up: sets the password, ends the person's sessions, signs them in.
    fn join(&self, code: SecretHash, password: &PasswordHash, new: &NewSession)
    -> Result<Identity>;

    /// Signs a person in on an active tablet.
    fn sign_in(&self, person: PersonId, new: &NewSession) -> Result<Identity>;

    /// The same, if a password that was found right is still theirs: it may have been replaced while
    /// it was looked at.
    fn sign_in_by_password(
        &self,
        person: PersonId,
        proven: &PasswordHash,
        new: &NewSession,
    ) -> Result<Identity>;

    /// The session with this token on this tablet, if it is open now and its person still works
    /// here.
    fn session(
        &self,
        token: SecretHash,
        device: DeviceId,
        now: Timestamp,
    ) -> Result<Option<OpenSession>>;

    /// Notes that a session is used.
    fn use_session(&self, token: SecretHash, now: Timestamp) -> Result<()>;

    /// Ends a session; ending an unknown one is fine.
    fn sign_out(&self, token: SecretHash, now: Timestamp) -> Result<()>;

    /// Notes a deed that changes nothing else.
    fn note(&self, by: By, deed: Deed) -> Result<()>;

    /// What tells whether a master secret is the one that belongs to these data, once one does.
    fn master_check(&self) -> Result<Option<SecretHash>>;

    /// Binds the data to a master secret.
    fn bind_master(&self, check: SecretHash) -> Result<()>;

    /// Notes that customers were imported.
    fn note_import(&self, rows: u32, created: u32, by: By) -> Result<()>;

    /// Notes what a device says that it knows. Changes behind the oldest of the places of all devices
    /// must be kept.
    fn confirm(&self, device: DeviceId, told: &Told, now: Timestamp) -> Result<()>;

    /// What a device knows, as far as was noted.
    fn confirmed(&self, device: DeviceId) -> Result<Told>;

    /// When somebody lost the right to write in a book, if they had it not long ago and have it no
    /// more.
    fn lost_access(&self, person: PersonId, feed: FeedId) -> Result<Option<LostAccess>>;

    /// Writes a consistent copy into a new file beside the work of the others, and proves that it
    /// can be opened.
    fn copy_to(
        &self,
        file: &Path,
        tell: &dyn Fn(String),
    ) -> std::result::Result<BackupReport, BackupError>;

    /// Checks everything that the database and its ledger hold.
    fn examine(&self, pace: &Pace, tell: &dyn Fn(String)) -> Result<Examination>;

    /// Whether this is a demonstration's data.
    fn demo(&self) -> Result<Option<DemoMark>>;

    /// Marks this as a demonstration's data.
    fn mark_demo(&self, mark: DemoMark) -> Result<()>;

    /// The audit after entry number `after` (0 for all), oldest first, at most `limit` entries.
    fn audit(&self, after: u64, limit: usize) -> Result<Vec<AuditEntry>>;
}
