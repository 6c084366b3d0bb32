//! The hosts of a world's tablets: they carry out what the engines want, or fail to.

use floorbook_shared::device::engine::Input;
use floorbook_shared::device::message::{Notice, Request};
use floorbook_shared::device::storage::{StorageError, StoreName, Transaction, Write};
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::connection::SocketAction;
use floorbook_shared::sync::message::ClientMessage;

use super::check::Promises;
use super::tablet::Operation;
use super::{CLOCK_JUMP_MAX_MILLIS, World};

impl World {
    /// Gives an input to a tablet and carries out what it wants.
    pub(super) fn input(&mut self, number: usize, input: Input) {
        let tablet = &mut self.tablets[number];
        let outputs = tablet.handle(input, self.now, &mut self.dice);
        match outputs.socket {
            Some(SocketAction::Open) => {
                tablet.wants_connection = true;
                self.server.wires.remove(&number);
            }
            Some(SocketAction::Close) => {
                tablet.wants_connection = false;
                self.server.wires.remove(&number);
            }
            None => {}
        }
        let comparing = outputs.send.iter().filter(|message| is_comparing(message));
        self.statistics.differences += comparing.count();
        tablet.check_places(&outputs.send, self.promises.is_restored);
        if let Some((_, wire)) = self.server.wires.get_mut(&number)
            && !wire.is_silent
        {
            wire.up.extend(outputs.send);
        }
        for notice in outputs.notices {
            self.notice(number, notice);
        }
    }

    fn notice(&mut self, number: usize, notice: Notice) {
        self.note_people(number, &notice);
        let tablet = &mut self.tablets[number];
        match notice {
            Notice::Rows { rows } => {
                let rows = rows.iter().map(|row| row.read().expect("a row"));
                tablet.rows.extend(rows.map(|row| (row.document, row)));
            }
            Notice::Removed { documents } => {
                self.statistics.left += documents.len();
                tablet
                    .rows
                    .retain(|document, _| !documents.contains(document));
            }
            Notice::Saved { id, .. } => {
                if let Some((document, Some(text))) = tablet.asked.remove(&id) {
                    self.promises.save(number, document, text);
                }
            }
            Notice::NotSaved { id, code, .. } => {
                let asked = tablet.asked.remove(&id);
                self.promises.check_not_saved(number, &code, &asked);
            }
            Notice::Status { status } => {
                let (refused, damaged) = (self.statistics.refused, self.statistics.damaged);
                assert!(
                    status.refused.is_empty() || refused > 0,
                    "tablet {number}: {:?}",
                    status.refused
                );
                assert!(
                    status.unreadable == 0 || damaged > 0,
                    "tablet {number} has unreadable documents"
                );
                tablet.refused = status.refused;
            }
            Notice::CardUnreadable { reason, .. } => {
                let is_expected = reason == "failed" || self.statistics.damaged > 0;
                assert!(is_expected, "tablet {number}: {reason}");
            }
            Notice::Card { document, card } => {
                tablet.cards.insert(document, *card);
            }
            Notice::Opened { .. }
            | Notice::People { .. }
            | Notice::Unlocked { .. }
            | Notice::Locked
            | Notice::NotUnlocked { .. }
            | Notice::NotSignedIn { .. }
            | Notice::SecretChanged { .. }
            | Notice::Erased { .. }
            | Notice::Rescue { .. }
            | Notice::ScopeChanged { .. }
            | Notice::CardNumber { .. }
            | Notice::History { .. }
            | Notice::LeavingRefused { .. } => {}
        }
    }

    /// A tablet's storage completes one operation; one that is off is switched on.
    pub(super) fn turn(&mut self, number: usize) {
        let tablet = &mut self.tablets[number];
        if !tablet.is_started {
            tablet.is_started = true;
            self.input(number, Input::Start);
            return;
        }
        match tablet.operations.pop_front() {
            Some(Operation::Read(read)) => {
                let entries = tablet.read(&read);
                self.input(number, Input::ReadDone(read.id, Ok(entries)));
            }
            Some(Operation::Transaction(transaction)) => {
                let is_emptied = self.write_down(number, &transaction);
                if self.server.has_books && self.statistics.damaged == 0 {
                    Promises::check_waiting(number, &self.tablets[number]);
                }
                self.input(number, Input::TransactionDone(transaction.id, Ok(())));
                if is_emptied {
                    self.take_away(number);
                }
            }
            None => {
                let person = tablet.worker().identity.person;
                let is_there = tablet.device.person() == Some(person);
                if !is_there && !tablet.is_laid_down && !tablet.is_asked {
                    self.unlock(number);
                }
            }
        }
    }

    /// A transaction reaches the disk; tells whether it emptied it.
    fn write_down(&mut self, number: usize, transaction: &Transaction) -> bool {
        let tablet = &mut self.tablets[number];
        self.promises
            .note_written(number, tablet, &transaction.writes);
        let mut writes = transaction.writes.iter();
        let is_emptied = writes
            .any(|write| matches!(write, Write::Clear { store } if *store == StoreName::Outbox));
        if is_emptied {
            self.check_emptied(number);
        }
        self.tablets[number].write(transaction);
        is_emptied
    }

    /// A read or a write fails: nothing of it was read or is on the disk.
    pub(super) fn fail_operation(&mut self, number: usize) {
        let error = StorageError {
            code: "failed".to_owned(),
            detail: String::new(),
        };
        let input = match self.tablets[number].operations.pop_front() {
            Some(Operation::Read(read)) => Input::ReadDone(read.id, Err(error)),
            Some(Operation::Transaction(transaction)) => {
                Input::TransactionDone(transaction.id, Err(error))
            }
            None => return,
        };
        self.promises.is_storage_failing = true;
        self.input(number, input);
    }

    /// The time that a tablet's timer waits for may have come.
    pub(super) fn wake(&mut self, number: usize) {
        if self.tablets[number].timer.is_some_and(|at| at <= self.now) {
            self.input(number, Input::Wake);
        }
    }

    /// Someone sets a tablet's clock. Timers that run go on as they were set.
    pub(super) fn jump_clock(&mut self, number: usize) {
        let jump = self.dice.below(2 * CLOCK_JUMP_MAX_MILLIS) as i64;
        self.tablets[number].clock_offset += jump - CLOCK_JUMP_MAX_MILLIS as i64;
    }

    /// A tablet is killed and starts again with what is on its disk. A transaction under way may
    /// have reached the disk without anyone having been told.
    pub(super) fn restart_tablet(&mut self, number: usize) {
        self.server.wires.remove(&number);
        let reaches_disk = self.dice.chance(50);
        let mut is_emptied = false;
        let tablet = &mut self.tablets[number];
        if let Some(Operation::Transaction(transaction)) = tablet.operations.pop_front()
            && reaches_disk
        {
            is_emptied = self.write_down(number, &transaction);
        }
        let tablet = &mut self.tablets[number];
        tablet.kill();
        if is_emptied {
            return self.take_away(number);
        }
        if self.dice.chance(40) {
            self.tablets[number].lose_power(&mut self.dice);
        }
        // After a damage the store may hold the only whole copy until it has come again.
        if self.statistics.damaged == 0 && !self.server.has_books {
            self.promises.check_saved(number, &self.tablets[number]);
        }
    }

    /// A tablet is killed, and a value on its disk is damaged before it starts again.
    pub(super) fn damage(&mut self, number: usize) {
        self.restart_tablet(number);
        let store = [StoreName::Chunks, StoreName::Rows][self.dice.below(2)];
        let tablet = &mut self.tablets[number];
        let keys: Vec<String> = tablet.entries(store).map(|(key, _)| key.clone()).collect();
        let Some(key) = keys.get(self.dice.below(keys.len())) else {
            return;
        };
        if let Some(value) = tablet.stored.get_mut(&(store, key.clone())) {
            let place = self.dice.below(value.len());
            value[place] ^= 0x55;
            self.statistics.damaged += 1;
        }
    }

    /// Someone looks at every card on every tablet.
    pub(super) fn open_everything(&mut self) {
        let present: Vec<usize> = self.present().map(|(number, _)| number).collect();
        for number in present {
            for document in self.tablets[number].device.document_ids() {
                self.input(number, Input::Request(Request::ShowCard { document }));
            }
        }
        self.settle();
    }
}

fn is_comparing(message: &[u8]) -> bool {
    matches!(
        ClientMessage::decode(message),
        Ok(Some(ClientMessage::Compare(_)))
    )
}
