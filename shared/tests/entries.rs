//! Entries, consents and facts of a card on two tablets: they merge, show both values, have a
//! history, are taken back, and the gate admits them and nothing beside them.
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on may panic, in its helpers too"
)]

use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard, NewContact};
use floorbook_shared::document::history::{UndoError, history, undo};
use floorbook_shared::document::read::{Reading, read};
use floorbook_shared::document::write::{WriteError, Writer, run};
use floorbook_shared::id::{DeviceId, EntryId, PersonId};
use floorbook_shared::record::consent::{Consent, ConsentTopic};
use floorbook_shared::record::contact::{
    Channel, NextStepDecision, Outcome, Purpose, Satisfaction,
};
use floorbook_shared::record::customer::{CustomerField, Fact, FactSource};
use floorbook_shared::record::entry::{
    ENTRIES_MAX, EntryField, EntryKind, FieldSort, IssueState, LINE_MAX_CHARS,
};
use floorbook_shared::rules::RuleError;
use floorbook_shared::rules::reception::{RECEPTION_FACT, Reception};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate::{judge, parse};
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::card::ConflictPlace;
use floorbook_shared::view::history::HistoryItem;
use floorbook_shared::view::row::CustomerRow;
use jiff::civil::date;

/// A tablet with a card.
#[derive(Clone)]
struct Tablet {
    document: Document,
    who: u8,
    now: i64,
}

fn entry(number: u8) -> EntryId {
    EntryId::from_bytes([number; 16])
}

fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

fn set(kind: EntryKind, number: u8, field: EntryField, value: &str) -> Edit {
    Edit::SetEntry {
        kind,
        entry: entry(number),
        field,
        value: value.to_owned(),
    }
}

fn issue(number: u8, field: EntryField, value: &str) -> Edit {
    set(EntryKind::Issue, number, field, value)
}

impl Tablet {
    fn new() -> Self {
        let mut tablet = Self {
            document: Document::found(),
            who: 1,
            now: 1_000,
        };
        let card = NewCard {
            fields: [(CustomerField::Name, "王小明".to_owned())].into(),
            ..NewCard::default()
        };
        tablet.run(&Command::OpenCard(card)).unwrap();
        tablet
    }

    fn beside(&self, who: u8) -> Self {
        Self {
            who,
            ..self.clone()
        }
    }

    fn writer(&self) -> Writer {
        Writer {
            author: ChangeAuthor {
                person: person(self.who),
                device: DeviceId::from_bytes([self.who; 16]),
            },
            actor: [self.who; 16],
        }
    }

    /// Runs a command; its change passes the gate as well.
    fn run(&mut self, command: &Command) -> Result<Option<ChangeHash>, WriteError> {
        self.now += 60;
        let now = Timestamp::from_millis(self.now * 1_000);
        let before = self.document.clone();
        let writer = self.writer();
        let bytes = run(&mut self.document, command, &writer, now)?;
        let Some(bytes) = bytes else { return Ok(None) };
        let author = self.writer().author;
        let is_first = before.changes_missing_in(&Document::found()).is_empty();
        let bound = (!is_first && self.has_written(&before)).then_some(author);
        let judged = judge(&before, &parse(&bytes).unwrap(), author, bound).unwrap();
        assert_eq!(judged.heads(), self.document.heads(), "what the gate says");
        let heads = before.heads();
        let mut new = self.document.heads().into_iter();
        Ok(new.find(|head| !heads.contains(head)).map(ChangeHash::from))
    }

    fn has_written(&self, document: &Document) -> bool {
        let changes = document.changes_missing_in(&Document::found());
        let mut authors = changes.into_iter().map(|(_, author, _)| author);
        authors.any(|author| author == Some(self.writer().author))
    }

    fn edit(&mut self, edits: Vec<Edit>) -> Option<ChangeHash> {
        self.run(&Command::EditCard { edits }).unwrap()
    }

    fn meet(&mut self, other: &mut Self) {
        let (own, theirs) = (self.document.clone(), other.document.clone());
        absorb(&mut self.document, &theirs);
        absorb(&mut other.document, &own);
        self.now = self.now.max(other.now);
        other.now = self.now;
        assert_eq!(self.document.heads(), other.document.heads());
        assert_eq!(self.read(), other.read());
    }

    fn read(&self) -> Reading {
        read(&self.document)
    }

    fn text(&self, kind: EntryKind, number: u8, field: EntryField) -> Option<String> {
        let customer = self.read().customer;
        let mut entries = customer.entries(kind).iter();
        let found = entries.find(|known| known.id == entry(number))?;
        Some(found.text(field).to_owned())
    }
}

fn absorb(document: &mut Document, other: &Document) {
    let missing = other.changes_missing_in(document);
    let chunks = missing.iter().map(|(_, _, bytes)| bytes.as_slice());
    document.absorb(chunks).unwrap();
}

#[test]
fn every_field_of_every_kind_is_written_read_and_admitted() {
    let mut tablet = Tablet::new();
    for (kind, number) in EntryKind::ALL.iter().zip(1..) {
        for field in kind.fields() {
            let value = match field.sort() {
                FieldSort::Line | FieldSort::Words => "字",
                FieldSort::Day => "2026-11-28",
                FieldSort::Cents => "1280000",
                FieldSort::YesNo => "yes",
                FieldSort::Satisfaction => "satisfied",
                FieldSort::Material => "leather",
            };
            tablet.edit(vec![set(*kind, number, *field, value)]);
            let stands = tablet.text(*kind, number, *field);
            assert_eq!(stands.as_deref(), Some(value), "{kind:?} {field:?}");
        }
    }
    assert!(tablet.read().unreadable.is_empty());
    assert!(tablet.read().conflicts.is_empty());
}

#[test]
fn what_does_not_fit_an_entry_is_refused_and_changes_nothing() {
    let mut tablet = Tablet::new();
    let long = "长".repeat(LINE_MAX_CHARS + 1);
    for (edit, rule) in [
        // A field of another kind; a value of another sort; too long.
        (
            issue(1, EntryField::Relation, "妻子"),
            RuleError::InvalidValue,
        ),
        (
            issue(1, EntryField::Day, "gestern"),
            RuleError::InvalidValue,
        ),
        (issue(1, EntryField::Issue, &long), RuleError::InvalidValue),
        // An entry that nobody opened, and one that is opened without words.
        (
            issue(1, EntryField::Promise, "周三上门"),
            RuleError::EntryMissing,
        ),
        (issue(1, EntryField::Issue, " "), RuleError::EntryMissing),
    ] {
        let command = Command::EditCard {
            edits: vec![edit.clone()],
        };
        let error = tablet.run(&command).unwrap_err();
        assert_eq!(error, WriteError::Rule(rule), "{edit:?}");
    }
    assert!(tablet.read().customer.entries.is_empty());
    let many = (0..=ENTRIES_MAX).map(|number| Edit::SetEntry {
        kind: EntryKind::Gift,
        entry: EntryId::from_bytes((number as u128).to_be_bytes()),
        field: EntryField::Gift,
        value: "抱枕".to_owned(),
    });
    let command = Command::EditCard {
        edits: many.collect(),
    };
    let error = tablet.run(&command).unwrap_err();
    assert_eq!(error, WriteError::Rule(RuleError::TooMany));
}

#[test]
fn fields_of_one_entry_merge_and_the_same_field_shows_both_values() {
    let mut wang = Tablet::new();
    wang.edit(vec![issue(1, EntryField::Issue, "沙发异响")]);
    let mut li = wang.beside(2);
    wang.edit(vec![issue(1, EntryField::Promise, "周三上门")]);
    li.edit(vec![issue(1, EntryField::PromisedFor, "2026-12-02")]);
    li.edit(vec![issue(1, EntryField::Solution, "换了弹簧")]);
    wang.edit(vec![issue(1, EntryField::Solution, "拧紧了螺丝")]);
    wang.meet(&mut li);
    let reading = wang.read();
    let [conflict] = reading.conflicts.as_slice() else {
        panic!("{:?}", reading.conflicts)
    };
    let place = ConflictPlace::Entry {
        kind: EntryKind::Issue,
        entry: entry(1),
        field: EntryField::Solution,
    };
    assert_eq!((&conflict.at, conflict.values.len()), (&place, 2));
    assert_eq!(
        wang.text(EntryKind::Issue, 1, EntryField::Promise)
            .as_deref(),
        Some("周三上门")
    );
    wang.edit(vec![issue(1, EntryField::Solution, "换了弹簧")]);
    wang.meet(&mut li);
    assert!(li.read().conflicts.is_empty());
    // Whose value lost hears of it.
    let told = history(&wang.document, Some(person(1))).replaced;
    assert!(told.is_empty(), "who chose themselves knows");
}

#[test]
fn an_entry_that_was_removed_and_corrected_stays_until_someone_chooses() {
    let mut wang = Tablet::new();
    wang.edit(vec![set(EntryKind::Family, 1, EntryField::Name, "王小小")]);
    let mut li = wang.beside(2);
    wang.edit(vec![set(EntryKind::Family, 1, EntryField::Name, "")]);
    assert!(wang.read().customer.entries(EntryKind::Family).is_empty());
    li.edit(vec![set(EntryKind::Family, 1, EntryField::Name, "王晓晓")]);
    wang.meet(&mut li);
    assert_eq!(wang.read().conflicts.len(), 1);
    assert_eq!(wang.read().customer.entries(EntryKind::Family).len(), 1);
}

#[test]
fn facts_that_two_tablets_noted_differently_show_both_and_the_same_ones_agree() {
    let fact = |value: &str, at: i64| Edit::SetFact {
        name: "style".to_owned(),
        fact: Fact {
            value: value.to_owned(),
            source: FactSource::Consultant,
            at: Timestamp::from_millis(at),
        },
    };
    let mut wang = Tablet::new();
    let mut li = wang.beside(2);
    wang.edit(vec![fact("新中式", 1)]);
    li.edit(vec![fact("新中式", 2)]);
    wang.meet(&mut li);
    assert!(wang.read().conflicts.is_empty(), "they say the same");
    wang.edit(vec![fact("北欧", 3)]);
    li.edit(vec![fact("轻奢", 4)]);
    wang.meet(&mut li);
    let reading = wang.read();
    let [conflict] = reading.conflicts.as_slice() else {
        panic!("{:?}", reading.conflicts)
    };
    assert_eq!(conflict.at, ConflictPlace::Fact("style".to_owned()));
    let mut values: Vec<&str> = conflict
        .values
        .iter()
        .map(|one| one.value.as_str())
        .collect();
    values.sort_unstable();
    assert_eq!(values, ["北欧", "轻奢"]);
    assert_eq!(CustomerRow::project(&reading.customer, 1).conflicts, 1);
    li.edit(vec![fact("轻奢", 5)]);
    wang.meet(&mut li);
    assert!(wang.read().conflicts.is_empty());
    // Wang's own value was replaced, and he can take it back.
    let told = history(&wang.document, Some(person(1))).replaced;
    let [replaced] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((&*replaced.mine, &*replaced.value), ("北欧", "轻奢"));
}

#[test]
fn whoever_refused_on_one_of_two_tablets_is_not_called() {
    let said = |is_given: bool| Edit::SetConsent {
        topic: ConsentTopic::Call,
        consent: Some(Consent {
            is_given,
            on: date(2026, 11, 28),
        }),
    };
    let mut wang = Tablet::new();
    let mut li = wang.beside(2);
    wang.edit(vec![said(false)]);
    li.edit(vec![said(true)]);
    wang.meet(&mut li);
    let reading = wang.read();
    assert!(reading.customer.refuses(ConsentTopic::Call));
    let places: Vec<_> = reading.conflicts.iter().map(|one| one.at.clone()).collect();
    assert_eq!(places, [ConflictPlace::Consent(ConsentTopic::Call)]);
    wang.edit(vec![said(true)]);
    assert!(!wang.read().customer.refuses(ConsentTopic::Call));
}

#[test]
fn two_tablets_that_receive_the_same_customer_hold_one_reception() {
    let today = date(2026, 11, 28);
    let receive = |tablet: &mut Tablet| {
        let contacts = tablet.read().customer.contacts;
        let at = Timestamp::from_millis(tablet.now);
        let fact = Reception::begin(&contacts, today, at);
        let name = RECEPTION_FACT.to_owned();
        tablet.edit(vec![Edit::SetFact { name, fact }])
    };
    let received = |tablet: &Tablet| {
        let row = CustomerRow::project(&tablet.read().customer, 0);
        row.reception
            .is_some_and(|reception| reception.is_on(today))
    };
    let mut wang = Tablet::new();
    let mut li = wang.beside(2);
    li.now += 7;
    receive(&mut wang);
    let begun = receive(&mut li);
    wang.meet(&mut li);
    assert!(received(&wang));
    assert!(wang.read().conflicts.is_empty(), "a mark is no conflict");
    // One of them logs the visit, and it is over on both.
    let visit = NewContact {
        channel: Channel::StoreVisit,
        ..contact(Outcome::Progress)
    };
    wang.run(&Command::LogContact(visit)).unwrap();
    wang.meet(&mut li);
    assert!(!received(&li));
    // Who comes back in the evening is received again; a tap on the wrong card is taken back.
    let again = receive(&mut li).unwrap();
    assert!(received(&li));
    let command = undo(&li.document, again).unwrap();
    li.run(&command).unwrap();
    assert!(!received(&li));
    assert_eq!(
        undo(&li.document, begun.unwrap()),
        Err(UndoError::ChangedSince)
    );
}

#[test]
fn entries_and_consents_are_taken_back_as_a_whole() {
    let mut tablet = Tablet::new();
    let opened = tablet
        .edit(vec![
            set(EntryKind::Purchase, 1, EntryField::Product, "转角沙发"),
            set(EntryKind::Purchase, 1, EntryField::Amount, "1280000"),
            Edit::SetConsent {
                topic: ConsentTopic::Mail,
                consent: Some(Consent {
                    is_given: true,
                    on: date(2026, 11, 28),
                }),
            },
        ])
        .unwrap();
    let entries = history(&tablet.document, None).entries;
    let first = entries.first().unwrap();
    assert!(first.may_undo);
    let is_value = |item: &HistoryItem| matches!(item, HistoryItem::Value { .. });
    assert!(first.items.iter().all(is_value) && first.items.len() == 3);
    let command = undo(&tablet.document, opened).unwrap();
    tablet.run(&command).unwrap();
    let customer = tablet.read().customer;
    assert!(customer.entries(EntryKind::Purchase).is_empty());
    assert!(customer.consents.is_empty());
    // And the removal can be taken back again.
    let removed = history(&tablet.document, None);
    let removed = removed.entries.first().unwrap().change;
    let command = undo(&tablet.document, removed).unwrap();
    tablet.run(&command).unwrap();
    let amount = tablet.text(EntryKind::Purchase, 1, EntryField::Amount);
    assert_eq!(amount.as_deref(), Some("1280000"));
}

fn contact(outcome: Outcome) -> NewContact {
    let next = NextStepDecision::planned("回电", date(2026, 12, 1), Channel::Call);
    NewContact {
        purpose: Some(Purpose::AfterPurchase),
        satisfaction: Some(Satisfaction::Dissatisfied),
        does: Some("card/after_purchase/1/3".to_owned()),
        ..NewContact::new(
            (entry(10), entry(11)),
            date(2026, 11, 28),
            Channel::Call,
            outcome,
            next,
        )
    }
}

#[test]
fn a_complaint_opens_its_issue_and_a_refusal_says_why_in_the_same_change() {
    let mut tablet = Tablet::new();
    let complaint = contact(Outcome::Complaint);
    let error = tablet.run(&Command::LogContact(complaint.clone()));
    assert_eq!(error, Err(WriteError::Rule(RuleError::IssueMissing)));
    let complaint = NewContact {
        edits: vec![
            issue(1, EntryField::Issue, "桌面划痕"),
            issue(1, EntryField::Promise, "换一块桌面"),
            issue(1, EntryField::PromisedFor, "2026-12-05"),
        ],
        ..complaint
    };
    let command = Command::LogContact(complaint);
    assert!(tablet.run(&command).unwrap().is_some());
    assert_eq!(tablet.run(&command), Ok(None), "a second tap");
    let customer = tablet.read().customer;
    let [logged] = customer.contacts.as_slice() else {
        panic!("{:?}", customer.contacts)
    };
    assert_eq!(logged.purpose, Some(Purpose::AfterPurchase));
    assert_eq!(logged.satisfaction, Some(Satisfaction::Dissatisfied));
    assert_eq!(logged.does.as_deref(), Some("card/after_purchase/1/3"));
    let [issue] = customer.entries(EntryKind::Issue) else {
        panic!("{:?}", customer.entries)
    };
    assert_eq!(issue.issue_state(), IssueState::Promised);

    let refused = contact(Outcome::Refused);
    let error = tablet.run(&Command::LogContact(refused.clone()));
    assert_eq!(error, Err(WriteError::Rule(RuleError::ReasonMissing)));
    let refused = NewContact {
        contact: entry(20),
        step: entry(21),
        reason: "已在别处购买".to_owned(),
        ..refused
    };
    tablet.run(&Command::LogContact(refused)).unwrap();
    let contacts = tablet.read().customer.contacts;
    assert!(contacts.iter().any(|one| one.reason == "已在别处购买"));
}

#[test]
fn a_step_keeps_its_hour_until_it_is_moved_and_gets_it_back() {
    let mut tablet = Tablet::new();
    let next = NextStepDecision::Planned {
        what: "上门量尺".to_owned(),
        due: date(2026, 12, 1),
        how: Channel::HomeVisit,
        time: Some("14:30".parse().unwrap()),
        purpose: Some(Purpose::FollowUp),
    };
    let logged = NewContact {
        next,
        ..contact(Outcome::Progress)
    };
    tablet.run(&Command::LogContact(logged)).unwrap();
    let time = |tablet: &Tablet| {
        let row = CustomerRow::project(&tablet.read().customer, 0);
        let step = row.open_steps.first().unwrap();
        (step.due.to_string(), step.time.map(|time| time.to_string()))
    };
    let asked = ("2026-12-01".to_owned(), Some("14:30".to_owned()));
    assert_eq!(time(&tablet), asked);
    let moved = tablet.run(&Command::MoveNextStep {
        step: entry(11),
        due: date(2026, 12, 3),
        time: None,
    });
    assert_eq!(time(&tablet), ("2026-12-03".to_owned(), None));
    let command = undo(&tablet.document, moved.unwrap().unwrap()).unwrap();
    tablet.run(&command).unwrap();
    assert_eq!(time(&tablet), asked);
}
