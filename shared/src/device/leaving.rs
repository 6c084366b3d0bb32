//! Feeds that left the scope of this tablet: what is here of them goes, once nothing of it waits.

use std::collections::BTreeSet;

use crate::device::engine::{Device, Job};
use crate::device::record::RowRecord;
use crate::device::sealing::OpenKeyring;
use crate::device::staged::Staged;
use crate::faults;
use crate::id::{DocumentId, FeedId, PersonId};

impl Device {
    /// Whether what this tablet has of a feed stays.
    fn holds(&self, feed: FeedId) -> bool {
        self.scope.feed(feed).is_some()
    }

    /// Whether the keyring of someone who is not here at the moment holds a feed.
    pub(crate) fn is_held_by_others(&self, feed: FeedId) -> bool {
        let own = self.open.as_ref().map(|open| open.person());
        self.is_held_besides(own, feed)
    }

    /// Whether the keyring of anyone else than a person holds a feed.
    pub(crate) fn is_held_besides(&self, person: Option<PersonId>, feed: FeedId) -> bool {
        let mut others = self
            .people
            .values()
            .filter(|record| Some(record.person) != person);
        others.any(|record| record.holds(feed))
    }

    /// Whether a keyring gets a feed that is on the disk: it was not read for this person, although
    /// the tablet stands somewhere in its log. Someone else holds it, or somebody lost it.
    pub(crate) fn joins_others(&self, opens: &OpenKeyring) -> bool {
        let Some(open) = self.open.as_ref() else {
            return false;
        };
        let known: BTreeSet<FeedId> = open.keyring.feeds().collect();
        let mut feeds = opens.keyring.feeds();
        open.person() == opens.person()
            && feeds.any(|feed| {
                let is_here = self.is_held_by_others(feed) || self.is_lost(feed);
                is_here && !known.contains(&feed)
            })
    }

    /// Whether something may be here of a feed that somebody lost while they were not here.
    fn is_lost(&self, feed: FeedId) -> bool {
        let mut people = self.people.values();
        people.any(|record| record.lost.contains(&feed))
    }

    /// Feeds that people lost of whom nothing waits for the store: whose they are, and which.
    fn lost_feeds(&self) -> BTreeSet<(PersonId, FeedId)> {
        let people = self.people.values();
        let delivered = people.filter(|record| self.waiting_of_person(record.person) == 0);
        delivered
            .flat_map(|record| record.lost.iter().map(|feed| (record.person, *feed)))
            .collect()
    }

    /// Removes what is here of feeds that people lost, unless someone else holds them: nobody here
    /// can open it any more.
    pub(crate) fn empty_lost(&self) -> Option<Staged> {
        let lost = self.lost_feeds();
        let emptied = lost.iter().map(|(_, feed)| *feed);
        let emptied: BTreeSet<FeedId> = emptied
            .filter(|feed| !self.is_held_besides(None, *feed))
            .collect();
        let mut staged = Staged {
            cursors: self.cursors.without(&emptied),
            emptied_feeds: emptied,
            is_strict: true,
            ..Staged::default()
        };
        for record in self.people.values() {
            let mut record = record.clone();
            let before = record.lost.len();
            let person = record.person;
            record.lost.retain(|feed| !lost.contains(&(person, *feed)));
            if record.lost.len() != before {
                staged.put_keyring(record);
            }
        }
        (!lost.is_empty()).then_some(staged)
    }

    /// Feeds that the open keyring holds and that are out of its scope. What others hold here is
    /// theirs.
    pub(crate) fn feeds_out_of_scope(&self) -> BTreeSet<FeedId> {
        // Without a scope nobody knows what is out of it.
        if self.scope.version == 0 || faults::is_planted("left_feed_kept") {
            return BTreeSet::new();
        }
        let open = self.open.iter();
        let here = open.flat_map(|open| open.keyring.feeds());
        here.filter(|feed| !self.holds(*feed)).collect()
    }

    /// Whether it is known what the store lacks of a feed that left: it answered where this tablet
    /// stands in it. Of one that was never read there is nothing to say.
    fn is_judged(&self, feed: FeedId) -> bool {
        self.judged_feeds.contains(&feed) || self.cursors.store_of(feed).is_none()
    }

    /// Whether a document goes with a book that left, and has to be offered before.
    pub(crate) fn goes_at_risk(&self, record: &RowRecord) -> bool {
        !self.holds(record.feed) && self.is_judged(record.feed) && self.is_at_risk(record)
    }

    /// Feeds that are here and out of scope, of which no work waits for the store, and of which the
    /// store has all that it ever had.
    fn left_feeds(&self) -> BTreeSet<FeedId> {
        let mut left = self.feeds_out_of_scope();
        if left.is_empty() || faults::is_planted("left_feed_removed_at_once") {
            return left;
        }
        if !faults::is_planted("left_feed_not_offered") {
            left.retain(|feed| self.is_judged(*feed));
            for record in self.index.records().filter(|record| record.row.is_some()) {
                if self.is_to_be_offered(record) {
                    left.remove(&record.feed);
                }
            }
        }
        for waiting in self.index.outbox().values() {
            let home = self.home_of(waiting.body.document.id);
            left.remove(&home.map_or(waiting.body.feed, |home| home.feed));
        }
        left
    }

    /// The job that removes what is out of scope, if there is something.
    pub(crate) fn leaving(&self) -> Option<Job> {
        if !self.is_at_rest() || self.storage_problem.is_some() {
            return None;
        }
        if !self.left_feeds().is_empty() {
            return Some(Job::RemoveFeeds);
        }
        (!self.lost_feeds().is_empty()).then_some(Job::EmptyLost)
    }

    pub(crate) fn remove_feeds(&self) -> Option<Staged> {
        let removed_feeds = self.left_feeds();
        let emptied_feeds = removed_feeds.iter().copied();
        let emptied_feeds: BTreeSet<FeedId> = emptied_feeds
            .filter(|feed| !self.is_held_by_others(*feed))
            .collect();
        (!removed_feeds.is_empty()).then(|| Staged {
            cursors: self.cursors.without(&emptied_feeds),
            emptied_feeds,
            removed_feeds,
            is_strict: true,
            ..Staged::default()
        })
    }

    /// What was in memory of a feed that is removed; answers which documents that were. What is on
    /// the screen of it stays noted: it may come back in another book.
    pub(crate) fn forget_feed(&mut self, feed: FeedId) -> Vec<DocumentId> {
        let gone = self.index.remove_feed(feed);
        for id in &gone {
            self.documents.remove(id);
            self.shown_histories.remove(id);
            self.healing.remove(id);
        }
        gone
    }
}
