//! Tells the service worker which files make up this version.

use anyhow::Result;

use super::output::Output;
use super::template::Names;

/// Hexadecimal digits of a version.
const VERSION_DIGITS: usize = 16;

/// Writes the version and the list of files into the source of `sw.js`.
pub fn fill(source: &str, output: &Output) -> Result<String> {
    let mut names = Names::default();
    names.add("version", version(source, output));
    let files: Vec<String> = output.files().map(|(path, _)| address(path)).collect();
    names.add("files", serde_json::to_string_pretty(&files)?);
    names.fill(source)
}

/// A version is what its files and its service worker are: the same sources, the same version.
fn version(source: &str, output: &Output) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(source.as_bytes());
    for (path, content) in output.files() {
        hasher.update(path.as_bytes());
        hasher.update(blake3::hash(content).as_bytes());
    }
    hasher.finalize().to_hex()[..VERSION_DIGITS].to_owned()
}

/// The page itself is kept under the address that it is asked for.
fn address(path: &str) -> String {
    if path == "index.html" {
        "/".to_owned()
    } else {
        format!("/{path}")
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn output(page: &str) -> Output {
        let mut output = Output::new(Path::new("unused"));
        output.add("index.html", page.as_bytes().to_vec());
        output.add("icons/icon.svg", Vec::new());
        output
    }

    #[test]
    fn the_version_follows_the_content_and_the_page_is_kept_at_the_root() {
        let source = "{{version}} {{files}}";
        let first = fill(source, &output("one")).unwrap();
        assert_ne!(first, fill(source, &output("two")).unwrap());
        assert_eq!(first, fill(source, &output("one")).unwrap());
        assert!(
            first.contains("\"/\"") && first.contains("\"/icons/icon.svg\""),
            "{first}"
        );
    }
}
