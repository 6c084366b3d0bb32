//! Where a tablet stands: feeds that stand at the same place of a store's log are one group, which
//! is read at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::access::Scope;
use crate::faults;
use crate::id::{FeedId, StoreId};
use crate::sync::chain::Cursor;
use crate::sync::message::{FeedCursor, FeedSelection};

/// Places of one message that are looked at: a tablet has no more groups than a store feeds.
const STATED_MAX_CURSORS: usize = 1_000;

/// A group: its store and its first feed.
pub(super) type GroupKey = (StoreId, FeedId);

/// Feeds of a store that stand at the same place.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) feeds: BTreeSet<FeedId>,
    pub(super) cursor: Cursor,
    /// Whether the log may hold more than was sent.
    pub(super) is_behind: bool,
    /// Whether the tablet waits for a last frame, even an empty one.
    pub(super) owes_last: bool,
    /// Whether the log does not know the tablet's cursor, and its older ones were asked for.
    awaits_history: bool,
    /// Documents that follow, as counted with an earlier page.
    pub(super) announced: Option<u32>,
}

impl Group {
    const fn at(cursor: Cursor, feeds: BTreeSet<FeedId>) -> Self {
        Self {
            feeds,
            cursor,
            is_behind: true,
            owes_last: true,
            awaits_history: false,
            announced: None,
        }
    }
}

/// All groups of a session.
#[derive(Debug, Default)]
pub(super) struct Places {
    groups: BTreeMap<GroupKey, Group>,
}

impl Places {
    /// Where a tablet stands in the feeds of a scope, as it says, and the stores whose log it has
    /// from elsewhere, also as far as feeds are concerned that are not in the scope. A feed that it does not name stands at its start: one that is new in the
    /// scope begins there, wherever the others are.
    pub(super) fn of(
        scope: &Scope,
        stated: &[FeedCursor],
        recognises: &dyn Fn(StoreId, Cursor) -> bool,
    ) -> (Self, Vec<StoreId>) {
        let mut of_feed: BTreeMap<FeedId, Cursor> = BTreeMap::new();
        for place in stated.iter().take(STATED_MAX_CURSORS) {
            let feeds = place.feeds.feeds(scope, place.store);
            of_feed.extend(feeds.into_iter().map(|feed| (feed, place.cursor)));
            if faults::is_planted("new_feed_at_the_others_cursor")
                && let FeedSelection::These(_) = place.feeds
            {
                for feed in scope.feeds_of(place.store) {
                    of_feed.entry(feed).or_insert(place.cursor);
                }
            }
        }
        let mut places = Self::default();
        let mut unrecognised = Vec::new();
        for store in &scope.stores {
            let mut at: Vec<(Cursor, BTreeSet<FeedId>)> = Vec::new();
            for feed in scope.feeds_of(store.id) {
                let cursor = of_feed.get(&feed).copied().unwrap_or_default();
                match at.iter_mut().find(|(place, _)| *place == cursor) {
                    Some((_, feeds)) => drop(feeds.insert(feed)),
                    None => at.push((cursor, BTreeSet::from([feed]))),
                }
            }
            for (cursor, feeds) in at {
                let mut group = Group::at(cursor, feeds);
                if !recognises(store.id, cursor) {
                    group.awaits_history = true;
                    if !unrecognised.contains(&store.id) {
                        unrecognised.push(store.id);
                    }
                }
                places.put(store.id, group);
            }
            let mut strange = stated.iter().take(STATED_MAX_CURSORS).filter(|place| {
                place.store == store.id && !place.feeds.strangers(scope, store.id).is_empty()
            });
            let is_strange = |place: &FeedCursor| !recognises(store.id, place.cursor);
            if !unrecognised.contains(&store.id) && strange.any(is_strange) {
                unrecognised.push(store.id);
            }
        }
        (places, unrecognised)
    }

    fn put(&mut self, store: StoreId, group: Group) {
        if let Some(first) = group.feeds.first() {
            self.groups.insert((store, *first), group);
        }
    }

    pub(super) fn group(&mut self, key: GroupKey) -> Option<&mut Group> {
        self.groups.get_mut(&key)
    }

    /// The log of some store grew.
    pub(super) fn head_moved(&mut self) {
        for group in self.groups.values_mut() {
            group.is_behind = true;
        }
    }

    /// The group to be read next: in turn, so that a busy one does not keep the others waiting.
    pub(super) fn next(&mut self, last: Option<GroupKey>) -> Option<(GroupKey, &mut Group)> {
        let (key, group) = self
            .groups
            .iter_mut()
            .filter(|(_, group)| group.is_behind && !group.awaits_history)
            .min_by_key(|(key, _)| (Some(**key) <= last, **key))?;
        Some((*key, group))
    }

    /// Has those of the feeds go on from a place whose older places were asked for; answers which
    /// these are.
    pub(super) fn rewind(
        &mut self,
        store: StoreId,
        feeds: &BTreeSet<FeedId>,
        cursor: Cursor,
    ) -> BTreeSet<FeedId> {
        let mut rewound = BTreeSet::new();
        for mut group in self.take(store) {
            if group.awaits_history {
                let (back, left) = group.feeds.iter().partition(|feed| feeds.contains(feed));
                group.feeds = left;
                rewound.append(&mut { back });
            }
            self.put(store, group);
        }
        self.put(store, Group::at(cursor, rewound.clone()));
        rewound
    }

    /// Groups at the same place become one, but for the one that is being read.
    pub(super) fn join(&mut self, store: StoreId, reading: Option<GroupKey>) {
        let mut joined: Vec<Group> = Vec::new();
        for mut group in self.take(store) {
            let is_read = |group: &Group| {
                let first = group.feeds.first();
                first.is_some_and(|first| reading == Some((store, *first)))
            };
            let other = joined.iter_mut().find(|other| {
                other.cursor == group.cursor
                    && !(other.awaits_history || group.awaits_history)
                    && !(is_read(other) || is_read(&group))
            });
            match other {
                Some(other) => {
                    other.feeds.append(&mut group.feeds);
                    other.is_behind |= group.is_behind;
                    other.owes_last |= group.owes_last;
                    other.announced = None;
                }
                None => joined.push(group),
            }
        }
        for group in joined {
            self.put(store, group);
        }
    }

    /// Takes all groups of a store out.
    fn take(&mut self, store: StoreId) -> Vec<Group> {
        let keys = self.groups.keys().filter(|(of, _)| *of == store);
        let keys: Vec<GroupKey> = keys.copied().collect();
        keys.into_iter()
            .filter_map(|key| self.groups.remove(&key))
            .collect()
    }
}
