//! The Floorbook tablet app: a library and the two WebAssembly programs that are made from it.
//!
//! - [`message`]: what the two programs say to each other.
//! - `screen`: what a person sees and touches (Yew). It never opens a document: nothing under it
//!   may name Automerge, or the first paint would wait for a megabyte it does not need.
//! - `worker`: documents, storage and the connection. Nothing under it may name Yew.
//!
//! `worker` and all of `screen` but its words and days exist for wasm32 alone, so that a native
//! check of the workspace stays harmless. Neither imports the other; the linker then leaves the other half out of each program.

pub mod message;
pub mod screen;
#[cfg(target_arch = "wasm32")]
pub mod worker;
