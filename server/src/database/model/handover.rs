//! Handovers as the database keeps them until they are over.

use floorbook_shared::access::{Feed, Grant};
use floorbook_shared::api::{HandoverStage, RunningHandover};
use floorbook_shared::id::{DocumentId, FeedId, GrantId, HandoverId, PersonId, StoreId};
use floorbook_shared::record::handover::HandoverKind;
use floorbook_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoverRow {
    /// Its id.
    pub id: HandoverId,
    /// The store.
    pub store: StoreId,
    /// Whose customers they are, or were.
    pub from: PersonId,
    /// Who gets them, or looks after them.
    pub to: PersonId,
    /// Which ones; all without.
    pub customers: Option<Vec<DocumentId>>,
    /// Until when, of a cover.
    pub until: Option<Timestamp>,
    /// What was said about it.
    pub note: String,
    /// Who decided it; nobody means the command line.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// The book that the customers come from.
    pub source: FeedId,
    /// The book that they go to; of a cover of all they stay where they are.
    pub target: FeedId,
    /// What lets the colleague use the book, of a cover.
    pub grant: Option<GrantId>,
    /// How far it is.
    pub stage: HandoverStage,
}

impl HandoverRow {
    /// What it is.
    pub const fn kind(&self) -> HandoverKind {
        match self.until {
            Some(_) => HandoverKind::Cover,
            None => HandoverKind::ForGood,
        }
    }

    /// In whose name the server writes that it happened: who decided it. The command line has no
    /// name of its own.
    pub fn author(&self) -> PersonId {
        self.by.unwrap_or(self.from)
    }

    /// As the ledger keeps it: what was said may name a customer, and the ledger is for ever.
    pub fn without_note(&self) -> Self {
        Self {
            note: String::new(),
            ..self.clone()
        }
    }

    /// As managers see it.
    pub fn shown(&self) -> RunningHandover {
        RunningHandover {
            id: self.id,
            store: self.store,
            from: self.from,
            to: self.to,
            customers: self.customers.as_ref().map(Vec::len),
            until: self.until,
            note: self.note.clone(),
            by: self.by,
            at: self.at,
            stage: self.stage,
        }
    }
}

/// A handover that begins, with what it needs.
#[derive(Clone, Debug)]
pub struct HandoverStart {
    /// The handover.
    pub row: HandoverRow,
    /// The book of a cover of some, which is new.
    pub feed: Option<Feed>,
    /// What lets the colleague use a book, of a cover.
    pub grant: Option<Grant>,
}
