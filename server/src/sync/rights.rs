//! Whether the author of a pushed change may write it: now, or when they wrote it.
//!
//! A change is *late* if its author lost the right before it arrived: the document left their
//! book, or a grant or a role ended. It is taken if they could not know of that yet, and if it
//! builds on nothing that came after.

use floorbook_shared::access::{Access, Scope, rights};
use floorbook_shared::document::DocumentKind;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::faults;
use floorbook_shared::id::{DocumentId, FeedId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::scanner::ScannedChange;
use floorbook_shared::time::Timestamp;

use crate::database::log::Leaving;
use crate::database::model::Told;
use crate::database::{Database, Result, is_over};

/// Code of a change whose author may not write where it belongs.
pub const NO_RIGHT: &str = "no_right";
/// Code of a document that is founded in a feed that does not exist.
pub const UNKNOWN_FEED: &str = "unknown_feed";

/// A change that somebody wants to write.
pub(super) struct Wish<'a> {
    pub(super) author: ChangeAuthor,
    pub(super) document: DocumentId,
    pub(super) kind: DocumentKind,
    /// The feed that the document is in, or is founded in.
    pub(super) feed: FeedId,
    pub(super) change: &'a ScannedChange<'a>,
    /// What the tablet said before it pushed, beside what is noted in the database.
    pub(super) told: &'a Told,
    /// Changes of the same document before it in the batch, with their authors.
    pub(super) before: &'a [(ChangeHash, ChangeAuthor)],
}

/// What wishes are judged by.
pub(super) struct Rights<'a> {
    pub(super) scope: &'a Scope,
    pub(super) database: &'a dyn Database,
    pub(super) now: Timestamp,
}

impl Rights<'_> {
    /// Whether it may be written.
    ///
    /// # Errors
    /// If the database can't be read.
    pub(super) fn may_write(&self, wish: &Wish<'_>) -> Result<bool> {
        if faults::is_planted("rights_not_asked") {
            return Ok(true);
        }
        if !self.is_home(wish, wish.feed) {
            return Ok(false);
        }
        Ok(self.has_right(wish, wish.feed) || self.may_write_late(wish)?)
    }

    /// Whether documents of this kind belong into a feed.
    fn is_home(&self, wish: &Wish<'_>, feed: FeedId) -> bool {
        let feed = self.scope.feed(feed);
        feed.is_some_and(|feed| rights::lives_in(wish.kind, feed.kind))
    }

    fn has_right(&self, wish: &Wish<'_>, feed: FeedId) -> bool {
        self.scope.access(wish.author.person, feed) == Some(Access::Write)
    }

    fn may_write_late(&self, wish: &Wish<'_>) -> Result<bool> {
        let store = self.scope.feed(wish.feed).map(|feed| feed.store);
        let feeds = self.scope.feeds.iter();
        let feeds: Vec<FeedId> = feeds
            .filter(|feed| Some(feed.store) == store)
            .map(|feed| feed.id)
            .collect();
        let mut noted = self.database.confirmed(wish.author.device)?;
        noted.extend(wish.told);
        if faults::is_planted("late_without_asking_what_was_known") {
            noted = Told::default();
        }
        if self.could_write(wish, wish.feed, None, &noted)? {
            return Ok(true);
        }
        for leaving in self.database.leavings(wish.document, &feeds)? {
            if self.could_write(wish, leaving.feed, Some(leaving), &noted)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the author could write into a feed where the document is, or that it left, as far as
    /// they knew.
    fn could_write(
        &self,
        wish: &Wish<'_>,
        feed: FeedId,
        leaving: Option<Leaving>,
        noted: &Told,
    ) -> Result<bool> {
        if !self.is_home(wish, feed) {
            return Ok(false);
        }
        // The last place in the log of which they may have known.
        let mut limit = u64::MAX;
        if let Some(leaving) = leaving {
            let confirmed = noted.confirmed.get(&feed).copied().unwrap_or(0);
            if confirmed >= leaving.seq || is_over(leaving.at, self.now) {
                return Ok(false);
            }
            limit = leaving.seq;
        }
        if !self.has_right(wish, feed) {
            let person = wish.author.person;
            let Some(lost) = self.database.lost_access(person, feed)? else {
                return Ok(false);
            };
            let known = noted.scopes.get(&person).copied().unwrap_or(0);
            if known >= lost.scope_version || is_over(lost.at, self.now) {
                return Ok(false);
            }
            limit = limit.min(lost.seq);
        }
        self.builds_on_nothing_after(wish, limit)
    }

    /// Whether all that a change builds on was there before, or was written on the same tablet:
    /// whoever takes it in hand sees what the others entered there, also before it is sent.
    fn builds_on_nothing_after(&self, wish: &Wish<'_>, limit: u64) -> Result<bool> {
        if faults::is_planted("late_on_newer_work") {
            return Ok(true);
        }
        for dep in &wish.change.deps {
            let is_beside = |author: ChangeAuthor| author.device == wish.author.device;
            let mut before = wish.before.iter();
            if let Some((_, author)) = before.find(|(hash, _)| hash == dep) {
                if !is_beside(*author) {
                    return Ok(false);
                }
                continue;
            }
            // What is not there at all is for the gate to say.
            let origin = self.database.origin(wish.document, *dep)?;
            if origin.is_some_and(|origin| origin.seq > limit && !is_beside(origin.author)) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
