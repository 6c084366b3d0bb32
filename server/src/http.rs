//! The HTTP side: routes, errors, headers, static files.

pub mod cookie;
pub mod error;
pub mod extract;
pub mod listen;
pub mod origin;
pub mod routes;
pub mod rule;
pub mod web;

mod address;
mod connections;
mod handovers;
mod headers;
mod health;
mod import;
mod lookup;
mod people;
mod rescue;
mod server_state;
mod sessions;
mod stores;
mod tablets;
