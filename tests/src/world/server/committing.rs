//! Committing what tablets pushed, and what is said to it.

use std::sync::Arc;

use floorbook_server::sync::commit::Submission;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::sync::gate;
use floorbook_shared::sync::server::Input;
use floorbook_shared::time::Timestamp;

use super::super::Dice;
use super::super::check::Promises;
use super::super::organisation::expected;
use super::{Server, Waiting};

/// Changes that are committed together at most.
const BATCH_MAX_PUSHES: usize = 4;

impl Server {
    /// Commits some of what waits, as one batch.
    pub(super) fn commit(
        &mut self,
        dice: &mut Dice,
        now: Timestamp,
        promises: &mut Promises,
    ) -> usize {
        let mut refused = 0;
        let scope = self.scope();
        let count = (1 + dice.below(BATCH_MAX_PUSHES)).min(self.waiting.len());
        let pushes: Vec<Waiting> = self.waiting.drain(..count).collect();
        let batch: Vec<Submission> = pushes
            .iter()
            .flat_map(|push| {
                push.items.iter().map(|item| Submission {
                    device: push.device,
                    told: Arc::clone(&push.told),
                    item: item.clone(),
                })
            })
            .collect();
        if batch.is_empty() {
            return 0;
        }
        let mut settled = self
            .committer
            .commit(&batch, now)
            .expect("the disk works")
            .into_iter();
        self.compactor
            .changed(batch.iter().map(|one| one.item.document.id));
        self.compactor
            .step(self.database.as_ref(), now)
            .expect("the disk works");
        for push in pushes {
            let own: Vec<_> = settled.by_ref().take(push.items.len()).collect();
            for (item, settled) in push.items.iter().zip(&own) {
                if push.is_forged {
                    let feed = self.feed_of(item.document.id).unwrap_or(item.feed);
                    if let Some(code) = expected(&scope, item.person, feed) {
                        let said = settled.result.as_ref().err().map(String::as_str);
                        assert_eq!(said, Some(code), "what nobody may write");
                    }
                    continue;
                }
                if settled.result.is_ok() {
                    self.check_late(&scope, push.tablet, item, promises);
                }
                match &settled.result {
                    Ok(_) => {
                        let change = gate::parse(&item.change).expect("accepted changes parse");
                        let by = ChangeAuthor {
                            person: item.person,
                            device: push.device,
                        };
                        promises.acknowledge(item.document.id, change.hash, by);
                    }
                    Err(code) => {
                        let is_cursed = self.cursed.contains(&item.group);
                        let builds_on_it = matches!(
                            code.as_str(),
                            "missing_changes" | "foreign_actor" | "broken_order"
                        ) && !self.once_cursed.is_empty();
                        // What it builds on is on a tablet that has not been back.
                        let is_early = code == "missing_changes" && promises.is_restored;
                        // It was sent again after its author had heard of a change.
                        let is_again = code == "no_right"
                            && (promises.is_restored || !self.once_cursed.is_empty());
                        assert!(
                            is_cursed || builds_on_it || is_early || is_again,
                            "[6] honest work was refused: {code}"
                        );
                        refused += 1;
                    }
                }
            }
            let Some((current, wire)) = self.wires.get_mut(&push.tablet) else {
                continue;
            };
            if *current == push.connection {
                let outputs = wire
                    .session
                    .handle(Input::Committed(own), now, &|_, _| true);
                self.carry_out(push.tablet, push.connection, outputs, now);
            }
        }
        self.tell_head(now);
        refused
    }
}
