//! The server's clock and randomness, which tests replace.

use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

use floorbook_shared::id::Randomness;
use floorbook_shared::time::Timestamp;
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
