//! The people of a world's tablets: they unlock and lock, take turns, mistype and forget PINs.

use floorbook_shared::access::Identity;
use floorbook_shared::device::engine::Input;
use floorbook_shared::device::message::{Notice, Request, UnlockProblem};
use floorbook_shared::device::record::{self, StoredOutbox, feed_of_key, from_bytes};
use floorbook_shared::device::storage::{self, StoreName};
use floorbook_shared::id::{DeviceId, FeedId, PersonId};
use floorbook_shared::secret::Secret;
use floorbook_shared::vault::delivery::Work;
use floorbook_shared::vault::keyring::{KeyringRecord, own_key};
use floorbook_shared::vault::master::MasterSecret;

use super::World;
use super::tablet::Tablet;

/// Wrong PINs of a hundred.
const WRONG_PERCENT: usize = 15;
/// Turns of a hundred at which someone has forgotten their PIN.
const FORGOTTEN_PERCENT: usize = 5;

/// The secret of the world's server.
pub fn master() -> MasterSecret {
    MasterSecret::from_bytes([42; 32])
}

/// Someone who works on a tablet.
#[derive(Clone, Debug)]
pub struct Worker {
    /// Who and where.
    pub identity: Identity,
    /// How often they chose another PIN.
    pins: u32,
    /// Whether only an online sign-in opens their keyring.
    needs_sign_in: bool,
    /// Whether they work here no more.
    pub has_left: bool,
}

impl Worker {
    /// Someone who never signed in on this tablet.
    pub const fn new(identity: Identity) -> Self {
        Self {
            identity,
            pins: 0,
            needs_sign_in: true,
            has_left: false,
        }
    }

    fn pin(&self) -> Secret {
        let number = 284_719 + 1_013 * u64::from(self.pins);
        Secret::from(number.to_string())
    }
}

impl World {
    /// Who works on a tablet unlocks it, or signs in online if nothing else helps.
    pub(super) fn unlock(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        let worker = tablet.worker().clone();
        if worker.needs_sign_in {
            if tablet.is_away {
                return;
            }
            let signed_in = self
                .server
                .sign_in(&worker.identity, self.now, &mut self.dice);
            let tablet = &mut self.tablets[number];
            let Some(signed_in) = signed_in.map(Box::new) else {
                tablet.is_laid_down = true;
                return self.input(number, Input::Request(Request::Lock));
            };
            tablet.worker_mut().pins += 1;
            let secret = tablet.worker().pin();
            tablet.is_asked = true;
            let request = Request::SignIn { signed_in, secret };
            return self.input(number, Input::Request(request));
        }
        tablet.is_asked = true;
        let is_wrong = self.weather.is_shared && self.dice.chance(WRONG_PERCENT);
        let secret = if is_wrong {
            Secret::from("939393")
        } else {
            worker.pin()
        };
        let person = worker.identity.person;
        self.input(number, Input::Request(Request::Unlock { person, secret }));
    }

    /// Someone takes the tablet from someone else, lays it down, or has forgotten their PIN.
    pub(super) fn take_turns(&mut self, number: usize) {
        let next = self.dice.below(self.tablets[number].workers.len());
        let lays_down = self.dice.chance(40);
        let is_forgotten = self.dice.chance(FORGOTTEN_PERCENT);
        let tablet = &mut self.tablets[number];
        if !tablet.is_started || tablet.is_asked {
            return;
        }
        if lays_down {
            tablet.is_laid_down = true;
            return self.input(number, Input::Request(Request::Lock));
        }
        tablet.is_laid_down = false;
        tablet.at_work = next;
        tablet.worker_mut().needs_sign_in |= is_forgotten;
        if tablet.device.person() != Some(tablet.worker().identity.person) {
            self.statistics.turns += 1;
            self.unlock(number);
        }
    }

    /// Has this one of its people unlock each tablet.
    pub(super) fn call(&mut self, turn: usize) {
        for number in 0..self.tablets.len() {
            let tablet = &mut self.tablets[number];
            let workers = tablet.workers.iter().enumerate();
            let staying = workers.filter(|(_, worker)| !worker.has_left);
            let staying: Vec<usize> = staying.map(|(place, _)| place).collect();
            tablet.is_laid_down = staying.is_empty();
            tablet.at_work = match staying.len() {
                0 => 0,
                count => staying[turn % count],
            };
            if tablet.is_laid_down && !tablet.is_gone {
                self.input(number, Input::Request(Request::Lock));
            }
        }
    }

    /// What a tablet says about who works on it.
    pub(super) fn note_people(&mut self, number: usize, notice: &Notice) {
        let tablet = &mut self.tablets[number];
        if let Notice::Unlocked { identity, .. } = notice {
            tablet.forget_screen();
            tablet.is_asked = false;
            let person = identity.person;
            let known = tablet.worker_of(person);
            known.needs_sign_in = false;
        } else if let Notice::Locked = notice {
            tablet.forget_screen();
        } else if let Notice::NotUnlocked {
            person, problem, ..
        } = notice
        {
            tablet.is_asked = false;
            let is_closed = match problem {
                UnlockProblem::Wrong | UnlockProblem::Storage => false,
                UnlockProblem::TriesUsedUp
                | UnlockProblem::LeaseOver
                | UnlockProblem::Damaged
                | UnlockProblem::Unknown => true,
            };
            tablet.worker_of(*person).needs_sign_in |= is_closed;
            self.statistics.wrong += 1;
        } else if let Notice::NotSignedIn { problem } = notice {
            tablet.is_asked = false;
            assert!(
                self.promises.is_storage_failing,
                "tablet {number}: {problem:?}"
            );
        }
    }

    /// [vault] Nothing that anyone typed is readable on a tablet's disk, and nothing there opens
    /// with the key of a book that nobody on it may see.
    pub(super) fn check_vaults(&self, is_at_rest: bool) {
        // What everything has in it that was typed on one of the tablets.
        let typed = (0..self.tablets.len()).map(|number| format!("〔{number}·"));
        let fixed = ["13800000000", "常来", "很满意"].map(str::to_owned);
        let texts: Vec<String> = typed.chain(fixed).collect();
        for (number, tablet) in self.tablets.iter().enumerate() {
            let disk = tablet.stored.iter();
            let mut is_control_found = false;
            for ((store, key), value) in disk {
                let value = String::from_utf8_lossy(value);
                for text in &texts {
                    let is_found = value.contains(text) || key.contains(text);
                    assert!(!is_found, "{text} is readable in {store:?} on {number}");
                }
                is_control_found |= value.contains("顾问");
            }
            let mut keyrings = tablet.entries(StoreName::Vault);
            let has_people = keyrings.any(|(key, _)| key.parse::<PersonId>().is_ok());
            assert_eq!(is_control_found, has_people, "names on the lock screen");
            if is_at_rest {
                self.check_keys(number, tablet);
            }
        }
    }

    fn check_keys(&self, number: usize, tablet: &Tablet) {
        let mut strange = self.server.scope().feeds.clone();
        for worker in &tablet.workers {
            let scope = self.server.scope_of(worker.identity.person);
            strange.retain(|feed| scope.feed(feed.id).is_none());
        }
        let device = tablet.workers[0].identity.device;
        let keys: Vec<_> = strange
            .iter()
            .map(|feed| master().feed_key(device, feed.id))
            .collect();
        for ((store, key), value) in &tablet.stored {
            let opened = storage::open(&keys, *store, key, value);
            assert!(opened.is_err(), "[4] {store:?} {key} on tablet {number}");
        }
    }
}

impl Tablet {
    /// Who has it in hand.
    pub fn worker(&self) -> &Worker {
        &self.workers[self.at_work]
    }

    pub(super) fn worker_mut(&mut self) -> &mut Worker {
        &mut self.workers[self.at_work]
    }

    fn worker_of(&mut self, person: PersonId) -> &mut Worker {
        let mut workers = self.workers.iter_mut();
        let known = workers.find(|worker| worker.identity.person == person);
        known.expect("someone of this tablet")
    }

    fn device_id(&self) -> DeviceId {
        self.worker().identity.device
    }

    /// The content of every value in a store that can be opened by anyone here.
    pub fn opened(&self, store: StoreName) -> Vec<(&String, Vec<u8>)> {
        let entries = self.entries(store);
        entries
            .filter_map(|(key, value)| Some((key, self.open(store, key, value)?)))
            .collect()
    }

    /// Whether it ever speaks with the store: not one on which nobody began before they left.
    pub fn speaks(&self) -> bool {
        !self.worker().has_left || self.entries(StoreName::Vault).next().is_some()
    }

    /// Whether somebody of this tablet works here no more.
    pub fn is_former(&self, person: PersonId) -> bool {
        let mut workers = self.workers.iter();
        workers.any(|worker| worker.identity.person == person && worker.has_left)
    }

    /// The keyrings on its disk.
    pub fn keyrings(&self) -> impl Iterator<Item = KeyringRecord> {
        self.entries(StoreName::Vault).filter_map(|(key, value)| {
            record::decode::<KeyringRecord>(StoreName::Vault, key, value).ok()
        })
    }

    /// Whether someone's keyring here has a feed's key.
    pub fn has_key_of(&self, feed: FeedId) -> bool {
        self.keyrings().any(|known| known.holds(feed))
    }

    /// The changes of these rows that wait for the store and were not refused.
    pub fn unanswered(&self, is_asked: impl Fn(&StoredOutbox) -> bool) -> Vec<Vec<u8>> {
        let is_unanswered = |(key, value): &(&String, &Vec<u8>)| {
            let row = record::decode::<StoredOutbox>(StoreName::Outbox, key, value);
            row.is_ok_and(|row| row.header.answer.is_none() && is_asked(&row))
        };
        let entries = self.entries(StoreName::Outbox).filter(is_unanswered);
        entries
            .filter_map(|(key, value)| self.open(StoreName::Outbox, key, value))
            .collect()
    }

    /// What a stored outbox row holds.
    pub fn work_of(&self, row: &StoredOutbox) -> Work {
        let item = row.item();
        let key = master().delivery_key(self.device_id(), item.person);
        let work = item.docket(self.device_id()).open(&key, &item.work);
        work.expect("the seal is its author's")
    }

    fn open(&self, store: StoreName, key: &str, value: &[u8]) -> Option<Vec<u8>> {
        let device = self.device_id();
        match store {
            StoreName::Rows | StoreName::Chunks => {
                let feed: FeedId = feed_of_key(key)?;
                let feed_key = master().feed_key(device, feed);
                storage::open([&feed_key], store, key, value).ok()
            }
            StoreName::Refused | StoreName::Drafts => {
                let person = key.split_once('/')?.0.parse().ok()?;
                let own = own_key(&master().delivery_key(device, person));
                storage::open([&own], store, key, value).ok()
            }
            StoreName::Outbox => {
                let row = storage::open_clear(store, key, value).ok()?;
                let row: StoredOutbox = from_bytes(row).ok()?;
                Some(self.work_of(&row).change)
            }
            StoreName::Meta | StoreName::Cursors | StoreName::Vault | StoreName::Files => {
                storage::open_clear(store, key, value)
                    .ok()
                    .map(<[u8]>::to_vec)
            }
        }
    }
}
