//! Rules of the domain as pure functions: what a command must fulfil before it becomes a change,
//! when to call, what a day asks for.

pub mod agenda;
pub mod calling;

pub mod class;
pub mod quality;

use crate::document::command::{Command, Edit, NewCard};
use crate::record::contact::{NOTE_MAX_CHARS, NextStepDecision, STEP_MAX_CHARS};
use crate::record::customer::{
    Class, Customer, CustomerField, FIELD_MAX_CHARS, PHONES_MAX, REMARKS_MAX_CHARS,
};
use crate::record::handover::HANDOVER_NOTE_MAX_CHARS;

/// Most facts on one card.
pub const FACTS_MAX: usize = 200;

/// Whether a fact of a card is a mark of the program: that a class was kept, that work was put off.
/// It says nothing about the customer.
pub fn is_mark(name: &str) -> bool {
    name == class::KEPT_FACT || agenda::Rule::of_fact(name).is_some()
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
        Command::EditCard { edits } => edits.iter().try_for_each(|edit| check_edit(edit, customer)),
        Command::LogContact {
            note,
            completes,
            next,
            ..
        } => {
            check_length(note, NOTE_MAX_CHARS)?;
            check_decision(next)?;
            let known = |id| customer.next_steps.iter().any(|step| step.id == id);
            if completes.iter().all(|id| known(*id)) {
                Ok(())
            } else {
                Err(RuleError::EntryMissing)
            }
        }
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

fn check_edit(edit: &Edit, customer: &Customer) -> Result<(), RuleError> {
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
    Ok(())
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

fn check_step(customer: &Customer, id: crate::id::EntryId) -> Result<(), RuleError> {
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
