//! House rules that neither the compiler nor clippy knows.

mod code_map;
mod files;
mod rules;

use std::fs;

use anyhow::{Result, bail};

use crate::paths::Paths;
use files::Source;

/// A longer file has a second subject that wants a file of its own.
const LONGEST_FILE_LINES: usize = 600;

/// Checks every file of ours and lists all that is wrong.
pub fn tidy(paths: &Paths) -> Result<()> {
    let sources = files::ours(&paths.root)?;
    let mut wrong = Vec::new();
    for source in &sources {
        check(source, &mut wrong);
    }
    let map = paths.root.join("ARCHITECTURE.md");
    if let Ok(text) = fs::read_to_string(map) {
        code_map::check(&text, &paths.root, &mut wrong);
    }
    if let Ok(text) = fs::read_to_string(paths.root.join("RULES.md")) {
        rules::check(&text, &sources, &paths.root, &mut wrong);
    }
    if wrong.is_empty() {
        println!("{} files are tidy", sources.len());
        return Ok(());
    }
    bail!("{} things are untidy:\n{}", wrong.len(), wrong.join("\n"))
}

fn check(source: &Source, wrong: &mut Vec<String>) {
    let path = &source.path;
    let lines = source.text.lines().count();
    if source.is_code() && lines > LONGEST_FILE_LINES {
        wrong.push(format!(
            "{path}: {lines} lines, more than {LONGEST_FILE_LINES}"
        ));
    }
    if path.ends_with("/mod.rs") {
        wrong.push(format!("{path}: `name.rs` beside `name/`, not `mod.rs`"));
    }
    if path.ends_with("Cargo.toml") && !inherits_lints(&source.text) {
        wrong.push(format!("{path}: does not take the lints of the workspace"));
    }
    for (number, line) in source.text.lines().enumerate() {
        let number = number + 1;
        for (needle, why) in forbidden() {
            if line.contains(&needle) {
                wrong.push(format!("{path}:{number}: {why}"));
            }
        }
        if source.is_rust() && lacks_reason(line) {
            wrong.push(format!("{path}:{number}: says no reason"));
        }
    }
    if source.is_rust() {
        check_allows(source, wrong);
    }
}

/// The workspace itself defines them; every package takes them.
fn inherits_lints(manifest: &str) -> bool {
    manifest.contains("[workspace]") || manifest.contains("[lints]\nworkspace = true")
}

/// What no file may hold. Put together from halves, or this file would find itself.
fn forbidden() -> Vec<(String, &'static str)> {
    let needle = |first: &str, second: &str| format!("{first}{second}");
    vec![
        (needle("todo", "!("), "unfinished"),
        (needle("unimplemented", "!("), "unfinished"),
        (needle("FIX", "ME"), "unfinished"),
        (needle("/ro", "ot/"), "a path of one machine"),
        (needle("/wo", "rk/"), "a path of one machine"),
        (needle("/tmp/", "wt"), "a path of one machine"),
        (needle("/ho", "me/"), "a path of one machine"),
        (needle("artif", "actory"), "a host of one workplace"),
        (needle("sparse+", "http"), "a host of one workplace"),
    ]
}

/// An ignored test says why.
fn lacks_reason(line: &str) -> bool {
    line.trim() == concat!("#[", "ignore]")
}

/// An allowed lint says why, perhaps some lines further down.
fn check_allows(source: &Source, wrong: &mut Vec<String>) {
    let starts = [
        concat!("#", "[allow("),
        concat!("#", "![allow("),
        concat!("#", "[expect("),
    ];
    for start in starts {
        for (position, _) in source.text.match_indices(start) {
            let attribute = source.text[position..]
                .split(")]")
                .next()
                .unwrap_or_default();
            if !attribute.contains("reason") {
                let line = source.text[..position].lines().count();
                wrong.push(format!("{}:{line}: says no reason", source.path));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        check(
            &Source {
                path: path.to_owned(),
                text: text.to_owned(),
            },
            &mut wrong,
        );
        wrong
    }

    #[test]
    fn each_rule_finds_what_it_forbids() {
        let long = "// line\n".repeat(LONGEST_FILE_LINES + 1);
        let cases = [
            ("a/src/long.rs", long),
            ("a/src/mod.rs", String::new()),
            ("a/Cargo.toml", "[package]\n".to_owned()),
            ("a/src/x.rs", format!("fn x() {{ {}!() }}", "todo")),
            ("a/notes.md", format!("see {}/shared", "/work")),
            ("a/src/x.rs", format!("#[{}]\nfn x() {{}}", "ignore")),
            (
                "a/src/x.rs",
                format!("#[{}(dead_code)]\nfn x() {{}}", "allow"),
            ),
        ];
        for (path, text) in cases {
            assert_eq!(problems(path, &text).len(), 1, "{path}: {text}");
        }
    }

    #[test]
    fn a_reason_may_stand_on_a_later_line() {
        let text = format!(
            "#[{}(\n    dead_code,\n    reason = \"later\"\n)]\nfn x() {{}}",
            "allow"
        );
        assert_eq!(problems("a/src/x.rs", &text), Vec::<String>::new());
    }
}
