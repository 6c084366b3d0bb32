//! The server's clock and randomness, which tests replace.

use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

use floorbook_shared::id::Randomness;
use floorbook_shared::time::{Date, Timestamp};
use rand::Rng;

/// Tells the time.
pub trait Clock: Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let millis = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| {
                i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
            });
        Timestamp::from_millis(millis)
    }
}

/// Randomness from the machine, fit for secrets.
#[derive(Clone, Copy, Debug)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&mut self, target: &mut [u8]) {
        rand::rng().fill_bytes(target);
    }
}

/// The store's day at a time; the day in UTC for a time zone that this program does not know.
pub fn store_day(now: Timestamp, time_zone: &str) -> Date {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let now = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
    now.to_zoned(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_when_it_begins_in_the_store() {
        // 2026-11-21, 16:30 in UTC.
        let evening = Timestamp::from_millis(1_795_278_600_000);
        let day = |zone| store_day(evening, zone).to_string();
        assert_eq!(day("Asia/Shanghai"), "2026-11-22");
        assert_eq!(day("nowhere"), "2026-11-21");
    }
}
