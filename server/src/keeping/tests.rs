use std::path::Path;

use floorbook_shared::access::{Post, Role, Store, StoreSettings};
use floorbook_shared::api::TabletState;
use floorbook_shared::id::{PersonId, StoreId};
use floorbook_shared::time::Timestamp;

use super::restore::{RestoreOrder, Restored, restore};
use super::{DataPlace, backup};
use crate::access::secret::{PasswordHash, SecretHash};
use crate::clock::{Clock, SystemClock};
use crate::database::model::{By, CodeGrant, Deed, Founding, NewAccount, NewSession};
use crate::database::register::TabletRegister;
use crate::database::test_tablets::{device, enrol, tablet, token};
use crate::database::{Ailment, Database, Pace, RedbDatabase};

const HOUR: i64 = 3_600_000;

fn now() -> Timestamp {
    SystemClock.now()
}

fn secret(text: &str) -> SecretHash {
    SecretHash::of("test", text.as_bytes())
}

fn new_session(byte: u8, token: &str) -> NewSession {
    NewSession {
        device: device(byte),
        token: secret(token),
        now: now(),
        expires: now().plus_millis(HOUR),
    }
}

fn person(byte: u8) -> PersonId {
    PersonId::from_bytes([byte; 16])
}

fn add(database: &RedbDatabase, byte: u8, name: &str, code: Option<&str>) {
    let account = NewAccount {
        id: person(byte),
        name: name.to_owned(),
        posts: vec![Post::new(StoreId::from_bytes([1; 16]), Role::Consultant)],
        code: code.map(|code| CodeGrant {
            code: secret(code),
            expires: now().plus_millis(HOUR),
        }),
    };
    database
        .add_person(&account, By::command_line(now()))
        .unwrap();
}

/// A chain with Li, who is signed in on tablet 1 and tablet 2.
fn founded(place: &DataPlace) -> RedbDatabase {
    let database = place.open_or_create(false).unwrap();
    let founding = Founding {
        store: Store {
            id: StoreId::from_bytes([1; 16]),
            code: "HZ1".to_owned(),
            name: "Store".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        },
        person: person(1),
        name: "Li Na".to_owned(),
        password: PasswordHash::from_phc("$first".to_owned()),
        tablet: tablet(1, now()),
        session: new_session(1, "li one"),
    };
    database.found(&founding).unwrap();
    enrol(&database, 2, now());
    database
        .sign_in(person(1), &new_session(2, "li two"))
        .unwrap();
    database
}

fn back_up(database: &RedbDatabase, file: &Path) {
    backup::write(database, file, false, &|_| {}).unwrap();
}

fn order(place: &DataPlace, backup: &Path) -> RestoreOrder {
    RestoreOrder {
        place: place.clone(),
        backup: backup.to_owned(),
        without_ledger: false,
        accept_damage: false,
    }
}

fn restored(order: &RestoreOrder) -> Restored {
    restore(order, &|_| {}).unwrap()
}

#[test]
fn a_restored_backup_undoes_no_revocation_and_knows_who_joined_since() {
    let folder = tempfile::tempdir().unwrap();
    let place = DataPlace::new(&folder.path().join("data"));
    std::fs::create_dir(&place.data).unwrap();
    let file = folder.path().join("backup.redb");
    let database = founded(&place);
    add(&database, 2, "Wang Fang", Some("spent"));
    add(&database, 3, "Zhao Min", Some("replaced"));
    back_up(&database, &file);

    // What happens after the backup: an end, an enrolment, a spent code, a replaced code, a new
    // password.
    database.sign_out(secret("li one"), now()).unwrap();
    let hash = PasswordHash::from_phc("$wang".to_owned());
    enrol(&database, 5, now());
    let joined = database
        .join(secret("spent"), &hash, &new_session(5, "wang"))
        .unwrap();
    let grant = CodeGrant {
        code: secret("newer"),
        expires: now().plus_millis(HOUR),
    };
    database
        .issue_code(person(3), grant, By::command_line(now()))
        .unwrap();
    let replaced = PasswordHash::from_phc("$second".to_owned());
    database
        .set_password(person(1), &replaced, By::command_line(now()))
        .unwrap();
    let again = database
        .sign_in(person(1), &new_session(1, "li anew"))
        .unwrap();
    add(&database, 4, "Qian Duo", None);
    database
        .declare_stolen(device(2), By::command_line(now()))
        .unwrap();
    let scope = database.scope().unwrap();
    let last = database.audit(0, 1_000).unwrap().last().unwrap().number;
    drop(database);

    let done = restored(&order(&place, &file));
    assert!(done.set_aside.unwrap().exists());
    let (first, end) = done.replayed.unwrap().audit_aside.unwrap();
    assert_eq!(end, last, "where to look for what the backup lacks");
    let database = place.open().unwrap();
    let session = |token: &str, byte| {
        let found = database.session(secret(token), device(byte), now());
        found.unwrap()
    };
    assert_eq!(session("li one", 1), None, "signed out");
    assert_eq!(session("li two", 2), None, "ended by the new password");
    assert_eq!(session("li anew", 1).unwrap().identity, again);
    assert_eq!(session("wang", 5).unwrap().identity, joined);
    let account = database.account_named("Li Na").unwrap().unwrap();
    assert_eq!(account.password, Some(replaced));
    let code = |code: &str| database.invitation(secret(code), now()).unwrap();
    assert_eq!(code("spent"), None);
    assert_eq!(code("replaced"), None);
    assert!(code("newer").is_some());

    let after = database.scope().unwrap();
    assert!(after.version > scope.version, "tablets must fetch it");
    assert_eq!((&after.people, &after.feeds), (&scope.people, &scope.feeds));
    assert_eq!(enrol(&database, 6, now()), "F04", "no code is given twice");
    let stolen = database.tablet(device(2), token(2)).unwrap().unwrap();
    assert_eq!(stolen.state, TabletState::Stolen, "no revocation is undone");
    let audit = database.audit(0, 100).unwrap();
    let trace = audit.iter().find(|entry| entry.number == first).unwrap();
    let deed = Deed::Restored {
        with_ledger: true,
        replaced: Some(last),
    };
    assert_eq!(trace.deed, deed);
    let gaps = |database: &RedbDatabase| {
        let found = database.examine(&Pace::FAST, &|_| {}).unwrap();
        found.counts.contains_key(&Ailment::AuditCutOff)
    };
    assert!(!gaps(&database), "a restore is no hole in the audit");
    // Another restore, of the same backup.
    drop(database);
    restored(&order(&place, &file));
    assert!(!gaps(&place.open().unwrap()));
}

#[test]
fn a_backup_can_be_restored_twice_and_on_a_new_machine() {
    let folder = tempfile::tempdir().unwrap();
    let place = DataPlace {
        data: folder.path().join("data"),
        ledger: Some(folder.path().join("elsewhere.jsonl")),
    };
    std::fs::create_dir(&place.data).unwrap();
    let file = folder.path().join("backup.redb");
    let database = founded(&place);
    back_up(&database, &file);
    database.sign_out(secret("li one"), now()).unwrap();
    drop(database);

    restored(&order(&place, &file));
    let database = place.open().unwrap();
    let version = database.scope_version().unwrap();
    database.sign_out(secret("li two"), now()).unwrap();
    drop(database);
    let new_machine = DataPlace {
        data: folder.path().join("new"),
        ..place
    };
    let done = restored(&order(&new_machine, &file));
    assert_eq!(done.set_aside, None);
    let database = new_machine.open().unwrap();
    for (token, byte) in [("li one", 1), ("li two", 2)] {
        let found = database.session(secret(token), device(byte), now());
        assert_eq!(found.unwrap(), None);
    }
    assert!(database.scope_version().unwrap() > version);
}

#[test]
fn without_its_ledger_a_backup_is_restored_only_on_demand_and_signs_everyone_out() {
    let folder = tempfile::tempdir().unwrap();
    let place = DataPlace::new(&folder.path().join("data"));
    std::fs::create_dir(&place.data).unwrap();
    let file = folder.path().join("backup.redb");
    let database = founded(&place);
    add(&database, 2, "Wang Fang", Some("code"));
    back_up(&database, &file);
    drop(database);
    std::fs::remove_file(place.ledger()).unwrap();
    let mut order = order(&place, &file);
    let error = restore(&order, &|_| {}).unwrap_err();
    assert!(
        format!("{error:#}").contains("--without-ledger"),
        "{error:#}"
    );

    order.without_ledger = true;
    assert_eq!(restored(&order).sessions_ended, 2);
    let database = place.open().unwrap();
    assert_eq!(
        database
            .session(secret("li one"), device(1), now())
            .unwrap(),
        None
    );
    assert_eq!(database.invitation(secret("code"), now()).unwrap(), None);
    // The new ledger tells from here on, also a backup of before.
    database
        .sign_in(person(1), &new_session(1, "li anew"))
        .unwrap();
    drop(database);
    order.without_ledger = false;
    restored(&order);
    let database = place.open().unwrap();
    assert_eq!(
        database
            .session(secret("li one"), device(1), now())
            .unwrap(),
        None
    );
    assert!(
        database
            .session(secret("li anew"), device(1), now())
            .unwrap()
            .is_some()
    );
}

#[test]
fn an_old_copy_in_the_place_of_the_data_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let place = DataPlace::new(&folder.path().join("data"));
    std::fs::create_dir(&place.data).unwrap();
    let database = founded(&place);
    let file = folder.path().join("backup.redb");
    back_up(&database, &file);
    database.sign_out(secret("li one"), now()).unwrap();
    add(&database, 2, "Wang Fang", None);
    drop(database);
    let refused = |text: &str| {
        let error = place.open_or_create(false).unwrap_err();
        assert!(format!("{error:#}").contains(text), "{error:#}");
    };
    std::fs::copy(&file, place.database()).unwrap();
    refused("floorbook restore");
    std::fs::remove_file(place.database()).unwrap();
    refused("floorbook restore");
    assert!(!place.database().exists());
    // Another ledger, or none.
    restored(&order(&place, &file));
    let ledger = std::fs::read(place.ledger()).unwrap();
    std::fs::remove_file(place.ledger()).unwrap();
    refused("--new-ledger");
    std::fs::write(place.ledger(), &ledger[..ledger.len() / 2]).unwrap();
    refused("--new-ledger");
    std::fs::remove_file(place.ledger()).unwrap();
    let database = place.open_or_create(true).unwrap();
    database.sign_out(secret("li two"), now()).unwrap();
}

#[test]
fn what_is_no_backup_is_refused_and_the_data_stay() {
    let folder = tempfile::tempdir().unwrap();
    let place = DataPlace::new(&folder.path().join("data"));
    std::fs::create_dir(&place.data).unwrap();
    let database = founded(&place);
    let file = folder.path().join("backup.redb");
    back_up(&database, &file);
    let error = restore(&order(&place, &file), &|_| {}).unwrap_err();
    assert!(format!("{error:#}").contains("stop it first"), "{error:#}");
    drop(database);

    let whole = std::fs::read(&file).unwrap();
    let data = std::fs::read(place.database()).unwrap();
    let bad = folder.path().join("bad.redb");
    let empty: &[u8] = b"";
    for content in [
        empty,
        b"hello",
        &whole[..whole.len() / 3],
        &vec![0; whole.len()],
    ] {
        std::fs::write(&bad, content).unwrap();
        restore(&order(&place, &bad), &|_| {}).unwrap_err();
    }
    assert_eq!(std::fs::read(place.database()).unwrap(), data);
    let names: Vec<_> = std::fs::read_dir(&place.data)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[cfg(unix)]
#[test]
fn a_backup_replaces_only_a_backup_and_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let place = DataPlace::new(folder.path());
    let database = founded(&place);
    let file = folder.path().join("backup.redb");
    back_up(&database, &file);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let write = |file: &Path, force| backup::write(&database, file, force, &|_| {});
    write(&file, false).unwrap_err();
    write(&file, true).unwrap();
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "Dear customer, this is not a backup.").unwrap();
    write(&letter, true).unwrap_err();
    write(&place.database(), true).unwrap_err();
    write(&place.ledger(), true).unwrap_err();
    write(&folder.path().join("no/such/folder.redb"), false).unwrap_err();
    assert!(!folder.path().join("letter.txt.part").exists());
}
