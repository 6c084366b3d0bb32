//! The steps of a handover: which documents are next, what they are told, where they go.
//!
//! *Invariant:* a step is looked up and carried out on the committing thread, in one go. A slice
//! that was looked up and waited would move its documents after the handover, or what followed it,
//! was over.

use floorbook_shared::api::HandoverStage;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::Command;
use floorbook_shared::document::write::Writer;
use floorbook_shared::faults;
use floorbook_shared::id::{DocumentId, FeedId, HandoverId};
use floorbook_shared::record::handover::{HandoverEntry, HandoverKind, entry_of};
use floorbook_shared::time::Timestamp;

use crate::database::log::Move;
use crate::database::model::{By, HandoverRow};
use crate::database::{Database, Result};
use crate::sync::commit::{Committer, ServerDeed};
use crate::sync::own::SERVER_DEVICE;

/// Documents that move in one step.
pub const SLICE_DOCUMENTS: usize = 50;

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Some documents moved; there may be more.
    Moved(Moved),
    /// There was nothing to move: the handover stands so now.
    Stands(HandoverStage),
}

/// What one step moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The documents.
    pub documents: Vec<DocumentId>,
    /// Why some of them do not tell of it.
    pub untold: Vec<String>,
}

/// Documents of a handover that move together.
#[derive(Clone, Debug)]
pub struct Slice {
    documents: Vec<DocumentId>,
    command: Command,
    to: FeedId,
    by: ChangeAuthor,
    at: Timestamp,
}

impl Slice {
    /// What moves next in a handover, if anything has to.
    ///
    /// # Errors
    /// If the database can't be read.
    pub fn next(
        database: &dyn Database,
        row: &HandoverRow,
        count: usize,
        at: Timestamp,
    ) -> Result<Option<Self>> {
        let documents = database.handover_documents(row, count)?;
        if documents.is_empty() {
            return Ok(None);
        }
        let is_returning = row.stage == HandoverStage::Returning;
        let (kind, from, to, place) = if is_returning {
            (HandoverKind::Back, row.to, row.from, row.source)
        } else {
            (row.kind(), row.from, row.to, row.target)
        };
        let by = row.author();
        let command = Command::NoteHandover {
            entry: entry_of(row.id, kind),
            handover: HandoverEntry {
                kind,
                from,
                to,
                by,
                at,
                until: row.until.filter(|_| !is_returning),
                note: if is_returning {
                    String::new()
                } else {
                    row.note.clone()
                },
            },
        };
        Ok(Some(Self {
            documents,
            command,
            to: place,
            by: ChangeAuthor {
                person: by,
                device: SERVER_DEVICE,
            },
            at,
        }))
    }

    /// What the documents are told: those that say so already stay as they are.
    fn deeds(&self, database: &dyn Database) -> Result<Vec<ServerDeed>> {
        let mut deeds = Vec::with_capacity(self.documents.len());
        for id in &self.documents {
            let stored = database.document(*id)?;
            deeds.extend(stored.map(|stored| ServerDeed {
                place: stored.place,
                command: self.command.clone(),
                seen_seq: None,
                at: self.at,
            }));
        }
        Ok(deeds)
    }

    /// Where the documents go to, one by one.
    pub fn moves(&self) -> Vec<Move> {
        let order = |document: &DocumentId| Move {
            document: *document,
            to: self.to,
            by: self.by,
            at: self.at,
        };
        self.documents.iter().map(order).collect()
    }
}

/// Does what is next in a handover, with at most so many documents. Each step is one transaction,
/// so a crash anywhere is followed by going on there.
///
/// # Errors
/// If the database can't read or write.
pub fn step(
    committer: &mut Committer,
    id: HandoverId,
    count: usize,
    writer: &Writer,
    now: Timestamp,
) -> Result<Step> {
    let rows = committer.database().handovers()?;
    let Some(row) = rows.into_iter().find(|row| row.id == id) else {
        return Ok(Step::Stands(HandoverStage::Done));
    };
    let advance = |committer: &Committer| {
        let by = By {
            at: now,
            person: row.by,
            device: None,
        };
        let database = committer.database();
        database.advance_handover(id, row.stage, by)
    };
    let Some(slice) = Slice::next(committer.database(), &row, count, now)? else {
        return advance(committer).map(Step::Stands);
    };
    let deeds = slice.deeds(committer.database())?;
    let told = committer.run_and_move(&deeds, &slice.moves(), writer, now)?;
    if faults::is_planted("handover_forgets_a_slice") {
        return advance(committer).map(Step::Stands);
    }
    Ok(Step::Moved(Moved {
        documents: slice.documents,
        untold: told
            .into_iter()
            .filter_map(std::result::Result::err)
            .collect(),
    }))
}

/// Ends covers that are due, and answers how many there were.
///
/// # Errors
/// If the database can't read or write; what was ended before stays so.
pub fn end_due(database: &dyn Database, now: Timestamp) -> Result<usize> {
    let mut ended = 0;
    for row in database.handovers()? {
        let is_due = row.until.is_some_and(|until| until <= now);
        let is_over = faults::is_planted("cover_without_end");
        if is_due && row.stage != HandoverStage::Returning && !is_over {
            database.end_handover(row.id, By::command_line(now))?;
            ended += 1;
        }
    }
    Ok(ended)
}
