//! The history of a card out of its changes: who, when, where, what before, and back again.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on may panic, in its helpers too; how long something takes is measured"
)]

use std::time::{Duration, Instant};

use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard, NewContact, NewPhone};
use floorbook_shared::document::history::{HISTORY_MAX, UndoError, history, undo};
use floorbook_shared::document::read::read;
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::id::{DeviceId, EntryId, PersonId};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::{CustomerField, Fact, FactSource};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::card::ConflictPlace;
use floorbook_shared::view::history::{HistoryItem, HistoryView};
use jiff::civil::date;
use proptest::prelude::*;

const WANG: u8 = 1;
const LI: u8 = 2;

fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

/// A tablet with a card, on which one person works.
#[derive(Clone)]
struct Desk {
    document: Document,
    who: u8,
    now: i64,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self {
            document: Document::found(),
            who: WANG,
            now: 1_000,
        };
        let card = NewCard {
            fields: [(CustomerField::Name, "王小明".to_owned())].into(),
            phones: vec![NewPhone {
                id: entry(1),
                number: "138".into(),
                label: "妻子".into(),
            }],
            next_step: Some((
                entry(2),
                NextStepDecision::planned("发报价", date(2026, 11, 25), Channel::Call),
            )),
            ..NewCard::default()
        };
        desk.run(&Command::OpenCard(card));
        desk
    }

    /// Another tablet with the same card, on which somebody else works.
    fn beside(&self, who: u8) -> Self {
        Self {
            who,
            ..self.clone()
        }
    }

    fn run(&mut self, command: &Command) -> Option<ChangeHash> {
        self.now += 60;
        let writer = Writer {
            author: ChangeAuthor {
                person: person(self.who),
                device: DeviceId::from_bytes([self.who; 16]),
            },
            actor: [self.who; 16],
        };
        let now = Timestamp::from_millis(self.now * 1_000);
        let before = self.document.heads();
        run(&mut self.document, command, &writer, now).unwrap()?;
        let after = self.document.heads();
        after
            .into_iter()
            .find(|head| !before.contains(head))
            .map(ChangeHash::from)
    }

    fn set(&mut self, field: CustomerField, value: &str) -> ChangeHash {
        let value = value.to_owned();
        let edits = vec![Edit::SetField { field, value }];
        self.run(&Command::EditCard { edits }).unwrap()
    }

    fn meet(&mut self, other: &mut Self) {
        let (own, theirs) = (self.document.clone(), other.document.clone());
        absorb(&mut self.document, &theirs);
        absorb(&mut other.document, &own);
        self.now = self.now.max(other.now);
        other.now = self.now;
    }

    fn history(&self) -> HistoryView {
        history(&self.document, Some(person(self.who)))
    }

    fn take_back(&mut self, change: ChangeHash) {
        let command = undo(&self.document, change).unwrap();
        self.run(&command);
    }

    fn field(&self, field: CustomerField) -> String {
        read(&self.document).customer.field(field).to_owned()
    }
}

fn absorb(document: &mut Document, other: &Document) {
    let missing = other.changes_missing_in(document);
    let chunks = missing.iter().map(|(_, _, bytes)| bytes.as_slice());
    document.absorb(chunks).unwrap();
}

fn entry(number: u8) -> EntryId {
    EntryId::from_bytes([number; 16])
}

const SOURCE: CustomerField = CustomerField::Source;

#[test]
fn every_change_says_who_when_where_and_what_stood_there_before() {
    let mut wang = Desk::new();
    wang.set(SOURCE, "小红书");
    let mut li = wang.beside(LI);
    li.set(SOURCE, "朋友介绍");
    wang.meet(&mut li);
    let history = wang.history();
    assert_eq!(history.entries.len(), 3);
    assert_eq!(history.left_out, 0);
    let newest = history.entries.first().unwrap();
    assert_eq!(
        newest.by,
        Some((person(LI), DeviceId::from_bytes([LI; 16])))
    );
    assert_eq!(newest.at, Timestamp::from_millis(1_180_000));
    let item = HistoryItem::Value {
        place: ConflictPlace::Field(SOURCE),
        before: vec!["小红书".into()],
        after: "朋友介绍".into(),
        stands: true,
    };
    assert_eq!(newest.items, [item]);
    let first = history.entries.last().unwrap();
    assert!(!first.may_undo, "founding a card is not taken back");
    assert!(
        first
            .items
            .iter()
            .any(|item| matches!(item, HistoryItem::Planned { .. }))
    );
}

#[test]
fn a_value_replaced_by_someone_else_is_told_until_it_is_back() {
    let mut wang = Desk::new();
    wang.set(SOURCE, "小红书");
    let mut li = wang.beside(LI);
    li.set(SOURCE, "朋友介绍");
    assert!(wang.history().replaced.is_empty());
    wang.meet(&mut li);
    let replaced = wang.history().replaced;
    let [one] = replaced.as_slice() else {
        panic!("{replaced:?}");
    };
    assert_eq!(
        (one.mine.as_str(), one.value.as_str()),
        ("小红书", "朋友介绍")
    );
    assert_eq!(one.by.unwrap().0, person(LI));
    assert!(li.history().replaced.is_empty(), "it is the value of Li");
    wang.set(SOURCE, "小红书");
    assert!(wang.history().replaced.is_empty());
    wang.meet(&mut li);
    assert_eq!(
        li.history().replaced.len(),
        1,
        "now that of Li was replaced"
    );
    // Agreeing ends it on both sides.
    li.set(CustomerField::City, "杭州");
    li.set(SOURCE, "路过");
    li.set(SOURCE, "小红书");
    wang.meet(&mut li);
    assert!(li.history().replaced.is_empty());
    assert!(wang.history().replaced.is_empty());
}

#[test]
fn two_values_that_stand_are_a_conflict_and_the_chosen_one_replaces_the_other() {
    let mut wang = Desk::new();
    let mut li = wang.beside(LI);
    wang.set(SOURCE, "小红书");
    li.set(SOURCE, "朋友介绍");
    wang.meet(&mut li);
    assert!(wang.history().replaced.is_empty());
    assert_eq!(read(&wang.document).conflicts.len(), 1);
    li.set(SOURCE, "朋友介绍");
    wang.meet(&mut li);
    assert_eq!(wang.history().replaced.len(), 1);
    let newest = wang.history().entries.into_iter().next().unwrap();
    let [HistoryItem::Value { before, after, .. }] = newest.items.as_slice() else {
        panic!("{:?}", newest.items);
    };
    let mut before = before.clone();
    before.sort();
    assert_eq!(before, ["小红书", "朋友介绍"]);
    assert_eq!(after, "朋友介绍");
}

#[test]
fn a_wrong_clock_never_turns_the_order_around() {
    let mut wang = Desk::new();
    wang.now = 4_000_000_000;
    wang.set(SOURCE, "小红书");
    wang.now = 5_000;
    wang.set(SOURCE, "路过");
    let history = wang.history();
    let after = |index: usize| match history.entries.get(index).unwrap().items.first() {
        Some(HistoryItem::Value { after, .. }) => after.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!((after(0).as_str(), after(1).as_str()), ("路过", "小红书"));
}

#[test]
fn edits_phones_and_remarks_are_taken_back() {
    let mut desk = Desk::new();
    desk.set(SOURCE, "小红书");
    let edits = vec![
        Edit::SetField {
            field: SOURCE,
            value: String::new(),
        },
        Edit::SetField {
            field: CustomerField::Class,
            value: "A".into(),
        },
        Edit::RemovePhone { phone: entry(1) },
        Edit::AddPhone(NewPhone {
            id: entry(7),
            number: "139".into(),
            label: String::new(),
        }),
        Edit::SetRemarks {
            text: "喜欢浅色".into(),
        },
    ];
    let before = read(&desk.document).customer;
    let change = desk.run(&Command::EditCard { edits }).unwrap();
    assert!(desk.history().entries.first().unwrap().may_undo);
    desk.take_back(change);
    assert_eq!(read(&desk.document).customer, before);
    // And forth again: taking back is a change like any other.
    let back = desk.history().entries.first().unwrap().change;
    desk.take_back(back);
    let customer = read(&desk.document).customer;
    assert_eq!(customer.remarks, "喜欢浅色");
    assert_eq!(customer.phones.len(), 1);
    assert_eq!(customer.phones.first().unwrap().number, "139");
}

#[test]
fn facts_are_taken_back_to_what_was_known_before_or_to_nothing() {
    let mut desk = Desk::new();
    let style = |value: &str| Command::EditCard {
        edits: vec![Edit::SetFact {
            name: "style".to_owned(),
            fact: Fact {
                value: value.to_owned(),
                source: FactSource::Consultant,
                at: Timestamp::from_millis(1_000),
            },
        }],
    };
    let known = |desk: &Desk| {
        let facts = read(&desk.document).customer.facts;
        facts.get("style").map(|fact| fact.value.clone())
    };
    let first = desk.run(&style("北欧")).unwrap();
    assert!(desk.history().entries.first().unwrap().may_undo);
    let mut other = desk.clone();
    other.take_back(first);
    assert_eq!(known(&other).unwrap_or_default(), "");
    let second = desk.run(&style("新中式")).unwrap();
    desk.take_back(second);
    assert_eq!(known(&desk).as_deref(), Some("北欧"));
}

#[test]
fn moved_and_dropped_steps_are_taken_back() {
    let mut desk = Desk::new();
    let step = entry(2);
    let due = date(2026, 12, 1);
    let moved = desk
        .run(&Command::MoveNextStep {
            step,
            due,
            time: None,
        })
        .unwrap();
    desk.take_back(moved);
    let due = |desk: &Desk| {
        read(&desk.document)
            .customer
            .next_steps
            .first()
            .unwrap()
            .due()
    };
    assert_eq!(due(&desk), Some(date(2026, 11, 25)));
    let reason = "不需要了".to_owned();
    let dropped = desk
        .run(&Command::DropNextStep {
            step,
            reason: reason.clone(),
        })
        .unwrap();
    assert_eq!(read(&desk.document).customer.open_steps().count(), 0);
    desk.take_back(dropped);
    assert_eq!(read(&desk.document).customer.open_steps().count(), 1);
    assert!(matches!(
        desk.history().entries.first().unwrap().items.as_slice(),
        [HistoryItem::Reopened { what }] if what == "发报价"
    ));
    // It can be given up again, and what is done stays done.
    desk.run(&Command::DropNextStep { step, reason });
    assert_eq!(read(&desk.document).customer.open_steps().count(), 0);
}

#[test]
fn a_contact_and_what_was_changed_since_are_not_taken_back() {
    let mut desk = Desk::new();
    let first = desk.set(SOURCE, "小红书");
    desk.set(SOURCE, "路过");
    assert_eq!(undo(&desk.document, first), Err(UndoError::ChangedSince));
    let contact = Command::LogContact(NewContact {
        note: "问了尺寸".into(),
        completes: vec![entry(2)],
        ..NewContact::new(
            (entry(3), entry(4)),
            date(2026, 11, 23),
            Channel::Call,
            Outcome::Progress,
            NextStepDecision::None {
                reason: "等装修".into(),
            },
        )
    });
    let logged = desk.run(&contact).unwrap();
    assert_eq!(undo(&desk.document, logged), Err(UndoError::Kind));
    assert!(!desk.history().entries.first().unwrap().may_undo);
    let unknown = ChangeHash::from_bytes([9; 32]);
    assert_eq!(undo(&desk.document, unknown), Err(UndoError::Unknown));
    // Nobody can reopen what was done.
    assert_eq!(desk.run(&Command::ReopenNextStep { step: entry(2) }), None);
}

#[test]
fn remarks_that_were_edited_since_are_not_taken_back() {
    let mut desk = Desk::new();
    let set = |desk: &mut Desk, text: &str| {
        let edits = vec![Edit::SetRemarks { text: text.into() }];
        desk.run(&Command::EditCard { edits }).unwrap()
    };
    let first = set(&mut desk, "喜欢浅色");
    let second = set(&mut desk, "喜欢浅色，怕脏");
    assert_eq!(undo(&desk.document, first), Err(UndoError::ChangedSince));
    let history = desk.history();
    assert!(history.entries.first().unwrap().may_undo);
    let texts = Some(("喜欢浅色".to_owned(), "喜欢浅色，怕脏".to_owned()));
    assert_eq!(
        history.entries.first().unwrap().items,
        [HistoryItem::Remarks { texts }]
    );
    desk.take_back(second);
    assert_eq!(read(&desk.document).customer.remarks, "喜欢浅色");
}

/// A card with a long life: edits, remarks, contacts and moved steps.
fn long_life(changes: usize) -> Desk {
    let mut desk = Desk::new();
    let mut number = 0_u32;
    while usize::try_from(number).unwrap() < changes {
        number += 1;
        let id = |kind: u8| {
            let mut bytes = [kind; 16];
            bytes[..4].copy_from_slice(&number.to_be_bytes());
            EntryId::from_bytes(bytes)
        };
        desk.who = if number.is_multiple_of(3) { LI } else { WANG };
        match number % 4 {
            0 => {
                let edits = vec![Edit::SetRemarks {
                    text: format!("第{number}次：喜欢浅色布艺沙发，孩子还小，要好打理的面料"),
                }];
                desk.run(&Command::EditCard { edits });
            }
            1 => {
                desk.run(&Command::LogContact(NewContact {
                    note: "看了两套转角沙发，想等装修完再定，让我下周再联系".into(),
                    ..NewContact::new(
                        (id(1), id(2)),
                        date(2026, 11, 23),
                        Channel::Call,
                        Outcome::Progress,
                        NextStepDecision::None {
                            reason: "等装修".into(),
                        },
                    )
                }));
            }
            _ => {
                desk.set(SOURCE, &format!("来源{number}"));
            }
        }
    }
    desk
}

#[test]
fn the_history_of_five_hundred_changes_is_there_at_once() {
    let desk = long_life(500);
    let began = Instant::now();
    let history = desk.history();
    let took = began.elapsed();
    assert_eq!(history.entries.len(), 501);
    // Without optimisation our own part takes some ten times as long.
    let allowed = if cfg!(debug_assertions) { 500 } else { 50 };
    assert!(took < Duration::from_millis(allowed), "{took:?}");
}

#[test]
fn more_changes_than_anybody_reads_are_counted_and_not_listed() {
    let desk = long_life(HISTORY_MAX + 20);
    let history = desk.history();
    assert_eq!(history.entries.len() + history.left_out, HISTORY_MAX + 22);
    assert!(history.entries.len() <= HISTORY_MAX);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn both_tablets_read_the_same_history_and_taking_back_gives_the_value_before(
        deeds in proptest::collection::vec((any::<bool>(), 0_usize..3, 0_u8..4, any::<bool>()), 1..12)
    ) {
        let fields = [SOURCE, CustomerField::City, CustomerField::Compound];
        let mut wang = Desk::new();
        let mut li = wang.beside(LI);
        for (is_li, field, value, meets) in deeds {
            let desk = if is_li { &mut li } else { &mut wang };
            let field = fields[field];
            let before = desk.field(field);
            let had_conflict = !read(&desk.document).conflicts.is_empty();
            let edits = vec![Edit::SetField { field, value: format!("值{value}") }];
            if let Some(change) = desk.run(&Command::EditCard { edits })
                && !had_conflict
            {
                let mut tried = desk.clone();
                tried.take_back(change);
                prop_assert_eq!(tried.field(field), before);
            }
            if meets {
                wang.meet(&mut li);
            }
        }
        wang.meet(&mut li);
        let of = |desk: &Desk| history(&desk.document, Some(person(WANG)));
        prop_assert_eq!(of(&wang), of(&li));
    }
}
