//! Stores, people and feeds: the scope that a signed-in tablet works in.
//!
//! In this version everyone who is signed in holds every feed of the chain; roles and grants join
//! later without changing these types' meaning.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, FeedId, PersonId, StoreId};

/// What a signed-in tablet may see: stores, colleagues and feeds, with a version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Grows with every change of the scope; 0 before the first one arrived.
    pub version: u64,
    /// The stores of the chain.
    pub stores: Vec<Store>,
    /// The staff, also those who left (their names stand on old entries).
    pub people: Vec<Person>,
    /// The feeds in scope.
    pub feeds: Vec<Feed>,
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
        self.feeds
            .iter()
            .find(|feed| feed.store == store && feed.owner == owner && feed.kind == FeedKind::Cards)
    }
}

/// A shop of the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Store {
    /// Its id.
    pub id: StoreId,
    /// Its short code, the first part of card numbers (`HZ1`).
    pub code: String,
    /// Its name.
    pub name: String,
    /// IANA time zone; days and months are days of this zone.
    pub time_zone: String,
}

/// A staff member, as colleagues see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name, unique in the chain.
    pub name: String,
    /// The stores they work in; the first one is home.
    pub stores: Vec<StoreId>,
    /// Whether they may add people and import.
    pub is_administrator: bool,
    /// Whether they still work here.
    pub is_active: bool,
}

/// A feed: the unit of access and of sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// The store whose log carries it.
    pub store: StoreId,
    /// What it holds.
    pub kind: FeedKind,
    /// The consultant whose book it is.
    pub owner: PersonId,
}

/// What a feed holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// A consultant's customer cards.
    Cards,
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
    /// The store in which cards are opened here.
    pub store: StoreId,
    /// Whether the person may add people and import.
    pub is_administrator: bool,
}
