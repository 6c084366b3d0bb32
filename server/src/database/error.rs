//! What can go wrong in the database.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why the database did not do what it was asked.
///
/// After `Full` or `Storage` nothing of the transaction is kept. redb then answers nothing but
/// `Storage` until it is opened again, which `RedbDatabase` does by itself.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// The request contradicts what is stored; nothing changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Another process holds the file.
    #[error(
        "another Floorbook is already using {0}; stop it first, or give this one its own data folder"
    )]
    InUse(PathBuf),
    /// The file was written by a newer program.
    #[error(
        "the data is of format {found}, but this Floorbook knows formats up to {known}; \
         use the newer program (nothing was changed)"
    )]
    Newer {
        /// The format of the file.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The file was written by a version before the first release, whose data is not carried over.
    #[error(
        "the data is of format {found}, from before the first release, and this Floorbook reads \
         format {known} alone; move the data folder away to begin anew (nothing was changed)"
    )]
    Older {
        /// The format of the file.
        found: u32,
        /// The format that this program knows.
        known: u32,
    },
    /// There is no room left on the disk.
    #[error("the disk is full; nothing was changed")]
    Full(#[source] io::Error),
    /// Reading or writing failed, or the file is damaged.
    #[error("the database can't be read or written: {0}")]
    Storage(Box<redb::Error>),
    /// The ledger can't be read or written; nothing was changed.
    #[error("the ledger can't be read or written: {0}; nothing was changed")]
    Ledger(io::Error),
    /// The ledger and the data do not fit together.
    #[error(transparent)]
    LedgerMismatch(#[from] LedgerMismatch),
    /// A stored value can't be read; the others are not affected.
    #[error("a value in table {table} is damaged: {reason}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What is wrong with the value, without its content.
        reason: String,
    },
}

impl DatabaseError {
    /// Whether the storage failed, so that it must be opened again.
    pub(crate) fn is_of_storage(&self) -> bool {
        match self {
            Self::Full(_) => true,
            Self::Storage(error) => {
                matches!(**error, redb::Error::Io(_) | redb::Error::PreviousIo)
            }
            Self::Refused(_)
            | Self::InUse(_)
            | Self::Newer { .. }
            | Self::Older { .. }
            | Self::Ledger(_)
            | Self::LedgerMismatch(_)
            | Self::Damaged { .. } => false,
        }
    }

    /// Makes a `Damaged` error.
    pub(crate) fn damaged(table: &'static str, reason: impl Into<String>) -> Self {
        Self::Damaged {
            table,
            reason: reason.into(),
        }
    }
}

impl From<redb::Error> for DatabaseError {
    fn from(error: redb::Error) -> Self {
        if let redb::Error::Io(error) = error {
            return if is_full(&error) {
                Self::Full(error)
            } else {
                Self::Storage(Box::new(redb::Error::Io(error)))
            };
        }
        Self::Storage(Box::new(error))
    }
}

macro_rules! from_redb {
    ($($error:ty),*) => {
        $(impl From<$error> for DatabaseError {
            fn from(error: $error) -> Self {
                redb::Error::from(error).into()
            }
        })*
    };
}

from_redb!(
    redb::TransactionError,
    redb::TableError,
    redb::StorageError,
    redb::CommitError
);

fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// Why a ledger and a database do not fit together. Starting all the same could bring ended sessions
/// and spent codes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LedgerMismatch {
    /// The ledger tells of more than the database holds.
    #[error(
        "the data are older than the ledger, as if an old copy had been put in their place; use \
         `floorbook restore FILE` with a backup, which takes over what the ledger tells"
    )]
    DataIsOlder,
    /// The ledger is gone, cut off, or another one.
    #[error(
        "the ledger is missing or not the one that belongs to these data; name the right file with \
         --ledger; if it is lost for good, move away what is left of it and start the server once \
         with --new-ledger (backups from before then need `restore --without-ledger`)"
    )]
    LedgerIsMissing,
    /// A line in the middle is damaged.
    #[error(
        "the ledger is damaged in the middle; put an undamaged copy in its place; without one, move \
         it away and start the server once with --new-ledger, or restore with --accept-damage"
    )]
    Broken,
    /// A newer program wrote it.
    #[error("the ledger was written by a newer Floorbook; use the newer program")]
    Newer,
}

/// Why the organisation's state refuses a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The first administrator exists already.
    #[error("Floorbook is set up already")]
    AlreadySetUp,
    /// A person with this name exists.
    #[error("a person with this name exists already")]
    NameTaken,
    /// A store with this code exists.
    #[error("a store with this code exists already")]
    StoreCodeTaken,
    /// A store with this name exists.
    #[error("a store with this name exists already")]
    StoreNameTaken,
    /// There is no such person, or they left.
    #[error("there is no such person")]
    NoSuchPerson,
    /// There is no such store.
    #[error("there is no such store")]
    NoSuchStore,
    /// Someone without a post could do nothing here.
    #[error("a person needs a role in at least one store")]
    NoPost,
    /// Nobody would be left who may manage people.
    #[error("somebody has to be administrator: make a colleague one first, who has signed in once")]
    LastAdministrator,
    /// Somebody has no book of customers in the store.
    #[error("this person has no customers in the store")]
    NoBook,
    /// Who should get customers is no consultant of their store.
    #[error("customers stay in their store: choose a consultant who works there")]
    OtherStore,
    /// A customer that was named is in another book.
    #[error("one of the customers is not in this consultant's book, or is being looked after")]
    NotTheirCustomer,
    /// Another handover of this book is under way, or a cover runs.
    #[error("a handover of this consultant's customers is running; end it first")]
    HandoverRunning,
    /// There is no such handover, or it is over.
    #[error("there is no such cover; it may be over")]
    NoSuchHandover,
    /// The one-time code is unknown, used or expired.
    #[error("the one-time code is not valid: it was used, replaced or has expired")]
    CodeInvalid,
    /// A password was replaced while it was looked at.
    #[error("the password was changed a moment ago")]
    PasswordChanged,
    /// The browser is not enrolled, or not any more.
    #[error("this tablet is not enrolled; ask an administrator for a code")]
    NotEnrolled,
    /// There is no such tablet.
    #[error("there is no such tablet")]
    NoSuchTablet,
}

impl Refusal {
    /// Stable code for translation and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadySetUp => "already_set_up",
            Self::NameTaken => "name_taken",
            Self::StoreCodeTaken => "store_code_taken",
            Self::StoreNameTaken => "store_name_taken",
            Self::NoSuchPerson => "no_such_person",
            Self::NoSuchStore => "no_such_store",
            Self::NoPost => "no_post",
            Self::LastAdministrator => "last_administrator",
            Self::NoBook => "no_book",
            Self::OtherStore => "other_store",
            Self::NotTheirCustomer => "not_their_customer",
            Self::HandoverRunning => "handover_running",
            Self::NoSuchHandover => "no_such_handover",
            Self::CodeInvalid => "wrong_code",
            Self::PasswordChanged => "wrong_password",
            Self::NotEnrolled => "not_enrolled",
            Self::NoSuchTablet => "no_such_tablet",
        }
    }
}
