//! Which keys of which containers a change may write, and with what.

use automerge::ObjType;

use super::GateError;
use crate::document::author::{ChangeAuthor, SERVER_DEVICE};
use crate::document::genesis::GENESIS_ACTOR;
use crate::document::schema::{Container, Property};
use crate::record::consent::ConsentTopic;
use crate::record::customer::REMARKS_MAX_CHARS;
use crate::sync::scanner::{Action, ScannedChange, ScannedKey, ScannedOperation, ScannedValue};

/// Longest value of one key, in bytes: the longest text with JSON around it, in UTF-8.
const VALUE_MAX_BYTES: usize = REMARKS_MAX_CHARS * 4 + 2_000;
/// Longest key, in bytes.
const KEY_MAX_BYTES: usize = 2_000;

/// Whether all that the change writes may be written by its author.
pub(super) fn check_writes(
    change: &ScannedChange<'_>,
    author: ChangeAuthor,
) -> Result<(), GateError> {
    let is_servers = author.device == SERVER_DEVICE;
    let is_allowed = |operation: ScannedOperation<'_>| {
        let object = operation.object?;
        let is_genesis = change.actor_of(object) == Some(GENESIS_ACTOR);
        let container = Container::from_counter(object.counter).filter(|_| is_genesis)?;
        let is_plain = operation.mark_name.is_none() && !operation.expand;
        let is_write = match operation.key {
            ScannedKey::Map(key) => {
                !holds_text(container)
                    && !operation.is_insert
                    && is_entry_write(container, key, &operation, is_servers)
            }
            ScannedKey::Head | ScannedKey::Element(_) => {
                holds_text(container) && is_text_write(&operation)
            }
        };
        (is_plain && is_write).then_some(())
    };
    // A change that does nothing is none of ours.
    if change.operations > 0 && change.each_operation().all(|one| is_allowed(one).is_some()) {
        Ok(())
    } else {
        Err(GateError::ForbiddenWrite)
    }
}

fn is_entry_write(
    container: Container,
    key: &str,
    operation: &ScannedOperation<'_>,
    is_servers: bool,
) -> bool {
    if operation.action != Action::Put || key.is_empty() || key.len() > KEY_MAX_BYTES {
        return false;
    }
    let is_text = is_text(operation.value);
    match container {
        // Field names and facts are open: a newer version may know more of them.
        Container::Fields | Container::Facts | Container::Links => is_text,
        Container::Contacts => match Property::parse(key) {
            Some((_, None)) => is_text,
            // Who owned a card when is told by the server, and by what it wrote before a restore.
            Some((_, Some(Property::Handover))) => is_text && is_servers,
            Some((
                _,
                Some(
                    Property::Number
                    | Property::Label
                    | Property::Order
                    | Property::Due
                    | Property::Ending
                    | Property::Field(_),
                ),
            ))
            | None => false,
        },
        Container::Phones => match Property::parse(key) {
            Some((_, Some(Property::Number | Property::Label))) => is_text,
            Some((_, Some(Property::Order))) => matches!(operation.value, ScannedValue::Integer(_)),
            Some((
                _,
                Some(Property::Due | Property::Ending | Property::Handover | Property::Field(_))
                | None,
            ))
            | None => false,
        },
        Container::NextSteps => {
            is_text
                && matches!(
                    Property::parse(key),
                    Some((_, None | Some(Property::Due | Property::Ending)))
                )
        }
        Container::Issues | Container::Family | Container::Opportunities | Container::Orders => {
            is_text && Property::field_of(container, key).is_some()
        }
        Container::Consents => is_text && ConsentTopic::from_key(key).is_some(),
        Container::Remarks | Container::Files => false,
    }
}

/// Characters are inserted and deleted, never replaced in place.
fn is_text_write(operation: &ScannedOperation<'_>) -> bool {
    match operation.action {
        Action::Put => operation.is_insert && is_text(operation.value),
        Action::Delete => {
            let is_element = matches!(operation.key, ScannedKey::Element(_));
            !operation.is_insert && is_element && operation.value == ScannedValue::Null
        }
        Action::MakeMap
        | Action::MakeList
        | Action::MakeText
        | Action::MakeTable
        | Action::Increment
        | Action::Mark => false,
    }
}

fn is_text(value: ScannedValue<'_>) -> bool {
    matches!(value, ScannedValue::Text(text) if text.len() <= VALUE_MAX_BYTES)
}

fn holds_text(container: Container) -> bool {
    container.object_type() == ObjType::Text
}
