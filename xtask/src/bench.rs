//! `cargo xtask bench`: builds the server and the benchmark in release mode and runs it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use xshell::{Shell, cmd};

use crate::paths::{Paths, program_name};

/// What `cargo xtask bench sync` can be told.
#[derive(Args)]
pub struct SyncOptions {
    /// Also writes the measurements as JSON lines to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Works that are wanted, such as W2,W3; all by default
    #[arg(long)]
    only: Option<String>,
    /// Cards of every store, instead of the usual numbers of each work
    #[arg(long)]
    cards: Option<usize>,
    /// Changes of a card, instead of a hundred
    #[arg(long)]
    changes: Option<usize>,
    /// Edits that each tablet of W5 has under way at the same time
    #[arg(long)]
    window: Option<usize>,
    /// Tiny numbers, only to see that everything works
    #[arg(long, hide = true)]
    smoke: bool,
}

/// Measures the synchronisation of headless tablets with a real server process.
pub fn sync(shell: &Shell, paths: &Paths, options: &SyncOptions) -> Result<()> {
    // In one go: each alone would choose other features for the libraries and compile them twice.
    let build = cmd!(shell, "cargo build --release");
    build
        .args(["--package", "floorbook-server", "--bin", "floorbook"])
        .args(["--package", "floorbook-tests", "--bin", "bench"])
        .run()
        .context("The benchmark does not build")?;
    let programs = paths.target.join("release");
    let bench = programs.join(program_name("bench"));
    let mut run = cmd!(shell, "{bench}")
        .arg("--server")
        .arg(programs.join(program_name("floorbook")))
        .arg("--folder")
        .arg(paths.target.join("bench"));
    if let Some(json) = &options.json {
        run = run.arg("--json").arg(json);
    }
    if let Some(only) = &options.only {
        run = run.args(["--only", only]);
    }
    let numbers = [
        ("--cards", options.cards),
        ("--changes", options.changes),
        ("--window", options.window),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            run = run.arg(name).arg(number.to_string());
        }
    }
    if options.smoke {
        run = run.arg("--smoke");
    }
    Ok(run.run()?)
}
