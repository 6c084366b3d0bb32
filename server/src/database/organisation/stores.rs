//! Adding and changing stores.

use floorbook_shared::access::{Feed, Store};

use super::{add_feeds, grow_scope_version, rows};
use crate::database::recorded::Recorded;
use crate::database::tables::{self, STORES};
use crate::database::{Refusal, Result};
use crate::ledger::Event;

/// Adds a store with the books that every store has.
pub(in crate::database) fn add(write: &Recorded<'_>, store: &Store) -> Result<()> {
    let mut stores = write.open_table(STORES)?;
    let all: Vec<Store> = rows("stores", &stores)?;
    if all
        .iter()
        .any(|other| other.code.eq_ignore_ascii_case(&store.code))
    {
        return Err(Refusal::StoreCodeTaken.into());
    }
    let value = tables::encode("stores", store)?;
    stores.insert(store.id.as_bytes().as_slice(), value.as_slice())?;
    write.note(Event::Store {
        store: store.clone(),
    });
    add_feeds(write, Feed::all_of_store(store.id))?;
    grow_scope_version(write)
}
