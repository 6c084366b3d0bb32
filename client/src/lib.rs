//! The Floorbook tablet app: a library and the two WebAssembly programs that are made from it.
//!
//! - [`message`]: what the two programs say to each other.
//! - [`screen`]: what a person sees and touches (Yew). It never opens a document: nothing under it
//!   may name Automerge, or the first paint would wait for a megabyte it does not need. Words and
//!   days are native too; the rest of it exists for wasm32 alone.

pub mod message;
pub mod screen;
