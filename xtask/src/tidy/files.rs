//! Which files are ours.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// Folders that hold what others wrote or what is made from our files.
const FOREIGN_FOLDERS: [&str; 3] = ["vendor", "node_modules", "proptest-regressions"];
const FOREIGN_BEGINNINGS: [&str; 3] = ["target", "floorbook-data", "."];
const OURS: [&str; 11] = [
    "rs",
    "toml",
    "md",
    "css",
    "js",
    "html",
    "ftl",
    "svg",
    "lock",
    "json",
    "webmanifest",
];

/// One text file of ours.
pub struct Source {
    /// The path in the workspace, with `/` between names.
    pub path: String,
    /// What it holds.
    pub text: String,
}

impl Source {
    /// Says whether somebody wrote it as code.
    pub fn is_code(&self) -> bool {
        [".rs", ".css", ".js"]
            .iter()
            .any(|ending| self.path.ends_with(ending))
    }

    /// Says whether it is Rust.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

/// Reads every text file of ours. It walks the folders itself, because a source archive has no
/// git that could list them.
pub fn ours(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    walk(root, "", &mut sources)?;
    let ci = root.join(".ci/run");
    if ci.is_file() {
        sources.push(Source {
            path: ".ci/run".to_owned(),
            text: fs::read_to_string(ci)?,
        });
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

fn walk(folder: &Path, prefix: &str, sources: &mut Vec<Source>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}/{name}")
        };
        if entry.file_type()?.is_dir() {
            let is_foreign = FOREIGN_FOLDERS.contains(&name.as_str())
                || FOREIGN_BEGINNINGS
                    .iter()
                    .any(|beginning| name.starts_with(beginning));
            if !is_foreign {
                walk(&entry.path(), &path, sources)?;
            }
        } else if name
            .rsplit_once('.')
            .is_some_and(|(_, ending)| OURS.contains(&ending))
        {
            sources.push(Source {
                text: fs::read_to_string(entry.path())?,
                path,
            });
        }
    }
    Ok(())
}
