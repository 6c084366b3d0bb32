//! The steps of handovers, as the committing thread takes them.

use floorbook_server::database::model::HandoverRow;
use floorbook_server::handover::steps::{self, Step};
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
        let writer = self.own_actors.writer(row.author(), dice);
        let step = steps::step(&mut self.committer, row.id, SLICE_DOCUMENTS, &writer, now);
        let step = step.expect("the disk works");
        if let Step::Moved(moved) = &step {
            self.compactor.changed(moved.documents.iter().copied());
        }
        self.tell_head(now);
        step
    }
}
