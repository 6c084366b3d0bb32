//! The rescue file: work that could not be sent, as it stands, for the server to take in.
//!
//! The work is sealed like on the wire, so the file is as safe as the outbox: whoever finds it
//! reads numbers and ids, and whoever changes it makes it worthless.

use serde::{Deserialize, Serialize};

use crate::id::DeviceId;
use crate::sync::message::PushItem;
use crate::vault::seal::{Place, open_clear, seal_clear};

/// Largest rescue file that a server takes, in bytes.
pub const RESCUE_MAX_BYTES: usize = 16 * 1024 * 1024;

/// What the file begins with; the number is the format.
const MAGIC: &[u8] = b"floorbook rescue 1\n";
const PLACE: Place<'static> = Place::new("rescue", b"");

/// Work of a tablet that could not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RescueFile {
    /// The tablet.
    pub device: DeviceId,
    /// Its work, in its order.
    pub items: Vec<PushItem>,
}

/// Why a file can't be taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RescueError {
    /// It is something else, or from a newer program.
    #[error("this is no rescue file of Floorbook, or one of a newer version")]
    NoRescueFile,
    /// It is one, but not whole.
    #[error("the rescue file is damaged")]
    Damaged,
}

impl RescueError {
    /// Stable code; the screen's key is `error-` and the code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoRescueFile => "no_rescue_file",
            Self::Damaged => "rescue_damaged",
        }
    }
}

impl RescueFile {
    /// The file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let content = postcard::to_stdvec(self).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&seal_clear(PLACE, &content));
        bytes
    }

    /// Reads a file.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RescueError> {
        let sealed = bytes.strip_prefix(MAGIC).ok_or(RescueError::NoRescueFile)?;
        let content = open_clear(PLACE, sealed).map_err(|_| RescueError::Damaged)?;
        let (file, rest) = postcard::take_from_bytes(content).map_err(|_| RescueError::Damaged)?;
        if rest.is_empty() {
            Ok(file)
        } else {
            Err(RescueError::Damaged)
        }
    }
}
