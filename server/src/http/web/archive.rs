//! Assets of earlier versions, kept in the data folder.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Versions whose assets are kept, the newest included.
pub const KEPT_VERSIONS: usize = 5;

/// One version of the web app.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Version {
    /// Names of its assets.
    assets: BTreeSet<String>,
}

/// Adds the assets of this version and drops those of versions that are too old. The list is
/// written last, so that a crash leaves a file too many rather than one too few.
pub(super) fn keep(folder: &Path, assets: Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let target = folder.join("assets");
    std::fs::create_dir_all(&target)?;
    let list = folder.join("versions.json");
    let mut versions = read_list(&list);
    if !assets.is_empty() {
        let version = Version {
            assets: assets.iter().map(|(name, _)| name.clone()).collect(),
        };
        for (name, content) in &assets {
            let file = target.join(name);
            // The name has the hash of the content, so a file of the right length is the file.
            if std::fs::metadata(&file).is_ok_and(|meta| meta.len() == content.len() as u64) {
                continue;
            }
            replace(&file, content)?;
        }
        versions.retain(|other| *other != version);
        versions.push(version);
        let too_many = versions.len().saturating_sub(KEPT_VERSIONS);
        versions.drain(..too_many);
        replace(&list, &serde_json::to_vec(&versions)?)?;
    }
    let kept: BTreeSet<&String> = versions
        .iter()
        .flat_map(|version| &version.assets)
        .collect();
    for entry in std::fs::read_dir(&target)? {
        let entry = entry?;
        let is_file = entry.file_type()?.is_file();
        if is_file && !kept.contains(&entry.file_name().to_string_lossy().into_owned()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A list that can't be read counts as empty: only the copies of old files depend on it.
fn read_list(list: &Path) -> Vec<Version> {
    std::fs::read(list)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Writes a file so that it is either whole or not there.
fn replace(file: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let half = file.with_file_name(name);
    std::fs::write(&half, content)?;
    std::fs::rename(&half, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_the_newest_five_versions_stay() {
        let folder = tempfile::tempdir().unwrap();
        for version in 1..=7 {
            let assets = vec![
                (format!("app-{version}.js"), b"app".to_vec()),
                ("same.css".to_owned(), b"style".to_vec()),
            ];
            keep(folder.path(), assets).unwrap();
        }
        let mut names: Vec<String> = std::fs::read_dir(folder.path().join("assets"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        let expected = [
            "app-3.js", "app-4.js", "app-5.js", "app-6.js", "app-7.js", "same.css",
        ];
        assert_eq!(names, expected);
    }
}
