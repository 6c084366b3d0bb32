//! Typed records of the domain, as `domain.md` names them.

pub(crate) mod keyed;

pub mod birthday;
pub mod catalogue;
pub mod consent;
pub mod contact;
pub mod customer;
pub mod date;
pub mod entry;
pub mod handover;
pub mod known_fact;
pub mod material;
pub mod phone;
pub mod source;
pub mod width;
