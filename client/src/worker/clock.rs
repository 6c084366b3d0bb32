//! The browser's time and randomness.

use floorbook_shared::id::Randomness;
use floorbook_shared::time::Timestamp;

/// The time by this tablet's clock.
pub(super) fn now() -> Timestamp {
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// The browser's randomness.
pub(super) struct BrowserRandomness;

impl Randomness for BrowserRandomness {
    fn fill(&mut self, target: &mut [u8]) {
        // A browser without randomness can't keep anyone's data apart: better to stop here.
        assert!(
            getrandom::fill(target).is_ok(),
            "the browser gives no randomness"
        );
    }
}
