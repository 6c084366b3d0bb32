//! What the engine works on, one at a time, and how far it is with it.

use std::collections::BTreeMap;

use crate::device::message::Request;
use crate::device::opening::Opening;
use crate::device::sealing::OpenKeyring;
use crate::device::staged::Staged;
use crate::device::storage::OperationId;
use crate::device::unlocking::Purpose;
use crate::document::Document;
use crate::id::{DocumentId, PersonId};
use crate::secret::Secret;
use crate::sync::message::{Ack, Compared, Fetched, Frame, Refused, Rewind, Welcome};

/// What the engine works on, one at a time.
#[derive(Debug)]
pub(crate) enum Job {
    Request(Request),
    Welcome(Box<Welcome>),
    Frame(Frame),
    Ack(Ack),
    Refused(Refused),
    Rewind(Rewind),
    Compared(Compared),
    Fetched(Fetched),
    /// Try a PIN, once the try was counted.
    TrySecret {
        person: PersonId,
        secret: Secret,
        purpose: Purpose,
    },
    /// Read what belongs to the person of a keyring.
    Open(Box<OpenKeyring>),
    /// The PIN was right: the tries begin anew.
    NoteUnlocked,
    /// Write down how far the clock moved, and close what its lease ends.
    NoteLeases,
    /// Work off what was answered while this person was not here.
    WorkOffAnswers,
    /// An acknowledgement that was noted.
    NotedAck(Ack),
    /// A refusal that was noted.
    NotedRefused(Refused),
    /// Empty the tablet.
    Erase,
    /// Remove rows that can't be read: comparing with the store brings them again.
    ForgetRows {
        keys: Vec<String>,
    },
    /// Write a document anew as one chunk, with its row.
    Rewrite(DocumentId),
    /// Offer what a document has here that leaves.
    BringBack(DocumentId),
    /// Remove a document that left.
    LetGo(DocumentId),
    /// Empty the tablet because somebody here wants it.
    Reset {
        /// Refused entries that are stored and that nobody has settled.
        refused: usize,
    },
    /// Remove what is left of feeds that are out of scope.
    RemoveFeeds,
    /// Remove what is left of feeds that people lost who are not here.
    EmptyLost,
    /// Write all rows anew, as full pages.
    PackRows,
    /// Remove outbox rows that can't be read, once their changes were found in the documents.
    ForgetOutbox,
    /// Keep what is set aside.
    NoteAside,
    /// Find out whether the storage takes something again.
    TryStorage,
    /// Keep the time at which both sides were found equal.
    NoteVerified,
}

impl Job {
    /// Whether it came over the connection: the next connection brings it again.
    pub(crate) const fn is_of_the_conversation(&self) -> bool {
        matches!(
            self,
            Self::Welcome(_)
                | Self::Frame(_)
                | Self::Ack(_)
                | Self::Refused(_)
                | Self::Rewind(_)
                | Self::Compared(_)
                | Self::Fetched(_)
                | Self::BringBack(_)
        )
    }

    /// Whether it goes on whoever is unlocked.
    pub(crate) const fn is_of_the_tablet(&self) -> bool {
        matches!(
            self,
            Self::Request(_)
                | Self::TrySecret { .. }
                | Self::Open(_)
                | Self::NoteLeases
                | Self::EmptyLost
                | Self::Erase
                | Self::NoteAside
                | Self::TryStorage
        )
    }
}

#[derive(Debug)]
pub(crate) enum Running {
    Nothing,
    Opening(Opening),
    Unlocking {
        opening: Opening,
        open: Box<OpenKeyring>,
        /// Whether a try was counted for it.
        was_tried: bool,
    },
    Reading {
        job: Job,
        wanted: BTreeMap<OperationId, DocumentId>,
    },
    /// The refused entries of everybody are counted.
    Counting(OperationId),
    Writing {
        id: OperationId,
        staged: Box<Staged>,
    },
}

/// A document in memory, or why it can't be.
#[derive(Debug)]
pub(crate) enum Opened {
    Document(Box<Document>),
    Unreadable {
        reason: String,
        /// Whether the storage failed rather than the document: the next job that needs the
        /// document reads it again.
        is_passing: bool,
        /// The chunks that can still be read.
        salvage: Vec<Vec<u8>>,
    },
}

impl Opened {
    /// Why it can't be worked on; empty for a document that can.
    pub(crate) fn reason(&self) -> &str {
        match self {
            Self::Document(_) => "",
            Self::Unreadable { reason, .. } => reason,
        }
    }
}
