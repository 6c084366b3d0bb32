//! Rights at the gate: who may write where, and what was written before its author could know.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail as the tests do; clippy lets only the tests themselves"
)]

use std::sync::Arc;

use floorbook_server::database::directory::Directory as _;
use floorbook_server::database::log::{DocumentLog as _, Move};
use floorbook_server::database::model::{By, NewAccount, Told};
use floorbook_server::database::{Database as _, RedbDatabase};
use floorbook_server::sync::commit::{Committer, Submission};
use floorbook_server::sync::opened::OpenedItem;
use floorbook_shared::access::{Feed, FeedKind, Post, Role, Store, StoreSettings};
use floorbook_shared::api::PersonChange;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const DAY: i64 = 86_400_000;
const STORE: StoreId = StoreId::from_bytes([1; 16]);
const CARD: DocumentId = DocumentId::from_bytes([7; 16]);
const WANG: PersonId = PersonId::from_bytes([1; 16]);
const LI: PersonId = PersonId::from_bytes([2; 16]);

/// A store with two consultants and a card in the book of the first.
struct Shop {
    database: Arc<RedbDatabase>,
    committer: Committer,
    numbers: u8,
}

fn device(person: PersonId) -> DeviceId {
    DeviceId::from_bytes(*person.as_bytes())
}

fn book(person: PersonId) -> FeedId {
    Feed::of_owner(STORE, FeedKind::Cards, person).id
}

impl Shop {
    fn open() -> Self {
        let database = RedbDatabase::with_backend(redb::backends::InMemoryBackend::new()).unwrap();
        let by = By::command_line(NOW);
        let store = Store {
            id: STORE,
            code: "HZ1".to_owned(),
            name: "杭州".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        };
        database.add_store(&store, by).unwrap();
        for (id, name) in [(WANG, "王芳"), (LI, "李明")] {
            let account = NewAccount {
                id,
                name: name.to_owned(),
                posts: vec![Post::new(STORE, Role::Consultant)],
                code: None,
            };
            database.add_person(&account, by).unwrap();
        }
        let database = Arc::new(database);
        let mut shop = Self {
            committer: Committer::new(Arc::clone(&database) as Arc<_>),
            database,
            numbers: 0,
        };
        let mut card = NewCard::default();
        card.fields.insert(CustomerField::Name, "赵女士".to_owned());
        let opened = shop.write(&Document::found(), WANG, &Command::OpenCard(card));
        assert_eq!(shop.push(WANG, opened, &Told::default(), NOW), "");
        shop
    }

    fn card(&self) -> Document {
        let stored = self.database.document(CARD).unwrap().unwrap();
        Document::load(stored.chunks.iter().map(Vec::as_slice)).unwrap()
    }

    fn write(&mut self, on: &Document, person: PersonId, command: &Command) -> Vec<u8> {
        self.numbers += 1;
        let mut actor = *person.as_bytes();
        actor[15] = self.numbers;
        let writer = Writer {
            author: ChangeAuthor {
                person,
                device: device(person),
            },
            actor,
        };
        run(&mut on.clone(), command, &writer, NOW)
            .unwrap()
            .unwrap()
    }

    fn edit(&mut self, on: &Document, person: PersonId) -> Vec<u8> {
        let edit = Edit::SetField {
            field: CustomerField::Wechat,
            value: format!("wx{}", self.numbers),
        };
        self.write(on, person, &Command::EditCard { edits: vec![edit] })
    }

    /// What the server says to a change: nothing, or the code of a refusal.
    fn push(&mut self, person: PersonId, change: Vec<u8>, told: &Told, now: Timestamp) -> String {
        let submission = Submission {
            device: device(person),
            told: Arc::new(told.clone()),
            item: OpenedItem {
                device_seq: 1,
                group: GroupId::from_bytes([self.numbers; 16]),
                person,
                document: DocumentKey {
                    id: CARD,
                    incarnation: 0,
                },
                kind: DocumentKind::Customer,
                feed: book(WANG),
                change,
            },
        };
        let settled = self.committer.commit(&[submission], now).unwrap();
        let result = settled.into_iter().next().unwrap().result;
        result.err().unwrap_or_default()
    }

    /// The card goes to the other book; answers the place of the mark.
    fn hand_over(&mut self) -> u64 {
        let order = Move {
            document: CARD,
            to: book(LI),
            by: ChangeAuthor {
                person: LI,
                device: device(LI),
            },
            at: NOW,
        };
        self.committer.move_document(&order).unwrap();
        self.database.head(STORE).unwrap().seq
    }

    /// Wang is no consultant any more; answers the version of the scope.
    fn take_post(&self) -> u64 {
        let change = PersonChange {
            posts: Some(vec![Post::new(STORE, Role::Display)]),
            ..PersonChange::default()
        };
        self.database
            .change_person(WANG, &change, By::command_line(NOW))
            .unwrap();
        self.database.scope_version().unwrap()
    }
}

fn stands_at(seq: u64) -> Told {
    Told {
        confirmed: [(book(WANG), seq)].into(),
        ..Told::default()
    }
}

fn knows(scope_version: u64) -> Told {
    Told {
        scopes: [(WANG, scope_version)].into(),
        ..Told::default()
    }
}

#[test]
fn nobody_writes_into_a_book_without_the_right() {
    let mut shop = Shop::open();
    let card = shop.card();
    let foreign = shop.edit(&card, LI);
    assert_eq!(shop.push(LI, foreign, &Told::default(), NOW), "no_right");
    let own = shop.edit(&card, WANG);
    assert_eq!(shop.push(WANG, own, &Told::default(), NOW), "");
}

#[test]
fn what_was_written_before_a_move_is_taken_and_credited() {
    let mut shop = Shop::open();
    let before = shop.card();
    let first = shop.edit(&before, WANG);
    let mut with_first = before.clone();
    with_first.absorb([first.as_slice()]).unwrap();
    let second = shop.edit(&with_first, WANG);
    let mark = shop.hand_over();
    // Both were written offline, the second on the first, and arrive one after the other.
    assert_eq!(shop.push(WANG, first, &stands_at(mark - 1), NOW), "");
    assert_eq!(
        shop.push(WANG, second.clone(), &stands_at(mark - 1), NOW),
        ""
    );
    let place = shop.database.document(CARD).unwrap().unwrap().place;
    assert_eq!(place.feed, book(LI), "the card stays where it went");
    let now = shop.card();
    let authors = now.changes_missing_in(&before).into_iter();
    let wang = ChangeAuthor {
        person: WANG,
        device: device(WANG),
    };
    assert!(
        authors
            .map(|(_, author, _)| author)
            .all(|author| author == Some(wang))
    );
    // What is there already is acknowledged again, also to who knows by now.
    assert_eq!(shop.push(WANG, second, &stands_at(mark), NOW), "");
}

#[test]
fn who_has_heard_of_a_move_writes_no_more() {
    let mut shop = Shop::open();
    let card = shop.card();
    let late = shop.edit(&card, WANG);
    let mark = shop.hand_over();
    assert_eq!(
        shop.push(WANG, late.clone(), &stands_at(mark), NOW),
        "no_right"
    );
    assert_eq!(shop.push(WANG, late, &Told::default(), NOW), "");
}

#[test]
fn who_has_heard_that_a_post_is_gone_writes_no_more() {
    let mut shop = Shop::open();
    let card = shop.card();
    let late = shop.edit(&card, WANG);
    let version = shop.take_post();
    assert_eq!(
        shop.push(WANG, late.clone(), &knows(version), NOW),
        "no_right"
    );
    assert_eq!(shop.push(WANG, late, &knows(version - 1), NOW), "");
}

#[test]
fn late_work_builds_on_nothing_that_came_after() {
    let mut shop = Shop::open();
    let mark = shop.hand_over();
    let card = shop.card();
    let newer = shop.edit(&card, LI);
    assert_eq!(shop.push(LI, newer, &Told::default(), NOW), "");
    let card = shop.card();
    let late = shop.edit(&card, WANG);
    assert_eq!(shop.push(WANG, late, &stands_at(mark - 1), NOW), "no_right");
}

#[test]
fn late_work_is_taken_for_sixty_days() {
    for (days, said) in [(59, ""), (61, "no_right")] {
        let mut shop = Shop::open();
        let card = shop.card();
        let late = shop.edit(&card, WANG);
        let mark = shop.hand_over();
        let then = NOW.plus_millis(days * DAY);
        assert_eq!(shop.push(WANG, late, &stands_at(mark - 1), then), said);
        let mut shop = Shop::open();
        let card = shop.card();
        let late = shop.edit(&card, WANG);
        shop.take_post();
        assert_eq!(shop.push(WANG, late, &Told::default(), then), said);
    }
}
