//! The simulator: tablets, a server, a network and their disks, all driven by one seed.
//!
//! The tablets run `shared::device` and the server runs its own committer on the real redb tables;
//! only clocks, sockets and disks are played. A step does one thing that can happen: a person
//! works, a message arrives (late, twice, out of order), a connection breaks or falls silent, a
//! read or write completes or fails, a clock jumps, someone new begins to work, a tablet or the
//! server is killed and starts again. Afterwards the network heals and the [checks](check) compare
//! everyone with what was promised on the way.

pub mod check;
pub mod disk;
pub mod handing_over;
pub mod host;
pub mod network;
pub mod organisation;
pub mod people;
mod restoring;
mod revoking;
pub mod server;
pub mod tablet;
pub mod weather;
pub mod work;

use floorbook_shared::id::{PersonId, Randomness};
use floorbook_shared::time::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use check::Promises;
use handing_over::Handed;
use people::Worker;
use server::Server;
use tablet::Tablet;
pub use weather::Weather;

/// Where the worlds' clocks begin: 2026-11-22, 08:00 in Shanghai.
const START: Timestamp = Timestamp::from_millis(1_795_305_600_000);
/// Steps after which a world that only heals must be quiet.
const HEALING_STEPS_MAX: usize = 100_000;
/// Time after which a world that only heals must be quiet, in milliseconds.
const HEALING_MAX_MILLIS: i64 = 30 * 60_000;
/// Most tablets in a world, with those that joined later.
const TABLETS_MAX: usize = 6;
/// How far a tablet's clock may jump, in milliseconds: twenty days.
const CLOCK_JUMP_MAX_MILLIS: usize = 20 * 24 * 3_600_000;

/// Seeded randomness.
pub struct Dice(StdRng);

impl Dice {
    /// Dice that always fall the same way for this seed.
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound.max(1))
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

impl Randomness for Dice {
    fn fill(&mut self, target: &mut [u8]) {
        self.0.fill_bytes(target);
    }
}

/// What happened in a world, so that a test can say that it tested what it means to test.
#[derive(Clone, Copy, Debug, Default)]
pub struct Statistics {
    /// Frames behind which more followed.
    pub full_frames: usize,
    /// Most frames that were under way to one tablet without being confirmed.
    pub frames_ahead: usize,
    /// Changes that the server refused.
    pub refused: usize,
    /// Damaged values on tablets' disks.
    pub damaged: usize,
    /// Restored backups that lacked something.
    pub restored: usize,
    /// Tablets that never came back.
    pub gone: usize,
    /// Changes that tablets brought back for others after a restore.
    pub brought_back: usize,
    /// Cards that moved to another book.
    pub moved: usize,
    /// Changes of who may see what.
    pub rights: usize,
    /// Times that someone took a tablet from someone else.
    pub turns: usize,
    /// Keyrings that did not open.
    pub wrong: usize,
    /// Pushes by people without the right to.
    pub forged: usize,
    /// Changes that were taken although their authors had lost the right meanwhile.
    pub late: usize,
    /// Cards that left a tablet.
    pub left: usize,
    /// Times that a tablet held something else than the server and had to ask what.
    pub differences: usize,
    /// Handovers for good.
    pub for_good: usize,
    /// Covers of everything that somebody looks after.
    pub covers_of_all: usize,
    /// Covers of some customers.
    pub covers_of_some: usize,
    /// Covers that somebody ended before their time.
    pub ended_early: usize,
    /// Covers whose time was over.
    pub ended_by_time: usize,
    /// Handovers in the middle of which the server was killed.
    pub interrupted: usize,
    /// Pushes between two slices of a handover.
    pub between_slices: usize,
    /// Tablets that were given up, delivered everything and are empty.
    pub retired: usize,
    /// Stolen tablets that are empty.
    pub stolen: usize,
    /// Entries that went with stolen tablets.
    pub excused: usize,
    /// People who left.
    pub leavers: usize,
    /// Changes of people who had left when they arrived.
    pub of_leavers: usize,
}

/// A world of one chain with one server and some tablets.
pub struct World {
    /// The seed that made it; printed when something is wrong.
    pub seed: u64,
    /// What happened so far.
    pub statistics: Statistics,
    weather: Weather,
    now: Timestamp,
    dice: Dice,
    server: Server,
    tablets: Vec<Tablet>,
    promises: Promises,
    handed: Handed,
}

impl World {
    /// A world of this seed, with everyone signed in.
    pub fn new(seed: u64, weather: Weather) -> Self {
        let mut dice = Dice::new(seed);
        let mut server = Server::start(&mut dice, START);
        server.has_books = weather.moves || weather.rights || weather.handovers || weather.revokes;
        server.hands_over = weather.handovers;
        server.revokes = weather.revokes;
        let tablets = (0..weather.tablets)
            .map(|number| {
                let identity = server.enrol(number, false, &mut dice, START);
                let mut tablet = Tablet::new(identity);
                let others = if weather.is_shared { number % 2 + 1 } else { 0 };
                for _ in 0..others {
                    let identity = server.employ(&tablet.worker().identity, &mut dice, START);
                    tablet.workers.push(Worker::new(identity));
                }
                tablet
            })
            .collect();
        let mut world = Self {
            seed,
            statistics: Statistics::default(),
            weather,
            now: START,
            dice,
            server,
            tablets,
            promises: Promises::default(),
            handed: Handed::default(),
        };
        if world.server.has_books {
            for _ in 0..2 * weather.tablets {
                world.change_rights();
            }
        }
        world
    }

    /// Runs a world from its seed to the end, with all checks. Panics with the seed.
    pub fn run(seed: u64, weather: Weather) -> Statistics {
        let result = std::panic::catch_unwind(|| {
            let mut world = Self::new(seed, weather);
            for _ in 0..weather.steps {
                world.step();
            }
            world.heal();
            world.check_vaults(true);
            for turn in 0..world.most_workers() {
                world.call(turn);
                world.settle();
                world.open_everything();
                world.check_end();
            }
            world.check_differences();
            world.statistics
        });
        match result {
            Ok(statistics) => statistics,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let text =
                    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                panic!(
                    "world of seed {seed} ({weather:?}): {}",
                    text.unwrap_or_default()
                );
            }
        }
    }

    /// One thing happens.
    pub fn step(&mut self) {
        self.now = self.now.plus_millis(self.dice.below(400) as i64);
        let number = self.dice.below(self.tablets.len());
        if self.tablets[number].is_gone {
            return self.serve();
        }
        let weather = self.weather;
        if self.dice.chance(weather.work) {
            return self.work(number);
        }
        match self.dice.below(1_000) {
            0..300 => self.turn(number),
            300..500 => self.deliver(number),
            500..530 => self.wake(number),
            530..575 if weather.network => self.disturb(number),
            575..595 if weather.network => self.cut(number),
            595..600 if weather.network => self.fall_silent(number),
            600..610 if weather.storage => self.fail_operation(number),
            610..622 if weather.kills => self.restart_tablet(number),
            622..628 if weather.kills => self.restart_server(),
            628..638 => self.now = self.now.plus_millis(30_000),
            638..646 if weather.clocks => self.jump_clock(number),
            646..650 if weather.newcomers => self.add_newcomer(),
            650..658 if weather.away => self.leave_or_return(number),
            658..663 if weather.damage => self.damage(number),
            663..667 if weather.restores => self.back_up_or_restore(),
            667..672 if weather.moves => self.move_card(),
            672..682 if weather.rights => self.change_rights(),
            682..686 if weather.rights => self.forge(),
            686..716 if weather.is_shared => self.take_turns(number),
            716..731 if weather.handovers => self.hand_over(),
            731..741 if weather.handovers => self.end_cover(),
            741..748 if weather.revokes => self.revoke(number),
            _ => self.serve(),
        }
    }

    /// Lets everyone finish in fair weather.
    fn heal(&mut self) {
        self.weather = Weather {
            work: 0,
            ..Weather::fair(self.weather.tablets, 0)
        };
        for number in 0..self.tablets.len() {
            self.tablets[number].is_away = false;
        }
        // Once more from the beginning: what one does is news for those before.
        for turn in 0..=self.most_workers() {
            self.call(turn);
            self.settle();
            if turn == 0 {
                self.check_absent();
            }
        }
    }

    /// How many people work on the tablet that most people work on.
    fn most_workers(&self) -> usize {
        let workers = self.tablets.iter().map(|tablet| tablet.workers.len());
        workers.max().unwrap_or(0)
    }

    /// One of the people of a tablet.
    fn anyone_on(&mut self, number: usize) -> PersonId {
        let workers = &self.tablets[number].workers;
        workers[self.dice.below(workers.len())].identity.person
    }

    /// Lets everyone finish what is under way.
    fn settle(&mut self) {
        let began = self.now;
        for _ in 0..HEALING_STEPS_MAX {
            let present: Vec<usize> = self.present().map(|(number, _)| number).collect();
            for number in present {
                self.wake(number);
                self.turn(number);
                self.deliver(number);
            }
            self.serve();
            if !self.is_still() {
                continue;
            }
            // A tablet does not know at once that its connection is gone.
            let speaking = self.present().filter(|(_, tablet)| tablet.speaks()).count();
            let is_connected = self.server.connected().len() == speaking;
            let is_in_sync = self.present().all(|(_, tablet)| {
                let person = tablet.worker().identity.person;
                if tablet.worker().has_left {
                    return tablet.device.person().is_none() && tablet.device.status().unsent == 0;
                }
                tablet.device.person() == Some(person) && tablet.device.is_in_sync()
            });
            if is_connected && is_in_sync {
                return;
            }
            // Only time can help.
            let timers = self.present().filter_map(|(_, tablet)| tablet.timer);
            let next = timers.min();
            self.now = self.now.plus_millis(10).max(next.unwrap_or(self.now));
            let passed = self.now.as_millis() - began.as_millis();
            if passed > HEALING_MAX_MILLIS {
                break;
            }
        }
        let states: Vec<_> = self
            .present()
            .map(|(number, tablet)| {
                let state = self
                    .server
                    .state_of(tablet.worker().identity.device, self.now);
                let person = tablet.device.person();
                let (worker, status) = (tablet.worker(), tablet.device.status());
                (number, state, person, tablet.is_laid_down, worker, status)
            })
            .collect();
        panic!("the world did not come to rest: {states:?}");
    }

    /// The tablets that did not go for good, with their numbers.
    fn present(&self) -> impl Iterator<Item = (usize, &Tablet)> {
        let tablets = self.tablets.iter().enumerate();
        tablets.filter(|(_, tablet)| !tablet.is_gone)
    }

    /// Whether nothing happens until time passes.
    fn is_still(&self) -> bool {
        self.server.is_idle(self.now)
            && self.server.is_drained()
            && self.present().all(|(_, tablet)| tablet.is_idle())
    }
}
