//! `cargo xtask bench`: builds the server and the benchmarks in release mode and runs one of them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use xshell::{Cmd, Shell, cmd};

use crate::bundle::{self, Kind};
use crate::chromium;
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

/// What `cargo xtask bench screen` can be told.
#[derive(Args)]
pub struct ScreenOptions {
    /// Also writes the figures as JSON lines to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Cards on the tablet, instead of ten thousand
    #[arg(long)]
    cards: Option<usize>,
    /// Changes of a card, instead of a hundred
    #[arg(long)]
    changes: Option<usize>,
    /// How many times slower the processor is made, instead of four
    #[arg(long)]
    throttle: Option<usize>,
    /// Also writes profiles of page and worker into this folder, which makes everything slower
    #[arg(long, value_name = "FOLDER")]
    profiles: Option<PathBuf>,
    /// Tiny numbers, only to see that everything works
    #[arg(long, hide = true)]
    smoke: bool,
}

/// Measures the synchronisation of headless tablets with a real server process.
pub fn sync(shell: &Shell, paths: &Paths, options: &SyncOptions) -> Result<()> {
    let programs = build(shell, paths)?;
    let bench = programs.join(program_name("bench"));
    let mut run = cmd!(shell, "{bench}")
        .arg("--server")
        .arg(programs.join(program_name("floorbook")))
        .arg("--folder")
        .arg(paths.target.join("bench"));
    if let Some(only) = &options.only {
        run = run.args(["--only", only]);
    }
    let numbers = [
        ("--cards", options.cards),
        ("--changes", options.changes),
        ("--window", options.window),
    ];
    run = with_numbers(run, &numbers);
    run = with_paths(run, &[("--json", &options.json)]);
    if options.smoke {
        run = run.arg("--smoke");
    }
    Ok(run.run()?)
}

/// Measures the app, as it is released, in a real browser.
pub fn screen(shell: &Shell, paths: &Paths, options: &ScreenOptions) -> Result<()> {
    let chromium = chromium::ensure(shell)?;
    let kind = match options.profiles {
        Some(_) => Kind::Profiled,
        None => Kind::Dist,
    };
    let web = bundle::build(shell, paths, kind)?;
    let programs = build(shell, paths)?;
    let bench = programs.join(program_name("bench-screen"));
    let mut run = cmd!(shell, "{bench}")
        .env("FLOORBOOK_CHROMIUM", chromium)
        .arg("--server")
        .arg(programs.join(program_name("floorbook")))
        .arg("--web")
        .arg(web)
        .arg("--folder")
        .arg(paths.target.join("bench"));
    let numbers = [
        ("--cards", options.cards),
        ("--changes", options.changes),
        ("--throttle", options.throttle),
    ];
    run = with_numbers(run, &numbers);
    let files = [("--json", &options.json), ("--profiles", &options.profiles)];
    run = with_paths(run, &files);
    if options.smoke {
        run = run.arg("--smoke");
    }
    Ok(run.run()?)
}

/// Builds the programs and answers their folder.
fn build(shell: &Shell, paths: &Paths) -> Result<PathBuf> {
    // In one go: each alone would choose other features for the libraries and compile them twice.
    let build = cmd!(shell, "cargo build --release");
    build
        .args(["--package", "floorbook-server", "--bin", "floorbook"])
        .args(["--package", "floorbook-tests"])
        .args(["--bin", "bench", "--bin", "bench-screen"])
        .run()
        .context("The benchmark does not build")?;
    Ok(paths.target.join("release"))
}

fn with_numbers<'a>(mut run: Cmd<'a>, numbers: &[(&str, Option<usize>)]) -> Cmd<'a> {
    for (name, number) in numbers {
        if let Some(number) = number {
            run = run.arg(name).arg(number.to_string());
        }
    }
    run
}

fn with_paths<'a>(mut run: Cmd<'a>, files: &[(&str, &Option<PathBuf>)]) -> Cmd<'a> {
    for (name, path) in files {
        if let Some(path) = path {
            run = run.arg(name).arg(path);
        }
    }
    run
}
