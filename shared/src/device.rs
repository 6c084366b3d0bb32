//! The document engine of a tablet: documents, commands, outbox, projections, connection.
//!
//! A state machine without I/O. The host (the browser's worker, the simulator) feeds it inputs and
//! carries out what comes back: reads and transactions of the tablet's storage, messages to the
//! server, notices to the screen. It works on one job at a time, so that storage never sees two
//! half-done ones.
//!
//! *Invariant:* memory follows the disk. What a transaction writes becomes visible, may be sent,
//! and is called saved only after the host reported it complete; after a failure the touched
//! documents are read again.

pub mod engine;
pub mod message;
pub mod record;
pub mod storage;

mod answers;
mod aside;
mod command;
mod committing;
mod conversation;
mod cursors;
mod departing;
mod documents;
mod erasing;
mod history;
mod index;
mod job;
mod leaving;
mod looking;
mod opening;
mod owed;
mod people;
mod receiving;
mod refusal;
mod requests;
mod row_page;
mod sealing;
mod staged;
mod telling;
mod tidying;
mod unlocking;
mod verify;
mod vouching;
mod writing;
