//! `floorbook import`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use floorbook_shared::api::{IMPORT_MAX_BYTES, ImportRequest};
use floorbook_shared::import::{Creation, ImportReport, Problem};

use super::{DataArguments, ask};
use crate::admin::{AdminOutcome, AdminRequest};

/// Problems that are printed unless all are wanted.
const PROBLEMS_SHOWN: usize = 50;

#[derive(Debug, Args)]
pub(super) struct CustomersArguments {
    /// The file: CSV in UTF-8, UTF-16 or GBK.
    file: PathBuf,
    /// Writes; without it the command only tells what it would do.
    #[arg(long)]
    apply: bool,
    /// Creates the stores and consultants that the file names and that do not exist yet.
    #[arg(long)]
    create: bool,
    /// Shows every problem.
    #[arg(long)]
    all: bool,
    /// Does not ask before writing.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn customers(arguments: &CustomersArguments) -> Result<ExitCode> {
    let file = &arguments.file;
    let content = std::fs::read(file).with_context(|| format!("can't read {}", file.display()))?;
    ensure!(
        content.len() <= IMPORT_MAX_BYTES,
        "{} has {} bytes, at most {IMPORT_MAX_BYTES} can be imported",
        file.display(),
        content.len()
    );
    let mut request = ImportRequest {
        file_name: file.display().to_string(),
        content: STANDARD.encode(content),
        create: Vec::new(),
        apply: false,
    };
    let mut stdout = io::stdout();
    let mut report = run(arguments, &request)?;
    if arguments.create && !report.missing.is_empty() {
        request.create = report.missing;
        report = run(arguments, &request)?;
    }
    let text = describe(&report, &request.create, arguments.all);
    stdout.write_all(text.as_bytes())?;
    if !arguments.apply {
        stdout.write_all("Nothing was written; --apply writes.\n".as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    if report.created + report.completed == 0 {
        stdout.write_all("There is nothing to write.\n".as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.yes && io::stdin().is_terminal() && !confirmed(&report)? {
        bail!("nothing was written");
    }
    request.apply = true;
    let report = run(arguments, &request)?;
    let written = format!(
        "Written: {} cards opened, {} completed, {} unchanged, {} rows rejected, {} waiting.\n",
        report.created, report.completed, report.unchanged, report.rejected, report.waiting
    );
    stdout.write_all(written.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn run(arguments: &CustomersArguments, request: &ImportRequest) -> Result<ImportReport> {
    let request = AdminRequest::ImportCustomers(request.clone());
    match ask(&arguments.data, request)? {
        AdminOutcome::Imported(report) => Ok(report),
        AdminOutcome::Status(_)
        | AdminOutcome::Invited { .. }
        | AdminOutcome::People { .. }
        | AdminOutcome::PersonChanged { .. }
        | AdminOutcome::Stores { .. }
        | AdminOutcome::StoreChanged { .. }
        | AdminOutcome::StoreAdded { .. }
        | AdminOutcome::Tablets(_)
        | AdminOutcome::BackedUp(_)
        | AdminOutcome::Examined(_) => {
            bail!("the server's answer is not understood")
        }
    }
}

fn confirmed(report: &ImportReport) -> Result<bool> {
    let mut stdout = io::stdout();
    let question = format!(
        "Open {} cards and complete {}? [y/N] ",
        report.created, report.completed
    );
    stdout.write_all(question.as_bytes())?;
    stdout.flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// A report for people.
fn describe(report: &ImportReport, create: &[Creation], is_all: bool) -> String {
    let mut text = String::new();
    // Writing into a string never fails.
    let _ = writeln!(
        text,
        "encoding: {}\nrows: {}\nnew cards: {}\ncompleted cards: {}\nunchanged: {}\nrejected: {}\nwaiting: {}",
        report.encoding,
        report.rows,
        report.created,
        report.completed,
        report.unchanged,
        report.rejected,
        report.waiting,
    );
    if !report.fact_columns.is_empty() {
        let _ = writeln!(text, "kept as facts: {}", report.fact_columns.join(", "));
    }
    list_creations(&mut text, "will be created:", create);
    list_creations(
        &mut text,
        "missing; rows wait for them (--create creates them):",
        &report.missing,
    );
    list_problems(&mut text, &report.problems, is_all);
    text
}

fn list_creations(text: &mut String, title: &str, creations: &[Creation]) {
    if creations.is_empty() {
        return;
    }
    let _ = writeln!(text, "{title}");
    for creation in creations {
        let _ = match creation {
            Creation::Store { code } => writeln!(text, "  store {code}"),
            Creation::Consultant { name, store } => writeln!(text, "  consultant {name} ({store})"),
        };
    }
}

fn list_problems(text: &mut String, problems: &[Problem], is_all: bool) {
    if problems.is_empty() {
        return;
    }
    let shown = if is_all {
        problems.len()
    } else {
        problems.len().min(PROBLEMS_SHOWN)
    };
    let _ = writeln!(
        text,
        "problems: {} (! keeps the row out)\n{:>8}  {:<28}{:<18}value",
        problems.len(),
        "line",
        "problem",
        "column"
    );
    for problem in problems.iter().take(shown) {
        let mark = if problem.is_fatal { "!" } else { " " };
        let column = padded(problem.column.as_deref().unwrap_or(""), 18);
        let _ = writeln!(
            text,
            "{:>8}{mark} {:<28}{column}{}",
            problem.line, problem.code, problem.value
        );
    }
    if shown < problems.len() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for problem in problems {
            *counts.entry(&problem.code).or_default() += 1;
        }
        let _ = writeln!(
            text,
            "… {} more (--all shows them); in all, by problem:",
            problems.len() - shown
        );
        for (code, count) in counts {
            let _ = writeln!(text, "{count:>8}  {code}");
        }
    }
}

/// Pads to a width of the terminal, in which most characters of our files take two columns.
fn padded(text: &str, columns: usize) -> String {
    let width: usize = text
        .chars()
        .map(|char| if char.is_ascii() { 1 } else { 2 })
        .sum();
    let blanks = columns.saturating_sub(width).max(1);
    format!("{text}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_are_shown_in_part_and_counted() {
        let problem = |line| Problem {
            line,
            column: Some("生日".to_owned()),
            code: if line % 2 == 0 { "even" } else { "odd" }.to_owned(),
            value: "x".to_owned(),
            is_fatal: line == 2,
        };
        let report = ImportReport {
            problems: (2..62).map(problem).collect(),
            ..ImportReport::default()
        };
        let text = describe(&report, &[], false);
        assert!(text.contains("       2! even"), "{text}");
        assert!(!text.contains("      61"), "{text}");
        assert!(text.contains("… 10 more"), "{text}");
        assert!(text.contains("      30  odd"), "{text}");
        assert!(describe(&report, &[], true).contains("      61"));
    }
}
