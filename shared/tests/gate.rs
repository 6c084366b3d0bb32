//! Hostile changes: each well-formed as far as the library lets us build it, each refused with its
//! reason, none with a panic.
#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use std::collections::BTreeMap;

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, Automerge, AutomergeError, Change, ObjId, ObjType, ROOT, ScalarValue};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, NewCard};
use floorbook_shared::document::genesis::{self, GENESIS_ACTOR};
use floorbook_shared::document::schema::Container;
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::document::{Document, TEXT_ENCODING};
use floorbook_shared::id::{DeviceId, EntryId, PersonId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::gate::{GateError, judge, parse};
use floorbook_shared::sync::message::{CHANGE_MAX_BYTES, CHANGE_MAX_OPERATIONS};
use floorbook_shared::time::Timestamp;

const OWN: ChangeAuthor = ChangeAuthor {
    person: PersonId::from_bytes([1; 16]),
    device: DeviceId::from_bytes([2; 16]),
};
const ACTOR: [u8; 16] = [3; 16];

/// The server's document: a card that this tablet opened, with the change that did it.
fn opened() -> (Document, Vec<u8>) {
    let mut document = Document::found();
    let fields = BTreeMap::from([(CustomerField::Name, "仇丽".to_owned())]);
    let command = Command::OpenCard(NewCard {
        fields,
        ..NewCard::default()
    });
    let writer = Writer {
        author: OWN,
        actor: ACTOR,
    };
    let now = Timestamp::from_millis(1_795_000_000_000);
    let change = run(&mut document, &command, &writer, now).unwrap().unwrap();
    (document, change)
}

/// A copy of the opened card outside our own code, where everything may be written.
fn hacked(actor: &[u8]) -> Automerge {
    let (_, change) = opened();
    let mut automerge = Automerge::new_with_encoding(TEXT_ENCODING);
    let change = Change::from_bytes(change).unwrap();
    automerge
        .apply_changes([genesis::customer(), change])
        .unwrap();
    automerge.set_actor(ActorId::from(actor));
    automerge
}

/// The change that `write` makes in a hacked copy, by this tablet's own actor.
fn change_by(write: impl FnOnce(&mut Transaction<'_>) -> Result<(), AutomergeError>) -> Vec<u8> {
    let mut automerge = hacked(&ACTOR);
    let mut transaction = automerge.transaction();
    write(&mut transaction).unwrap();
    transaction.commit_with(CommitOptions::default().with_time(0));
    automerge
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec()
}

fn verdict(change: &[u8]) -> Result<(), GateError> {
    let (document, _) = opened();
    judge(&document, &parse(change)?, OWN, Some(OWN)).map(|_| ())
}

/// A container of every customer document: genesis makes them behind two scalars of the root.
fn object(container: Container) -> ObjId {
    let position = Container::ALL
        .iter()
        .position(|candidate| *candidate == container)
        .unwrap();
    ObjId::Id(position as u64 + 3, ActorId::from(GENESIS_ACTOR), 0)
}

#[test]
fn an_honest_change_passes() {
    let change = change_by(|to| to.put(object(Container::Fields), "wechat", "qiuli"));
    assert_eq!(verdict(&change), Ok(()));
    // A field of a newer version passes as well.
    let change = change_by(|to| to.put(object(Container::Fields), "hobby", "钓鱼"));
    assert_eq!(verdict(&change), Ok(()));
}

#[test]
fn what_may_not_be_written_is_refused() {
    type Deed = fn(&mut Transaction<'_>) -> Result<(), AutomergeError>;
    let deeds: [(&str, Deed); 14] = [
        ("a key of the root", |to| to.put(ROOT, "kind", "other")),
        ("a container again", |to| {
            to.put_object(ROOT, "fields", ObjType::Map).map(|_| ())
        }),
        ("an object under a field", |to| {
            to.put_object(object(Container::Fields), "name", ObjType::Map)
                .map(|_| ())
        }),
        ("a list", |to| {
            to.put_object(object(Container::Contacts), "list", ObjType::List)
                .map(|_| ())
        }),
        ("a number for a field", |to| {
            to.put(object(Container::Fields), "name", 7_i64)
        }),
        ("a counter", |to| {
            to.put(object(Container::Fields), "name", ScalarValue::counter(1))
        }),
        ("a deleted field", |to| {
            to.delete(object(Container::Fields), "name")
        }),
        ("a deleted container", |to| to.delete(ROOT, "fields")),
        ("a contact without an id", |to| {
            to.put(object(Container::Contacts), "x", "{}")
        }),
        ("a property that no phone has", |to| {
            let key = format!("{}/ending", EntryId::from_bytes([9; 16]));
            to.put(object(Container::Phones), key, "{}")
        }),
        ("text for the order of a phone", |to| {
            let key = format!("{}/order", EntryId::from_bytes([9; 16]));
            to.put(object(Container::Phones), key, "first")
        }),
        ("an order before there are any", |to| {
            to.put(
                object(Container::Orders),
                EntryId::from_bytes([9; 16]).to_string(),
                "{}",
            )
        }),
        ("an object in the remarks", |to| {
            to.insert_object(object(Container::Remarks), 0, ObjType::Map)
                .map(|_| ())
        }),
        ("a value beyond every field", |to| {
            to.put(object(Container::Fields), "name", "长".repeat(9_000))
        }),
    ];
    for (name, deed) in deeds {
        assert_eq!(
            verdict(&change_by(deed)),
            Err(GateError::ForbiddenWrite),
            "{name}"
        );
    }
}

#[test]
fn incrementing_is_refused_also_where_a_counter_stands() {
    let mut automerge = hacked(&ACTOR);
    let mut transaction = automerge.transaction();
    transaction
        .put(object(Container::Fields), "count", ScalarValue::counter(1))
        .unwrap();
    transaction.commit();
    let mut transaction = automerge.transaction();
    transaction
        .increment(object(Container::Fields), "count", 5)
        .unwrap();
    transaction.commit();
    let change = automerge.get_last_local_change().unwrap();
    // Its predecessor was refused, so it lacks something; together with it, it is forbidden.
    assert_eq!(verdict(change.raw_bytes()), Err(GateError::MissingChanges));
}

#[test]
fn numbers_that_do_not_continue_the_document_are_refused() {
    let change = change_by(|to| to.put(object(Container::Fields), "wechat", "qiuli"));
    let honest = Change::from_bytes(change).unwrap().decode();
    let (document, opening) = opened();

    let remake = |alter: &dyn Fn(&mut automerge::ExpandedChange)| {
        let mut altered = honest.clone();
        alter(&mut altered);
        altered.hash = None;
        Change::from(altered).raw_bytes().to_vec()
    };
    let gap = remake(&|change| change.seq = 5);
    assert_eq!(verdict(&gap), Err(GateError::BrokenOrder));
    let repeat = remake(&|change| change.seq = 1);
    assert!(verdict(&repeat).is_err());
    let low = remake(&|change| change.start_op = 1.try_into().unwrap());
    assert_eq!(verdict(&low), Err(GateError::BrokenOrder));
    let high = remake(&|change| change.start_op = u64::from(u32::MAX - 1).try_into().unwrap());
    assert_eq!(verdict(&high), Err(GateError::BrokenOrder));
    let orphan = remake(&|change| change.deps = Vec::new());
    assert_eq!(verdict(&orphan), Err(GateError::BrokenOrder));
    let unknown = remake(&|change| change.deps = vec![automerge::ChangeHash([7; 32])]);
    assert_eq!(verdict(&unknown), Err(GateError::MissingChanges));
    // The same change twice: the second one no longer continues anything.
    let again = parse(&opening).unwrap();
    assert_eq!(
        judge(&document, &again, OWN, Some(OWN)).unwrap_err(),
        GateError::BrokenOrder
    );
}

#[test]
fn foreign_actors_and_authors_are_refused() {
    let other = ChangeAuthor {
        person: PersonId::from_bytes([8; 16]),
        ..OWN
    };
    let other_device = ChangeAuthor {
        device: DeviceId::from_bytes([8; 16]),
        ..OWN
    };
    let (_, opening) = opened();
    let (blank, opening) = (Document::found(), parse(&opening).unwrap());
    for stranger in [other, other_device] {
        let error = judge(&blank, &opening, stranger, None).unwrap_err();
        assert_eq!(error, GateError::ForeignAuthor);
        let error = judge(&blank, &opening, OWN, Some(stranger)).unwrap_err();
        assert_eq!(error, GateError::ForeignActor);
    }

    let anonymous = hacked_first_change(&[5; 16], None);
    assert_eq!(judge_new(&anonymous), Err(GateError::ForeignAuthor));
    let garbled = hacked_first_change(&[5; 16], Some(b"nobody"));
    assert_eq!(judge_new(&garbled), Err(GateError::ForeignAuthor));
    let reserved = hacked_first_change(GENESIS_ACTOR, None);
    assert!(judge_new(&reserved).is_err());
}

/// The first change of a new actor, with these author bytes.
fn hacked_first_change(actor: &[u8], author: Option<&'static [u8]>) -> Vec<u8> {
    let mut automerge = hacked(actor);
    automerge.set_author(author.map(automerge::Author::from));
    automerge.set_actor(ActorId::from(actor));
    let mut transaction = automerge.transaction();
    transaction
        .put(object(Container::Fields), "wechat", "x")
        .unwrap();
    transaction.commit();
    automerge
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec()
}

fn judge_new(change: &[u8]) -> Result<(), GateError> {
    let (document, _) = opened();
    judge(&document, &parse(change)?, OWN, None).map(|_| ())
}

#[test]
fn what_is_too_large_or_no_change_is_refused_before_it_is_applied() {
    let many = change_by(|to| {
        let text = "字".repeat(CHANGE_MAX_OPERATIONS + 1);
        to.splice_text(object(Container::Remarks), 0, 0, &text)
    });
    assert_eq!(verdict(&many), Err(GateError::TooLarge));
    assert_eq!(
        verdict(&vec![0; CHANGE_MAX_BYTES + 1]),
        Err(GateError::TooLarge)
    );
    assert_eq!(verdict(&[]), Err(GateError::NoChange));

    // A compressed change: its real size shows only after inflating, so none is accepted.
    let long = "沙".repeat(2_000);
    let change = change_by(|to| to.put(object(Container::Fields), "name", long.as_str()));
    let mut change = Change::from_bytes(change).unwrap();
    let compressed = change.bytes().into_owned();
    assert!(
        compressed.len() < change.raw_bytes().len(),
        "the library has compressed it"
    );
    assert_eq!(verdict(&compressed), Err(GateError::NoChange));
    // A whole document is no change either.
    let (document, _) = opened();
    assert_eq!(verdict(&document.snapshot()), Err(GateError::NoChange));
}
