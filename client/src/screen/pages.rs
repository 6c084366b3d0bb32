//! The pages, one per place.

mod card;
mod card_file;
mod card_section;
mod card_timeline;
mod conflict;
mod contact_sheet;
mod customer_list;
mod customers;
mod enrol;
mod import;
mod more;
mod new_card;
mod outside;
mod people;
mod sign_in;
mod step_dialogs;
mod today;

pub use customers::Customers;
pub use enrol::Enrol;
pub use import::Import;
pub use more::{More, NotFound, Status};
pub use outside::{Failed, HeldElsewhere, Opening, TakenOver};
pub use people::People;
pub use sign_in::{Join, Setup, SignIn};
pub use today::Today;
