//! Who works where as what.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, StoreId};

/// What somebody does in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Keeps cards, calls and visits customers, sells.
    Consultant,
    /// Sees the whole store and hands customers over.
    Manager,
    /// Keeps payments and accounts.
    Office,
    /// Keeps the floor: samples and their replacement.
    Display,
    /// Keeps staff, tablets and stores; counts in the whole chain, whatever store the post names.
    Admin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 5] = [
        Self::Consultant,
        Self::Manager,
        Self::Office,
        Self::Display,
        Self::Admin,
    ];

    /// The word for it on the wire, at the command line and in the names of texts.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Consultant => "consultant",
            Self::Manager => "manager",
            Self::Office => "office",
            Self::Display => "display",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let mut roles = Self::ALL.into_iter();
        roles.find(|role| role.word() == text).ok_or(UnknownRole)
    }
}

/// There is no such role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a role is one of consultant, manager, office, display, admin")]
pub struct UnknownRole;

/// A role in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Post {
    /// The store.
    pub store: StoreId,
    /// The role.
    pub role: Role,
}

impl Post {
    /// A role in a store.
    pub const fn new(store: StoreId, role: Role) -> Self {
        Self { store, role }
    }
}

/// A staff member, as colleagues see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their id.
    pub id: PersonId,
    /// Their name, unique in the chain.
    pub name: String,
    /// What they do where; the store of the first one is home.
    pub posts: Vec<Post>,
    /// Whether they still work here.
    pub is_active: bool,
}

impl Person {
    /// The store of the first post: where their cards are opened.
    pub fn home(&self) -> Option<StoreId> {
        self.posts.first().map(|post| post.store)
    }

    /// Whether they have this post.
    pub fn has(&self, store: StoreId, role: Role) -> bool {
        self.posts.contains(&Post::new(store, role))
    }

    /// Whether they have this role in any store.
    pub fn has_role(&self, role: Role) -> bool {
        self.posts.iter().any(|post| post.role == role)
    }

    /// Whether they work in a store as anything but an administrator.
    pub fn works_in(&self, store: StoreId) -> bool {
        let mut posts = self.posts.iter();
        posts.any(|post| post.store == store && post.role != Role::Admin)
    }

    /// The stores that their posts name, home first, each once.
    pub fn stores(&self) -> Vec<StoreId> {
        let mut stores = Vec::new();
        for post in &self.posts {
            if !stores.contains(&post.store) {
                stores.push(post.store);
            }
        }
        stores
    }
}
