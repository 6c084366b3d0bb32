//! The register of tablets: which there are, how they stand, what they told.

use std::collections::BTreeSet;

use floorbook_shared::api::{Erased, Tablet, TabletStanding};
use floorbook_shared::id::{DeviceId, FeedId};
use floorbook_shared::sync::server::PeerPeople;

use super::model::{By, CodeGrant, Contact, NewTablet};
pub use super::tablets::numbers_in;
use super::{RedbDatabase, Result, tablets};
use crate::access::secret::SecretHash;

/// The tablets of a chain. Methods block on the disk, as those of [`Database`](super::Database).
pub trait TabletRegister {
    /// Keeps a one-time code that enrols a tablet.
    fn issue_enrolment(&self, code: CodeGrant, by: By) -> Result<()>;

    /// Uses an enrolment code up: the tablet gets a number that no card uses and none ever had.
    fn enrol(&self, code: SecretHash, tablet: &NewTablet) -> Result<TabletStanding>;

    /// The tablet with this id, if this is its token, however it stands.
    fn tablet(&self, device: DeviceId, token: SecretHash) -> Result<Option<TabletStanding>>;

    /// All tablets, by their number.
    fn tablets(&self) -> Result<Vec<Tablet>>;

    /// The numbers behind the codes of all tablets.
    fn tablet_numbers(&self) -> Result<BTreeSet<u32>>;

    /// Changes what a tablet is called.
    fn rename_tablet(&self, device: DeviceId, name: &str, by: By) -> Result<()>;

    /// Gives a tablet up: it delivers what waits and is emptied then. Answers whether it is news.
    fn retire_tablet(&self, device: DeviceId, by: By) -> Result<bool>;

    /// Declares a tablet stolen: its sessions end, and it is emptied at its next contact. Answers
    /// whether it is news.
    fn declare_stolen(&self, device: DeviceId, by: By) -> Result<bool>;

    /// Notes that a tablet was told to empty itself; the first time counts.
    fn note_erased(&self, device: DeviceId, erased: Erased) -> Result<()>;

    /// Notes that a tablet tells that nothing is on it any more; an active one is retired by that.
    fn note_emptied(&self, device: DeviceId, by: By) -> Result<()>;

    /// Notes that a tablet was in contact.
    fn note_contact(&self, device: DeviceId, contact: Contact) -> Result<()>;

    /// Who signed in on a tablet: those who do not work here any more, and what the others may see.
    fn people_of(&self, device: DeviceId) -> Result<PeerPeople>;

    /// The feeds that were ever opened to a tablet.
    fn opened_feeds(&self, device: DeviceId) -> Result<BTreeSet<FeedId>>;

    /// Card numbers of the documents that are in a feed; the ids of those that have none.
    fn cards_in(&self, feed: FeedId) -> Result<Vec<String>>;
}

impl TabletRegister for RedbDatabase {
    fn issue_enrolment(&self, code: CodeGrant, by: By) -> Result<()> {
        self.record(by.at, |write| tablets::issue_code(write, code, by))
    }

    fn enrol(&self, code: SecretHash, tablet: &NewTablet) -> Result<TabletStanding> {
        // Read beside the writers: looking through all cards takes its time, so whoever has no code
        // costs the server none of it.
        let taken = self.read(|read| {
            tablets::check_code(read, code, tablet.now)?;
            tablets::numbers_on_cards(read)
        })?;
        self.record(tablet.now, |write| {
            tablets::enrol(write, code, tablet, &taken)
        })
    }

    fn tablet(&self, device: DeviceId, token: SecretHash) -> Result<Option<TabletStanding>> {
        self.read(|read| tablets::with_token(read, device, token))
    }

    fn tablets(&self) -> Result<Vec<Tablet>> {
        self.read(|read| tablets::all(read, self.last_scope.seen_by(read)?.as_ref()))
    }

    fn tablet_numbers(&self) -> Result<BTreeSet<u32>> {
        let tablets = self.tablets()?.into_iter();
        let codes = tablets.flat_map(|tablet| numbers_in(&tablet.standing.code));
        Ok(codes.collect())
    }

    fn rename_tablet(&self, device: DeviceId, name: &str, by: By) -> Result<()> {
        self.record(by.at, |write| tablets::rename(write, device, name, by))
    }

    fn retire_tablet(&self, device: DeviceId, by: By) -> Result<bool> {
        self.record(by.at, |write| tablets::give_up(write, device, false, by))
    }

    fn declare_stolen(&self, device: DeviceId, by: By) -> Result<bool> {
        self.record(by.at, |write| tablets::give_up(write, device, true, by))
    }

    fn note_erased(&self, device: DeviceId, erased: Erased) -> Result<()> {
        self.record(erased.at, |write| {
            tablets::note_erased(write, device, erased)
        })
    }

    fn note_emptied(&self, device: DeviceId, by: By) -> Result<()> {
        self.record(by.at, |write| tablets::note_emptied(write, device, by))
    }

    fn note_contact(&self, device: DeviceId, contact: Contact) -> Result<()> {
        self.write(|write| tablets::note_contact(write, device, contact))
    }

    fn people_of(&self, device: DeviceId) -> Result<PeerPeople> {
        self.read(|read| tablets::people_of(read, self.last_scope.seen_by(read)?.as_ref(), device))
    }

    fn opened_feeds(&self, device: DeviceId) -> Result<BTreeSet<FeedId>> {
        self.read(|read| tablets::opened_feeds(read, device))
    }

    fn cards_in(&self, feed: FeedId) -> Result<Vec<String>> {
        self.read(|read| tablets::cards_in(read, feed))
    }
}
