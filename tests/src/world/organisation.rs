//! Who may see what in a world: posts and grants that are given, changed and taken away, and books
//! that are opened to one another.

use std::collections::{BTreeMap, BTreeSet};

use floorbook_shared::access::{Access, FeedKind, Grant, GrantReason, Post, Role, Scope};
use floorbook_shared::id::{FeedId, GrantId, PersonId, StoreId};

use super::World;

/// What changed since everybody got the post that they began with.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    /// Changes so far: they count in the version of the scope.
    changes: u64,
    grants: BTreeMap<(PersonId, FeedId), Access>,
    managers: BTreeSet<(PersonId, StoreId)>,
    open_stores: BTreeSet<StoreId>,
    /// Consultants who lost that post.
    former: BTreeSet<PersonId>,
}

impl Organisation {
    /// The whole chain as it is now.
    pub fn on(&self, mut scope: Scope) -> Scope {
        scope.version += self.changes;
        for store in &mut scope.stores {
            store.settings.books_are_open = self.open_stores.contains(&store.id);
        }
        for person in &mut scope.people {
            let id = person.id;
            if self.former.contains(&id) {
                person.posts.retain(|post| post.role != Role::Consultant);
            }
            let managed = self.managers.iter().filter(|(manager, _)| *manager == id);
            let posts = managed.map(|(_, store)| Post::new(*store, Role::Manager));
            person.posts.extend(posts);
        }
        scope.grants = self
            .grants
            .iter()
            .map(|((person, feed), access)| Grant {
                id: GrantId::from_bytes(*feed.as_bytes()),
                feed: *feed,
                person: *person,
                access: *access,
                until: None,
                reason: GrantReason::Cover,
            })
            .collect();
        scope
    }
}

impl World {
    /// A manager or an administrator changes who may see what.
    pub(super) fn change_rights(&mut self) {
        let scope = self.server.scope();
        let number = self.dice.below(self.tablets.len());
        let person = self.tablets[number].identity.person;
        let store = scope.stores[self.dice.below(scope.stores.len())].id;
        let cards: Vec<FeedId> = scope
            .feeds
            .iter()
            .filter(|feed| feed.kind == FeedKind::Cards)
            .map(|feed| feed.id)
            .collect();
        let feed = cards[self.dice.below(cards.len())];
        let organisation = &mut self.server.organisation;
        organisation.changes += 1;
        match self.dice.below(100) {
            0..35 => drop(organisation.grants.insert((person, feed), Access::Write)),
            35..45 => drop(organisation.grants.insert((person, feed), Access::Read)),
            45..70 => {
                let given: Vec<_> = organisation.grants.keys().copied().collect();
                if let Some(taken) = given.get(self.dice.below(given.len())) {
                    organisation.grants.remove(taken);
                }
            }
            70..80 => toggle(&mut organisation.open_stores, store),
            80..95 => toggle(&mut organisation.managers, (person, store)),
            // A change that has nothing to do with books.
            _ => {}
        }
        self.server.announce_scope();
        self.statistics.rights += 1;
    }

    /// Someone is no consultant any more, or one again.
    pub(super) fn change_post(&mut self) {
        let number = self.dice.below(self.tablets.len());
        let person = self.tablets[number].identity.person;
        let organisation = &mut self.server.organisation;
        organisation.changes += 1;
        toggle(&mut organisation.former, person);
        self.server.announce_scope();
        self.statistics.rights += 1;
    }
}

fn toggle<T: Ord>(set: &mut BTreeSet<T>, value: T) {
    if !set.remove(&value) {
        set.insert(value);
    }
}
