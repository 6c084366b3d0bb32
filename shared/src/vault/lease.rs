//! The lease: how long a keyring opens without the tablet having spoken with the server.
//!
//! Time is counted twice. By the clock: from the contact until now. Steadily: by what the clock
//! moved forward between two looks at it; setting it back takes nothing away. Whichever is more
//! counts, so a clock that is set back gains nothing.

use serde::{Deserialize, Serialize};

use crate::faults;
use crate::time::Timestamp;

const HOUR_MILLIS: u64 = 3_600_000;
/// Before the end the screen warns for this time, in hours.
pub const WARNING_HOURS: u32 = 72;
/// A look at the clock is written again after this time, in milliseconds: a restart in between
/// with a clock set back gains at most that much.
pub const NOTE_AFTER_MILLIS: u64 = 600_000;

/// How long a keyring still opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// How long it lasts from contact to contact, in hours.
    pub hours: u32,
    /// What the clock showed at the last contact.
    pub contact: Timestamp,
    /// What it showed when it was looked at last.
    pub looked: Timestamp,
    /// What it moved forward since the contact, in milliseconds; it never shrinks.
    pub steady_millis: u64,
}

impl Lease {
    /// A lease that begins with a contact now.
    pub const fn begun(hours: u32, now: Timestamp) -> Self {
        Self {
            hours,
            contact: now,
            looked: now,
            steady_millis: 0,
        }
    }

    /// The lease after a look at the clock.
    #[must_use]
    pub fn looked_at(self, now: Timestamp) -> Self {
        Self {
            looked: now,
            steady_millis: self.steady_millis.saturating_add(passed(self.looked, now)),
            ..self
        }
    }

    /// Whether the clock moved so far since it was last written that it should be again; also if
    /// it went back, since what it moves forward from there counts.
    pub fn is_worth_noting(self, now: Timestamp) -> bool {
        passed(self.looked, now) >= NOTE_AFTER_MILLIS || now < self.looked
    }

    /// Time since the contact, in milliseconds.
    pub fn elapsed_millis(self, now: Timestamp) -> u64 {
        let mut steady = self.looked_at(now).steady_millis;
        if faults::is_planted("lease_follows_the_clock_alone") {
            steady = 0;
        }
        steady.max(passed(self.contact, now))
    }

    /// Time that is left, in milliseconds.
    pub fn left_millis(self, now: Timestamp) -> u64 {
        let whole = u64::from(self.hours).saturating_mul(HOUR_MILLIS);
        whole.saturating_sub(self.elapsed_millis(now))
    }

    /// Whole hours that are left, those that have begun included.
    pub fn hours_left(self, now: Timestamp) -> u32 {
        u32::try_from(self.left_millis(now).div_ceil(HOUR_MILLIS)).unwrap_or(u32::MAX)
    }

    /// When the clock is to be looked at next, if nobody looks before.
    pub fn wake_at(self) -> Timestamp {
        let end = self.left_millis(self.looked).min(NOTE_AFTER_MILLIS);
        self.looked
            .plus_millis(i64::try_from(end).unwrap_or(i64::MAX))
    }

    /// Whether nothing is left: what the PIN opens has to go.
    pub fn is_over(self, now: Timestamp) -> bool {
        self.left_millis(now) == 0
    }

    /// Whether the end is near enough to be shown.
    pub fn is_ending(self, now: Timestamp) -> bool {
        let left = self.left_millis(now);
        // Of a short lease the last quarter is warned of.
        let quarter = u64::from(self.hours).saturating_mul(HOUR_MILLIS) / 4;
        left <= quarter.min(u64::from(WARNING_HOURS).saturating_mul(HOUR_MILLIS))
    }
}

fn passed(from: Timestamp, to: Timestamp) -> u64 {
    let millis = to.as_millis().saturating_sub(from.as_millis());
    u64::try_from(millis).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(count: i64) -> i64 {
        count * 3_600_000
    }

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_millis(hours(1_000_000 + hour))
    }

    #[test]
    fn a_lease_ends_after_its_hours_and_warns_before() {
        let lease = Lease::begun(504, at(0));
        assert!(!lease.is_ending(at(431)));
        assert!(lease.is_ending(at(432)));
        assert!(!lease.is_over(at(503)));
        assert!(lease.is_over(at(504)));
    }

    #[test]
    fn a_clock_set_back_gains_nothing() {
        let mut lease = Lease::begun(24, at(0));
        // Twenty hours, then the clock goes back by nineteen, and four hours more.
        lease = lease.looked_at(at(20));
        lease = lease.looked_at(at(1));
        assert!(!lease.is_over(at(4)));
        assert!(lease.is_over(at(5)));
        assert!(lease.looked_at(at(5)).looked_at(at(0)).is_over(at(0)));
    }

    #[test]
    fn a_clock_that_was_wrong_at_the_contact_ends_it_early_at_worst() {
        let lease = Lease::begun(24, at(-1_000));
        assert!(lease.is_over(at(0)));
        let lease = Lease::begun(24, at(1_000)).looked_at(at(0));
        assert!(lease.is_over(at(24)));
    }
}
