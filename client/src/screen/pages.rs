//! The pages, one per place.

mod administration;
mod card;
mod card_file;
mod card_section;
mod card_timeline;
mod choose_secret;
mod conflict;
mod contact_sheet;
mod customer_filters;
mod customer_list;
mod customer_row;
mod customers;
mod enrol;
mod erased;
mod import;
mod join;
mod lock;
mod more;
mod new_card;
mod outside;
mod select_bar;
mod setup;
mod sign_in;
mod step_dialogs;
mod today;

pub use administration::{Chosen, Handovers, People, Rescue, Stores, Tablets};
pub use customers::Customers;
pub use enrol::Enrol;
pub use erased::Erased;
pub use import::Import;
pub use join::Join;
pub use lock::Lock;
pub use more::{More, NotFound, Status};
pub use outside::{Failed, HeldElsewhere, Opening, TakenOver};
pub use setup::Setup;
pub use today::Today;
