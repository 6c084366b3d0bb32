//! `floorbook doctor`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;

use super::DataArguments;
use crate::admin::{AdminOutcome, AdminRequest, AdminResponse, client};
use crate::database::{Examination, Remedy};
use crate::keeping::doctor::{Visit, visit};

#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Mends what can be derived; the server must not run.
    #[arg(long)]
    repair: bool,
    /// Prints JSON instead of text.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn run(arguments: &DoctorArguments) -> Result<ExitCode> {
    let visit = examine(arguments)?;
    let mut text = String::new();
    if arguments.json {
        text = serde_json::to_string_pretty(&serde_json::json!({
            "healthy": visit.examination.is_healthy(),
            "mended": visit.mended,
            "examination": visit.examination,
        }))?;
        text.push('\n');
    } else {
        if arguments.repair {
            text.push_str(&describe_mended(&visit));
        }
        text.push_str(&describe(&visit.examination));
    }
    io::stdout().write_all(text.as_bytes())?;
    Ok(if visit.examination.is_healthy() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn examine(arguments: &DoctorArguments) -> Result<Visit> {
    let place = arguments.data.place();
    let tell = |message: String| {
        let _ = writeln!(io::stderr(), "{message}");
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    // A status is asked first where something is to be mended: it costs the server nothing.
    let request = if arguments.repair {
        AdminRequest::Status
    } else {
        AdminRequest::Examine
    };
    let answer = runtime.block_on(client::ask_server(&place, &request, &tell))?;
    if arguments.repair && answer.is_some() {
        bail!("a server is running on these data; stop it first, then mend");
    }
    match answer {
        Some(AdminResponse::Done(AdminOutcome::Examined(examination))) => Ok(Visit {
            examination,
            ..Visit::default()
        }),
        Some(AdminResponse::Failed { message, .. }) => bail!(message),
        Some(AdminResponse::Done(_) | AdminResponse::Progress { .. }) => {
            bail!("the server's answer is not understood")
        }
        None => visit(&place, arguments.repair, &tell),
    }
}

fn describe_mended(visit: &Visit) -> String {
    if visit.mended.is_empty() {
        return "There was nothing that could be mended.\n".to_owned();
    }
    let mut text = "Mended:".to_owned();
    for (table, count) in &visit.mended {
        let _ = write!(text, " {count} in {table};");
    }
    text.push_str(" log and edits were not touched.\n");
    text
}

pub(super) fn describe(examination: &Examination) -> String {
    let entries = |table: &str| examination.entries.get(table).copied().unwrap_or_default();
    if examination.is_healthy() {
        return format!(
            "Everything is sound: {} cards, {} entries in the logs, {} in the audit.\n",
            entries("documents"),
            entries("log"),
            entries("audit"),
        );
    }
    let mut text = String::new();
    for (ailment, count) in &examination.counts {
        let _ = writeln!(text, "{} ({count}): {}", ailment.code(), ailment.meaning());
        let of_sort = |finding: &&crate::database::Finding| finding.ailment == *ailment;
        for finding in examination.findings.iter().filter(of_sort) {
            let _ = writeln!(text, "  {}: {}", finding.table, finding.subject);
        }
    }
    let remedies = examination.counts.keys().map(|ailment| ailment.remedy());
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for remedy in remedies {
        // A restored backup mends the rest as well.
        let is_included = remedy == Remedy::Repair && examination.needs_backup();
        if !is_included && told.insert(remedy.advice()) {
            let _ = writeln!(text, "What to do: {}.", remedy.advice());
        }
    }
    text
}
