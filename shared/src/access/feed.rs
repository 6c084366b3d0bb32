//! Books of customers and of the store: the unit of access and of sync.

use serde::{Deserialize, Serialize};

use super::role::{Person, Role};
use crate::id::{FeedId, PersonId, StoreId};

/// A feed: the unit of access and of sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// Its id.
    pub id: FeedId,
    /// The store whose log carries it.
    pub store: StoreId,
    /// What it holds.
    pub kind: FeedKind,
    /// The responsible consultant, of the kinds that have one.
    pub owner: Option<PersonId>,
}

/// What a feed holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// A consultant's customer cards.
    Cards,
    /// What the office keeps of a consultant's customers.
    Accounts,
    /// What everyone in the store works with.
    Common,
    /// What office and manager keep for themselves.
    Office,
    /// Some customers of a consultant while a colleague looks after them.
    Cover,
}

impl FeedKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Cards,
        Self::Accounts,
        Self::Common,
        Self::Office,
        Self::Cover,
    ];

    /// Whether feeds of this kind have a responsible consultant.
    pub const fn has_owner(self) -> bool {
        match self {
            Self::Cards | Self::Accounts | Self::Cover => true,
            Self::Common | Self::Office => false,
        }
    }

    /// A letter that stands for the kind where ids are derived; never to be changed.
    const fn letter(self) -> u8 {
        match self {
            Self::Cards => b'c',
            Self::Accounts => b'a',
            Self::Common => b's',
            Self::Office => b'o',
            Self::Cover => b'v',
        }
    }
}

/// What the ids of feeds are derived under.
const ID_CONTEXT: &str = "floorbook 2026 feed id";

impl Feed {
    /// A consultant's book in a store.
    ///
    /// There is one of a kind for each consultant and store, so its id follows from these: whoever
    /// gets a post back gets the same book, and making it twice makes one.
    pub fn of_owner(store: StoreId, kind: FeedKind, owner: PersonId) -> Self {
        Self {
            id: derive(store, kind, owner.as_bytes()),
            store,
            kind,
            owner: Some(owner),
        }
    }

    /// A book of the store itself.
    pub fn of_store(store: StoreId, kind: FeedKind) -> Self {
        Self {
            id: derive(store, kind, &[]),
            store,
            kind,
            owner: None,
        }
    }

    /// The book of those customers of a consultant that a colleague looks after for a while; each
    /// such time has one of its own, with an id of the caller's.
    pub const fn of_cover(id: FeedId, store: StoreId, owner: PersonId) -> Self {
        Self {
            id,
            store,
            kind: FeedKind::Cover,
            owner: Some(owner),
        }
    }

    /// The books that a store has of its own.
    pub fn all_of_store(store: StoreId) -> [Self; 2] {
        [FeedKind::Common, FeedKind::Office].map(|kind| Self::of_store(store, kind))
    }

    /// The books that a person's posts bring.
    pub fn all_of_posts(person: &Person) -> Vec<Self> {
        person
            .posts
            .iter()
            .filter(|post| post.role == Role::Consultant)
            .flat_map(|post| {
                [FeedKind::Cards, FeedKind::Accounts]
                    .map(|kind| Self::of_owner(post.store, kind, person.id))
            })
            .collect()
    }
}

fn derive(store: StoreId, kind: FeedKind, owner: &[u8]) -> FeedId {
    let mut hasher = blake3::Hasher::new_derive_key(ID_CONTEXT);
    hasher.update(store.as_bytes());
    hasher.update(&[kind.letter()]);
    hasher.update(owner);
    let mut id = [0; 16];
    hasher.finalize_xof().fill(&mut id);
    FeedId::from_bytes(id)
}
