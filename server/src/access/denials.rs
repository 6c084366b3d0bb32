//! Which denials get an entry of the audit: a few a minute, the others are counted, so that nobody
//! can fill the disk by being refused.
//!
//! Denials that are told by their reason ([`Denial`]) have one entry a minute for each tablet, person
//! and reason: the first at once, what comes after it in one entry when the minute is over.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::time::Timestamp;

use crate::database::model::Denial;

/// Entries of one tablet, or of all strangers together, in a minute.
const ENTRIES_PER_MINUTE: u32 = 3;
const MINUTE_MILLIS: i64 = 60_000;
/// Windows of reasons that are kept at a time; beyond them nobody is told apart.
const REASONS_MAX: usize = 10_000;

/// Who was refused, and why. Ids of people and tablets are known ones, so there are never many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denied {
    /// On which tablet, if it is known.
    pub device: Option<DeviceId>,
    /// Who, if it is known.
    pub person: Option<PersonId>,
    /// Why.
    pub denial: Denial,
}

/// The denials of the last minute, by tablet; strangers have none.
#[derive(Debug, Default)]
pub struct Denials {
    windows: Mutex<BTreeMap<Option<DeviceId>, Window>>,
    reasons: Mutex<BTreeMap<Denied, Reason>>,
}

#[derive(Debug)]
struct Window {
    since: Timestamp,
    entries: u32,
    uncounted: u32,
}

/// What is told of one reason.
#[derive(Clone, Copy, Debug)]
struct Reason {
    since: Timestamp,
    untold: u32,
}

impl Reason {
    fn is_over(self, now: Timestamp) -> bool {
        let age = now.as_millis().saturating_sub(self.since.as_millis());
        !(0..MINUTE_MILLIS).contains(&age)
    }
}

impl Denials {
    /// Takes note of a denial with its reason; answers whether it gets an entry now.
    pub fn note_reason(&self, denied: Denied, now: Timestamp) -> bool {
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = reasons.len() >= REASONS_MAX && !reasons.contains_key(&denied);
        let denied = if is_full {
            Denied {
                device: None,
                person: None,
                ..denied
            }
        } else {
            denied
        };
        if let Some(reason) = reasons.get_mut(&denied) {
            // Also when its minute is over: then the next look tells it.
            reason.untold = reason.untold.saturating_add(1);
            return false;
        }
        let since = now;
        reasons.insert(denied, Reason { since, untold: 0 });
        true
    }

    /// What is to be told now of denials that had no entry of their own, with how many there were.
    pub fn untold(&self, now: Timestamp, is_end: bool) -> Vec<(Denied, u32)> {
        let mut reasons = self.reasons.lock().unwrap_or_else(PoisonError::into_inner);
        let mut told = Vec::new();
        reasons.retain(|denied, reason| {
            if !is_end && !reason.is_over(now) {
                return true;
            }
            let times = std::mem::take(&mut reason.untold);
            if times > 0 {
                told.push((*denied, times));
            }
            reason.since = now;
            times > 0
        });
        told
    }

    /// Takes note of a denial. Answers, if it gets an entry, how many before it had none. There is
    /// one window for each enrolled tablet at most, so there are never many.
    pub fn note(&self, device: Option<DeviceId>, now: Timestamp) -> Option<u32> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(device).or_insert(Window {
            since: now,
            entries: 0,
            uncounted: 0,
        });
        let age = now.as_millis().saturating_sub(window.since.as_millis());
        if !(0..MINUTE_MILLIS).contains(&age) {
            window.since = now;
            window.entries = 0;
        }
        if window.entries == ENTRIES_PER_MINUTE {
            window.uncounted = window.uncounted.saturating_add(1);
            return None;
        }
        window.entries += 1;
        Some(std::mem::take(&mut window.uncounted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_an_entry_at_once_and_one_for_the_rest_of_each_minute() {
        let denials = Denials::default();
        let now = Timestamp::from_millis(1_000);
        let later = |minutes: i64| now.plus_millis(minutes * MINUTE_MILLIS);
        let denied = |byte| Denied {
            device: Some(DeviceId::from_bytes([byte; 16])),
            person: None,
            denial: Denial::NoRight,
        };
        assert!(denials.note_reason(denied(1), now));
        assert!(denials.note_reason(denied(2), now), "others have their own");
        for _ in 0..1_000 {
            assert!(!denials.note_reason(denied(1), now));
        }
        assert_eq!(denials.untold(now, false), [], "the minute is not over");
        assert_eq!(denials.untold(later(1), false), [(denied(1), 1_000)]);
        assert!(!denials.note_reason(denied(1), later(1)));
        assert!(denials.note_reason(denied(2), later(1)));
        assert_eq!(denials.untold(later(1), true), [(denied(1), 1)]);
        assert_eq!(denials.untold(later(3), false), []);
        assert!(denials.note_reason(denied(1), later(3)));
    }

    #[test]
    fn reasons_take_bounded_memory() {
        let denials = Denials::default();
        let now = Timestamp::from_millis(1_000);
        let mut entries = 0_usize;
        for number in 0..30_000_u128 {
            let denied = Denied {
                device: Some(DeviceId::from_bytes(number.to_be_bytes())),
                person: None,
                denial: Denial::NoRight,
            };
            entries += usize::from(denials.note_reason(denied, now));
        }
        assert_eq!(entries, REASONS_MAX + 1);
    }

    #[test]
    fn what_has_no_entry_is_counted_in_the_next_one() {
        let denials = Denials::default();
        let now = Timestamp::from_millis(1_000);
        let here = Some(DeviceId::from_bytes([1; 16]));
        for _ in 0..ENTRIES_PER_MINUTE {
            assert_eq!(denials.note(here, now), Some(0));
        }
        for _ in 0..7 {
            assert_eq!(denials.note(here, now), None);
        }
        assert_eq!(denials.note(None, now), Some(0), "others have their own");
        assert_eq!(denials.note(here, now.plus_millis(MINUTE_MILLIS)), Some(7));
        assert_eq!(denials.note(here, now), Some(0), "the clock was set back");
    }
}
