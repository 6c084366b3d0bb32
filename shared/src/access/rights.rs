//! Who may do what: the one place that decides, for gate, routes and screen alike.

use super::feed::{Feed, FeedKind};
use super::grant::{Access, Grant};
use super::role::{Person, Role};
use super::store::Store;
use crate::document::DocumentKind;
use crate::id::StoreId;

/// What a person may do with a book, if anything.
///
/// | book | write | read |
/// |---|---|---|
/// | cards, cover | its owner and who has a write grant, while consultants there; managers there | consultants there if the store's books are open, or with a read grant |
/// | accounts | office and managers there | its owner while a consultant there |
/// | common | everyone with a post there (an administrator alone is none) | – |
/// | office | office and managers there | – |
///
/// Someone who does not work here any more may nothing, whatever posts and grants are left.
pub fn access(person: &Person, feed: &Feed, store: &Store, grants: &[Grant]) -> Option<Access> {
    if !person.is_active || feed.store != store.id {
        return None;
    }
    let is = |role| person.has(store.id, role);
    let is_owner = is(Role::Consultant) && feed.owner == Some(person.id);
    match feed.kind {
        FeedKind::Cards | FeedKind::Cover => {
            if is_owner || is(Role::Manager) {
                return Some(Access::Write);
            }
            // A grant is for a colleague: it ends with the role, whoever else its holder becomes.
            if !is(Role::Consultant) {
                return None;
            }
            let is_open = store.settings.books_are_open;
            let granted = grants
                .iter()
                .filter(|grant| grant.feed == feed.id && grant.person == person.id)
                .map(|grant| grant.access);
            granted.chain(is_open.then_some(Access::Read)).max()
        }
        FeedKind::Accounts if is(Role::Office) || is(Role::Manager) => Some(Access::Write),
        FeedKind::Accounts => is_owner.then_some(Access::Read),
        FeedKind::Common => person.works_in(store.id).then_some(Access::Write),
        FeedKind::Office => (is(Role::Office) || is(Role::Manager)).then_some(Access::Write),
    }
}

/// Whether documents of a kind belong into feeds of a kind.
pub const fn lives_in(kind: DocumentKind, feed: FeedKind) -> bool {
    match kind {
        DocumentKind::Customer => matches!(feed, FeedKind::Cards | FeedKind::Cover),
        DocumentKind::Unknown(_) => false,
    }
}

/// What is not about one book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Add, change, disable and invite people.
    ManagePeople,
    /// Add stores and change their names and time zones.
    ManageStores,
    /// Enrol tablets, name them, declare them stolen.
    ManageTablets,
    /// See the tablets that one looks after ([`looks_after`]); have one hand in what waits on it,
    /// and empty itself.
    RetireTablet,
    /// Change what a store sets for itself.
    ChangeSettings(StoreId),
    /// Hand customers of a store over, and end covers there.
    HandOver(StoreId),
    /// Import customers from a file, into some store.
    Import,
    /// Import customers into this store.
    ImportInto(StoreId),
    /// Ask whether somebody is a customer of a store already.
    LookUp(StoreId),
}

/// Whether a person may do something that is not about one book.
///
/// | action | who |
/// |---|---|
/// | people, stores, tablets | administrators |
/// | retiring a tablet | administrators; managers those of their people ([`looks_after`]) |
/// | settings, handing over | administrators, managers of that store |
/// | importing | administrators, managers and office of that store, or of any |
/// | looking up | consultants and managers of that store |
pub fn may(person: &Person, action: Action) -> bool {
    if !person.is_active {
        return false;
    }
    let is_admin = person.has_role(Role::Admin);
    match action {
        Action::ManagePeople | Action::ManageStores | Action::ManageTablets => is_admin,
        Action::RetireTablet => is_admin || person.has_role(Role::Manager),
        Action::ChangeSettings(store) | Action::HandOver(store) => {
            is_admin || person.has(store, Role::Manager)
        }
        Action::Import => {
            is_admin || person.has_role(Role::Manager) || person.has_role(Role::Office)
        }
        Action::ImportInto(store) => {
            is_admin || person.has(store, Role::Manager) || person.has(store, Role::Office)
        }
        Action::LookUp(store) => {
            person.has(store, Role::Consultant) || person.has(store, Role::Manager)
        }
    }
}

/// Whether a person looks after a tablet: administrators after all, a manager after those on which
/// somebody signed in who works in a store of theirs.
pub fn looks_after(person: &Person, users: &[&Person]) -> bool {
    let manages = |user: &Person| {
        let mut posts = person.posts.iter();
        posts.any(|post| post.role == Role::Manager && user.works_in(post.store))
    };
    may(person, Action::RetireTablet)
        && (person.has_role(Role::Admin) || users.iter().any(|user| manages(user)))
}

#[cfg(test)]
mod tests;
