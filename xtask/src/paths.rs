//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;
use xshell::{Shell, cmd};

/// The folders that the commands work in.
pub struct Paths {
    /// The workspace.
    pub root: PathBuf,
    /// Cargo's output folder, wherever its configuration puts it.
    pub target: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Paths {
    /// Asks cargo, because the output folder may be configured in several places.
    pub fn find(shell: &Shell) -> Result<Self> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest
            .parent()
            .context("xtask stands in the workspace")?
            .to_owned();
        let said = cmd!(
            shell,
            "cargo metadata --no-deps --format-version 1 --manifest-path"
        )
        .arg(root.join("Cargo.toml"))
        .quiet()
        .read()?;
        let metadata: Metadata = serde_json::from_str(&said)?;
        Ok(Self {
            root,
            target: metadata.target_directory,
        })
    }

    /// The sources of the web app that are not Rust.
    pub fn web_sources(&self) -> PathBuf {
        self.root.join("client/web")
    }

    /// The server program of the dev profile.
    pub fn dev_server(&self) -> PathBuf {
        self.target.join("debug").join(program_name("floorbook"))
    }
}

/// The file name of a native program.
pub fn program_name(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}
