//! What the server says to changes that tablets push.

use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::read::read;
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::record::customer::{CustomerField, Fact, FactSource, REMARKS_MAX_CHARS};
use floorbook_shared::sync::gate::{self, GateError};
use floorbook_shared::sync::message::{CHANGE_MAX_BYTES, CHANGE_MAX_OPERATIONS};
use floorbook_shared::time::Timestamp;

use super::shop::*;

#[test]
fn a_full_card_takes_nothing_more() {
    let author = ChangeAuthor {
        person: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
    };
    let writer = Writer {
        author,
        actor: [3; 16],
    };
    let mut tablet = Document::found();
    let mut server = Document::found();
    let mut bound = None;
    let mut result = Ok(());
    // More than a document may weigh, in changes that are each within the rules.
    for number in 0..80 {
        let command = if number == 0 {
            let mut card = NewCard::default();
            card.fields.insert(CustomerField::Name, "满满".to_owned());
            Command::OpenCard(card)
        } else {
            let fact = Fact {
                value: format!("{number:04}") + &"满".repeat(REMARKS_MAX_CHARS - 4),
                source: FactSource::Consultant,
                at: Timestamp::from_millis(1_795_305_600_000),
            };
            let edit = Edit::SetFact {
                name: "备注".to_owned(),
                fact,
            };
            Command::EditCard { edits: vec![edit] }
        };
        let now = Timestamp::from_millis(1_795_305_600_000);
        let change = write::run(&mut tablet, &command, &writer, now).unwrap();
        let bytes = change.unwrap();
        let change = gate::parse(&bytes).unwrap();
        match gate::judge(&server, &change, author, bound) {
            Ok(document) => server = document,
            Err(error) => {
                result = Err(error);
                break;
            }
        }
        bound = Some(author);
    }
    assert_eq!(result, Err(GateError::DocumentFull));
}

#[test]
fn a_change_that_claims_too_much_is_refused_unread() {
    let name = format!("x{}", "y".repeat(CHANGE_MAX_OPERATIONS));
    let mut document = automerge::Automerge::new();
    let mut transaction = document.transaction();
    use automerge::transaction::Transactable as _;
    let text = transaction
        .put_object(automerge::ROOT, "text", automerge::ObjType::Text)
        .unwrap();
    transaction.splice_text(&text, 0, 0, &name).unwrap();
    transaction.commit();
    let change = document.get_last_local_change().unwrap();
    assert!(change.raw_bytes().len() < CHANGE_MAX_BYTES);
    let refused = gate::parse(change.raw_bytes()).map(|change| change.operations);
    assert_eq!(refused, Err(GateError::TooLarge));
}

#[test]
fn nobody_writes_in_the_name_of_another() {
    let mut committer = shop();
    let change = change_on(&Document::found(), &opening("李女士"), &writer(1));
    // The right change from the wrong tablet, and then from its own.
    let batch = [
        submission(1, 2, 1, change.clone()),
        submission(1, 1, 2, change),
    ];
    assert_eq!(verdicts(&mut committer, &batch), ["foreign_author", ""]);
}

#[test]
fn a_change_that_fills_the_card_is_refused_alone() {
    let mut committer = shop();
    let opened = change_on(&Document::found(), &opening("满满"), &writer(1));
    let card = Document::load([opened.as_slice()]).unwrap();
    let mut batch = vec![submission(1, 1, 1, opened)];
    // Each from a tablet of its own, side by side; only some dozens of the large ones fit.
    for number in 0..80 {
        let is_small = number % 4 == 0;
        let characters = if is_small { 5 } else { REMARKS_MAX_CHARS };
        let device = 10 + number;
        let change = change_on(
            &card,
            &note(usize::from(number), characters),
            &writer(device),
        );
        batch.push(submission(1, device, device, change));
    }
    let verdicts = verdicts(&mut committer, &batch);
    let small: Vec<&String> = verdicts.iter().skip(1).step_by(4).collect();
    assert!(small.iter().all(|code| code.is_empty()), "{small:?}");
    let full = verdicts.iter().filter(|code| *code == "document_full");
    assert!((1..60).contains(&full.count()), "{verdicts:?}");
}

#[test]
fn a_command_is_taken_or_refused_as_a_whole() {
    let mut committer = shop();
    let opened = change_on(&Document::found(), &opening("李女士"), &writer(1));
    let card = Document::load([opened.as_slice()]).unwrap();
    let edit = change_on(&card, &note(1, 5), &writer(1));
    let bad = change_on(&card, &note(2, 5), &writer(9));
    // Command 2 writes into two cards, and what it writes into the second one is refused.
    let batch = [
        submission(1, 1, 1, opened.clone()),
        submission(2, 1, 3, opened),
        submission(1, 1, 2, edit.clone()),
        submission(2, 1, 2, bad),
    ];
    let said = verdicts(&mut committer, &batch);
    assert_eq!(said, ["", "", "group_refused", "foreign_author"]);
    // The same change in a command of its own is fine.
    let again = [submission(1, 1, 4, edit)];
    assert_eq!(verdicts(&mut committer, &again), [""]);
}

#[test]
fn two_who_choose_differently_at_the_same_time_meet() {
    let set = |value: &str| Command::EditCard {
        edits: vec![Edit::SetField {
            field: CustomerField::Wechat,
            value: value.to_owned(),
        }],
    };
    let card = change_on(&Document::found(), &opening("李女士"), &writer(1));
    let load = |changes: &[Vec<u8>]| Document::load(changes.iter().map(Vec::as_slice)).unwrap();
    let opened = load(std::slice::from_ref(&card));
    let first = change_on(&opened, &set("li"), &writer(1));
    let second = change_on(&opened, &set("lili"), &writer(2));
    let both = vec![card, first, second];
    let torn = load(&both);
    assert_eq!(read(&torn).conflicts.len(), 1);
    let choices = [("li", 3), ("lili", 4)];
    let choices = choices.map(|(value, number)| change_on(&torn, &set(value), &writer(number)));
    let after = load(&[both, choices.to_vec()].concat());
    assert_eq!(
        read(&after).conflicts.len(),
        1,
        "one of the choices is lost"
    );
}
