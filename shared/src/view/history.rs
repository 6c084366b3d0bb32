//! The history of a card as its page shows it: who changed what, when and on which tablet.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, EntryId, PersonId};
use crate::record::contact::{NextStepDecision, StepEnding};
use crate::sync::chain::ChangeHash;
use crate::time::{Date, Timestamp};
use crate::view::card::ConflictPlace;

/// What happened to a card, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// The changes.
    pub entries: Vec<HistoryEntry>,
    /// Older changes that are not listed.
    pub left_out: usize,
    /// Values of the person who asks that somebody else replaced later.
    pub replaced: Vec<Replaced>,
}

/// One change of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The change.
    pub change: ChangeHash,
    /// Who made it and on which tablet, if known.
    pub by: Option<(PersonId, DeviceId)>,
    /// When, by that tablet's clock (to the second).
    pub at: Timestamp,
    /// What it changed.
    pub items: Vec<HistoryItem>,
    /// Whether it can be taken back as a whole: it is of a kind that can, and all that it wrote
    /// stands as it wrote it.
    pub may_undo: bool,
}

/// One thing that a change did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "item", rename_all = "snake_case")]
pub enum HistoryItem {
    /// A place of the card got another value, or the same one again: a fact was confirmed.
    Value {
        /// The place.
        place: ConflictPlace,
        /// What stood there before for whoever changed it; several if they had to choose, none if
        /// nothing ever did.
        before: Vec<String>,
        /// What stands there since; empty if it was cleared.
        after: String,
        /// Whether that still stands there.
        stands: bool,
    },
    /// The remarks were edited.
    Remarks {
        /// As they were before and after, if that is among the latest edits.
        texts: Option<(String, String)>,
    },
    /// A contact was logged.
    Contact {
        /// The entry.
        contact: EntryId,
    },
    /// A next step was planned, or none with a reason.
    Planned {
        /// The decision.
        decision: NextStepDecision,
    },
    /// A step was moved to another day.
    Moved {
        /// What is to be done, if that is known.
        what: String,
        /// The day before.
        before: Option<Date>,
        /// The day since.
        after: Date,
    },
    /// A step ended.
    Ended {
        /// What was to be done, if that is known.
        what: String,
        /// How it ended.
        ending: StepEnding,
    },
    /// A step that was given up is open again.
    Reopened {
        /// What is to be done, if that is known.
        what: String,
    },
    /// The customer was handed over.
    HandedOver,
    /// Something that a newer version of the program knows.
    Other,
}

/// A value of a person that somebody else replaced by another one that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// The place.
    pub place: ConflictPlace,
    /// The value of the person; empty if they cleared it.
    pub mine: String,
    /// What stands there now; empty if it was cleared.
    pub value: String,
    /// Who set that and on which tablet, if known.
    pub by: Option<(PersonId, DeviceId)>,
    /// When, by that tablet's clock (to the second).
    pub at: Timestamp,
    /// The change that set it.
    pub change: ChangeHash,
}
