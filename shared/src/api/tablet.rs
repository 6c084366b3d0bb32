//! Tablets: enrolling them, looking after them, giving them up.

use serde::{Deserialize, Serialize};

use crate::access::FeedKind;
use crate::id::{DeviceId, FeedId, PersonId};
use crate::secret::Secret;
use crate::sync::message::StorageFacts;
use crate::time::Timestamp;

/// Longest name of a tablet, in characters.
pub const TABLET_NAME_MAX_CHARS: usize = 40;
/// How long an enrolment code works, in minutes.
pub const ENROLMENT_MINUTES: i64 = 10;

/// How a tablet stands with the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TabletState {
    /// It works with Floorbook.
    Active,
    /// It is given up: what waits on it is still taken, then it is emptied.
    Retiring,
    /// It was given up and told to empty itself; whether it did is told by [`Tablet::emptied`].
    Retired,
    /// It is in wrong hands: it is emptied at its next contact, whatever waits on it.
    Stolen,
}

/// A one-time code that enrols a tablet, to be handed over as the link `/enrol#CODE`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentCode {
    /// The code.
    pub code: Secret,
    /// Until when it works.
    pub expires: Timestamp,
}

/// Enrols the browser that sends it. The answer sets the cookie by which the tablet is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The one-time code.
    pub code: Secret,
    /// How the tablet shall be called in the list: 1 to [`TABLET_NAME_MAX_CHARS`] characters.
    pub name: String,
}

/// What a tablet may know about itself before anyone signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabletStanding {
    /// Its id.
    pub device: DeviceId,
    /// Its code, the middle part of card numbers (`F01`).
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: TabletState,
}

/// A tablet as those see it who look after tablets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tablet {
    /// What it knows about itself.
    #[serde(flatten)]
    pub standing: TabletStanding,
    /// When it was enrolled.
    pub enrolled: Timestamp,
    /// Who gave the code; nobody is the command line or the setup.
    pub enrolled_by: Option<PersonId>,
    /// Who signed in on it, ever.
    pub people: Vec<PersonId>,
    /// When it was in contact last.
    pub last_contact: Option<Timestamp>,
    /// What it told about itself then.
    pub report: Option<TabletReport>,
    /// When it was told to empty itself. That is no proof that it did.
    pub erased: Option<Erased>,
    /// When it told that nothing is on it any more.
    #[serde(default)]
    pub emptied: Option<Timestamp>,
    /// The feeds that were ever opened to it.
    pub feeds: Vec<FeedId>,
    /// Those of them that somebody who signed in on it may use now. The others are deleted there at
    /// a contact, after unsent work was delivered.
    #[serde(default)]
    pub open_feeds: Vec<FeedId>,
}

/// What a tablet holds or held, to be printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holdings {
    /// When this was true.
    pub at: Timestamp,
    /// Names of those who signed in on it, ever.
    pub people: Vec<String>,
    /// The books that were ever opened to it.
    pub books: Vec<HeldBook>,
}

/// A book that was opened to a tablet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBook {
    /// Which one.
    pub feed: FeedId,
    /// What it holds, if it is still known.
    pub kind: Option<FeedKind>,
    /// Whose it is.
    pub owner: Option<String>,
    /// Code of the store.
    pub store: Option<String>,
    /// Whether somebody who signed in on the tablet may use it now.
    pub is_open: bool,
    /// Numbers of the cards that are in it now.
    pub cards: Vec<String>,
}

/// What a tablet told about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TabletReport {
    /// Version of its program.
    pub program: String,
    /// How far its clock is ahead of the server's, in milliseconds.
    pub clock_offset_millis: i64,
    /// Changes that waited in its outbox.
    pub waiting: u32,
    /// Its storage, as far as its browser tells.
    pub storage: Option<StorageFacts>,
}

/// That a tablet was told to empty itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// When the words were on their way.
    pub at: Timestamp,
    /// Changes that waited on it then, and go with it.
    pub waiting: u32,
}

/// A tablet tells that nothing is on it any more. It says which one it was, since its browser may
/// have been enrolled anew meanwhile.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct EmptiedTablet {
    /// Its id.
    pub device: DeviceId,
}

/// Changes what a tablet is called.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenameTablet {
    /// The new name.
    pub name: String,
}
