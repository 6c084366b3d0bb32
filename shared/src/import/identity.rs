//! How a row is recognised when the file is imported again.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, EntryId};
use crate::record::width::{fold, trim};

/// The stable identity of an imported row: the id of the card that it becomes is derived from it.
///
/// `number:` and the card number, or `row:` and a hash over store, name and first phone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ImportIdentity(pub String);

impl ImportIdentity {
    /// The identity of a row with a card number.
    ///
    /// Numbers are unique in the chain if they begin with the store's code; any other number is
    /// taken as unique in its store only.
    pub fn of_number(store_code: &str, number: &str) -> Self {
        let store = key(store_code);
        let number = key(number);
        let begins_with_store = number
            .strip_prefix(store.as_str())
            .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) && !rest.is_empty());
        if begins_with_store {
            Self(format!("number:{number}"))
        } else {
            Self(format!("number:{store}/{number}"))
        }
    }

    /// The identity of the `occurrence`-th row (from 0) with this store, name and way to reach
    /// the person, which have no card number.
    pub fn of_row(store_code: &str, name: &str, reach: &str, occurrence: u32) -> Self {
        let parts = [key(store_code), key(name), key(reach)].join("\u{1f}");
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"floorbook import row\0");
        hasher.update(parts.as_bytes());
        hasher.update(&occurrence.to_le_bytes());
        Self(format!("row:{}", hasher.finalize().to_hex()))
    }

    /// Whether the row had no card number.
    pub fn is_of_row(&self) -> bool {
        self.0.starts_with("row:")
    }

    /// The id of the card that this row becomes, the same on every server and in every import: the
    /// card exists if a document of this id exists, so no table of imported rows is needed.
    pub fn document(&self) -> DocumentId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"floorbook import document\0");
        hasher.update(self.0.as_bytes());
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        // Version 8 is the one for ids made by a rule of one's own.
        bytes[6] = 0x80 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        DocumentId::from_bytes(bytes)
    }

    /// The id of an entry that this row makes on its card, the same in every import.
    ///
    /// It is a UUIDv7 of the `position`-th millisecond of 1970, so that imported entries sort in
    /// the order of the file and before everything that a tablet adds.
    pub fn entry(&self, position: u16, what: &str) -> EntryId {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"floorbook import entry\0");
        hasher.update(self.0.as_bytes());
        hasher.update(&[0]);
        hasher.update(what.as_bytes());
        let mut bytes = [0; 16];
        hasher.finalize_xof().fill(&mut bytes);
        bytes[..6].fill(0);
        bytes[4..6].copy_from_slice(&position.to_be_bytes());
        bytes[6] = 0x70 | (bytes[6] & 0x0f);
        bytes[8] = 0x80 | (bytes[8] & 0x3f);
        EntryId::from_bytes(bytes)
    }
}

impl fmt::Display for ImportIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether two ids that [`ImportIdentity::entry`] made differ at most in their position.
pub fn is_same_entry(one: EntryId, other: EntryId) -> bool {
    one.as_bytes()[6..] == other.as_bytes()[6..]
}

/// A value in the form in which identities compare it.
fn key(text: &str) -> String {
    fold(trim(text))
        .chars()
        .filter(|character| !character.is_whitespace() && !character.is_control())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_the_chain_is_its_own_identity() {
        let identity = |store, number| ImportIdentity::of_number(store, number).0;
        assert_eq!(identity("SZ1", "SZ1-T03-0001"), "number:SZ1-T03-0001");
        assert_eq!(identity("sz1", " sz1－T03－0001"), "number:SZ1-T03-0001");
        assert_eq!(identity("SZ1", "17"), "number:SZ1/17");
        assert_ne!(identity("HZ1", "17"), identity("SZ1", "17"));
        assert_ne!(identity("1", "17"), identity("", "17"));
    }

    #[test]
    fn a_row_without_number_is_recognised_by_what_it_says() {
        let identity = ImportIdentity::of_row("SZ1", "李女士", "13800000000", 0);
        assert_eq!(
            identity,
            ImportIdentity::of_row("sz1 ", "李 女士", "13800000000", 0)
        );
        assert_ne!(
            identity,
            ImportIdentity::of_row("SZ1", "李女士", "13800000001", 0)
        );
        assert_ne!(
            identity,
            ImportIdentity::of_row("SZ1", "李女士", "13800000000", 1)
        );
        assert!(identity.is_of_row());
    }

    #[test]
    fn the_id_of_a_card_follows_from_its_identity_for_ever() {
        let identity = |text: &str| ImportIdentity(text.into());
        assert_eq!(
            identity("number:SZ1-T03-0001").document().to_string(),
            "66d31026-ce2b-8c8e-97d0-5425c0da3b6f"
        );
        assert_ne!(
            identity("number:SZ1-T03-0001").document(),
            identity("number:SZ1-T03-0002").document()
        );
    }

    #[test]
    fn entries_are_stable_and_sort_by_position() {
        let identity = ImportIdentity("number:SZ1-T03-0001".into());
        let first = identity.entry(1, "phone:138");
        assert_eq!(first, identity.entry(1, "phone:138"));
        assert!(first < identity.entry(2, "phone:101"));
        assert!(is_same_entry(first, identity.entry(7, "phone:138")));
        assert!(!is_same_entry(first, identity.entry(1, "phone:139")));
    }
}
