//! `cargo xtask fuzz`: random and mutated input for everything that reads bytes from outside.
//!
//! The loop is our own: `cargo-fuzz` needs a nightly toolchain and an installed tool.

use anyhow::Result;
use clap::{Args, ValueEnum};
use xshell::{Shell, cmd};

/// What is fed.
#[derive(Clone, Copy, ValueEnum)]
enum Target {
    /// Messages between tablet and server
    Messages,
    /// Changes and snapshots with mutated bytes, through scanner and gate
    Changes,
    /// Changes that are built from mutated operations
    BuiltChanges,
    /// Values in the storage of a tablet
    StoredValues,
}

impl Target {
    const fn test(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Changes => "changes",
            Self::BuiltChanges => "built_changes",
            Self::StoredValues => "stored_values",
        }
    }
}

/// What `cargo xtask fuzz` can be told.
#[derive(Args)]
pub struct Options {
    /// Only this target; otherwise all, one after the other
    #[arg(long)]
    target: Option<Target>,
    /// How long each target is fed
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The first seed; a failing case names its own
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Feeds the targets; stops at the first input that does harm and keeps it among the tests.
pub fn fuzz(shell: &Shell, options: &Options) -> Result<()> {
    let targets = match options.target {
        Some(target) => vec![target],
        None => Target::value_variants().to_vec(),
    };
    for target in targets {
        let name = target.test();
        let test = cmd!(
            shell,
            "cargo test --quiet --package floorbook-shared --test fuzz -- --exact {name}"
        );
        test.env("FLOORBOOK_FUZZ_SECONDS", options.seconds.to_string())
            .env("FLOORBOOK_FUZZ_SEED", options.seed.to_string())
            .run()?;
    }
    Ok(())
}
