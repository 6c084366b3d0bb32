//! The document engine of a tablet.

pub mod message;
