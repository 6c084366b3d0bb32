//! The end of a job: the disk has it and memory follows, or it has not.

use crate::device::engine::{Context, Device, Job, Opened, Outputs, Running};
use crate::device::message::{Notice, Request};
use crate::device::staged::Staged;
use crate::device::storage::{OperationId, StorageError};
use crate::id::DocumentId;
use crate::sync::codec::Message;
use crate::time::Timestamp;
use crate::vault::keyring::KeyringRecord;

/// A storage that failed is tried again after this time, in milliseconds, so that the problem is
/// shown no longer than it lasts, also when nothing else is to be written.
pub(crate) const TRY_STORAGE_MILLIS: i64 = 5_000;

impl Device {
    /// The storage failed: this is shown, and it is tried again by itself.
    pub(crate) fn storage_failed(&mut self, error: &StorageError, now: Timestamp) {
        self.storage_problem = Some(error.code.clone());
        self.try_storage_at = Some(now.plus_millis(TRY_STORAGE_MILLIS));
    }

    pub(crate) fn storage_works(&mut self) {
        if self.storage_problem.take().is_none() {
            return;
        }
        self.try_storage_at = None;
        // Answers that were noted while someone was not here, and could not be worked off.
        let mut outbox = self.index.outbox().values();
        if outbox.any(|record| record.header.answer.is_some()) {
            self.jobs.push_back(Job::WorkOffAnswers);
        }
        // What is on the screen and could not be read only because of that is read again.
        for document in self.shown.clone() {
            if self.is_to_be_read(document) {
                let show = Request::ShowCard { document };
                self.jobs.push_back(Job::Request(show));
            }
        }
    }

    /// Tries a storage that failed, unless something is being read or written anyway.
    pub(crate) fn try_storage(&mut self, now: Timestamp) {
        if self.try_storage_at.is_none_or(|at| now < at) {
            return;
        }
        self.try_storage_at = None;
        if self.is_at_rest() {
            self.jobs.push_back(Job::TryStorage);
        } else if !matches!(self.running, Running::Opening(_)) {
            self.try_storage_at = Some(now.plus_millis(TRY_STORAGE_MILLIS));
        }
    }

    /// A small write that changes nothing.
    pub(crate) fn probe(&self) -> Staged {
        Staged {
            counters: Some(self.counters.clone()),
            is_probe: true,
            is_strict: true,
            ..Staged::default()
        }
    }

    pub(crate) fn transaction_done(
        &mut self,
        id: OperationId,
        result: Result<(), StorageError>,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
        let Running::Writing { id: expected, .. } = &self.running else {
            return;
        };
        if *expected != id {
            return;
        }
        let Running::Writing { staged, .. } =
            std::mem::replace(&mut self.running, Running::Nothing)
        else {
            return;
        };
        match result {
            Ok(()) => {
                self.storage_works();
                self.commit(*staged, context, outputs);
            }
            Err(error) => self.abandon(*staged, error, context, outputs),
        }
    }

    /// The disk has it: memory follows.
    pub(crate) fn commit(
        &mut self,
        staged: Staged,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
        let mut touched = if staged.is_unseen {
            Vec::new()
        } else {
            staged.touched()
        };
        if !staged.cursors.is_empty() || !staged.removed_outbox.is_empty() {
            self.connection.progressed();
        }
        if self.connection.is_online() {
            let confirmed = staged.confirmed.clone();
            let confirmed = confirmed.map(|positions| self.confirm_frame(positions).encode());
            outputs.send.extend(confirmed);
        }
        self.stored_rows = if staged.repacked_feeds.is_empty() {
            self.stored_rows.saturating_add(staged.rows.len())
        } else {
            staged.rows.len()
        };
        let removed = staged.removed_documents.iter().map(|home| home.document);
        let mut removed: Vec<DocumentId> = removed.collect();
        for feed in &staged.removed_feeds {
            removed.extend(self.forget_feed(*feed));
        }
        if self.index.records().len() == 0 {
            self.stored_rows = staged.rows.len();
        }
        for record in staged.rows {
            self.index.put_row(record);
        }
        if staged.erases {
            self.forget_everything();
        }
        let joined = staged
            .opens
            .as_ref()
            .filter(|opens| self.joins_others(opens));
        let joined = joined.cloned();
        self.people.extend(
            staged
                .keyrings
                .into_iter()
                .map(|record| (record.person, record)),
        );
        for person in staged.removed_keyrings {
            self.people.remove(&person);
        }
        self.tablet = staged.tablet.or(self.tablet.take());
        self.device_secret = staged.device_secret.or(self.device_secret.take());
        self.open = staged.opens.or(self.open.take());
        for row in staged.shelved {
            self.shelf.insert(row.header.device_seq, row);
        }
        for device_seq in staged.hidden_outbox {
            self.index.remove_outbox(device_seq);
        }
        for record in staged.outbox {
            touched.push(record.body.document.id);
            self.index.put_outbox(record);
        }
        for device_seq in staged.removed_outbox {
            if let Some(record) = self.index.outbox().get(&device_seq) {
                touched.push(record.body.document.id);
            }
            self.index.remove_outbox(device_seq);
            self.shelf.remove(&device_seq);
        }
        let damaged = staged.removed_outbox_keys;
        self.damaged_outbox.retain(|key| !damaged.contains(key));
        for record in staged.cursors {
            self.cursors.put(record);
        }
        for record in staged.refused {
            self.refused.insert(record.group, record);
        }
        for group in staged.removed_refused {
            self.refused.remove(&group);
        }
        if let Some(counters) = staged.counters {
            self.counters = counters;
        }
        if let Some(aside) = staged.aside {
            self.aside = aside.documents;
        }
        if let Some(scope) = staged.scope {
            self.scope = scope.clone();
            outputs.notices.push(Notice::ScopeChanged { scope });
            self.tell_cursors(outputs);
        }
        outputs.notices.extend(staged.notices);
        touched.sort_unstable();
        touched.dedup();
        self.tell_rows(&touched, &removed, outputs);
        self.show_again(&touched);
        self.forget_documents();
        if let Some(job) = staged.then {
            self.jobs.push_front(job);
        }
        if let Some(open) = joined {
            self.jobs.push_front(Job::Open(Box::new(open)));
        }
        // A keyring that is gone or closed is not open any more.
        let is_here = |person| {
            let record: Option<&KeyringRecord> = self.people.get(&person);
            record.is_some_and(|record| record.closed.is_none())
        };
        if self
            .open
            .as_ref()
            .is_some_and(|open| !is_here(open.person()))
        {
            self.lock(context, outputs);
        }
    }

    /// The disk does not have it: what memory ran ahead with is read again.
    pub(crate) fn abandon(
        &mut self,
        staged: Staged,
        error: StorageError,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
        self.storage_failed(&error, context.now);
        if staged.is_probe {
            return;
        }
        self.keeps_damaged_outbox = true;
        for document in staged.touched() {
            self.documents.remove(&document);
        }
        if let Some(id) = staged.failure {
            let code = format!("storage_{}", error.code);
            outputs.notices.push(Notice::NotSaved {
                id,
                code,
                detail: error.detail,
            });
        }
        outputs.notices.extend(staged.on_failure);
        // A document that waits for its whole copy is asked for again when it is next opened.
        self.healing.clear();
        self.documents
            .retain(|_, opened| matches!(opened, Opened::Document(_)));
        // Frames and acks that could not be stored come again with the next connection.
        self.drop_connection(context, outputs);
    }
}
