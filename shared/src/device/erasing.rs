//! Emptying the tablet, because the store said so: it was retired, or is in wrong hands.

use crate::device::engine::{Device, Outputs};
use crate::device::job::{Job, Running};
use crate::device::message::Notice;
use crate::device::record::StoredOutbox;
use crate::device::staged::Staged;
use crate::sync::message::PushItem;
use crate::vault::rescue::RescueFile;

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

    /// Everything that is unsent, as it stands, for a file. Who has it may sign out.
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
