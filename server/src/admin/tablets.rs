//! Tablets at the command line: the first steps and emergencies.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use floorbook_shared::api::{Holdings, RescueReport, Tablet, TabletState};
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
        /// Who signed in on it, and the books that were opened to it.
        holdings: Holdings,
    },
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
            let report = rescue::take_in(state, &content, by).await?;
            Ok(TabletOutcome::Rescued { report })
        }
        TabletRequest::Show { tablet } => {
            let tablet = Box::new(find(state, &tablet).await?);
            let holdings = tablets::holdings(state, tablet.standing.device, by).await?;
            Ok(TabletOutcome::Holdings { tablet, holdings })
        }
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

/// A word for how a tablet stands.
pub const fn word(state: TabletState) -> &'static str {
    match state {
        TabletState::Active => "active",
        TabletState::Retiring => "retiring",
        TabletState::Retired => "retired",
        TabletState::Stolen => "stolen",
    }
}
