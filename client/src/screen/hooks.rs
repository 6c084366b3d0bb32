//! Behaviour that pages and components share.

mod context;
mod draft;
mod media;
mod run;
mod window;

pub use context::{Day, Preferences, Theme, use_app, use_day, use_link, use_preferences, use_text};
pub use draft::{Draft, use_draft};
pub use media::use_is_narrow;
pub use run::use_run;
pub use window::use_window;
