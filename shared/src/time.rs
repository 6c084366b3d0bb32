//! Points in time and civil dates.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A civil date, in the time zone of the store that it belongs to.
pub type Date = jiff::civil::Date;

/// Days from `from` until `to`.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// Milliseconds since 1970-01-01 UTC, as some device's clock told it.
///
/// Never decides an order between devices: order is by causality (invariant 8).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point `millis` milliseconds after 1970-01-01 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC, the unit of Automerge's commit time.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The point `millis` milliseconds later.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

/// An hour and minute of a store's day.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// The time with this hour and minute, if there is one.
    pub const fn new(hour: u16, minute: u16) -> Option<Self> {
        if hour < 24 && minute < 60 {
            Some(Self(hour * 60 + minute))
        } else {
            None
        }
    }

    /// Minutes since the beginning of the day.
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// A text that is no hour and minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no time of day")]
pub struct NoTimeOfDay;

impl FromStr for TimeOfDay {
    type Err = NoTimeOfDay;

    fn from_str(text: &str) -> Result<Self, NoTimeOfDay> {
        let (hour, minute) = text.split_once(':').ok_or(NoTimeOfDay)?;
        let number = |text: &str| {
            let is_short = !text.is_empty() && text.len() <= 2;
            let is_number = is_short && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse::<u16>().ok()).flatten()
        };
        let time = number(hour).zip(number(minute));
        time.and_then(|(hour, minute)| Self::new(hour, minute))
            .ok_or(NoTimeOfDay)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NoTimeOfDay;

    fn try_from(text: String) -> Result<Self, NoTimeOfDay> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_and_minutes_are_read_and_written() {
        for text in ["00:00", "09:05", "23:59"] {
            assert_eq!(text.parse::<TimeOfDay>().unwrap().to_string(), text);
        }
        assert_eq!("9:5".parse::<TimeOfDay>().unwrap().to_string(), "09:05");
        for wrong in ["", "24:00", "12:60", "12", "+1:00", "1:", "001:00", "十:00"] {
            assert_eq!(wrong.parse::<TimeOfDay>(), Err(NoTimeOfDay), "{wrong}");
        }
    }
}
