//! The engine itself: inputs, outputs, the queue of jobs, and what memory holds.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::access::{Identity, Scope};
use crate::device::aside::Watcher;
use crate::device::cursors::Cursors;
use crate::device::history::HISTORY_PAUSE_MILLIS;
use crate::device::index::Index;
pub(crate) use crate::device::job::{Job, Opened, Running};
use crate::device::message::{Connection as ConnectionStatus, Notice, PersonHere, Request, Status};
use crate::device::opening::Opening;
use crate::device::owed::Owed;
use crate::device::record::{
    Counters, Home, RefusedRecord, StoredOutbox, TabletRecord, chunk_prefix,
};
use crate::device::sealing::OpenKeyring;
use crate::device::staged::Staged;
use crate::device::storage::{OperationId, Read, StorageError, StoreName, Transaction};
use crate::device::telling::CARD_PAUSE_MILLIS;
use crate::device::verify::Check;
use crate::faults;
use crate::id::{DocumentId, FeedId, GroupId, PersonId, Randomness, StoreId};
use crate::sync::chain::Cursor;
use crate::sync::codec::Message;
use crate::sync::connection::{Connection, SocketAction};
use crate::sync::message::{ClientMessage, Confirmed, StorageFacts};
use crate::time::Timestamp;
use crate::vault::key::Key;
use crate::vault::keyring::{Cost, KeyringRecord};

/// A store that could not be read at the start is read again after this time, in milliseconds.
pub(crate) const READ_AGAIN_MILLIS: i64 = 1_000;
/// Documents that are kept open after use.
pub(crate) const OPEN_DOCUMENTS_MAX: usize = 24;

/// What happens to the engine.
#[derive(Debug)]
pub enum Input {
    /// The host is ready: the storage may be read.
    Start,
    /// The screen asks for something.
    Request(Request),
    /// A read has ended: the entries found, in the order of their keys.
    ReadDone(OperationId, Result<Vec<(String, Vec<u8>)>, StorageError>),
    /// A transaction is complete (by its durability), or nothing of it was written.
    TransactionDone(OperationId, Result<(), StorageError>),
    /// The socket is open.
    Connected,
    /// A message arrived.
    Received(Vec<u8>),
    /// The socket is closed or could not be opened.
    Disconnected,
    /// The time of [`Device::wake_at`] has come.
    Wake,
}

/// What the host has to do, each list in its order.
#[derive(Debug, Default)]
pub struct Outputs {
    /// Reads to begin.
    pub reads: Vec<Read>,
    /// A transaction to begin.
    pub transaction: Option<Transaction>,
    /// What to do with the socket, before sending.
    pub socket: Option<SocketAction>,
    /// Messages to send.
    pub send: Vec<Vec<u8>>,
    /// What to tell the screen.
    pub notices: Vec<Notice>,
}

/// The time and randomness of one step.
pub(crate) struct Context<'a> {
    pub now: Timestamp,
    pub randomness: &'a mut dyn Randomness,
}

/// The document engine of a tablet.
pub struct Device {
    pub(crate) running: Running,
    pub(crate) jobs: VecDeque<Job>,
    pub(crate) last_operation: OperationId,
    pub(crate) actor: [u8; 16],
    /// What deriving a key from a PIN costs from now on.
    pub(crate) cost: Cost,
    /// Which tablet this is.
    pub(crate) tablet: Option<TabletRecord>,
    /// What makes a keyring useless away from this tablet.
    pub(crate) device_secret: Option<Key>,
    /// Who has a keyring here.
    pub(crate) people: BTreeMap<PersonId, KeyringRecord>,
    /// What the screen was told of them; nothing before the start.
    pub(crate) told_people: Option<Vec<PersonHere>>,
    /// The keyring that is open.
    pub(crate) open: Option<OpenKeyring>,
    /// The whole outbox as it is stored, whoever may read it.
    pub(crate) shelf: BTreeMap<u64, StoredOutbox>,
    /// What the last rescue file holds: its author may leave although it was not sent.
    pub(crate) rescued: BTreeSet<u64>,
    /// Values in the clear that can't be read.
    pub(crate) unreadable_clear: usize,
    pub(crate) identity: Option<Identity>,
    /// What the browser told about the storage.
    pub(crate) storage_facts: Option<StorageFacts>,
    /// Whether this conversation began with the word that the tablet is given up.
    pub(crate) is_retiring: bool,
    /// The waiting changes that were reported last on this connection.
    pub(crate) reported: Option<u32>,
    pub(crate) scope: Scope,
    pub(crate) counters: Counters,
    pub(crate) index: Index,
    pub(crate) refused: BTreeMap<GroupId, RefusedRecord>,
    pub(crate) cursors: Cursors,
    pub(crate) documents: BTreeMap<DocumentId, Opened>,
    pub(crate) recently_used: VecDeque<DocumentId>,
    pub(crate) shown: BTreeSet<DocumentId>,
    /// Cards of which the history is on the screen as well.
    pub(crate) shown_histories: BTreeSet<DocumentId>,
    /// Cards that are to be told anew: whoever saved one sees first that it is saved.
    pub(crate) owed_cards: Owed<CARD_PAUSE_MILLIS>,
    /// Histories that are to be told: to put one together takes long, and nobody waits for
    /// it to see a card or that something is saved.
    pub(crate) owed_histories: Owed<HISTORY_PAUSE_MILLIS>,
    /// Documents that wait for a whole copy from the store.
    pub(crate) healing: BTreeSet<DocumentId>,
    /// Documents that this program trapped on, and how often.
    pub(crate) aside: BTreeMap<DocumentId, u32>,
    pub(crate) watcher: Option<Watcher>,
    pub(crate) connection: Connection,
    /// When both sides last were found to hold the same, with nothing waiting here.
    pub(crate) verified: Option<Timestamp>,
    /// Whether that is said of what is here now.
    pub(crate) is_verified_now: bool,
    /// How far this tablet and the server have compared what they hold, on this connection.
    pub(crate) checks: BTreeMap<StoreId, Check>,
    /// Feeds whose last frame is awaited, with the documents that are still to come: those of a
    /// group stand with its first feed.
    pub(crate) pending: BTreeMap<FeedId, u32>,
    /// Feeds whose last frame arrived on this connection.
    pub(crate) finished: BTreeSet<FeedId>,
    /// Feeds out of scope of which it is known whether the server lacks something, on this
    /// connection.
    pub(crate) judged_feeds: BTreeSet<FeedId>,
    /// Whether something came that the server has not been told is known here, because something
    /// waited that was written before.
    pub(crate) owes_knowledge: bool,
    /// The number of the last frame of this conversation.
    pub(crate) frames: u32,
    pub(crate) received_cards: u32,
    pub(crate) unreadable_values: usize,
    /// Keys of outbox rows that can't be read.
    pub(crate) damaged_outbox: Vec<String>,
    /// Whether they have to stay, because a document could not be searched for their changes.
    pub(crate) keeps_damaged_outbox: bool,
    /// Rows in the storage, those included that later ones replaced.
    pub(crate) stored_rows: usize,
    /// Damaged rows whose cards the store has not sent again yet.
    pub(crate) missing_rows: usize,
    pub(crate) storage_problem: Option<String>,
    /// When the storage is tried again that failed.
    pub(crate) try_storage_at: Option<Timestamp>,
    pub(crate) told_status: Status,
    /// When the stores that could not be read at the start are read again.
    pub(crate) read_again_at: Option<Timestamp>,
}

impl Device {
    /// A new engine that has read nothing yet.
    pub fn new() -> Self {
        Self {
            // What is asked before the start waits for it.
            running: Running::Opening(Opening::default()),
            jobs: VecDeque::new(),
            last_operation: 0,
            actor: [0; 16],
            cost: Cost::TABLET,
            tablet: None,
            device_secret: None,
            people: BTreeMap::new(),
            told_people: None,
            open: None,
            shelf: BTreeMap::new(),
            rescued: BTreeSet::new(),
            unreadable_clear: 0,
            identity: None,
            storage_facts: None,
            is_retiring: false,
            reported: None,
            scope: Scope::default(),
            counters: Counters::default(),
            index: Index::default(),
            refused: BTreeMap::new(),
            cursors: Cursors::default(),
            documents: BTreeMap::new(),
            recently_used: VecDeque::new(),
            shown: BTreeSet::new(),
            shown_histories: BTreeSet::new(),
            owed_cards: Owed::default(),
            owed_histories: Owed::default(),
            healing: BTreeSet::new(),
            aside: BTreeMap::new(),
            watcher: None,
            connection: Connection::default(),
            verified: None,
            is_verified_now: false,
            checks: BTreeMap::new(),
            pending: BTreeMap::new(),
            finished: BTreeSet::new(),
            judged_feeds: BTreeSet::new(),
            owes_knowledge: false,
            frames: 0,
            received_cards: 0,
            unreadable_values: 0,
            damaged_outbox: Vec::new(),
            keeps_damaged_outbox: false,
            stored_rows: 0,
            missing_rows: 0,
            storage_problem: None,
            try_storage_at: None,
            told_status: Status::default(),
            read_again_at: None,
        }
    }

    /// The same engine, in which deriving a key from a PIN costs so much.
    #[must_use]
    pub fn with_cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// Takes an input and says what to do.
    pub fn handle(
        &mut self,
        input: Input,
        now: Timestamp,
        randomness: &mut dyn Randomness,
    ) -> Outputs {
        let mut context = Context { now, randomness };
        let mut outputs = Outputs::default();
        self.connection.notice_clock(now);
        self.notice_clock(now);
        match input {
            Input::Start => self.start(&mut context, &mut outputs),
            Input::Request(Request::ConnectNow) => {
                if self.tablet.is_some() {
                    outputs.socket = self.connection.open_now(now);
                }
            }
            Input::Request(request) => self.jobs.push_back(Job::Request(request)),
            Input::ReadDone(id, result) => self.read_done(id, result, &mut context, &mut outputs),
            Input::TransactionDone(id, result) => {
                self.transaction_done(id, result, &mut context, &mut outputs);
            }
            Input::Connected => self.connected(&context, &mut outputs),
            Input::Received(bytes) => self.received(&bytes, &mut context, &mut outputs),
            Input::Disconnected => {
                self.forget_conversation();
                self.connection.lost(now, context.randomness);
            }
            Input::Wake => {
                self.tell_cards(now, &mut outputs);
                self.tell_histories(now, &mut outputs);
                self.read_again(now, &mut outputs);
                self.try_storage(now);
                let (socket, message) = self.connection.wake(now, context.randomness);
                if matches!(socket, Some(SocketAction::Close)) {
                    // What a silent store was asked is asked anew.
                    self.forget_conversation();
                }
                outputs.socket = socket.or(outputs.socket);
                outputs.send.extend(message.map(|message| message.encode()));
            }
        }
        self.advance(&mut context, &mut outputs);
        self.push(&mut outputs);
        self.report(now, &mut outputs);
        self.tell_knowledge(&mut outputs);
        self.compare(&context, &mut outputs);
        self.advance(&mut context, &mut outputs);
        // Last, so that putting in order never keeps anything else waiting.
        let tidying = self.leaving().or_else(|| self.next_departing());
        let tidying = tidying.or_else(|| self.tidying());
        let is_tidied = tidying.is_some();
        self.jobs.extend(tidying);
        self.look_at_leases(now);
        self.advance(&mut context, &mut outputs);
        if is_tidied {
            // What leaves may be ready to be offered by now.
            self.compare(&context, &mut outputs);
        }
        self.owed_cards.set_due(now);
        self.owed_histories.set_due(now);
        self.tell_people(now, &mut outputs);
        self.tell_status(&mut outputs);
        self.works_on(None);
        outputs
    }

    /// When [`Input::Wake`] is wanted next.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let times = [
            self.connection.wake_at(),
            self.read_again_at,
            self.try_storage_at,
            self.owed_cards.due_at(),
            self.owed_histories.due_at(),
            self.leases_wake_at(),
        ];
        times.into_iter().flatten().min()
    }

    /// Where the tablet stands in the logs of the feeds' stores; for tests and tools.
    pub fn cursors(&self) -> BTreeMap<FeedId, Cursor> {
        let places = self.cursors.places();
        places.map(|(_, feed, cursor)| (feed, cursor)).collect()
    }

    /// Version of the scope on this tablet; 0 before the first one arrived.
    pub const fn scope_version(&self) -> u64 {
        self.scope.version
    }

    /// Who is unlocked.
    pub fn person(&self) -> Option<PersonId> {
        self.identity.as_ref().map(|identity| identity.person)
    }

    /// The documents on this tablet; for tests and tools.
    pub fn document_ids(&self) -> Vec<DocumentId> {
        self.index.documents().collect()
    }

    /// Whether no job is running or waiting.
    pub(crate) fn is_at_rest(&self) -> bool {
        matches!(self.running, Running::Nothing) && self.jobs.is_empty()
    }

    pub(crate) fn next_operation(&mut self) -> OperationId {
        self.last_operation += 1;
        self.last_operation
    }

    /// Draws a fresh actor: at the start, at a change of user, and after a refusal.
    pub(crate) fn renew_actor(&mut self, context: &mut Context<'_>) {
        context.randomness.fill(&mut self.actor);
        self.documents.clear();
        self.recently_used.clear();
    }

    fn start(&mut self, context: &mut Context<'_>, outputs: &mut Outputs) {
        self.renew_actor(context);
        let mut opening = Opening::default();
        for store in Opening::STORES {
            self.ask(&mut opening, store, String::new(), outputs);
        }
        self.running = Running::Opening(opening);
    }

    fn read_done(
        &mut self,
        id: OperationId,
        result: Result<Vec<(String, Vec<u8>)>, StorageError>,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) {
        match std::mem::replace(&mut self.running, Running::Nothing) {
            Running::Opening(mut opening) => {
                if self.has_read(&mut opening, id, result, context.now) {
                    self.finish_opening(&opening, context, outputs);
                } else {
                    self.running = Running::Opening(opening);
                }
            }
            Running::Unlocking {
                mut opening,
                open,
                was_tried,
            } => {
                if self.has_read(&mut opening, id, result, context.now) {
                    self.finish_unlocking(opening, *open, was_tried, context, outputs);
                } else {
                    self.running = Running::Unlocking {
                        opening,
                        open,
                        was_tried,
                    };
                }
            }
            Running::Reading { job, mut wanted } => {
                if let Some(document) = wanted.remove(&id) {
                    let opened = match result {
                        Ok(entries) => self.open_document(document, entries),
                        Err(error) => {
                            self.storage_failed(&error, context.now);
                            Opened::Unreadable {
                                reason: error.code,
                                is_passing: true,
                                salvage: Vec::new(),
                            }
                        }
                    };
                    self.documents.insert(document, opened);
                    self.works_on(None);
                }
                if wanted.is_empty() {
                    self.execute(job, context, outputs);
                } else {
                    self.running = Running::Reading { job, wanted };
                }
            }
            Running::Counting(expected) if expected == id => match result {
                Ok(entries) => {
                    let refused = self.count_refused(&entries);
                    self.jobs.push_front(Job::Reset { refused });
                }
                Err(error) => self.storage_failed(&error, context.now),
            },
            other @ (Running::Nothing | Running::Counting(_) | Running::Writing { .. }) => {
                self.running = other;
            }
        }
    }

    /// Takes a part of what is read whole; answers whether that was the last one.
    fn has_read(
        &mut self,
        opening: &mut Opening,
        id: OperationId,
        result: Result<Vec<(String, Vec<u8>)>, StorageError>,
        now: Timestamp,
    ) -> bool {
        match result {
            Ok(entries) => opening.take(id, entries),
            Err(error) => {
                self.storage_failed(&error, now);
                opening.fail(id);
            }
        }
        let is_complete = opening.is_complete();
        if is_complete {
            self.storage_works();
        }
        let again = now.plus_millis(READ_AGAIN_MILLIS);
        self.read_again_at = opening.has_failed().then_some(again);
        is_complete
    }

    /// Begins the next job if none is running.
    fn advance(&mut self, context: &mut Context<'_>, outputs: &mut Outputs) {
        while matches!(self.running, Running::Nothing) {
            let Some(job) = self.jobs.pop_front() else {
                break;
            };
            let missing: Vec<Home> = self
                .documents_needed(&job)
                .into_iter()
                .filter(|document| self.is_to_be_read(*document))
                .filter_map(|document| self.home_of(document))
                .collect();
            if missing.is_empty() {
                self.execute(job, context, outputs);
                continue;
            }
            let mut wanted = BTreeMap::new();
            for home in missing {
                let id = self.next_operation();
                wanted.insert(id, home.document);
                let prefix = chunk_prefix(home);
                outputs.reads.push(Read {
                    id,
                    store: StoreName::Chunks,
                    prefix,
                });
            }
            self.running = Running::Reading { job, wanted };
        }
    }

    fn execute(&mut self, job: Job, context: &mut Context<'_>, outputs: &mut Outputs) {
        let staged = match job {
            Job::Request(request) => self.execute_request(request, context, outputs),
            Job::Reset { refused } => self.reset(refused, outputs),
            Job::Welcome(welcome) => self.execute_welcome(*welcome, context, outputs),
            Job::Frame(frame) => self.execute_frame(frame, context, outputs),
            Job::Ack(ack) => {
                self.note_acknowledged(&ack);
                self.execute_ack(&ack)
            }
            Job::Refused(refused) => self.execute_refused(&refused, context, outputs),
            Job::Rewind(rewind) => self.execute_rewind(&rewind),
            Job::Compared(compared) => self.execute_compared(&compared),
            Job::Fetched(fetched) => self.execute_fetched(fetched, context),
            Job::ForgetRows { keys } => Some(Staged {
                removed_rows: keys,
                ..Staged::default()
            }),
            Job::TrySecret {
                person,
                secret,
                purpose,
            } => self.try_secret(person, &secret, purpose, context, outputs),
            Job::Open(open) => {
                self.begin_opening(*open, false, outputs);
                None
            }
            Job::NoteUnlocked => self.note_unlocked(context),
            Job::NoteLeases => self.note_leases(context.now),
            Job::WorkOffAnswers => {
                self.work_off_answers();
                None
            }
            Job::NotedAck(ack) => {
                if faults::is_planted("noted_answer_of_this_conversation") {
                    self.note_acknowledged(&ack);
                }
                self.execute_ack(&ack)
            }
            Job::NotedRefused(refused) => {
                let staged = self.execute_refused(&refused, context, outputs);
                if staged.is_none() {
                    self.forget_answer(refused.device_seq);
                }
                staged
            }
            Job::Erase => self.erase(context.now, outputs),
            Job::Rewrite(document) => self.rewrite(document),
            Job::BringBack(document) => self.execute_bring_back(document),
            Job::LetGo(document) => self.execute_let_go(document),
            Job::RemoveFeeds => self.remove_feeds(),
            Job::EmptyLost => self.empty_lost(),
            Job::PackRows => self.pack_rows(),
            Job::ForgetOutbox => Some(Staged {
                removed_outbox_keys: self.own_damaged_outbox().cloned().collect(),
                ..Staged::default()
            }),
            Job::NoteAside => Some(self.note_aside()),
            Job::TryStorage => Some(self.probe()),
            Job::NoteVerified => self.note_verified_time(),
        };
        self.works_on(None);
        let Some(mut staged) = staged else { return };
        self.settle_receipts(&mut staged);
        let prepared = self.prepare(&mut staged, context);
        let writes = prepared.and_then(|()| self.writes_of(&staged, context.randomness));
        let writes = match writes {
            Ok(writes) => writes,
            Err(error) => return self.abandon(staged, error, context, outputs),
        };
        if writes.is_empty() {
            self.commit(staged, context, outputs);
            return;
        }
        let id = self.next_operation();
        outputs.transaction = Some(Transaction {
            id,
            writes,
            durability: staged.durability(),
        });
        if faults::is_planted("saved_before_disk") {
            outputs.notices.append(&mut staged.notices.clone());
        }
        if faults::is_planted("confirmed_before_disk")
            && let Some(positions) = staged.confirmed.clone()
        {
            let message = ClientMessage::CursorConfirmed(Confirmed {
                frames: 1,
                scope_version: self.scope.version,
                positions,
            });
            outputs.send.push(message.encode());
        }
        self.running = Running::Writing {
            id,
            staged: Box::new(staged),
        };
    }

    /// Whether everything is at the store and everything from the store is here, as compared.
    pub fn is_in_sync(&self) -> bool {
        matches!(
            self.connection.status(),
            ConnectionStatus::Online { caught_up: true }
        ) && self.is_verified()
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}
