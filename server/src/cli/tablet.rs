//! `floorbook tablet`.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use floorbook_shared::access::FeedKind;
use floorbook_shared::api::{ENROLMENT_MINUTES, HeldBook, Holdings, RescueReport, Tablet};
use floorbook_shared::time::Timestamp;

use super::DataArguments;
use crate::admin::tablets::{TabletOutcome, TabletRequest, word};

#[derive(Debug, Subcommand)]
pub(super) enum TabletCommand {
    /// Prints a one-time link that enrols a tablet.
    Code(DataArguments),
    /// Lists all tablets.
    List(DataArguments),
    /// Gives a tablet up: what waits on it is still taken in, then it is emptied.
    Retire(TabletArguments),
    /// Declares a tablet stolen: it is emptied at its next contact, whatever waits on it.
    Stolen(TabletArguments),
    /// Takes in a rescue file: work that a tablet could not send.
    Rescue {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        data: DataArguments,
    },
    /// Prints what a tablet holds or held, as far as the server knows.
    Show(TabletArguments),
}

#[derive(Debug, clap::Args)]
pub(super) struct TabletArguments {
    /// Its code, such as F01, or its id.
    tablet: String,
    #[command(flatten)]
    data: DataArguments,
}

impl TabletCommand {
    /// Where the data are, and what is asked.
    pub(super) fn split(self) -> Result<(DataArguments, TabletRequest)> {
        Ok(match self {
            Self::Code(data) => (data, TabletRequest::Code),
            Self::List(data) => (data, TabletRequest::List),
            Self::Retire(TabletArguments { tablet, data }) => {
                (data, TabletRequest::Retire { tablet })
            }
            Self::Stolen(TabletArguments { tablet, data }) => {
                (data, TabletRequest::Stolen { tablet })
            }
            Self::Rescue { file, data } => {
                let content = std::fs::read(&file);
                let content = content.with_context(|| format!("can't read {}", file.display()))?;
                let content = STANDARD.encode(content);
                (data, TabletRequest::Rescue { content })
            }
            Self::Show(TabletArguments { tablet, data }) => (data, TabletRequest::Show { tablet }),
        })
    }
}

/// What was done, for people.
pub(super) fn describe(outcome: &TabletOutcome) -> String {
    match outcome {
        TabletOutcome::Code { path, .. } => format!(
            "Open this link on the new tablet, once, within {ENROLMENT_MINUTES} minutes:\n{path}\n"
        ),
        TabletOutcome::List { tablets } => tablets.iter().map(line).collect(),
        TabletOutcome::Changed { tablet } => line(tablet),
        TabletOutcome::Rescued { report } => rescued(report),
        TabletOutcome::Holdings { tablet, holdings } => held(tablet, holdings),
    }
}

fn rescued(report: &RescueReport) -> String {
    let mut text = format!("{} changes are at the store now.\n", report.taken);
    for refused in &report.refused {
        let _ = writeln!(
            text,
            "Change {} of person {} was refused: {}",
            refused.device_seq, refused.person, refused.code
        );
    }
    text
}

fn line(tablet: &Tablet) -> String {
    let standing = &tablet.standing;
    let mut text = format!(
        "{}  {:<8}  {}  {}",
        standing.code,
        word(standing.state),
        standing.device,
        standing.name
    );
    // Writing to a string does not fail.
    if let Some(at) = tablet.last_contact {
        let _ = write!(text, "  last contact {}", time(at));
    }
    if let Some(report) = &tablet.report {
        let _ = write!(
            text,
            "  version {}  waiting {}  clock {:+} s",
            report.program,
            report.waiting,
            report.clock_offset_millis / 1000
        );
        if let Some(storage) = report.storage {
            let kind = if storage.is_persistent {
                "persistent"
            } else {
                "not persistent"
            };
            let _ = write!(
                text,
                "  storage {} MB {kind}",
                storage.used_bytes / 1_000_000
            );
        }
    }
    if let Some(erased) = tablet.erased {
        let _ = write!(
            text,
            "  told to empty itself {} with {} changes",
            time(erased.at),
            erased.waiting
        );
        if tablet.emptied.is_none() {
            text.push_str("  has not told that it did");
        }
    }
    if let Some(at) = tablet.emptied {
        let _ = write!(text, "  told that it is empty {}", time(at));
    }
    text.push('\n');
    text
}

fn held(tablet: &Tablet, holdings: &Holdings) -> String {
    let mut text = line(tablet);
    let _ = writeln!(text, "signed in on it: {}", holdings.people.join(", "));
    for book in &holdings.books {
        let standing = if book.is_open {
            ""
        } else {
            ", not open to its people any more"
        };
        let name = name_of(book);
        let _ = writeln!(text, "{name}: {} cards{standing}", book.cards.len());
        for card in &book.cards {
            let _ = writeln!(text, "  {card}");
        }
    }
    text.push_str(
        "These are the books that were ever opened to it, with the cards that are in them now; who \
         left a book is not listed.\n",
    );
    text
}

fn name_of(book: &HeldBook) -> String {
    let kind = match book.kind {
        Some(FeedKind::Cards) => "cards",
        Some(FeedKind::Accounts) => "accounts",
        Some(FeedKind::Common) => "common book",
        Some(FeedKind::Office) => "office book",
        Some(FeedKind::Cover) => "cover",
        None => return book.feed.to_string(),
    };
    let store = book.store.as_deref().unwrap_or_default();
    match &book.owner {
        Some(owner) => format!("{kind} of {owner}, {store}"),
        None => format!("{kind}, {store}"),
    }
}

fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map(|at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
        .unwrap_or_default()
}
