//! Panics that are caught around the document library.
//!
//! A hostile tablet could cause one with every change. The gate takes them for refusals, so their
//! reports would only flood the log; a line now and then says how many there were and where, and
//! nothing of what the panic says, because that may quote a card.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Pause between two lines about panics that were caught.
const LINE_PAUSE: Duration = Duration::from_secs(1);

thread_local! {
    /// Whether what this thread does now may panic without harm.
    static IS_EXPECTED: Cell<bool> = const { Cell::new(false) };
}

static TALLY: Mutex<Tally> = Mutex::new(Tally::new());

/// Marks the thread until it is dropped.
struct Expecting {
    before: bool,
}

impl Drop for Expecting {
    fn drop(&mut self) {
        IS_EXPECTED.set(self.before);
    }
}

/// Runs something and catches its panics, of which the log gets only a summary. What it was
/// working on is not to be used after a panic.
pub(super) fn catch<T>(body: impl FnOnce() -> T) -> thread::Result<T> {
    let _expecting = Expecting {
        before: IS_EXPECTED.replace(true),
    };
    panic::catch_unwind(AssertUnwindSafe(body))
}

/// Reports panics that [`catch`] catches in short from now on, and all others as before.
pub fn summarise_caught_panics() {
    let report = |count: u64, place: &str| {
        tracing::warn!(count, place, "panics were caught while changes were judged");
    };
    panic::set_hook(hook(panic::take_hook(), report));
}

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Send + Sync>;

fn hook(others: Hook, report: impl Fn(u64, &str) + Send + Sync + 'static) -> Hook {
    Box::new(move |panic| {
        if !IS_EXPECTED.get() {
            return others(panic);
        }
        let due = {
            let mut tally = TALLY.lock().unwrap_or_else(PoisonError::into_inner);
            tally.note(Instant::now())
        };
        if let Some(count) = due {
            let place = panic.location().map(ToString::to_string);
            report(count, &place.unwrap_or_default());
        }
    })
}

/// Counts what was not reported yet.
struct Tally {
    count: u64,
    last_line: Option<Instant>,
}

impl Tally {
    const fn new() -> Self {
        Self {
            count: 0,
            last_line: None,
        }
    }

    /// Counts one; answers how many there are to report, if it is time to.
    fn note(&mut self, now: Instant) -> Option<u64> {
        self.count += 1;
        let is_early = self
            .last_line
            .is_some_and(|last| now.saturating_duration_since(last) < LINE_PAUSE);
        if is_early {
            return None;
        }
        self.last_line = Some(now);
        Some(std::mem::take(&mut self.count))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn there_is_one_line_a_second_and_it_counts_all() {
        let mut tally = Tally::new();
        let start = Instant::now();
        assert_eq!(tally.note(start), Some(1));
        for millis in 1..1_000 {
            assert_eq!(tally.note(start + Duration::from_millis(millis)), None);
        }
        assert_eq!(tally.note(start + LINE_PAUSE), Some(1_000));
    }

    #[test]
    fn caught_panics_are_summed_up_and_others_told_in_full() {
        let here = thread::current().id();
        let is_here = move || thread::current().id() == here;
        let told: Arc<Mutex<Vec<String>>> = Arc::default();
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let before = panic::take_hook();
        let others: Hook = Box::new({
            let told = Arc::clone(&told);
            move |panic| {
                if is_here() {
                    let text = panic.payload().downcast_ref::<&str>();
                    told.lock().unwrap().push((*text.unwrap()).to_owned());
                } else {
                    // Another test, which runs meanwhile.
                    before(panic);
                }
            }
        });
        let report = {
            let lines = Arc::clone(&lines);
            move |_, place: &str| {
                if is_here() {
                    lines.lock().unwrap().push(place.to_owned());
                }
            }
        };
        panic::set_hook(hook(others, report));
        for _ in 0..1_000 {
            catch(|| panic!("王芳")).unwrap_err();
        }
        panic::catch_unwind(|| panic!("ours")).unwrap_err();
        catch(|| catch(|| ()).is_ok()).unwrap();
        panic::catch_unwind(|| panic!("ours again")).unwrap_err();
        assert_eq!(*told.lock().unwrap(), ["ours", "ours again"]);
        let lines = lines.lock().unwrap();
        assert!(lines.len() < 30, "{} lines", lines.len());
        assert!(lines.iter().all(|line| line.contains("caught.rs")));
    }
}
