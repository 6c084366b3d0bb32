//! Contacts with a customer and the next steps that they end with.

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, PersonId};
use crate::record::keyed::keyed;
use crate::time::{Date, TimeOfDay, Timestamp};

/// Longest note of a contact, in characters.
pub const NOTE_MAX_CHARS: usize = 4_000;
/// Longest description of a next step or reason, in characters.
pub const STEP_MAX_CHARS: usize = 200;

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

keyed! {
    /// What a contact is for 目的. The four return visits 回访 of the domain are named in words, because
    /// their letters clash with the classes (`domain.md` section 4).
    Purpose {
        /// Going on with what was begun 跟进.
        FollowUp = "follow_up",
        /// Thanks after the first visit 感谢来店.
        ThankYou = "thank_you",
        /// Return visit on a birthday 生日回访: warm, no selling.
        Birthday = "birthday",
        /// Return visit on a holiday, a change of season or for a member event 节日回访.
        Occasion = "occasion",
        /// Return visit on days 1, 3 and 7 after a purchase or delivery 购后回访.
        AfterPurchase = "after_purchase",
        /// Return visit before a promotion 促销前回访.
        Promotion = "promotion",
        /// A complaint or a service issue 服务.
        Service = "service",
        /// Asking whom they would recommend us to 请求转介绍.
        Referral = "referral",
        /// Anything else 其他 (and what a newer version may add).
        #[serde(other)]
        Other = "other",
    }
}

impl Purpose {
    /// Whether it is one of the four return visits 回访.
    pub const fn is_return_visit(self) -> bool {
        matches!(
            self,
            Self::Birthday | Self::Occasion | Self::AfterPurchase | Self::Promotion
        )
    }
}

keyed! {
    /// How content a customer is 满意度.
    Satisfaction {
        /// 满意
        Satisfied = "satisfied",
        /// 一般
        Fair = "fair",
        /// 不满意
        Dissatisfied = "dissatisfied",
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
    /// What for, if it was said.
    #[serde(default)]
    pub purpose: Option<Purpose>,
    /// How content the customer was, if it was asked.
    #[serde(default)]
    pub satisfaction: Option<Satisfaction>,
    /// Why the customer declined; empty unless they did.
    #[serde(default)]
    pub reason: String,
    /// The derived work that it did, by the id of the item.
    #[serde(default)]
    pub does: Option<String>,
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
        /// The hour of an appointment or of a promised call, if one was agreed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time: Option<TimeOfDay>,
        /// What for, if it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        purpose: Option<Purpose>,
    },
    /// Nothing is to be done, for a reason; counts towards class D.
    None {
        /// Why.
        reason: String,
    },
}

impl NextStepDecision {
    /// Something to be done on a day, without an hour.
    pub fn planned(what: impl Into<String>, due: Date, how: Channel) -> Self {
        Self::Planned {
            what: what.into(),
            due,
            how,
            time: None,
            purpose: None,
        }
    }
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
