//! Rules of the domain as pure functions: what a command must fulfil before it becomes a change,
//! when to call, what a day asks for.

pub mod agenda;
pub mod calling;
pub mod class;
pub mod dealings;
pub mod qualification;
pub mod quality;
pub mod reception;
pub mod review;

use std::collections::BTreeSet;

use crate::document::command::{Command, Edit, NewCard, NewContact};
use crate::id::{DocumentId, EntryId};
use crate::record::contact::{NOTE_MAX_CHARS, NextStepDecision, Outcome, STEP_MAX_CHARS};
use crate::record::customer::{
    Class, Customer, CustomerField, FIELD_MAX_CHARS, PHONES_MAX, REMARKS_MAX_CHARS,
};
use crate::record::entry::{ENTRIES_MAX, EntryField, EntryKind};
use crate::record::handover::HANDOVER_NOTE_MAX_CHARS;

/// Most facts on one card.
pub const FACTS_MAX: usize = 200;

/// Whether a fact of a card is a mark of the program: that a class was kept, that work was put off, that
/// a customer is in the store, that somebody looked it through. It says nothing about the customer.
pub fn is_mark(name: &str) -> bool {
    name == class::KEPT_FACT
        || name == reception::RECEPTION_FACT
        || name == review::REVIEWED_FACT
        || agenda::Rule::of_fact(name).is_some()
}

/// A rule that a command breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A card needs a name.
    #[error("the card has no name")]
    NameMissing,
    /// A value is longer than is allowed.
    #[error("a value is too long")]
    TooLong,
    /// More phones or facts than a card can hold.
    #[error("the card holds too many entries of this sort")]
    TooMany,
    /// The card does not exist yet.
    #[error("the card does not exist")]
    CardMissing,
    /// The phone or step is not on the card.
    #[error("the entry is not on the card")]
    EntryMissing,
    /// A class that does not exist.
    #[error("the class does not exist")]
    UnknownClass,
    /// A contact ends with a next step or with a reason for none.
    #[error("the next step says neither what to do nor why nothing")]
    NextStepMissing,
    /// Whoever declined had a reason, or said none.
    #[error("the contact does not say why the customer declined")]
    ReasonMissing,
    /// A complaint becomes an issue that is to be solved.
    #[error("the complaint has no issue")]
    IssueMissing,
    /// A value that its field does not admit.
    #[error("the value is not one that the field can have")]
    InvalidValue,
}

impl RuleError {
    /// Stable code for translation, logs and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NameMissing => "name_missing",
            Self::TooLong => "too_long",
            Self::TooMany => "too_many",
            Self::CardMissing => "card_missing",
            Self::EntryMissing => "entry_missing",
            Self::UnknownClass => "unknown_class",
            Self::NextStepMissing => "next_step_missing",
            Self::ReasonMissing => "reason_missing",
            Self::IssueMissing => "issue_missing",
            Self::InvalidValue => "invalid_value",
        }
    }
}

/// Checks a command against the card as it stands; `is_blank` if nothing is on it yet.
pub fn check(command: &Command, customer: &Customer, is_blank: bool) -> Result<(), RuleError> {
    if is_blank && !matches!(command, Command::OpenCard(_)) {
        return Err(RuleError::CardMissing);
    }
    match command {
        Command::OpenCard(card) => check_new_card(card),
        Command::EditCard { edits } => check_edits(edits, customer),
        Command::LogContact(contact) => check_contact(contact, customer),
        Command::MoveNextStep { step, .. } | Command::ReopenNextStep { step } => {
            check_step(customer, *step)
        }
        Command::NoteHandover { handover, .. } => {
            check_length(&handover.note, HANDOVER_NOTE_MAX_CHARS)
        }
        Command::DropNextStep { step, reason } => {
            check_length(reason, STEP_MAX_CHARS)?;
            check_step(customer, *step)
        }
    }
}

fn check_contact(contact: &NewContact, customer: &Customer) -> Result<(), RuleError> {
    check_length(&contact.note, NOTE_MAX_CHARS)?;
    check_length(&contact.reason, STEP_MAX_CHARS)?;
    check_length(contact.does.as_deref().unwrap_or_default(), FIELD_MAX_CHARS)?;
    check_decision(&contact.next)?;
    check_edits(&contact.edits, customer)?;
    for step in &contact.completes {
        check_step(customer, *step)?;
    }
    if contact.outcome == Outcome::Refused && contact.reason.trim().is_empty() {
        return Err(RuleError::ReasonMissing);
    }
    let opens_issue = opened(&contact.edits).any(|(kind, _)| kind == EntryKind::Issue);
    let has_issue = opens_issue || !customer.entries(EntryKind::Issue).is_empty();
    if contact.outcome == Outcome::Complaint && !has_issue {
        return Err(RuleError::IssueMissing);
    }
    Ok(())
}

/// Entries whose head is set by some edits.
fn opened(edits: &[Edit]) -> impl Iterator<Item = (EntryKind, EntryId)> {
    edits.iter().filter_map(|edit| match edit {
        Edit::SetEntry {
            kind,
            entry,
            field,
            value,
        } => (*field == kind.head() && !value.trim().is_empty()).then_some((*kind, *entry)),
        Edit::SetField { .. }
        | Edit::SetRemarks { .. }
        | Edit::AddPhone(_)
        | Edit::SetPhone { .. }
        | Edit::RemovePhone { .. }
        | Edit::LabelPhone { .. }
        | Edit::SetFact { .. }
        | Edit::SetConsent { .. } => None,
    })
}

/// Each edit by itself, and the entries that they open together.
fn check_edits(edits: &[Edit], customer: &Customer) -> Result<(), RuleError> {
    let opened: BTreeSet<(EntryKind, EntryId)> = opened(edits).collect();
    for kind in EntryKind::ALL {
        let known = customer.entries(*kind);
        let is_new = |id: EntryId| known.iter().all(|entry| entry.id != id);
        let new = opened.iter().filter(|(of, id)| of == kind && is_new(*id));
        let new = new.count();
        if new > 0 && known.len() + new > ENTRIES_MAX {
            return Err(RuleError::TooMany);
        }
    }
    edits
        .iter()
        .try_for_each(|edit| check_edit(edit, customer, &opened))
}

fn check_entry(
    kind: EntryKind,
    field: EntryField,
    value: &str,
    is_there: bool,
) -> Result<(), RuleError> {
    if !kind.has(field) || !field.sort().admits(value) {
        return Err(RuleError::InvalidValue);
    }
    if is_there {
        Ok(())
    } else {
        Err(RuleError::EntryMissing)
    }
}

fn check_new_card(card: &NewCard) -> Result<(), RuleError> {
    let name = card
        .fields
        .get(&CustomerField::Name)
        .map_or("", |name| name.trim());
    if name.is_empty() {
        return Err(RuleError::NameMissing);
    }
    if card.phones.len() > PHONES_MAX || card.facts.len() > FACTS_MAX {
        return Err(RuleError::TooMany);
    }
    for (field, value) in &card.fields {
        check_field(*field, value)?;
    }
    for phone in &card.phones {
        check_length(&phone.number, FIELD_MAX_CHARS)?;
        check_length(&phone.label, FIELD_MAX_CHARS)?;
    }
    for (name, fact) in &card.facts {
        check_length(name, FIELD_MAX_CHARS)?;
        check_length(&fact.value, REMARKS_MAX_CHARS)?;
    }
    check_length(&card.remarks, REMARKS_MAX_CHARS)?;
    card.next_step
        .as_ref()
        .map_or(Ok(()), |(_, decision)| check_decision(decision))
}

fn check_edit(
    edit: &Edit,
    customer: &Customer,
    opened: &BTreeSet<(EntryKind, EntryId)>,
) -> Result<(), RuleError> {
    let known = |id| customer.phones.iter().any(|phone| phone.id == id);
    match edit {
        Edit::SetField { field, value } => check_field(*field, value),
        Edit::SetRemarks { text } => check_length(text, REMARKS_MAX_CHARS),
        Edit::AddPhone(phone) => {
            check_length(&phone.number, FIELD_MAX_CHARS)?;
            check_length(&phone.label, FIELD_MAX_CHARS)?;
            if customer.phones.len() < PHONES_MAX {
                Ok(())
            } else {
                Err(RuleError::TooMany)
            }
        }
        Edit::SetPhone { phone, number } => {
            check_length(number, FIELD_MAX_CHARS)?;
            if known(*phone) {
                Ok(())
            } else {
                Err(RuleError::EntryMissing)
            }
        }
        Edit::RemovePhone { phone } => {
            if known(*phone) {
                Ok(())
            } else {
                Err(RuleError::EntryMissing)
            }
        }
        Edit::LabelPhone { phone, label } => {
            check_length(label, FIELD_MAX_CHARS)?;
            if known(*phone) {
                Ok(())
            } else {
                Err(RuleError::EntryMissing)
            }
        }
        Edit::SetEntry {
            kind,
            entry,
            field,
            value,
        } => {
            let mut on_card = customer.entries(*kind).iter();
            let is_there = on_card.any(|known| known.id == *entry);
            check_entry(
                *kind,
                *field,
                value,
                is_there || opened.contains(&(*kind, *entry)),
            )
        }
        Edit::SetConsent { .. } => Ok(()),
        Edit::SetFact { name, fact } => {
            check_length(name, FIELD_MAX_CHARS)?;
            check_length(&fact.value, REMARKS_MAX_CHARS)?;
            if customer.facts.len() < FACTS_MAX || customer.facts.contains_key(name) {
                Ok(())
            } else {
                Err(RuleError::TooMany)
            }
        }
    }
}

fn check_field(field: CustomerField, value: &str) -> Result<(), RuleError> {
    check_length(value, FIELD_MAX_CHARS)?;
    if field == CustomerField::Name && value.trim().is_empty() {
        return Err(RuleError::NameMissing);
    }
    if field == CustomerField::Class && !value.is_empty() && value.parse::<Class>().is_err() {
        return Err(RuleError::UnknownClass);
    }
    let is_valid = value.is_empty()
        || match field {
            CustomerField::Lift => matches!(value, "yes" | "no"),
            CustomerField::RouteOrder => value.parse::<u32>().is_ok(),
            CustomerField::ReferrerCard => value.parse::<DocumentId>().is_ok(),
            // What an import or a newer version wrote is kept as it is.
            CustomerField::Number
            | CustomerField::Name
            | CustomerField::Kind
            | CustomerField::Class
            | CustomerField::Wechat
            | CustomerField::Email
            | CustomerField::Province
            | CustomerField::City
            | CustomerField::District
            | CustomerField::Street
            | CustomerField::Compound
            | CustomerField::Source
            | CustomerField::FirstVisit
            | CustomerField::EarlierContact
            | CustomerField::OpenedOn
            | CustomerField::Unit
            | CustomerField::Floor
            | CustomerField::Region
            | CustomerField::Referrer => true,
        };
    if is_valid {
        Ok(())
    } else {
        Err(RuleError::InvalidValue)
    }
}

fn check_decision(decision: &NextStepDecision) -> Result<(), RuleError> {
    let words = match decision {
        NextStepDecision::Planned { what, .. } => what,
        NextStepDecision::None { reason } => reason,
    };
    check_length(words, STEP_MAX_CHARS)?;
    if words.trim().is_empty() {
        Err(RuleError::NextStepMissing)
    } else {
        Ok(())
    }
}

fn check_step(customer: &Customer, id: EntryId) -> Result<(), RuleError> {
    let known = customer.next_steps.iter().any(|step| step.id == id);
    if known {
        Ok(())
    } else {
        Err(RuleError::EntryMissing)
    }
}

fn check_length(text: &str, max_chars: usize) -> Result<(), RuleError> {
    if text.chars().count() <= max_chars {
        Ok(())
    } else {
        Err(RuleError::TooLong)
    }
}
