//! Stores, people, books and rights: what a signed-in tablet may see and do.
//!
//! Context: a *feed* is the unit of access and of sync. Which feeds there are follows from the
//! posts of the staff; what somebody may do with a feed follows from posts, owner, settings of the
//! store and grants, by one pure function that gate, routes and screen call ([`rights`]).
//!
//! *Invariant:* nothing here looks at a clock. A grant ends by a transaction of the server, so the
//! version of a [`Scope`] tells everything that rights depend on.

mod feed;
mod grant;
pub mod rights;
mod role;
mod settings;
mod store;

pub use feed::{Feed, FeedKind};
pub use grant::{Access, Grant, GrantReason};
pub use rights::Action;
pub use role::{Person, Post, Role, UnknownRole};
pub use settings::{
    AUTO_LOCK_MINUTES_BOUNDS, BOOKS_ARE_OPEN, Cadence, LEASE_HOURS_BOUNDS, STANDARD_MAX,
    SettingsProblem, Standards, StoreSettings,
};
pub use store::Store;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, FeedId, PersonId, StoreId};

/// Stores, people, tablets, feeds and grants, with a version: of the whole chain, or as far as one person
/// may see it ([`Scope::of`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Grows with every change of the organisation; 0 before the first one arrived.
    pub version: u64,
    /// The stores of the chain.
    pub stores: Vec<Store>,
    /// The staff, also those who left (their names stand on old entries).
    pub people: Vec<Person>,
    /// The codes of the tablets of the chain (`F01`), also of those that are gone: they stand on
    /// old entries.
    #[serde(default)]
    pub tablets: BTreeMap<DeviceId, String>,
    /// The feeds in scope.
    pub feeds: Vec<Feed>,
    /// The grants that stand, on feeds in scope.
    pub grants: Vec<Grant>,
}

impl Scope {
    /// The feed with this id.
    pub fn feed(&self, id: FeedId) -> Option<&Feed> {
        self.feeds.iter().find(|feed| feed.id == id)
    }

    /// The person with this id.
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// The store with this id.
    pub fn store(&self, id: StoreId) -> Option<&Store> {
        self.stores.iter().find(|store| store.id == id)
    }

    /// The feeds of a store that are in scope.
    pub fn feeds_of(&self, store: StoreId) -> BTreeSet<FeedId> {
        let feeds = self.feeds.iter().filter(|feed| feed.store == store);
        feeds.map(|feed| feed.id).collect()
    }

    /// The cards book of a person in a store: where the cards that they open go.
    pub fn cards_feed(&self, store: StoreId, owner: PersonId) -> Option<&Feed> {
        self.feeds.iter().find(|feed| {
            feed.store == store && feed.owner == Some(owner) && feed.kind == FeedKind::Cards
        })
    }

    /// What a person may do with a feed of this scope, if anything.
    pub fn access(&self, person: PersonId, feed: FeedId) -> Option<Access> {
        let feed = self.feed(feed)?;
        rights::access(
            self.person(person)?,
            feed,
            self.store(feed.store)?,
            &self.grants,
        )
    }

    /// The feeds of this scope that a person may at least read.
    pub fn seen_by(&self, person: PersonId) -> impl Iterator<Item = &Feed> {
        let feeds = self.feeds.iter();
        feeds.filter(move |feed| self.access(person, feed.id).is_some())
    }

    /// Whether a person of this scope may do something that is not about one feed.
    pub fn may(&self, person: PersonId, action: Action) -> bool {
        self.person(person)
            .is_some_and(|person| rights::may(person, action))
    }

    /// What one person may see of this scope: the feeds that they may at least read, with the
    /// grants on them. Stores, people and tablets stay: their names stand on
    /// entries.
    pub fn of(&self, person: PersonId) -> Self {
        let feeds: Vec<Feed> = self.seen_by(person).cloned().collect();
        let is_visible = |grant: &&Grant| feeds.iter().any(|feed| feed.id == grant.feed);
        let grants = self.grants.iter().filter(is_visible).cloned().collect();
        Self {
            version: self.version,
            stores: self.stores.clone(),
            people: self.people.clone(),
            tablets: self.tablets.clone(),
            feeds,
            grants,
        }
    }
}

/// Who a signed-in tablet is: the person and the tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The tablet.
    pub device: DeviceId,
    /// The tablet's code, the middle part of card numbers (`F01`).
    pub tablet_code: String,
    /// The person.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// The store in which cards are opened here: the person's home.
    pub store: StoreId,
}
