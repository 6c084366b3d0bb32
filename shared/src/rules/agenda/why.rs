//! Why an item is in the list, what it is for, and what to say.

use crate::record::birthday::{Calendar, KeptRule};
use crate::record::contact::{Channel, Purpose};
use crate::record::customer::Class;
use crate::record::entry::IssueState;
use crate::time::{Date, Timestamp};
use crate::view::row::OpenStep;

/// The outline of a reception: the nine steps of the showroom (`domain.md` section 5).
pub const RECEPTION_SCRIPT: &str = "reception";

/// Why an item is in the list today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was planned.
    Planned(OpenStep),
    /// The customer is in the store.
    InStore {
        /// Since when, by the clock of the tablet that knows.
        since: Timestamp,
    },
    /// The customer came for the first time.
    FirstVisit,
    /// The birthday, with its calendar and the rule by which its day was found.
    Birthday(Calendar, KeptRule),
    /// A customer of this class had no contact for so many days and has no step that is near.
    Cadence(Class, i32),
    /// Not seen for long.
    Quiet {
        /// Days since the last contact.
        days: i32,
        /// Whether it is a main customer, who is missed earlier.
        is_main: bool,
    },
    /// A purchase or delivery was so many days ago.
    AfterPurchase {
        /// What was bought.
        product: String,
        /// 1, 3 or 7, unless the store set others.
        days: u32,
    },
    /// A birthday in the family.
    FamilyBirthday {
        /// Whose.
        name: String,
        /// Its calendar.
        calendar: Calendar,
        /// The rule by which its day was found.
        rule: KeptRule,
    },
    /// An issue waits.
    Issue {
        /// What it is about.
        what: String,
        /// How far it is.
        state: IssueState,
    },
    /// A warranty ends.
    Warranty {
        /// Of what.
        product: String,
        /// Its last day.
        until: Date,
    },
    /// Something is likely to be replaced.
    Replacement {
        /// What.
        product: String,
    },
    /// A purchase is expected.
    Expected {
        /// On which day.
        day: Date,
    },
}

impl Why {
    /// The key of its words.
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Planned(_) => "planned",
            Self::InStore { .. } => "in_store",
            Self::FirstVisit => "first_visit",
            Self::Birthday(Calendar::Solar, _) => "birthday",
            Self::Birthday(Calendar::Lunar, _) => "birthday_lunar",
            Self::Cadence(Class::A, _) => "review_a",
            Self::Cadence(Class::B, _) => "weekly_b",
            Self::Cadence(Class::C | Class::D, _) => "monthly_c",
            Self::Quiet { is_main: false, .. } => "quiet",
            Self::Quiet { is_main: true, .. } => "quiet_main",
            Self::AfterPurchase { .. } => "after_purchase",
            Self::FamilyBirthday { .. } => "family_birthday",
            Self::Issue { state, .. } => match state {
                IssueState::Open | IssueState::Closed => "issue_open",
                IssueState::Promised => "issue_promised",
                IssueState::Solved => "issue_solved",
                IssueState::Dissatisfied => "issue_dissatisfied",
            },
            Self::Warranty { .. } => "warranty",
            Self::Replacement { .. } => "replacement",
            Self::Expected { .. } => "expected",
        }
    }

    /// All keys, for the words.
    pub const KEYS: [&'static str; 19] = [
        "planned",
        "in_store",
        "first_visit",
        "birthday",
        "birthday_lunar",
        "review_a",
        "weekly_b",
        "monthly_c",
        "quiet",
        "quiet_main",
        "after_purchase",
        "family_birthday",
        "issue_open",
        "issue_promised",
        "issue_solved",
        "issue_dissatisfied",
        "warranty",
        "replacement",
        "expected",
    ];

    /// The key of the outline of what to say.
    pub const fn script(&self) -> &'static str {
        match self {
            Self::Planned(step) => script_of_step(step),
            Self::InStore { .. } => RECEPTION_SCRIPT,
            Self::FirstVisit => "thank_you",
            Self::Birthday(..) | Self::FamilyBirthday { .. } => "birthday",
            Self::Cadence(Class::A, _) | Self::Expected { .. } => "follow_up",
            Self::Cadence(Class::B, _) => "care",
            Self::Cadence(Class::C | Class::D, _) | Self::Quiet { .. } => "keep_in_touch",
            Self::AfterPurchase { .. } => "after_purchase",
            Self::Issue { .. } => "service",
            Self::Warranty { .. } | Self::Replacement { .. } => "upkeep",
        }
    }

    /// What a contact is for that does it.
    pub const fn purpose(&self) -> Purpose {
        match self {
            Self::Planned(step) => match step.purpose {
                Some(purpose) => purpose,
                None => Purpose::FollowUp,
            },
            Self::FirstVisit => Purpose::ThankYou,
            Self::Birthday(..) | Self::FamilyBirthday { .. } => Purpose::Birthday,
            Self::Cadence(..)
            | Self::InStore { .. }
            | Self::Quiet { .. }
            | Self::Expected { .. }
            | Self::Warranty { .. }
            | Self::Replacement { .. } => Purpose::FollowUp,
            Self::AfterPurchase { .. } => Purpose::AfterPurchase,
            Self::Issue { .. } => Purpose::Service,
        }
    }

    /// All outlines, for the words.
    pub const SCRIPTS: [&'static str; 14] = [
        RECEPTION_SCRIPT,
        "store_visit",
        "home_visit",
        "follow_up",
        "thank_you",
        "birthday",
        "care",
        "keep_in_touch",
        "after_purchase",
        "service",
        "upkeep",
        "occasion",
        "promotion",
        "referral",
    ];
}

/// The outline of a planned step: of what it is for, else of how it is done.
const fn script_of_step(step: &OpenStep) -> &'static str {
    match step.purpose {
        Some(Purpose::ThankYou) => return "thank_you",
        Some(Purpose::Birthday) => return "birthday",
        Some(Purpose::Occasion) => return "occasion",
        Some(Purpose::AfterPurchase) => return "after_purchase",
        Some(Purpose::Promotion) => return "promotion",
        Some(Purpose::Service) => return "service",
        Some(Purpose::Referral) => return "referral",
        Some(Purpose::FollowUp | Purpose::Other) | None => {}
    }
    match step.how {
        Channel::StoreVisit => "store_visit",
        Channel::HomeVisit => "home_visit",
        Channel::Call | Channel::Wechat | Channel::Message | Channel::Mail | Channel::Other => {
            "follow_up"
        }
    }
}
