//! Emptying the tablet: because the store said so, as it was retired or is in wrong hands, or
//! because somebody who works on it wanted that.

use crate::device::engine::{Device, Outputs};
use crate::device::job::{Job, Running};
use crate::device::message::Notice;
use crate::device::record::{StoredOutbox, person_prefix};
use crate::device::staged::Staged;
use crate::device::storage::{Read, StoreName};
use crate::faults;
use crate::sync::message::PushItem;
use crate::time::Timestamp;
use crate::vault::rescue::RescueFile;

impl Device {
    /// The store says that nothing may stay here: that comes before everything else. A tablet that
    /// is only given up does first what it was asked to.
    pub(crate) fn begin_erasing(&mut self) {
        if self.is_retiring {
            self.jobs.push_back(Job::Erase);
        } else {
            self.jobs.clear();
            self.jobs.push_front(Job::Erase);
        }
    }

    /// Empties the tablet, unless it is only given up and something was entered since it said that
    /// nothing waits: then it goes to the store with that.
    pub(crate) fn erase(&mut self, now: Timestamp, outputs: &mut Outputs) -> Option<Staged> {
        let is_news = self.is_retiring && self.unsent() > 0;
        if is_news && !faults::is_planted("retired_with_work_waiting") {
            let closed = self.connection.stop();
            outputs.socket = self.connection.open_now(now).or(Some(closed));
            return None;
        }
        Some(Staged {
            erases: true,
            is_strict: true,
            notices: vec![Notice::Erased {
                changes: self.not_at_store(),
                is_reset: false,
            }],
            ..Staged::default()
        })
    }

    /// Changes that go with the tablet: unsent ones, and such that were refused while their author was
    /// not here.
    fn not_at_store(&self) -> usize {
        let headers = self.shelf.values().map(|row| &row.header);
        headers
            .filter(|header| header.answer.is_none() || header.is_refused())
            .count()
    }

    /// Begins to empty the tablet because the person who works here wants it: what others have to settle
    /// is sealed for them, and only counted.
    pub(crate) fn begin_reset(&mut self, outputs: &mut Outputs) {
        if self.open.is_none() {
            return;
        }
        let id = self.next_operation();
        outputs.reads.push(Read {
            id,
            store: StoreName::Refused,
            prefix: String::new(),
        });
        self.running = Running::Counting(id);
    }

    /// How many of the stored refused entries somebody here can still settle. What is left of somebody
    /// without a keyring nobody can read any more.
    pub(crate) fn count_refused(&self, entries: &[(String, Vec<u8>)]) -> usize {
        let people: Vec<String> = self.people.keys().copied().map(person_prefix).collect();
        let keys = entries.iter().map(|(key, _)| key);
        keys.filter(|key| people.iter().any(|person| key.starts_with(person)))
            .count()
    }

    /// Empties the tablet, unless that loses something.
    pub(crate) fn reset(&self, refused: usize, outputs: &mut Outputs) -> Option<Staged> {
        let rows = self.shelf.values();
        let unsent = rows.filter(|row| row.header.answer.is_none());
        let unsaved = unsent.filter(|row| !self.rescued.contains(&row.header.device_seq));
        let unsent = unsaved.count();
        let noted = self.people.keys();
        let noted: usize = noted.map(|person| self.noted_refusals_of(*person)).sum();
        let refused = refused + noted;
        if unsent + refused > 0 && !faults::is_planted("reset_with_work_waiting") {
            let refusal = Notice::LeavingRefused { unsent, refused };
            outputs.notices.push(refusal);
            return None;
        }
        Some(Staged {
            erases: true,
            is_strict: true,
            notices: vec![Notice::Erased {
                changes: 0,
                is_reset: true,
            }],
            ..Staged::default()
        })
    }

    /// Everything that is unsent, as it stands, for a file. Who has it may sign out, or empty the
    /// tablet.
    pub(crate) fn rescue(&mut self, outputs: &mut Outputs) {
        let Some(tablet) = &self.tablet else { return };
        let rows = self.shelf.values();
        let unsent = rows.filter(|row| row.header.answer.is_none());
        let items: Vec<PushItem> = unsent.map(StoredOutbox::item).collect();
        self.rescued = items.iter().map(|item| item.device_seq).collect();
        let changes = items.len();
        let file = RescueFile {
            device: tablet.device,
            items,
        };
        outputs.notices.push(Notice::Rescue {
            name: format!("{}.floorbook-rescue", tablet.code),
            bytes: file.to_bytes(),
            changes,
        });
    }

    /// The disk is empty: memory follows.
    pub(crate) fn forget_everything(&mut self) {
        let emptied = Self {
            running: Running::Nothing,
            last_operation: self.last_operation,
            actor: self.actor,
            cost: self.cost,
            watcher: self.watcher.take(),
            storage_facts: self.storage_facts,
            told_people: Some(Vec::new()),
            jobs: std::mem::take(&mut self.jobs),
            ..Self::new()
        };
        *self = emptied;
    }
}
