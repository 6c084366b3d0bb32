//! Checks everything that the database holds, and mends what can be derived.
//!
//! Context: redb finds damaged pages by itself; the doctor finds what only we can know: a log whose
//! chain breaks, a change that is missing, a row that does not say what its document says.
//!
//! Invariants: checking never writes; mending never touches the log or the changes; findings name
//! tables and ids, never content; memory grows with the number of documents (some dozens of bytes
//! each), not with their size or history.

mod documents;
mod finding;
mod log;
mod organisation;
mod pace;
mod repair;

#[cfg(test)]
mod tests;

pub use finding::{Ailment, Examination, Finding, Remedy};
pub use pace::Pace;

use std::panic::{AssertUnwindSafe, catch_unwind};

use redb::{ReadTransaction, ReadableTableMetadata};

use super::{RedbDatabase, Result, tables};
use crate::ledger::LedgerStorage;
use finding::Findings;

/// One part of the examination.
struct Ward<'a> {
    read: &'a ReadTransaction,
    findings: &'a mut Findings,
    pace: &'a Pace,
}

/// Checks everything that one read transaction sees.
pub(super) fn examine(
    read: &ReadTransaction,
    ledger: Option<&dyn LedgerStorage>,
    pace: &Pace,
    tell: &dyn Fn(String),
) -> Examination {
    let mut findings = Findings::default();
    let mut ward = Ward {
        read,
        findings: &mut findings,
        pace,
    };
    ward.part("tables", "", tell, |ward| {
        for (name, table) in tables::ALL {
            let entries = ward.read.open_table(table)?.len()?;
            ward.findings.count(name, entries);
        }
        Ok(())
    });
    ward.part(
        "people, tablets and sessions",
        "staff",
        tell,
        organisation::check,
    );
    ward.part("audit", "audit", tell, organisation::check_audit);
    if let Some(ledger) = ledger {
        ward.part("ledger", "ledger", tell, |ward| {
            organisation::check_ledger(ward, ledger)
        });
    }
    let mut logged = log::Logged::default();
    ward.part("logs", "log", tell, |ward| log::check(ward, &mut logged));
    ward.part("documents", "documents", tell, |ward| {
        documents::check(ward, &logged)
    });
    ward.part("indexes", "feed_index", tell, |ward| {
        documents::check_indexes(ward, &logged)
    });
    findings.into_examination()
}

impl Ward<'_> {
    /// Runs one part. What makes it break off, an unreadable page say, is a finding, and the other
    /// parts go on.
    fn part(
        &mut self,
        name: &str,
        table: &str,
        tell: &dyn Fn(String),
        check: impl FnOnce(&mut Self) -> Result<()>,
    ) {
        tell(format!("checking the {name}"));
        // The library may panic on a page that was damaged on the disk.
        let ended = catch_unwind(AssertUnwindSafe(|| check(self)));
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self
                .findings
                .add(Ailment::Unreadable, table, error.to_string()),
            Err(_) => self
                .findings
                .add(Ailment::Unreadable, table, "a page is damaged".to_owned()),
        }
    }
}

impl RedbDatabase {
    /// Checks everything, without and with a ledger.
    ///
    /// # Errors
    /// If the database can't be read at all; what is damaged is a finding.
    pub fn examine_with(
        &self,
        ledger: Option<&dyn LedgerStorage>,
        pace: &Pace,
        tell: &dyn Fn(String),
    ) -> Result<Examination> {
        self.read(|read| Ok(examine(read, ledger, pace, tell)))
    }

    /// Mends what can be derived from log and changes; answers how many entries of each table were
    /// written anew.
    ///
    /// # Errors
    /// If the database can't be read or written; what was mended before stays so.
    pub fn repair(&self, tell: &dyn Fn(String)) -> Result<std::collections::BTreeMap<String, u64>> {
        repair::repair(self, tell)
    }
}
