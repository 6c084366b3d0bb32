//! What every component may ask for: state, worker, words, day and preferences.

use floorbook_shared::id::DocumentId;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::time::{Date, Timestamp};
use yew::prelude::*;

use crate::screen::clock::Clock;
use crate::screen::state::App;
use crate::screen::text::{Language, Text};
use crate::screen::when;
use crate::screen::worker_link::Link;

/// The store's day and clock.
#[derive(Clone, PartialEq)]
pub struct Day {
    /// The store's day now; changes at its midnight.
    pub today: Date,
    /// The store's clock.
    pub clock: Clock,
}

impl Day {
    /// A point in time in words.
    pub fn moment(&self, at: Timestamp, text: &Text) -> String {
        when::moment(self.clock.local(at), self.today, text)
    }
}

/// What a person chose for this tablet.
#[derive(Clone, PartialEq)]
pub struct Preferences {
    /// The language.
    pub language: Language,
    /// The theme.
    pub theme: Theme,
    /// Chooses another language.
    pub set_language: Callback<Language>,
    /// Chooses another theme.
    pub set_theme: Callback<Theme>,
}

/// What was last saved here, to be told for a moment. It is no part of the state of the screen: what
/// says that something is saved is not to wait until everything else was looked at.
#[derive(Clone, PartialEq)]
pub struct Saved {
    /// What was saved; nothing once that was told.
    pub work: UseStateHandle<Option<SavedWork>>,
}

/// Something that was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedWork {
    /// When.
    pub at: Timestamp,
    /// The card.
    pub document: DocumentId,
    /// The change, if it can be taken back.
    pub undo: Option<ChangeHash>,
}

/// Light, dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All themes, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name of the theme, for styles and for keeping the choice.
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of this name; the system's unless it is known.
    pub fn from_name(name: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|theme| theme.name() == name)
            .unwrap_or_default()
    }
}

#[expect(
    clippy::expect_used,
    reason = "the root component provides it; anything else is our bug"
)]
#[hook]
fn use_provided<T: Clone + PartialEq + 'static>() -> T {
    use_context::<T>().expect("the root component provides it")
}

/// The state of the screen.
#[hook]
pub fn use_app() -> App {
    use_provided()
}

/// The line to the worker.
#[hook]
pub fn use_link() -> Link {
    use_provided()
}

/// What was last saved here.
#[hook]
pub fn use_saved() -> Saved {
    use_provided()
}

/// The words.
#[hook]
pub fn use_text() -> Text {
    use_provided()
}

/// The store's day.
#[hook]
pub fn use_day() -> Day {
    use_provided()
}

/// What the person chose for this tablet.
#[hook]
pub fn use_preferences() -> Preferences {
    use_provided()
}
