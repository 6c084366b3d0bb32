//! Where this tablet stands in the logs of the stores, feed by feed.
//!
//! Feeds that always moved together share one place and one list of older places, so that a frame
//! moves one value however many feeds there are.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::access::Scope;
use crate::device::record::CursorRecord;
use crate::id::{FeedId, StoreId};
use crate::sync::chain::{Cursor, remembered};
use crate::sync::message::{ClientMessage, FeedCursor, FeedSelection, History};

/// Feeds of a store that stand, and stood, at the same places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CursorGroup {
    /// The feeds.
    pub feeds: BTreeSet<FeedId>,
    /// The place.
    pub cursor: Cursor,
    /// Earlier places up to which everything was held, newest first.
    #[serde(default)]
    pub older: Vec<Cursor>,
}

/// All places, by store. A feed that is not here stands at its start.
#[derive(Debug, Default)]
pub(crate) struct Cursors {
    stores: BTreeMap<StoreId, CursorRecord>,
}

impl Cursors {
    /// Takes over what is on disk.
    pub(crate) fn put(&mut self, record: CursorRecord) {
        if record.groups.is_empty() {
            self.stores.remove(&record.store);
        } else {
            self.stores.insert(record.store, record);
        }
    }

    fn groups(&self, store: StoreId) -> &[CursorGroup] {
        let record = self.stores.get(&store);
        record.map_or(&[], |record| record.groups.as_slice())
    }

    /// All stores, their feeds and where these stand.
    pub(crate) fn places(&self) -> impl Iterator<Item = (StoreId, FeedId, Cursor)> {
        let groups = self
            .stores
            .values()
            .flat_map(|record| record.groups.iter().map(|group| (record.store, group)));
        groups.flat_map(|(store, group)| {
            let feeds = group.feeds.iter();
            feeds.map(move |feed| (store, *feed, group.cursor))
        })
    }

    /// Where a feed stands.
    pub(crate) fn of(&self, store: StoreId, feed: FeedId) -> Cursor {
        let mut groups = self.groups(store).iter();
        groups
            .find(|group| group.feeds.contains(&feed))
            .map(|group| group.cursor)
            .unwrap_or_default()
    }

    /// The store of a feed of which something was read.
    pub(crate) fn store_of(&self, feed: FeedId) -> Option<StoreId> {
        let mut places = self.places();
        places
            .find(|(_, known, _)| *known == feed)
            .map(|(store, ..)| store)
    }

    /// Where these feeds stand, if that is one place.
    pub(crate) fn common(&self, store: StoreId, feeds: &BTreeSet<FeedId>) -> Option<Cursor> {
        let mut places = feeds.iter().map(|feed| self.of(store, *feed));
        let first = places.next()?;
        places.all(|place| place == first).then_some(first)
    }

    /// The record of a store with these feeds at a new place.
    pub(crate) fn moved(
        &self,
        store: StoreId,
        feeds: &BTreeSet<FeedId>,
        cursor: Cursor,
    ) -> CursorRecord {
        self.changed(store, feeds, |here, older| {
            (cursor, remembered(older, here, cursor))
        })
    }

    /// The record of a store with these feeds back at an older place.
    pub(crate) fn rewound(
        &self,
        store: StoreId,
        feeds: &BTreeSet<FeedId>,
        cursor: Cursor,
    ) -> CursorRecord {
        self.changed(store, feeds, |_, older| {
            let older = older.iter().filter(|older| older.seq < cursor.seq);
            (cursor, older.copied().collect())
        })
    }

    /// The records of the stores that these feeds are taken out of.
    pub(crate) fn without(&self, feeds: &BTreeSet<FeedId>) -> Vec<CursorRecord> {
        let is_met = |record: &&CursorRecord| {
            let mut groups = record.groups.iter();
            groups.any(|group| !group.feeds.is_disjoint(feeds))
        };
        let met = self.stores.values().filter(is_met).cloned();
        met.map(|mut record| {
            for group in &mut record.groups {
                group.feeds.retain(|feed| !feeds.contains(feed));
            }
            record.groups.retain(|group| !group.feeds.is_empty());
            record
        })
        .collect()
    }

    fn changed(
        &self,
        store: StoreId,
        feeds: &BTreeSet<FeedId>,
        change: impl Fn(Cursor, &[Cursor]) -> (Cursor, Vec<Cursor>),
    ) -> CursorRecord {
        let mut groups: Vec<CursorGroup> = Vec::new();
        let mut put = |feeds: BTreeSet<FeedId>, cursor: Cursor, older: Vec<Cursor>| {
            let mut known = groups.iter_mut();
            match known.find(|group| (group.cursor, &group.older) == (cursor, &older)) {
                Some(group) => group.feeds.extend(feeds),
                None if feeds.is_empty() => {}
                None => groups.push(CursorGroup {
                    feeds,
                    cursor,
                    older,
                }),
            }
        };
        let mut new = feeds.clone();
        for group in self.groups(store) {
            let (moved, left): (BTreeSet<_>, BTreeSet<_>) =
                group.feeds.iter().partition(|feed| feeds.contains(feed));
            new.retain(|feed| !moved.contains(feed));
            put(left, group.cursor, group.older.clone());
            let (cursor, older) = change(group.cursor, &group.older);
            put(moved, cursor, older);
        }
        let (cursor, older) = change(Cursor::default(), &[]);
        put(new, cursor, older);
        CursorRecord { store, groups }
    }

    /// Where this tablet stands in the feeds of a scope, and in others that are about to go from
    /// it, in as few words as possible.
    pub(crate) fn stated_with(&self, scope: &Scope, leaving: &BTreeSet<FeedId>) -> Vec<FeedCursor> {
        let mut stated = self.stated(scope);
        for record in self.stores.values() {
            for group in &record.groups {
                let feeds = group.feeds.intersection(leaving).copied();
                let feeds: Vec<FeedId> = feeds.collect();
                if !feeds.is_empty() {
                    stated.push(FeedCursor {
                        store: record.store,
                        cursor: group.cursor,
                        feeds: FeedSelection::These(feeds),
                    });
                }
            }
        }
        stated
    }

    /// Where this tablet stands in the feeds of a scope, in as few words as possible.
    pub(crate) fn stated(&self, scope: &Scope) -> Vec<FeedCursor> {
        let mut stated = Vec::new();
        for store in &scope.stores {
            let mut at: Vec<(Cursor, BTreeSet<FeedId>)> = Vec::new();
            for feed in scope.feeds_of(store.id) {
                let cursor = self.of(store.id, feed);
                match at.iter_mut().find(|(place, _)| *place == cursor) {
                    Some((_, feeds)) => drop(feeds.insert(feed)),
                    None => at.push((cursor, BTreeSet::from([feed]))),
                }
            }
            at.retain(|(cursor, _)| *cursor != Cursor::default());
            stated.extend(at.into_iter().map(|(cursor, feeds)| FeedCursor {
                store: store.id,
                cursor,
                feeds: FeedSelection::of(scope, store.id, &feeds),
            }));
        }
        stated
    }

    /// Older places in the log of a store, for a server that does not know the current ones: of the
    /// feeds in scope, and of those that are about to go.
    pub(crate) fn histories(
        &self,
        scope: &Scope,
        store: StoreId,
        leaving: &BTreeSet<FeedId>,
    ) -> Vec<ClientMessage> {
        let mut unplaced = scope.feeds_of(store);
        let mut histories = Vec::new();
        let mut tell = |feeds: &BTreeSet<FeedId>, cursors: Vec<Cursor>| {
            if !feeds.is_empty() {
                histories.push(ClientMessage::History(History {
                    store,
                    feeds: FeedSelection::of(scope, store, feeds),
                    cursors,
                }));
            }
        };
        for group in self.groups(store) {
            let (feeds, left): (BTreeSet<_>, BTreeSet<_>) =
                unplaced.iter().partition(|feed| group.feeds.contains(feed));
            tell(&feeds, group.older.clone());
            let leaving: BTreeSet<FeedId> = group.feeds.intersection(leaving).copied().collect();
            tell(&leaving, group.older.clone());
            unplaced = left;
        }
        tell(&unplaced, Vec::new());
        histories
    }
}
