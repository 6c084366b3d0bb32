//! Changing people and stores that are there.

use floorbook_shared::access::{Person, Store};
use floorbook_shared::api::{HandoverStage, PersonChange, StoreChange};
use floorbook_shared::id::{DocumentId, HandoverId, PersonId, StoreId};

use super::log::{Addition, Move};
use super::model::{By, HandoverRow, HandoverStart};
use super::organisation::{handovers, people, stores};
use super::{RedbDatabase, Result, document_log};
use crate::ledger::Event;

/// The people and stores of a chain. Methods block on the disk, as those of
/// [`Database`](super::Database).
pub trait Directory {
    /// Changes a person and answers how they are now. Somebody who does not work here any more has
    /// no session and no one-time code.
    fn change_person(&self, person: PersonId, change: &PersonChange, by: By) -> Result<Person>;

    /// Changes a store and answers how it is now.
    fn change_store(&self, store: StoreId, change: &StoreChange, by: By) -> Result<Store>;

    /// Begins a handover: what it needs is there, its documents have to move.
    fn begin_handover(&self, start: &HandoverStart, by: By) -> Result<()>;

    /// All handovers that are not over.
    fn handovers(&self) -> Result<Vec<HandoverRow>>;

    /// Some documents that have to move in the stage in which a handover is.
    fn handover_documents(&self, row: &HandoverRow, count: usize) -> Result<Vec<DocumentId>>;

    /// Notes that all documents of a stage are where they belong; answers how the handover stands
    /// now.
    fn advance_handover(
        &self,
        id: HandoverId,
        from: HandoverStage,
        by: By,
    ) -> Result<HandoverStage>;

    /// Ends a cover: nobody but its owner may use the book any more, and its documents have to move
    /// back. Answers how the handover stands now.
    fn end_handover(&self, id: HandoverId, by: By) -> Result<HandoverStage>;

    /// Appends changes and moves documents to another feed of their store, in one transaction;
    /// documents that are not there are left out. All go to one feed, by one person.
    fn move_documents(&self, additions: &[Addition], orders: &[Move]) -> Result<()>;
}

impl Directory for RedbDatabase {
    fn change_person(&self, person: PersonId, change: &PersonChange, by: By) -> Result<Person> {
        self.record(by.at, |write| people::change(write, person, change, by))
    }

    fn change_store(&self, store: StoreId, change: &StoreChange, by: By) -> Result<Store> {
        self.record(by.at, |write| stores::change(write, store, change, by))
    }

    fn begin_handover(&self, start: &HandoverStart, by: By) -> Result<()> {
        self.record(by.at, |write| handovers::begin(write, start, by))
    }

    fn handovers(&self) -> Result<Vec<HandoverRow>> {
        self.read(handovers::all)
    }

    fn handover_documents(&self, row: &HandoverRow, count: usize) -> Result<Vec<DocumentId>> {
        self.read(|read| handovers::waiting(read, row, count))
    }

    fn advance_handover(
        &self,
        id: HandoverId,
        from: HandoverStage,
        by: By,
    ) -> Result<HandoverStage> {
        self.record(by.at, |write| handovers::advance(write, id, from, by))
    }

    fn end_handover(&self, id: HandoverId, by: By) -> Result<HandoverStage> {
        self.record(by.at, |write| handovers::end(write, id, by))
    }

    fn move_documents(&self, additions: &[Addition], orders: &[Move]) -> Result<()> {
        let Some(first) = orders.first() else {
            return Ok(());
        };
        self.record(first.at, |write| {
            document_log::append_all(write, additions)?;
            for order in orders {
                document_log::move_if_there(write, order)?;
            }
            write.note(Event::Moved {
                documents: orders.iter().map(|order| order.document).collect(),
                to: first.to,
                by: first.by.person,
                device: first.by.device,
            });
            Ok(())
        })
    }
}
