//! What `cargo xtask test` has built for tests that start programs.

use std::env;
use std::io::{self, Write};
use std::path::PathBuf;

/// The programs that a story plays with.
pub struct Stage {
    /// The folder of the bundled web app.
    pub web: PathBuf,
    /// The `floorbook` program.
    pub server: PathBuf,
}

impl Stage {
    /// Finds the stage, or says that the story is skipped: a plain `cargo test` has not built the
    /// web app. `cargo xtask test --only browser` has.
    pub fn find(story: &str) -> Option<Self> {
        let path = |name: &str| env::var_os(name).map(PathBuf::from);
        match (path("FLOORBOOK_WEB"), path("FLOORBOOK_SERVER")) {
            (Some(web), Some(server)) => Some(Self { web, server }),
            (None, _) | (_, None) => {
                skip(story, "browser");
                None
            }
        }
    }
}

/// The `floorbook` program for a test that needs no browser, or says that the test is skipped.
pub fn server(story: &str) -> Option<PathBuf> {
    let program = env::var_os("FLOORBOOK_SERVER").map(PathBuf::from);
    if program.is_none() {
        skip(story, "native");
    }
    program
}

fn skip(story: &str, step: &str) {
    // Not `eprintln!`, which the test runner keeps to itself when a test passes.
    let _ = writeln!(
        io::stderr(),
        "skipped `{story}`: run `cargo xtask test --only {step}`"
    );
}
