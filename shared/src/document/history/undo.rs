//! Taking a change back: the command that puts everything as it was before it.
//!
//! Nothing is ever removed from a document, so this is a change like any other. A contact can't be
//! taken back: it was logged, and stays; the next one says what was wrong.

use automerge::ReadDoc;

use super::text_at;
use super::walk::{Deed, Walk, Write};
use crate::document::Document;
use crate::document::command::{Command, Edit, NewPhone};
use crate::document::read::read_when;
use crate::document::schema::{Container, Property};
use crate::record::consent::ConsentTopic;
use crate::record::contact::{NextStepDecision, StepEnding};
use crate::record::customer::{CustomerField, Fact};
use crate::sync::chain::ChangeHash;

/// Why a change can't be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// The change is not in the document, or too old.
    #[error("the change is not here")]
    Unknown,
    /// It is of a kind that can't be taken back.
    #[error("a change of this kind can't be taken back")]
    Kind,
    /// Something that it wrote was changed since.
    #[error("something was changed since")]
    ChangedSince,
}

impl UndoError {
    /// Stable code for translation, logs and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "undo_unknown",
            Self::Kind => "undo_kind",
            Self::ChangedSince => "undo_changed_since",
        }
    }
}

/// The command that takes a change back.
pub fn undo(document: &Document, change: ChangeHash) -> Result<Command, UndoError> {
    let walk = Walk::of(document);
    let place = walk
        .changes
        .iter()
        .position(|deed| change == deed.hash.into());
    let place = place.ok_or(UndoError::Unknown)?;
    let deed = walk.changes.get(place).ok_or(UndoError::Unknown)?;
    if deed.is_first {
        return Err(UndoError::Kind);
    }
    if !deed.writes.iter().all(|write| walk.stands(write)) {
        return Err(UndoError::ChangedSince);
    }
    if let ([write], false) = (deed.writes.as_slice(), deed.edits_remarks)
        && write.container == Container::NextSteps
    {
        return undo_step(&walk, write);
    }
    let mut edits = Vec::new();
    for write in &deed.writes {
        edits.extend(undo_edit(&walk, write)?);
    }
    if deed.edits_remarks {
        let remarks = document.automerge().text(Container::Remarks.object());
        if remarks.unwrap_or_default() != text_at(document, &[deed.hash]) {
            return Err(UndoError::ChangedSince);
        }
        edits.push(Edit::SetRemarks {
            text: text_at(document, &deed.deps),
        });
    }
    if edits.is_empty() {
        return Err(UndoError::Kind);
    }
    Ok(Command::EditCard { edits })
}

/// Whether [`undo`] would answer a command, without reading texts.
pub(super) fn may_undo(walk: &Walk, deed: &Deed) -> bool {
    let stands = deed.writes.iter().all(|write| walk.stands(write));
    if deed.is_first || !stands {
        return false;
    }
    if let ([write], false) = (deed.writes.as_slice(), deed.edits_remarks)
        && write.container == Container::NextSteps
    {
        return undo_step(walk, write).is_ok();
    }
    let last_remarks = walk.last_remarks.and_then(|place| walk.changes.get(place));
    let is_last = last_remarks.is_some_and(|last| last.hash == deed.hash);
    (!deed.edits_remarks || is_last)
        && (deed.edits_remarks || !deed.writes.is_empty())
        && deed
            .writes
            .iter()
            .all(|write| undo_edit(walk, write).is_ok())
}

/// The edit that takes a write back; none for what goes along with another one.
fn undo_edit(walk: &Walk, write: &Write) -> Result<Option<Edit>, UndoError> {
    let before = walk.before(write);
    match write.container {
        Container::Fields => {
            let field = CustomerField::from_key(&write.key).ok_or(UndoError::Kind)?;
            let value = before.last().cloned().unwrap_or_default();
            if field == CustomerField::Name && value.is_empty() {
                return Err(UndoError::Kind);
            }
            Ok(Some(Edit::SetField { field, value }))
        }
        Container::Phones => {
            let (phone, property) = Property::parse(&write.key).ok_or(UndoError::Kind)?;
            if property != Some(Property::Number) {
                return Ok(None);
            }
            let number = before.last().cloned().unwrap_or_default();
            Ok(Some(match (number.is_empty(), write.value.is_empty()) {
                (true, true) => return Ok(None),
                (true, false) => Edit::RemovePhone { phone },
                (false, true) => Edit::AddPhone(NewPhone {
                    id: phone,
                    number,
                    label: String::new(),
                }),
                (false, false) => Edit::SetPhone { phone, number },
            }))
        }
        Container::Facts => {
            let read = |text: &String| serde_json::from_str::<Fact>(text).ok();
            // Where nothing was known before, nothing is known again.
            let emptied = || {
                Some(Fact {
                    value: String::new(),
                    ..read(&write.value)?
                })
            };
            let fact = before.iter().find_map(read).or_else(emptied);
            let name = write.key.clone();
            let edit = fact.map(|fact| Edit::SetFact { name, fact });
            edit.ok_or(UndoError::Kind).map(Some)
        }
        Container::Issues | Container::Family | Container::Opportunities | Container::Orders => {
            let named = Property::field_of(write.container, &write.key);
            let (kind, entry, field) = named.ok_or(UndoError::Kind)?;
            let value = before.last().cloned().unwrap_or_default();
            Ok(Some(Edit::SetEntry {
                kind,
                entry,
                field,
                value,
            }))
        }
        Container::Consents => {
            let topic = ConsentTopic::from_key(&write.key).ok_or(UndoError::Kind)?;
            let consent = before.last().and_then(|said| said.parse().ok());
            Ok(Some(Edit::SetConsent { topic, consent }))
        }
        Container::Contacts
        | Container::NextSteps
        | Container::Remarks
        | Container::Files
        | Container::Links => Err(UndoError::Kind),
    }
}

fn undo_step(walk: &Walk, write: &Write) -> Result<Command, UndoError> {
    let (step, property) = Property::parse(&write.key).ok_or(UndoError::Kind)?;
    if property == Some(Property::Due) {
        let before = walk.before(write);
        let days = before.iter().filter_map(|day| read_when(day));
        let planned = match walk.decisions.get(&step) {
            Some(NextStepDecision::Planned { due, time, .. }) => Some((*due, *time)),
            Some(NextStepDecision::None { .. }) | None => None,
        };
        let (due, time) = days.min().or(planned).ok_or(UndoError::Kind)?;
        return Ok(Command::MoveNextStep { step, due, time });
    }
    let ending = serde_json::from_str::<StepEnding>(&write.value);
    match (property, ending) {
        (Some(Property::Ending), Ok(StepEnding::Dropped { .. })) => {
            Ok(Command::ReopenNextStep { step })
        }
        _ => Err(UndoError::Kind),
    }
}
