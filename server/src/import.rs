//! Importing customers: the same for the route and the command line.
//!
//! What to write is decided by `shared::import`; here the store is asked what it holds, and what
//! was decided is carried out: stores and consultants first, then cards, some hundred at a time.
//! An import that broke off is completed by importing the same file again.

mod cards;
mod creations;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use floorbook_shared::access::{Role, Scope};
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::Command;
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::id::PersonId;
use floorbook_shared::import::parse::{ImportedFile, read_customers};
use floorbook_shared::import::plan::{ImportPlan, PlanContext, PlannedCard, plan};
use floorbook_shared::import::problem::{FileError, ProblemCode};
use floorbook_shared::import::{Creation, ImportReport};
use floorbook_shared::sync::gate;
use floorbook_shared::time::Timestamp;
use thiserror::Error;

use crate::access::accounts::AccountError;
use crate::clock::store_day;
use crate::database::model::By;
use crate::database::register::numbers_in;
use crate::database::{self, Database};
use crate::state::AppState;
use crate::sync::commit::{CHANGED_MEANWHILE, DOCUMENT_UNREADABLE};
use crate::sync::own::{SERVER_DEVICE, run_in_batches};
use crate::sync::queue::{DeedResults, NotStored};
use cards::Cards;

/// Tells how far the import is.
pub type Progress<'a> = &'a (dyn Fn(String) + Send + Sync);

/// A file to be imported.
#[derive(Clone, Debug)]
pub struct ImportOrder {
    /// The file.
    pub content: Vec<u8>,
    /// Stores and consultants that may be created.
    pub create: Vec<Creation>,
    /// Whether to write; `false` is a dry run.
    pub apply: bool,
    /// In whose name cards are opened, and who gets those of no consultant.
    pub owner: PersonId,
    /// Whether stores and people of the file may be made, and people who are here become consultants
    /// of the stores in which they have cards: by administrators.
    pub may_create: bool,
    /// Who imports, for the audit.
    pub by: By,
}

/// Why a file was not imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file can't be read as customers.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no store or no administrator yet.
    #[error("set Floorbook up before importing customers")]
    NotSetUp,
    /// Someone else imports.
    #[error("another import is running; try again when it is done")]
    Busy,
    /// What the file names can't be the name of a store or person.
    #[error("“{0}” in the file can't be the name of a store or person: it is too long")]
    InvalidCreation(String),
    /// The database stopped writing.
    #[error(
        "the import broke off after {done} of {total} cards, because the server can't store at \
         the moment; import the file again to go on"
    )]
    BrokeOff {
        /// Cards that were dealt with.
        done: usize,
        /// Cards that were to be written.
        total: usize,
    },
    /// The database or the server failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl ImportError {
    /// Stable code for translation and tests; `None` if the cause has its own.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::File(error) => Some(error.code()),
            Self::NotSetUp => Some("not_set_up"),
            Self::Busy => Some("import_running"),
            Self::InvalidCreation(_) => Some("invalid_creation"),
            Self::BrokeOff { .. } => Some("import_broke_off"),
            Self::Account(_) => None,
        }
    }
}

/// In whose name the command line imports: the administrator who was there first.
pub fn first_administrator(scope: &Scope) -> Option<PersonId> {
    let mut people = scope.people.iter();
    people
        .find(|person| person.is_active && person.has_role(Role::Admin))
        .map(|person| person.id)
}

/// Imports customers, or tells what an import would do.
///
/// # Errors
/// If nothing was done, or if it broke off: whatever was written by then is whole.
pub async fn import(
    state: &Arc<AppState>,
    order: ImportOrder,
    progress: Progress<'_>,
) -> Result<ImportReport, ImportError> {
    let _turn = state.importing.try_lock().map_err(|_| ImportError::Busy)?;
    let content = order.content;
    let file = tokio::task::spawn_blocking(move || read_customers(&content))
        .await
        .map_err(|error| AccountError::internal("import task", &error))??;
    let file = Arc::new(file);
    let (owner, by) = (order.owner, order.by);
    let importer = Importer {
        owner,
        may_create: order.may_create,
        now: by.at,
    };
    let mut draft = prepare(state, &file, importer, order.create).await?;
    if !order.apply {
        let draft = in_background(move || draft.try_out(&file, owner, by.at)).await?;
        return Ok(draft.plan.report);
    }
    if creations::create(state, &draft.plan, &draft.scope, by).await? {
        state.scope_changed().await;
        // The stores and people of the file have ids and spellings now.
        draft = prepare(state, &file, importer, Vec::new()).await?;
    }
    let items: Vec<PlannedCard> = std::mem::take(&mut draft.plan.items);
    let (items, deeds): (Vec<_>, Vec<_>) = items
        .into_iter()
        .filter_map(|item| {
            let deed = draft.cards.deed(&item, &draft.scope, by.at)?;
            Some((item, deed))
        })
        .unzip();
    let total = deeds.len();
    progress(format!("{} rows, {total} cards to write", file.rows));
    let tell = |done| progress(format!("{done} of {total} cards"));
    let writer = state.own_writer(owner);
    let (results, end) = run_in_batches(&state.commits, deeds, &writer, tell).await;
    let done = results.len();
    draft.note_results(&file, &items, results);
    let (rows, created) = (draft.plan.report.rows, draft.plan.report.created);
    let created = if end.is_ok() {
        created
    } else {
        created.min(u32::try_from(done).unwrap_or(u32::MAX))
    };
    let noted = state.with_database(move |database| database.note_import(rows, created, by));
    match (end, noted.await) {
        (Err(NotStored), _) => Err(ImportError::BrokeOff { done, total }),
        (Ok(()), Err(error)) => Err(error.into()),
        (Ok(()), Ok(())) => {
            let mut report = draft.plan.report;
            report.applied = true;
            Ok(report)
        }
    }
}

/// A plan with what it was made from.
struct Draft {
    scope: Arc<Scope>,
    cards: Cards,
    plan: ImportPlan,
}

/// Who imports, and when.
#[derive(Clone, Copy)]
struct Importer {
    owner: PersonId,
    may_create: bool,
    now: Timestamp,
}

async fn prepare(
    state: &Arc<AppState>,
    file: &Arc<ImportedFile>,
    importer: Importer,
    allowed: Vec<Creation>,
) -> Result<Draft, ImportError> {
    let file = Arc::clone(file);
    let draft = state
        .with_database(move |database| draft(database, &file, importer, &allowed))
        .await?;
    draft.ok_or(ImportError::NotSetUp)
}

/// `None`: nothing is set up.
fn draft(
    database: &dyn Database,
    file: &ImportedFile,
    importer: Importer,
    allowed: &[Creation],
) -> database::Result<Option<Draft>> {
    let Importer { owner, now, .. } = importer;
    let scope = database.scope()?;
    let (Some(store), Some(_)) = (scope.stores.first(), scope.person(owner)) else {
        return Ok(None);
    };
    let today = store_day(now, &store.time_zone);
    let cards = Cards::find(database, file, &scope, owner)?;
    let tablets = database.tablet_numbers()?;
    let mut plan = plan(
        file,
        &PlanContext {
            scope: &scope,
            allowed,
            existing: &cards.existing,
            fallback_owner: owner,
            may_create: importer.may_create,
            now,
            today,
        },
    );
    leave_numbers_of_tablets_out(&mut plan, file, &tablets);
    Ok(Some(Draft { scope, cards, plan }))
}

/// Keeps rows out that would open a card with a number that a tablet gives too. Cards that are there
/// already, from before the tablet, are none of them: a tablet never gets a code that is in use.
fn leave_numbers_of_tablets_out(
    plan: &mut ImportPlan,
    file: &ImportedFile,
    tablets: &BTreeSet<u32>,
) {
    let rows = file.customers.iter();
    let rows: BTreeMap<u32, &str> = rows
        .filter_map(|row| Some((row.line, row.number.as_deref()?)))
        .collect();
    let report = &mut plan.report;
    plan.items.retain(|item| {
        let opens = matches!(item.command, Some(Command::OpenCard(_)));
        let Some(number) = rows.get(&item.line).filter(|_| opens) else {
            return true;
        };
        if !numbers_in(number).iter().any(|one| tablets.contains(one)) {
            return true;
        }
        report.created = report.created.saturating_sub(1);
        report.rejected += 1;
        let problem = ProblemCode::NumberOfTablet.at(item.line, None, number);
        report.problems.push(problem);
        false
    });
    report.problems.sort_by_key(|problem| problem.line);
}

async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AccountError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| AccountError::internal("import task", &error))
}

impl Draft {
    /// Finds the cards that can't be written, without writing, so that a dry run tells them too.
    fn try_out(mut self, file: &ImportedFile, owner: PersonId, now: Timestamp) -> Self {
        let author = ChangeAuthor {
            person: owner,
            device: SERVER_DEVICE,
        };
        let writer = Writer {
            author,
            actor: [1; 16],
        };
        let items: Vec<PlannedCard> = std::mem::take(&mut self.plan.items);
        let results = items
            .iter()
            .map(|item| match &item.command {
                Some(command @ Command::OpenCard(_)) => {
                    self.try_to_open(item, command, &writer, now)
                }
                Some(_) | None => Ok(true),
            })
            .collect();
        self.note_results(file, &items, results);
        self.plan.items = items;
        self
    }

    fn try_to_open(
        &self,
        item: &PlannedCard,
        command: &Command,
        writer: &Writer,
        now: Timestamp,
    ) -> Result<bool, String> {
        if self.cards.unreadable.contains(&item.identity.document()) {
            return Err(DOCUMENT_UNREADABLE.to_owned());
        }
        let change = write::run(&mut Document::found(), command, writer, now);
        let bytes = change
            .map_err(|error| error.code().to_owned())?
            .unwrap_or_default();
        gate::parse(&bytes)
            .map(|_| true)
            .map_err(|error| error.code().to_owned())
    }

    /// Corrects the report where a card turned out otherwise than planned.
    fn note_results(&mut self, file: &ImportedFile, items: &[PlannedCard], results: DeedResults) {
        let names: BTreeMap<u32, &str> = file
            .customers
            .iter()
            .map(|row| (row.line, row.name()))
            .collect();
        let report = &mut self.plan.report;
        for (item, result) in items.iter().zip(results) {
            let planned = match item.command {
                Some(Command::OpenCard(_)) => &mut report.created,
                Some(_) => &mut report.completed,
                None => continue,
            };
            match result {
                Ok(true) => {}
                // A second tap, or an import that broke off, was here before.
                Ok(false) => {
                    *planned = planned.saturating_sub(1);
                    report.unchanged += 1;
                }
                Err(code) => {
                    *planned = planned.saturating_sub(1);
                    report.rejected += 1;
                    let name = names.get(&item.line).copied().unwrap_or_default();
                    let problem = problem_of(&code).at(item.line, None, name);
                    report.problems.push(problem);
                }
            }
        }
        report.problems.sort_by_key(|problem| problem.line);
    }
}

/// What the code of a refused command means to the person who imports.
fn problem_of(code: &str) -> ProblemCode {
    match code {
        CHANGED_MEANWHILE => ProblemCode::ChangedMeanwhile,
        "too_large" | "document_full" | "too_long" | "too_many" => ProblemCode::CardTooLarge,
        _ => ProblemCode::CardUnreadable,
    }
}
