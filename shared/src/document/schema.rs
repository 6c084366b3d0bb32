//! The containers of a customer document and the keys inside them. Frozen with the format.

use automerge::ObjId;
use automerge::{ActorId, ObjType};

use crate::document::genesis::GENESIS_ACTOR;
use crate::id::EntryId;

/// A container of a customer document, made by genesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Container {
    /// Single-valued fields: field key → text.
    Fields,
    /// Phones: `<id>/number`, `<id>/label`, `<id>/order`.
    Phones,
    /// Facts: name → JSON.
    Facts,
    /// Contacts: `<id>` → JSON, never changed; handovers: `<id>/handover` → JSON, never changed.
    Contacts,
    /// Next steps: `<id>` → JSON, never changed; `<id>/due` → date; `<id>/ending` → JSON.
    NextSteps,
    /// Long free notes.
    Remarks,
    /// Service issues (later).
    Issues,
    /// Family members (later).
    Family,
    /// Consents (later).
    Consents,
    /// Purchase intentions (later).
    Opportunities,
    /// Orders (later).
    Orders,
    /// Photos and files (later).
    Files,
    /// Links to other documents, and labels that other systems gave this one.
    Links,
}

impl Container {
    /// All containers in the order in which genesis makes them.
    pub const ALL: [Self; 13] = [
        Self::Fields,
        Self::Phones,
        Self::Facts,
        Self::Contacts,
        Self::NextSteps,
        Self::Remarks,
        Self::Issues,
        Self::Family,
        Self::Consents,
        Self::Opportunities,
        Self::Orders,
        Self::Files,
        Self::Links,
    ];

    /// The key of the container in the root.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Fields => "fields",
            Self::Phones => "phones",
            Self::Facts => "facts",
            Self::Contacts => "contacts",
            Self::NextSteps => "next_steps",
            Self::Remarks => "remarks",
            Self::Issues => "issues",
            Self::Family => "family",
            Self::Consents => "consents",
            Self::Opportunities => "opportunities",
            Self::Orders => "orders",
            Self::Files => "files",
            Self::Links => "links",
        }
    }

    /// What kind of object it is.
    pub(crate) const fn object_type(self) -> ObjType {
        if matches!(self, Self::Remarks) {
            ObjType::Text
        } else {
            ObjType::Map
        }
    }

    /// The counter of the operation in genesis that made it: containers follow the two scalars
    /// `kind` and `schema`, and counters start at 1.
    pub(crate) fn counter(self) -> u64 {
        let position = Self::ALL.iter().position(|container| *container == self);
        position.map_or(0, |position| position as u64 + 3)
    }

    /// The id of the container, the same in every customer document.
    pub(crate) fn object(self) -> ObjId {
        ObjId::Id(self.counter(), ActorId::from(GENESIS_ACTOR), 0)
    }

    /// The container with this operation counter in genesis.
    pub(crate) fn from_counter(counter: u64) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|container| container.counter() == counter)
    }
}

/// A property of an entry that can change: the part of the key behind the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// The number of a phone; empty once it was removed.
    Number,
    /// The words beside a phone.
    Label,
    /// The place of a phone among the others.
    Order,
    /// The current day of a step that was moved.
    Due,
    /// How a step ended.
    Ending,
    /// That the customer was handed over: JSON among the contacts, never changed. The server writes
    /// it; the gate lets nobody else.
    Handover,
}

impl Property {
    const ALL: [Self; 6] = [
        Self::Number,
        Self::Label,
        Self::Order,
        Self::Due,
        Self::Ending,
        Self::Handover,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Label => "label",
            Self::Order => "order",
            Self::Due => "due",
            Self::Ending => "ending",
            Self::Handover => "handover",
        }
    }

    /// The key of this property of an entry.
    pub fn of(self, entry: EntryId) -> String {
        format!("{entry}/{}", self.key())
    }

    /// Splits a key into its entry and its property; the property is `None` for the entry itself.
    pub fn parse(key: &str) -> Option<(EntryId, Option<Self>)> {
        let Some((entry, property)) = key.split_once('/') else {
            return Some((key.parse().ok()?, None));
        };
        let property = Self::ALL
            .into_iter()
            .find(|candidate| candidate.key() == property)?;
        Some((entry.parse().ok()?, Some(property)))
    }
}
