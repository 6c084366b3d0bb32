//! Handing customers over: who may get them, and moving them bit by bit.
//!
//! A handover begins in one transaction, which keeps what there is to do. After that its documents
//! move in small slices on the committing thread, so that nobody's work waits behind it, and a last
//! transaction ends it. Each slice first writes an entry into its documents and then moves them;
//! both change nothing the second time, so a crash at any place is followed by going on there
//! ([`tend`], at the start and every now and then, which also ends covers that are due).

use std::sync::Arc;
use std::time::Duration;

use floorbook_shared::access::{Access, Feed, FeedKind, Grant, GrantReason};
use floorbook_shared::api::{
    COVER_MAX_DAYS, HANDOVER_MAX_CUSTOMERS, HandedCustomers, HandoverStage, NewHandover,
    RunningHandover,
};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::Command;
use floorbook_shared::id::{DocumentId, FeedId, GrantId, HandoverId};
use floorbook_shared::record::handover::{
    HANDOVER_NOTE_MAX_CHARS, HandoverEntry, HandoverKind, entry_of,
};
use thiserror::Error;

use crate::access::accounts::AccountError;
use crate::database::Refusal;
use crate::database::log::Move;
use crate::database::model::{By, HandoverRow, HandoverStart};
use crate::state::AppState;
use crate::sync::commit::ServerDeed;
use crate::sync::own::SERVER_DEVICE;
use crate::sync::queue::NotStored;

/// Documents that move in one transaction.
const SLICE_DOCUMENTS: usize = 50;
/// How often covers that are due are looked for.
const TEND_PAUSE: Duration = Duration::from_secs(20);

const MILLIS_PER_DAY: i64 = 24 * 60 * 60 * 1000;

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
    let start = prepare(state, new, by)?;
    let shown = start.row.shown();
    state
        .with_database(move |database| database.begin_handover(&start, by))
        .await?;
    state.scope_changed().await;
    Ok(shown)
}

/// Checks what can be checked without the database, and makes everything that a handover needs.
fn prepare(state: &AppState, new: NewHandover, by: By) -> Result<HandoverStart, HandoverError> {
    if new.from == new.to {
        return Err(HandoverError::SamePerson);
    }
    let latest = by.at.plus_millis(COVER_MAX_DAYS * MILLIS_PER_DAY);
    if new
        .until
        .is_some_and(|until| until <= by.at || until > latest)
    {
        return Err(HandoverError::Until);
    }
    let note = new.note.trim().to_owned();
    let is_long = note.chars().count() > HANDOVER_NOTE_MAX_CHARS;
    if is_long || note.chars().any(char::is_control) {
        return Err(HandoverError::Note);
    }
    let customers = match new.customers {
        HandedCustomers::All => None,
        HandedCustomers::Some(mut customers) => {
            customers.sort_unstable();
            customers.dedup();
            if customers.is_empty() || customers.len() > HANDOVER_MAX_CUSTOMERS {
                return Err(HandoverError::Customers);
            }
            Some(customers)
        }
    };
    let (id, grant, feed) = state.with_randomness(|randomness| {
        (
            HandoverId::new(by.at, randomness),
            GrantId::new(by.at, randomness),
            FeedId::new(by.at, randomness),
        )
    });
    let source = Feed::of_owner(new.store, FeedKind::Cards, new.from).id;
    let (target, feed) = match (new.until, &customers) {
        (None, _) => (Feed::of_owner(new.store, FeedKind::Cards, new.to).id, None),
        (Some(_), None) => (source, None),
        (Some(_), Some(_)) => (feed, Some(Feed::of_cover(feed, new.store, new.from))),
    };
    let grant = new.until.map(|until| Grant {
        id: grant,
        feed: target,
        person: new.to,
        access: Access::Write,
        until: Some(until),
        reason: GrantReason::Cover,
    });
    let row = HandoverRow {
        id,
        store: new.store,
        from: new.from,
        to: new.to,
        customers,
        until: new.until,
        note,
        by: by.person,
        at: by.at,
        source,
        target,
        grant: grant.as_ref().map(|grant| grant.id),
        stage: HandoverStage::Moving,
    };
    Ok(HandoverStart { row, feed, grant })
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
    let mut last = Vec::new();
    loop {
        let found = state.with_database(|database| database.handovers()).await?;
        let Some(row) = found.into_iter().find(|row| row.id == id) else {
            return Ok(HandoverStage::Done);
        };
        let row = Arc::new(row);
        let asked = Arc::clone(&row);
        let documents = state
            .with_database(move |database| database.handover_documents(&asked, SLICE_DOCUMENTS))
            .await?;
        if documents.is_empty() {
            let by = By {
                at: state.now(),
                person: row.by,
                device: None,
            };
            let from = row.stage;
            let stage = state
                .with_database(move |database| database.advance_handover(id, from, by))
                .await?;
            return Ok(stage);
        }
        if documents == last {
            // An endless circle would help nobody; `doctor` tells what is wrong with them.
            return Err(AccountError::Internal("documents do not move".to_owned()).into());
        }
        move_slice(state, &row, &documents).await?;
        last = documents;
    }
}

/// Tells some documents of a handover and moves them.
async fn move_slice(
    state: &AppState,
    row: &HandoverRow,
    documents: &[DocumentId],
) -> Result<(), HandoverError> {
    let now = state.now();
    let is_returning = row.stage == HandoverStage::Returning;
    let (kind, from, to, place) = if is_returning {
        (HandoverKind::Back, row.to, row.from, row.source)
    } else {
        (row.kind(), row.from, row.to, row.target)
    };
    // The server writes in the name of who decided it; the command line has no name of its own.
    let by = row.by.unwrap_or(row.from);
    let command = Command::NoteHandover {
        entry: entry_of(row.id, kind),
        handover: HandoverEntry {
            kind,
            from,
            to,
            by,
            at: now,
            until: row.until.filter(|_| !is_returning),
            note: if is_returning {
                String::new()
            } else {
                row.note.clone()
            },
        },
    };
    let ids = documents.to_vec();
    let places = state
        .with_database(move |database| {
            let mut places = Vec::new();
            for id in ids {
                places.extend(database.document(id)?.map(|stored| stored.place));
            }
            Ok(places)
        })
        .await?;
    let deeds = places
        .into_iter()
        .map(|place| ServerDeed {
            place,
            command: command.clone(),
            seen_seq: None,
            at: now,
        })
        .collect();
    let order = |document: &DocumentId| Move {
        document: *document,
        to: place,
        by: ChangeAuthor {
            person: by,
            device: SERVER_DEVICE,
        },
        at: now,
    };
    let moves = documents.iter().map(order).collect();
    let results = state
        .commits
        .relocate(deeds, moves, state.own_writer(by))
        .await?;
    for code in results.into_iter().filter_map(Result::err) {
        // The card moves all the same; what it can't hold is told by the audit.
        tracing::warn!(code, "a card does not tell that it was handed over");
    }
    Ok(())
}

/// Ends covers that are due: from then on nobody but its owner may use the book. Quick, so that the
/// server does it before it listens.
pub async fn end_due(state: &AppState) -> Result<(), HandoverError> {
    let now = state.now();
    let rows = state.with_database(|database| database.handovers()).await?;
    for row in rows {
        let is_due = row.until.is_some_and(|until| until <= now);
        if is_due && row.stage != HandoverStage::Returning {
            end(state, row.id, By::command_line(now)).await?;
        }
    }
    Ok(())
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
