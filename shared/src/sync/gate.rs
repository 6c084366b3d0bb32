//! The gate: whether a pushed change may become part of a document.
//!
//! It judges what a change can know alone: form, size, author, causality, the keys that it writes.
//! What only the merge can know is accepted, because it happened. Nothing that passes can make the
//! document unloadable: the change is applied to a clone, which is saved and loaded again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::legacy::{Key, ObjectId, OpType};
use automerge::{ActorId, Change, ExpandedChange, ObjType, ReadDoc, ScalarValue};

use crate::document::author::ChangeAuthor;
use crate::document::genesis::GENESIS_ACTOR;
use crate::document::schema::{Container, Property};
use crate::document::{CHUNK_TYPE_CHANGE, Document, chunk_type, parse_change};
use crate::faults;
use crate::record::customer::REMARKS_MAX_CHARS;
use crate::sync::message::{CHANGE_MAX_BYTES, CHANGE_MAX_OPERATIONS, DOCUMENT_MAX_BYTES};

/// Longest value of one key, in bytes: the longest text with JSON around it, in UTF-8.
const VALUE_MAX_BYTES: usize = REMARKS_MAX_CHARS * 4 + 2_000;
/// Longest key, in bytes.
const KEY_MAX_BYTES: usize = 2_000;

/// Why a change was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// Larger than a change may be.
    #[error("the change is too large")]
    TooLarge,
    /// The bytes are no uncompressed change.
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
    /// The document would grow beyond what a message can carry.
    #[error("the document is full")]
    DocumentFull,
    /// The document did not survive it.
    #[error("the document would not load with the change")]
    Unloadable,
}

impl GateError {
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
            Self::DocumentFull => "document_full",
            Self::Unloadable => "unloadable",
        }
    }
}

/// Parses the bytes of a pushed change. Never panics.
pub fn parse(bytes: &[u8]) -> Result<Change, GateError> {
    if bytes.len() > CHANGE_MAX_BYTES {
        return Err(GateError::TooLarge);
    }
    if chunk_type(bytes) != Some(CHUNK_TYPE_CHANGE) {
        return Err(GateError::NoChange);
    }
    let change = catch_unwind(|| parse_change(bytes))
        .map_err(|_| GateError::NoChange)?
        .map_err(|_| GateError::NoChange)?;
    if change.len() > CHANGE_MAX_OPERATIONS {
        Err(GateError::TooLarge)
    } else {
        Ok(change)
    }
}

/// Judges one parsed change against the document as the server has it, and returns the document
/// with the change. `bound` is who the change's actor belongs to, if it was seen before.
pub fn judge(
    document: &Document,
    change: &Change,
    author: ChangeAuthor,
    bound: Option<ChangeAuthor>,
) -> Result<Document, GateError> {
    check_author(change, author, bound)?;
    check_order(document, change)?;
    let expanded =
        catch_unwind(AssertUnwindSafe(|| change.decode())).map_err(|_| GateError::NoChange)?;
    check_writes(&expanded)?;
    catch_unwind(AssertUnwindSafe(|| apply(document, change))).unwrap_or(Err(GateError::Unloadable))
}

fn check_author(
    change: &Change,
    author: ChangeAuthor,
    bound: Option<ChangeAuthor>,
) -> Result<(), GateError> {
    if change.actor_id() == &ActorId::from(GENESIS_ACTOR) {
        return Err(GateError::ForeignActor);
    }
    // An actor is bound by its first change; a later one must find it bound.
    let is_free = bound.is_none() && change.seq() == 1;
    if !is_free && bound != Some(author) {
        return Err(GateError::ForeignActor);
    }
    let stated = change
        .author()
        .map(|stated| ChangeAuthor::from_author(&stated));
    let expected = if change.seq() == 1 {
        Some(Some(author))
    } else {
        None
    };
    if stated == expected {
        Ok(())
    } else {
        Err(GateError::ForeignAuthor)
    }
}

fn check_order(document: &Document, change: &Change) -> Result<(), GateError> {
    let automerge = document.automerge();
    let mut max_op = 0;
    for dependency in change.deps() {
        let meta = automerge
            .get_change_meta_by_hash(dependency)
            .ok_or(GateError::MissingChanges)?;
        max_op = max_op.max(meta.max_op);
    }
    if change.deps().is_empty() || change.start_op().get() != max_op + 1 {
        return Err(GateError::BrokenOrder);
    }
    let last_seq = automerge
        .get_changes_meta(&[])
        .iter()
        .filter(|meta| meta.actor.as_ref() == change.actor_id())
        .map(|meta| meta.seq)
        .max();
    if change.seq() == last_seq.unwrap_or(0) + 1 {
        Ok(())
    } else {
        Err(GateError::BrokenOrder)
    }
}

fn check_writes(change: &ExpandedChange) -> Result<(), GateError> {
    change.operations.iter().try_for_each(|operation| {
        let container = match &operation.obj {
            ObjectId::Id(id) if id.1 == ActorId::from(GENESIS_ACTOR) => {
                Container::from_counter(id.0)
            }
            ObjectId::Id(_) | ObjectId::Root => None,
        };
        let Some(container) = container else {
            return Err(GateError::ForbiddenWrite);
        };
        let is_allowed = match (&operation.key, container.object_type()) {
            (Key::Map(key), ObjType::Map) => {
                !operation.insert && is_entry_write(container, key, &operation.action)
            }
            (Key::Seq(_), ObjType::Text) => is_text_write(&operation.action),
            _ => false,
        };
        if is_allowed {
            Ok(())
        } else {
            Err(GateError::ForbiddenWrite)
        }
    })
}

fn is_entry_write(container: Container, key: &str, action: &OpType) -> bool {
    let OpType::Put(value) = action else {
        return false;
    };
    let is_text = matches!(value, ScalarValue::Str(text) if text.len() <= VALUE_MAX_BYTES);
    if key.is_empty() || key.len() > KEY_MAX_BYTES {
        return false;
    }
    match container {
        // Field names and facts are open: a newer version may know more of them.
        Container::Fields | Container::Facts | Container::Links => is_text,
        Container::Contacts => is_text && matches!(Property::parse(key), Some((_, None))),
        Container::Phones => match Property::parse(key) {
            Some((_, Some(Property::Number | Property::Label))) => is_text,
            Some((_, Some(Property::Order))) => matches!(value, ScalarValue::Int(_)),
            Some((_, Some(Property::Due | Property::Ending) | None)) | None => false,
        },
        Container::NextSteps => {
            is_text
                && matches!(
                    Property::parse(key),
                    Some((_, None | Some(Property::Due | Property::Ending)))
                )
        }
        Container::Remarks
        | Container::Issues
        | Container::Family
        | Container::Consents
        | Container::Opportunities
        | Container::Orders
        | Container::Files => false,
    }
}

fn is_text_write(action: &OpType) -> bool {
    match action {
        OpType::Put(ScalarValue::Str(text)) => text.len() <= VALUE_MAX_BYTES,
        OpType::Delete => true,
        OpType::Put(_)
        | OpType::Make(_)
        | OpType::Increment(_)
        | OpType::MarkBegin(..)
        | OpType::MarkEnd(_) => false,
    }
}

/// Applies the change to a clone and proves that the result can be read, saved and loaded.
fn apply(document: &Document, change: &Change) -> Result<Document, GateError> {
    let mut candidate = document.clone();
    candidate
        .apply(vec![change.clone()])
        .map_err(|_| GateError::Unloadable)?;
    if candidate
        .automerge()
        .text(Container::Remarks.object())
        .is_err()
    {
        return Err(GateError::Unloadable);
    }
    if faults::is_planted("gate_skips_load") {
        return Ok(candidate);
    }
    let saved = candidate.snapshot();
    if saved.len() > DOCUMENT_MAX_BYTES {
        return Err(GateError::DocumentFull);
    }
    let loaded = Document::load([saved.as_slice()]).map_err(|_| GateError::Unloadable)?;
    if loaded.heads() == candidate.heads() && candidate.contains(&change.hash()) {
        Ok(candidate)
    } else {
        Err(GateError::Unloadable)
    }
}
