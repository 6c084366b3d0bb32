//! The command line.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::admin::{AdminOutcome, AdminRequest, AdminResponse, client};
use crate::certificate;
use crate::keeping::DataPlace;
use organisation::{PersonCommand, StoreCommand};

mod doctor;
mod import;
mod keeping;
mod organisation;
mod serve;
mod tablet;

/// The customer book of a furniture showroom.
#[derive(Debug, Parser)]
#[command(name = "floorbook", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server.
    Serve(serve::ServeArguments),
    /// Makes or renews a certificate for tablets in the local network.
    Cert {
        /// Name or address under which the tablets reach the server; may be given several times.
        #[arg(long = "host", required = true, num_args = 1.., value_name = "NAME_OR_IP")]
        hosts: Vec<String>,
        /// Folder for the certificates and keys.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Shows what the server holds.
    Status(DataArguments),
    /// Staff members.
    #[command(subcommand)]
    Person(PersonCommand),
    /// Stores.
    #[command(subcommand)]
    Store(StoreCommand),
    /// Tablets.
    #[command(subcommand)]
    Tablet(tablet::TabletCommand),
    /// Files of other programs.
    #[command(subcommand)]
    Import(ImportCommand),
    /// Writes a backup, also while the server runs.
    Backup(keeping::BackupArguments),
    /// Puts a backup into the place of the data; the server must not run.
    Restore(keeping::RestoreArguments),
    /// Checks everything that is stored; ends with 1 if something is wrong.
    Doctor(doctor::DoctorArguments),
}

#[derive(Debug, Subcommand)]
enum ImportCommand {
    /// Imports customers; without --apply it only tells what it would do.
    Customers(import::CustomersArguments),
}

#[derive(Debug, Args)]
struct DataArguments {
    /// Folder of the server's data.
    #[arg(
        long,
        env = "FLOORBOOK_DATA",
        default_value = "./floorbook-data",
        value_name = "DIR"
    )]
    data: PathBuf,
    /// File of the ledger, which tells a restored backup what happened since; best on another disk
    /// [default: ledger.jsonl in the data folder].
    #[arg(long, env = "FLOORBOOK_LEDGER", value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl DataArguments {
    fn place(&self) -> DataPlace {
        DataPlace {
            data: self.data.clone(),
            ledger: self.ledger.clone(),
        }
    }
}

/// Runs the program.
pub fn run() -> ExitCode {
    run_with(std::env::args_os())
}

/// Runs the program with these arguments, of which the first is its name.
pub fn run_with(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let command = CommandLine::parse_from(arguments).command;
    match dispatch(command) {
        Ok(code) => code,
        Err(error) => {
            // Where stderr is closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "floorbook: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(arguments) => serve::run(arguments),
        Command::Cert { hosts, out } => {
            let written = certificate::make(&hosts, &out, time::OffsetDateTime::now_utc())?;
            let host = hosts.first().map(String::as_str).unwrap_or_default();
            io::stdout().write_all(certificate::instructions(&written, host).as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Status(data) => administer(&data, AdminRequest::Status),
        Command::Person(command) => {
            let (data, request) = command.request();
            administer(&data, request)
        }
        Command::Store(command) => {
            let (data, request) = command.request();
            administer(&data, request)
        }
        Command::Tablet(command) => {
            let (data, request) = command.split()?;
            administer(&data, AdminRequest::Tablets(request))
        }
        Command::Backup(arguments) => keeping::backup(&arguments),
        Command::Restore(arguments) => keeping::restore(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Import(ImportCommand::Customers(arguments)) => import::customers(&arguments),
    }
}

fn administer(data: &DataArguments, request: AdminRequest) -> Result<ExitCode> {
    let outcome = ask(data, request)?;
    io::stdout().write_all(describe(&outcome).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Has a command done by the running server, or without one; tells on stderr how far it is.
fn ask(data: &DataArguments, request: AdminRequest) -> Result<AdminOutcome> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let tell = |message: String| {
        let _ = writeln!(io::stderr(), "{message}");
    };
    match runtime.block_on(client::run(&data.place(), request, &tell))? {
        AdminResponse::Done(outcome) => Ok(outcome),
        AdminResponse::Failed { message, .. } => anyhow::bail!(message),
        AdminResponse::Progress { .. } => anyhow::bail!("the answer has no end"),
    }
}

fn describe(outcome: &AdminOutcome) -> String {
    match outcome {
        AdminOutcome::Status(status) => format!(
            "set up: {}\nstores: {}\npeople: {}\ndevices: {}\nsessions: {}\nformat: {}\nscope: {}\n",
            if status.is_set_up { "yes" } else { "no" },
            status.stores,
            status.people,
            status.devices,
            status.sessions,
            status.format_version,
            status.scope_version,
        ),
        AdminOutcome::Invited { name, path } => format!(
            "{name} sets a password with this link, once, within {} hours:\n{path}\n",
            crate::access::code::INVITATION_HOURS
        ),
        AdminOutcome::People { people } => organisation::describe_people(people),
        AdminOutcome::PersonChanged { name } => format!("Changed {name}.\n"),
        AdminOutcome::Stores { stores } => organisation::describe_stores(stores),
        AdminOutcome::StoreChanged { code } => format!("Changed the store {code}.\n"),
        AdminOutcome::StoreAdded { code } => format!("Added the store {code}.\n"),
        AdminOutcome::Tablets(outcome) => tablet::describe(outcome),
        AdminOutcome::Imported(report) => format!("Opened {} cards.\n", report.created),
        AdminOutcome::BackedUp(report) => keeping::describe_backup(report),
        AdminOutcome::Examined(examination) => doctor::describe(examination),
    }
}
