//! Tablets at the command line: the first steps and emergencies.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use floorbook_shared::access::{Feed, FeedKind, Scope};
use floorbook_shared::api::{RescueReport, Tablet, TabletState};
use floorbook_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::access::accounts::AccountError;
use crate::access::rescue;
use crate::access::tablets;
use crate::database::Refusal;
use crate::database::model::By;
use crate::state::AppState;

/// What the command line asks about tablets. A tablet is named by its code (`F01`) or its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about_tablets", rename_all = "snake_case")]
pub enum TabletRequest {
    /// Makes a one-time code that enrols a tablet.
    Code,
    /// Lists them.
    List,
    /// Gives one up.
    Retire {
        /// Which one.
        tablet: String,
    },
    /// Declares one stolen.
    Stolen {
        /// Which one.
        tablet: String,
    },
    /// Takes a rescue file in.
    Rescue {
        /// The file as base64.
        content: String,
    },
    /// Tells what one holds or held.
    Show {
        /// Which one.
        tablet: String,
    },
}

/// What was done with tablets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about_tablets", rename_all = "snake_case")]
pub enum TabletOutcome {
    /// A tablet can be enrolled by a link.
    Code {
        /// Path of the one-time link, `/enrol#CODE`.
        path: String,
        /// Until when it works.
        expires: Timestamp,
    },
    /// All tablets.
    List {
        /// By their number.
        tablets: Vec<Tablet>,
    },
    /// A tablet is given up, or was already.
    Changed {
        /// How it stands now.
        tablet: Box<Tablet>,
    },
    /// A rescue file was taken in.
    Rescued {
        /// What became of it.
        report: RescueReport,
    },
    /// What a tablet holds or held, as far as the server knows.
    Holdings {
        /// The tablet.
        tablet: Box<Tablet>,
        /// Names of those who signed in on it.
        people: Vec<String>,
        /// The books that were opened to it.
        books: Vec<Book>,
    },
}

/// A book that was opened to a tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// What it is, with its owner and store.
    pub name: String,
    /// Numbers of the cards that are in it now.
    pub cards: Vec<String>,
}

/// Does what was asked.
pub async fn run(
    state: &Arc<AppState>,
    request: TabletRequest,
    by: By,
) -> Result<TabletOutcome, AccountError> {
    match request {
        TabletRequest::Code => {
            let code = tablets::issue_code(state, by).await?;
            Ok(TabletOutcome::Code {
                path: enrol_path(code.code.expose()),
                expires: code.expires,
            })
        }
        TabletRequest::List => Ok(TabletOutcome::List {
            tablets: tablets::list(state).await?,
        }),
        TabletRequest::Retire { tablet } => {
            let device = find(state, &tablet).await?.standing.device;
            tablets::retire(state, device, by).await?;
            let tablet = Box::new(find(state, &tablet).await?);
            Ok(TabletOutcome::Changed { tablet })
        }
        TabletRequest::Stolen { tablet } => {
            let device = find(state, &tablet).await?.standing.device;
            tablets::declare_stolen(state, device, by).await?;
            let tablet = Box::new(find(state, &tablet).await?);
            Ok(TabletOutcome::Changed { tablet })
        }
        TabletRequest::Rescue { content } => {
            let content = STANDARD.decode(content).unwrap_or_default();
            let report = rescue::take_in(state, &content).await?;
            Ok(TabletOutcome::Rescued { report })
        }
        TabletRequest::Show { tablet } => show(state, find(state, &tablet).await?).await,
    }
}

/// Path of the one-time link; the code stands after `#`, so it never reaches a server's log.
pub fn enrol_path(code: &str) -> String {
    format!("/enrol#{code}")
}

async fn find(state: &AppState, wanted: &str) -> Result<Tablet, AccountError> {
    let wanted = wanted.trim();
    let all = tablets::list(state).await?;
    let found = all.into_iter().find(|tablet| {
        tablet.standing.code.eq_ignore_ascii_case(wanted)
            || tablet
                .standing
                .device
                .to_string()
                .eq_ignore_ascii_case(wanted)
    });
    found.ok_or_else(|| Refusal::NoSuchTablet.into())
}

async fn show(state: &AppState, tablet: Tablet) -> Result<TabletOutcome, AccountError> {
    let scope = state.with_database(|database| database.scope()).await?;
    let people = tablet.people.iter().map(|id| {
        let person = scope.person(*id);
        person.map_or_else(|| id.to_string(), |person| person.name.clone())
    });
    let people = people.collect();
    let mut books = Vec::new();
    for id in tablet.feeds.clone() {
        let cards = state.with_database(move |database| database.cards_in(id));
        let cards = cards.await?;
        let feed = scope.feed(id);
        let name = feed.map_or_else(|| id.to_string(), |feed| name_of(feed, &scope));
        books.push(Book { name, cards });
    }
    Ok(TabletOutcome::Holdings {
        tablet: Box::new(tablet),
        people,
        books,
    })
}

fn name_of(feed: &Feed, scope: &Scope) -> String {
    let kind = match feed.kind {
        FeedKind::Cards => "cards",
        FeedKind::Accounts => "accounts",
        FeedKind::Common => "common book",
        FeedKind::Office => "office book",
        FeedKind::Cover => "cover",
    };
    let store = scope.store(feed.store).map_or("", |store| &store.code);
    match feed.owner.and_then(|owner| scope.person(owner)) {
        Some(owner) => format!("{kind} of {}, {store}", owner.name),
        None => format!("{kind}, {store}"),
    }
}

/// A word for how a tablet stands.
pub const fn word(state: TabletState) -> &'static str {
    match state {
        TabletState::Active => "active",
        TabletState::Retiring => "retiring",
        TabletState::Retired => "retired",
        TabletState::Stolen => "stolen",
    }
}
