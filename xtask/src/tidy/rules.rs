//! A page of rules that names code or tests which are not there is worse than none.

use std::collections::BTreeSet;
use std::path::Path;

use super::code_map::is_path;
use super::files::Source;

/// Checks each row of the tables: paths are there, functions that are named as tests exist, and there
/// is a test at all.
pub fn check(page: &str, sources: &[Source], root: &Path, wrong: &mut Vec<String>) {
    let functions: BTreeSet<&str> = sources
        .iter()
        .filter(|source| source.is_rust())
        .flat_map(|source| source.text.lines().filter_map(function_in))
        .collect();
    for (number, line) in page.lines().enumerate() {
        let mut tell = |what: String| wrong.push(format!("RULES.md:{}: {what}", number + 1));
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", _, code, _, tests, ""] = cells[..] else {
            continue;
        };
        for path in quoted(code).chain(quoted(tests)) {
            if is_path(path, root) && !root.join(path).exists() {
                tell(format!("`{path}` is not there"));
            }
        }
        if tests == "–" {
            tell("no test shows it".to_owned());
        }
        for name in quoted(tests).filter_map(test_name) {
            if !is_known(name, &functions) {
                tell(format!("there is no test `{name}`"));
            }
        }
    }
}

/// What stands in backticks.
fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The name of the function that a line begins.
fn function_in(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let is_start = before.trim().is_empty() || before.ends_with(' ');
    is_start.then(|| rest.split(['(', '<']).next()).flatten()
}

/// The name of a test, without the program that holds it; no path and no module.
fn test_name(word: &str) -> Option<&str> {
    let name = word.rsplit(": ").next().unwrap_or(word);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_…".contains(c);
    (name.contains('_') && name.chars().all(is_plain)).then_some(name)
}

/// Whether there is such a function; one that is cut off with … stands for all that begin so.
fn is_known(name: &str, functions: &BTreeSet<&str>) -> bool {
    match name.strip_suffix('…') {
        Some(start) => functions
            .range(start..)
            .next()
            .is_some_and(|first| first.starts_with(start)),
        None => functions.contains(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(row: &str) -> usize {
        let sources = [Source {
            path: "src/story.rs".to_owned(),
            text: "#[test]\nfn a_customer_comes_back() {\n    pub async fn b_c() {".to_owned(),
        }];
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut wrong = Vec::new();
        check(row, &sources, root, &mut wrong);
        wrong.len()
    }

    #[test]
    fn what_a_row_names_is_there() {
        for (row, expected) in [
            ("words, and a table:", 0),
            ("|---|---|---|---|", 0),
            (
                "| rule (1) | `src/main.rs` | Today | `a_customer_comes_back` |",
                0,
            ),
            (
                "| rule (1) | `one` there | Today | `browser: a_customer…`, the same story |",
                0,
            ),
            ("| rule (1) | `src/gone/a.rs` | Today | `b_c` |", 1),
            ("| rule (1) | `src/main.rs` | Today | `src/gone/a.rs` |", 1),
            ("| rule (1) | `src/main.rs` | Today | `a_customer` |", 1),
            (
                "| rule (1) | `src/main.rs` | Today | `browser: a_test_that…` |",
                1,
            ),
            ("| rule (1) | `src/main.rs` | Today | – |", 1),
        ] {
            assert_eq!(problems(row), expected, "{row}");
        }
    }
}
