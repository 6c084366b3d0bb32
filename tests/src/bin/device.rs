//! A headless tablet from the command line: the real engine with its data in a folder, for scripts
//! and for looking into problems.
//!
//! ```text
//! export FLOORBOOK_FOLDER=/tmp/tablet
//! echo "$PASSWORD" | device sign-in http://127.0.0.1:8080 "Li Na"
//! device sync
//! device create --name 李女士 --phone 13800000000 --field city=杭州市
//! device list
//! device sync && device heads
//! ```
//!
//! Every command but `sync`, `sign-in` and `json` works without a network. `json` takes the
//! engine's requests and some verbs as lines of JSON on standard input and tells notices and
//! answers on standard output: see `floorbook_tests::headless::driver::json`.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, Parser, Subcommand};
use floorbook_server::clock::{Clock, SystemClock, SystemRandomness};
use floorbook_shared::document::command::{Command, Edit, NewCard, NewContact, NewPhone};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::secret::Secret;
use floorbook_shared::time::Date;
use floorbook_tests::headless::driver::{Driver, json};

#[derive(Parser)]
#[command(about = "A headless Floorbook tablet in a folder")]
struct Arguments {
    /// Folder of the tablet's data
    #[arg(
        long,
        env = "FLOORBOOK_FOLDER",
        global = true,
        default_value = "floorbook-tablet"
    )]
    folder: PathBuf,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Enrols the tablet by a one-time code, which comes from FLOORBOOK_CODE or standard input
    Enrol {
        /// Address of the server, such as http://127.0.0.1:8080
        server: String,
        /// How the tablet is called
        #[arg(long, default_value = "device")]
        name: String,
    },
    /// Signs a person in; the password comes from FLOORBOOK_PASSWORD or from standard input
    SignIn {
        /// The person's name
        name: String,
    },
    /// Lists the cards
    List,
    /// Shows a card as JSON
    Show {
        /// The card
        id: DocumentId,
    },
    /// Opens a new card and prints its id
    Create {
        /// The customer's name
        #[arg(long)]
        name: String,
        /// A phone; may be given several times
        #[arg(long = "phone")]
        phones: Vec<String>,
        /// Another field, such as city=杭州市; may be given several times
        #[arg(long = "field", value_parser = assignment, value_name = "FIELD=VALUE")]
        fields: Vec<(CustomerField, String)>,
    },
    /// Sets fields of a card
    Edit {
        /// The card
        id: DocumentId,
        /// Such as city=杭州市; an empty value clears the field
        #[arg(required = true, value_parser = assignment, value_name = "FIELD=VALUE")]
        fields: Vec<(CustomerField, String)>,
    },
    /// Logs a contact
    Contact(Contact),
    /// Connects and waits until everything is at the store and everything from there is here
    Sync {
        /// How long at most
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// Shows as JSON what is saved and sent
    Status,
    /// Prints the sorted Automerge heads of every document on the disk
    Heads,
    /// Obeys lines of JSON on standard input
    Json,
}

#[derive(Args)]
struct Contact {
    /// The card
    id: DocumentId,
    /// What was said
    #[arg(long, default_value = "")]
    note: String,
    /// How: call, wechat, message, mail, store_visit, home_visit, other
    #[arg(long, default_value = "call", value_parser = keyed::<Channel>)]
    channel: Channel,
    /// What came of it: progress, no_change, not_reached, not_convenient, refused, complaint, other
    #[arg(long, default_value = "progress", value_parser = keyed::<Outcome>)]
    outcome: Outcome,
    /// What is to be done next
    #[arg(long, required_unless_present = "none")]
    next: Option<String>,
    /// The day on which it is due; today if it is not said
    #[arg(long, requires = "next")]
    due: Option<Date>,
    /// Why nothing is to be done next
    #[arg(long, conflicts_with = "next")]
    none: Option<String>,
}

fn assignment(text: &str) -> Result<(CustomerField, String), String> {
    let (key, value) = text.split_once('=').ok_or("write FIELD=VALUE")?;
    let Some(field) = CustomerField::from_key(key) else {
        let keys = CustomerField::ALL.map(CustomerField::key);
        return Err(format!("the fields are {}", keys.join(", ")));
    };
    Ok((field, value.to_owned()))
}

/// Reads a value by its stable key.
fn keyed<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where stderr is closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "device: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(async {
        let mut driver = Driver::open(&arguments.folder).await?;
        let result = act(&mut driver, arguments.action).await;
        driver.close().await;
        result
    });
    // A read of standard input may still wait.
    runtime.shutdown_background();
    result
}

async fn act(driver: &mut Driver, action: Action) -> Result<()> {
    match action {
        Action::Enrol { server, name } => {
            let code = secret("FLOORBOOK_CODE")?;
            print(&driver.enrol(&server, code, &name).await?)
        }
        Action::SignIn { name } => {
            let password = secret("FLOORBOOK_PASSWORD")?;
            driver.sign_in(&name, password).await?;
            if let Some(identity) = &driver.identity {
                print(&format!("{} on {}", identity.name, identity.tablet_code))?;
            }
            Ok(())
        }
        Action::List => list(driver),
        Action::Show { id } => {
            let card = driver.card(id).await?;
            print(&serde_json::to_string_pretty(&card)?)
        }
        Action::Create {
            name,
            phones,
            fields,
        } => create(driver, name, phones, fields).await,
        Action::Edit { id, fields } => {
            let edits = fields
                .into_iter()
                .map(|(field, value)| Edit::SetField { field, value });
            let edits = edits.collect();
            driver.run(id, Command::EditCard { edits }).await
        }
        Action::Contact(contact) => log(driver, contact).await,
        Action::Sync { seconds } => {
            ensure!(driver.identity.is_some(), "nobody is signed in");
            driver.sync(Duration::from_secs(seconds)).await
        }
        Action::Status => print(&serde_json::to_string_pretty(&driver.standing().status)?),
        Action::Heads => {
            let heads = driver.heads().await?;
            heads
                .iter()
                .try_for_each(|(id, heads)| print(&format!("{id} {}", heads.join(","))))
        }
        Action::Json => json::serve(driver, tokio::io::stdin(), tokio::io::stdout()).await,
    }
}

fn print(line: &str) -> Result<()> {
    Ok(writeln!(io::stdout(), "{line}")?)
}

fn secret(variable: &str) -> Result<Secret> {
    if let Ok(secret) = std::env::var(variable) {
        return Ok(secret.into());
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\r', '\n']);
    ensure!(
        !password.is_empty(),
        "give the password in FLOORBOOK_PASSWORD or on standard input"
    );
    Ok(password.into())
}

fn list(driver: &Driver) -> Result<()> {
    for (id, entry) in &driver.rows {
        let row = &entry.row;
        let unsent = match entry.unsent {
            0 => String::new(),
            unsent => format!("{unsent} unsent"),
        };
        let phones = row.phones.join(" ");
        let parts = [&id.to_string(), &row.number, &row.name, &phones, &unsent];
        print(parts.map(String::as_str).join("\t").trim_end())?;
    }
    Ok(())
}

async fn create(
    driver: &mut Driver,
    name: String,
    phones: Vec<String>,
    fields: Vec<(CustomerField, String)>,
) -> Result<()> {
    let now = SystemClock.now();
    let entry = || EntryId::new(now, &mut SystemRandomness);
    let mut all = BTreeMap::from([
        (CustomerField::Name, name),
        (CustomerField::OpenedOn, driver.today().to_string()),
    ]);
    let number = driver.next_card_number().await?;
    if number.is_empty() {
        bail!("this tablet knows no store yet: run `device sync` first");
    }
    all.insert(CustomerField::Number, number);
    all.extend(fields);
    let phones = phones.into_iter().map(|number| NewPhone {
        id: entry(),
        number,
        label: String::new(),
    });
    let card = NewCard {
        fields: all,
        phones: phones.collect(),
        ..NewCard::default()
    };
    let document = DocumentId::new(now, &mut SystemRandomness);
    driver.run(document, Command::OpenCard(card)).await?;
    print(&document.to_string())
}

async fn log(driver: &mut Driver, contact: Contact) -> Result<()> {
    let now = SystemClock.now();
    let entry = || EntryId::new(now, &mut SystemRandomness);
    let today = driver.today();
    let next = match contact.next {
        Some(what) => {
            NextStepDecision::planned(what, contact.due.unwrap_or(today), contact.channel)
        }
        None => NextStepDecision::None {
            reason: contact.none.context("say --next or --none")?,
        },
    };
    let command = Command::LogContact(NewContact {
        note: contact.note,
        ..NewContact::new(
            (entry(), entry()),
            today,
            contact.channel,
            contact.outcome,
            next,
        )
    });
    driver.run(contact.id, command).await
}
