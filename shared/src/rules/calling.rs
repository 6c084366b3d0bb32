//! When to call: by weekday, hour and occupation; the customer's own preferred time beats all.
//!
//! Nothing here reads a clock: the moment is an argument, in the store's time.

mod hours;
mod occupation;
mod preference;
#[cfg(test)]
mod tests;

pub use hours::{CallingHours, CallingHoursProblem, MINUTES_OF_DAY, OccupationHours, Window};
pub use occupation::Occupation;
pub use preference::Preference;

use jiff::Span;
use jiff::civil::Weekday;

use crate::time::Date;

/// How far ahead a good time is looked for: as long as the longest wait for the middle of a month.
const SEARCH_DAYS: i32 = 31;
/// The grid on which times are looked for, in minutes.
const STEP_MINUTES: u16 = 15;

/// A moment on the store's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// The store's day.
    pub date: Date,
    /// Minute of that day, 0 to 1439.
    pub minute: u16,
}

/// How good a moment is for a call, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// No calls now.
    No,
    /// Better not.
    BetterNot,
    /// Fine.
    Fine,
    /// The best time.
    Best,
}

impl Level {
    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::BetterNot => "better_not",
            Self::Fine => "fine",
            Self::Best => "best",
        }
    }
}

/// Why a moment is good or bad for a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The time that the customer asked for.
    Preferred,
    /// Another time than the customer asked for.
    NotPreferred,
    /// A good time for people of this occupation.
    Occupation(Occupation),
    /// A bad time for people of this occupation.
    NotOccupation(Occupation),
    /// Before the day begins.
    TooEarly,
    /// Calls are prepared now.
    Preparing,
    /// The best hour of the morning.
    Morning,
    /// The last minutes before the midday rest.
    LateMorning,
    /// The midday rest.
    Midday,
    /// People come back to work: not for business.
    NotForBusiness,
    /// The afternoon.
    Afternoon,
    /// The evening, which is the customer's own.
    Evening,
    /// Too late for any call.
    TooLate,
    /// Mondays are avoided; if necessary, in the afternoon.
    Monday,
    /// Fridays are for confirming.
    Friday,
}

impl Reason {
    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::NotPreferred => "not_preferred",
            Self::Occupation(_) => "occupation",
            Self::NotOccupation(_) => "not_occupation",
            Self::TooEarly => "too_early",
            Self::Preparing => "preparing",
            Self::Morning => "morning",
            Self::LateMorning => "late_morning",
            Self::Midday => "midday",
            Self::NotForBusiness => "not_for_business",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
            Self::TooLate => "too_late",
            Self::Monday => "monday",
            Self::Friday => "friday",
        }
    }

    /// The occupation that it speaks of, if any.
    pub const fn occupation(self) -> Option<Occupation> {
        match self {
            Self::Occupation(occupation) | Self::NotOccupation(occupation) => Some(occupation),
            Self::Preferred
            | Self::NotPreferred
            | Self::TooEarly
            | Self::Preparing
            | Self::Morning
            | Self::LateMorning
            | Self::Midday
            | Self::NotForBusiness
            | Self::Afternoon
            | Self::Evening
            | Self::TooLate
            | Self::Monday
            | Self::Friday => None,
        }
    }

    /// All keys, for the words.
    pub const KEYS: [&'static str; 15] = [
        "preferred",
        "not_preferred",
        "occupation",
        "not_occupation",
        "too_early",
        "preparing",
        "morning",
        "late_morning",
        "midday",
        "not_for_business",
        "afternoon",
        "evening",
        "too_late",
        "monday",
        "friday",
    ];
}

/// A stretch of time on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The store's day.
    pub date: Date,
    /// The first minute.
    pub from: u16,
    /// The minute after the last one.
    pub until: u16,
}

/// What is said beside a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// How good the moment is.
    pub level: Level,
    /// Why.
    pub reason: Reason,
    /// The best stretch that runs or comes next; a fine one if there is no best one within a month.
    pub next: Option<Stretch>,
}

/// What is known of a customer that matters for the time of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callee {
    /// The occupation, if it is one with hours of its own.
    pub occupation: Option<Occupation>,
    /// When the customer asked to be called.
    pub preference: Option<Preference>,
}

impl Callee {
    /// Reads what a card says in words; what can't be read does not count.
    pub fn read(occupation: &str, preferred: &str) -> Self {
        Self {
            occupation: Occupation::read(occupation),
            preference: Preference::read(preferred),
        }
    }
}

/// What to say about a call at `now`.
pub fn advise(callee: &Callee, now: Moment, hours: &CallingHours) -> Advice {
    let (level, reason) = judge(callee, now, hours);
    Advice {
        level,
        reason,
        next: next_stretch(callee, now, hours),
    }
}

/// How good a moment is, and why.
pub fn judge(callee: &Callee, at: Moment, hours: &CallingHours) -> (Level, Reason) {
    if let Some(preference) = &callee.preference {
        return if preference.holds(at) {
            (Level::Best, Reason::Preferred)
        } else {
            (Level::BetterNot, Reason::NotPreferred)
        };
    }
    let by_hour = match callee.occupation {
        Some(occupation) => occupation.judge(at, hours),
        None => judge_hour(at.minute, hours),
    };
    by_weekday(by_hour, at, hours)
}

/// How good an hour is for anybody.
fn judge_hour(minute: u16, hours: &CallingHours) -> (Level, Reason) {
    match minute {
        minute if minute < hours.preparing_from => (Level::No, Reason::TooEarly),
        minute if minute < hours.best_from => (Level::BetterNot, Reason::Preparing),
        minute if minute < hours.best_until => (Level::Best, Reason::Morning),
        minute if minute < hours.midday_from => (Level::Fine, Reason::LateMorning),
        minute if minute < hours.midday_until => (Level::No, Reason::Midday),
        minute if minute < hours.business_from => (Level::BetterNot, Reason::NotForBusiness),
        minute if minute < hours.business_until => (Level::Fine, Reason::Afternoon),
        minute if minute < hours.evening_until => (Level::BetterNot, Reason::Evening),
        _ => (Level::No, Reason::TooLate),
    }
}

/// Mondays are avoided (if necessary, the afternoon), Fridays are for confirming.
fn by_weekday(
    (level, reason): (Level, Reason),
    at: Moment,
    hours: &CallingHours,
) -> (Level, Reason) {
    match at.date.weekday() {
        Weekday::Monday if at.minute < hours.midday_until && level > Level::BetterNot => {
            (Level::BetterNot, Reason::Monday)
        }
        Weekday::Monday if level > Level::Fine => (Level::Fine, Reason::Monday),
        Weekday::Friday if level > Level::Fine => (Level::Fine, Reason::Friday),
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday
        | Weekday::Saturday
        | Weekday::Sunday => (level, reason),
    }
}

fn next_stretch(callee: &Callee, now: Moment, hours: &CallingHours) -> Option<Stretch> {
    let find = |wanted: Level| {
        (0..=SEARCH_DAYS).find_map(|ahead| {
            let date = now.date.checked_add(Span::new().days(ahead)).ok()?;
            let first = if ahead == 0 { now.minute } else { 0 };
            stretch_of(callee, date, first, wanted, hours)
        })
    };
    find(Level::Best).or_else(|| find(Level::Fine))
}

/// The first stretch of a day, from a minute on, that is at least as good as wanted.
fn stretch_of(
    callee: &Callee,
    date: Date,
    first: u16,
    wanted: Level,
    hours: &CallingHours,
) -> Option<Stretch> {
    let is_good = |minute: u16| judge(callee, Moment { date, minute }, hours).0 >= wanted;
    let grid = first.next_multiple_of(STEP_MINUTES);
    let mut minutes = std::iter::once(first)
        .chain((grid..MINUTES_OF_DAY).step_by(usize::from(STEP_MINUTES)))
        .skip_while(|minute| !is_good(*minute));
    let from = minutes.next()?;
    let until = minutes
        .find(|minute| !is_good(*minute))
        .unwrap_or(MINUTES_OF_DAY);
    Some(Stretch { date, from, until })
}
