//! The `floorbook` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    floorbook_server::cli::run()
}
