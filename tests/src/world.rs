//! The simulator: tablets, a server, a network and their disks, all driven by one seed.
//!
//! The tablets run `shared::device` and the server runs its own committer on the real redb tables;
//! only clocks, sockets and disks are played. A step does one thing that can happen: a person
//! works, a message arrives (late, twice, out of order), a connection breaks, a write completes or
//! fails, a tablet or the server is killed and starts again. Afterwards the network heals and the
//! [checks](check) compare everyone with what was promised on the way.

pub mod check;
pub mod disk;
pub mod server;
pub mod tablet;
pub mod work;

use floorbook_shared::id::Randomness;
use floorbook_shared::time::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use check::Promises;
use server::Server;
use tablet::Tablet;

/// Where the worlds' clocks begin: 2026-11-22, 08:00 in Shanghai.
const START: Timestamp = Timestamp::from_millis(1_795_305_600_000);
/// Steps after which a world that only heals must be quiet.
const HEALING_STEPS_MAX: usize = 200_000;

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

/// How rough a world is.
#[derive(Clone, Copy, Debug)]
pub struct Weather {
    /// Tablets in the world.
    pub tablets: usize,
    /// Steps before it heals.
    pub steps: usize,
}

/// A world of one chain with one server and some tablets.
pub struct World {
    /// The seed that made it; printed when something is wrong.
    pub seed: u64,
    now: Timestamp,
    dice: Dice,
    server: Server,
    tablets: Vec<Tablet>,
    promises: Promises,
}

impl World {
    /// A world of this seed, with everyone signed in.
    pub fn new(seed: u64, weather: Weather) -> Self {
        let mut dice = Dice::new(seed);
        let mut server = Server::start(&mut dice, START);
        let tablets = (0..weather.tablets)
            .map(|number| {
                let identity = server.enrol(number, &mut dice, START);
                Tablet::new(identity)
            })
            .collect();
        Self {
            seed,
            now: START,
            dice,
            server,
            tablets,
            promises: Promises::default(),
        }
    }

    /// Runs a world from its seed to the end, with all checks. Panics with the seed.
    pub fn run(seed: u64, weather: Weather) {
        let result = std::panic::catch_unwind(|| {
            let mut world = Self::new(seed, weather);
            for _ in 0..weather.steps {
                world.step();
            }
            world.heal();
            world.check_end();
        });
        if let Err(panic) = result {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            panic!(
                "world of seed {seed} ({weather:?}): {}",
                text.unwrap_or_default()
            );
        }
    }

    /// One thing happens.
    pub fn step(&mut self) {
        self.now = self.now.plus_millis(self.dice.below(400) as i64);
        let number = self.dice.below(self.tablets.len());
        match self.dice.below(100) {
            0..12 => self.work(number),
            12..50 => self.turn(number),
            50..75 => self.deliver(number),
            75..80 => self.wake(number),
            80..84 => self.disturb(number),
            84..87 => self.cut(number),
            87..88 => self.fail_write(number),
            88..90 => self.restart_tablet(number),
            90..91 => self.restart_server(),
            91..92 => self.now = self.now.plus_millis(30_000),
            _ => self.serve(),
        }
    }

    /// Lets everyone finish in fair weather.
    fn heal(&mut self) {
        for quiet in 0..HEALING_STEPS_MAX {
            if quiet % 64 == 0 {
                self.now = self.now.plus_millis(1_000);
            }
            for number in 0..self.tablets.len() {
                self.wake(number);
                self.turn(number);
                self.deliver(number);
            }
            self.serve();
            if self.is_quiet() {
                return;
            }
        }
        panic!("the world did not come to rest");
    }

    fn is_quiet(&self) -> bool {
        self.server.is_idle()
            && self
                .tablets
                .iter()
                .all(|tablet| tablet.is_idle() && tablet.device.is_in_sync())
            && self.server.is_drained()
    }
}
