//! A refused change: the document is rebuilt without it, later work is run again.
//!
//! Everything this tablet did on the document after the refused change builds on it, so those
//! changes are taken back and their commands run anew under a fresh actor. What fails again waits
//! for a person, who sees what was wanted and why not.

use crate::device::answers::TAKEN_BACK;
use crate::device::command::project;
use crate::device::engine::{Context, Device, Opened, Outputs};
use crate::device::message::RefusedEntry;
use crate::device::record::{OutboxRecord, RefusedRecord, RowRecord};
use crate::device::staged::Staged;
use crate::document::Document;
use crate::document::command::Command;
use crate::faults;
use crate::id::{DocumentId, GroupId};
use crate::record::customer::CustomerField;
use crate::sync::gate::GateError;
use crate::sync::message::Refused;
use crate::time::Timestamp;

impl Device {
    pub(crate) fn execute_refused(
        &mut self,
        refused: &Refused,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        self.connection.settled(refused.device_seq);
        let Some(record) = self.index.outbox().get(&refused.device_seq).cloned() else {
            return self.note_refused(refused);
        };
        let id = record.body.document.id;
        // What the store had acknowledged once, and what builds on something that the store does
        // not have at the moment, is no mistake of anyone's: it waits until both sides have told
        // one another what they hold.
        let is_early = refused.code == GateError::MissingChanges.code();
        let is_settled = record.body.command.is_none() && !self.is_of_another(&record);
        if is_settled || is_early {
            if is_early && let Some(row) = self.index.row(id) {
                self.want(row.store, id);
            }
            return None;
        }
        // A refusal that was noted may have been worked off on the card already, by someone else
        // who holds it: then only what was taken off with it is done again.
        let is_here = self.index.row(id).is_some();
        let holds = |record: &OutboxRecord| match self.document(id) {
            Some(Opened::Document(document)) => document.holds(&record.body.change),
            Some(Opened::Unreadable { .. }) | None => is_here,
        };
        let is_on_card = holds(&record);
        let taken_back: Vec<OutboxRecord> = self
            .index
            .outbox()
            .range(refused.device_seq..)
            .map(|(_, later)| later.clone())
            .filter(|later| later.body.document.id == id)
            .filter(|later| later.body.command.is_some() || self.is_of_another(later))
            .filter(|later| is_on_card || !holds(later))
            .collect();
        self.works_on(Some(id));
        let base = if is_here {
            self.without(id, &taken_back)
        } else {
            Some(Document::found())
        };
        let Some(base) = base else {
            // The storage failed, or the document waits for its whole copy: the row stays in the
            // outbox, and the refusal comes again with the next connection.
            if self.is_to_be_read(id) {
                self.drop_connection(context, outputs);
            }
            return None;
        };
        let mut staged = Staged {
            is_strict: true,
            ..Staged::default()
        };
        for later in &taken_back {
            self.connection.settled(later.header.device_seq);
            if !self.is_of_another(later) {
                staged.removed_outbox.push(later.header.device_seq);
            }
        }
        self.renew_actor(context);
        let mut counters = self.counters.clone();
        let place = self.index.record(id).cloned();
        let place = place.or_else(|| self.lost_row(id));
        // The row says in which feed the card was; of one that nothing is known of any more, only
        // what was wanted is left.
        let Some(place) = place else {
            let own = taken_back
                .into_iter()
                .filter(|later| !self.is_of_another(later));
            let told = own.filter_map(|later| refused_record(later, &refused.code, context.now));
            staged.refused.extend(told);
            return Some(staged);
        };
        let is_gone = base.is_blank();
        let row = project(&base);
        // The chunks are written anew as a whole: after a document was mended, nobody knows any
        // more which of them holds the refused change.
        let home = place.home();
        staged.replaced_documents.push(home);
        staged.chunks.push((home, base.snapshot()));
        self.keep_document(id, Opened::Document(Box::new(base)));

        counters.revision += 1;
        let row = (!is_gone).then_some(row);
        let mut last_row = RowRecord {
            revision: counters.revision,
            chunks: 1,
            row,
            ..place
        };
        let is_again = refused.code == TAKEN_BACK;
        for later in taken_back {
            let is_refused = later.header.group == record.header.group && !is_again;
            if self.is_of_another(&later) {
                let code = is_refused.then_some(refused.code.as_str());
                self.take_back(&later, code, &mut staged);
                continue;
            }
            let Some(command) = later.body.command else {
                continue;
            };
            let is_dropped = faults::is_planted("refusal_drops_later_work");
            if is_dropped && later.header.group != record.header.group {
                continue;
            }
            let code = if is_refused {
                Some(refused.code.clone())
            } else {
                match self.write(
                    id,
                    later.header.group,
                    command.clone(),
                    &mut counters,
                    context,
                ) {
                    Ok(Some(again)) => {
                        staged.outbox.extend(again.outbox);
                        for chunk in again.chunks {
                            staged.chunks.push(chunk);
                            last_row.chunks += 1;
                        }
                        if let Some(added) = again.rows.into_iter().next_back() {
                            last_row.row = added.row;
                            last_row.revision = added.revision;
                        }
                        None
                    }
                    Ok(None) => None,
                    Err(error) => Some(error.code().to_owned()),
                }
            };
            if let Some(code) = code {
                staged.refused.push(RefusedRecord {
                    group: later.header.group,
                    person: later.header.person,
                    document: later.body.document,
                    command,
                    code,
                    at: context.now,
                });
            }
        }
        if last_row.row.is_none() {
            staged.removed_documents.push(home);
            staged.chunks.clear();
        }
        staged.rows.push(last_row);
        staged.counters = Some(counters);
        Some(staged)
    }

    /// The document as it would be without the changes that are taken back.
    fn without(&self, id: DocumentId, taken_back: &[OutboxRecord]) -> Option<Document> {
        let Some(Opened::Document(document)) = self.document(id) else {
            return None;
        };
        document
            .without(
                taken_back
                    .iter()
                    .map(|record| record.body.change.as_slice()),
            )
            .ok()
    }

    /// Runs a refused command again because a person asked for it.
    pub(crate) fn retry(&mut self, group: GroupId, context: &mut Context<'_>) -> Option<Staged> {
        let record = self.refused.get(&group)?.clone();
        let mut counters = self.counters.clone();
        let id = record.document.id;
        let result = self.write(id, group, record.command.clone(), &mut counters, context);
        let mut staged = match result {
            Ok(Some(staged)) => staged,
            Ok(None) => Staged::default(),
            Err(error) => {
                return Some(Staged {
                    refused: vec![RefusedRecord {
                        code: error.code().to_owned(),
                        at: context.now,
                        ..record
                    }],
                    is_strict: true,
                    ..Staged::default()
                });
            }
        };
        staged.removed_refused.push(group);
        staged.counters = Some(counters);
        staged.is_strict = true;
        Some(staged)
    }

    /// A refused record as the screen shows it.
    pub(crate) fn refused_entry(&self, record: &RefusedRecord) -> RefusedEntry {
        let row = self
            .index
            .row(record.document.id)
            .and_then(|known| known.row.as_ref()?.read());
        let wanted = match &record.command {
            Command::OpenCard(card) => card.fields.get(&CustomerField::Name),
            Command::EditCard { .. }
            | Command::LogContact(_)
            | Command::MoveNextStep { .. }
            | Command::DropNextStep { .. }
            | Command::ReopenNextStep { .. }
            | Command::NoteHandover { .. } => None,
        };
        RefusedEntry {
            group: record.group,
            document: record.document.id,
            name: row
                .map(|row| row.name)
                .or_else(|| wanted.cloned())
                .unwrap_or_default(),
            command: record.command.clone(),
            code: record.code.clone(),
            at: record.at,
        }
    }
}

/// What waits for a person who wanted something that can't be done.
fn refused_record(record: OutboxRecord, code: &str, at: Timestamp) -> Option<RefusedRecord> {
    Some(RefusedRecord {
        group: record.header.group,
        person: record.header.person,
        document: record.body.document,
        command: record.body.command?,
        code: code.to_owned(),
        at,
    })
}
