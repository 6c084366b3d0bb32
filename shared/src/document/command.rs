//! What a person does to a card: the only way in which documents change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::contact::{Channel, NextStepDecision, Outcome};
use crate::record::customer::{CustomerField, Fact};
use crate::record::handover::HandoverEntry;
use crate::time::Date;

/// One deed of a person on one card; yields at most one Automerge change.
///
/// Ids of new entries are part of the command, so that running it again (after a refusal) makes
/// the same entries. Kept beside its change in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Opens a new card.
    OpenCard(NewCard),
    /// Changes fields, phones or remarks; settles conflicts.
    EditCard {
        /// The single edits, applied in order.
        edits: Vec<Edit>,
    },
    /// Logs a contact with its next step.
    LogContact {
        /// The entry of the new contact.
        contact: EntryId,
        /// The store's day of the contact.
        date: Date,
        /// How.
        channel: Channel,
        /// What came of it.
        outcome: Outcome,
        /// What was said; may be empty.
        note: String,
        /// Open steps that this contact does.
        completes: Vec<EntryId>,
        /// The entry of the new step.
        step: EntryId,
        /// The next step, or "none, because".
        next: NextStepDecision,
    },
    /// Moves an open step to another day.
    MoveNextStep {
        /// The step.
        step: EntryId,
        /// The new day.
        due: Date,
    },
    /// Gives an open step up.
    DropNextStep {
        /// The step.
        step: EntryId,
        /// Why.
        reason: String,
    },
    /// Opens a step again that was given up: takes the giving up back.
    ReopenNextStep {
        /// The step.
        step: EntryId,
    },
    /// Notes that the customer was handed over. The server alone gives it: the gate takes it from
    /// no tablet.
    NoteHandover {
        /// The entry.
        entry: EntryId,
        /// What it says.
        handover: HandoverEntry,
    },
}

impl Command {
    /// Whether what it does is of a kind that can be taken back. A logged contact never changes.
    pub const fn may_undo(&self) -> bool {
        match self {
            Self::EditCard { .. } | Self::MoveNextStep { .. } | Self::DropNextStep { .. } => true,
            Self::OpenCard(_)
            | Self::LogContact { .. }
            | Self::ReopenNextStep { .. }
            | Self::NoteHandover { .. } => false,
        }
    }
}

/// The content of a new card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCard {
    /// Fields that are set.
    pub fields: BTreeMap<CustomerField, String>,
    /// Phones with their new entries, in order.
    pub phones: Vec<NewPhone>,
    /// Long free notes; may be empty.
    pub remarks: String,
    /// Facts by name (columns of an import without a field of their own).
    #[serde(default)]
    pub facts: BTreeMap<String, Fact>,
    /// The first next step with its new entry, if one is known.
    pub next_step: Option<(EntryId, NextStepDecision)>,
}

/// A phone to be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPhone {
    /// The new entry.
    pub id: EntryId,
    /// The number as typed.
    pub number: String,
    /// Free words beside the number; may be empty.
    #[serde(default)]
    pub label: String,
}

/// One edit of a card. Writing a value over a conflict settles it, also when the value is one of
/// the two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "edit", rename_all = "snake_case")]
pub enum Edit {
    /// Sets a field; the empty string clears it.
    SetField {
        /// The field.
        field: CustomerField,
        /// The new value.
        value: String,
    },
    /// Replaces the remarks; merges by character with concurrent edits.
    SetRemarks {
        /// The whole new text.
        text: String,
    },
    /// Adds a phone.
    AddPhone(NewPhone),
    /// Corrects a phone.
    SetPhone {
        /// The phone.
        phone: EntryId,
        /// The new number.
        number: String,
    },
    /// Takes a phone off the card (its history stays).
    RemovePhone {
        /// The phone.
        phone: EntryId,
    },
    /// Sets a fact.
    SetFact {
        /// The name of the fact.
        name: String,
        /// Its new value.
        fact: Fact,
    },
}
