//! Stores, people, feeds and grants inside a transaction.

pub(super) mod handovers;
pub(super) mod people;
pub(super) mod scope;
pub(super) mod stores;

use floorbook_shared::access::{Feed, Role, Store};
use floorbook_shared::api::Member;
use floorbook_shared::id::{PersonId, StoreId};
use redb::{ReadTransaction, ReadableTable};
use serde::de::DeserializeOwned;

use super::Result;
use super::model::Account;
use super::recorded::Recorded;
use super::tables::{self, FEEDS, STAFF, Table};
use crate::access::accounts::fold_name;
use crate::ledger::Event;

/// Reads every readable row of a table. A damaged row is left out and told to the log, so that it
/// harms only itself.
pub(super) fn rows<T: DeserializeOwned>(
    name: &'static str,
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    for entry in table.iter()? {
        let (_, value) = entry?;
        match tables::decode(name, value.value()) {
            Ok(row) => rows.push(row),
            Err(error) => tracing::error!(%error, "left a damaged row out"),
        }
    }
    Ok(rows)
}

fn read_rows<T: DeserializeOwned>(
    read: &ReadTransaction,
    name: &'static str,
    table: Table,
) -> Result<Vec<T>> {
    rows(name, &read.open_table(table)?)
}

pub(super) fn get<T: DeserializeOwned>(
    name: &'static str,
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    key: &[u8],
) -> Result<Option<T>> {
    match table.get(key)? {
        Some(value) => tables::decode(name, value.value()).map(Some),
        None => Ok(None),
    }
}

/// Whether an administrator exists. A damaged row counts as one: a chain must never look as if
/// anyone could set it up again.
pub(super) fn is_set_up(staff: &impl ReadableTable<&'static [u8], &'static [u8]>) -> Result<bool> {
    for entry in staff.iter()? {
        let (_, value) = entry?;
        match tables::decode::<Account>("staff", value.value()) {
            Ok(account) if !account.person.has_role(Role::Admin) => {}
            Ok(_) | Err(_) => return Ok(true),
        }
    }
    Ok(false)
}

pub(super) fn account(
    staff: &impl ReadableTable<&'static [u8], &'static [u8]>,
    person: PersonId,
) -> Result<Option<Account>> {
    get("staff", staff, person.as_bytes())
}

pub(super) fn account_named(read: &ReadTransaction, name: &str) -> Result<Option<Account>> {
    let wanted = fold_name(name);
    let accounts: Vec<Account> = read_rows(read, "staff", STAFF)?;
    Ok(accounts
        .into_iter()
        .find(|account| fold_name(&account.person.name) == wanted))
}

pub(super) fn store(
    stores: &impl ReadableTable<&'static [u8], &'static [u8]>,
    id: StoreId,
) -> Result<Option<Store>> {
    get("stores", stores, id.as_bytes())
}

pub(super) fn members(read: &ReadTransaction) -> Result<Vec<Member>> {
    let accounts: Vec<Account> = read_rows(read, "staff", STAFF)?;
    let mut members: Vec<Member> = accounts
        .into_iter()
        .map(|account| Member {
            id: account.person.id,
            name: account.person.name,
            posts: account.person.posts,
            is_active: account.person.is_active,
            has_password: account.password.is_some(),
        })
        .collect();
    members.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(members)
}

/// Makes the feeds that are not there yet.
fn add_feeds(write: &Recorded<'_>, feeds: impl IntoIterator<Item = Feed>) -> Result<()> {
    let mut table = write.open_table(FEEDS)?;
    for feed in feeds {
        if table.get(feed.id.as_bytes().as_slice())?.is_none() {
            let value = tables::encode("feeds", &feed)?;
            table.insert(feed.id.as_bytes().as_slice(), value.as_slice())?;
            write.note(Event::Feed { feed });
        }
    }
    Ok(())
}
