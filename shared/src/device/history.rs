//! The history of a card that is shown, and taking a change back.

use crate::device::engine::{Context, Device, Opened, Outputs};
use crate::device::message::{Notice, RequestId};
use crate::device::staged::Staged;
use crate::document::history;
use crate::id::DocumentId;
use crate::sync::chain::ChangeHash;
use crate::time::Timestamp;

/// So long after something happened to a card its history is told, in milliseconds.
pub(crate) const HISTORY_PAUSE_MILLIS: i64 = 200;

impl Device {
    /// Tells the histories that are due.
    pub(crate) fn tell_histories(&mut self, now: Timestamp, outputs: &mut Outputs) {
        for document in self.owed_histories.take_due(now) {
            if self.shown_histories.contains(&document) {
                self.tell_history(document, outputs);
            }
        }
    }

    /// Tells the history of a card, unless it can't be read.
    fn tell_history(&self, document: DocumentId, outputs: &mut Outputs) {
        if self.is_aside(document) || self.index.row(document).is_none() {
            return;
        }
        let Some(Opened::Document(opened)) = self.documents.get(&document) else {
            return;
        };
        self.works_on(Some(document));
        let history = history::history(opened, self.person());
        self.works_on(None);
        outputs.notices.push(Notice::History {
            document,
            history: Box::new(history),
        });
    }

    /// Runs the command that takes a change back.
    pub(crate) fn undo(
        &mut self,
        id: RequestId,
        document: DocumentId,
        change: ChangeHash,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let found = match self.documents.get(&document) {
            Some(Opened::Document(opened)) if !self.is_aside(document) => {
                self.works_on(Some(document));
                let found = history::undo(opened, change);
                self.works_on(None);
                found
            }
            Some(_) | None => Err(history::UndoError::Unknown),
        };
        match found {
            Ok(command) => self.run(id, document, command, context, outputs),
            Err(error) => {
                outputs.notices.push(Notice::NotSaved {
                    id,
                    code: error.code().to_owned(),
                    detail: error.to_string(),
                });
                None
            }
        }
    }
}
