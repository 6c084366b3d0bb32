//! Reading a document: the customer with its conflicts, and what could not be read.

use std::collections::BTreeMap;

use automerge::{ObjId, ReadDoc, ScalarValueRef, ValueRef};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::document::author::ChangeAuthor;
use crate::document::schema::{Container, Property};
use crate::id::{EntryId, PersonId};
use crate::record::consent::{Consent, ConsentTopic};
use crate::record::contact::{
    Channel, Contact, NextStep, NextStepDecision, Outcome, Purpose, Satisfaction, StepEnding,
};
use crate::record::customer::{Customer, CustomerField, CustomerPhone, Fact};
use crate::record::entry::{Entry, EntryKind};
use crate::record::handover::Handover;
use crate::rules::is_mark;
use crate::time::{Date, TimeOfDay, Timestamp};
use crate::view::card::{Conflict, ConflictPlace, ConflictValue};

/// A customer as read, with what two tablets set differently and what could not be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The card.
    pub customer: Customer,
    /// Places that hold two values until someone chooses.
    pub conflicts: Vec<Conflict>,
    /// Entries that this version can't read; they stay in the document.
    pub unreadable: Vec<String>,
}

/// A contact as stored: the entry's id is its key.
#[derive(Deserialize, serde::Serialize)]
pub(crate) struct StoredContact {
    pub date: Date,
    pub at: Timestamp,
    pub channel: Channel,
    pub outcome: Outcome,
    #[serde(default)]
    pub note: String,
    pub by: PersonId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does: Option<String>,
}

/// A next step as stored: the entry's id is its key.
#[derive(Deserialize, serde::Serialize)]
pub(crate) struct StoredStep {
    #[serde(flatten)]
    pub decision: NextStepDecision,
    pub at: Timestamp,
    #[serde(default)]
    pub after: Option<EntryId>,
}

/// Reads a customer document. Damaged or unknown entries are reported, never fatal.
///
/// Each container is walked once: asking for one key after the other takes several times as long,
/// and every edit and every row begins with a reading.
pub fn read(document: &Document) -> Reading {
    let mut reading = Reading::default();
    read_fields(document, &mut reading);
    read_phones(document, &mut reading);
    reading.customer.remarks = document
        .automerge()
        .text(Container::Remarks.object())
        .unwrap_or_default();
    read_facts(document, &mut reading);
    read_entries(document, &mut reading);
    read_consents(document, &mut reading);
    read_contacts(document, &mut reading);
    reading.customer.next_steps = read_next_steps(document, &mut reading.unreadable);
    reading
}

/// What stands under a key.
struct Held {
    /// The winning value, if it is a text.
    text: Option<String>,
    /// The winning value, if it is a number.
    integer: Option<i64>,
    /// Whether there are others beside it.
    has_rivals: bool,
}

impl Held {
    fn of(value: ValueRef<'_>, has_rivals: bool) -> Self {
        let mut held = Self {
            text: None,
            integer: None,
            has_rivals,
        };
        if let ValueRef::Scalar(ScalarValueRef::Str(text)) = value {
            held.text = Some(text.into_owned());
        } else if let ValueRef::Scalar(ScalarValueRef::Int(integer)) = value {
            held.integer = Some(integer);
        }
        held
    }
}

/// A container, walked once.
struct Entries<'a> {
    document: &'a Document,
    container: Container,
    held: BTreeMap<String, Held>,
}

impl<'a> Entries<'a> {
    fn of(document: &'a Document, container: Container) -> Self {
        let range = document.automerge().map_range(container.object(), ..);
        let held = range.map(|item| {
            let has_rivals = item.conflict;
            (item.key.into_owned(), Held::of(item.value, has_rivals))
        });
        Self {
            document,
            container,
            held: held.collect(),
        }
    }

    fn keys(&self) -> impl Iterator<Item = &String> {
        self.held.keys()
    }

    /// The winning text.
    fn text(&self, key: &str) -> Option<&str> {
        self.held.get(key)?.text.as_deref()
    }

    fn integer(&self, key: &str) -> Option<i64> {
        self.held.get(key)?.integer
    }

    /// All texts under a key, the winner first.
    fn texts(&self, key: &str) -> Vec<String> {
        match self.held.get(key) {
            None => Vec::new(),
            Some(held) if held.has_rivals => self
                .rivals(key)
                .into_iter()
                .map(|(value, _)| value)
                .collect(),
            Some(held) => held.text.iter().cloned().collect(),
        }
    }

    /// The values under a key with the operations that wrote them, if they differ.
    fn conflict(&self, key: &str) -> Option<Vec<(String, ObjId)>> {
        let has_rivals = self.held.get(key).is_some_and(|held| held.has_rivals);
        let rivals = has_rivals.then(|| self.rivals(key));
        rivals.filter(|rivals| is_conflict(rivals))
    }

    fn rivals(&self, key: &str) -> Vec<(String, ObjId)> {
        values_at(self.document.automerge(), self.container, key)
    }

    fn json<T: DeserializeOwned>(&self, key: &str, unreadable: &mut Vec<String>) -> Option<T> {
        match serde_json::from_str(self.text(key)?) {
            Ok(value) => Some(value),
            Err(_) => {
                unreadable.push(format!("{}/{key}", self.container.key()));
                None
            }
        }
    }
}

fn read_fields(document: &Document, reading: &mut Reading) {
    let entries = Entries::of(document, Container::Fields);
    for field in CustomerField::ALL {
        let Some(value) = entries.text(field.key()) else {
            continue;
        };
        if !value.is_empty() {
            reading.customer.fields.insert(field, value.to_owned());
        }
        if let Some(values) = entries.conflict(field.key()) {
            push_conflict(
                document,
                ConflictPlace::Field(field),
                values,
                &mut reading.conflicts,
            );
        }
    }
}

fn read_phones(document: &Document, reading: &mut Reading) {
    let entries = Entries::of(document, Container::Phones);
    let mut phones = Vec::new();
    for key in entries.keys() {
        let Some((id, Some(Property::Number))) = Property::parse(key) else {
            continue;
        };
        let Some(number) = entries.text(key).map(str::to_owned) else {
            continue;
        };
        let conflict = entries.conflict(key);
        if number.is_empty() && conflict.is_none() {
            continue;
        }
        if let Some(values) = conflict {
            push_conflict(
                document,
                ConflictPlace::Phone(id),
                values,
                &mut reading.conflicts,
            );
        }
        let label = entries.text(&Property::Label.of(id));
        let order = entries.integer(&Property::Order.of(id));
        phones.push((
            order.unwrap_or(i64::MAX),
            CustomerPhone {
                id,
                number,
                label: label.unwrap_or_default().to_owned(),
            },
        ));
    }
    phones.sort_by_key(|(order, phone)| (*order, phone.id));
    reading.customer.phones = phones.into_iter().map(|(_, phone)| phone).collect();
}

fn read_facts(document: &Document, reading: &mut Reading) {
    let entries = Entries::of(document, Container::Facts);
    for key in entries.keys() {
        let Some(fact) = entries.json(key, &mut reading.unreadable) else {
            continue;
        };
        reading.customer.facts.insert(key.clone(), fact);
        if entries.conflict(key).is_none() || is_mark(key) {
            continue;
        }
        // Two who noted the same at different times agree.
        let value = |text: String| serde_json::from_str::<Fact>(&text).map(|fact| fact.value);
        let rivals = entries.rivals(key).into_iter();
        let values: Vec<(String, ObjId)> = rivals
            .filter_map(|(text, operation)| Some((value(text).ok()?, operation)))
            .collect();
        if is_conflict(&values) {
            let place = ConflictPlace::Fact(key.clone());
            push_conflict(document, place, values, &mut reading.conflicts);
        }
    }
}

/// Entries that are noted field by field, in the order in which they were made.
fn read_entries(document: &Document, reading: &mut Reading) {
    for container in Container::ALL {
        let mut kinds: BTreeMap<EntryKind, BTreeMap<EntryId, Entry>> = container
            .kinds()
            .map(|kind| (kind, BTreeMap::new()))
            .collect();
        if kinds.is_empty() {
            continue;
        }
        let entries = Entries::of(document, container);
        let mut conflicts = Vec::new();
        for key in entries.keys() {
            let Some((kind, id, field)) = Property::field_of(container, key) else {
                continue;
            };
            let Some(value) = entries.text(key) else {
                continue;
            };
            let known = kinds.entry(kind).or_default();
            let entry = known.entry(id).or_insert_with(|| Entry {
                id,
                values: BTreeMap::new(),
            });
            if !value.is_empty() {
                entry.values.insert(field, value.to_owned());
            }
            if let Some(values) = entries.conflict(key) {
                conflicts.push((kind, id, field, values));
            }
        }
        // A removed entry stands as long as somebody has to choose whether it is.
        for (kind, known) in &mut kinds {
            known.retain(|id, entry| {
                let is_disputed = conflicts
                    .iter()
                    .any(|(_, other, field, _)| other == id && *field == kind.head());
                is_disputed || !entry.text(kind.head()).is_empty()
            });
        }
        for (kind, entry, field, values) in conflicts {
            if kinds
                .get(&kind)
                .is_some_and(|known| known.contains_key(&entry))
            {
                let place = ConflictPlace::Entry { kind, entry, field };
                push_conflict(document, place, values, &mut reading.conflicts);
            }
        }
        for (kind, known) in kinds {
            if !known.is_empty() {
                let all = known.into_values().collect();
                reading.customer.entries.insert(kind, all);
            }
        }
    }
}

fn read_consents(document: &Document, reading: &mut Reading) {
    let entries = Entries::of(document, Container::Consents);
    for topic in ConsentTopic::ALL.iter().copied() {
        // Whoever said no on one of two tablets is not called before somebody cleared it up.
        let values = entries.texts(topic.key());
        let said = values.iter().filter_map(|value| value.parse().ok());
        let said: Vec<Consent> = said.collect();
        let refused = said.iter().find(|consent| !consent.is_given);
        if let Some(consent) = refused.or(said.first()) {
            reading.customer.consents.insert(topic, *consent);
        }
        if let Some(values) = entries.conflict(topic.key()) {
            let place = ConflictPlace::Consent(topic);
            push_conflict(document, place, values, &mut reading.conflicts);
        }
    }
}

/// Contacts, and the handovers that stand among them.
fn read_contacts(document: &Document, reading: &mut Reading) {
    let entries = Entries::of(document, Container::Contacts);
    let unreadable = &mut reading.unreadable;
    let mut contacts = Vec::new();
    let mut handovers = Vec::new();
    for key in entries.keys() {
        let id = match Property::parse(key) {
            Some((id, None)) => id,
            Some((id, Some(Property::Handover))) => {
                let entry = entries.json(key, unreadable);
                handovers.extend(entry.map(|entry| Handover { id, entry }));
                continue;
            }
            Some((_, Some(_))) | None => continue,
        };
        let stored: Option<StoredContact> = entries.json(key, unreadable);
        if let Some(StoredContact {
            date,
            at,
            channel,
            outcome,
            note,
            by,
            purpose,
            satisfaction,
            reason,
            does,
        }) = stored
        {
            contacts.push(Contact {
                id,
                date,
                at,
                channel,
                outcome,
                note,
                by,
                purpose,
                satisfaction,
                reason,
                does,
            });
        }
    }
    contacts.sort_by_key(|contact| (contact.date, contact.at, contact.id));
    contacts.reverse();
    reading.customer.contacts = contacts;
    handovers.sort_by_key(|handover| (handover.entry.at, handover.id));
    handovers.reverse();
    reading.customer.handovers = handovers;
}

fn read_next_steps(document: &Document, unreadable: &mut Vec<String>) -> Vec<NextStep> {
    let entries = Entries::of(document, Container::NextSteps);
    let mut steps = Vec::new();
    for key in entries.keys() {
        let Some((id, None)) = Property::parse(key) else {
            continue;
        };
        let stored: Option<StoredStep> = entries.json(key, unreadable);
        let Some(StoredStep {
            mut decision,
            at,
            after,
        }) = stored
        else {
            continue;
        };
        if let NextStepDecision::Planned { due, time, .. } = &mut decision {
            (*due, *time) = moved_due(&entries, id).unwrap_or((*due, *time));
        }
        let ending = ending_of(&entries, id);
        steps.push(NextStep {
            id,
            decision,
            at,
            after,
            ending,
        });
    }
    steps.sort_by_key(|step| (!step.is_open(), step.due(), step.at, step.id));
    steps
}

/// The current day of a moved step, with its hour. Moved on two tablets: the earlier day, so that
/// nothing that someone expects on a day stays hidden until later.
fn moved_due(entries: &Entries<'_>, step: EntryId) -> Option<(Date, Option<TimeOfDay>)> {
    let values = entries.texts(&Property::Due.of(step));
    values.iter().filter_map(|value| read_when(value)).min()
}

/// A day as it is stored, with its hour if it has one.
pub(crate) fn read_when(value: &str) -> Option<(Date, Option<TimeOfDay>)> {
    match value.split_once(' ') {
        Some((day, time)) => Some((day.parse().ok()?, time.parse().ok())),
        None => Some((value.parse().ok()?, None)),
    }
}

/// How a step ended. Ended on two tablets: done beats dropped.
fn ending_of(entries: &Entries<'_>, step: EntryId) -> Option<StepEnding> {
    let values = entries.texts(&Property::Ending.of(step));
    let mut endings: Vec<StepEnding> = values
        .iter()
        .filter_map(|value| serde_json::from_str(value).ok())
        .collect();
    endings.sort_by_key(|ending| match ending {
        StepEnding::Done { contact } => (false, Some(*contact)),
        StepEnding::Dropped { .. } => (true, None),
    });
    endings.into_iter().next()
}

/// Notes a conflict, with who wrote each value and when.
fn push_conflict(
    document: &Document,
    at: ConflictPlace,
    values: Vec<(String, ObjId)>,
    conflicts: &mut Vec<Conflict>,
) {
    let values = values
        .into_iter()
        .map(|(value, operation)| {
            let (by, at) = origin(document, &operation);
            ConflictValue { value, by, at }
        })
        .collect();
    conflicts.push(Conflict { at, values });
}

/// Whether values differ. Two tablets that wrote the same agree.
fn is_conflict(values: &[(String, ObjId)]) -> bool {
    values
        .windows(2)
        .any(|pair| pair.first().map(|v| &v.0) != pair.last().map(|v| &v.0))
}

/// Who wrote a value and when, from the change that carries it.
fn origin(
    document: &Document,
    operation: &ObjId,
) -> (Option<(PersonId, crate::id::DeviceId)>, Timestamp) {
    let automerge = document.automerge();
    let meta = automerge
        .hash_for_opid(operation)
        .and_then(|hash| automerge.get_change_meta_by_hash(&hash));
    let Some(meta) = meta else {
        return (None, Timestamp::default());
    };
    let author = automerge
        .get_author_for_actor(&meta.actor)
        .and_then(|author| ChangeAuthor::from_author(&author))
        .map(|author| (author.person, author.device));
    (
        author,
        Timestamp::from_millis(meta.timestamp.saturating_mul(1000)),
    )
}

/// All texts at a key with the operations that wrote them; Automerge's winner comes first.
fn values_at(source: &impl ReadDoc, container: Container, key: &str) -> Vec<(String, ObjId)> {
    let values = source.get_all(container.object(), key).unwrap_or_default();
    values
        .into_iter()
        .rev()
        .filter_map(|(value, operation)| Some((value.as_str()?.to_owned(), operation)))
        .collect()
}

/// Whether a key holds several values that differ.
pub(crate) fn has_conflict(source: &impl ReadDoc, container: Container, key: &str) -> bool {
    is_conflict(&values_at(source, container, key))
}

/// The winning text at a key.
pub(crate) fn text_at(source: &impl ReadDoc, container: Container, key: &str) -> Option<String> {
    let (value, _) = source.get(container.object(), key).ok()??;
    value.as_str().map(str::to_owned)
}
