//! Cards that earlier imports made: where to look for them, and what they say now.

use std::collections::{BTreeMap, BTreeSet};

use automerge::legacy::ObjectId;
use automerge::{ActorId, ReadDoc};

use crate::access::Scope;
use crate::document::Document;
use crate::document::genesis::GENESIS_ACTOR;
use crate::document::read::{read, text_at};
use crate::document::schema::{Container, Property};
use crate::id::{DocumentId, EntryId, FeedId, PersonId};
use crate::import::identity::ImportIdentity;
use crate::import::parse::ImportedFile;
use crate::import::plan::{reach_of, store_of};
use crate::record::customer::{Customer, CustomerField};

/// Rows of one file with equal store, name and phone that are told apart.
const OCCURRENCES_MAX: u32 = 16;

/// A card that an earlier import made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExistingCard {
    /// The card.
    pub document: DocumentId,
    /// What it says now.
    pub customer: Customer,
    /// The feed that it is in.
    pub feed: FeedId,
    /// What staff took off it, so that the import does not put it back.
    pub taken_off: TakenOff,
}

/// Values that a card had and that someone removed, as its document tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TakenOff {
    /// Fields that were cleared.
    pub fields: BTreeSet<CustomerField>,
    /// Phones that were removed.
    pub phones: BTreeSet<EntryId>,
    /// Whether there were remarks and are none now.
    pub remarks: bool,
}

impl ExistingCard {
    /// Reads a card from its document.
    pub fn read(id: DocumentId, feed: FeedId, document: &Document) -> Self {
        let customer = read(document).customer;
        let taken_off = TakenOff::read(document, &customer);
        Self {
            document: id,
            customer,
            feed,
            taken_off,
        }
    }
}

impl TakenOff {
    fn read(document: &Document, customer: &Customer) -> Self {
        let is_emptied = |container, key: &str| {
            text_at(document.automerge(), container, key).is_some_and(|v| v.is_empty())
        };
        let fields = CustomerField::ALL
            .into_iter()
            .filter(|field| is_emptied(Container::Fields, field.key()))
            .collect();
        let phones = document
            .automerge()
            .keys(Container::Phones.object())
            .filter(|key| is_emptied(Container::Phones, key))
            .filter_map(|key| match Property::parse(&key) {
                Some((id, Some(Property::Number))) => Some(id),
                Some(_) | None => None,
            })
            .collect();
        Self {
            fields,
            phones,
            remarks: customer.remarks.is_empty() && has_ever_held_remarks(document),
        }
    }
}

/// Whether any change wrote remarks. Text that was deleted leaves no key behind, so only the
/// changes can tell.
fn has_ever_held_remarks(document: &Document) -> bool {
    let genesis = ActorId::from(GENESIS_ACTOR);
    let changes = document.automerge().get_changes(&[]);
    changes.iter().any(|change| {
        let operations = change.decode().operations;
        operations.iter().any(|operation| match &operation.obj {
            ObjectId::Id(id) => {
                id.1 == genesis && Container::from_counter(id.0) == Some(Container::Remarks)
            }
            ObjectId::Root => false,
        })
    })
}

/// Where the cards of a file may be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lookup {
    /// Identities that rows of the file have: their cards have the ids that follow from these.
    pub identities: BTreeSet<ImportIdentity>,
    /// First phones, as digits, of rows without a card number: a card with such a phone may be
    /// the row's under another spelling of its name ([`recognise`]).
    pub reaches: BTreeSet<String>,
}

/// Tells where the cards of a file may be found.
pub fn lookup(file: &ImportedFile, scope: &Scope, fallback_owner: PersonId) -> Lookup {
    let mut lookup = Lookup::default();
    let mut occurrences: BTreeMap<ImportIdentity, u32> = BTreeMap::new();
    for row in &file.customers {
        let Some(store) = store_of(row, scope, fallback_owner) else {
            continue;
        };
        if let Some(number) = &row.number {
            let identity = ImportIdentity::of_number(&store, number);
            lookup.identities.insert(identity);
            continue;
        }
        let reach = row.reach();
        let of = |occurrence| ImportIdentity::of_row(&store, row.name(), &reach, occurrence);
        let count = occurrences.entry(of(0)).or_default();
        // One more than there are such rows, since another row may turn out to be one of them.
        lookup.identities.extend([of(*count), of(*count + 1)]);
        *count += 1;
        if !row.phones.is_empty() {
            lookup.reaches.insert(reach);
        }
    }
    lookup
}

/// The identity of the row without a card number that opened this card, if one did.
pub fn recognise(id: DocumentId, store_code: &str, document: &Document) -> Option<ImportIdentity> {
    let opening = read(&document.opening()).customer;
    let name = opening.field(CustomerField::Name);
    let reach = reach_of(&opening);
    (0..OCCURRENCES_MAX)
        .map(|occurrence| ImportIdentity::of_row(store_code, name, &reach, occurrence))
        .find(|identity| identity.document() == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::author::ChangeAuthor;
    use crate::document::command::{Command, Edit, NewCard, NewPhone};
    use crate::document::write::{Writer, run};
    use crate::id::DeviceId;
    use crate::time::Timestamp;

    fn imported(identity: &ImportIdentity) -> (Document, EntryId) {
        let phone = identity.entry(0, "phone:13800000000");
        let fields = [
            (CustomerField::Name, "李?"),
            (CustomerField::Compound, "棠月府"),
        ];
        let card = NewCard {
            fields: fields.map(|(key, value)| (key, value.to_owned())).into(),
            phones: vec![NewPhone {
                id: phone,
                number: "138 0000 0000".to_owned(),
                label: String::new(),
            }],
            remarks: "要便宜耐用".to_owned(),
            ..NewCard::default()
        };
        let mut document = Document::found();
        write(&mut document, &Command::OpenCard(card));
        (document, phone)
    }

    fn write(document: &mut Document, command: &Command) {
        let writer = Writer {
            author: ChangeAuthor {
                person: PersonId::from_bytes([1; 16]),
                device: DeviceId::from_bytes([1; 16]),
            },
            actor: [9; 16],
        };
        let now = Timestamp::from_millis(1_795_000_000_000);
        run(document, command, &writer, now).unwrap().unwrap();
    }

    #[test]
    fn what_staff_took_off_is_told_from_what_was_never_there() {
        let identity = ImportIdentity("number:SZ1-T01-0001".into());
        let (mut document, phone) = imported(&identity);
        let read = |document: &Document| {
            ExistingCard::read(identity.document(), FeedId::default(), document).taken_off
        };
        assert_eq!(read(&document), TakenOff::default());
        let edits = vec![
            Edit::SetField {
                field: CustomerField::Compound,
                value: String::new(),
            },
            Edit::RemovePhone { phone },
            Edit::SetRemarks {
                text: String::new(),
            },
        ];
        write(&mut document, &Command::EditCard { edits });
        let expected = TakenOff {
            fields: [CustomerField::Compound].into(),
            phones: [phone].into(),
            remarks: true,
        };
        assert_eq!(read(&document), expected);
    }

    #[test]
    fn a_card_is_recognised_by_what_it_said_when_it_was_opened() {
        let identity = ImportIdentity::of_row("SZ1", "李?", "13800000000", 0);
        let (mut document, _) = imported(&identity);
        let edits = vec![Edit::SetField {
            field: CustomerField::Name,
            value: "李𠮷".to_owned(),
        }];
        write(&mut document, &Command::EditCard { edits });
        let id = identity.document();
        assert_eq!(recognise(id, "SZ1", &document), Some(identity));
        assert_eq!(recognise(id, "HZ1", &document), None);
        assert_eq!(recognise(DocumentId::default(), "SZ1", &document), None);
    }
}
