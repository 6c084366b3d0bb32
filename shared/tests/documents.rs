//! Documents as their users see them: commands, merging, conflicts, the gate.

#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use std::collections::BTreeMap;

use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard, NewContact, NewPhone};
use floorbook_shared::document::read::read;
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::document::{Document, LoadError};
use floorbook_shared::id::{DeviceId, EntryId, HandoverId, PersonId};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome, StepEnding};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::record::handover::{HandoverEntry, HandoverKind, entry_of};
use floorbook_shared::sync::gate::{GateError, judge, parse};
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::card::ConflictPlace;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn writer(number: u8) -> Writer {
    Writer {
        author: ChangeAuthor {
            person: PersonId::from_bytes([number; 16]),
            device: DeviceId::from_bytes([number; 16]),
        },
        actor: [number; 16],
    }
}

fn entry(number: u8) -> EntryId {
    EntryId::from_bytes([number; 16])
}

fn open_card(name: &str) -> Command {
    Command::OpenCard(NewCard {
        fields: BTreeMap::from([(CustomerField::Name, name.to_owned())]),
        phones: vec![NewPhone {
            id: entry(1),
            number: "138 0000 0000".to_owned(),
            label: String::new(),
        }],
        remarks: "喜欢𠮷祥图案 🛋".to_owned(),
        ..NewCard::default()
    })
}

fn set(field: CustomerField, value: &str) -> Command {
    Command::EditCard {
        edits: vec![Edit::SetField {
            field,
            value: value.to_owned(),
        }],
    }
}

fn log(contact: u8, step: u8, completes: Vec<EntryId>) -> Command {
    Command::LogContact(NewContact {
        note: "看了沙发".to_owned(),
        completes,
        ..NewContact::new(
            (entry(contact), entry(step)),
            "2026-11-22".parse().unwrap(),
            Channel::Call,
            Outcome::Progress,
            NextStepDecision::planned("回电", "2026-11-25".parse().unwrap(), Channel::Call),
        )
    })
}

/// A document and the chunks that make it.
struct Copy {
    document: Document,
    chunks: Vec<Vec<u8>>,
}

impl Copy {
    fn new() -> Self {
        Self {
            document: Document::found(),
            chunks: Vec::new(),
        }
    }

    fn run(&mut self, command: &Command, writer: &Writer) {
        let change = run(&mut self.document, command, writer, NOW).unwrap();
        self.chunks.extend(change);
    }

    fn take(&mut self, other: &Self) {
        self.document
            .absorb(other.chunks.iter().map(Vec::as_slice))
            .unwrap();
        self.chunks.extend(other.chunks.iter().cloned());
    }

    fn fork(&self) -> Self {
        Self {
            document: self.document.clone(),
            chunks: self.chunks.clone(),
        }
    }
}

#[test]
fn different_fields_of_two_tablets_merge_and_the_same_field_shows_both_values() {
    let mut first = Copy::new();
    first.run(&open_card("仇丽"), &writer(1));
    let mut second = first.fork();
    first.run(&set(CustomerField::Wechat, "qiuli"), &writer(1));
    first.run(&set(CustomerField::Compound, "棠岸花园"), &writer(1));
    second.run(&set(CustomerField::Email, "qiu@example.com"), &writer(2));
    second.run(&set(CustomerField::Compound, "湖滨一号"), &writer(2));
    let before = first.fork();
    first.take(&second);
    second.take(&before);

    assert_eq!(first.document.heads(), second.document.heads());
    let reading = read(&first.document);
    assert_eq!(reading, read(&second.document));
    assert_eq!(reading.customer.field(CustomerField::Wechat), "qiuli");
    assert_eq!(
        reading.customer.field(CustomerField::Email),
        "qiu@example.com"
    );
    let [conflict] = reading.conflicts.as_slice() else {
        panic!("{:?}", reading.conflicts)
    };
    assert_eq!(conflict.at, ConflictPlace::Field(CustomerField::Compound));
    assert_eq!(conflict.values.len(), 2);
    let shown = conflict.values.first().unwrap();
    assert_eq!(shown.value, reading.customer.field(CustomerField::Compound));
    for value in &conflict.values {
        let author = if value.value == "棠岸花园" {
            writer(1)
        } else {
            writer(2)
        }
        .author;
        assert_eq!(value.by, Some((author.person, author.device)));
        assert_eq!(value.at, NOW);
    }

    // Choosing the value that is shown already settles it as well.
    let chosen = shown.value.clone();
    first.run(&set(CustomerField::Compound, &chosen), &writer(1));
    let reading = read(&first.document);
    assert!(reading.conflicts.is_empty());
    assert_eq!(reading.customer.field(CustomerField::Compound), chosen);
}

#[test]
fn the_store_takes_either_choice_between_two_values() {
    let mut first = Copy::new();
    first.run(&open_card("仇丽"), &writer(1));
    let mut second = first.fork();
    first.run(&set(CustomerField::Compound, "棠岸花园"), &writer(1));
    first.run(&set(CustomerField::Wechat, "qiuli"), &writer(1));
    second.run(&set(CustomerField::Compound, "湖滨一号"), &writer(2));
    second.run(&set(CustomerField::Wechat, "qiu"), &writer(2));
    first.take(&second);
    let at_store = first.document.clone();
    let conflicts = read(&at_store).conflicts;
    assert_eq!(conflicts.len(), 2, "{conflicts:?}");
    for conflict in conflicts {
        let ConflictPlace::Field(field) = conflict.at else {
            panic!("{conflict:?}")
        };
        for choice in conflict.values {
            let mut tablet = first.fork();
            tablet.run(&set(field, &choice.value), &writer(3));
            let change = parse(tablet.chunks.last().unwrap()).unwrap();
            let after = judge(&at_store, &change, writer(3).author, None).unwrap();
            let reading = read(&after);
            assert_eq!(reading.customer.field(field), choice.value);
            assert!(
                reading
                    .conflicts
                    .iter()
                    .all(|other| other.at != conflict.at)
            );
        }
    }
}

#[test]
fn two_tablets_that_write_the_same_value_agree() {
    let mut first = Copy::new();
    first.run(&open_card("单于明"), &writer(1));
    let mut second = first.fork();
    first.run(&set(CustomerField::Class, "B"), &writer(1));
    second.run(&set(CustomerField::Class, "B"), &writer(2));
    first.take(&second);
    assert!(read(&first.document).conflicts.is_empty());
}

#[test]
fn a_removed_phone_that_a_colleague_corrected_stays_visible_as_a_conflict() {
    let mut first = Copy::new();
    first.run(&open_card("曾兰"), &writer(1));
    let mut second = first.fork();
    first.run(
        &Command::EditCard {
            edits: vec![Edit::RemovePhone { phone: entry(1) }],
        },
        &writer(1),
    );
    assert!(read(&first.document).customer.phones.is_empty());
    let correction = Edit::SetPhone {
        phone: entry(1),
        number: "139 1111 1111".to_owned(),
    };
    second.run(
        &Command::EditCard {
            edits: vec![correction],
        },
        &writer(2),
    );
    first.take(&second);
    let reading = read(&first.document);
    assert_eq!(reading.conflicts.len(), 1);
    assert_eq!(reading.customer.phones.len(), 1);
}

#[test]
fn a_contact_ends_the_steps_that_it_completes_and_a_second_tap_changes_nothing() {
    let mut copy = Copy::new();
    copy.run(&open_card("查良"), &writer(1));
    copy.run(&log(10, 11, Vec::new()), &writer(1));
    copy.run(&log(20, 21, vec![entry(11)]), &writer(1));
    let again = run(
        &mut copy.document,
        &log(20, 21, vec![entry(11)]),
        &writer(1),
        NOW,
    )
    .unwrap();
    assert_eq!(again, None);
    let customer = read(&copy.document).customer;
    assert_eq!(customer.contacts.len(), 2);
    let open: Vec<EntryId> = customer.open_steps().map(|step| step.id).collect();
    assert_eq!(open, [entry(21)]);
    let done = customer
        .next_steps
        .iter()
        .find(|step| step.id == entry(11))
        .unwrap();
    assert_eq!(done.ending, Some(StepEnding::Done { contact: entry(20) }));
}

#[test]
fn remarks_are_counted_in_code_points_on_every_host() {
    let mut copy = Copy::new();
    copy.run(&open_card("区婉"), &writer(1));
    let text = "喜欢𠮷祥图案 🛋，要耐用";
    let edit = Edit::SetRemarks {
        text: text.to_owned(),
    };
    copy.run(&Command::EditCard { edits: vec![edit] }, &writer(1));
    let loaded = Document::load(copy.chunks.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(read(&loaded).customer.remarks, text);
    let snapshot = loaded.snapshot();
    let loaded = Document::load([snapshot.as_slice()]).unwrap();
    assert_eq!(read(&loaded).customer.remarks, text);
    assert_eq!(loaded.heads(), copy.document.heads());
}

#[test]
fn a_missing_chunk_is_an_error_and_never_a_silently_older_document() {
    let mut copy = Copy::new();
    copy.run(&open_card("解红"), &writer(1));
    copy.run(&set(CustomerField::Class, "A"), &writer(1));
    let tail = copy.chunks.last().unwrap();
    assert_eq!(
        Document::load([tail.as_slice()]).unwrap_err(),
        LoadError::MissingChanges(1)
    );
    let cut = tail.get(..tail.len() - 3).unwrap();
    assert!(matches!(Document::load([cut]), Err(LoadError::Damaged(_))));
}

#[test]
fn the_gate_passes_our_own_changes_and_refuses_what_is_not_ours() {
    let mut copy = Copy::new();
    copy.run(&open_card("盖雨"), &writer(1));
    copy.run(&log(10, 11, Vec::new()), &writer(1));
    let own = writer(1).author;
    let other = writer(2).author;
    let [first, second] = copy.chunks.as_slice() else {
        panic!("two changes")
    };
    let (first, second) = (parse(first).unwrap(), parse(second).unwrap());
    let blank = Document::found();

    assert_eq!(
        judge(&blank, &second, own, Some(own)).unwrap_err(),
        GateError::MissingChanges
    );
    assert_eq!(
        judge(&blank, &first, other, None).unwrap_err(),
        GateError::ForeignAuthor
    );
    assert_eq!(
        judge(&blank, &first, own, Some(other)).unwrap_err(),
        GateError::ForeignActor
    );
    let opened = judge(&blank, &first, own, None).unwrap();
    assert_eq!(
        judge(&opened, &second, own, None).unwrap_err(),
        GateError::ForeignActor,
        "an actor is bound by its first change"
    );
    assert_eq!(
        judge(&opened, &first, own, Some(own)).unwrap_err(),
        GateError::BrokenOrder
    );
    let logged = judge(&opened, &second, own, Some(own)).unwrap();
    assert_eq!(logged.heads(), copy.document.heads());
}

#[test]
fn the_gate_refuses_bytes_that_are_no_change() {
    let mut copy = Copy::new();
    copy.run(&open_card("种田"), &writer(1));
    let change = copy.chunks.first().unwrap();
    for position in 0..change.len() {
        let mut damaged = change.clone();
        *damaged.get_mut(position).unwrap() ^= 0x41;
        assert!(parse(&damaged).is_err(), "byte {position}");
    }
    assert_eq!(parse(&vec![0; 70_000]).unwrap_err(), GateError::TooLarge);
    assert_eq!(
        parse(&copy.document.snapshot()).unwrap_err(),
        GateError::NoChange
    );
    assert_eq!(parse(&[]).unwrap_err(), GateError::NoChange);
}

#[test]
fn a_handover_stands_on_the_card_once_and_beside_the_contacts() {
    let handover = |at: Timestamp| HandoverEntry {
        kind: HandoverKind::Cover,
        from: PersonId::from_bytes([1; 16]),
        to: PersonId::from_bytes([2; 16]),
        by: PersonId::from_bytes([3; 16]),
        at,
        until: Some(at.plus_millis(1_000)),
        note: "休假".to_owned(),
    };
    let id = HandoverId::from_bytes([7; 16]);
    let note = |kind, at| Command::NoteHandover {
        entry: entry_of(id, kind),
        handover: handover(at),
    };
    let mut copy = Copy::new();
    copy.run(&open_card("仇丽"), &writer(1));
    copy.run(&log(1, 2, Vec::new()), &writer(1));
    let contacts = read(&copy.document).customer.contacts;
    copy.run(&note(HandoverKind::Cover, NOW), &writer(3));
    let heads = copy.document.heads();
    // The second time, after a crash, it stands already.
    let later = NOW.plus_millis(5_000);
    copy.run(&note(HandoverKind::Cover, later), &writer(3));
    assert_eq!(copy.document.heads(), heads);
    copy.run(&note(HandoverKind::Back, later), &writer(3));
    let reading = read(&copy.document);
    assert_eq!(reading.customer.contacts, contacts);
    assert!(reading.unreadable.is_empty());
    let at: Vec<Timestamp> = reading
        .customer
        .handovers
        .iter()
        .map(|handover| handover.entry.at)
        .collect();
    assert_eq!(at, [later, NOW]);
    assert_eq!(reading.customer.handovers[1].entry, handover(NOW));
}
