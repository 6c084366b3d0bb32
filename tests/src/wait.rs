//! Waiting for a state, never for a time.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

/// How long a story waits before it says that something did not happen.
pub const DEADLINE: Duration = Duration::from_secs(30);
/// The pause between two looks; it decides how busy the waiting is, never whether it succeeds.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks until `look` finds something.
///
/// # Errors
///
/// Says what was waited for, and what the last look said, if it does not come before the
/// [`DEADLINE`].
pub fn until<T>(what: &str, look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    within(DEADLINE, what, look)
}

/// As [`until`], for what is known to take longer.
///
/// # Errors
///
/// As [`until`].
pub fn within<T>(
    deadline: Duration,
    what: &str,
    mut look: impl FnMut() -> Result<Option<T>>,
) -> Result<T> {
    let began = Instant::now();
    let mut last = None;
    while began.elapsed() < deadline {
        match look() {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(error) => last = Some(error),
        }
        thread::sleep(PAUSE);
    }
    let last = last
        .map(|error| format!(" (last: {error:#})"))
        .unwrap_or_default();
    Err(anyhow!(
        "waited {} s in vain for {what}{last}",
        deadline.as_secs()
    ))
}
