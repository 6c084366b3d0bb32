//! Finds the browser for the browser stories, or installs it where that is possible.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// Returns the browser's program; installs Debian's package when there is none and it can.
pub fn ensure(shell: &Shell) -> Result<PathBuf> {
    if let Some(named) = env::var_os("FLOORBOOK_CHROMIUM") {
        return Ok(named.into());
    }
    if let Some(found) = find() {
        return Ok(found);
    }
    if !can_install(shell) {
        bail!(
            "The browser stories need Chromium: install it (on Debian: `apt-get install chromium \
             fonts-noto-cjk`) or name its program in FLOORBOOK_CHROMIUM"
        );
    }
    eprintln!("Installing Chromium and a Chinese font for the browser stories");
    // Repairs the lists first: a fresh image has none.
    cmd!(shell, "apt-get update --quiet").run()?;
    cmd!(
        shell,
        "apt-get install --yes --quiet --no-install-recommends chromium fonts-noto-cjk"
    )
    .env("DEBIAN_FRONTEND", "noninteractive")
    .run()
    .context("Chromium could not be installed; install it by hand or set FLOORBOOK_CHROMIUM")?;
    find().context("Chromium was installed and still is not found")
}

fn find() -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&folders).collect();
    NAMES.iter().find_map(|name| {
        folders
            .iter()
            .map(|folder| folder.join(name))
            .find(|program| program.is_file())
    })
}

/// Only as root on Debian and its relatives: nothing here asks for a password.
fn can_install(shell: &Shell) -> bool {
    let is_root = cmd!(shell, "id -u")
        .quiet()
        .read()
        .is_ok_and(|id| id.trim() == "0");
    is_root && Path::new("/usr/bin/apt-get").is_file()
}
