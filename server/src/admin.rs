//! Administration commands: the same whether a server runs or not.
//!
//! redb admits one process, so a running server takes the commands through an owner-only socket in
//! its data folder; without a server the command opens the data itself. A command is one line of
//! JSON; the answer is lines of JSON, of which the last is `Done` or `Failed`.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use floorbook_shared::api::ImportRequest;
use floorbook_shared::import::ImportReport;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::sync::mpsc;

use crate::access::accounts::{self, AccountError, InvalidInput};
use crate::database::model::{By, Status};
use crate::database::{
    BackupError, BackupReport, Database, DatabaseError, Examination, Pace, Refusal,
};
pub use crate::import::Progress;
use crate::import::{ImportError, ImportOrder, first_administrator, import};
use crate::keeping::backup;
use crate::state::AppState;
pub use organisation::{ListedPerson, ListedStore, NamedPost, SettingsPatch};
pub use settings::{SettingEdit, UnreadSetting, described};
use tablets::{TabletOutcome, TabletRequest};

pub mod client;
mod organisation;
mod settings;
#[cfg(unix)]
pub mod socket;
pub mod tablets;

/// What the command line asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum AdminRequest {
    /// Counts.
    Status,
    /// Adds a person.
    AddPerson {
        /// Their name.
        name: String,
        /// What they do where; the store of the first one is home.
        posts: Vec<NamedPost>,
    },
    /// Lists the staff.
    ListPeople,
    /// Changes a person; what is not named stays.
    ChangePerson {
        /// Their name.
        name: String,
        /// Their new name.
        rename: Option<String>,
        /// All that they do from now on.
        posts: Option<Vec<NamedPost>>,
        /// Whether they work here.
        is_active: Option<bool>,
    },
    /// Gives a person a new one-time link.
    InvitePerson {
        /// Their name.
        name: String,
    },
    /// Adds a store.
    AddStore {
        /// Its code.
        code: String,
        /// Its name.
        name: String,
        /// Its time zone.
        time_zone: String,
    },
    /// Lists the stores.
    ListStores,
    /// Changes a store; what is not named stays.
    ChangeStore {
        /// Its code.
        code: String,
        /// Its new name.
        name: Option<String>,
        /// Its time zone.
        time_zone: Option<String>,
        /// What it sets for itself.
        settings: SettingsPatch,
    },
    /// Something about tablets.
    Tablets(TabletRequest),
    /// Imports customers, in the name of the administrator who was there first.
    ImportCustomers(ImportRequest),
    /// Writes a backup.
    BackUp {
        /// Where to, as an absolute path.
        file: PathBuf,
        /// Whether to replace a backup that is there.
        replace: bool,
    },
    /// Checks everything that is stored, gently.
    Examine,
}

/// What the server answers, line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "response", rename_all = "snake_case")]
pub enum AdminResponse {
    /// How far it is; any number of them.
    Progress {
        /// For people.
        message: String,
    },
    /// It is done.
    Done(AdminOutcome),
    /// It can't be done, and nothing was changed.
    Failed {
        /// Stable code.
        code: String,
        /// For people.
        message: String,
    },
}

/// The result of a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AdminOutcome {
    /// Counts.
    Status(Status),
    /// A person can set their password by a link.
    Invited {
        /// Their name.
        name: String,
        /// Path of the one-time link, `/join#CODE`.
        path: String,
    },
    /// The staff.
    People {
        /// By name.
        people: Vec<ListedPerson>,
    },
    /// A person was changed.
    PersonChanged {
        /// Their name now.
        name: String,
    },
    /// The stores.
    Stores {
        /// In no special order.
        stores: Vec<ListedStore>,
    },
    /// A store was changed.
    StoreChanged {
        /// Its code.
        code: String,
    },
    /// A store was added.
    StoreAdded {
        /// Its code.
        code: String,
    },
    /// Something about tablets.
    Tablets(TabletOutcome),
    /// Customers were imported, or would be.
    Imported(ImportReport),
    /// A backup was written.
    BackedUp(BackupReport),
    /// Everything was checked.
    Examined(Examination),
}

/// Does what an administration command asks and returns the last line of the answer.
pub async fn execute(
    state: &Arc<AppState>,
    request: AdminRequest,
    progress: Progress<'_>,
) -> AdminResponse {
    match run(state, request, progress).await {
        Ok(outcome) => AdminResponse::Done(outcome),
        Err(error) => AdminResponse::Failed {
            code: code(&error).to_owned(),
            message: error.to_string(),
        },
    }
}

/// Why a command was not done.
#[derive(Debug, Error)]
enum AdminError {
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Import(ImportError),
    #[error("a setting is unknown, or its value does not fit")]
    UnknownSetting,
    #[error("the file is not base64")]
    NotBase64,
    #[error(transparent)]
    Backup(#[from] BackupError),
}

impl From<Refusal> for AdminError {
    fn from(refusal: Refusal) -> Self {
        Self::Account(refusal.into())
    }
}

impl From<InvalidInput> for AdminError {
    fn from(invalid: InvalidInput) -> Self {
        Self::Account(invalid.into())
    }
}

impl From<ImportError> for AdminError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Account(error) => Self::Account(error),
            other @ (ImportError::File(_)
            | ImportError::NotSetUp
            | ImportError::Busy
            | ImportError::InvalidCreation(_)
            | ImportError::BrokeOff { .. }) => Self::Import(other),
        }
    }
}

async fn run(
    state: &Arc<AppState>,
    request: AdminRequest,
    progress: Progress<'_>,
) -> Result<AdminOutcome, AdminError> {
    let by = By::command_line(state.now());
    match request {
        AdminRequest::Status => {
            let status = state.with_database(|database| database.status()).await?;
            Ok(AdminOutcome::Status(status))
        }
        AdminRequest::AddPerson { name, posts } => {
            organisation::add_person(state, &name, &posts, by).await
        }
        AdminRequest::ListPeople => organisation::list_people(state).await,
        AdminRequest::ChangePerson {
            name,
            rename,
            posts,
            is_active,
        } => organisation::change_person(state, &name, rename, posts, is_active, by).await,
        AdminRequest::InvitePerson { name } => organisation::invite(state, &name, by).await,
        AdminRequest::ListStores => organisation::list_stores(state).await,
        AdminRequest::ChangeStore {
            code,
            name,
            time_zone,
            settings,
        } => organisation::change_store(state, &code, name, time_zone, settings, by).await,
        AdminRequest::AddStore {
            code,
            name,
            time_zone,
        } => {
            let store = accounts::add_store(state, &code, &name, &time_zone, by).await?;
            Ok(AdminOutcome::StoreAdded { code: store.code })
        }
        AdminRequest::Tablets(request) => {
            let outcome = tablets::run(state, request, by).await?;
            Ok(AdminOutcome::Tablets(outcome))
        }
        AdminRequest::ImportCustomers(request) => {
            let content = STANDARD
                .decode(&request.content)
                .map_err(|_| AdminError::NotBase64)?;
            let scope = state.with_database(|database| database.scope()).await?;
            let order = ImportOrder {
                content,
                create: request.create,
                apply: request.apply,
                may_create: true,
                owner: first_administrator(&scope).ok_or(ImportError::NotSetUp)?,
                by,
            };
            let report = import(state, order, progress).await?;
            Ok(AdminOutcome::Imported(report))
        }
        AdminRequest::BackUp { file, replace } => {
            let by = By::command_line(state.now());
            let report = aside(state, progress, move |database, tell| {
                backup::write_noted(database, &file, replace, by, tell)
            });
            Ok(AdminOutcome::BackedUp(report.await??))
        }
        AdminRequest::Examine => {
            let examination = aside(state, progress, |database, tell| {
                database.examine(&Pace::gentle(), tell)
            });
            let examination = examination.await?.map_err(AccountError::from)?;
            Ok(AdminOutcome::Examined(examination))
        }
    }
}

/// Does long work on the database outside the async threads and passes on how far it is.
async fn aside<T: Send + 'static>(
    state: &Arc<AppState>,
    progress: Progress<'_>,
    work: impl FnOnce(&dyn Database, &dyn Fn(String)) -> T + Send + 'static,
) -> Result<T, AdminError> {
    let database = Arc::clone(&state.database);
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let task = tokio::task::spawn_blocking(move || {
        work(database.as_ref(), &|message| {
            // The work goes on when nobody listens any more.
            let _ = sender.send(message);
        })
    });
    while let Some(message) = receiver.recv().await {
        progress(message);
    }
    task.await
        .map_err(|error| AccountError::internal("administration task", &error).into())
}

/// Path of the one-time link; the code stands after `#`, so it never reaches a server's log.
pub fn join_path(code: &str) -> String {
    format!("/join#{code}")
}

fn code(error: &AdminError) -> &'static str {
    let error = match error {
        AdminError::Account(error) => error,
        AdminError::Import(error) => return error.code().unwrap_or("internal"),
        AdminError::NotBase64 | AdminError::UnknownSetting => return "malformed",
        AdminError::Backup(BackupError::Exists(_) | BackupError::NotABackup(_)) => {
            return "file_exists";
        }
        AdminError::Backup(_) => return "backup_failed",
    };
    match error {
        AccountError::Database(DatabaseError::Refused(refusal)) => refusal.code(),
        AccountError::Database(_) => "storage_failed",
        AccountError::Invalid(invalid) => invalid.code(),
        AccountError::WrongPassword => "wrong_password",
        AccountError::TooManyTries { .. } => "too_many_tries",
        AccountError::Busy => "busy",
        AccountError::Rescue(problem) => problem.code(),
        AccountError::Internal(_) => "internal",
    }
}
