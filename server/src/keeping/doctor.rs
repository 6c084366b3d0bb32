//! Checking and mending the data without a running server.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, ensure};

use super::DataPlace;
use crate::database::{Ailment, Examination, Pace, RedbDatabase};
use crate::ledger::{FileStorage, LedgerStorage};

/// What the doctor found, and did.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    /// What is wrong, after mending.
    pub examination: Examination,
    /// Entries that were written anew, by table; nothing if nothing was to be mended.
    pub mended: BTreeMap<String, u64>,
}

/// Checks data that no server uses, and mends them if that is wanted.
///
/// # Errors
/// If they are not there or in use. What can't be read is a finding.
pub fn visit(place: &DataPlace, repair: bool, tell: &dyn Fn(String)) -> Result<Visit> {
    let file = place.database();
    ensure!(
        file.exists(),
        "there is no Floorbook data in {}; name the folder with --data",
        place.data.display()
    );
    let mut visit = Visit::default();
    // The library may panic on pages that were damaged on the disk.
    let opened = catch_unwind(|| RedbDatabase::open_existing(&file));
    let mut database = match opened {
        Ok(Ok(database)) => database,
        Ok(Err(error @ crate::database::DatabaseError::InUse(_))) => return Err(error.into()),
        Ok(Err(error)) => {
            let subject = error.to_string();
            visit.examination.add(Ailment::Unreadable, "file", subject);
            return Ok(visit);
        }
        Err(_) => {
            let subject = "a page is damaged".to_owned();
            visit.examination.add(Ailment::Unreadable, "file", subject);
            return Ok(visit);
        }
    };
    let ledger = FileStorage::new(&place.ledger());
    if repair {
        visit.mended = database.repair(tell).context("mending broke off")?;
    }
    visit.examination = examine(&mut database, Some(&ledger), tell)?;
    Ok(visit)
}

/// Checks pages and content of a database that nobody else uses.
///
/// # Errors
/// If it can't be read at all.
pub fn examine(
    database: &mut RedbDatabase,
    ledger: Option<&dyn LedgerStorage>,
    tell: &dyn Fn(String),
) -> Result<Examination> {
    tell("checking the pages of the file".to_owned());
    let pages = catch_unwind(AssertUnwindSafe(|| database.verify_pages()));
    let mut examination = database.examine_with(ledger, &Pace::FAST, tell)?;
    match pages {
        Ok(Ok(true)) => {}
        Ok(Ok(false)) | Err(_) => {
            let subject = "a checksum is wrong".to_owned();
            examination.add(Ailment::PagesDamaged, "file", subject);
        }
        Ok(Err(error)) => examination.add(Ailment::PagesDamaged, "file", error.to_string()),
    }
    Ok(examination)
}
