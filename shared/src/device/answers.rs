//! Answers to work of someone who is not here: noted beside it, and worked off when the keys are.

use crate::device::engine::{Device, Job};
use crate::device::record::{Answer, OutboxRecord, StoredOutbox, outbox_author};
use crate::device::staged::Staged;
use crate::faults;
use crate::sync::gate::GateError;
use crate::sync::message::{Ack, AckEntry, Refused};

impl Device {
    /// Notes an answer to work that can't be opened now.
    pub(crate) fn note_answer(&self, device_seq: u64, answer: Answer, staged: &mut Staged) {
        let Some(row) = self.shelf.get(&device_seq) else {
            return;
        };
        if faults::is_planted("locked_rows_dropped") {
            staged.removed_outbox.push(device_seq);
            return;
        }
        let mut row: StoredOutbox = row.clone();
        row.header.answer = Some(answer);
        staged.shelved.push(row);
    }

    /// Notes that work of someone who is not here was refused.
    pub(crate) fn note_refused(&self, refused: &Refused) -> Option<Staged> {
        let answer = if refused.code == GateError::MissingChanges.code() {
            // What builds on something that the store does not have at the moment goes out again.
            // After something of theirs was refused it is taken for what builds on that: it would
            // go out for ever, and only they can do it anew.
            if !self.has_refused_before(refused.device_seq) {
                return None;
            }
            Answer::TakenBack
        } else {
            let code = refused.code.clone();
            Answer::Refused { code }
        };
        let mut staged = Staged {
            is_strict: true,
            ..Staged::default()
        };
        self.note_answer(refused.device_seq, answer, &mut staged);
        (!staged.shelved.is_empty() || !staged.removed_outbox.is_empty()).then_some(staged)
    }

    /// Whether something waits for the author of a row that they did earlier and that was refused.
    fn has_refused_before(&self, device_seq: u64) -> bool {
        let author = self.shelf.get(&device_seq).map(|row| row.header.person);
        let mut earlier = self.shelf.range(..device_seq).map(|(_, row)| &row.header);
        !faults::is_planted("built_on_refused_sent_for_ever")
            && earlier.any(|header| Some(header.person) == author && header.is_refused())
    }

    /// Works off what was answered while this person was not here, in the order of the tablet.
    pub(crate) fn work_off_answers(&mut self) {
        let outbox = self.index.outbox().values();
        let answered: Vec<(u64, Answer)> = outbox
            .filter_map(|record| Some((record.header.device_seq, record.header.answer.clone()?)))
            .collect();
        for (device_seq, answer) in answered.into_iter().rev() {
            self.jobs.push_front(match answer {
                Answer::Acknowledged { seq, at } => Job::NotedAck(Ack {
                    entries: vec![AckEntry { device_seq, seq }],
                    at,
                    // A later state of the document brings its own.
                    receipts: Vec::new(),
                }),
                Answer::Refused { code } => Job::NotedRefused(Refused { device_seq, code }),
                Answer::TakenBack => Job::NotedRefused(Refused {
                    device_seq,
                    code: TAKEN_BACK.to_owned(),
                }),
            });
        }
    }

    /// A noted answer could not be worked off: the change goes out again.
    pub(crate) fn forget_answer(&mut self, device_seq: u64) {
        if let Some(row) = self.shelf.get_mut(&device_seq) {
            row.header.answer = None;
        }
        self.index.forget_answer(device_seq);
    }

    /// What someone else did after a change that is taken back goes with it, and waits for them.
    pub(crate) fn take_back(&self, record: &OutboxRecord, code: Option<&str>, staged: &mut Staged) {
        let answer = match (&record.header.answer, code) {
            (Some(answer), _) => answer.clone(),
            (None, Some(code)) => Answer::Refused {
                code: code.to_owned(),
            },
            (None, None) => Answer::TakenBack,
        };
        self.note_answer(record.header.device_seq, answer, staged);
        staged.hidden_outbox.push(record.header.device_seq);
    }

    /// Whether someone else than the person who works here did this.
    pub(crate) fn is_of_another(&self, record: &OutboxRecord) -> bool {
        self.person() != Some(record.header.person)
    }

    /// Keys of outbox rows of this person that can't be read.
    pub(crate) fn own_damaged_outbox(&self) -> impl Iterator<Item = &String> {
        let person = self.person();
        let keys = self.damaged_outbox.iter();
        keys.filter(move |key| outbox_author(key) == person)
    }
}

/// The code of work that is done again without having been refused itself.
pub(crate) const TAKEN_BACK: &str = "taken_back";
