//! The files of the web app, gathered first and written at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::Kind;
use super::compress;

/// Hexadecimal digits of the hash in a file name: enough that two contents never share one.
const HASH_DIGITS: usize = 16;

/// The files of the web app by their path under the folder, with `/` between names.
pub struct Output {
    folder: PathBuf,
    files: BTreeMap<String, Vec<u8>>,
}

impl Output {
    /// Starts with no file.
    pub fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            files: BTreeMap::new(),
        }
    }

    /// Adds a file under a name that stays.
    pub fn add(&mut self, path: &str, content: Vec<u8>) {
        self.files.insert(path.to_owned(), content);
    }

    /// Adds a file under a name made from its content, and returns that name without the folder.
    pub fn add_asset(&mut self, name: &str, content: Vec<u8>) -> String {
        let (stem, ending) = name.split_once('.').unwrap_or((name, "bin"));
        let hash = blake3::hash(&content).to_hex();
        let hashed = format!("{stem}-{}.{ending}", &hash[..HASH_DIGITS]);
        self.files.insert(format!("assets/{hashed}"), content);
        hashed
    }

    /// The files so far.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// Writes what is new, leaves what is the same, and removes what no longer belongs.
    ///
    /// `index.html` and `sw.js` come last, because they make the rest known: a server that serves
    /// the folder meanwhile never names a file that is not there.
    pub fn write(&self, kind: Kind) -> Result<()> {
        let mut expected = Vec::new();
        let late = ["index.html", "sw.js"];
        let early = self
            .files
            .keys()
            .map(String::as_str)
            .filter(|path| !late.contains(path));
        for path in early.chain(late) {
            let Some(content) = self.files.get(path) else {
                continue;
            };
            let place = self.folder.join(path);
            let is_new = write_if_changed(&place, content)?;
            if matches!(kind, Kind::Dist | Kind::Profiled) && compress::compresses_well(path) {
                let twin = self.folder.join(format!("{path}.br"));
                if is_new || !twin.exists() {
                    fs::write(&twin, compress::compress(content)?)?;
                }
                expected.push(twin);
            }
            expected.push(place);
        }
        remove_others(&self.folder, &expected)
    }
}

fn write_if_changed(place: &Path, content: &[u8]) -> Result<bool> {
    if fs::read(place).is_ok_and(|there| there == content) {
        return Ok(false);
    }
    if let Some(parent) = place.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(place, content)?;
    Ok(true)
}

fn remove_others(folder: &Path, expected: &[PathBuf]) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            remove_others(&path, expected)?;
        } else if !expected.contains(&path) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_its_content() {
        let mut output = Output::new(Path::new("unused"));
        let first = output.add_asset("boot.js", b"one".to_vec());
        let second = output.add_asset("boot.js", b"two".to_vec());
        assert_ne!(first, second);
        assert!(
            first.starts_with("boot-") && first.ends_with(".js"),
            "{first}"
        );
    }
}
