//! What release builds have in common.

use std::env;
use std::path::PathBuf;

use anyhow::Result;
use xshell::Shell;

/// Arguments for cargo that keep the paths of the building machine out of a program: panics carry
/// the names of source files along. The same sources then make the same program anywhere.
pub fn flags(shell: &Shell, target: &str) -> Result<Vec<String>> {
    let mut places = vec![(shell.current_dir(), "floorbook")];
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    places.extend(home.map(|home| (home, "cargo")));
    let remaps: Vec<String> = places
        .iter()
        .map(|(place, name)| format!("--remap-path-prefix={}={name}", place.display()))
        .collect();
    let list = serde_json::to_string(&remaps)?;
    Ok(vec![
        "--config".to_owned(),
        format!("target.{target}.rustflags={list}"),
    ])
}
