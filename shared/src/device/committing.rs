//! The end of a job: the disk has it and memory follows, or it has not.

use crate::device::engine::{Context, Device, Opened, Outputs, Running};
use crate::device::message::Notice;
use crate::device::staged::Staged;
use crate::device::storage::{OperationId, StorageError};
use crate::sync::codec::Message;
use crate::sync::message::ClientMessage;

impl Device {
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
                self.storage_problem = None;
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
        let mut touched = staged.touched();
        if !staged.cursors.is_empty() || !staged.removed_outbox.is_empty() {
            self.connection.progressed();
        }
        if self.connection.is_online() {
            let confirmed = staged.confirmed.clone().map(|place| vec![place]);
            let confirmed = confirmed.map(ClientMessage::CursorConfirmed);
            outputs
                .send
                .extend(confirmed.map(|message| message.encode()));
        }
        self.stored_rows = if staged.replaces_all_rows {
            staged.rows.len()
        } else {
            self.stored_rows.saturating_add(staged.rows.len())
        };
        for record in staged.rows {
            self.index.put_row(record);
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
        }
        for record in staged.cursors {
            self.cursors.insert(record.store, record);
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
        if let Some(scope) = staged.scope {
            self.scope = scope.clone();
            outputs.notices.push(Notice::ScopeChanged { scope });
        }
        if let Some(identity) = staged.identity {
            self.identity = identity;
            // A conversation belongs to one person: the next one begins with a new hello.
            self.forget_conversation();
            outputs.socket = Some(self.connection.stop());
            if self.identity.is_some() {
                outputs.socket = self.connection.open_now(context.now).or(outputs.socket);
            }
        }
        outputs.notices.extend(staged.notices);
        touched.sort_unstable();
        touched.dedup();
        self.tell_rows(&touched, &staged.removed_documents, outputs);
        self.forget_documents();
    }

    /// The disk does not have it: what memory ran ahead with is read again.
    pub(crate) fn abandon(
        &mut self,
        staged: Staged,
        error: StorageError,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
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
        self.storage_problem = Some(error.code);
        // A document that waits for its whole copy is asked for again when it is next opened.
        self.healing.clear();
        self.documents
            .retain(|_, opened| matches!(opened, Opened::Document(_)));
        // Frames and acks that could not be stored come again with the next connection.
        self.drop_connection(context, outputs);
    }
}
