//! Reading a document: the customer with its conflicts, and what could not be read.

use std::collections::BTreeMap;

use automerge::{ObjId, ReadDoc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::document::Document;
use crate::document::author::ChangeAuthor;
use crate::document::schema::{Container, Property};
use crate::id::{EntryId, PersonId};
use crate::record::contact::{Channel, Contact, NextStep, NextStepDecision, Outcome, StepEnding};
use crate::record::customer::{Customer, CustomerField, CustomerPhone, Fact};
use crate::time::{Date, Timestamp};
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
pub fn read(document: &Document) -> Reading {
    let mut reading = Reading::default();
    read_fields(document, &mut reading);
    read_phones(document, &mut reading);
    reading.customer.remarks = document
        .automerge()
        .text(Container::Remarks.object())
        .unwrap_or_default();
    reading.customer.facts = read_facts(document, &mut reading.unreadable);
    reading.customer.contacts = read_contacts(document, &mut reading.unreadable);
    reading.customer.next_steps = read_next_steps(document, &mut reading.unreadable);
    reading
}

fn read_fields(document: &Document, reading: &mut Reading) {
    for field in CustomerField::ALL {
        let values = values_at(document, Container::Fields, field.key());
        let Some((value, _)) = values.first() else {
            continue;
        };
        if !value.is_empty() {
            reading.customer.fields.insert(field, value.clone());
        }
        push_conflict(
            document,
            ConflictPlace::Field(field),
            values,
            &mut reading.conflicts,
        );
    }
}

fn read_phones(document: &Document, reading: &mut Reading) {
    let mut phones = Vec::new();
    for key in keys_of(document, Container::Phones) {
        let Some((id, Some(Property::Number))) = Property::parse(&key) else {
            continue;
        };
        let values = values_at(document, Container::Phones, &key);
        let Some((number, _)) = values.first().cloned() else {
            continue;
        };
        let has_conflict = push_conflict(
            document,
            ConflictPlace::Phone(id),
            values,
            &mut reading.conflicts,
        );
        if number.is_empty() && !has_conflict {
            continue;
        }
        let label = text_at(document, Container::Phones, &Property::Label.of(id));
        let order = integer_at(document, Container::Phones, &Property::Order.of(id));
        phones.push((
            order.unwrap_or(i64::MAX),
            CustomerPhone {
                id,
                number,
                label: label.unwrap_or_default(),
            },
        ));
    }
    phones.sort_by_key(|(order, phone)| (*order, phone.id));
    reading.customer.phones = phones.into_iter().map(|(_, phone)| phone).collect();
}

fn read_facts(document: &Document, unreadable: &mut Vec<String>) -> BTreeMap<String, Fact> {
    let mut facts = BTreeMap::new();
    for key in keys_of(document, Container::Facts) {
        if let Some(fact) = json_at(document, Container::Facts, &key, unreadable) {
            facts.insert(key, fact);
        }
    }
    facts
}

fn read_contacts(document: &Document, unreadable: &mut Vec<String>) -> Vec<Contact> {
    let mut contacts = Vec::new();
    for key in keys_of(document, Container::Contacts) {
        let Some((id, None)) = Property::parse(&key) else {
            continue;
        };
        let stored: Option<StoredContact> =
            json_at(document, Container::Contacts, &key, unreadable);
        if let Some(StoredContact {
            date,
            at,
            channel,
            outcome,
            note,
            by,
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
            });
        }
    }
    contacts.sort_by_key(|contact| (contact.date, contact.at, contact.id));
    contacts.reverse();
    contacts
}

fn read_next_steps(document: &Document, unreadable: &mut Vec<String>) -> Vec<NextStep> {
    let mut steps = Vec::new();
    for key in keys_of(document, Container::NextSteps) {
        let Some((id, None)) = Property::parse(&key) else {
            continue;
        };
        let stored: Option<StoredStep> = json_at(document, Container::NextSteps, &key, unreadable);
        let Some(StoredStep {
            mut decision,
            at,
            after,
        }) = stored
        else {
            continue;
        };
        if let NextStepDecision::Planned { due, .. } = &mut decision {
            *due = moved_due(document, id).unwrap_or(*due);
        }
        let ending = ending_of(document, id);
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

/// The current day of a moved step. Moved on two tablets: the earlier day, so that nothing that
/// someone expects on a day stays hidden until later.
fn moved_due(document: &Document, step: EntryId) -> Option<Date> {
    let values = values_at(document, Container::NextSteps, &Property::Due.of(step));
    values
        .iter()
        .filter_map(|(value, _)| value.parse().ok())
        .min()
}

/// How a step ended. Ended on two tablets: done beats dropped.
fn ending_of(document: &Document, step: EntryId) -> Option<StepEnding> {
    let values = values_at(document, Container::NextSteps, &Property::Ending.of(step));
    let mut endings: Vec<StepEnding> = values
        .iter()
        .filter_map(|(value, _)| serde_json::from_str(value).ok())
        .collect();
    endings.sort_by_key(|ending| match ending {
        StepEnding::Done { contact } => (false, Some(*contact)),
        StepEnding::Dropped { .. } => (true, None),
    });
    endings.into_iter().next()
}

/// Notes a conflict if the values differ. Two tablets that wrote the same agree.
fn push_conflict(
    document: &Document,
    at: ConflictPlace,
    values: Vec<(String, ObjId)>,
    conflicts: &mut Vec<Conflict>,
) -> bool {
    if !is_conflict(&values) {
        return false;
    }
    let values = values
        .into_iter()
        .map(|(value, operation)| {
            let (by, at) = origin(document, &operation);
            ConflictValue { value, by, at }
        })
        .collect();
    conflicts.push(Conflict { at, values });
    true
}

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

pub(crate) fn keys_of(document: &Document, container: Container) -> Vec<String> {
    document.automerge().keys(container.object()).collect()
}

/// All values at a key with the operations that wrote them; Automerge's winner comes first.
pub(crate) fn values_at(
    document: &Document,
    container: Container,
    key: &str,
) -> Vec<(String, ObjId)> {
    let values = document
        .automerge()
        .get_all(container.object(), key)
        .unwrap_or_default();
    values
        .into_iter()
        .rev()
        .filter_map(|(value, operation)| Some((value.as_str()?.to_owned(), operation)))
        .collect()
}

/// Whether a key holds several values that differ.
pub(crate) fn has_conflict(document: &Document, container: Container, key: &str) -> bool {
    is_conflict(&values_at(document, container, key))
}

pub(crate) fn text_at(document: &Document, container: Container, key: &str) -> Option<String> {
    values_at(document, container, key)
        .into_iter()
        .next()
        .map(|(value, _)| value)
}

pub(crate) fn integer_at(document: &Document, container: Container, key: &str) -> Option<i64> {
    let (value, _) = document.automerge().get(container.object(), key).ok()??;
    value.as_i64()
}

fn json_at<T: DeserializeOwned>(
    document: &Document,
    container: Container,
    key: &str,
    unreadable: &mut Vec<String>,
) -> Option<T> {
    let text = text_at(document, container, key)?;
    match serde_json::from_str(&text) {
        Ok(value) => Some(value),
        Err(_) => {
            unreadable.push(format!("{}/{key}", container.key()));
            None
        }
    }
}
