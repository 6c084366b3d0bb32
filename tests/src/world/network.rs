//! The network of a world: messages, connections, and what becomes of them.

use floorbook_shared::device::engine::Input;

use super::tablet::Tablet;
use super::{TABLETS_MAX, World};

impl World {
    /// The network brings one message to a tablet, or a connection that it waits for.
    pub(super) fn deliver(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        if tablet.wants_connection {
            tablet.wants_connection = false;
            if tablet.is_away {
                self.input(number, Input::Disconnected);
                return;
            }
            let device = tablet.worker().identity.device;
            self.server.connect(number, device);
            self.input(number, Input::Connected);
            return;
        }
        let Some((_, wire)) = self.server.wires.get_mut(&number) else {
            return;
        };
        match wire.down.pop_front() {
            Some(bytes) => self.input(number, Input::Received(bytes)),
            None if wire.is_closed => self.cut(number),
            None => {}
        }
    }

    /// A message is repeated, or overtakes another one.
    pub(super) fn disturb(&mut self, number: usize) {
        let repeats = self.dice.chance(50);
        let upwards = self.dice.chance(50);
        let Some((_, wire)) = self.server.wires.get_mut(&number) else {
            return;
        };
        let queue = if upwards {
            &mut wire.up
        } else {
            &mut wire.down
        };
        let Some(place) = queue
            .len()
            .checked_sub(1)
            .map(|last| self.dice.below(last + 1))
        else {
            return;
        };
        if repeats {
            if let Some(message) = queue.get(place).cloned() {
                queue.push_back(message);
            }
        } else if place > 0 {
            queue.swap(place, place - 1);
        }
    }

    /// The connection breaks; messages under way are lost.
    pub(super) fn cut(&mut self, number: usize) {
        if self.server.wires.remove(&number).is_some() {
            self.input(number, Input::Disconnected);
        }
    }

    /// The connection is gone without either side being told.
    pub(super) fn fall_silent(&mut self, number: usize) {
        if let Some((_, wire)) = self.server.wires.get_mut(&number) {
            wire.is_silent = true;
            wire.up.clear();
            wire.down.clear();
        }
    }

    /// A consultant leaves the store with a tablet, or comes back.
    pub(super) fn leave_or_return(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        tablet.is_away = !tablet.is_away;
        if tablet.is_away {
            self.cut(number);
        }
    }

    /// Someone new begins to work, perhaps in a new store.
    pub(super) fn add_newcomer(&mut self) {
        let number = self.tablets.len();
        if number < TABLETS_MAX {
            let opens_store = self.dice.chance(40);
            let identity = self
                .server
                .enrol(number, opens_store, &mut self.dice, self.now);
            self.tablets.push(Tablet::new(identity));
        }
    }

    /// The server is killed, loses what was not synced, and starts again.
    pub(super) fn restart_server(&mut self) {
        let connected = self.server.connected();
        self.server.crash(self.now);
        if !self.promises.is_restored {
            self.promises.check_acknowledged(self.server.database());
        }
        for number in connected {
            self.input(number, Input::Disconnected);
        }
    }
}
