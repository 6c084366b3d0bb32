//! The core of Floorbook: what a customer card is, how it becomes an Automerge document, what a
//! person may do with it, and how documents travel between tablets and the server.
//!
//! This crate never reads a clock, draws randomness, opens a file or a socket: time, ids and bytes
//! come in as arguments and decisions go out as values. The server, the tablet's worker and the
//! simulator in `tests` run this very code.
//!
//! Map:
//! - [`record`]: typed records of the domain (customer, contact, next step, phone …).
//! - [`document`]: records as Automerge documents: genesis, commands to changes, reading, conflicts.
//! - [`rules`]: what a command must fulfil before it becomes a change.
//! - [`view`]: projections, the rows and cards that screens show.
//! - [`access`]: stores, people and feeds; who may write what.
//! - [`device`]: the document engine of a tablet.
//! - [`sync`]: messages, codec, gate and the state machines of both sides.
//! - [`api`]: types of the HTTP routes.
//! - [`import`]: customers from a spreadsheet.
//! - [`vault`]: keys, sealing and keyrings of what is stored on a tablet.
//! - [`secret`]: passwords and codes that never show themselves in logs.

pub mod access;
pub mod api;
pub mod device;
pub mod document;
pub mod faults;
mod hex_bytes;
pub mod id;
pub mod import;
pub mod record;
pub mod rules;
pub mod secret;
pub mod sync;
pub mod time;
pub mod vault;
pub mod view;
