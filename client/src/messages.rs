//! What the screen and the worker say to each other.

use serde::{Deserialize, Serialize};

/// What the screen asks of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Asks whether the worker is alive and of which version.
    Hello,
}

/// What the worker tells the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker listens from now on; what was posted earlier is lost.
    Ready,
    /// Answers [`ToWorker::Hello`].
    Hello {
        /// The version of the worker program.
        version: String,
    },
}
