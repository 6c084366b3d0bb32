//! A copy of a document that grows by the changes that passed so far.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{Change, ReadDoc};

use super::writes::check_writes;
use super::{Candidate, GateError};
use crate::document::Document;
use crate::document::author::ChangeAuthor;
use crate::document::genesis::GENESIS_ACTOR;
use crate::document::schema::Container;
use crate::faults;
use crate::sync::chain::ChangeHash;
use crate::sync::scanner::{Action, OperationId, ScannedChange, ScannedKey, ScannedOperation};

/// What an actor did last.
#[derive(Clone, Copy, Debug, Default)]
struct Last {
    seq: u64,
    max_op: u64,
    /// Who it belongs to, if the draft saw its first change.
    author: Option<ChangeAuthor>,
}

#[derive(Clone, Debug)]
pub(super) struct Draft {
    document: Document,
    heads: Vec<ChangeHash>,
    actors: BTreeMap<Vec<u8>, Last>,
}

/// Runs something that the library may give up on. What it was working on is not to be used after.
pub(super) fn without_panic<T>(
    body: impl FnOnce() -> Result<T, GateError>,
) -> Result<T, GateError> {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(Err(GateError::Unloadable))
}

impl Draft {
    pub(super) fn begin(document: &Document) -> Result<Self, GateError> {
        without_panic(|| {
            let mut draft = Self {
                document: document.clone(),
                heads: Vec::new(),
                actors: BTreeMap::new(),
            };
            for meta in document.automerge().get_changes_meta(&[]) {
                draft.note(meta.actor.to_bytes(), meta.seq, meta.max_op, None);
            }
            draft.note_heads();
            Ok(draft)
        })
    }

    /// The draft with changes that passed before.
    pub(super) fn again<'c>(
        base: &Document,
        passed: impl Iterator<Item = &'c Candidate<'c>>,
    ) -> Result<Self, GateError> {
        let mut draft = Self::begin(base)?;
        for candidate in passed {
            draft.add(candidate)?;
        }
        Ok(draft)
    }

    pub(super) fn into_document(self) -> Document {
        self.document
    }

    pub(super) fn knows(&self, change: &ScannedChange<'_>) -> bool {
        self.document.contains(&change.hash)
    }

    /// Whether the change fits the document, as far as can be told without applying it.
    pub(super) fn check(&self, candidate: &Candidate<'_>) -> Result<(), GateError> {
        without_panic(|| {
            // Before the author: the change that binds the actor may be among what is missing.
            self.check_dependencies(candidate.change)?;
            self.check_author(candidate)?;
            self.check_order(candidate.change)?;
            check_writes(candidate.change, candidate.author)?;
            self.check_references(candidate.change)
        })
    }

    /// Adds a change that was checked. After an error the draft is not to be used.
    pub(super) fn add(&mut self, candidate: &Candidate<'_>) -> Result<(), GateError> {
        let scanned = candidate.change;
        without_panic(|| {
            let change = Change::from_bytes(scanned.bytes.to_vec());
            let change = change.map_err(|_| GateError::NoChange)?;
            let applied = self.document.apply(vec![change]);
            applied.map_err(|_| GateError::Unloadable)
        })?;
        let author = Some(candidate.author);
        self.note(scanned.actor, scanned.seq, scanned.max_op(), author);
        self.note_heads();
        Ok(())
    }

    fn note(&mut self, actor: &[u8], seq: u64, max_op: u64, author: Option<ChangeAuthor>) {
        if !self.actors.contains_key(actor) {
            self.actors.insert(actor.to_vec(), Last::default());
        }
        if let Some(last) = self.actors.get_mut(actor) {
            last.seq = last.seq.max(seq);
            last.max_op = last.max_op.max(max_op);
            last.author = author.or(last.author);
        }
    }

    fn note_heads(&mut self) {
        let heads = self.document.heads().into_iter();
        self.heads = heads.map(ChangeHash::from).collect();
    }

    fn check_author(&self, candidate: &Candidate<'_>) -> Result<(), GateError> {
        let Candidate {
            change,
            author,
            bound,
        } = candidate;
        if change.actor == GENESIS_ACTOR {
            return Err(GateError::ForeignActor);
        }
        let seen = self.actors.get(change.actor);
        let bound = bound.or(seen.and_then(|last| last.author));
        // An actor is bound by its first change; a later one must find it bound.
        let is_free = bound.is_none() && change.seq == 1;
        if !is_free && bound != Some(*author) {
            return Err(GateError::ForeignActor);
        }
        let own = author.to_author();
        let expected = (change.seq == 1).then(|| own.as_bytes());
        if change.author == expected || faults::is_planted("gate_trusts_the_stated_author") {
            Ok(())
        } else {
            Err(GateError::ForeignAuthor)
        }
    }

    fn check_dependencies(&self, change: &ScannedChange<'_>) -> Result<(), GateError> {
        let mut dependencies = change.deps.iter();
        if dependencies.all(|dependency| self.document.contains(dependency)) {
            Ok(())
        } else {
            Err(GateError::MissingChanges)
        }
    }

    fn check_order(&self, change: &ScannedChange<'_>) -> Result<(), GateError> {
        let automerge = self.document.automerge();
        let mut max_op = 0;
        for dependency in &change.deps {
            let meta = automerge
                .get_change_meta_by_hash(&hash_of(*dependency))
                .ok_or(GateError::MissingChanges)?;
            max_op = max_op.max(meta.max_op);
        }
        let last_seq = self.actors.get(change.actor).map_or(0, |last| last.seq);
        let continues = !change.deps.is_empty()
            && change.start_op == max_op + 1
            && last_seq.checked_add(1) == Some(change.seq);
        if continues {
            Ok(())
        } else {
            Err(GateError::BrokenOrder)
        }
    }

    /// Whether everything that the change names is in what it builds on, and where it says.
    fn check_references(&self, change: &ScannedChange<'_>) -> Result<(), GateError> {
        // Actors and their numbers first: with an unknown one the library gives up.
        let mut edits_text = false;
        let mut own_puts: BTreeMap<(u64, &str), OperationId> = BTreeMap::new();
        let builds_on_all = self.builds_on_all(change);
        for operation in change.each_operation() {
            let element = match operation.key {
                ScannedKey::Element(element) => Some(element),
                ScannedKey::Map(_) | ScannedKey::Head => None,
            };
            let named = operation.object.iter().chain(&element);
            for id in named.chain(&operation.predecessors) {
                self.check_known(change, *id)?;
            }
            match operation.key {
                ScannedKey::Map(key) => {
                    let object = operation.object.map_or(0, |object| object.counter);
                    let own = own_puts.get(&(object, key)).copied();
                    self.check_replaced(change, &operation, key, own, builds_on_all)?;
                    let id = OperationId {
                        counter: operation.counter,
                        actor: 0,
                    };
                    own_puts.insert((object, key), id);
                }
                ScannedKey::Head | ScannedKey::Element(_) => {
                    edits_text = true;
                    check_replaced_in_text(&operation, element)?;
                }
            }
        }
        if edits_text && !builds_on_all {
            self.check_on_its_own_ground(change)
        } else {
            Ok(())
        }
    }

    /// Whether the change builds on everything that there is.
    fn builds_on_all(&self, change: &ScannedChange<'_>) -> bool {
        let mut deps = change.deps.clone();
        deps.sort_unstable();
        deps == self.heads
    }

    fn check_known(&self, change: &ScannedChange<'_>, id: OperationId) -> Result<(), GateError> {
        let actor = change.actor_of(id).ok_or(GateError::BrokenReference)?;
        // The scanner has seen that its own operations come before.
        let is_own = id.actor == 0 && id.counter >= change.start_op;
        let known = self.actors.get(actor).map_or(0, |last| last.max_op);
        if is_own || id.counter <= known {
            Ok(())
        } else {
            Err(GateError::BrokenReference)
        }
    }

    /// What a put replaces has to be what stood under its key where it builds on.
    fn check_replaced(
        &self,
        change: &ScannedChange<'_>,
        operation: &ScannedOperation<'_>,
        key: &str,
        own: Option<OperationId>,
        builds_on_all: bool,
    ) -> Result<(), GateError> {
        if operation.predecessors.is_empty() || operation.predecessors == own.as_slice() {
            return Ok(());
        }
        if own.is_some() {
            // Its own value stands there by now, alone.
            return Err(GateError::BrokenReference);
        }
        let object = operation.object.map_or(0, |object| object.counter);
        let container = Container::from_counter(object).ok_or(GateError::BrokenReference)?;
        let automerge = self.document.automerge();
        let standing = if builds_on_all {
            automerge.get_all(container.object(), key)
        } else {
            let deps: Vec<_> = change.deps.iter().copied().map(hash_of).collect();
            automerge.get_all_at(container.object(), key, &deps)
        };
        let standing = standing.map_err(|_| GateError::BrokenReference)?;
        let stands = |id: &OperationId| {
            let actor = change.actor_of(*id);
            standing.iter().any(|(_, standing)| match standing {
                automerge::ObjId::Id(counter, other, _) => {
                    *counter == id.counter && Some(other.to_bytes()) == actor
                }
                automerge::ObjId::Root => false,
            })
        };
        if operation.predecessors.iter().all(stands) {
            Ok(())
        } else {
            Err(GateError::BrokenReference)
        }
    }

    /// Applies the change to the document as its author had it: what it names has to be there, not
    /// only in what others did meanwhile. Rare and dear, for edits of a text only.
    fn check_on_its_own_ground(&self, change: &ScannedChange<'_>) -> Result<(), GateError> {
        let deps: Vec<_> = change.deps.iter().copied().map(hash_of).collect();
        let ground = self.document.automerge().fork_at(&deps);
        let mut ground = ground.map_err(|_| GateError::MissingChanges)?;
        let parsed = Change::from_bytes(change.bytes.to_vec()).map_err(|_| GateError::NoChange)?;
        let applied = without_panic(|| {
            let applied = ground.apply_changes([parsed]);
            applied.map_err(|_| GateError::BrokenReference)
        });
        applied.map_err(|_| GateError::BrokenReference)
    }
}

/// An insertion into a text replaces nothing; a deletion replaces the element that it names.
fn check_replaced_in_text(
    operation: &ScannedOperation<'_>,
    element: Option<OperationId>,
) -> Result<(), GateError> {
    let expected = match operation.action {
        Action::Delete => element,
        Action::Put
        | Action::MakeMap
        | Action::MakeList
        | Action::MakeText
        | Action::MakeTable
        | Action::Increment
        | Action::Mark => None,
    };
    if operation.predecessors == expected.as_slice() {
        Ok(())
    } else {
        Err(GateError::BrokenReference)
    }
}

fn hash_of(hash: ChangeHash) -> automerge::ChangeHash {
    automerge::ChangeHash(*hash.as_bytes())
}
