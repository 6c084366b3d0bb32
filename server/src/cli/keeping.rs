//! `floorbook backup` and `floorbook restore`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use super::{DataArguments, administer};
use crate::admin::AdminRequest;
use crate::database::BackupReport;
use crate::keeping::restore::{self, RestoreOrder, Restored};

#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The file to write; a running server writes it itself, with its own rights.
    file: PathBuf,
    /// Replaces a backup that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    data: DataArguments,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The backup.
    file: PathBuf,
    /// Restores although the ledger is lost for good: everybody has to sign in again.
    #[arg(long)]
    without_ledger: bool,
    /// Restores a backup in which the doctor finds something, and follows a damaged ledger as far
    /// as it can be read.
    #[arg(long)]
    accept_damage: bool,
    #[command(flatten)]
    data: DataArguments,
}

pub(super) fn backup(arguments: &BackupArguments) -> Result<ExitCode> {
    // The server has another working folder.
    let file = std::path::absolute(&arguments.file)
        .with_context(|| format!("can't use the path {}", arguments.file.display()))?;
    let request = AdminRequest::BackUp {
        file,
        replace: arguments.force,
    };
    administer(&arguments.data, request)
}

pub(super) fn describe_backup(report: &BackupReport) -> String {
    let entries = |table: &str| report.entries.get(table).copied().unwrap_or_default();
    let all: u64 = report.entries.values().sum();
    format!(
        "The backup is written and checked: {} documents, {} changes, {} people, {} tablets \
         ({all} entries in {} tables, {:.1} MB).\n",
        entries("documents"),
        entries("changes"),
        entries("staff"),
        entries("devices"),
        report.entries.len(),
        report.bytes as f64 / 1_000_000.0,
    )
}

pub(super) fn restore(arguments: &RestoreArguments) -> Result<ExitCode> {
    let order = RestoreOrder {
        place: arguments.data.place(),
        backup: arguments.file.clone(),
        without_ledger: arguments.without_ledger,
        accept_damage: arguments.accept_damage,
    };
    let tell = |message: String| {
        let _ = writeln!(io::stderr(), "{message}");
    };
    let restored = restore::restore(&order, &tell)?;
    io::stdout().write_all(describe_restored(&restored).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn describe_restored(restored: &Restored) -> String {
    let mut text = "The backup is restored.\n".to_owned();
    // Writing to a string does not fail.
    if let Some(aside) = &restored.set_aside {
        let _ = writeln!(text, "The data of before are kept as {}.", aside.display());
    }
    match &restored.replayed {
        Some(replayed) => {
            let _ = writeln!(
                text,
                "Taken over from the ledger ({} lines since the backup): {} sessions and all that \
                 joined since (stores: {}, people new or changed: {}, tablets: {}); {} sessions \
                 that were ended since stay ended.",
                replayed.lines,
                replayed.sessions_opened,
                replayed.stores,
                replayed.people,
                replayed.tablets,
                replayed.sessions_ended,
            );
            if let Some((first, last)) = replayed.audit_aside {
                let _ = writeln!(
                    text,
                    "Entries {first} to {last} of the audit came after the backup: they are in the \
                     data of before, so keep those. The audit goes on behind entry {}.",
                    first - 1
                );
            }
        }
        None => {
            let _ = writeln!(
                text,
                "The audit of the time after the backup is in the data of before alone.\n\
                 Without the ledger nobody can tell which sessions were ended since: all {} were \
                 ended, and all one-time codes. Everybody signs in again with the password of the \
                 time of the backup. People and tablets that joined since are not known: add them \
                 again.",
                restored.sessions_ended
            );
        }
    }
    if let Some(aside) = &restored.ledger_set_aside {
        let _ = writeln!(text, "The old ledger is kept as {}.", aside.display());
    }
    if let Some(master) = &restored.master_missing {
        let _ = writeln!(
            text,
            "The master secret {} is missing, which no backup holds: put the file back before the \
             server starts. If it is lost for good, start it once with --new-master: everybody \
             signs in anew, and work that waits on tablets is refused.",
            master.display()
        );
    }
    text.push_str(
        "Next: start the server. Each tablet notices at its next connection that the store was \
         restored, fetches it again and sends what only it has.\n",
    );
    text
}
