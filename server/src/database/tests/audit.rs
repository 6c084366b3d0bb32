//! The audit and the ledger that knows its end.

use std::path::Path;

use floorbook_shared::access::{Feed, FeedKind};
use floorbook_shared::api::HandoverStage;
use floorbook_shared::id::{HandoverId, PersonId};
use redb::WriteTransaction;

use super::*;
use crate::database::audit;
use crate::database::directory::Directory;
use crate::database::doctor::{Ailment, Pace};
use crate::database::model::{Denial, HandoverRow, HandoverStart};
use crate::ledger::FileStorage;

fn open(file: &Path) -> RedbDatabase {
    let database = RedbDatabase::with_backend(InMemoryBackend::new()).unwrap();
    let storage = Box::new(FileStorage::new(file));
    let nonce = secret("nonce");
    let database = database.with_ledger(storage, false, nonce, NOW).unwrap();
    database.found(&founding()).unwrap();
    database
}

fn deny(database: &RedbDatabase) {
    let deed = Deed::Denied {
        denial: Denial::NoRight,
        times: 1,
    };
    database.note(By::nobody(NOW, None), deed).unwrap();
}

fn gaps(database: &RedbDatabase) -> Vec<String> {
    let found = database.examine(&Pace::FAST, &|_| {}).unwrap();
    let findings = found.findings.into_iter();
    findings
        .filter(|finding| finding.ailment == Ailment::AuditCutOff)
        .map(|finding| finding.subject)
        .collect()
}

/// Takes the last entries away, as whoever has the file could.
fn cut(write: &WriteTransaction, count: usize) {
    let mut table = write.open_table(tables::AUDIT).unwrap();
    for _ in 0..count {
        table.pop_last().unwrap();
    }
}

#[test]
fn entries_that_are_cut_off_the_end_are_missed_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let database = open(&folder.path().join("ledger"));
    for _ in 0..4 {
        deny(&database);
    }
    assert_eq!(gaps(&database), [""; 0]);
    let end = database.audit(0, 100).unwrap().len();
    let cut_two = |write: &WriteTransaction| {
        cut(write, 2);
        Ok(())
    };
    database.write(cut_two).unwrap();
    database.audit(0, 100).unwrap();
    let missing = [format!("entry {}", end - 1), format!("entry {end}")];
    assert_eq!(gaps(&database), missing);
    // Others take their numbers.
    for _ in 0..3 {
        deny(&database);
    }
    let found = gaps(&database);
    assert!(found.contains(&missing[0]), "{found:?}");
}

#[test]
fn an_end_that_is_written_anew_is_found_although_its_chain_fits() {
    let folder = tempfile::tempdir().unwrap();
    let database = open(&folder.path().join("ledger"));
    deny(&database);
    let forge = |write: &WriteTransaction| {
        cut(write, 1);
        let by = By {
            person: Some(PersonId::from_bytes([1; 16])),
            ..By::nobody(NOW, None)
        };
        audit::note(write, by, Deed::SignedOut)
    };
    database.write(forge).unwrap();
    let end = database.audit(0, 100).unwrap().len();
    deny(&database);
    assert_eq!(gaps(&database), [format!("entry {end}")]);
}

#[test]
fn what_was_never_committed_is_not_missed() {
    let folder = tempfile::tempdir().unwrap();
    let database = open(&folder.path().join("ledger"));
    let li = PersonId::from_bytes([1; 16]);
    let failed: Result<(), DatabaseError> = database.record(NOW, |write| {
        audit::note(write, By::nobody(NOW, None), Deed::SignedOut)?;
        // The ledger is told, and then the disk fails.
        let told = crate::database::recorded::Recorded::new(write);
        told.settle(database.ledger(), NOW)?;
        Err(Refusal::NoSuchPerson.into())
    });
    failed.unwrap_err();
    database.sign_in(li, &new_session(1, "again")).unwrap();
    assert_eq!(gaps(&database), [""; 0]);
}

#[test]
fn what_was_said_about_a_handover_is_not_in_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ledger");
    let database = open(&file);
    database.add_person(&wang(None), COMMAND_LINE).unwrap();
    let (li, wang) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let store = StoreId::from_bytes([1; 16]);
    let book = |owner| Feed::of_owner(store, FeedKind::Cards, owner).id;
    let row = HandoverRow {
        id: HandoverId::from_bytes([3; 16]),
        store,
        from: li,
        to: wang,
        customers: None,
        until: None,
        note: "Mrs Zhao is ill".to_owned(),
        by: None,
        at: NOW,
        source: book(li),
        target: book(wang),
        grant: None,
        stage: HandoverStage::Moving,
    };
    let start = HandoverStart {
        row: row.clone(),
        feed: None,
        grant: None,
    };
    database.begin_handover(&start, COMMAND_LINE).unwrap();
    assert_eq!(database.handovers().unwrap(), [row]);
    let told = std::fs::read_to_string(&file).unwrap();
    assert!(told.contains("handover") && !told.contains("Zhao"));
}
