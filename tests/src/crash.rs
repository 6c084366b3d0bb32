//! A machine whose power fails at a chosen write, and the history that it is tried with.
//!
//! What was not synced may be there afterwards, wholly, in part, or not at all: a disk promises
//! nothing else. The database's file and the ledger hang on the same power.

pub mod history;
pub mod machine;
