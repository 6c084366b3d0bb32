//! People, stores, tablets, sessions, codes, audit and ledger.

use std::collections::BTreeSet;

use floorbook_shared::access::{Feed, Grant, Store};
use floorbook_shared::id::{DeviceId, FeedId, PersonId, StoreId};
use redb::ReadableTable;
use serde::de::DeserializeOwned;

use super::{Ailment, Ward};
use crate::database::audit;
use crate::database::model::Account;
use crate::database::model::AuditPlace;
use crate::database::recorded::{self, Standing};
use crate::database::sessions::{CodeRow, SessionRow};
use crate::database::tables::{
    self, CODES, DEVICES, FEEDS, GRANTS, META, SESSIONS, STAFF, STORES, Table,
};
use crate::database::tablets::DeviceRow;
use crate::database::{DatabaseError, Result};
use crate::ledger::LedgerStorage;

/// Bytes of a key that is shown of a value that can't be read.
fn hex(key: &[u8]) -> String {
    key.iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Shows every readable value with its key; the others are findings.
fn each<T: DeserializeOwned>(
    ward: &mut Ward<'_>,
    name: &'static str,
    table: Table,
    mut visit: impl FnMut(&mut Ward<'_>, &[u8], T),
) -> Result<()> {
    let table = ward.read.open_table(table)?;
    for entry in table.iter()? {
        let (key, value) = entry?;
        ward.pace.step();
        match tables::decode::<T>(name, value.value()) {
            Ok(row) => visit(ward, key.value(), row),
            // A key that is a secret's hash is shown by its first half only.
            Err(_) => ward
                .findings
                .add(Ailment::ValueUnreadable, name, hex(key.value())),
        }
    }
    Ok(())
}

pub(super) fn check(ward: &mut Ward<'_>) -> Result<()> {
    let mut stores: BTreeSet<StoreId> = BTreeSet::new();
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    let mut feeds: BTreeSet<FeedId> = BTreeSet::new();
    let mut devices: BTreeSet<DeviceId> = BTreeSet::new();
    each::<Store>(ward, "stores", STORES, |_, _, store| {
        stores.insert(store.id);
    })?;
    each::<Account>(ward, "staff", STAFF, |ward, _, account| {
        people.insert(account.person.id);
        let named = account.person.stores();
        for store in named.iter().filter(|id| !stores.contains(*id)) {
            let subject = format!("person {}: store {store}", account.person.id);
            ward.findings
                .add(Ailment::ReferenceMissing, "staff", subject);
        }
    })?;
    each::<Feed>(ward, "feeds", FEEDS, |ward, _, feed| {
        let has_owner = match feed.owner {
            Some(owner) => feed.kind.has_owner() && people.contains(&owner),
            None => !feed.kind.has_owner(),
        };
        if !stores.contains(&feed.store) || !has_owner {
            let owner = feed.owner.map_or("none".to_owned(), |id| id.to_string());
            let subject = format!("feed {}: store {} or owner {owner}", feed.id, feed.store);
            ward.findings
                .add(Ailment::ReferenceMissing, "feeds", subject);
        }
        feeds.insert(feed.id);
    })?;
    each::<Grant>(ward, "grants", GRANTS, |ward, _, grant| {
        if !feeds.contains(&grant.feed) || !people.contains(&grant.person) {
            let subject = format!(
                "grant {}: feed {} or person {}",
                grant.id, grant.feed, grant.person
            );
            ward.findings
                .add(Ailment::ReferenceMissing, "grants", subject);
        }
    })?;
    each::<DeviceRow>(ward, "devices", DEVICES, |_, key, _| {
        if let Ok(id) = key.try_into() {
            devices.insert(DeviceId::from_bytes(id));
        }
    })?;
    each::<SessionRow>(ward, "sessions", SESSIONS, |ward, _, session| {
        if !people.contains(&session.person) || !devices.contains(&session.device) {
            let subject = format!("person {} or tablet {}", session.person, session.device);
            ward.findings
                .add(Ailment::ReferenceMissing, "sessions", subject);
        }
    })?;
    each::<CodeRow>(ward, "codes", CODES, |ward, _, code| {
        let missing = code.invited().filter(|person| !people.contains(person));
        if let Some(person) = missing {
            let subject = format!("person {person}");
            ward.findings
                .add(Ailment::ReferenceMissing, "codes", subject);
        }
    })
}

pub(super) fn check_audit(ward: &mut Ward<'_>) -> Result<()> {
    /// Entries that are read at a time.
    const PAGE: usize = 1_000;
    let mut after = 0;
    loop {
        match audit::entries(ward.read, after, PAGE) {
            Ok(entries) => match entries.last() {
                Some(last) => after = last.number,
                None => return Ok(()),
            },
            Err(DatabaseError::Damaged { reason, .. }) => {
                ward.findings.add(Ailment::AuditBroken, "audit", reason);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        ward.pace.step();
    }
}

pub(super) fn check_ledger(ward: &mut Ward<'_>, ledger: &dyn LedgerStorage) -> Result<()> {
    let followed = recorded::place(&ward.read.open_table(META)?)?;
    let is_set_up = !redb::ReadableTableMetadata::is_empty(&ward.read.open_table(STORES)?)?;
    let (reading, standing) = recorded::compare(ledger, followed, is_set_up)?;
    ward.findings.count("ledger", reading.end.number);
    let ailment = match standing {
        // What is torn behind the place is what a crash leaves: the next line cuts it off.
        Standing::Follows => None,
        // Data of before the first server with a ledger: the next start begins one.
        Standing::Begins => None,
        // Beside a running server the ledger may be lines ahead of what this examination reads.
        Standing::DataIsOlder => Some(Ailment::LedgerAhead),
        Standing::LedgerIsMissing => Some(Ailment::LedgerMissing),
        Standing::Unreadable(_) => Some(Ailment::LedgerBroken),
    };
    if let Some(ailment) = ailment {
        let subject = format!("behind line {}", reading.end.number);
        ward.findings.add(ailment, "ledger", subject);
    }
    let followed = followed.map_or(0, |place| place.number);
    if ailment.is_none() {
        let is_there = |told: AuditPlace| Ok(audit::place(ward.read, told.number)? == Some(told));
        for number in recorded::audit_gaps(ledger, followed, &is_there)? {
            let subject = format!("entry {number}");
            ward.findings.add(Ailment::AuditCutOff, "audit", subject);
        }
    }
    Ok(())
}
