//! Stores, people and feeds inside a transaction.

use floorbook_shared::access::{Feed, FeedKind, Person, Scope, Store};
use floorbook_shared::api::Member;
use floorbook_shared::id::{PersonId, StoreId};
use redb::{ReadTransaction, ReadableTable, WriteTransaction};
use serde::de::DeserializeOwned;

use super::model::{Account, NewAccount};
use super::recorded::Recorded;
use super::tables::{self, FEEDS, META, STAFF, STORES, Table};
use super::{Refusal, Result};
use crate::access::accounts::fold_name;
use crate::access::secret::PasswordHash;
use crate::ledger::Event;

pub(super) const SCOPE_VERSION: &[u8] = b"scope_version";

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
            Ok(account) if !account.person.is_administrator => {}
            Ok(_) | Err(_) => return Ok(true),
        }
    }
    Ok(false)
}

pub(super) fn scope(read: &ReadTransaction) -> Result<Scope> {
    let people: Vec<Account> = read_rows(read, "staff", STAFF)?;
    Ok(Scope {
        version: scope_version(&read.open_table(META)?)?,
        stores: read_rows(read, "stores", STORES)?,
        people: people.into_iter().map(|account| account.person).collect(),
        feeds: read_rows(read, "feeds", FEEDS)?,
    })
}

pub(super) fn scope_version(
    meta: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<u64> {
    Ok(get("meta", meta, SCOPE_VERSION)?.unwrap_or(0))
}

/// Must be called in every transaction that changes stores, people or feeds.
fn grow_scope_version(write: &WriteTransaction) -> Result<()> {
    let mut meta = write.open_table(META)?;
    let next = scope_version(&meta)? + 1;
    meta.insert(SCOPE_VERSION, tables::encode("meta", &next)?.as_slice())?;
    Ok(())
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
        .filter(|account| account.person.is_active)
        .map(|account| Member {
            id: account.person.id,
            name: account.person.name,
            stores: account.person.stores,
            is_administrator: account.person.is_administrator,
            has_password: account.password.is_some(),
        })
        .collect();
    members.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(members)
}

pub(super) fn add_store(write: &Recorded<'_>, store: &Store) -> Result<()> {
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
    grow_scope_version(write)
}

/// Adds a person with their cards feed, in the store that is their home.
pub(super) fn add_person(
    write: &Recorded<'_>,
    new: &NewAccount,
    password: Option<PasswordHash>,
) -> Result<()> {
    if store(&write.open_table(STORES)?, new.store)?.is_none() {
        return Err(Refusal::NoSuchStore.into());
    }
    let mut staff = write.open_table(STAFF)?;
    let folded = fold_name(&new.name);
    let all: Vec<Account> = rows("staff", &staff)?;
    if all
        .iter()
        .any(|other| fold_name(&other.person.name) == folded)
    {
        return Err(Refusal::NameTaken.into());
    }
    let person = Person {
        id: new.id,
        name: new.name.clone(),
        stores: vec![new.store],
        is_administrator: new.is_administrator,
        is_active: true,
    };
    let account = Account { person, password };
    let value = tables::encode("staff", &account)?;
    staff.insert(new.id.as_bytes().as_slice(), value.as_slice())?;
    write.note(Event::Person { account });
    let feed = Feed {
        id: new.feed,
        store: new.store,
        kind: FeedKind::Cards,
        owner: new.id,
    };
    let value = tables::encode("feeds", &feed)?;
    write
        .open_table(FEEDS)?
        .insert(new.feed.as_bytes().as_slice(), value.as_slice())?;
    write.note(Event::Feed { feed });
    grow_scope_version(write)
}

/// Adds a cards feed unless its owner has one in the store; tells whether it did. Who has a book
/// in a store works there.
pub(super) fn add_cards_feed(write: &Recorded<'_>, feed: &Feed) -> Result<bool> {
    if store(&write.open_table(STORES)?, feed.store)?.is_none() {
        return Err(Refusal::NoSuchStore.into());
    }
    let mut staff = write.open_table(STAFF)?;
    let mut account = account(&staff, feed.owner)?.ok_or(Refusal::NoSuchPerson)?;
    let mut feeds = write.open_table(FEEDS)?;
    let all: Vec<Feed> = rows("feeds", &feeds)?;
    let is_there = |other: &Feed| {
        (other.store, other.kind, other.owner) == (feed.store, feed.kind, feed.owner)
    };
    if all.iter().any(is_there) {
        return Ok(false);
    }
    let value = tables::encode("feeds", feed)?;
    feeds.insert(feed.id.as_bytes().as_slice(), value.as_slice())?;
    write.note(Event::Feed { feed: feed.clone() });
    if !account.person.stores.contains(&feed.store) {
        account.person.stores.push(feed.store);
        let value = tables::encode("staff", &account)?;
        staff.insert(feed.owner.as_bytes().as_slice(), value.as_slice())?;
        write.note(Event::Person { account });
    }
    grow_scope_version(write)?;
    Ok(true)
}
