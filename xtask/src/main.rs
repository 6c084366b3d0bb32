//! Builds, runs and tests Floorbook: `cargo xtask --help` lists the commands.
//!
//! Everything that continuous integration does stands here, so that it can be done on any machine
//! with a Rust toolchain; nothing needs another tool to be installed first.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a build tool talks to the person at the terminal"
)]

mod bench;
mod bundle;
mod chromium;
mod dist;
mod fuzz;
mod mutants;
mod paths;
mod programs;
mod release;
mod run;
mod sim;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xshell::Shell;

use paths::Paths;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, runs and tests Floorbook")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds everything quickly and starts the server with the web app
    Run(run::Options),
    /// Bundles the web app alone and prints its folder
    Web {
        /// With the small, slow profile and precompressed, as in a release
        #[arg(long)]
        dist: bool,
    },
    /// Makes one self-contained release program with the web app inside
    Dist,
    /// Runs every check that continuous integration runs, up to the first that fails
    Test(test::Options),
    /// Looks for what the compiler and clippy do not see
    Tidy,
    /// Runs many histories of simulated tablets and servers, or one history again
    Sim(sim::Options),
    /// Feeds random and mutated bytes to everything that reads bytes from outside
    Fuzz(fuzz::Options),
    /// Plants one fault after another and expects the named test to find it
    Mutants,
    /// Measures on this machine
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Subcommand)]
enum Bench {
    /// Synchronisation of headless tablets with a real server process
    Sync(bench::SyncOptions),
    /// The app in a real browser, as on a slow tablet with ten thousand cards
    Screen(bench::ScreenOptions),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One sentence and its reasons; where in this program it came up helps nobody.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let shell = Shell::new()?;
    let paths = Paths::find(&shell)?;
    shell.change_dir(&paths.root);
    match arguments.command {
        Command::Run(options) => run::run(&shell, &paths, &options),
        Command::Web { dist } => {
            let kind = if dist {
                bundle::Kind::Dist
            } else {
                bundle::Kind::Quick
            };
            let folder = bundle::build(&shell, &paths, kind)?;
            println!("{}", folder.display());
            Ok(())
        }
        Command::Dist => dist::dist(&shell, &paths),
        Command::Test(options) => test::test(&shell, &paths, &options),
        Command::Tidy => tidy::tidy(&paths),
        Command::Sim(options) => sim::sim(&shell, &options),
        Command::Fuzz(options) => fuzz::fuzz(&shell, &options),
        Command::Mutants => mutants::mutants(&shell, &paths),
        Command::Bench(Bench::Sync(options)) => bench::sync(&shell, &paths, &options),
        Command::Bench(Bench::Screen(options)) => bench::screen(&shell, &paths, &options),
    }
}
