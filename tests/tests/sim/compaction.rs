//! Compaction: what it may delete, and what tablets get afterwards.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail as the tests do; clippy lets only the tests themselves"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use floorbook_server::access::secret::{PasswordHash, SecretHash};
use floorbook_server::database::log::{Compaction, DocumentLog, DocumentPlace};
use floorbook_server::database::model::{Founding, NewSession, Told};
use floorbook_server::database::{Database, Pace, RedbDatabase};
use floorbook_server::sync::commit::{Committer, ServerDeed};
use floorbook_server::sync::compaction::Compactor;
use floorbook_server::sync::renewal::Renewal;
use floorbook_shared::access::{Feed, FeedKind, Store, StoreSettings};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::Writer;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::message::FrameItem;
use floorbook_shared::sync::server::{FeedsOf, PageRequest};
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::row::{CustomerRow, VIEW_VERSION};
use floorbook_tests::tablets;
use redb::backends::InMemoryBackend;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const DAY: i64 = 86_400_000;
const LOOSE_MAX: usize = 5;
const STORE: StoreId = StoreId::from_bytes([1; 16]);
const CARD: DocumentId = DocumentId::from_bytes([7; 16]);
const WRITING: DeviceId = DeviceId::from_bytes([1; 16]);
const READING: DeviceId = DeviceId::from_bytes([2; 16]);

/// A store with one card that is edited again and again.
struct Shop {
    database: Arc<RedbDatabase>,
    committer: Committer,
    edits: u32,
}

/// The founder's book.
fn told(seq: u64) -> Told {
    Told {
        confirmed: [(feed(), seq)].into(),
        ..Told::default()
    }
}

fn feed() -> FeedId {
    Feed::of_owner(
        StoreId::from_bytes([1; 16]),
        FeedKind::Cards,
        PersonId::from_bytes([1; 16]),
    )
    .id
}

fn sign_in(device: DeviceId) -> NewSession {
    let token = SecretHash::of("test", device.as_bytes());
    tablets::new_session(device, token, NOW)
}

impl Shop {
    fn open() -> Self {
        let database = RedbDatabase::with_backend(InMemoryBackend::new()).unwrap();
        let person = PersonId::from_bytes([1; 16]);
        let founding = Founding {
            store: Store {
                id: STORE,
                code: "HZ1".to_owned(),
                name: "Store".to_owned(),
                time_zone: "Asia/Shanghai".to_owned(),
                settings: StoreSettings::default(),
            },
            person,
            name: "Li Na".to_owned(),
            password: PasswordHash::from_phc("$hash".to_owned()),
            tablet: tablets::new_tablet(WRITING, NOW),
            session: sign_in(WRITING),
        };
        database.found(&founding).unwrap();
        tablets::issue_code(&database, READING, NOW).unwrap();
        tablets::enrol(&database, &tablets::new_tablet(READING, NOW)).unwrap();
        database.sign_in(person, &sign_in(READING)).unwrap();
        let database = Arc::new(database);
        let committer = Committer::new(Arc::clone(&database) as Arc<dyn Database>);
        let mut shop = Self {
            database,
            committer,
            edits: 0,
        };
        shop.write(Command::OpenCard(NewCard {
            fields: BTreeMap::from([(CustomerField::Name, "0".to_owned())]),
            ..NewCard::default()
        }));
        shop
    }

    fn write(&mut self, command: Command) {
        let deed = ServerDeed {
            place: DocumentPlace {
                key: key(),
                kind: DocumentKind::Customer,
                store: STORE,
                feed: feed(),
            },
            command,
            seen_seq: None,
            at: NOW,
        };
        let author = ChangeAuthor {
            person: PersonId::from_bytes([1; 16]),
            device: WRITING,
        };
        let writer = Writer {
            author,
            actor: [9; 16],
        };
        let done = self.committer.run(&[deed], &writer, NOW).unwrap();
        assert_eq!(done, [Ok(true)]);
    }

    fn edit(&mut self, times: u32) {
        for _ in 0..times {
            self.edits += 1;
            self.write(Command::EditCard {
                edits: vec![Edit::SetField {
                    field: CustomerField::Name,
                    value: self.edits.to_string(),
                }],
            });
        }
    }

    /// Lets a compactor run through; answers how often it compacted the card.
    fn compact(&self, build: fn(&Document) -> Vec<u8>, now: Timestamp) -> usize {
        let mut compactor = Compactor::new(LOOSE_MAX, build);
        let mut count = 0;
        while !compactor.is_idle() {
            count += compactor.step(self.database.as_ref(), now).unwrap();
        }
        count
    }

    fn head(&self) -> Cursor {
        self.database.head(STORE).unwrap()
    }

    /// What the reading tablet gets of the card that holds the log up to a cursor.
    fn item(&self, after: Cursor) -> FrameItem {
        let request = PageRequest {
            of: FeedsOf {
                store: STORE,
                feeds: [feed()].into(),
            },
            after,
            announced: None,
        };
        let page = self.database.page(&request).unwrap();
        let first = page.items.into_iter().next();
        first.expect("there is news").item
    }

    /// The rows of all cards.
    fn rows(&self) -> Vec<CustomerRow> {
        let mut rows = Vec::new();
        let mut read = |_, row: &[u8]| rows.push(serde_json::from_slice(row).unwrap());
        self.database.rows(&mut read).unwrap();
        rows
    }

    /// The card is whole: every change that the log names is in it, and the doctor agrees.
    fn check(&self) {
        let examination = self.database.examine(&Pace::FAST, &|_| {}).unwrap();
        assert!(examination.is_healthy(), "{examination:?}");
        let stored = self.database.document(CARD).unwrap().unwrap();
        Document::load(stored.chunks.iter().map(Vec::as_slice)).unwrap();
    }
}

const fn key() -> DocumentKey {
    DocumentKey {
        id: CARD,
        incarnation: 0,
    }
}

#[test]
fn many_changes_become_a_snapshot_and_the_card_stays_the_same() {
    let mut shop = Shop::open();
    for _ in 0..6 {
        shop.edit(7);
        let before = shop.item(Cursor::default());
        shop.compact(Document::snapshot, NOW);
        shop.check();
        let after = shop.item(Cursor::default());
        assert!(after.is_whole);
        assert_eq!(after.chunks.len(), 1, "a snapshot and nothing else");
        let load = |item: &FrameItem| {
            let chunks = item.chunks.iter().map(Vec::as_slice);
            Document::load(chunks).unwrap().heads()
        };
        assert_eq!(load(&before), load(&after));
        assert_eq!(before.row, after.row);
    }
    let kept = shop.database.compactable(CARD, 0).unwrap();
    assert!(kept.is_none(), "nothing is behind the newest snapshot");
    shop.edit(1);
    let kept = shop.database.compactable(CARD, 0).unwrap().unwrap();
    assert_eq!(
        kept.changes.len(),
        8,
        "what only the newest snapshot holds stays"
    );
}

#[test]
fn a_snapshot_that_does_not_load_takes_no_place() {
    let damaged: [fn(&Document) -> Vec<u8>; 3] = [
        |_| Vec::new(),
        |document| {
            let mut snapshot = document.snapshot();
            snapshot.truncate(snapshot.len() / 2);
            snapshot
        },
        |_| Document::found().snapshot(),
    ];
    for build in damaged {
        let mut shop = Shop::open();
        for _ in 0..3 {
            shop.edit(7);
            assert_eq!(shop.compact(build, NOW), 0);
            shop.check();
        }
    }
}

#[test]
fn compaction_deletes_only_what_it_lists() {
    let mut shop = Shop::open();
    shop.edit(9);
    let found = shop.database.compactable(CARD, 0).unwrap().unwrap();
    let document = Document::load(found.chunks.iter().map(Vec::as_slice)).unwrap();
    let listed = &found.changes[..4];
    shop.database
        .compact(&[Compaction {
            document: key(),
            latest_seq: found.latest_seq,
            snapshot_seq: found.changes.last().unwrap().0,
            snapshot: document.snapshot(),
            deleted: listed.iter().map(|(seq, _)| *seq).collect(),
        }])
        .unwrap();
    shop.edit(1);
    let kept = shop.database.compactable(CARD, 0).unwrap().unwrap();
    let expected = &found.changes[4..];
    assert_eq!(&kept.changes[..expected.len()], expected);
    shop.check();
}

#[test]
fn a_snapshot_of_an_older_state_is_refused() {
    let mut shop = Shop::open();
    shop.edit(9);
    let found = shop.database.compactable(CARD, 0).unwrap().unwrap();
    let document = Document::load(found.chunks.iter().map(Vec::as_slice)).unwrap();
    shop.edit(1);
    let late = Compaction {
        document: key(),
        latest_seq: found.latest_seq,
        snapshot_seq: found.changes.last().unwrap().0,
        snapshot: document.snapshot(),
        deleted: found.changes.iter().map(|(seq, _)| *seq).collect(),
    };
    shop.database.compact(&[late]).unwrap_err();
    shop.check();
}

#[test]
fn a_tablet_that_lives_gets_single_changes_after_compaction() {
    let mut shop = Shop::open();
    shop.edit(3);
    let held = shop.head();
    shop.database
        .confirm(READING, &told(held.seq), NOW)
        .unwrap();
    for _ in 0..4 {
        shop.edit(7);
        assert_eq!(shop.compact(Document::snapshot, NOW), 1);
    }
    let item = shop.item(held);
    assert!(!item.is_whole, "only what it lacks travels");
    assert_eq!(item.chunks.len(), 28);
    shop.check();
}

#[test]
fn a_tablet_that_was_away_for_long_holds_nothing_up_and_gets_everything() {
    let mut shop = Shop::open();
    shop.edit(3);
    let held = shop.head();
    shop.database
        .confirm(READING, &told(held.seq), NOW)
        .unwrap();
    let later = NOW.plus_millis(61 * DAY);
    for _ in 0..4 {
        shop.edit(7);
        assert_eq!(shop.compact(Document::snapshot, later), 1);
    }
    let item = shop.item(held);
    assert!(item.is_whole, "its changes are gone, so it gets the card");
    let document = Document::load(item.chunks.iter().map(Vec::as_slice)).unwrap();
    let stored = shop.database.document(CARD).unwrap().unwrap();
    let whole = Document::load(stored.chunks.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(document.heads(), whole.heads());
    shop.check();
}

#[test]
fn rows_of_an_older_program_are_computed_anew_and_no_others() {
    let shop = Shop::open();
    let right = shop.rows();
    for (version, expected) in [
        (VIEW_VERSION - 1, true),
        // Wrong, but the doctor's.
        (VIEW_VERSION, false),
        (VIEW_VERSION + 1, false),
    ] {
        let other = CustomerRow {
            view_version: version,
            name: "of another program".to_owned(),
            ..right[0].clone()
        };
        let bytes = serde_json::to_vec(&other).unwrap();
        shop.database.renew_rows(&[(CARD, bytes)]).unwrap();
        let mut renewal = Renewal::default();
        let mut renewed = 0;
        while !renewal.is_idle() {
            renewed += renewal.step(shop.database.as_ref()).unwrap();
        }
        assert_eq!(renewed, usize::from(expected), "{version}");
        assert_eq!(shop.rows() == right, expected, "{version}");
    }
}
