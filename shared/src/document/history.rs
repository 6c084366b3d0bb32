//! The history of a document, read from its changes: nothing of it is stored a second time.
//!
//! What a change wrote and what stood there before for its author stand in the change itself: each
//! write names the writes that it replaced. So a value that was chosen in a conflict has two
//! predecessors, and a clock that is wrong never makes an earlier value look later.

mod undo;
mod walk;

use std::collections::BTreeMap;

use automerge::{ChangeHash, ReadDoc};

pub use self::undo::{UndoError, undo};
use self::walk::{Walk, Write};
use crate::document::Document;
use crate::document::read::{StoredContact, StoredStep, read_when};
use crate::document::schema::{Container, Property};
use crate::id::PersonId;
use crate::record::consent::ConsentTopic;
use crate::record::contact::NextStepDecision;
use crate::record::customer::{CustomerField, Fact};
use crate::rules::is_mark;
use crate::view::card::ConflictPlace;
use crate::view::history::{HistoryEntry, HistoryItem, HistoryView, Replaced};

/// Most changes that are listed; older ones are counted.
pub const HISTORY_MAX: usize = 1_000;
/// Edits of the remarks that are listed with the texts before and after. Each text is put together
/// from all that was ever typed.
const REMARKS_TEXTS_MAX: usize = 10;

/// The history of a document for a person.
pub fn history(document: &Document, person: Option<PersonId>) -> HistoryView {
    let walk = Walk::of(document);
    let mut view = HistoryView {
        left_out: walk.left_out,
        ..HistoryView::default()
    };
    let mut texts_left = REMARKS_TEXTS_MAX;
    for change in walk.changes.iter().rev() {
        let mut items: Vec<HistoryItem> = change
            .writes
            .iter()
            .filter_map(|write| item(&walk, write))
            .collect();
        if change.edits_remarks {
            let texts = (texts_left > 0).then(|| {
                texts_left -= 1;
                let before = text_at(document, &change.deps);
                (before, text_at(document, &[change.hash]))
            });
            items.push(HistoryItem::Remarks { texts });
        }
        if items.is_empty() {
            continue;
        }
        let may_undo = undo::may_undo(&walk, change);
        view.entries.push(HistoryEntry {
            change: change.hash.into(),
            by: change.by,
            at: change.at,
            items,
            may_undo,
        });
    }
    view.replaced = person.map_or_else(Vec::new, |person| replaced(&walk, person));
    view
}

/// The remarks as they were under these heads.
fn text_at(document: &Document, heads: &[ChangeHash]) -> String {
    let remarks = Container::Remarks.object();
    let text = document.automerge().text_at(remarks, heads);
    text.unwrap_or_default()
}

/// What a write did, in the words of the card; `None` for what belongs to another write.
fn item(walk: &Walk, write: &Write) -> Option<HistoryItem> {
    let before = || walk.before(write);
    Some(match write.container {
        Container::Fields => match CustomerField::from_key(&write.key) {
            Some(field) => HistoryItem::Value {
                place: ConflictPlace::Field(field),
                before: before(),
                after: write.value.clone(),
                stands: walk.stands(write),
            },
            None => HistoryItem::Other,
        },
        Container::Phones => match Property::parse(&write.key)? {
            (phone, Some(Property::Number)) => HistoryItem::Value {
                place: ConflictPlace::Phone(phone),
                before: before(),
                after: write.value.clone(),
                stands: walk.stands(write),
            },
            // Label and order come with the number.
            _ => return None,
        },
        Container::Facts => {
            let before = before();
            let before = before.iter().filter_map(|text| fact_value(text));
            let before = before.filter(|value| !value.is_empty());
            let after = fact_value(&write.value)?;
            // What was confirmed says the same as before.
            HistoryItem::Value {
                place: ConflictPlace::Fact(write.key.clone()),
                before: before.collect(),
                after,
                stands: walk.stands(write),
            }
        }
        Container::Issues
        | Container::Family
        | Container::Consents
        | Container::Opportunities
        | Container::Orders => match place_of(write) {
            Some(place) => HistoryItem::Value {
                place,
                before: before(),
                after: write.value.clone(),
                stands: walk.stands(write),
            },
            None => HistoryItem::Other,
        },
        Container::Contacts => match Property::parse(&write.key)? {
            (contact, None) => {
                serde_json::from_str::<StoredContact>(&write.value).ok()?;
                HistoryItem::Contact { contact }
            }
            (_, Some(Property::Handover)) => HistoryItem::HandedOver,
            _ => HistoryItem::Other,
        },
        Container::NextSteps => step_item(walk, write)?,
        Container::Remarks | Container::Files | Container::Links => HistoryItem::Other,
    })
}

fn step_item(walk: &Walk, write: &Write) -> Option<HistoryItem> {
    let (step, property) = Property::parse(&write.key)?;
    let decision = walk.decisions.get(&step);
    let (what, planned) = match decision {
        Some(NextStepDecision::Planned { what, due, .. }) => (what.clone(), Some(*due)),
        Some(NextStepDecision::None { .. }) | None => (String::new(), None),
    };
    Some(match property {
        None => HistoryItem::Planned {
            decision: decision?.clone(),
        },
        Some(Property::Due) => {
            let days = walk.before(write);
            let days = days.iter().filter_map(|day| Some(read_when(day)?.0));
            HistoryItem::Moved {
                what,
                before: days.min().or(planned),
                after: read_when(&write.value)?.0,
            }
        }
        Some(Property::Ending) if write.value.is_empty() => HistoryItem::Reopened { what },
        Some(Property::Ending) => HistoryItem::Ended {
            what,
            ending: serde_json::from_str(&write.value).ok()?,
        },
        Some(_) => HistoryItem::Other,
    })
}

/// The decision of a step, as stored.
fn decision_of(stored: &str) -> Option<NextStepDecision> {
    let stored: StoredStep = serde_json::from_str(stored).ok()?;
    Some(stored.decision)
}

/// The value of a fact, as stored.
fn fact_value(stored: &str) -> Option<String> {
    let fact: Fact = serde_json::from_str(stored).ok()?;
    Some(fact.value)
}

/// The place of the card that a write sets, if it is one that people choose a value for.
fn place_of(write: &Write) -> Option<ConflictPlace> {
    let key = &write.key;
    match write.container {
        Container::Fields => CustomerField::from_key(key).map(ConflictPlace::Field),
        Container::Phones => {
            let (phone, property) = Property::parse(key)?;
            (property == Some(Property::Number)).then_some(ConflictPlace::Phone(phone))
        }
        Container::Facts => (!is_mark(key)).then(|| ConflictPlace::Fact(key.clone())),
        Container::Issues | Container::Family | Container::Opportunities | Container::Orders => {
            let (kind, entry, field) = Property::field_of(write.container, key)?;
            Some(ConflictPlace::Entry { kind, entry, field })
        }
        Container::Consents => ConsentTopic::from_key(key).map(ConflictPlace::Consent),
        Container::Contacts
        | Container::NextSteps
        | Container::Remarks
        | Container::Files
        | Container::Links => None,
    }
}

/// The value of a write as people read it: of a fact what it says, not who noted it when.
fn said(write: &Write) -> String {
    let fact = (write.container == Container::Facts).then(|| fact_value(&write.value));
    fact.flatten().unwrap_or_else(|| write.value.clone())
}

/// What was written at a place.
#[derive(Default)]
struct Written<'a> {
    /// The latest of one person.
    mine: Option<&'a Write>,
    /// What nothing replaced.
    standing: Vec<&'a Write>,
}

/// Where the latest value of a person was replaced by another one that stands alone.
fn replaced(walk: &Walk, person: PersonId) -> Vec<Replaced> {
    let mut places: BTreeMap<ConflictPlace, Written<'_>> = BTreeMap::new();
    for write in walk.writes() {
        let Some(place) = place_of(write) else {
            continue;
        };
        let written = places.entry(place).or_default();
        if walk.author_of(write) == Some(person) {
            written.mine = Some(write);
        }
        if walk.stands(write) {
            written.standing.push(write);
        }
    }
    let told = |(place, written): (ConflictPlace, Written<'_>)| {
        let mine = written.mine.filter(|mine| !walk.stands(mine))?;
        // Several values that stand are a conflict, which is shown as one.
        let [value] = written.standing.as_slice() else {
            return None;
        };
        let change = walk.changes.get(value.change)?;
        let is_other = said(value) != said(mine) && walk.author_of(value) != Some(person);
        is_other.then(|| Replaced {
            place,
            mine: said(mine),
            value: said(value),
            by: change.by,
            at: change.at,
            change: change.hash.into(),
        })
    };
    let mut replaced: Vec<Replaced> = places.into_iter().filter_map(told).collect();
    replaced.sort_by_key(|replaced| std::cmp::Reverse((replaced.at, replaced.change)));
    replaced
}
