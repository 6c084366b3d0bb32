//! Parts of pages: properties in, callbacks out, roles and names inside.

mod chips;
mod class_badge;
mod dialog;
mod field;
mod frame;
mod icon;
mod message;
mod next_step;
mod status_chip;
mod status_panel;
mod storage_facts;

pub use chips::{Chips, Choice};
pub use class_badge::ClassBadge;
pub use dialog::Dialog;
pub use field::Field;
pub use frame::Frame;
pub use icon::{Icon, Picture};
pub use message::{Empty, Message, Saving, Tone};
pub use next_step::{DayChips, NextStepDraft, NextStepEditor, channel_choices, channel_of};
pub use status_chip::StatusChip;
pub use status_panel::StatusPanel;
pub use storage_facts::{SetAside, StorageFacts};
