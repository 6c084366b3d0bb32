//! Feeds that left the scope of this tablet: what is here of them goes, once nothing of it waits.

use std::collections::BTreeSet;

use crate::device::engine::{Device, Job};
use crate::device::staged::Staged;
use crate::faults;
use crate::id::{DocumentId, FeedId};

impl Device {
    /// Whether what this tablet has of a feed stays.
    fn holds(&self, feed: FeedId) -> bool {
        self.scope.feed(feed).is_some()
    }

    /// Feeds that are here and out of scope, and of which no work waits for the store.
    fn left_feeds(&self) -> BTreeSet<FeedId> {
        // Without a scope nobody knows what is out of it.
        if self.scope.version == 0 || faults::is_planted("left_feed_kept") {
            return BTreeSet::new();
        }
        let placed = self.cursors.places().map(|(_, feed, _)| feed);
        let here = self.index.feeds().iter().copied().chain(placed);
        let mut left: BTreeSet<FeedId> = here.filter(|feed| !self.holds(*feed)).collect();
        if left.is_empty() || faults::is_planted("left_feed_removed_at_once") {
            return left;
        }
        for waiting in self.index.outbox().values() {
            let home = self.home_of(waiting.body.document.id);
            left.remove(&home.map_or(waiting.body.feed, |home| home.feed));
        }
        left
    }

    /// The job that removes what is out of scope, if there is something.
    pub(crate) fn leaving(&self) -> Option<Job> {
        let is_ready = self.is_at_rest() && self.storage_problem.is_none();
        (is_ready && !self.left_feeds().is_empty()).then_some(Job::RemoveFeeds)
    }

    pub(crate) fn remove_feeds(&self) -> Option<Staged> {
        let removed_feeds = self.left_feeds();
        (!removed_feeds.is_empty()).then(|| Staged {
            cursors: self.cursors.without(&removed_feeds),
            removed_feeds,
            is_strict: true,
            ..Staged::default()
        })
    }

    /// What was in memory of a feed that is removed; answers which documents that were.
    pub(crate) fn forget_feed(&mut self, feed: FeedId) -> Vec<DocumentId> {
        let gone = self.index.remove_feed(feed);
        for id in &gone {
            self.documents.remove(id);
            self.shown.remove(id);
            self.healing.remove(id);
        }
        gone
    }
}
