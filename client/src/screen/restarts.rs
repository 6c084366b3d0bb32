//! How often a worker that trapped is started again by itself.

use std::collections::VecDeque;

use floorbook_shared::time::Timestamp;

/// Traps that lie this far back, in milliseconds, are forgotten.
const MEMORY_MILLIS: i64 = 60_000;
/// Restarts within that time, each of which sets a document aside.
const RESTARTS_MAX: usize = 10;
/// Traps within that time of which nobody knows the document: nothing would be different the next
/// time.
const UNKNOWN_MAX: usize = 1;

/// The traps of the last minute.
#[derive(Debug, Default)]
pub struct Restarts {
    traps: VecDeque<(Timestamp, bool)>,
}

impl Restarts {
    /// Takes note of a trap and says whether another worker is to be started.
    pub fn may_restart(&mut self, is_document_known: bool, now: Timestamp) -> bool {
        let is_recent = |at: Timestamp| {
            let passed = now.as_millis().saturating_sub(at.as_millis());
            (0..MEMORY_MILLIS).contains(&passed)
        };
        self.traps.retain(|(at, _)| is_recent(*at));
        self.traps.push_back((now, is_document_known));
        let unknown = self.traps.iter().filter(|(_, is_known)| !is_known);
        self.traps.len() <= RESTARTS_MAX && unknown.count() <= UNKNOWN_MAX
    }

    /// A person starts the worker: it gets all its tries again.
    pub fn forget(&mut self) {
        self.traps.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_000_000_000);

    #[test]
    fn a_worker_that_traps_for_no_known_reason_is_started_again_once_a_minute() {
        let mut restarts = Restarts::default();
        assert!(restarts.may_restart(false, NOON));
        assert!(!restarts.may_restart(false, NOON.plus_millis(59_000)));
        assert!(restarts.may_restart(false, NOON.plus_millis(120_000)));
    }

    #[test]
    fn many_poisonous_documents_do_not_make_an_endless_loop() {
        let mut restarts = Restarts::default();
        let allowed = (0..100).filter(|_| restarts.may_restart(true, NOON));
        assert_eq!(allowed.count(), RESTARTS_MAX);
        restarts.forget();
        assert!(restarts.may_restart(true, NOON));
    }
}
