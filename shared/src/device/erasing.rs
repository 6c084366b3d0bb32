//! Emptying the tablet, because the store said so: it was retired, or is in wrong hands.

use crate::device::engine::{Device, Outputs};
use crate::device::job::{Job, Running};
use crate::device::message::Notice;
use crate::device::staged::Staged;

impl Device {
    /// The store says that nothing may stay here: that comes before everything else.
    pub(crate) fn begin_erasing(&mut self) {
        self.jobs.clear();
        self.jobs.push_front(Job::Erase);
    }

    pub(crate) fn erase(&self) -> Staged {
        Staged {
            erases: true,
            is_strict: true,
            notices: vec![Notice::Erased {
                changes: self.unsent(),
            }],
            ..Staged::default()
        }
    }

    /// Everything that is unsent, as it stands.
    pub(crate) fn rescue(&self, outputs: &mut Outputs) {
        outputs.notices.push(Notice::Rescue {
            name: String::new(),
            bytes: Vec::new(),
            changes: self.unsent(),
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
