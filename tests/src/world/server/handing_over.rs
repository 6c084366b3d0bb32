//! The steps of handovers, as the committing thread takes them.

use floorbook_server::database::Database;
use floorbook_server::database::log::Move;
use floorbook_server::database::model::HandoverRow;
use floorbook_server::handover::steps::{self, Slice, Step};
use floorbook_shared::time::Timestamp;

use super::super::Dice;
use super::Server;

/// Documents that move in one step: so few that a handover takes several.
const SLICE_DOCUMENTS: usize = 1;

impl Server {
    /// The next step of a handover.
    pub(in crate::world) fn step(
        &mut self,
        row: &HandoverRow,
        now: Timestamp,
        dice: &mut Dice,
    ) -> Step {
        let moves = self.next(row, now).map(|slice| slice.moves());
        let writer = self.own_actors.writer(row.author(), dice);
        let step = steps::step(&mut self.committer, row.id, SLICE_DOCUMENTS, &writer, now);
        let step = step.expect("the disk works");
        match &step {
            Step::Moved(moved) => {
                // The ledger has them.
                let moves: Vec<Move> = moves.unwrap_or_default();
                self.moves.extend(moves);
                self.compactor.changed(moved.documents.iter().copied());
            }
            Step::Stands(_) => self.advanced.push((row.id, row.stage)),
        }
        self.tell_head(now);
        step
    }

    fn next(&self, row: &HandoverRow, now: Timestamp) -> Option<Slice> {
        let database: &dyn Database = self.database.as_ref();
        let slice = Slice::next(database, row, SLICE_DOCUMENTS, now);
        slice.expect("the database can be read")
    }
}
