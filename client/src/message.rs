//! What the two programs say to each other over `postMessage`, one message each: the screen in strings
//! of JSON; the worker in bytes of JSON, which are handed over without being copied. (Its boot script,
//! when no program runs in it any more, says a string.)

use serde::{Deserialize, Serialize};

use floorbook_shared::device::message::{Notice, Request, RowEntry};
use floorbook_shared::id::DocumentId;
use floorbook_shared::view::row::CustomerRow;

/// From the screen to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWorker {
    /// Opens the tablet's storage.
    Open {
        /// Whether to take the data over from another tab that holds it.
        take_over: bool,
        /// Documents that the last worker trapped on: set aside before anything is opened.
        trapped: Vec<DocumentId>,
    },
    /// Asks something of the engine.
    Request(Request),
}

/// From the worker to the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "each is made, sent and taken once; none of them is kept"
)]
pub enum ToScreen<R = CustomerRow> {
    /// Another tab owns the data.
    HeldElsewhere,
    /// Another tab took the data over.
    TakenOver,
    /// The worker trapped: nothing in it runs any more. Told by its boot script.
    Trapped {
        /// The document that it was working on, if any.
        document: Option<DocumentId>,
    },
    /// The engine tells something.
    Notice(Notice),
    /// The engine tells rows that are new or changed. The worker passes them on as text.
    Rows {
        /// The rows.
        rows: Vec<RowEntry<R>>,
        /// Whether the next message holds more of them.
        goes_on: bool,
    },
    /// The worker can't go on.
    Failed {
        /// Stable code; the screen's key is `failed-` and the code.
        code: String,
        /// Detail for the administrator, without personal data.
        detail: String,
    },
}
