//! Commands to changes: one command, one change, exactly the keys that it means.

use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{ActorId, AutomergeError, Change, ReadDoc};
use serde::Serialize;

use crate::document::Document;
use crate::document::author::ChangeAuthor;
use crate::document::command::{Command, Edit, NewCard, NewContact, NewPhone};
use crate::document::read::{self, StoredContact, StoredStep};
use crate::document::schema::{Container, Property};
use crate::faults;
use crate::id::EntryId;
use crate::record::contact::{NextStepDecision, StepEnding};
use crate::rules::{self, RuleError};
use crate::time::{Date, TimeOfDay, Timestamp};

/// Who writes, with which actor, and when.
#[derive(Clone, Debug)]
pub struct Writer {
    /// The person on the device.
    pub author: ChangeAuthor,
    /// A fresh random actor per worker start and per change of user: sixteen bytes.
    pub actor: [u8; 16],
}

/// A command that made no change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A rule forbids it.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The document refused it: a bug of ours or a damaged document.
    #[error("the document refused the change: {0}")]
    Document(String),
}

impl WriteError {
    /// Stable code for translation, logs and tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Rule(rule) => rule.code(),
            Self::Document(_) => "document",
        }
    }
}

impl From<AutomergeError> for WriteError {
    fn from(error: AutomergeError) -> Self {
        Self::Document(error.to_string())
    }
}

/// Runs a command on a document. `None`: it changes nothing (it was run before, or sets what is
/// already there).
///
/// After an error the document is as before.
pub fn run(
    document: &mut Document,
    command: &Command,
    writer: &Writer,
    now: Timestamp,
) -> Result<Option<Vec<u8>>, WriteError> {
    let reading = read::read(document);
    let is_blank = document.is_blank();
    rules::check(command, &reading.customer, is_blank)?;
    let deed = Deed {
        is_blank,
        command_time: now,
        writer,
    };
    let automerge = document.automerge_mut();
    // Setting the author draws a random actor, so the injected one comes after it.
    automerge.set_author(Some(writer.author.to_author()));
    automerge.set_actor(ActorId::from(writer.actor.as_slice()));
    let mut transaction = automerge.transaction();
    if let Err(error) = deed.write(&mut transaction, command) {
        transaction.rollback();
        return Err(error);
    }
    if transaction.pending_ops() == 0 {
        transaction.rollback();
        return Ok(None);
    }
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(now.as_seconds()));
    let change: Option<Change> = hash.and_then(|_| document.automerge().get_last_local_change());
    Ok(change.map(|change| change.raw_bytes().to_vec()))
}

/// One running command. What stands already is read through the transaction, so that later edits
/// of a command meet the earlier ones.
struct Deed<'a> {
    /// Whether nothing was in the document before.
    is_blank: bool,
    command_time: Timestamp,
    writer: &'a Writer,
}

impl Deed<'_> {
    fn write(&self, to: &mut Transaction<'_>, command: &Command) -> Result<(), WriteError> {
        match command {
            Command::OpenCard(card) => self.open_card(to, card),
            Command::EditCard { edits } => edits.iter().try_for_each(|edit| self.edit(to, edit)),
            Command::LogContact(contact) => self.log_contact(to, contact),
            Command::MoveNextStep { step, due, time } => self.put_text(
                to,
                Container::NextSteps,
                &Property::Due.of(*step),
                &when(*due, *time),
            ),
            Command::NoteHandover { entry, handover } => {
                let key = Property::Handover.of(*entry);
                if read::text_at(to, Container::Contacts, &key).is_some() {
                    return Ok(());
                }
                Ok(to.put(Container::Contacts.object(), key, json(handover)?)?)
            }
            Command::ReopenNextStep { step } => {
                // An emptied ending is none.
                let key = Property::Ending.of(*step);
                let ending = read::text_at(to, Container::NextSteps, &key)
                    .and_then(|ending| serde_json::from_str(&ending).ok());
                match ending {
                    Some(StepEnding::Dropped { .. }) => {
                        self.put_text(to, Container::NextSteps, &key, "")
                    }
                    // What was done stays done.
                    Some(StepEnding::Done { .. }) | None => Ok(()),
                }
            }
            Command::DropNextStep { step, reason } => self.end_step(
                to,
                *step,
                &StepEnding::Dropped {
                    reason: reason.clone(),
                },
            ),
        }
    }

    fn open_card(&self, to: &mut Transaction<'_>, card: &NewCard) -> Result<(), WriteError> {
        if !self.is_blank {
            return Ok(());
        }
        for (field, value) in &card.fields {
            self.put_text(to, Container::Fields, field.key(), value)?;
        }
        for (position, phone) in card.phones.iter().enumerate() {
            self.add_phone(to, phone, position as i64)?;
        }
        for (name, fact) in &card.facts {
            self.put_text(to, Container::Facts, name, &json(fact)?)?;
        }
        if !card.remarks.is_empty() {
            to.update_text(&Container::Remarks.object(), &card.remarks)?;
        }
        match &card.next_step {
            Some((step, decision)) => self.plan(to, *step, decision, None),
            None => Ok(()),
        }
    }

    fn log_contact(
        &self,
        to: &mut Transaction<'_>,
        contact: &NewContact,
    ) -> Result<(), WriteError> {
        let id = contact.contact;
        let stored = StoredContact {
            date: contact.date,
            at: self.command_time,
            channel: contact.channel,
            outcome: contact.outcome,
            note: contact.note.clone(),
            by: self.writer.author.person,
            purpose: contact.purpose,
            satisfaction: contact.satisfaction,
            reason: contact.reason.clone(),
            does: contact.does.clone(),
        };
        self.put_new(to, Container::Contacts, id, &stored)?;
        for done in &contact.completes {
            self.end_step(to, *done, &StepEnding::Done { contact: id })?;
        }
        for edit in &contact.edits {
            self.edit(to, edit)?;
        }
        self.plan(to, contact.step, &contact.next, Some(id))
    }

    fn edit(&self, to: &mut Transaction<'_>, edit: &Edit) -> Result<(), WriteError> {
        match edit {
            Edit::SetField { field, value } => {
                self.put_text(to, Container::Fields, field.key(), value)
            }
            Edit::SetRemarks { text } => Ok(to.update_text(&Container::Remarks.object(), text)?),
            Edit::AddPhone(phone) => {
                let order = to.length(Container::Phones.object());
                self.add_phone(to, phone, order as i64)
            }
            Edit::SetPhone { phone, number } => {
                self.put_text(to, Container::Phones, &Property::Number.of(*phone), number)
            }
            // An emptied number is the mark of a removed phone: someone else's concurrent
            // correction then stands beside it as a conflict instead of vanishing.
            Edit::RemovePhone { phone } => {
                self.put_text(to, Container::Phones, &Property::Number.of(*phone), "")
            }
            Edit::LabelPhone { phone, label } => {
                self.put_text(to, Container::Phones, &Property::Label.of(*phone), label)
            }
            Edit::SetFact { name, fact } => self.put_text(to, Container::Facts, name, &json(fact)?),
            Edit::SetEntry {
                kind,
                entry,
                field,
                value,
            } => self.put_text(
                to,
                Container::of(*kind),
                &Property::Field(*field).of(*entry),
                value,
            ),
            Edit::SetConsent { topic, consent } => {
                let value = consent.map(|consent| consent.to_string());
                let value = value.unwrap_or_default();
                self.put_text(to, Container::Consents, topic.key(), &value)
            }
        }
    }

    fn add_phone(
        &self,
        to: &mut Transaction<'_>,
        phone: &NewPhone,
        order: i64,
    ) -> Result<(), WriteError> {
        let key = Property::Number.of(phone.id);
        match read::text_at(to, Container::Phones, &key) {
            // One that was taken off the card comes back, label and all.
            Some(number) if number.is_empty() => {
                return self.put_text(to, Container::Phones, &key, &phone.number);
            }
            Some(_) => return Ok(()),
            None => {}
        }
        to.put(Container::Phones.object(), key, phone.number.as_str())?;
        to.put(
            Container::Phones.object(),
            Property::Order.of(phone.id),
            order,
        )?;
        if !phone.label.is_empty() {
            let key = Property::Label.of(phone.id);
            to.put(Container::Phones.object(), key, phone.label.as_str())?;
        }
        Ok(())
    }

    fn plan(
        &self,
        to: &mut Transaction<'_>,
        step: EntryId,
        decision: &NextStepDecision,
        after: Option<EntryId>,
    ) -> Result<(), WriteError> {
        let stored = StoredStep {
            decision: decision.clone(),
            at: self.command_time,
            after,
        };
        self.put_new(to, Container::NextSteps, step, &stored)
    }

    fn end_step(
        &self,
        to: &mut Transaction<'_>,
        step: EntryId,
        ending: &StepEnding,
    ) -> Result<(), WriteError> {
        let key = Property::Ending.of(step);
        if read::text_at(to, Container::NextSteps, &key).is_some_and(|ended| !ended.is_empty()) {
            return Ok(());
        }
        Ok(to.put(Container::NextSteps.object(), key, json(ending)?)?)
    }

    /// Puts an entry that never changes; one that is already there stays (a second tap).
    fn put_new(
        &self,
        to: &mut Transaction<'_>,
        container: Container,
        entry: EntryId,
        value: &impl Serialize,
    ) -> Result<(), WriteError> {
        let key = entry.to_string();
        if read::text_at(to, container, &key).is_some() {
            return Ok(());
        }
        Ok(to.put(container.object(), key, json(value)?)?)
    }

    /// Puts a text unless it stands there already without a rival.
    fn put_text(
        &self,
        to: &mut Transaction<'_>,
        container: Container,
        key: &str,
        value: &str,
    ) -> Result<(), WriteError> {
        let current = read::text_at(to, container, key);
        let is_there = current.as_deref().unwrap_or("") == value;
        if is_there {
            if !read::has_conflict(to, container, key) {
                return Ok(());
            }
            // Where the value stands already, the library only deletes its rivals. Choosing it is
            // a deed of its own, though: someone who chooses the other one at the same time has
            // to meet it. So something else is put in between.
            if !faults::is_planted("conflict_settled_by_deleting") {
                let between = if value.is_empty() { "-" } else { "" };
                to.put(container.object(), key, between)?;
            }
        }
        Ok(to.put(container.object(), key, value)?)
    }
}

/// A day as it is stored, with its hour if it has one.
fn when(due: Date, time: Option<TimeOfDay>) -> String {
    time.map_or_else(|| due.to_string(), |time| format!("{due} {time}"))
}

fn json(value: &impl Serialize) -> Result<String, WriteError> {
    serde_json::to_string(value).map_err(|error| WriteError::Document(error.to_string()))
}
