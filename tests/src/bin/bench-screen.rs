//! Runs the benchmark of the screen and prints a table; `cargo xtask bench screen` builds and starts
//! it.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use floorbook_tests::bench::cards::CHANGES;
use floorbook_tests::bench::screen::figure::Figure;
use floorbook_tests::bench::screen::{self, Place};

#[derive(Parser)]
#[command(about = "Measures the app in a real browser against a real server process")]
struct Arguments {
    /// The server program
    #[arg(long, env = "FLOORBOOK_SERVER")]
    server: PathBuf,
    /// The folder of the web app
    #[arg(long, env = "FLOORBOOK_WEB")]
    web: PathBuf,
    /// Folder for data, on a real disk; stores are kept there for the next time
    #[arg(long)]
    folder: PathBuf,
    /// Also writes the figures as JSON lines to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Cards on the tablet
    #[arg(long, default_value_t = 10_000)]
    cards: usize,
    /// Changes of a card
    #[arg(long, default_value_t = CHANGES)]
    changes: usize,
    /// How many times slower the processor is made
    #[arg(long, default_value_t = 4)]
    throttle: u32,
    /// Also writes profiles of page and worker into this folder, which makes everything slower
    #[arg(long, value_name = "FOLDER")]
    profiles: Option<PathBuf>,
    /// Tiny numbers, only to see that everything works
    #[arg(long, hide = true)]
    smoke: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let place = Place {
        program: arguments.server,
        web: arguments.web,
        folder: arguments.folder,
        cards: arguments.cards.max(1),
        changes: arguments.changes,
        throttle: arguments.throttle.max(1),
        is_smoke: arguments.smoke,
        profiles: arguments.profiles,
    };
    let file = arguments.json.map(|path| {
        let file = File::create(&path);
        file.with_context(|| format!("{} can't be written", path.display()))
    });
    let mut file = file.transpose()?;
    let mut out = io::stdout();
    writeln!(
        out,
        "{} cards, the page's processor {} times slower",
        place.cards, place.throttle
    )?;
    writeln!(out, "{}", Figure::head())?;
    let mut is_worker_slowed = false;
    let mut tell = |figure: Figure| -> Result<()> {
        is_worker_slowed = figure.is_worker_slowed;
        writeln!(io::stdout(), "{}", figure.line())?;
        if let Some(file) = &mut file {
            writeln!(file, "{}", serde_json::to_string(&figure)?)?;
        }
        Ok(())
    };
    screen::run(&place, &mut tell)?;
    if !is_worker_slowed && place.throttle > 1 {
        writeln!(
            out,
            "The browser slows pages only: the worker's processor time was counted {} times.",
            place.throttle
        )?;
    }
    Ok(())
}
