//! Records as Automerge documents.

pub mod command;
