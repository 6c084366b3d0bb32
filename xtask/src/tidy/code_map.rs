//! A map that names a folder which has moved is worse than none.

use std::path::Path;

/// Checks that each path in backticks that begins with one of our folders is there.
pub fn check(map: &str, root: &Path, wrong: &mut Vec<String>) {
    for (number, line) in map.lines().enumerate() {
        for path in line
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| is_path(word, root))
        {
            if !root.join(path).exists() {
                wrong.push(format!(
                    "ARCHITECTURE.md:{}: `{path}` is not there",
                    number + 1
                ));
            }
        }
    }
}

/// A path has a folder of ours in front of its first slash, and no pattern in it.
pub(super) fn is_path(word: &str, root: &Path) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
    match word.split_once('/') {
        Some((first, _)) => {
            let is_folder = !first.is_empty() && word.chars().all(is_plain);
            // A top folder that has gone is a finding too, if it looks like one.
            is_folder && (root.join(first).is_dir() || word.ends_with('/'))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_has_gone_is_found() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut wrong = Vec::new();
        check(
            "see `src/tidy/`, `src/main.rs`, `/api/x` and `a * b`",
            root,
            &mut wrong,
        );
        assert_eq!(wrong, Vec::<String>::new());
        check("see `src/gone/` and `gone/`", root, &mut wrong);
        assert_eq!(wrong.len(), 2);
    }
}
