//! Handing customers over: who may get them, and moving them bit by bit.
//!
//! A handover begins in one transaction, which keeps what there is to do. After that its documents
//! move in small slices on the committing thread, so that nobody's work waits behind it, and a last
//! transaction ends it. Each slice is one transaction, which writes an entry into its documents and
//! moves them; so a crash at any place is followed by going on there ([`tend`], at the start and
//! every now and then, which also ends covers that are due). What a
//! slice is and does stands in [`steps`], which knows of no thread and no clock.

pub mod start;
pub mod steps;

use std::sync::Arc;
use std::time::Duration;

use floorbook_shared::api::{
    COVER_MAX_DAYS, HANDOVER_MAX_CUSTOMERS, HandoverStage, NewHandover, RunningHandover,
};
use floorbook_shared::id::HandoverId;
use floorbook_shared::record::handover::HANDOVER_NOTE_MAX_CHARS;
use thiserror::Error;

use crate::access::accounts::AccountError;
use crate::database::Refusal;
use crate::database::model::{By, HandoverRow};
use crate::state::AppState;
use crate::sync::queue::NotStored;
use steps::Step;

/// How often covers that are due are looked for.
const TEND_PAUSE: Duration = Duration::from_secs(20);

/// Why customers were not handed over.
#[derive(Debug, Error)]
pub enum HandoverError {
    /// The end of a cover lies in the past or too far away.
    #[error("a cover ends in the future, within {COVER_MAX_DAYS} days")]
    Until,
    /// The note is too long, or holds control characters.
    #[error("the note may have {HANDOVER_NOTE_MAX_CHARS} characters")]
    Note,
    /// No customers are named, or too many.
    #[error("name 1 to {HANDOVER_MAX_CUSTOMERS} customers, or hand all of them over")]
    Customers,
    /// Somebody would hand customers to themselves.
    #[error("choose two different people")]
    SamePerson,
    /// The server can't write at the moment; it goes on by itself.
    #[error(transparent)]
    NotStored(#[from] NotStored),
    /// The database refused or failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl HandoverError {
    /// Stable code for translation and tests; `None` if the cause has its own.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::Until => Some("invalid_until"),
            Self::Note => Some("invalid_note"),
            Self::Customers => Some("invalid_customers"),
            Self::SamePerson => Some("same_person"),
            Self::NotStored(_) => Some("storage_failed"),
            Self::Account(_) => None,
        }
    }
}

impl From<Refusal> for HandoverError {
    fn from(refusal: Refusal) -> Self {
        Self::Account(refusal.into())
    }
}

/// Begins a handover and answers how it stands; its documents have to be moved by [`carry_on`].
pub async fn begin(
    state: &AppState,
    new: NewHandover,
    by: By,
) -> Result<RunningHandover, HandoverError> {
    let start = state.with_randomness(|randomness| start::prepare(new, by, randomness))?;
    let shown = start.row.shown();
    state
        .with_database(move |database| database.begin_handover(&start, by))
        .await?;
    state.scope_changed().await;
    Ok(shown)
}

/// Ends a cover and answers how it stands; documents that were moved come back by [`carry_on`].
pub async fn end(state: &AppState, id: HandoverId, by: By) -> Result<HandoverStage, HandoverError> {
    let stage = state
        .with_database(move |database| database.end_handover(id, by))
        .await?;
    state.scope_changed().await;
    Ok(stage)
}

/// Moves the documents of a handover until none is left, and answers how it stands then. Calling
/// it twice at the same time does no harm.
pub async fn carry_on(state: &AppState, id: HandoverId) -> Result<HandoverStage, HandoverError> {
    let found = state.with_database(|database| database.handovers()).await?;
    let Some(row) = found.into_iter().find(|row| row.id == id) else {
        return Ok(HandoverStage::Done);
    };
    let writer = state.own_writer(row.author());
    let mut last = Vec::new();
    loop {
        let now = state.now();
        let moved = match state.commits.hand_over(id, writer.clone(), now).await? {
            Step::Stands(stage) => return Ok(stage),
            Step::Moved(moved) => moved,
        };
        for code in moved.untold {
            // The card moves all the same; what it can't hold is told by the audit.
            tracing::warn!(code, "a card does not tell that it was handed over");
        }
        if moved.documents == last {
            // An endless circle would help nobody; `doctor` tells what is wrong with them.
            return Err(AccountError::Internal("documents do not move".to_owned()).into());
        }
        last = moved.documents;
    }
}

/// Ends covers that are due: from then on nobody but its owner may use the book. Quick, so that the
/// server does it before it listens.
pub async fn end_due(state: &AppState) -> Result<(), HandoverError> {
    let now = state.now();
    let ended = state
        .with_database(move |database| steps::end_due(database, now))
        .await;
    // Also where some could not be ended: others were.
    state.scope_changed().await;
    Ok(ended.map(drop)?)
}

/// Ends covers that are due, and goes on with everything that is under way.
pub async fn tend(state: &AppState) -> Result<(), HandoverError> {
    end_due(state).await?;
    let rows = state.with_database(|database| database.handovers()).await?;
    for row in rows {
        if row.stage != HandoverStage::Covering {
            carry_on(state, row.id).await?;
        }
    }
    Ok(())
}

/// Tends to handovers until the server stops.
pub async fn tend_forever(state: Arc<AppState>) {
    let mut stop = state.watch_stop();
    loop {
        if let Err(error) = tend(&state).await {
            tracing::error!(%error, "handovers could not go on; they are tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(TEND_PAUSE) => {}
            _ = stop.wait_for(|stops| *stops) => return,
        }
    }
}

/// The handovers that are not over.
pub async fn running(state: &AppState) -> Result<Vec<RunningHandover>, HandoverError> {
    let rows = state.with_database(|database| database.handovers()).await?;
    Ok(rows.iter().map(HandoverRow::shown).collect())
}
