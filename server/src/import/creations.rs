//! Stores, consultants and their books that an import needs.

use std::collections::BTreeSet;
use std::sync::Arc;

use floorbook_shared::access::{Post, Role, Scope, Store, StoreSettings};
use floorbook_shared::id::{PersonId, StoreId};
use floorbook_shared::import::plan::{FeedOwner, ImportPlan, is_same_word};

use super::ImportError;
use crate::access::accounts::{self, clean_name, is_store_code};
use crate::database::model::{By, NewAccount};
use crate::state::AppState;

/// The store and person of a book, if both exist.
pub(super) fn owner_in(scope: &Scope, owner: &FeedOwner) -> Option<(StoreId, PersonId)> {
    let store = store_in(scope, &owner.store_code)?;
    let mut people = scope.people.iter();
    let person = people.find(|person| is_same_word(&person.name, &owner.consultant))?;
    Some((store, person.id))
}

fn store_in(scope: &Scope, told: &str) -> Option<StoreId> {
    let by_code = scope.stores.iter().find(|s| is_same_word(&s.code, told));
    let store = by_code.or_else(|| scope.stores.iter().find(|s| is_same_word(&s.name, told)))?;
    Some(store.id)
}

/// Creates what a plan needs: stores, people, and a book for each person in each store that they
/// have cards in. Tells whether anything was created; created things are found at the next try,
/// so a try that broke off is continued by another one.
pub(super) async fn create(
    state: &Arc<AppState>,
    plan: &ImportPlan,
    scope: &Arc<Scope>,
    by: By,
) -> Result<bool, ImportError> {
    for name in (plan.stores.iter()).chain(plan.consultants.iter().map(|owner| &owner.consultant)) {
        clean_name(name).map_err(|_| ImportError::InvalidCreation(name.clone()))?;
    }
    let mut scope = Arc::clone(scope);
    let before = scope.version;
    for told in &plan.stores {
        create_store(state, told, &mut scope, by).await?;
    }
    let owners: BTreeSet<&FeedOwner> = plan
        .items
        .iter()
        .filter_map(|item| item.owner.as_ref())
        .collect();
    for owner in owners {
        create_book(state, owner, &mut scope, by).await?;
    }
    Ok(scope.version != before)
}

/// A store's code is its name until someone gives it a better one; what the file calls the store
/// is no code if it is long or of other characters, and then the store gets a free one.
async fn create_store(
    state: &Arc<AppState>,
    told: &str,
    scope: &mut Arc<Scope>,
    by: By,
) -> Result<(), ImportError> {
    if store_in(scope, told).is_some() {
        return Ok(());
    }
    let first = scope.stores.first().ok_or(ImportError::NotSetUp)?;
    let code = if is_store_code(told) {
        told.trim().to_ascii_uppercase()
    } else {
        let is_free = |code: &String| !scope.stores.iter().any(|s| s.code == *code);
        let mut codes = (1..=scope.stores.len() + 1).map(|number| format!("S{number}"));
        codes.find(is_free).ok_or(ImportError::NotSetUp)?
    };
    let store = Store {
        id: state.with_randomness(|randomness| StoreId::new(by.at, randomness)),
        code,
        name: clean_name(told).map_err(accounts::AccountError::from)?,
        time_zone: first.time_zone.clone(),
        settings: StoreSettings::default(),
    };
    *scope = state
        .with_database(move |database| {
            database.add_store(&store, by)?;
            database.scope()
        })
        .await?;
    Ok(())
}

async fn create_book(
    state: &Arc<AppState>,
    owner: &FeedOwner,
    scope: &mut Arc<Scope>,
    by: By,
) -> Result<(), ImportError> {
    let Some(store) = store_in(scope, &owner.store_code) else {
        return Ok(());
    };
    *scope = match owner_in(scope, owner) {
        Some((store, person)) if scope.cards_feed(store, person).is_some() => return Ok(()),
        Some((store, person)) => {
            state
                .with_database(move |database| {
                    database.add_post(person, Post::new(store, Role::Consultant), by)?;
                    database.scope()
                })
                .await?
        }
        None => {
            let account = NewAccount {
                id: state.with_randomness(|randomness| PersonId::new(by.at, randomness)),
                name: clean_name(&owner.consultant).map_err(accounts::AccountError::from)?,
                posts: vec![Post::new(store, Role::Consultant)],
                code: None,
            };
            state
                .with_database(move |database| {
                    database.add_person(&account, by)?;
                    database.scope()
                })
                .await?
        }
    };
    Ok(())
}
