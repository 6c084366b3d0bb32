//! Behaviour that pages and components share.

mod context;
mod draft;
mod idle;
mod kept_focus;
mod later;
mod media;
mod minute;
mod row_walk;
mod run;
mod server;
mod window;

pub use context::{
    Day, Preferences, Saved, SavedWork, Theme, use_app, use_day, use_link, use_preferences,
    use_saved, use_text,
};
pub use draft::{Draft, use_draft};
pub use idle::use_idle;
pub use kept_focus::use_kept_focus;
pub use later::use_later;
pub use media::use_is_narrow;
pub use minute::use_minute;
pub use row_walk::use_row_walk;
pub use run::{Run, use_run};
pub use server::{Loaded, Sending, use_loaded, use_sending};
pub use window::use_window;
