//! Contacts with a customer and the next steps that they end with.

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, PersonId};
use crate::time::{Date, Timestamp};

/// Longest note of a contact, in characters.
pub const NOTE_MAX_CHARS: usize = 4_000;
/// Longest description of a next step or reason, in characters.
pub const STEP_MAX_CHARS: usize = 200;

macro_rules! keyed {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $key)] $variant),+
        }

        impl $name {
            /// All values, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable key: stored in documents, used for translation.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }
        }
    };
}

keyed! {
    /// How people got in touch, or will.
    Channel {
        /// A telephone call 电话.
        Call = "call",
        /// WeChat 微信.
        Wechat = "wechat",
        /// A text message 短信.
        Message = "message",
        /// E-mail 邮件.
        Mail = "mail",
        /// The customer comes to the store 到店.
        StoreVisit = "store_visit",
        /// The consultant goes to the customer 上门.
        HomeVisit = "home_visit",
        /// Anything else 其他 (and what a newer version may add).
        #[serde(other)]
        Other = "other",
    }
}

keyed! {
    /// What came of a contact.
    Outcome {
        /// Reached, the matter went on 有进展.
        Progress = "progress",
        /// Reached, nothing new 无变化.
        NoChange = "no_change",
        /// Not reached 未联系上.
        NotReached = "not_reached",
        /// Not convenient now 不方便.
        NotConvenient = "not_convenient",
        /// The customer declined 拒绝.
        Refused = "refused",
        /// A complaint 投诉.
        Complaint = "complaint",
        /// Anything else 其他 (and what a newer version may add).
        #[serde(other)]
        Other = "other",
    }
}

/// A contact as logged: never changed afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The entry of the contact in the document.
    pub id: EntryId,
    /// The store's day of the contact.
    pub date: Date,
    /// When it was logged, by the tablet's clock.
    pub at: Timestamp,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said; may be empty.
    #[serde(default)]
    pub note: String,
    /// Who had the contact.
    pub by: PersonId,
}

/// What a contact ends with: a next step, or an explicit "none, because".
///
/// A contact can't be logged without one, so this is a value, not an option (`domain.md` section 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum NextStepDecision {
    /// Something is to be done on a day.
    Planned {
        /// What is to be done.
        what: String,
        /// The store's day on which it is due.
        due: Date,
        /// How.
        how: Channel,
    },
    /// Nothing is to be done, for a reason; counts towards class D.
    None {
        /// Why.
        reason: String,
    },
}

/// How a planned step ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ending", rename_all = "snake_case")]
pub enum StepEnding {
    /// Done by a contact of this card.
    Done {
        /// The contact that did it.
        contact: EntryId,
    },
    /// Given up, for a reason.
    Dropped {
        /// Why.
        reason: String,
    },
}

/// A next step of a card with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextStep {
    /// The entry of the step in the document.
    pub id: EntryId,
    /// What was decided; the day is the current one if the step was moved.
    pub decision: NextStepDecision,
    /// When it was decided, by the tablet's clock.
    pub at: Timestamp,
    /// The contact that it came out of, if any.
    pub after: Option<EntryId>,
    /// How it ended; `None` while it is open.
    pub ending: Option<StepEnding>,
}

impl NextStep {
    /// Whether something is still to be done.
    pub fn is_open(&self) -> bool {
        self.ending.is_none() && self.due().is_some()
    }

    /// The day on which it is due, if something is to be done.
    pub fn due(&self) -> Option<Date> {
        match &self.decision {
            NextStepDecision::Planned { due, .. } => Some(*due),
            NextStepDecision::None { .. } => None,
        }
    }
}
