//! The simulator: thousands of seeded histories, and the named tests that find planted faults.

use floorbook_tests::world::{Weather, World};

/// Histories in a normal run; `FLOORBOOK_SIM_SEEDS` makes it more.
const SEEDS: u64 = 1_000;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

#[test]
fn every_history_ends_with_everything_everywhere() {
    let first = number("FLOORBOOK_SIM_SEED").unwrap_or(0);
    let seeds = number("FLOORBOOK_SIM_SEEDS").unwrap_or(SEEDS);
    let steps = number("FLOORBOOK_SIM_STEPS").unwrap_or(400);
    for seed in first..first + seeds {
        let rough = Weather::rough(2 + (seed % 3) as usize, steps as usize);
        let weather = Weather {
            refusals: seed % 4 == 1,
            damage: seed % 5 == 2,
            ..rough
        };
        World::run(seed, weather);
    }
}
