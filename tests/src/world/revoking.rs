//! Tablets that are given up or stolen, and people who leave: what was promised to them, and that
//! nothing stays behind.

use std::collections::BTreeSet;

use floorbook_server::database::directory::Directory;
use floorbook_server::database::model::By;
use floorbook_server::database::register::TabletRegister;
use floorbook_shared::api::{PersonChange, TabletState};
use floorbook_shared::device::storage::StoreName;
use floorbook_shared::sync::message::Bye;

use super::World;
use super::check::find_texts;

/// Tablets that stay, whatever happens.
const STAYING_TABLETS: usize = 2;

impl World {
    /// An administrator gives a tablet up, declares it stolen, or somebody leaves.
    pub(super) fn revoke(&mut self, number: usize) {
        match self.dice.below(100) {
            0..25 => self.give_up(number, false),
            25..60 => self.give_up(number, true),
            _ => self.leave(number),
        }
    }

    fn give_up(&mut self, number: usize, is_stolen: bool) {
        let device = self.tablets[number].worker().identity.device;
        // One that nobody ever worked on has nothing, and never comes.
        let is_in_use = self.tablets[number]
            .entries(StoreName::Vault)
            .next()
            .is_some();
        let is_active = |device| self.server.state_of(device, self.now) == TabletState::Active;
        let staying = self
            .present()
            .filter(|(_, tablet)| is_active(tablet.worker().identity.device))
            .count();
        if !is_in_use || (is_active(device) && staying <= STAYING_TABLETS) {
            return;
        }
        let by = By::command_line(self.now);
        let database = self.server.database();
        let (is_news, bye) = if is_stolen {
            (database.declare_stolen(device, by), Bye::Erase)
        } else {
            (database.retire_tablet(device, by), Bye::Unavailable)
        };
        if is_news.expect("the disk works") {
            self.server.end_sockets(bye, |peer| peer.device == device);
        }
    }

    /// Somebody works here no more, while their work may wait on the tablet.
    fn leave(&mut self, number: usize) {
        let workers = &self.tablets[number].workers;
        let place = self.dice.below(workers.len());
        let person = workers[place].identity.person;
        if workers[place].has_left {
            return;
        }
        let change = PersonChange {
            is_active: Some(false),
            ..PersonChange::default()
        };
        let by = By::command_line(self.now);
        let changed = self.server.database().change_person(person, &change, by);
        // The last administrator can't.
        if changed.is_err() {
            return;
        }
        self.tablets[number].workers[place].has_left = true;
        let device = self.tablets[number].workers[place].identity.device;
        self.server
            .end_sockets(Bye::SignInNeeded, |peer| peer.person == Some(person));
        self.server
            .end_sockets(Bye::Unavailable, |peer| peer.device == device);
        self.server.announce_scope();
        self.statistics.leavers += 1;
    }

    /// A tablet is about to empty itself: of one that was given up nothing is lost, of a stolen one
    /// what it had not delivered.
    pub(super) fn check_emptied(&mut self, number: usize) {
        let tablet = &self.tablets[number];
        let device = tablet.worker().identity.device;
        let mut waiting = BTreeSet::new();
        for change in tablet.unanswered(|_| true) {
            find_texts(&change, &mut waiting);
        }
        self.note_emptied(number);
        match self.server.state_of(device, self.now) {
            TabletState::Retired => {
                assert!(waiting.is_empty(), "{waiting:?} goes with tablet {number}");
                self.promises.check_delivered(number, &self.texts_there());
                self.statistics.retired += 1;
            }
            TabletState::Stolen => {
                self.statistics.excused += self.promises.excuse(&waiting);
                self.statistics.stolen += 1;
            }
            state @ (TabletState::Active | TabletState::Retiring) => {
                panic!("tablet {number} empties itself although it is {state:?}")
            }
        }
    }

    /// A tablet that is empty lies in a drawer from then on.
    pub(super) fn take_away(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        let left = tablet.stored.keys().next();
        assert!(left.is_none(), "[4] {left:?} is left on tablet {number}");
        tablet.kill();
        tablet.is_gone = true;
        self.server.wires.remove(&number);
    }
}
