//! Typed records of the domain, as `domain.md` names them.

pub mod birthday;
pub mod catalogue;
pub mod contact;
pub mod customer;
pub mod date;
pub mod handover;
pub mod known_fact;
pub mod phone;
pub mod width;
