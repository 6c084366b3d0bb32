//! Parts of pages: properties in, callbacks out, roles and names inside.

mod chips;
mod class_badge;
mod confirm;
mod countdown;
mod dialog;
mod field;
mod frame;
mod icon;
mod list_detail;
mod message;
mod next_step;
mod one_time_link;
mod person_tile;
mod pin_pad;
mod qr_code;
mod status_chip;
mod status_panel;
mod storage_facts;

pub use chips::{Chips, Choice};
pub use class_badge::ClassBadge;
pub use confirm::Confirm;
pub use countdown::Countdown;
pub use dialog::Dialog;
pub use field::Field;
pub use frame::Frame;
pub use icon::{Icon, Picture};
pub use list_detail::ListDetail;
pub use message::{Empty, Message, Saving, Tone};
pub use next_step::{DayChips, NextStepDraft, NextStepEditor, channel_choices, channel_of};
pub use one_time_link::OneTimeLink;
pub use person_tile::{Avatar, PersonTile, TileNote};
pub use pin_pad::{LEAST_DIGITS, PinPad};
pub use qr_code::QrCode;
pub use status_chip::StatusChip;
pub use status_panel::StatusPanel;
pub use storage_facts::{SetAside, StorageFacts};
