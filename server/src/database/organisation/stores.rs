//! Adding and changing stores.

use floorbook_shared::access::{Feed, Store};
use floorbook_shared::api::StoreChange;
use floorbook_shared::id::StoreId;

use super::{add_feeds, rows, scope};
use crate::access::accounts::fold_name;
use crate::database::audit;
use crate::database::model::{By, Deed};
use crate::database::recorded::Recorded;
use crate::database::tables::{self, STORES};
use crate::database::{Refusal, Result};
use crate::ledger::Event;

/// Adds a store with the books that every store has.
pub(in crate::database) fn add(write: &Recorded<'_>, store: &Store) -> Result<()> {
    let stores = write.open_table(STORES)?;
    let all: Vec<Store> = rows("stores", &stores)?;
    if all
        .iter()
        .any(|other| other.code.eq_ignore_ascii_case(&store.code))
    {
        return Err(Refusal::StoreCodeTaken.into());
    }
    check_name(&all, store)?;
    drop(stores);
    keep(write, store)?;
    add_feeds(write, Feed::all_of_store(store.id))
}

/// Changes a store.
pub(in crate::database) fn change(
    write: &Recorded<'_>,
    id: StoreId,
    change: &StoreChange,
    by: By,
) -> Result<Store> {
    let all: Vec<Store> = rows("stores", &write.open_table(STORES)?)?;
    let found = all.iter().find(|store| store.id == id);
    let before = found.ok_or(Refusal::NoSuchStore)?;
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name.clone_from(name);
    }
    if let Some(time_zone) = &change.time_zone {
        after.time_zone.clone_from(time_zone);
    }
    if let Some(settings) = change.settings {
        after.settings = settings;
    }
    if after == *before {
        return Ok(after);
    }
    check_name(&all, &after)?;
    keep(write, &after)?;
    if (&after.name, &after.time_zone) != (&before.name, &before.time_zone) {
        audit::note(write, by, Deed::StoreChanged { store: id })?;
    }
    if after.settings != before.settings {
        audit::note(write, by, Deed::SettingsChanged { store: id })?;
    }
    Ok(after)
}

/// Two stores of one name could not be told apart.
fn check_name(all: &[Store], store: &Store) -> Result<()> {
    let folded = fold_name(&store.name);
    let is_taken = |other: &Store| other.id != store.id && fold_name(&other.name) == folded;
    if all.iter().any(is_taken) {
        return Err(Refusal::StoreNameTaken.into());
    }
    Ok(())
}

/// Keeps a store as it is from now on.
fn keep(write: &Recorded<'_>, store: &Store) -> Result<()> {
    let value = tables::encode("stores", store)?;
    let mut stores = write.open_table(STORES)?;
    stores.insert(store.id.as_bytes().as_slice(), value.as_slice())?;
    write.note(Event::Store {
        store: store.clone(),
    });
    scope::grow_version(write)
}
