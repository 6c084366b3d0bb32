//! Documents on the server: judging and committing pushes, and the sockets of the tablets.

pub mod caught;
pub mod commit;
pub mod compaction;
pub(crate) mod denied;
mod greeting;
mod housework;
mod judging;
mod loaded;
mod message_rate;
pub mod opened;
pub mod own;
pub mod pages;
pub mod queue;
mod receipts;
pub mod renewal;
pub mod restoring;
mod rights;
pub mod socket;
pub mod sockets;
