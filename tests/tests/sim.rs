//! The simulator: thousands of seeded histories, and the named tests that find planted faults.

use floorbook_tests::world::{Weather, World};

/// Histories in a normal run; `FLOORBOOK_SIM_SEEDS` makes it more.
const SEEDS: u64 = 1_500;

fn seeds() -> u64 {
    let stated = std::env::var("FLOORBOOK_SIM_SEEDS").ok();
    stated.and_then(|text| text.parse().ok()).unwrap_or(SEEDS)
}

#[test]
fn every_history_ends_with_everything_everywhere() {
    for seed in 0..seeds() {
        World::run(
            seed,
            Weather {
                tablets: 2 + (seed % 3) as usize,
                steps: 400,
            },
        );
    }
}
