//! All writes of a document in an order that no clock can turn around.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ActorId, Change, ChangeHash, ScalarValue};

use super::{HISTORY_MAX, decision_of};
use crate::document::author::ChangeAuthor;
use crate::document::genesis::GENESIS_ACTOR;
use crate::document::schema::{Container, Property};
use crate::document::{Document, genesis};
use crate::id::{DeviceId, EntryId, PersonId};
use crate::record::contact::NextStepDecision;
use crate::time::Timestamp;

/// Most operations that are looked at; remarks that are typed anew have thousands in a change.
const OPERATIONS_MAX: usize = 200_000;

/// The id of an operation.
type Operation = (u64, ActorId);

/// A change as far as it counts for the history.
pub(super) struct Deed {
    pub hash: ChangeHash,
    pub deps: Vec<ChangeHash>,
    pub by: Option<(PersonId, DeviceId)>,
    pub at: Timestamp,
    pub writes: Vec<Write>,
    pub edits_remarks: bool,
    /// Whether it founded the card.
    pub is_first: bool,
}

/// A value that a change put under a key; of several under one key the last.
pub(super) struct Write {
    pub container: Container,
    pub key: String,
    pub value: String,
    /// The place of its change.
    pub change: usize,
    operation: Operation,
    /// What it replaced, without what the change itself put in between.
    replaced: Vec<Operation>,
}

/// All changes, the oldest first.
pub(super) struct Walk {
    pub changes: Vec<Deed>,
    pub left_out: usize,
    /// What the steps say.
    pub decisions: BTreeMap<EntryId, NextStepDecision>,
    /// Operations that another one replaced.
    gone: BTreeSet<Operation>,
    values: BTreeMap<Operation, String>,
    /// The last change that edited the remarks, unless several did without knowing of one another.
    pub last_remarks: Option<usize>,
}

impl Walk {
    pub fn of(document: &Document) -> Self {
        let automerge = document.automerge();
        let mut walk = Self {
            changes: Vec::new(),
            left_out: 0,
            decisions: BTreeMap::new(),
            gone: BTreeSet::new(),
            values: BTreeMap::new(),
            last_remarks: None,
        };
        let genesis = genesis::customer().hash();
        let mut authors: BTreeMap<ActorId, Option<(PersonId, DeviceId)>> = BTreeMap::new();
        for change in in_order(automerge.get_changes(&[]), &mut walk.left_out) {
            if change.hash() == genesis {
                continue;
            }
            let actor = change.actor_id().clone();
            let by = *authors.entry(actor).or_insert_with(|| {
                let author = automerge.get_author_for_actor(change.actor_id())?;
                let author = ChangeAuthor::from_author(&author)?;
                Some((author.person, author.device))
            });
            let seconds = change.timestamp();
            let at = Timestamp::from_millis(seconds.saturating_mul(1000));
            let mut deed = Deed {
                hash: change.hash(),
                deps: change.deps().to_vec(),
                by,
                at,
                writes: Vec::new(),
                edits_remarks: false,
                is_first: change.deps() == [genesis],
            };
            walk.take(&change, &mut deed);
            walk.changes.push(deed);
        }
        walk
    }

    fn take(&mut self, change: &Change, deed: &mut Deed) {
        let place = self.changes.len();
        let expanded = change.decode();
        let counters = expanded.start_op.get()..;
        for (counter, operation) in counters.zip(expanded.operations) {
            let id = (counter, expanded.actor_id.clone());
            let container = match &operation.obj {
                ObjectId::Id(OpId(counter, actor)) if actor.to_bytes() == GENESIS_ACTOR => {
                    Container::from_counter(*counter)
                }
                ObjectId::Id(_) | ObjectId::Root => None,
            };
            let Some(container) = container else { continue };
            if container == Container::Remarks {
                deed.edits_remarks = true;
                self.last_remarks = Some(place);
                continue;
            }
            let replaced = operation
                .pred
                .into_iter()
                .map(|OpId(counter, actor)| (counter, actor));
            let mut replaced: Vec<Operation> = replaced.collect();
            self.gone.extend(replaced.iter().cloned());
            let (Key::Map(key), OpType::Put(ScalarValue::Str(value))) =
                (operation.key, operation.action)
            else {
                continue;
            };
            let (key, value) = (key.to_string(), value.to_string());
            if container == Container::NextSteps
                && let Some((step, None)) = Property::parse(&key)
                && let Some(decision) = decision_of(&value)
            {
                self.decisions.insert(step, decision);
            }
            self.values.insert(id.clone(), value.clone());
            let earlier = deed
                .writes
                .iter_mut()
                .find(|write| write.container == container && write.key == key);
            if let Some(earlier) = earlier {
                // Something was put in between, so that choosing is a deed of its own.
                replaced.retain(|operation| *operation != earlier.operation);
                earlier.replaced.append(&mut replaced);
                earlier.operation = id;
                earlier.value = value;
            } else {
                deed.writes.push(Write {
                    container,
                    key,
                    value,
                    change: place,
                    operation: id,
                    replaced,
                });
            }
        }
    }

    pub fn writes(&self) -> impl Iterator<Item = &Write> {
        self.changes.iter().flat_map(|change| &change.writes)
    }

    /// What a write replaced, as far as it is known.
    pub fn before(&self, write: &Write) -> Vec<String> {
        let mut before: Vec<String> = Vec::new();
        for operation in &write.replaced {
            if let Some(value) = self.values.get(operation)
                && !before.contains(value)
            {
                before.push(value.clone());
            }
        }
        before
    }

    /// Whether nothing replaced a write.
    pub fn stands(&self, write: &Write) -> bool {
        !self.gone.contains(&write.operation)
    }

    pub fn author_of(&self, write: &Write) -> Option<PersonId> {
        self.changes.get(write.change)?.by.map(|(person, _)| person)
    }
}

/// The newest changes in the order of their times, where no change comes before one that it builds
/// on: a clock that goes wrong moves what builds on it along.
fn in_order(changes: Vec<Change>, left_out: &mut usize) -> Vec<Change> {
    let mut times: BTreeMap<ChangeHash, i64> = BTreeMap::new();
    let mut ordered: Vec<(i64, u64, Change)> = Vec::with_capacity(changes.len());
    for change in changes {
        let built_on = change.deps().iter().filter_map(|dep| times.get(dep)).max();
        let time = built_on.map_or(change.timestamp(), |time| change.timestamp().max(*time));
        times.insert(change.hash(), time);
        ordered.push((time, change.start_op().get(), change));
    }
    ordered.sort_by_key(|(time, counter, change)| (*time, *counter, change.hash()));
    let mut operations = 0;
    let newest = ordered.iter().rev().take(HISTORY_MAX);
    let kept = newest
        .take_while(|(_, _, change)| {
            operations += change.len();
            operations <= OPERATIONS_MAX
        })
        .count();
    *left_out = ordered.len() - kept;
    let kept = ordered.into_iter().skip(*left_out);
    kept.map(|(_, _, change)| change).collect()
}
