//! Comparing with the store, and mending what differs.
//!
//! With the last frame the server states a fingerprint of what it holds. Where it is not that of
//! what is here, the difference is narrowed down to documents, which are fetched whole and merged.
//! What this tablet once sent and the store does not have any more (it was restored from a backup)
//! goes back into the outbox. Only what was found equal is called in sync.

use std::collections::{BTreeMap, BTreeSet};

use crate::device::engine::{Context, Device, Job, Opened, Outputs};
use crate::device::record::{Counters, OutboxBody, OutboxHeader, OutboxRecord};
use crate::device::staged::Staged;
use crate::device::vouching::Offers;
use crate::document::author::ChangeAuthor;
use crate::document::{Document, DocumentKind};
use crate::faults;
use crate::id::{DocumentId, FeedId, GroupId, StoreId};
use crate::sync::chain::{ChangeHash, Cursor};
use crate::sync::codec::Message;
use crate::sync::fingerprint::{Fingerprint, bucket};
use crate::sync::message::{
    Ack, AckEntry, CAN_INFLATE, ClientMessage, Compare, Compared, FeedState, Fetch, Fetched,
    FrameItem, Offer, Rewind,
};
use crate::sync::scanner::scan_change;

/// Documents that are asked for at once.
const FETCH_DOCUMENTS: usize = 50;
/// A note of when both sides were found equal is written again after this time, in milliseconds.
const VERIFIED_PAUSE_MILLIS: i64 = 60_000;

/// How far a tablet and the server have compared what they hold of one store.
#[derive(Debug, Default)]
pub(crate) struct Check {
    /// What the server holds of which feeds, as the last frames of each said.
    stated: Vec<Stated>,
    /// The last place in the log at which a change of this tablet was acknowledged.
    acknowledged: u64,
    question: Option<Question>,
    /// Documents to ask for.
    wanted: BTreeSet<DocumentId>,
    /// The difference that was asked about already. What is left of it then is known to both
    /// sides: entries that another tablet has to bring again.
    asked: Option<Fingerprint>,
    /// Documents that still differed when they were compared last.
    differing: BTreeSet<DocumentId>,
    /// What the server lacks and receipts vouch for.
    pub(crate) offers: Offers,
    /// Documents that leave and were offered, or are about to be.
    pub(crate) departing: BTreeSet<DocumentId>,
    /// Those of them that the server has answered.
    pub(crate) departed: BTreeSet<DocumentId>,
}

impl Check {
    /// The server has answered an offer.
    pub(crate) fn offer_answered(&mut self) {
        if matches!(self.question, Some(Question::Offer)) {
            self.question = None;
        }
    }
}

/// What the server holds of some feeds at a place in the log.
#[derive(Debug)]
struct Stated {
    feeds: BTreeSet<FeedId>,
    cursor: Cursor,
    fingerprint: Fingerprint,
}

/// What the server was asked and has not answered.
#[derive(Debug)]
enum Question {
    Compare,
    Fetch(BTreeSet<DocumentId>),
    Offer,
}

impl Device {
    /// Has a document fetched whole.
    pub(crate) fn want(&mut self, store: StoreId, document: DocumentId) {
        let check = self.checks.entry(store).or_default();
        let is_asked =
            matches!(&check.question, Some(Question::Fetch(asked)) if asked.contains(&document));
        if !is_asked {
            check.wanted.insert(document);
        }
    }

    /// Has the documents fetched that could not be read before there was a connection.
    pub(crate) fn want_healing(&mut self) {
        let curable = self.curable_aside().into_iter();
        let damaged = self.healing.iter().copied().chain(curable);
        for id in damaged.collect::<Vec<_>>() {
            if let Some(store) = self.index.row(id).map(|record| record.store) {
                self.want(store, id);
            }
        }
    }

    /// What the server said with a frame of some feeds.
    pub(crate) fn note_stated(
        &mut self,
        store: StoreId,
        feeds: &BTreeSet<FeedId>,
        cursor: Cursor,
        stated: Option<Fingerprint>,
    ) {
        self.is_verified_now = false;
        let check = self.checks.entry(store).or_default();
        check
            .stated
            .retain(|stated| stated.feeds.is_disjoint(feeds));
        check.stated.extend(stated.map(|fingerprint| Stated {
            feeds: feeds.clone(),
            cursor,
            fingerprint,
        }));
    }

    /// The scope changes: what was stated and asked is of feeds that may be others now.
    pub(crate) fn forget_stated(&mut self) {
        self.is_verified_now = false;
        for check in self.checks.values_mut() {
            *check = Check {
                acknowledged: check.acknowledged,
                ..Check::default()
            };
        }
    }

    /// Changes of this tablet have their places in the log of their store. (Those of an answer that
    /// was noted earlier are not of this conversation: the log may have been restored since.)
    pub(crate) fn note_acknowledged(&mut self, ack: &Ack) {
        self.is_verified_now = false;
        for AckEntry { device_seq, seq } in &ack.entries {
            let waiting = self.index.outbox().get(device_seq);
            let row = waiting.and_then(|waiting| self.index.row(waiting.body.document.id));
            if let Some(store) = row.map(|row| row.store) {
                let check = self.checks.entry(store).or_default();
                check.acknowledged = check.acknowledged.max(*seq);
            }
        }
    }

    /// Whether this store was found equal as it is now.
    fn is_equal(&self, store: StoreId) -> bool {
        let feeds = self.scope.feeds_of(store);
        let is_equal = |stated| stated == self.index.fingerprint(&feeds);
        feeds.is_empty() || self.stated(store, &feeds).is_some_and(is_equal)
    }

    /// What the server holds of all feeds of a store, if that can be compared with what is here:
    /// all of them stand at one place, which is where it was stated, and no change of this tablet
    /// stands behind it. (A document that moves is between two feeds that stand apart.)
    fn stated(&self, store: StoreId, feeds: &BTreeSet<FeedId>) -> Option<Fingerprint> {
        let check = self.checks.get(&store)?;
        let here = self.cursors.common(store, feeds)?;
        let mut sum = Fingerprint::EMPTY;
        let mut covered = 0;
        for stated in &check.stated {
            if stated.cursor != here || !stated.feeds.is_subset(feeds) {
                return None;
            }
            covered += stated.feeds.len();
            sum.toggle(stated.fingerprint);
        }
        (covered == feeds.len() && here.seq >= check.acknowledged).then_some(sum)
    }

    /// Whether everything here and at the store was compared and is equal.
    pub(crate) fn is_verified(&self) -> bool {
        let mut stores = self.scope.stores.iter();
        self.unsent() == 0 && stores.all(|store| self.is_equal(store.id))
    }

    /// Documents that differ from the store's copy although both sides told what they have.
    pub(crate) fn differing(&self) -> usize {
        // While questions are open, what differs is being mended.
        let settled = self.checks.values().filter(|check| {
            check.question.is_none() && check.wanted.is_empty() && check.offers.is_empty()
        });
        settled.map(|check| check.differing.len()).sum()
    }

    /// Compares what can be compared, and asks about what differs.
    pub(crate) fn compare(&mut self, context: &Context<'_>, outputs: &mut Outputs) {
        if !self.connection.is_online() || !self.is_at_rest() {
            return;
        }
        let stores: Vec<StoreId> = self.scope.stores.iter().map(|store| store.id).collect();
        for store in stores {
            let message = self.next_question(store);
            let message = message.map(|message| message.encode_for(CAN_INFLATE));
            outputs.send.extend(message);
        }
        let is_verified = self.is_verified();
        let was_verified = std::mem::replace(&mut self.is_verified_now, is_verified);
        if self.is_verified_now && !was_verified {
            self.missing_rows = 0;
            self.note_verified(context);
        }
    }

    fn note_verified(&mut self, context: &Context<'_>) {
        self.verified = Some(context.now);
        let last = self
            .person()
            .and_then(|person| self.counters.verified.get(&person));
        let is_old = last.is_none_or(|last| {
            let passed = context.now.as_millis().saturating_sub(last.as_millis());
            !(0..VERIFIED_PAUSE_MILLIS).contains(&passed)
        });
        if is_old || self.is_restore_over() {
            self.jobs.push_back(Job::NoteVerified);
        }
    }

    /// Keeps when both sides were found equal, for the person whose feeds were compared.
    pub(crate) fn note_verified_time(&self) -> Option<Staged> {
        let mut counters = self.counters.clone();
        counters.verified.insert(self.person()?, self.verified?);
        if self.is_restore_over() {
            counters.rewound.clear();
        }
        Some(Staged {
            counters: Some(counters),
            ..Staged::default()
        })
    }

    fn next_question(&mut self, store: StoreId) -> Option<ClientMessage> {
        let feeds = self.scope.feeds_of(store);
        let ours = self.index.fingerprint(&feeds);
        let stated = self.stated(store, &feeds);
        let is_answered = self.connection.is_answered();
        let is_complete = feeds.is_subset(&self.finished);
        let check = self.checks.get_mut(&store)?;
        if check.question.is_some() {
            return None;
        }
        // Before more is fetched: what is offered is kept in memory until then.
        if let Some(documents) = check.offers.next() {
            check.question = Some(Question::Offer);
            return Some(ClientMessage::Offer(Offer { store, documents }));
        }
        if !check.wanted.is_empty() {
            let asked: BTreeSet<DocumentId> =
                check.wanted.iter().take(FETCH_DOCUMENTS).copied().collect();
            check.wanted.retain(|id| !asked.contains(id));
            let documents = asked.iter().copied().collect();
            check.question = Some(Question::Fetch(asked));
            return Some(ClientMessage::Fetch(Fetch { store, documents }));
        }
        let stated = stated?;
        if ours == stated {
            check.asked = None;
            check.differing.clear();
            return None;
        }
        let difference = ours.difference(stated);
        let is_asked = check.asked == Some(difference);
        if is_asked || !is_answered || !is_complete {
            return None;
        }
        if faults::is_planted("difference_ignored") {
            return None;
        }
        check.asked = Some(difference);
        check.question = Some(Question::Compare);
        let buckets = self.index.buckets(&feeds);
        Some(ClientMessage::Compare(Compare { store, buckets }))
    }

    /// The documents in which both sides differ are asked for.
    pub(crate) fn execute_compared(&mut self, compared: &Compared) -> Option<Staged> {
        let feeds = self.scope.feeds_of(compared.store);
        let check = self.checks.get_mut(&compared.store)?;
        if !matches!(check.question.take(), Some(Question::Compare)) {
            return None;
        }
        let there: BTreeMap<DocumentId, Fingerprint> = compared.documents.iter().copied().collect();
        let digests = self.index.digests(&feeds);
        let here: BTreeMap<DocumentId, Fingerprint> = digests
            .filter(|(id, _)| compared.buckets.contains(&bucket(*id)))
            .collect();
        let all: BTreeSet<DocumentId> = there.keys().chain(here.keys()).copied().collect();
        let differing = all.into_iter().filter(|id| there.get(id) != here.get(id));
        check.differing = differing.collect();
        check.wanted.extend(&check.differing);
        None
    }

    /// Whole documents from the store are merged with what is here.
    pub(crate) fn execute_fetched(
        &mut self,
        fetched: Fetched,
        context: &mut Context<'_>,
    ) -> Option<Staged> {
        let store = fetched.store;
        let check = self.checks.get_mut(&store)?;
        let Some(Question::Fetch(asked)) = check.question.take() else {
            return None;
        };
        let answered: BTreeSet<DocumentId> = fetched
            .items
            .iter()
            .map(|item| item.document.id)
            .chain(fetched.unknown.iter().copied())
            .collect();
        // What did not fit into the answer is asked for again; an answer of nothing ends it.
        if !answered.is_empty() {
            let unanswered = asked.into_iter().filter(|id| !answered.contains(id));
            check.wanted.extend(unanswered);
        }
        let mut counters = self.counters.clone();
        let mut staged = Staged::default();
        for item in &fetched.items {
            self.take_item(item, store, &mut counters, &mut staged);
            if self.is_aside(item.document.id) {
                continue;
            }
            let theirs = Document::load(item.chunks.iter().map(Vec::as_slice));
            if let (FeedState::Here, Ok(theirs)) = (item.state, theirs) {
                if self.is_next(item.document.id, &theirs) {
                    self.offer_waiting(item.document.id);
                }
                self.offer_again(item, &theirs, store, &mut counters, context, &mut staged);
            }
        }
        for id in &fetched.unknown {
            let Some(known) = self.index.row(*id) else {
                continue;
            };
            self.works_on(Some(*id));
            let item = FrameItem {
                document: known.document,
                kind: known.kind,
                feed: known.feed,
                state: FeedState::Here,
                is_whole: true,
                chunks: Vec::new(),
                row: Vec::new(),
                receipt: Vec::new(),
            };
            self.offer_again(
                &item,
                &Document::found(),
                store,
                &mut counters,
                context,
                &mut staged,
            );
        }
        staged.is_strict = !staged.outbox.is_empty();
        staged.counters = (counters != self.counters).then_some(counters);
        // What was held up by what the store did not have may go now.
        let waiting: Vec<u64> = answered
            .iter()
            .flat_map(|id| self.index.waiting_of(*id))
            .map(|record| record.header.device_seq)
            .collect();
        if !staged.outbox.is_empty() || !staged.chunks.is_empty() {
            self.connection.send_again(waiting);
        }
        Some(staged)
    }

    /// What the store does not have any more is offered with its receipt, whoever did it. What no
    /// receipt vouches for goes back into the outbox, if this person did it here.
    fn offer_again(
        &mut self,
        item: &FrameItem,
        theirs: &Document,
        store: StoreId,
        counters: &mut Counters,
        context: &mut Context<'_>,
        staged: &mut Staged,
    ) {
        let id = item.document.id;
        if faults::is_planted("nothing_offered_again") {
            return;
        }
        if faults::is_planted("heads_taken_on_trust") {
            let theirs = theirs.heads_without(&BTreeSet::new());
            let mut rows = staged.rows.iter_mut();
            if let Some(row) = rows.find(|row| row.document.id == id) {
                row.heads = theirs;
            }
            return;
        }
        let mut check = self.checks.remove(&store).unwrap_or_default();
        let brought_back = self.bring_back(id, theirs, &mut check);
        self.checks.insert(store, check);
        let Some(identity) = &self.identity else {
            return;
        };
        let own = ChangeAuthor {
            person: identity.person,
            device: identity.device,
        };
        let Some(Opened::Document(ours)) = self.documents.get(&id) else {
            return;
        };
        if item.kind != DocumentKind::Customer {
            return;
        }
        let mut waiting = self.hashes_waiting(id);
        let mut offered = Vec::new();
        for (hash, author, change) in ours.changes_missing_in(theirs) {
            let is_own = author == Some(own) && !brought_back.contains(&hash);
            if is_own && !waiting.contains(&hash) {
                waiting.insert(hash);
                offered.push(change);
            }
        }
        if offered.is_empty() {
            return;
        }
        let heads = ours.heads_without(&waiting);
        for change in offered {
            counters.device_seq += 1;
            let header = OutboxHeader {
                device_seq: counters.device_seq,
                group: GroupId::new(context.now, context.randomness),
                person: own.person,
                answer: None,
            };
            let body = OutboxBody {
                document: item.document,
                kind: item.kind,
                feed: item.feed,
                change,
                command: None,
                at: context.now,
            };
            staged.outbox.push(OutboxRecord { header, body });
        }
        // The store does not have these: the heads say so.
        let staged_row = staged.rows.iter_mut().find(|row| row.document.id == id);
        if let Some(row) = staged_row {
            row.heads = heads;
        } else if let Some(known) = self.index.row(id) {
            counters.revision += 1;
            let mut row = known.clone();
            row.heads = heads;
            row.revision = counters.revision;
            staged.rows.push(row);
        }
    }

    /// Hashes of a document's changes that wait in the outbox.
    pub(crate) fn hashes_waiting(&self, id: DocumentId) -> BTreeSet<ChangeHash> {
        let waiting = self.index.waiting_of(id);
        let hashes = waiting.filter_map(|record| scan_change(&record.body.change).ok());
        hashes.map(|change| change.hash).collect()
    }

    /// The log of a store goes on for some feeds from an older place.
    pub(crate) fn execute_rewind(&mut self, rewind: &Rewind) -> Option<Staged> {
        let store = rewind.store;
        let feeds = rewind.feeds.feeds(&self.scope, store);
        let strangers = rewind.feeds.strangers(&self.scope, store);
        self.judged_feeds.extend(strangers);
        let mut counters = self.counters.clone();
        let rewound = counters.rewound.entry(store).or_insert(u64::MAX);
        *rewound = rewind.cursor.seq.min(*rewound);
        Some(Staged {
            cursors: vec![self.cursors.rewound(store, &feeds, rewind.cursor)],
            counters: Some(counters),
            ..Staged::default()
        })
    }
}
