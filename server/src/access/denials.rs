//! Which denials get an entry of the audit: a few a minute, the others are counted, so that nobody
//! can fill the disk by being refused.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use floorbook_shared::id::DeviceId;
use floorbook_shared::time::Timestamp;

/// Entries of one tablet, or of all strangers together, in a minute.
const ENTRIES_PER_MINUTE: u32 = 3;
const MINUTE_MILLIS: i64 = 60_000;

/// The denials of the last minute, by tablet; strangers have none.
#[derive(Debug, Default)]
pub struct Denials {
    windows: Mutex<BTreeMap<Option<DeviceId>, Window>>,
}

#[derive(Debug)]
struct Window {
    since: Timestamp,
    entries: u32,
    uncounted: u32,
}

impl Denials {
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
