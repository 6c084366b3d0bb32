//! Changing people and stores: the same for routes and command line.

use floorbook_shared::access::{Person, Store};
use floorbook_shared::api::{PersonChange, StoreChange};
use floorbook_shared::id::{PersonId, StoreId};
use floorbook_shared::sync::message::Bye;

use super::accounts::{AccountError, clean_name, clean_time_zone};
use crate::database::model::By;
use crate::state::AppState;

/// Changes a person. Somebody who does not work here any more is signed out everywhere, and their
/// sockets close at once.
pub async fn change_person(
    state: &AppState,
    person: PersonId,
    mut change: PersonChange,
    by: By,
) -> Result<Person, AccountError> {
    if let Some(name) = &change.name {
        change.name = Some(clean_name(name)?);
    }
    let changed = state
        .with_database(move |database| database.change_person(person, &change, by))
        .await?;
    if !changed.is_active {
        state.sockets.end_sessions(person, None);
        // Their other tablets come back by themselves, in whosever hand they are, and hear in the
        // greeting whose keyrings have to go.
        let tablets = state.with_database(|database| database.tablets()).await?;
        let of_person = tablets
            .iter()
            .filter(|tablet| tablet.people.contains(&person));
        for tablet in of_person {
            let device = tablet.standing.device;
            state.sockets.end_device(device, Bye::Unavailable);
        }
    }
    state.scope_changed().await;
    Ok(changed)
}

/// Changes a store.
pub async fn change_store(
    state: &AppState,
    store: StoreId,
    mut change: StoreChange,
    by: By,
) -> Result<Store, AccountError> {
    if let Some(name) = &change.name {
        change.name = Some(clean_name(name)?);
    }
    if let Some(time_zone) = &change.time_zone {
        change.time_zone = Some(clean_time_zone(time_zone)?);
    }
    if let Some(settings) = &change.settings {
        settings
            .check()
            .map_err(super::accounts::InvalidInput::from)?;
    }
    let changed = state
        .with_database(move |database| database.change_store(store, &change, by))
        .await?;
    state.scope_changed().await;
    Ok(changed)
}
