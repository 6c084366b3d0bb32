//! `cargo xtask sim`: histories of simulated tablets and servers, as many as wanted.

use anyhow::Result;
use clap::Args;
use xshell::{Shell, cmd};

/// What `cargo xtask sim` can be told.
#[derive(Args)]
pub struct Options {
    /// The first seed; a failing history names its own
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many seeds, one history each
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// Steps of each history before it heals; a failing history needs the same number again
    #[arg(long, default_value_t = 400)]
    steps: u64,
}

/// Runs the histories with the simulator of the tests; stops at the first that fails.
pub fn sim(shell: &Shell, options: &Options) -> Result<()> {
    let test = cmd!(
        shell,
        "cargo test --quiet --workspace --exclude floorbook-client --test sim"
    );
    Ok(test
        .args([
            "every_history_ends_with_everything_everywhere",
            "--",
            "--exact",
        ])
        .env("FLOORBOOK_SIM_SEED", options.seed.to_string())
        .env("FLOORBOOK_SIM_SEEDS", options.seeds.to_string())
        .env("FLOORBOOK_SIM_STEPS", options.steps.to_string())
        .run()?)
}
