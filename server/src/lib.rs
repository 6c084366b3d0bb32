//! The Floorbook server: accounts, sync, storage, and the web app.
//!
//! It never decides about cards itself: rules, rights and merging live in `floorbook-shared`. It
//! never logs names, card content, query strings or secrets.
//!
//! Map:
//! - [`cli`]: the command line; `serve` starts here.
//! - [`state`]: what all routes share.
//! - [`http`]: routes, errors, headers, static files.
//! - [`access`]: passwords, codes, sessions, throttling.
//! - [`database`]: accounts and organisation in redb.
//! - [`sync`]: judging and committing documents, sockets of the tablets.
//! - [`demo`]: a made-up chain to try things with.
//! - [`import`]: customers from a spreadsheet into the store.
//! - [`admin`]: administration commands, through a running server or without one.
//! - [`keeping`]: backup and restore.
//! - [`ledger`]: what a restored backup must not undo, in a file of its own.
//! - [`tls`] and [`certificate`]: TLS and the local certificate authority.
//! - [`clock`]: the machine's time and randomness.

pub mod access;
pub mod admin;
pub mod certificate;
pub mod cli;
pub mod clock;
pub mod database;
pub mod demo;
pub mod folder;
pub mod handover;
pub mod http;
pub mod import;
pub mod keeping;
pub mod ledger;
pub mod state;
pub mod sync;
pub mod tls;
