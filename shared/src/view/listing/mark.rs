//! What is so of a card or not: the marks of a filter.

use serde::{Deserialize, Serialize};

use crate::record::consent::ConsentTopic;
use crate::record::source;
use crate::time::{Date, Timestamp, days_between};
use crate::view::listing::{Basis, Listed};
use crate::view::row::CustomerRow;

/// A card of which less is known is incomplete, of a hundred.
pub const COMPLETE_PERCENT: u32 = 60;

/// Something that is so of a card or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The next step is overdue.
    Overdue,
    /// The next step is due today.
    DueToday,
    /// Nothing is planned.
    NoNextStep,
    /// Nobody ever had contact.
    NeverContacted,
    /// Two values wait for someone to choose.
    Conflict,
    /// Changes wait to be sent.
    Unsent,
    /// A birthday of the customer or of the family is kept in this month.
    BirthdayThisMonth,
    /// Of an issue something is left to be done.
    OpenIssue,
    /// The customer does not want to be called.
    DoNotCall,
    /// Something was bought.
    HasBought,
    /// Nothing was ever bought.
    NeverBought,
    /// Somebody introduced the customer.
    Introduced,
    /// Less than [`COMPLETE_PERCENT`] of the file is known.
    Incomplete,
    /// Nothing on the card was noted or confirmed for as long as the store allows.
    Stale,
}

impl Mark {
    /// All marks, in the order in which they are offered.
    pub const ALL: [Self; 14] = [
        Self::Overdue,
        Self::DueToday,
        Self::NoNextStep,
        Self::NeverContacted,
        Self::Conflict,
        Self::Unsent,
        Self::BirthdayThisMonth,
        Self::OpenIssue,
        Self::DoNotCall,
        Self::HasBought,
        Self::NeverBought,
        Self::Introduced,
        Self::Incomplete,
        Self::Stale,
    ];

    /// Stable key, for words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::DueToday => "due_today",
            Self::NoNextStep => "no_next_step",
            Self::NeverContacted => "never_contacted",
            Self::Conflict => "conflict",
            Self::Unsent => "unsent",
            Self::BirthdayThisMonth => "birthday_this_month",
            Self::OpenIssue => "open_issue",
            Self::DoNotCall => "do_not_call",
            Self::HasBought => "has_bought",
            Self::NeverBought => "never_bought",
            Self::Introduced => "introduced",
            Self::Incomplete => "incomplete",
            Self::Stale => "stale",
        }
    }

    /// Whether it says how work stands, rather than what is known of the customer.
    pub const fn is_of_work(self) -> bool {
        match self {
            Self::Overdue
            | Self::DueToday
            | Self::NoNextStep
            | Self::NeverContacted
            | Self::Conflict
            | Self::Unsent
            | Self::OpenIssue => true,
            Self::BirthdayThisMonth
            | Self::DoNotCall
            | Self::HasBought
            | Self::NeverBought
            | Self::Introduced
            | Self::Incomplete
            | Self::Stale => false,
        }
    }

    /// Whether it is so of a customer.
    pub fn is_of(self, listed: &Listed<'_>, basis: &Basis) -> bool {
        let row = listed.row;
        let due = row.open_steps.first().map(|step| step.due);
        match self {
            Self::Overdue => due.is_some_and(|due| due < basis.today),
            Self::DueToday => due == Some(basis.today),
            Self::NoNextStep => due.is_none(),
            Self::NeverContacted => row.last_contact.is_none(),
            Self::Conflict => row.conflicts > 0,
            Self::Unsent => listed.unsent > 0,
            Self::BirthdayThisMonth => has_birthday_in_month_of(basis.today, row),
            Self::OpenIssue => !row.causes.issues.is_empty(),
            Self::DoNotCall => row.refused.contains(&ConsentTopic::Call),
            Self::HasBought => row.has_bought,
            Self::NeverBought => !row.has_bought,
            Self::Introduced => row.referrer.is_some() || source::is_introduction(&row.source),
            Self::Incomplete => row.completeness.percent(&basis.quality) < COMPLETE_PERCENT,
            Self::Stale => age_days(row, basis.today)
                .is_some_and(|days| days > i64::from(basis.quality.stale_after_days)),
        }
    }
}

fn has_birthday_in_month_of(today: Date, row: &CustomerRow) -> bool {
    let mut all = row.birthdays();
    all.any(|birthday| birthday.is_kept_in(today.year(), today.month()))
}

/// Days since something on the card was noted or confirmed, else since it was opened.
fn age_days(row: &CustomerRow, today: Date) -> Option<i64> {
    let opened = || row.opened_on.map(|opened| days_between(opened, today));
    let confirmed = row
        .confirmed
        .map(|confirmed| day_number(today) - day_of(confirmed));
    confirmed.or_else(|| opened().map(i64::from))
}

/// Days since 1970-01-01. A day more or less does not matter for what grows stale in months, so
/// the store's time zone is left out.
const fn day_of(at: Timestamp) -> i64 {
    const DAY_MILLIS: i64 = 24 * 3_600_000;
    at.as_millis().div_euclid(DAY_MILLIS)
}

fn day_number(date: Date) -> i64 {
    i64::from(days_between(Date::constant(1970, 1, 1), date))
}
