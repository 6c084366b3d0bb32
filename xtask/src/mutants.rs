//! `cargo xtask mutants`: a test that cannot fail protects nothing.
//!
//! `tests/faults.toml` names planted faults and, for each, the simulation test that has to find
//! it. The tests are built once with the faults inside; a fault sleeps until `FLOORBOOK_FAULT`
//! names it. Each named test has to pass without its fault and fail with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use xshell::{Shell, cmd};

use crate::paths::Paths;

/// A test that runs longer is ended; with a fault inside it may never return by itself.
const LONGEST_RUN: Duration = Duration::from_secs(300);
/// How often a running test is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(20);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    fault: Vec<Planted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Planted {
    /// The name that the code asks for.
    fault: String,
    /// The full name of the test that has to find it.
    test: String,
    /// What the fault breaks.
    why: String,
}

#[derive(Debug, PartialEq, Eq)]
enum Ending {
    Passed,
    Failed,
    /// No test has that name.
    NotFound,
    TooLong,
}

/// Runs the named test of each fault, without and with it.
pub fn mutants(shell: &Shell, paths: &Paths) -> Result<()> {
    let file = paths.root.join("tests/faults.toml");
    let list: List = toml::from_str(&fs::read_to_string(&file)?)
        .with_context(|| format!("{} is damaged", file.display()))?;
    if list.fault.is_empty() {
        println!("no planted faults yet");
        return Ok(());
    }
    let program = build(shell)?;
    let folder = paths.root.join("tests");
    let log = paths.target.join("mutants.log");
    let mut passing = BTreeSet::new();
    for planted in &list.fault {
        if passing.insert(&planted.test) {
            let ending = run(&program, &folder, &log, &planted.test, None)?;
            let test = &planted.test;
            ensure!(
                ending == Ending::Passed,
                "`{test}` without a fault: {ending:?}\n{}",
                tail(&log)
            );
        }
        let ending = run(&program, &folder, &log, &planted.test, Some(&planted.fault))?;
        let Planted { fault, test, why } = planted;
        ensure!(
            ending == Ending::Failed,
            "The planted fault `{fault}` ({why}) was not found by `{test}`: {ending:?}"
        );
        println!("found  {fault}: {why}");
    }
    Ok(())
}

/// Builds the simulation with the planted faults and returns its program.
fn build(shell: &Shell) -> Result<PathBuf> {
    let build = cmd!(shell, "cargo test --workspace --no-run");
    let said = build
        .args(["--features", "floorbook-tests/faults", "--test", "sim"])
        .args(["--message-format", "json-render-diagnostics"])
        .quiet()
        .read()?;
    let program = said.lines().filter_map(executable).next_back();
    program.context("cargo names no program for the test `sim`")
}

/// Reads the program out of one line of cargo's report.
fn executable(line: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let is_sim = message["target"]["name"] == "sim";
    message["executable"]
        .as_str()
        .filter(|_| is_sim)
        .map(PathBuf::from)
}

fn run(
    program: &Path,
    folder: &Path,
    log: &Path,
    test: &str,
    fault: Option<&str>,
) -> Result<Ending> {
    let mut command = Command::new(program);
    command
        .args([test, "--exact", "--include-ignored"])
        .current_dir(folder);
    // Into a file: a pipe that nobody reads would stop a talkative test.
    let output = fs::File::create(log)?;
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    command.env_remove("FLOORBOOK_FAULT");
    if let Some(fault) = fault {
        command.env("FLOORBOOK_FAULT", fault);
    }
    let mut running = command.spawn()?;
    let began = Instant::now();
    let status = loop {
        if let Some(status) = running.try_wait()? {
            break status;
        }
        if began.elapsed() > LONGEST_RUN {
            running.kill()?;
            running.wait()?;
            return Ok(Ending::TooLong);
        }
        thread::sleep(LOOK_EVERY);
    };
    let said = fs::read_to_string(log)?;
    if said.contains("running 0 tests") {
        return Ok(Ending::NotFound);
    }
    // A test that ends the whole process (by running out of stack, say) has failed too, but says
    // nothing; only the usual ending of a failed test counts as found.
    match status.code() {
        Some(0) => Ok(Ending::Passed),
        Some(101) if said.contains("1 failed") => Ok(Ending::Failed),
        other => bail!("`{test}` ended with {other:?}\n{}", tail(log)),
    }
}

/// The end of what a test said.
fn tail(log: &Path) -> String {
    const LINES: usize = 40;
    let said = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = said.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_faults_can_be_read() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(manifest.join("../tests/faults.toml")).unwrap();
        toml::from_str::<List>(&text).unwrap();
    }

    #[test]
    fn the_program_is_read_out_of_cargos_report() {
        let line =
            r#"{"reason":"compiler-artifact","target":{"name":"sim"},"executable":"/x/sim-1"}"#;
        assert_eq!(executable(line), Some(PathBuf::from("/x/sim-1")));
        let other = r#"{"target":{"name":"api"},"executable":"/x/api-1"}"#;
        assert_eq!(executable(other), None);
    }
}
