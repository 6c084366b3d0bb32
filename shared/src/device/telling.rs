//! What the screen is told: the status, rows, cards.

use crate::device::engine::{Device, Opened, Outputs};
use crate::device::job::Job;
use crate::device::message::{Notice, Progress, Request, Status};
use crate::document::read::read;
use crate::id::DocumentId;
use crate::time::Timestamp;
use crate::view::card::CardView;

/// So long after something was saved its card is told anew, in milliseconds: whoever saved it sees
/// first that it is saved.
pub(crate) const CARD_PAUSE_MILLIS: i64 = 40;

impl Device {
    /// The truth about saving and sending.
    pub fn status(&self) -> Status {
        let refused = self
            .refused
            .values()
            .map(|record| self.refused_entry(record))
            .collect();
        let unopened = self.documents.values().filter(|opened| {
            matches!(
                opened,
                Opened::Unreadable {
                    is_passing: false,
                    ..
                }
            )
        });
        let set_aside = self.cards_aside();
        let unread = self.unreadable_clear
            + self.unreadable_values
            + self.missing_rows
            + self.damaged_outbox.len();
        let total: u32 = self.pending.values().sum();
        Status {
            unsent: self.unsent(),
            connection: self.connection.status(),
            verified: self.verified,
            is_verified: self.is_verified_now,
            differing: self.differing(),
            last_saved: self.counters.last_saved,
            last_acknowledged: self.counters.last_acknowledged,
            refused,
            unreadable: unread + unopened.count() + set_aside.len(),
            set_aside,
            storage_problem: self.storage_problem.clone(),
            receiving: (total > 0).then(|| Progress {
                done: self.received_cards,
                total: self.received_cards.saturating_add(total),
            }),
        }
    }

    pub(crate) fn tell_status(&mut self, outputs: &mut Outputs) {
        let status = self.status();
        if status != self.told_status {
            self.told_status = status.clone();
            outputs.notices.push(Notice::Status { status });
        }
    }

    pub(crate) fn tell_rows(
        &mut self,
        touched: &[DocumentId],
        removed: &[DocumentId],
        outputs: &mut Outputs,
    ) {
        let rows: Vec<_> = touched
            .iter()
            .filter_map(|id| self.index.entry(*id))
            .collect();
        if !rows.is_empty() {
            outputs.notices.push(Notice::Rows { rows });
        }
        if !removed.is_empty() {
            outputs.notices.push(Notice::Removed {
                documents: removed.to_vec(),
            });
        }
        let mut told = outputs.notices.iter();
        let is_saved = told.any(|notice| matches!(notice, Notice::Saved { .. }));
        for document in touched
            .iter()
            .filter(|document| self.shown.contains(document))
        {
            if is_saved {
                self.owed_cards.owe(*document);
            } else {
                self.owed_cards.forget(*document);
                self.tell_card(*document, outputs);
            }
            if self.shown_histories.contains(document) {
                self.owed_histories.owe(*document);
            }
        }
    }

    /// Tells the cards that are due.
    pub(crate) fn tell_cards(&mut self, now: Timestamp, outputs: &mut Outputs) {
        for document in self.owed_cards.take_due(now) {
            if self.shown.contains(&document) {
                self.tell_card(document, outputs);
            }
        }
    }

    /// What is on the screen and came back in another book is stored but closed: it is opened
    /// and told again, or the screen would go on showing it as it left.
    pub(crate) fn show_again(&mut self, touched: &[DocumentId]) {
        for document in touched.iter().copied() {
            let is_closed = !self.documents.contains_key(&document);
            let is_here = self.index.row(document).is_some();
            if self.shown.contains(&document) && is_closed && is_here {
                // Before whatever waits, so that a card is not shown after it was hidden.
                let show = Request::ShowCard { document };
                self.jobs.push_front(Job::Request(show));
            }
        }
    }

    pub(crate) fn tell_card(&self, document: DocumentId, outputs: &mut Outputs) {
        let Some(record) = self.index.row(document) else {
            return;
        };
        if self.is_aside(document) {
            let reason = "set aside".to_owned();
            outputs
                .notices
                .push(Notice::CardUnreadable { document, reason });
            return;
        }
        match self.documents.get(&document) {
            Some(Opened::Document(opened)) => {
                self.works_on(Some(document));
                let reading = read(opened);
                self.works_on(None);
                let card = CardView {
                    customer: reading.customer,
                    feed: record.feed,
                    conflicts: reading.conflicts,
                    unsent: self.index.unsent_of(document),
                };
                outputs.notices.push(Notice::Card {
                    document,
                    card: Box::new(card),
                });
            }
            Some(Opened::Unreadable { reason, .. }) => {
                outputs.notices.push(Notice::CardUnreadable {
                    document,
                    reason: reason.clone(),
                });
            }
            None => {}
        }
    }
}
