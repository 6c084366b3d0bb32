use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use floorbook_shared::access::{Post, Role, Store, StoreSettings};
use floorbook_shared::id::{FeedId, PersonId, StoreId};
use floorbook_shared::time::Timestamp;
use redb::StorageBackend;
use redb::backends::InMemoryBackend;

use super::model::{By, CodeGrant, Deed, Founding, NewAccount, NewSession, Told};
use super::register::TabletRegister;
use super::test_tablets::{device, enrol, tablet, token};
use super::{Database, DatabaseError, FORMAT_VERSION, RedbDatabase, Refusal, tables};
use crate::access::secret::{PasswordHash, SecretHash};

mod audit;
mod handovers;
mod tablets;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const HOUR: i64 = 3_600_000;

fn secret(text: &str) -> SecretHash {
    SecretHash::of("test", text.as_bytes())
}

fn new_session(byte: u8, token: &str) -> NewSession {
    NewSession {
        device: device(byte),
        token: secret(token),
        now: NOW,
        expires: NOW.plus_millis(HOUR),
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T, DatabaseError>) -> Refusal {
    let error = result.unwrap_err();
    let DatabaseError::Refused(refusal) = error else {
        panic!("{error}");
    };
    refusal
}

fn store(byte: u8, code: &str) -> Store {
    Store {
        id: StoreId::from_bytes([byte; 16]),
        code: code.to_owned(),
        name: format!("Store {code}"),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    }
}

fn founding() -> Founding {
    Founding {
        store: store(1, "HZ1"),
        person: PersonId::from_bytes([1; 16]),
        name: "Li Na".to_owned(),
        password: PasswordHash::from_phc("$hash".to_owned()),
        tablet: tablet(1, NOW),
        session: new_session(1, "first"),
    }
}

fn wang(code: Option<&str>) -> NewAccount {
    NewAccount {
        id: PersonId::from_bytes([2; 16]),
        name: "王 芳".to_owned(),
        posts: vec![Post::new(StoreId::from_bytes([1; 16]), Role::Consultant)],
        code: code.map(|code| CodeGrant {
            code: secret(code),
            expires: NOW.plus_millis(HOUR),
        }),
    }
}

fn in_memory() -> RedbDatabase {
    RedbDatabase::with_backend(InMemoryBackend::new()).unwrap()
}

fn founded() -> RedbDatabase {
    let database = in_memory();
    database.found(&founding()).unwrap();
    database
}

const COMMAND_LINE: By = By::command_line(NOW);

#[test]
fn a_restart_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("floorbook.redb");
    let (scope, members, audit) = {
        let database = RedbDatabase::open(&file).unwrap();
        assert!(!database.is_set_up().unwrap());
        database.found(&founding()).unwrap();
        database
            .add_person(&wang(Some("code")), COMMAND_LINE)
            .unwrap();
        (
            database.scope().unwrap(),
            database.members().unwrap(),
            database.audit(0, 100).unwrap(),
        )
    };
    let database = RedbDatabase::open(&file).unwrap();
    assert!(database.is_set_up().unwrap());
    assert_eq!(database.scope().unwrap(), scope);
    assert_eq!(database.members().unwrap(), members);
    assert_eq!(database.audit(0, 100).unwrap(), audit);
    assert!(
        database
            .session(secret("first"), device(1), NOW)
            .unwrap()
            .is_some()
    );
    assert!(database.invitation(secret("code"), NOW).unwrap().is_some());
}

#[test]
fn a_second_process_is_told_who_holds_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("floorbook.redb");
    let _first = RedbDatabase::open(&file).unwrap();
    let error = RedbDatabase::open(&file).unwrap_err();
    assert!(matches!(error, DatabaseError::InUse(_)), "{error}");
}

#[test]
fn data_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("floorbook.redb");
    {
        let database = RedbDatabase::open(&file).unwrap();
        database.found(&founding()).unwrap();
        database
            .write(|write| {
                let value = tables::encode("meta", &(FORMAT_VERSION + 1)).unwrap();
                let mut meta = write.open_table(tables::META).unwrap();
                meta.insert(b"format_version".as_slice(), value.as_slice())
                    .unwrap();
                Ok(())
            })
            .unwrap();
    }
    let error = RedbDatabase::open(&file).unwrap_err();
    assert!(
        matches!(error, DatabaseError::Newer { found, known } if found == known + 1),
        "{error}"
    );
    assert!(std::fs::metadata(&file).unwrap().len() > 0);
}

#[test]
fn everyone_gets_a_cards_feed_and_the_scope_version_grows() {
    let database = founded();
    let before = database.scope().unwrap();
    database.add_person(&wang(None), COMMAND_LINE).unwrap();
    let after = database.scope().unwrap();
    assert!(after.version > before.version);
    let store = StoreId::from_bytes([1; 16]);
    for person in &after.people {
        assert!(
            after.cards_feed(store, person.id).is_some(),
            "{}",
            person.name
        );
    }
    database.add_store(&store_two(), COMMAND_LINE).unwrap();
    assert!(database.scope_version().unwrap() > after.version);
}

fn store_two() -> Store {
    store(2, "SH1")
}

#[test]
fn only_one_setup_succeeds() {
    let database = founded();
    let mut again = founding();
    again.store = store_two();
    again.person = PersonId::from_bytes([9; 16]);
    again.name = "Zhao".to_owned();
    let error = database.found(&again).unwrap_err();
    assert!(
        matches!(error, DatabaseError::Refused(Refusal::AlreadySetUp)),
        "{error}"
    );
    assert_eq!(database.scope().unwrap().stores.len(), 1);
}

#[test]
fn names_and_store_codes_are_unique_however_they_are_written() {
    let database = founded();
    let before = database.scope().unwrap();
    let mut twin = wang(None);
    twin.name = "li  NA".to_owned();
    let error = database.add_person(&twin, COMMAND_LINE).unwrap_err();
    assert!(
        matches!(error, DatabaseError::Refused(Refusal::NameTaken)),
        "{error}"
    );
    let error = database
        .add_store(&store(3, "hz1"), COMMAND_LINE)
        .unwrap_err();
    assert!(
        matches!(error, DatabaseError::Refused(Refusal::StoreCodeTaken)),
        "{error}"
    );
    let after = database.scope().unwrap();
    assert_eq!(after, before, "a refusal changes nothing");
}

#[test]
fn a_session_ends_on_its_day_and_at_sign_out() {
    let database = founded();
    let token = secret("first");
    assert!(
        database
            .session(token, device(1), NOW.plus_millis(HOUR - 1))
            .unwrap()
            .is_some()
    );
    assert!(
        database
            .session(token, device(1), NOW.plus_millis(HOUR))
            .unwrap()
            .is_none()
    );
    database.sign_out(token, NOW).unwrap();
    assert!(database.session(token, device(1), NOW).unwrap().is_none());
    database.sign_out(token, NOW).unwrap();
}

#[test]
fn a_one_time_code_works_once_and_the_newest_replaces_it() {
    let database = founded();
    database
        .add_person(&wang(Some("old")), COMMAND_LINE)
        .unwrap();
    let grant = CodeGrant {
        code: secret("new"),
        expires: NOW.plus_millis(HOUR),
    };
    database
        .issue_code(PersonId::from_bytes([2; 16]), grant, COMMAND_LINE)
        .unwrap();
    let hash = PasswordHash::from_phc("$hash".to_owned());
    let join = |code: &str| database.join(secret(code), &hash, &new_session(1, "joined"));
    assert!(matches!(
        join("old"),
        Err(DatabaseError::Refused(Refusal::CodeInvalid))
    ));
    assert_eq!(join("new").unwrap().name, "王 芳");
    assert!(matches!(
        join("new"),
        Err(DatabaseError::Refused(Refusal::CodeInvalid))
    ));
}

#[test]
fn a_new_password_ends_the_sessions_of_the_old_one() {
    let database = founded();
    let li = PersonId::from_bytes([1; 16]);
    let grant = CodeGrant {
        code: secret("reset"),
        expires: NOW.plus_millis(HOUR),
    };
    database.issue_code(li, grant, COMMAND_LINE).unwrap();
    let hash = PasswordHash::from_phc("$other".to_owned());
    database
        .join(secret("reset"), &hash, &new_session(1, "joined"))
        .unwrap();
    assert!(
        database
            .session(secret("first"), device(1), NOW)
            .unwrap()
            .is_none()
    );
    assert!(
        database
            .session(secret("joined"), device(1), NOW)
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_password_that_was_replaced_while_it_was_looked_at_opens_no_session() {
    let database = founded();
    let li = PersonId::from_bytes([1; 16]);
    let account = || database.account_named("li na").unwrap().unwrap();
    let proven = account().password.unwrap();
    let hash = PasswordHash::from_phc("$other".to_owned());
    database.set_password(li, &hash, COMMAND_LINE).unwrap();
    let late = database.sign_in_by_password(li, &proven, &new_session(1, "late"));
    assert_eq!(refusal(late), Refusal::PasswordChanged);
    let late = database.session(secret("late"), device(1), NOW).unwrap();
    assert!(late.is_none());
    database
        .sign_in_by_password(li, &hash, &new_session(1, "new"))
        .unwrap();
}

#[test]
fn the_audit_tells_what_happened_and_finds_a_forged_entry() {
    let database = founded();
    database
        .add_person(&wang(Some("code")), COMMAND_LINE)
        .unwrap();
    let deeds: Vec<Deed> = database
        .audit(0, 100)
        .unwrap()
        .into_iter()
        .map(|entry| entry.deed)
        .collect();
    let subject = PersonId::from_bytes([2; 16]);
    assert_eq!(
        deeds,
        [
            Deed::Founded {
                store: StoreId::from_bytes([1; 16])
            },
            Deed::TabletEnrolled,
            Deed::SignedIn,
            Deed::PersonAdded { subject },
            Deed::PostAdded {
                subject,
                post: Post::new(StoreId::from_bytes([1; 16]), Role::Consultant)
            },
            Deed::CodeIssued { subject },
        ]
    );
    assert_eq!(database.audit(2, 1).unwrap()[0].number, 3);

    let mut forged = database.audit(0, 100).unwrap()[1].clone();
    forged.person = Some(subject);
    database
        .write(|write| {
            let value = tables::encode("audit", &forged).unwrap();
            let mut audit = write.open_table(tables::AUDIT).unwrap();
            audit
                .insert(2_u64.to_be_bytes().as_slice(), value.as_slice())
                .unwrap();
            Ok(())
        })
        .unwrap();
    let error = database.audit(0, 100).unwrap_err();
    assert!(
        matches!(error, DatabaseError::Damaged { table: "audit", .. }),
        "{error}"
    );
}

#[test]
fn a_damaged_person_harms_only_themselves_and_never_reopens_the_setup() {
    let database = founded();
    database.add_person(&wang(None), COMMAND_LINE).unwrap();
    database
        .write(|write| {
            let mut staff = write.open_table(tables::STAFF).unwrap();
            staff
                .insert([1_u8; 16].as_slice(), b"\x01{rubbish".as_slice())
                .unwrap();
            Ok(())
        })
        .unwrap();
    assert_eq!(database.members().unwrap().len(), 1);
    assert!(database.is_set_up().unwrap());
}

#[test]
fn values_of_an_unknown_version_are_damage_not_a_panic() {
    for bytes in [b"".as_slice(), b"\x02{}", b"\x01", b"\x01{", b"\x01\xff"] {
        let decoded = tables::decode::<Store>("stores", bytes);
        assert!(matches!(
            decoded,
            Err(DatabaseError::Damaged {
                table: "stores",
                ..
            })
        ));
    }
}

/// A storage in memory that outlives its database and whose writes can be made to fail.
#[derive(Clone, Debug, Default)]
struct FailingBackend {
    bytes: Arc<Mutex<Vec<u8>>>,
    fails: Arc<AtomicBool>,
}

impl FailingBackend {
    fn check(&self) -> io::Result<()> {
        if self.fails.load(Ordering::SeqCst) {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        } else {
            Ok(())
        }
    }
}

impl StorageBackend for FailingBackend {
    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes.lock().unwrap().len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let bytes = self.bytes.lock().unwrap();
        let start = usize::try_from(offset).unwrap();
        let found = bytes.get(start..start + out.len());
        out.copy_from_slice(found.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.check()?;
        self.bytes
            .lock()
            .unwrap()
            .resize(usize::try_from(len).unwrap(), 0);
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        self.check()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.check()?;
        let start = usize::try_from(offset).unwrap();
        let mut bytes = self.bytes.lock().unwrap();
        bytes[start..start + data.len()].copy_from_slice(data);
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_and_keeps_the_old_state() {
    let backend = FailingBackend::default();
    let before = {
        let database = RedbDatabase::with_backend(backend.clone()).unwrap();
        database.found(&founding()).unwrap();
        let before = database.scope().unwrap();
        backend.fails.store(true, Ordering::SeqCst);
        let error = database
            .add_person(&wang(Some("code")), COMMAND_LINE)
            .unwrap_err();
        assert!(matches!(error, DatabaseError::Full(_)), "{error:?}");
        before
    };
    backend.fails.store(false, Ordering::SeqCst);
    let database = RedbDatabase::with_backend(backend).unwrap();
    assert_eq!(database.scope().unwrap(), before);
    assert!(database.invitation(secret("code"), NOW).unwrap().is_none());
    database
        .add_person(&wang(Some("code")), COMMAND_LINE)
        .unwrap();
}

#[test]
fn a_disk_that_was_full_and_was_cleared_heals_without_a_restart() {
    let backend = FailingBackend::default();
    let storages = backend.clone();
    let database = RedbDatabase::with_backends(move || storages.clone(), Duration::ZERO).unwrap();
    database.found(&founding()).unwrap();
    let before = database.scope().unwrap();
    backend.fails.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        let add = database.add_person(&wang(None), COMMAND_LINE);
        assert!(add.unwrap_err().is_of_storage());
    }
    backend.fails.store(false, Ordering::SeqCst);
    assert_eq!(database.scope().unwrap(), before);
    database.add_person(&wang(None), COMMAND_LINE).unwrap();
    assert_eq!(database.members().unwrap().len(), 2);
    database.audit(0, 100).unwrap();
}

#[test]
fn a_file_that_is_gone_is_never_replaced_by_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("floorbook.redb");
    let database = RedbDatabase::open(&file).unwrap();
    database.found(&founding()).unwrap();
    std::fs::remove_file(&file).unwrap();
    database.fail();
    database.scope().unwrap_err();
    assert!(!file.exists());
}

#[test]
fn an_opened_file_is_let_go_before_it_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("floorbook.redb");
    let database = RedbDatabase::open(&file).unwrap();
    database.found(&founding()).unwrap();
    let before = database.scope().unwrap();
    database.fail();
    assert_eq!(database.scope().unwrap(), before);
}

#[test]
fn what_a_tablet_holds_is_noted_by_feed() {
    let database = founded();
    let here = device(1);
    let (one, two) = (FeedId::from_bytes([1; 16]), FeedId::from_bytes([2; 16]));
    let told = |places: &[(FeedId, u64)]| Told {
        confirmed: places.iter().copied().collect(),
        ..Told::default()
    };
    database
        .confirm(here, &told(&[(one, 5), (two, 9)]), NOW)
        .unwrap();
    database.confirm(here, &told(&[(one, 7)]), NOW).unwrap();
    assert_eq!(
        database.confirmed(here).unwrap().confirmed,
        [(one, 7), (two, 9)].into()
    );
    let unknown = device(8);
    database.confirm(unknown, &told(&[(one, 5)]), NOW).unwrap();
    assert!(database.confirmed(unknown).unwrap().is_empty());
}
