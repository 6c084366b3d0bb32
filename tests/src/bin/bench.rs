//! Runs the benchmark of synchronisation and prints a table; `cargo xtask bench sync` builds and
//! starts it.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use floorbook_tests::bench::cards::CHANGES;
use floorbook_tests::bench::ground::Place;
use floorbook_tests::bench::measure::Measure;
use floorbook_tests::bench::server::machine_load;
use floorbook_tests::bench::works::{self, Wanted};

/// Works that can be named.
const WORKS: [&str; 8] = ["W1", "W2", "W2r", "W3", "W4", "W5", "W6", "W7"];

#[derive(Parser)]
#[command(about = "Measures synchronisation against a real server process")]
struct Arguments {
    /// The server program
    #[arg(long, env = "FLOORBOOK_SERVER")]
    server: PathBuf,
    /// Folder for data, on a real disk; stores are kept there for the next time
    #[arg(long)]
    folder: PathBuf,
    /// Also writes the measurements as JSON lines to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Works that are wanted, such as W2,W3; all by default
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Cards of every store, instead of the usual numbers of each work
    #[arg(long)]
    cards: Option<usize>,
    /// Changes of a card
    #[arg(long, default_value_t = CHANGES)]
    changes: usize,
    /// Edits that each tablet of W5 has under way at the same time
    #[arg(long, default_value_t = 10)]
    window: usize,
    /// Tiny numbers, only to see that everything works
    #[arg(long, hide = true)]
    smoke: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    for work in &arguments.only {
        let is_known = WORKS.iter().any(|known| known.eq_ignore_ascii_case(work));
        ensure!(is_known, "{work} is none of {}", WORKS.join(", "));
    }
    let place = Place {
        program: arguments.server,
        folder: arguments.folder,
        changes: arguments.changes,
        is_smoke: arguments.smoke,
        window: arguments.window.max(1),
    };
    let wanted = Wanted {
        only: arguments.only,
        cards: arguments.cards,
    };
    let file = arguments.json.map(|path| {
        let file = File::create(&path);
        file.with_context(|| format!("{} can't be written", path.display()))
    });
    let mut file = file.transpose()?;
    let load = machine_load();
    let mut tell = |mut measure: Measure| -> Result<()> {
        measure.machine_load = load;
        writeln!(io::stdout(), "{}", measure.line())?;
        if let Some(file) = &mut file {
            writeln!(file, "{}", serde_json::to_string(&measure)?)?;
        }
        Ok(())
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(works::run(&place, &wanted, &mut tell))
}
