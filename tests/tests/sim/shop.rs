//! A store with two customer books, and changes as its tablets make them.

use floorbook_server::database::model::{By, NewAccount};
use floorbook_server::database::{Database, RedbDatabase};
use floorbook_server::sync::commit::{Committer, Submission};
use floorbook_server::sync::opened::OpenedItem;
use floorbook_shared::access::{Feed, FeedKind, Post, Role, Store, StoreSettings};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, GroupId, PersonId, StoreId};
use floorbook_shared::record::customer::{CustomerField, Fact, FactSource};
use floorbook_shared::time::Timestamp;

/// A committer over a store with two customer books.
pub(super) fn shop() -> Committer {
    Committer::new(std::sync::Arc::new(books()))
}

/// A store with two customer books, number 1 and 2.
pub(super) fn books() -> RedbDatabase {
    let database = RedbDatabase::with_backend(redb::backends::InMemoryBackend::new()).unwrap();
    let by = By {
        at: Timestamp::from_millis(0),
        person: None,
        device: None,
    };
    let store = Store {
        id: StoreId::from_bytes([1; 16]),
        code: "HZ1".to_owned(),
        name: "杭州".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    };
    database.add_store(&store, by).unwrap();
    for (number, name) in [(1, "王芳"), (2, "李静")] {
        let account = NewAccount {
            id: PersonId::from_bytes([number; 16]),
            name: name.to_owned(),
            posts: vec![Post::new(store.id, Role::Consultant)],
            code: None,
        };
        database.add_person(&account, by).unwrap();
    }
    database
}

/// The person and tablet of this number, with an actor of the same number.
pub(super) fn writer(number: u8) -> Writer {
    Writer {
        author: ChangeAuthor {
            person: PersonId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([number; 16]),
        },
        actor: [number; 16],
    }
}

/// Runs a command on a copy of a document, as a tablet would.
pub(super) fn change_on(document: &Document, command: &Command, writer: &Writer) -> Vec<u8> {
    let mut copy = document.clone();
    let now = Timestamp::from_millis(1_795_305_600_000);
    write::run(&mut copy, command, writer, now)
        .unwrap()
        .unwrap()
}

pub(super) fn opening(name: &str) -> Command {
    let mut card = NewCard::default();
    card.fields.insert(CustomerField::Name, name.to_owned());
    Command::OpenCard(card)
}

pub(super) fn note(number: usize, characters: usize) -> Command {
    let edit = Edit::SetFact {
        name: format!("备注{number}"),
        fact: Fact {
            value: "满".repeat(characters),
            source: FactSource::Consultant,
            at: Timestamp::from_millis(1_795_305_600_000),
        },
    };
    Command::EditCard { edits: vec![edit] }
}

pub(super) fn submission(document: u8, device: u8, group: u8, change: Vec<u8>) -> Submission {
    let person = PersonId::from_bytes([1; 16]);
    Submission {
        told: std::sync::Arc::default(),
        device: DeviceId::from_bytes([device; 16]),
        item: OpenedItem {
            device_seq: u64::from(group),
            group: GroupId::from_bytes([group; 16]),
            person,
            document: DocumentKey {
                id: DocumentId::from_bytes([document; 16]),
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            feed: Feed::of_owner(
                StoreId::from_bytes([1; 16]),
                FeedKind::Cards,
                PersonId::from_bytes([1; 16]),
            )
            .id,
            change,
        },
    }
}

/// What the server says to each change of a batch: nothing, or the code of a refusal.
pub(super) fn verdicts(committer: &mut Committer, batch: &[Submission]) -> Vec<String> {
    let settled = committer.commit(batch, Timestamp::from_millis(1)).unwrap();
    let results = settled.into_iter().map(|settled| settled.result);
    results
        .map(|result| result.err().unwrap_or_default())
        .collect()
}
