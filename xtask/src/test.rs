//! `cargo xtask test`: everything that continuous integration runs, step by step.
//!
//! All native steps build the same set of packages with the same features in the dev profile, and
//! all browser steps share `web-quick`, so that nothing is compiled twice on a small machine.

use std::time::Instant;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use xshell::{Shell, cmd};

use crate::bundle::{self, Kind};
use crate::paths::Paths;
use crate::programs::{self, WASM_TARGET};
use crate::{chromium, mutants, tidy};

/// What `cargo xtask test` can be told.
#[derive(Args)]
pub struct Options {
    /// Runs this step alone; may be given several times
    #[arg(long, value_enum)]
    only: Vec<Step>,
}

/// One check; the order here is the order of running, cheap ones first.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Step {
    /// The sources are formatted
    Format,
    /// What neither the compiler nor clippy sees
    Tidy,
    /// Clippy on everything native
    Clippy,
    /// Clippy on the client for browsers
    ClippyWeb,
    /// Unit tests, simulation, API
    Native,
    /// Stories in a real browser against the real server
    Browser,
    /// Planted faults are found
    Mutants,
}

/// Runs the steps and stops at the first that fails, naming it.
pub fn test(shell: &Shell, paths: &Paths, options: &Options) -> Result<()> {
    let began = Instant::now();
    let mut times = Vec::new();
    for step in Step::value_variants() {
        if !options.only.is_empty() && !options.only.contains(step) {
            continue;
        }
        let name = name(*step);
        println!("== {name}");
        let step_began = Instant::now();
        run(*step, shell, paths).with_context(|| format!("The step `{name}` failed"))?;
        times.push((name, step_began.elapsed()));
    }
    println!("== all passed");
    for (name, time) in times {
        println!("{:>7.1} s  {name}", time.as_secs_f64());
    }
    println!("{:>7.1} s  in all", began.elapsed().as_secs_f64());
    Ok(())
}

fn name(step: Step) -> String {
    let value = step.to_possible_value();
    value
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default()
}

fn run(step: Step, shell: &Shell, paths: &Paths) -> Result<()> {
    match step {
        Step::Format => Ok(cmd!(shell, "cargo fmt --all --check").run()?),
        Step::Tidy => tidy::tidy(paths),
        Step::Clippy => {
            let clippy = cmd!(shell, "cargo clippy --quiet --workspace");
            Ok(clippy
                .args(["--all-targets", "--", "--deny", "warnings"])
                .run()?)
        }
        Step::ClippyWeb => {
            programs::ensure_wasm_target(shell)?;
            let profile = Kind::Quick.profile();
            let clippy = cmd!(shell, "cargo clippy --quiet --package floorbook-client");
            let clippy = clippy.args(["--target", WASM_TARGET, "--profile", profile]);
            let clippy = clippy.args(programs::QUICK_FEATURES);
            Ok(clippy.args(["--", "--deny", "warnings"]).run()?)
        }
        Step::Native => {
            build_native(shell)?;
            Ok(cmd!(shell, "cargo test --quiet --workspace")
                .env("FLOORBOOK_SERVER", paths.dev_server())
                .run()?)
        }
        Step::Browser => browser(shell, paths),
        Step::Mutants => mutants::mutants(shell, paths),
    }
}

/// Builds the tests and the server program in one go: a build of the server alone would choose
/// other features for the libraries and compile them again.
fn build_native(shell: &Shell) -> Result<()> {
    let build = cmd!(shell, "cargo build --quiet --workspace");
    Ok(build.arg("--all-targets").run()?)
}

fn browser(shell: &Shell, paths: &Paths) -> Result<()> {
    let chromium = chromium::ensure(shell)?;
    let web = bundle::build(shell, paths, Kind::Quick)?;
    programs::check_halves(paths, Kind::Quick)?;
    build_native(shell)?;
    let stories = cmd!(shell, "cargo test --quiet --workspace");
    Ok(stories
        .args(["--test", "browser"])
        .env("FLOORBOOK_CHROMIUM", chromium)
        .env("FLOORBOOK_WEB", web)
        .env("FLOORBOOK_SERVER", paths.dev_server())
        .run()?)
}
