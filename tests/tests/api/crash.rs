//! The power fails at every write of a history: what was reported as done is there, everything
//! verifies, and the history goes on to the same end.

use floorbook_server::database::RedbDatabase;
use floorbook_shared::time::Timestamp;
use floorbook_tests::crash::history::{HISTORY, Life};
use floorbook_tests::crash::machine::{Aftermath, Machine};

/// Writes at which the power fails in a normal run; `FLOORBOOK_CRASH_ALL=1` takes all of them.
const SAMPLES: u64 = 120;

/// The history as it goes when nothing fails.
struct Reference {
    /// What the server says before the first step and after each.
    said: Vec<String>,
    /// Writes up to there.
    operations: Vec<u64>,
    /// The machine as it was in the middle, with the server stopped: a backup.
    backup: Machine,
    backup_step: usize,
    of_people: String,
    /// Writes of making the file, which has its name only after them.
    of_making: u64,
}

fn reference() -> Reference {
    let machine = Machine::default();
    drop(RedbDatabase::with_backend(machine.disk()).unwrap());
    let of_making = machine.operations();
    let machine = Machine::default();
    let mut life = Life::start(machine.clone()).unwrap();
    let mut said = vec![life.says().unwrap()];
    let mut operations = vec![machine.operations()];
    let mut backup = None;
    for (number, step) in HISTORY.into_iter().enumerate() {
        life.take(step).unwrap();
        said.push(life.says().unwrap());
        operations.push(machine.operations());
        if number == 3 {
            // As the disk is found after a cut right behind the step: everything was synced.
            backup = Some((machine.after_crash(Aftermath::AllLost, 0), number));
        }
    }
    life.is_healthy().unwrap();
    let (backup, backup_step) = backup.unwrap();
    Reference {
        said,
        operations,
        backup,
        backup_step,
        of_people: life.says_of_people().unwrap(),
        of_making,
    }
}

/// Lives on until the power fails; answers how many steps were reported as done.
fn live(machine: &Machine) -> usize {
    let Ok(mut life) = Life::start(machine.clone()) else {
        return 0;
    };
    let taken = HISTORY
        .into_iter()
        .take_while(|step| life.take(*step).is_ok());
    taken.count()
}

fn check(reference: &Reference, done: usize, machine: &Machine, fails_at: u64) {
    let mut life = match Life::start(machine.clone()) {
        // A file that is not whole yet is made anew at the next start.
        Err(_) if fails_at <= reference.of_making => return,
        started => started.unwrap(),
    };
    life.is_healthy().unwrap();
    let said = life.says().unwrap();
    // The step under way may have become durable just before the power failed.
    let next = if said == reference.said[done] {
        done
    } else {
        let is_behind = Some(&said) == reference.said.get(done + 1);
        assert!(is_behind, "neither before nor after step {done}");
        done + 1
    };
    for step in HISTORY.into_iter().skip(next) {
        life.take(step).unwrap();
    }
    let is_same = Some(&life.says().unwrap()) == reference.said.last();
    assert!(is_same, "the history came to another end");
    life.is_healthy().unwrap();
    drop(life);
    if fails_at > reference.operations[reference.backup_step + 1] {
        check_restored(reference, machine);
    }
}

/// The backup of the middle, with the ledger of a machine that went through a crash.
fn check_restored(reference: &Reference, machine: &Machine) {
    let restored = machine.with_database_of(&reference.backup);
    let now = Timestamp::from_millis(1_800_000_000_000);
    let database = RedbDatabase::with_backend(restored.disk()).unwrap();
    database
        .replay_ledger(restored.ledger(), false, now)
        .unwrap();
    drop(database);
    let life = Life::start(restored).unwrap();
    assert_eq!(life.says_of_people().unwrap(), reference.of_people);
    life.is_healthy().unwrap();
}

/// Runs `work` and says which crash it was if it fails.
fn named(what: &str, work: impl FnOnce()) {
    struct Named<'a>(&'a str);
    impl Drop for Named<'_> {
        fn drop(&mut self) {
            if std::thread::panicking() {
                let text = format!("the crash was: {}\n", self.0);
                let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
            }
        }
    }
    let _named = Named(what);
    work();
}

#[test]
fn what_was_reported_as_done_survives_a_power_cut_at_any_write() {
    let reference = reference();
    let all = *reference.operations.last().unwrap();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let wants_all = number("FLOORBOOK_CRASH_ALL") == Some(1_u64);
    let only: Option<u64> = number("FLOORBOOK_CRASH_AT");
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seed = number("FLOORBOOK_CRASH_SEED").unwrap_or(clock.unwrap().as_secs());
    for fails_at in 1..=all {
        let draw = fails_at
            .wrapping_add(seed)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            >> 32;
        let is_drawn = wants_all || draw % all < SAMPLES;
        if !only.map_or(is_drawn, |only| only == fails_at) {
            continue;
        }
        let machine = Machine::failing_at(fails_at);
        let done = live(&machine);
        assert!(machine.is_off(), "write {fails_at} of {all} did not come");
        for (number, aftermath) in (0_u64..).zip(Aftermath::ALL) {
            if !wants_all && only.is_none() && number != draw % 4 {
                continue;
            }
            let what = format!("write {fails_at} of {all}, {aftermath:?}, seed {seed}");
            named(&what, || {
                let after = machine.after_crash(aftermath, seed ^ fails_at);
                check(&reference, done, &after, fails_at);
            });
        }
    }
}
