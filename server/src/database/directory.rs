//! Changing people and stores that are there.

use floorbook_shared::access::{Person, Store};
use floorbook_shared::api::{PersonChange, StoreChange};
use floorbook_shared::id::{PersonId, StoreId};

use super::model::By;
use super::organisation::{people, stores};
use super::{RedbDatabase, Result};

/// The people and stores of a chain. Methods block on the disk, as those of
/// [`Database`](super::Database).
pub trait Directory {
    /// Changes a person and answers how they are now. Somebody who does not work here any more has
    /// no session and no one-time code.
    fn change_person(&self, person: PersonId, change: &PersonChange, by: By) -> Result<Person>;

    /// Changes a store and answers how it is now.
    fn change_store(&self, store: StoreId, change: &StoreChange, by: By) -> Result<Store>;
}

impl Directory for RedbDatabase {
    fn change_person(&self, person: PersonId, change: &PersonChange, by: By) -> Result<Person> {
        self.record(by.at, |write| people::change(write, person, change, by))
    }

    fn change_store(&self, store: StoreId, change: &StoreChange, by: By) -> Result<Store> {
        self.record(by.at, |write| stores::change(write, store, change, by))
    }
}
