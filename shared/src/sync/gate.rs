//! The gate: whether a pushed change may become part of a document.
//!
//! It judges what a change can know alone: form, size, author, causality, the keys that it writes,
//! the operations that it names. What only the merge can know is accepted, because it happened.
//! Nothing that passes can make the document unloadable: the document with all new changes is
//! saved and loaded again before any of them is accepted.

mod batch;
mod draft;
mod writes;

pub use self::batch::Judged;
use self::draft::Draft;
use crate::document::Document;
use crate::document::author::ChangeAuthor;
use crate::faults;
use crate::sync::message::DOCUMENT_MAX_BYTES;
use crate::sync::scanner::{ScanError, ScannedChange, scan_change};

/// Why a change was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Larger than a change may be, or claims to be.
    #[error("the change is too large")]
    TooLarge,
    /// The bytes are no uncompressed change as the library writes one.
    #[error("the bytes are no change")]
    NoChange,
    /// The actor belongs to another tablet or person, or is reserved.
    #[error("the actor is not this tablet's")]
    ForeignActor,
    /// The author is not the session's person on this tablet, or stands where none may.
    #[error("the author is not the person who is signed in")]
    ForeignAuthor,
    /// It builds on changes that the server does not have.
    #[error("the change builds on changes that are missing")]
    MissingChanges,
    /// Its numbers do not continue what it builds on.
    #[error("the change's numbers do not continue the document")]
    BrokenOrder,
    /// It writes what may not be written.
    #[error("the change writes what may not be written")]
    ForbiddenWrite,
    /// It names operations or actors that are not in what it builds on.
    #[error("the change names what is not there")]
    BrokenReference,
    /// The document would grow beyond what a message can carry.
    #[error("the document is full")]
    DocumentFull,
    /// The document did not survive it.
    #[error("the document would not load with the change")]
    Unloadable,
}

impl GateError {
    /// All reasons, so that a test can ask for the words of each.
    pub const ALL: [Self; 10] = [
        Self::TooLarge,
        Self::NoChange,
        Self::ForeignActor,
        Self::ForeignAuthor,
        Self::MissingChanges,
        Self::BrokenOrder,
        Self::ForbiddenWrite,
        Self::BrokenReference,
        Self::DocumentFull,
        Self::Unloadable,
    ];

    /// Stable code for translation, logs and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::NoChange => "no_change",
            Self::ForeignActor => "foreign_actor",
            Self::ForeignAuthor => "foreign_author",
            Self::MissingChanges => "missing_changes",
            Self::BrokenOrder => "broken_order",
            Self::ForbiddenWrite => "forbidden_write",
            Self::BrokenReference => "broken_reference",
            Self::DocumentFull => "document_full",
            Self::Unloadable => "unloadable",
        }
    }
}

impl From<ScanError> for GateError {
    fn from(error: ScanError) -> Self {
        if error.is_excess() {
            Self::TooLarge
        } else {
            Self::NoChange
        }
    }
}

/// A pushed change with what the server knows about it.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The change.
    pub change: &'a ScannedChange<'a>,
    /// Who pushed it.
    pub author: ChangeAuthor,
    /// Who its actor belongs to, if it was seen before this batch.
    pub bound: Option<ChangeAuthor>,
}

/// What became of a candidate that passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// It is part of the document now.
    New,
    /// It was part of the document before.
    Known,
}

/// Reads the bytes of a pushed change without showing them to Automerge. Never panics.
pub fn parse(bytes: &[u8]) -> Result<ScannedChange<'_>, GateError> {
    Ok(scan_change(bytes)?)
}

/// Judges one change against the document as the server has it, and returns the document with the
/// change. `bound` is who the change's actor belongs to, if it was seen before.
pub fn judge(
    document: &Document,
    change: &ScannedChange<'_>,
    author: ChangeAuthor,
    bound: Option<ChangeAuthor>,
) -> Result<Document, GateError> {
    let candidate = Candidate {
        change,
        author,
        bound,
    };
    let mut draft = Draft::begin(document)?;
    draft.check(&candidate)?;
    draft.add(&candidate)?;
    let document = draft.into_document();
    prove(&document)?;
    Ok(document)
}

/// Judges changes of one document in their order. Each is judged on the document with those before
/// it; the proof that the document survives is made for many of them together. Only when it fails
/// they are proven apart, so that a bad one is refused alone. The number of proofs is bounded.
///
/// `bytes` is the size of the document when it is saved, which whoever has the document knows.
pub fn judge_all(document: &Document, bytes: usize, candidates: &[Candidate<'_>]) -> Judged {
    batch::judge(document, bytes, candidates, &prove)
}

/// Proves that a document can be read, saved, and loaded again as the same; returns its size.
fn prove(document: &Document) -> Result<usize, GateError> {
    if faults::is_planted("gate_skips_load") {
        return Ok(0);
    }
    draft::without_panic(|| {
        let saved = document.snapshot();
        if saved.len() > DOCUMENT_MAX_BYTES {
            Err(GateError::DocumentFull)
        } else if document.survives(&saved) {
            Ok(saved.len())
        } else {
            Err(GateError::Unloadable)
        }
    })
}
