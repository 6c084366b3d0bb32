//! The scope of the whole chain, as the tables tell it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use floorbook_shared::access::Scope;
use floorbook_shared::id::DeviceId;
use redb::{ReadTransaction, ReadableTable, WriteTransaction};

use super::super::Result;
use super::super::model::Account;
use super::super::tables::{self, DEVICES, FEEDS, GRANTS, META, STAFF, STORES, Table};
use super::super::tablets;
use super::{get, rows};

/// Key of the version of the scope.
pub(in super::super) const VERSION: &[u8] = b"scope_version";

/// The scope that was read last: every batch of changes is judged by it, and it is read anew only
/// when its version has moved.
#[derive(Debug, Default)]
pub(in super::super) struct LastScope(Mutex<Option<Arc<Scope>>>);

impl LastScope {
    /// The organisation as a transaction sees it.
    pub(in super::super) fn seen_by(&self, read: &ReadTransaction) -> Result<Arc<Scope>> {
        let version = version(&read.open_table(META)?)?;
        let last = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(last) = last.filter(|last| last.version == version) {
            return Ok(last);
        }
        let scope = Arc::new(scope(|table| Ok(read.open_table(table)?))?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&scope));
        Ok(scope)
    }

    /// Has the scope read anew: the file was opened again, and what of it came to the disk is open.
    pub(in super::super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The organisation as a transaction that changes it has made it so far.
pub(in super::super) fn changed_by(write: &WriteTransaction) -> Result<Scope> {
    scope(|table| Ok(write.open_table(table)?))
}

fn scope<T: ReadableTable<&'static [u8], &'static [u8]>>(
    open: impl Fn(Table) -> Result<T>,
) -> Result<Scope> {
    let people: Vec<Account> = rows("staff", &open(STAFF)?)?;
    Ok(Scope {
        version: version(&open(META)?)?,
        stores: rows("stores", &open(STORES)?)?,
        people: people.into_iter().map(|account| account.person).collect(),
        tablets: codes(&open(DEVICES)?)?,
        feeds: rows("feeds", &open(FEEDS)?)?,
        grants: rows("grants", &open(GRANTS)?)?,
    })
}

/// The codes of all tablets. A damaged row is left out: its tablet is another one on entries.
fn codes(
    devices: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<BTreeMap<DeviceId, String>> {
    let mut codes = BTreeMap::new();
    for entry in devices.iter()? {
        let (key, value) = entry?;
        let number = tables::decode::<tablets::Numbered>("devices", value.value());
        match (key.value().try_into(), number) {
            (Ok(id), Ok(row)) => {
                codes.insert(DeviceId::from_bytes(id), tablets::tablet_code(row.number));
            }
            (Err(_), _) => tracing::error!("left a tablet with a damaged key out"),
            (_, Err(error)) => tracing::error!(%error, "left a damaged row out"),
        }
    }
    Ok(codes)
}

/// The version of the scope; 0 while there is none.
pub(in super::super) fn version(
    meta: &impl ReadableTable<&'static [u8], &'static [u8]>,
) -> Result<u64> {
    Ok(get("meta", meta, VERSION)?.unwrap_or(0))
}

/// Must be called in every transaction that changes what a [`Scope`] tells.
pub(in super::super) fn grow_version(write: &WriteTransaction) -> Result<()> {
    let mut meta = write.open_table(META)?;
    let next = version(&meta)? + 1;
    meta.insert(VERSION, tables::encode("meta", &next)?.as_slice())?;
    Ok(())
}
