//! What a person does to a card: the only way in which documents change.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::EntryId;
use crate::record::consent::{Consent, ConsentTopic};
use crate::record::contact::{Channel, NextStepDecision, Outcome, Purpose, Satisfaction};
use crate::record::customer::{CustomerField, Fact};
use crate::record::entry::{EntryField, EntryKind};
use crate::record::handover::HandoverEntry;
use crate::time::{Date, TimeOfDay};

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
    LogContact(NewContact),
    /// Moves an open step to another day.
    MoveNextStep {
        /// The step.
        step: EntryId,
        /// The new day.
        due: Date,
        /// The hour, if one was agreed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<TimeOfDay>,
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
            | Self::LogContact(_)
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

/// A contact to be logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewContact {
    /// The entry of the new contact.
    pub contact: EntryId,
    /// The store's day of the contact.
    pub date: Date,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said; may be empty.
    pub note: String,
    /// Open steps that this contact does.
    pub completes: Vec<EntryId>,
    /// The entry of the new step.
    pub step: EntryId,
    /// The next step, or "none, because".
    pub next: NextStepDecision,
    /// What for, if it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// How content the customer was, if it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub satisfaction: Option<Satisfaction>,
    /// Why the customer declined; needed if they did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The derived work that it does, by the id of the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does: Option<String>,
    /// What was learned or promised, noted in the same change: the issue of a complaint.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
}

impl NewContact {
    /// A contact of a day with what came of it and its next step; nothing more was said.
    pub fn new(
        (contact, step): (EntryId, EntryId),
        date: Date,
        channel: Channel,
        outcome: Outcome,
        next: NextStepDecision,
    ) -> Self {
        Self {
            contact,
            date,
            channel,
            outcome,
            note: String::new(),
            completes: Vec::new(),
            step,
            next,
            purpose: None,
            satisfaction: None,
            reason: String::new(),
            does: None,
            edits: Vec::new(),
        }
    }
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
    /// Puts other words beside a phone.
    LabelPhone {
        /// The phone.
        phone: EntryId,
        /// The words; empty for none.
        label: String,
    },
    /// Sets a fact.
    SetFact {
        /// The name of the fact.
        name: String,
        /// Its new value.
        fact: Fact,
    },
    /// Sets a field of an entry. The head of its kind opens an entry, and takes it off the card when
    /// it is emptied.
    SetEntry {
        /// What the entry is about.
        kind: EntryKind,
        /// The entry.
        entry: EntryId,
        /// The field.
        field: EntryField,
        /// The new value; the empty string clears it.
        value: String,
    },
    /// Notes what the customer said to a topic.
    SetConsent {
        /// The topic.
        topic: ConsentTopic,
        /// What they said; `None` for what was never asked.
        consent: Option<Consent>,
    },
}
