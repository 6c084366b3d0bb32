use std::collections::BTreeMap;
use std::sync::Arc;

use floorbook_shared::access::{Store, StoreSettings};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::Writer;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::time::Timestamp;
use redb::ReadableTable;
use redb::backends::InMemoryBackend;

use super::{Ailment, Examination, Pace, Remedy};
use crate::access::secret::{PasswordHash, SecretHash};
use crate::database::log::{DocumentLog, DocumentPlace, Move};
use crate::database::model::{Founding, NewSession};
use crate::database::tables::{self, Table};
use crate::database::test_tablets::tablet;
use crate::database::{Database, RedbDatabase};
use crate::sync::commit::{Committer, ServerDeed};
use crate::sync::compaction::Compactor;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const CARDS: u8 = 3;

fn place(number: u8) -> DocumentPlace {
    DocumentPlace {
        key: DocumentKey {
            id: DocumentId::from_bytes([number; 16]),
            incarnation: 0,
        },
        kind: DocumentKind::Customer,
        store: StoreId::from_bytes([1; 16]),
        feed: FeedId::from_bytes([1; 16]),
    }
}

fn deed(number: u8, command: Command) -> ServerDeed {
    ServerDeed {
        place: place(number),
        command,
        seen_seq: None,
        at: NOW,
    }
}

fn named(name: &str) -> Edit {
    Edit::SetField {
        field: CustomerField::Name,
        value: name.to_owned(),
    }
}

/// A store with a few cards of some changes each.
fn filled() -> Arc<RedbDatabase> {
    let database = RedbDatabase::with_backend(InMemoryBackend::new()).unwrap();
    let founding = Founding {
        store: Store {
            id: StoreId::from_bytes([1; 16]),
            code: "HZ1".to_owned(),
            name: "Store".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        },
        person: PersonId::from_bytes([1; 16]),
        name: "Li Na".to_owned(),
        password: PasswordHash::from_phc("$hash".to_owned()),
        tablet: tablet(1, NOW),
        session: NewSession {
            device: DeviceId::from_bytes([1; 16]),
            token: SecretHash::of("test", b"token"),
            now: NOW,
            expires: NOW.plus_millis(1),
        },
    };
    database.found(&founding).unwrap();
    let database = Arc::new(database);
    let mut committer = Committer::new(Arc::clone(&database) as Arc<dyn Database>);
    let writer = Writer {
        author: ChangeAuthor {
            person: PersonId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([1; 16]),
        },
        actor: [9; 16],
    };
    for round in 0..3 {
        for number in 1..=CARDS {
            let command = if round == 0 {
                let fields = BTreeMap::from([(CustomerField::Name, "王芳".to_owned())]);
                Command::OpenCard(NewCard {
                    fields,
                    ..NewCard::default()
                })
            } else {
                Command::EditCard {
                    edits: vec![named(&format!("name {round}"))],
                }
            };
            let done = committer
                .run(&[deed(number, command)], &writer, NOW)
                .unwrap();
            assert_eq!(done, [Ok(true)]);
        }
    }
    // One card goes to another book and back, another one stays there; both are edited again.
    let order = |number: u8, to: u8| Move {
        document: place(number).key.id,
        to: FeedId::from_bytes([to; 16]),
        by: writer.author,
        at: NOW,
    };
    for (number, to) in [(2, 2), (3, 2), (2, 1)] {
        committer.move_document(&order(number, to)).unwrap();
    }
    for number in [2, 3] {
        let command = Command::EditCard {
            edits: vec![named("moved")],
        };
        let done = committer.run(&[deed(number, command)], &writer, NOW);
        assert_eq!(done.unwrap(), [Ok(true)]);
    }
    database
}

fn examine(database: &RedbDatabase) -> Examination {
    database.examine_with(None, &Pace::FAST, &|_| {}).unwrap()
}

/// Keys and values of a table.
fn entries(database: &RedbDatabase, table: Table) -> Vec<(Vec<u8>, Vec<u8>)> {
    database
        .read(|read| {
            let table = read.open_table(table)?;
            let mut all = Vec::new();
            for entry in table.iter()? {
                let (key, value) = entry?;
                all.push((key.value().to_vec(), value.value().to_vec()));
            }
            Ok(all)
        })
        .unwrap()
}

fn put(database: &RedbDatabase, table: Table, key: &[u8], value: Option<&[u8]>) {
    database
        .write(|write| {
            let mut table = write.open_table(table)?;
            match value {
                Some(value) => drop(table.insert(key, value)?),
                None => drop(table.remove(key)?),
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_sound_store_is_healthy() {
    let database = filled();
    let examination = examine(&database);
    assert!(examination.is_healthy(), "{examination:?}");
    assert_eq!(examination.entries["documents"], u64::from(CARDS));
    assert_eq!(examination.entries["log"], u64::from(CARDS) * 3 + 8);
    assert!(database.repair(&|_| {}).unwrap().is_empty());
}

/// Each way of damaging what is derived is found, mended, and leaves nothing behind.
#[test]
fn what_is_derived_is_mended() {
    let cases: [(&str, Table, Ailment); 8] = [
        ("rows", tables::ROWS, Ailment::RowWrong),
        (
            "change_by_hash",
            tables::CHANGE_BY_HASH,
            Ailment::HashIndexWrong,
        ),
        ("actors", tables::ACTORS, Ailment::ActorWrong),
        ("feed_index", tables::FEED_INDEX, Ailment::FeedIndexWrong),
        ("feed_order", tables::FEED_ORDER, Ailment::FeedOrderWrong),
        (
            "feed_totals",
            tables::FEED_TOTALS,
            Ailment::FingerprintWrong,
        ),
        ("documents", tables::DOCUMENTS, Ailment::LatestWrong),
        ("all", tables::ROWS, Ailment::RowWrong),
    ];
    let sound = filled();
    for (name, table, ailment) in cases {
        let before = entries(&sound, table);
        let (key, value) = before.first().unwrap().clone();
        let other = before.last().unwrap().1.clone();
        let mut damages: Vec<(Vec<u8>, Option<Vec<u8>>)> = vec![(key.clone(), Some(other))];
        if name == "documents" {
            // The last byte but one is the latest seq.
            let mut wrong = value.clone();
            *wrong.iter_mut().nth_back(1).unwrap() = 1;
            damages = vec![(key.clone(), Some(wrong))];
        } else {
            damages.push((key.clone(), None));
            damages.push((key.clone(), Some(b"\x01rubbish".to_vec())));
            damages.push((vec![0x77; key.len()], Some(value)));
        }
        for (key, value) in damages {
            let database = filled();
            put(&database, table, &key, value.as_deref());
            let found = examine(&database);
            if entries(&database, table) == before {
                // All cards have the same author and, at the end, the same row.
                assert!(matches!(name, "rows" | "actors" | "all"));
                continue;
            }
            let is_stray_actor = name == "actors" && key == [0x77; 16];
            if is_stray_actor {
                continue;
            }
            assert!(found.counts.contains_key(&ailment), "{name}: {found:?}");
            let others: Vec<_> = found
                .counts
                .keys()
                .filter(|ailment| ailment.remedy() != Remedy::Repair)
                .collect();
            assert!(others.is_empty(), "{name}: {others:?}");
            let mended = database.repair(&|_| {}).unwrap();
            assert!(!mended.is_empty(), "{name}");
            let after = examine(&database);
            assert!(after.is_healthy(), "{name}: {after:?}");
        }
    }
}

#[test]
fn a_wrong_digest_and_a_lost_mark_are_mended() {
    let sound = entries(&filled(), tables::FEED_INDEX);
    for (key, value) in &sound {
        let mut wrong = value.clone();
        *wrong.last_mut().unwrap() ^= 1;
        for damage in [Some(wrong.as_slice()), None] {
            let database = filled();
            put(&database, tables::FEED_INDEX, key, damage);
            let found = examine(&database);
            // The digest of a document that left counts nowhere.
            let is_mark = found.is_healthy();
            assert!(!is_mark || damage.is_some());
            database.repair(&|_| {}).unwrap();
            assert!(examine(&database).is_healthy(), "{:?}", examine(&database));
        }
    }
}

#[test]
fn what_is_lost_is_told_and_not_mended() {
    let cases: [(Table, Ailment); 3] = [
        (tables::CHANGES, Ailment::DocumentUnloadable),
        (tables::LOG, Ailment::LogGap),
        (tables::DOCUMENTS, Ailment::DocumentMissing),
    ];
    for (table, ailment) in cases {
        let database = filled();
        let (key, _) = entries(&database, table)[0].clone();
        put(&database, table, &key, None);
        let found = examine(&database);
        assert!(found.counts.contains_key(&ailment), "{found:?}");
        assert!(found.needs_backup());
        database.repair(&|_| {}).unwrap();
        assert!(examine(&database).counts.contains_key(&ailment));
    }
}

/// Edits a card and lets it be compacted, more than once.
fn compacted() -> Arc<RedbDatabase> {
    let database = filled();
    let mut committer = Committer::new(Arc::clone(&database) as Arc<dyn Database>);
    let writer = Writer {
        author: ChangeAuthor {
            person: PersonId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([1; 16]),
        },
        actor: [9; 16],
    };
    for round in 0..3 {
        for number in 0..4 {
            let edits = vec![named(&format!("compacted {round} {number}"))];
            let edit = deed(1, Command::EditCard { edits });
            let done = committer.run(&[edit], &writer, NOW).unwrap();
            assert_eq!(done, [Ok(true)]);
        }
        compact(&database, 1);
    }
    database
}

/// Lets a compactor run through, which finds so many documents to compact.
fn compact(database: &RedbDatabase, expected: usize) {
    let mut compactor = Compactor::new(3, Document::snapshot);
    let mut count = 0;
    while !compactor.is_idle() {
        count += compactor.step(database, NOW).unwrap();
    }
    assert!(count >= expected, "{count} were compacted");
}

/// The heads of a card from its stored chunks.
fn heads(database: &RedbDatabase, number: u8) -> Vec<ChangeHash> {
    let stored = database.document(place(number).key.id).unwrap().unwrap();
    let document = Document::load(stored.chunks.iter().map(Vec::as_slice)).unwrap();
    document.heads().into_iter().map(ChangeHash::from).collect()
}

/// Flips a bit of a snapshot of card 1: of the newest, or of the one before.
fn damage_snapshot(database: &RedbDatabase, is_newest: bool) {
    let mut snapshots = entries(database, tables::SNAPSHOTS);
    snapshots.retain(|(key, _)| key.starts_with(&[1; 16]));
    assert_eq!(snapshots.len(), 2);
    let (key, mut value) = snapshots.swap_remove(usize::from(is_newest));
    value[60] ^= 1;
    put(database, tables::SNAPSHOTS, &key, Some(&value));
}

#[test]
fn a_damaged_snapshot_gives_way_to_the_one_before() {
    for is_newest in [true, false] {
        let database = compacted();
        let sound = heads(&database, 1);
        damage_snapshot(&database, is_newest);
        assert_eq!(heads(&database, 1), sound);
        let found = examine(&database);
        assert_eq!(found.counts, [(Ailment::SnapshotDamaged, 1)].into());
        assert!(!found.needs_backup());
        let mended = database.repair(&|_| {}).unwrap();
        assert_eq!(mended, [("snapshots".to_owned(), 1)].into());
        assert!(examine(&database).is_healthy());
        assert_eq!(heads(&database, 1), sound);
    }
}

#[test]
fn compaction_heals_a_damaged_snapshot() {
    let database = compacted();
    let sound = heads(&database, 1);
    damage_snapshot(&database, true);
    compact(&database, 1);
    assert!(examine(&database).is_healthy());
    assert_eq!(heads(&database, 1), sound);
    // Each change is there twice again.
    damage_snapshot(&database, true);
    assert_eq!(heads(&database, 1), sound);
}

#[test]
fn a_card_whose_snapshots_are_all_damaged_needs_a_backup() {
    let database = compacted();
    damage_snapshot(&database, true);
    damage_snapshot(&database, false);
    let damaged = entries(&database, tables::SNAPSHOTS);
    let found = examine(&database);
    assert!(found.needs_backup(), "{found:?}");
    database.repair(&|_| {}).unwrap();
    // What cannot be mended is left as it is, for whoever can make something of it.
    assert_eq!(entries(&database, tables::SNAPSHOTS), damaged);
}

#[test]
fn a_lost_last_change_is_missed_although_its_document_loads() {
    let database = filled();
    let changes = entries(&database, tables::CHANGES);
    let (key, _) = changes.last().unwrap();
    put(&database, tables::CHANGES, key, None);
    let found = examine(&database);
    assert!(
        found.counts.contains_key(&Ailment::ChangeMissing),
        "{found:?}"
    );
}

#[test]
fn a_forged_change_or_entry_is_found() {
    let database = filled();
    let changes = entries(&database, tables::CHANGES);
    put(
        &database,
        tables::CHANGES,
        &changes[0].0,
        Some(&changes[1].1),
    );
    let found = examine(&database);
    assert!(
        found.counts.contains_key(&Ailment::ChangeDiffers),
        "{found:?}"
    );

    let database = filled();
    let log = entries(&database, tables::LOG);
    put(&database, tables::LOG, &log[1].0, Some(&log[2].1));
    let found = examine(&database);
    assert!(found.counts.contains_key(&Ailment::LogBroken), "{found:?}");

    let database = filled();
    let log = entries(&database, tables::LOG);
    put(&database, tables::LOG, &log.last().unwrap().0, None);
    let found = examine(&database);
    assert!(
        found.counts.contains_key(&Ailment::LogHeadWrong),
        "{found:?}"
    );
}

#[test]
fn findings_name_no_customer() {
    let database = filled();
    for table in [tables::ROWS, tables::CHANGES, tables::STAFF, tables::AUDIT] {
        for (key, _) in entries(&database, table) {
            put(&database, table, &key, Some("\u{1}{\"王芳".as_bytes()));
        }
    }
    let found = examine(&database);
    assert!(found.counts.contains_key(&Ailment::ValueUnreadable));
    assert!(
        found.counts.contains_key(&Ailment::AuditBroken),
        "{found:?}"
    );
    let text = serde_json::to_string(&found).unwrap();
    assert!(!text.contains('王') && !text.contains("name 2"), "{text}");
    let _ = database.head(StoreId::from_bytes([1; 16])).unwrap();
}
