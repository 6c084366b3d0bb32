//! Puts the web app together: hashed names, one style sheet, the list of the service worker.
//!
//! The folder that comes out holds `index.html`, `sw.js`, `manifest.webmanifest`, `icons/` and
//! `assets/<name>-<hash>.<ending>`. A name under `assets/` changes with its content, so a browser
//! may keep it for ever; everything else is asked for each time. In a release, each file that
//! compresses well has a twin with the ending `.br`.

mod compress;
mod output;
mod service_worker;
mod template;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use xshell::Shell;

use crate::paths::Paths;
use crate::programs;
use output::Output;
use template::Names;

/// How carefully the web app is built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For work and tests: built in little time, not compressed.
    Quick,
    /// For a release: small, and compressed beforehand.
    Dist,
    /// A release whose functions have names, so that a profile of it can be read.
    Profiled,
}

impl Kind {
    /// The cargo profile that the programs are built with.
    pub fn profile(self) -> &'static str {
        match self {
            Self::Quick => "web-quick",
            Self::Dist | Self::Profiled => "web",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Quick => "web-run",
            Self::Dist => "web-dist",
            Self::Profiled => "web-profiled",
        }
    }
}

/// Builds the web app and returns the folder that a server serves.
pub fn build(shell: &Shell, paths: &Paths, kind: Kind) -> Result<PathBuf> {
    programs::ensure_wasm_target(shell)?;
    programs::compile(shell, kind)?;
    let folder = paths.target.join(kind.folder());
    let mut output = Output::new(&folder);
    assemble(&mut output, paths, kind)?;
    output.write(kind)?;
    Ok(folder)
}

fn assemble(output: &mut Output, paths: &Paths, kind: Kind) -> Result<()> {
    let sources = paths.web_sources();
    let mut names = Names::default();
    names.add(
        "style.css",
        output.add_asset("style.css", styles(&sources)?),
    );
    for name in programs::PROGRAMS {
        let program = programs::bind(paths, kind, name)?;
        let (script, wasm) = (format!("{name}.js"), format!("{name}.wasm"));
        names.add(&script, output.add_asset(&script, program.script));
        names.add(&wasm, output.add_asset(&wasm, program.wasm));
    }
    for script in ["boot.js", "worker-boot.js"] {
        let text = names.fill(&read(&sources.join(script))?)?;
        names.add(script, output.add_asset(script, text.into_bytes()));
    }
    for icon in files_in(&sources.join("icons"))? {
        let name = icon
            .file_name()
            .context("a file has a name")?
            .to_string_lossy()
            .into_owned();
        output.add(&format!("icons/{name}"), fs::read(&icon)?);
    }
    output.add(
        "manifest.webmanifest",
        fs::read(sources.join("manifest.webmanifest"))?,
    );
    output.add(
        "index.html",
        names
            .fill(&read(&sources.join("index.html"))?)?
            .into_bytes(),
    );
    let service_worker = service_worker::fill(&read(&sources.join("sw.js"))?, output)?;
    output.add("sw.js", service_worker.into_bytes());
    Ok(())
}

/// All style sheets as one, in the order of their file names.
fn styles(sources: &Path) -> Result<Vec<u8>> {
    let mut sheet = String::new();
    for file in files_in(&sources.join("styles"))? {
        if file.extension().is_some_and(|ending| ending == "css") {
            sheet.push_str(read(&file)?.trim_end());
            sheet.push_str("\n\n");
        }
    }
    Ok(sheet.into_bytes())
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("{} is missing", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}
