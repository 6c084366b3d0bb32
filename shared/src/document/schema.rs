//! The containers of a customer document and the keys inside them. Frozen with the format.

use automerge::ObjId;
use automerge::{ActorId, ObjType};

use crate::document::genesis::GENESIS_ACTOR;
use crate::id::EntryId;
use crate::record::entry::{EntryField, EntryKind};

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
    /// Service issues and gifts: `<id>/<field>` → text.
    Issues,
    /// Family members: `<id>/<field>` → text.
    Family,
    /// Consents: topic → text.
    Consents,
    /// Purchase intentions: `<id>/<field>` → text.
    Opportunities,
    /// Purchases as consultants note them: `<id>/<field>` → text. (Orders later.)
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

    /// The container of entries of a kind.
    pub const fn of(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Family => Self::Family,
            // No field is one of both, so a key tells the kind.
            EntryKind::Issue | EntryKind::Gift => Self::Issues,
            EntryKind::Purchase => Self::Orders,
            EntryKind::Intention => Self::Opportunities,
        }
    }

    /// The kinds of entries that stand in it.
    pub fn kinds(self) -> impl Iterator<Item = EntryKind> {
        let kinds = EntryKind::ALL.iter().copied();
        kinds.filter(move |kind| Self::of(*kind) == self)
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
    /// The current day of a step that was moved, with its hour if it has one.
    Due,
    /// How a step ended.
    Ending,
    /// That the customer was handed over: JSON among the contacts, never changed. The server writes
    /// it; the gate lets nobody else.
    Handover,
    /// A field of an entry that is noted field by field.
    Field(EntryField),
}

impl Property {
    const FIXED: [Self; 6] = [
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
            Self::Field(field) => field.key(),
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
        let fixed = Self::FIXED.into_iter();
        let fields = EntryField::ALL.iter().copied().map(Self::Field);
        let mut all = fixed.chain(fields);
        let property = all.find(|candidate| candidate.key() == property)?;
        Some((entry.parse().ok()?, Some(property)))
    }

    /// The field of an entry that a key of a container names.
    pub fn field_of(container: Container, key: &str) -> Option<(EntryKind, EntryId, EntryField)> {
        let (entry, Some(Self::Field(field))) = Self::parse(key)? else {
            return None;
        };
        let kind = container.kinds().find(|kind| kind.has(field))?;
        Some((kind, entry, field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_the_kind_of_its_entry() {
        let entry = EntryId::from_bytes([7; 16]);
        for kind in EntryKind::ALL {
            let container = Container::of(*kind);
            for field in kind.fields() {
                let key = Property::Field(*field).of(entry);
                let told = Property::field_of(container, &key);
                assert_eq!(told, Some((*kind, entry, *field)), "{key}");
            }
        }
        let foreign = Property::Field(EntryField::Relation).of(entry);
        assert_eq!(Property::field_of(Container::Issues, &foreign), None);
    }
}
