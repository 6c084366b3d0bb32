//! Rescue files: work of a tablet that could not be sent, taken in by hand.

use serde::{Deserialize, Serialize};

use crate::id::{DeviceId, PersonId};

/// A rescue file to be taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescueRequest {
    /// The file as base64.
    pub content: String,
}

/// What became of a rescue file. The same file again changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescueReport {
    /// The tablet that it is from.
    pub device: DeviceId,
    /// Changes that are at the store now, those included that were there before.
    pub taken: usize,
    /// Changes that were refused.
    pub refused: Vec<RescueRefused>,
}

/// A change of a rescue file that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescueRefused {
    /// The tablet's number of the change.
    pub device_seq: u64,
    /// Whose it was.
    pub person: PersonId,
    /// Stable code of the reason, as for a push.
    pub code: String,
}
