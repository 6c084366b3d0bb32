//! Unlocking: the try is counted, the PIN is tried, and the feeds of its person are read.
//!
//! At the start only what is in the clear is read. What is sealed is read when a keyring is open,
//! and forgotten when it is closed: one engine serves one person after the other.

use std::collections::BTreeMap;

use crate::access::Scope;
use crate::device::engine::{Context, Device, Job, Outputs, Running};
use crate::device::index::Index;
use crate::device::message::{Notice, UnlockProblem};
use crate::device::opening::{Opening, ROWS_PER_NOTICE};
use crate::device::record::{
    OutboxRecord, RefusedRecord, RowRecord, TabletRecord, feed_of_key, feed_prefix, from_bytes,
    person_prefix,
};
use crate::device::row_page;
use crate::device::sealing::OpenKeyring;
use crate::device::staged::Staged;
use crate::device::storage::StoreName;
use crate::faults;
use crate::id::{DocumentId, FeedId, PersonId};
use crate::secret::Secret;
use crate::vault::key::Key;
use crate::vault::keyring::{Closed, KeyringRecord};
use crate::vault::seal::{OpenError, key_of};

/// What a PIN is tried for.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// To work.
    Unlock,
    /// To be replaced by another one.
    Change(Secret),
}

impl Device {
    /// Begins a try: it is counted on disk before anything is done with the PIN.
    pub(crate) fn begin_try(
        &mut self,
        person: PersonId,
        secret: Secret,
        purpose: Purpose,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let Some(record) = self.people.get(&person) else {
            self.tell_not_unlocked(person, UnlockProblem::Unknown, outputs);
            return None;
        };
        if let Some(closed) = record.closed {
            self.tell_not_unlocked(person, closed.into(), outputs);
            return None;
        }
        let mut record = KeyringRecord {
            lease: record.lease.looked_at(context.now),
            ..record.clone()
        };
        let counted = record.tries.counted();
        let closed = if record.lease.is_over(context.now) {
            Some(Closed::LeaseOver)
        } else if counted.is_none() {
            Some(Closed::TriesUsedUp)
        } else {
            None
        };
        if let Some(closed) = closed {
            return Some(self.closing(record, closed));
        }
        let job = Job::TrySecret {
            person,
            secret,
            purpose,
        };
        if faults::is_planted("tries_counted_after_the_check") {
            self.jobs.push_front(job);
            return None;
        }
        record.tries = counted.unwrap_or_default();
        Some(Staged {
            keyrings: vec![record],
            is_strict: true,
            then: Some(job),
            on_failure: Some(Notice::NotUnlocked {
                person,
                problem: UnlockProblem::Storage,
                tries_left: 0,
            }),
            ..Staged::default()
        })
    }

    /// Deletes what a PIN opens.
    fn closing(&self, mut record: KeyringRecord, closed: Closed) -> Staged {
        record.close(closed);
        let notice = Notice::NotUnlocked {
            person: record.person,
            problem: closed.into(),
            tries_left: 0,
        };
        Staged {
            keyrings: vec![record],
            is_strict: true,
            notices: vec![notice],
            ..Staged::default()
        }
    }

    fn tell_not_unlocked(&self, person: PersonId, problem: UnlockProblem, outputs: &mut Outputs) {
        let record = self.people.get(&person);
        outputs.notices.push(Notice::NotUnlocked {
            person,
            problem,
            tries_left: record.map_or(0, |record| record.tries.left()),
        });
    }

    /// Tries a PIN whose try was counted.
    pub(crate) fn try_secret(
        &mut self,
        person: PersonId,
        secret: &Secret,
        purpose: Purpose,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let mut record = self.people.get(&person)?.clone();
        let device_secret = self.device_secret.clone();
        let key = device_secret.and_then(|device| record.key(secret, &device));
        let Some(key) = key else {
            self.tell_not_unlocked(person, UnlockProblem::Damaged, outputs);
            return None;
        };
        match (record.open(&key), purpose) {
            (Ok(keyring), Purpose::Unlock) => {
                self.begin_opening(OpenKeyring::new(keyring, key), true, outputs);
                None
            }
            (Ok(_), Purpose::Change(secret)) => self.replace_secret(&secret, context, outputs),
            (Err(OpenError::Locked), _) => {
                if record.tries.are_used_up() {
                    return Some(self.closing(record, Closed::TriesUsedUp));
                }
                self.tell_not_unlocked(person, UnlockProblem::Wrong, outputs);
                if faults::is_planted("tries_counted_after_the_check") {
                    record.tries = record.tries.counted().unwrap_or_default();
                    return Some(Staged {
                        keyrings: vec![record],
                        is_strict: true,
                        ..Staged::default()
                    });
                }
                None
            }
            (Err(OpenError::Damaged), _) => {
                self.tell_not_unlocked(person, UnlockProblem::Damaged, outputs);
                None
            }
        }
    }

    /// Opens a keyring with what the screen was told when it was unlocked: the worker had to be
    /// started again.
    pub(crate) fn reopen(
        &mut self,
        person: PersonId,
        key: Key,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
        let is_over = |record: &KeyringRecord| record.lease.is_over(context.now);
        let record = self.people.get(&person).filter(|record| !is_over(record));
        match record.map(|record| record.open(&key)) {
            Some(Ok(keyring)) => self.begin_opening(OpenKeyring::new(keyring, key), false, outputs),
            Some(Err(_)) | None => {
                self.tell_not_unlocked(person, UnlockProblem::Wrong, outputs);
            }
        }
    }

    /// Reads what belongs to the person of a keyring, in the place of the one before.
    pub(crate) fn begin_opening(
        &mut self,
        open: OpenKeyring,
        was_tried: bool,
        outputs: &mut Outputs,
    ) {
        self.close_session();
        outputs.socket = Some(self.connection.stop());
        let mut opening = Opening::default();
        let person = person_prefix(open.person());
        let own = [StoreName::Refused, StoreName::Drafts].map(|store| (store, person.clone()));
        let feeds: Vec<_> = open.keyring.feeds().collect();
        let rows = feeds
            .into_iter()
            .map(|feed| (StoreName::Rows, feed_prefix(feed)));
        for (store, prefix) in own.into_iter().chain(rows) {
            self.ask(&mut opening, store, prefix, outputs);
        }
        self.running = Running::Unlocking {
            opening,
            open: Box::new(open),
            was_tried,
        };
    }

    /// Everything of the person was read: they can work.
    pub(crate) fn finish_unlocking(
        &mut self,
        opening: Opening,
        open: OpenKeyring,
        was_tried: bool,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
        self.renew_actor(context);
        let person = open.person();
        self.identity = Some(open.keyring.identity.clone());
        self.scope = open.keyring.scope.clone();
        self.verified = self.counters.verified.get(&person).copied();
        self.open_rows(&opening, &open);
        let mut unreadable = 0;
        for (key, value) in opening.entries(StoreName::Refused) {
            let opened = open.open_own(StoreName::Refused, key, value);
            match opened.and_then(|bytes| from_bytes::<RefusedRecord>(&bytes)) {
                Ok(record) => drop(self.refused.insert(record.group, record)),
                Err(_) => unreadable += 1,
            }
        }
        let mut drafts: Vec<(String, String)> = Vec::new();
        for (key, value) in opening.entries(StoreName::Drafts) {
            let opened = open.open_own(StoreName::Drafts, key, value);
            let form = key.split_once('/').map(|(_, form)| form.to_owned());
            match (form, opened.and_then(|bytes| from_bytes(&bytes))) {
                (Some(form), Ok(content)) => drafts.push((form, content)),
                _ => unreadable += 1,
            }
        }
        self.unreadable_values += unreadable;
        outputs.notices.push(Notice::Unlocked {
            identity: open.keyring.identity.clone(),
            scope: self.scope.clone(),
            drafts,
            token: open.keyring.token.clone(),
            key: open.key.clone(),
        });
        self.open = Some(open);
        self.open_shelf();
        if let (None, Some(identity)) = (&self.tablet, &self.identity) {
            self.tablet = Some(TabletRecord::of(identity));
        }
        let documents: Vec<_> = self.index.documents().collect();
        for batch in documents.chunks(ROWS_PER_NOTICE) {
            let rows = batch.iter().filter_map(|id| self.index.entry(*id));
            let rows = rows.collect();
            outputs.notices.push(Notice::Rows { rows });
        }
        if was_tried || !self.sealed_before().is_empty() {
            self.jobs.push_front(Job::NoteUnlocked);
        }
        outputs.socket = self.connection.open_now(context.now).or(outputs.socket);
    }

    fn open_rows(&mut self, opening: &Opening, open: &OpenKeyring) {
        let mut damaged = Vec::new();
        let mut latest: BTreeMap<(DocumentId, FeedId), RowRecord> = BTreeMap::new();
        for (key, value) in opening.entries(StoreName::Rows) {
            let feed = feed_of_key(key);
            feed.into_iter().for_each(|feed| self.index.note_feed(feed));
            // The keyring holds the feed's keys: one that it does not know is damage as well.
            let opened = feed.ok_or(OpenError::Damaged).and_then(|feed| {
                let bytes = open.open(feed, StoreName::Rows, key, value)?;
                row_page::unpack(&bytes)
            });
            match opened {
                Ok(page) => {
                    self.stored_rows += page.len();
                    for record in page {
                        self.counters.revision = self.counters.revision.max(record.revision);
                        let place = (record.document.id, record.feed);
                        let known = latest.get(&place);
                        if known.is_none_or(|known| known.revision < record.revision) {
                            latest.insert(place, record);
                        }
                    }
                }
                Err(_) => damaged.push(key.clone()),
            }
        }
        let mut latest: Vec<RowRecord> = latest.into_values().collect();
        latest.sort_by_key(|record| (record.document.id, self.standing(record)));
        // The last one of each document counts.
        for record in latest {
            self.index.settle_row(record);
        }
        self.missing_rows = damaged.len();
        // A damaged row is fetched again when the fingerprints are found to differ.
        if !damaged.is_empty() {
            self.jobs.push_front(Job::ForgetRows { keys: damaged });
        }
    }

    /// How much a record of a document counts beside one of another book. Sessions of different
    /// people may have left both, each of whom saw one of the books and took what came in it: the
    /// document is where the book that was read further in the log says.
    fn standing(&self, record: &RowRecord) -> (bool, bool, u64, u64) {
        let is_here = record.row.is_some();
        let place = self.cursors.of(record.store, record.feed);
        (is_here, !record.is_leaving, place.seq, record.revision)
    }

    /// Opens what waits in the outbox, as far as this person may read it.
    fn open_shelf(&mut self) {
        let Some(open) = &self.open else { return };
        let own = open.person();
        let mut answered = Vec::new();
        for row in self.shelf.values() {
            match open.open_outbox(row) {
                Ok(record) => {
                    answered.extend(
                        record
                            .header
                            .answer
                            .is_some()
                            .then_some(record.header.device_seq),
                    );
                    self.index.put_outbox(record);
                }
                // Damage inside of a row whose envelope is whole: what it did is in the card.
                Err(_) if row.header.person == own => self.unreadable_values += 1,
                Err(_) => {}
            }
        }
        if !answered.is_empty() {
            self.jobs.push_front(Job::WorkOffAnswers);
        }
        // The change itself is in its document, as one that neither waits nor is at the store.
        // Writing the documents anew finds it, and the comparison with the store offers it again.
        if self.own_damaged_outbox().next().is_some() {
            self.index.untidy_all();
        }
        // A card that the store does not have yet comes from nowhere else than from here.
        let waiting = self.index.outbox().values();
        let waiting = waiting.map(|record| record.body.document.id);
        let mut lost: Vec<_> = waiting
            .filter(|id| self.missing_rows > 0 && self.index.record(*id).is_none())
            .collect();
        lost.sort_unstable();
        lost.dedup();
        self.jobs.extend(lost.into_iter().map(Job::Rewrite));
    }

    /// Own work that was sealed before the server gave out another delivery key.
    fn sealed_before(&self) -> Vec<OutboxRecord> {
        let Some(open) = &self.open else {
            return Vec::new();
        };
        let newest = open.keyring.delivery_keys().first().map(Key::id);
        let is_old = |record: &&OutboxRecord| {
            let work = self
                .shelf
                .get(&record.header.device_seq)
                .map(|row| &row.work);
            record.header.answer.is_none()
                && record.header.person == open.person()
                && work.and_then(|work| key_of(work).ok()) != newest
        };
        let rows = self.index.outbox().values();
        rows.filter(is_old).cloned().collect()
    }

    /// The PIN was right: the tries begin anew.
    pub(crate) fn note_unlocked(&self, context: &Context<'_>) -> Option<Staged> {
        let record = self.people.get(&self.open.as_ref()?.person())?;
        let record = KeyringRecord {
            tries: Default::default(),
            lease: record.lease.looked_at(context.now),
            ..record.clone()
        };
        Some(Staged {
            keyrings: vec![record],
            outbox: self.sealed_before(),
            // Should it have been damaged, it is known again.
            tablet: self.tablet.clone(),
            is_strict: true,
            ..Staged::default()
        })
    }

    /// Locks the tablet: nothing of the person stays in memory.
    pub(crate) fn lock(&mut self, context: &mut Context<'_>, outputs: &mut Outputs) {
        if self.open.is_none() {
            return;
        }
        self.close_session();
        self.renew_actor(context);
        outputs.notices.push(Notice::Locked);
        outputs.socket = Some(self.connection.stop());
        self.deliver_locked(context, outputs);
    }

    /// A locked tablet speaks with the store as well: what waits is delivered.
    pub(crate) fn deliver_locked(&mut self, context: &Context<'_>, outputs: &mut Outputs) {
        if self.tablet.is_some() {
            outputs.socket = self.connection.open_now(context.now).or(outputs.socket);
        }
    }

    /// Forgets everything that a keyring opened.
    pub(crate) fn close_session(&mut self) {
        self.forget_conversation();
        self.jobs
            .retain(|job| matches!(job, Job::Request(_)) || job.is_of_the_tablet());
        self.open = None;
        self.identity = None;
        self.scope = Scope::default();
        self.index = Index::default();
        self.refused = BTreeMap::new();
        self.documents.clear();
        self.recently_used.clear();
        self.shown.clear();
        self.shown_histories.clear();
        self.owed_cards.clear();
        self.owed_histories.clear();
        self.healing.clear();
        self.checks.clear();
        self.pending.clear();
        self.finished.clear();
        self.verified = None;
        self.is_verified_now = false;
        self.received_cards = 0;
        self.unreadable_values = 0;
        self.stored_rows = 0;
        self.missing_rows = 0;
        self.keeps_damaged_outbox = false;
    }
}
