//! How hard the doctor works.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

/// How long the doctor works before it rests, beside a running server.
const WORK: Duration = Duration::from_millis(10);
/// How long it rests: it takes less than a third of one core.
const REST: Duration = Duration::from_millis(20);

/// Lets the doctor work as fast as it can, or gently beside a running server.
#[derive(Debug)]
pub struct Pace {
    rested: Option<Cell<Instant>>,
}

impl Pace {
    /// As fast as it can.
    pub const FAST: Self = Self { rested: None };

    /// With rests in between.
    pub fn gentle() -> Self {
        Self {
            rested: Some(Cell::new(Instant::now())),
        }
    }

    /// Rests if it is time to; called between two small pieces of work.
    pub(super) fn step(&self) {
        if let Some(rested) = &self.rested
            && rested.get().elapsed() > WORK
        {
            thread::sleep(REST);
            rested.set(Instant::now());
        }
    }
}
