//! The engine itself: inputs, outputs, the queue of jobs, and what memory holds.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::access::{Identity, Scope};
use crate::device::index::Index;
use crate::device::message::{Connection as ConnectionStatus, Notice, Progress, Request, Status};
use crate::device::opening::Opening;
use crate::device::record::{Counters, RefusedRecord, chunk_prefix};
use crate::device::staged::Staged;
use crate::device::storage::{self, OperationId, Read, StorageError, StoreName, Transaction};
use crate::document::read::read;
use crate::document::{Document, LoadError};
use crate::faults;
use crate::id::{DocumentId, GroupId, Randomness, StoreId};
use crate::sync::chain::Cursor;
use crate::sync::codec::Message;
use crate::sync::connection::{Connection, SocketAction};
use crate::sync::message::{
    Ack, Bye, ClientMessage, FeedCursor, FeedSelection, Frame, Hello, PROTOCOL_VERSION, Refused,
    ServerMessage, Welcome,
};
use crate::time::Timestamp;
use crate::view::card::CardView;

/// Documents that are kept open after use.
const OPEN_DOCUMENTS_MAX: usize = 24;

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

/// What the engine works on, one at a time.
#[derive(Debug)]
pub(crate) enum Job {
    Request(Request),
    Welcome(Welcome),
    Frame(Frame),
    Ack(Ack),
    Refused(Refused),
    /// Have the store send everything of one store again, to mend a damaged document.
    FetchAgain(StoreId),
}

#[derive(Debug)]
enum Running {
    Nothing,
    Opening(Opening),
    Reading {
        job: Job,
        wanted: BTreeMap<OperationId, DocumentId>,
    },
    Writing {
        id: OperationId,
        staged: Box<Staged>,
    },
}

/// A document in memory, or why it can't be.
#[derive(Debug)]
pub(crate) enum Opened {
    Document(Box<Document>),
    Unreadable {
        reason: String,
        /// The chunks that can still be read.
        salvage: Vec<Vec<u8>>,
    },
}

/// The time and randomness of one step.
pub(crate) struct Context<'a> {
    pub now: Timestamp,
    pub randomness: &'a mut dyn Randomness,
}

/// The document engine of a tablet.
pub struct Device {
    running: Running,
    jobs: VecDeque<Job>,
    last_operation: OperationId,
    pub(crate) actor: [u8; 16],
    pub(crate) identity: Option<Identity>,
    pub(crate) scope: Scope,
    pub(crate) counters: Counters,
    pub(crate) index: Index,
    pub(crate) refused: BTreeMap<GroupId, RefusedRecord>,
    pub(crate) cursors: BTreeMap<StoreId, Cursor>,
    documents: BTreeMap<DocumentId, Opened>,
    recently_used: VecDeque<DocumentId>,
    shown: BTreeSet<DocumentId>,
    /// Documents that wait for a whole copy from the store.
    pub(crate) healing: BTreeSet<DocumentId>,
    pub(crate) connection: Connection,
    pub(crate) pending_stores: BTreeMap<StoreId, u32>,
    pub(crate) received_cards: u32,
    pub(crate) unreadable_values: usize,
    /// Keys of rows that can't be read; they go once the store has sent everything again.
    pub(crate) damaged_rows: BTreeSet<String>,
    storage_problem: Option<String>,
    told_status: Status,
}

impl Device {
    /// A new engine that has read nothing yet.
    pub fn new() -> Self {
        Self {
            running: Running::Nothing,
            jobs: VecDeque::new(),
            last_operation: 0,
            actor: [0; 16],
            identity: None,
            scope: Scope::default(),
            counters: Counters::default(),
            index: Index::default(),
            refused: BTreeMap::new(),
            cursors: BTreeMap::new(),
            documents: BTreeMap::new(),
            recently_used: VecDeque::new(),
            shown: BTreeSet::new(),
            healing: BTreeSet::new(),
            connection: Connection::default(),
            pending_stores: BTreeMap::new(),
            received_cards: 0,
            unreadable_values: 0,
            damaged_rows: BTreeSet::new(),
            storage_problem: None,
            told_status: Status::default(),
        }
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
        match input {
            Input::Start => self.start(&mut context, &mut outputs),
            Input::Request(Request::ConnectNow) => {
                if self.identity.is_some() {
                    outputs.socket = self.connection.open_now(now);
                }
            }
            Input::Request(Request::HideCard { document }) => {
                self.shown.remove(&document);
            }
            Input::Request(request) => self.jobs.push_back(Job::Request(request)),
            Input::ReadDone(id, result) => self.read_done(id, result, &mut context, &mut outputs),
            Input::TransactionDone(id, result) => {
                self.transaction_done(id, result, &mut context, &mut outputs);
            }
            Input::Connected => self.connected(&context, &mut outputs),
            Input::Received(bytes) => self.received(&bytes, &mut context, &mut outputs),
            Input::Disconnected => {
                self.jobs
                    .retain(|job| matches!(job, Job::Request(_) | Job::FetchAgain(_)));
                self.connection.lost(now, context.randomness);
            }
            Input::Wake => {
                let (socket, message) = self.connection.wake(now, context.randomness);
                outputs.socket = socket.or(outputs.socket);
                outputs.send.extend(message.map(|message| message.encode()));
            }
        }
        self.advance(&mut context, &mut outputs);
        self.push(&mut outputs);
        self.tell_status(&mut outputs);
        outputs
    }

    /// When [`Input::Wake`] is wanted next.
    pub fn wake_at(&self) -> Option<Timestamp> {
        self.connection.wake_at()
    }

    /// Where the tablet stands in each store's log; for tests and tools.
    pub fn cursors(&self) -> &BTreeMap<StoreId, Cursor> {
        &self.cursors
    }

    /// Version of the scope on this tablet; 0 before the first one arrived.
    pub const fn scope_version(&self) -> u64 {
        self.scope.version
    }

    /// Whether someone is signed in.
    pub const fn has_identity(&self) -> bool {
        self.identity.is_some()
    }

    /// The documents on this tablet; for tests and tools.
    pub fn document_ids(&self) -> Vec<DocumentId> {
        self.index.documents().collect()
    }

    /// The truth about saving and sending.
    pub fn status(&self) -> Status {
        let refused = self
            .refused
            .values()
            .map(|record| self.refused_entry(record))
            .collect();
        let unopened = self
            .documents
            .values()
            .filter(|opened| matches!(opened, Opened::Unreadable { .. }));
        let total: u32 = self.pending_stores.values().sum();
        Status {
            unsent: self.index.outbox().len(),
            connection: self.connection.status(),
            all_at_store: self.counters.all_at_store,
            last_saved: self.counters.last_saved,
            last_acknowledged: self.counters.last_acknowledged,
            refused,
            unreadable: self.unreadable_values + self.damaged_rows.len() + unopened.count(),
            storage_problem: self.storage_problem.clone(),
            receiving: (total > 0).then(|| Progress {
                done: self.received_cards,
                total: self.received_cards.saturating_add(total),
            }),
        }
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
            let id = self.next_operation();
            opening.wait_for(id, store);
            outputs.reads.push(Read {
                id,
                store,
                prefix: String::new(),
            });
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
                match result {
                    Ok(entries) => opening.take(id, entries),
                    Err(error) => {
                        self.storage_problem = Some(error.code);
                        opening.take(id, Vec::new());
                    }
                }
                if opening.is_complete() {
                    self.finish_opening(opening, outputs);
                    if self.identity.is_some() {
                        outputs.socket = self.connection.open_now(context.now);
                    }
                } else {
                    self.running = Running::Opening(opening);
                }
            }
            Running::Reading { job, mut wanted } => {
                if let Some(document) = wanted.remove(&id) {
                    let opened = match result {
                        Ok(entries) => self.open_document(document, entries),
                        Err(error) => Opened::Unreadable {
                            reason: error.code,
                            salvage: Vec::new(),
                        },
                    };
                    self.documents.insert(document, opened);
                }
                if wanted.is_empty() {
                    self.execute(job, context, outputs);
                } else {
                    self.running = Running::Reading { job, wanted };
                }
            }
            other @ (Running::Nothing | Running::Writing { .. }) => self.running = other,
        }
    }

    /// Makes a document from its chunks and from what waits in the outbox, a second copy of what
    /// this tablet wrote. A damaged chunk is left out; if nothing misses it, the document is whole.
    fn open_document(&mut self, document: DocumentId, entries: Vec<(String, Vec<u8>)>) -> Opened {
        let mut damaged = 0;
        let mut chunks: Vec<Vec<u8>> = Vec::new();
        for (_, value) in &entries {
            match storage::open(value) {
                Ok(bytes) => chunks.push(bytes.to_vec()),
                Err(_) => damaged += 1,
            }
        }
        let waiting = self.index.outbox().values();
        let waiting = waiting.filter(|record| record.body.document.id == document);
        chunks.extend(waiting.map(|record| record.body.change.clone()));
        match Document::load(chunks.iter().map(Vec::as_slice)) {
            Ok(opened) if damaged == 0 => Opened::Document(Box::new(opened)),
            Ok(_) => self.set_aside(document, format!("{damaged} damaged chunks"), chunks),
            Err(error @ (LoadError::Damaged(_) | LoadError::MissingChanges(_))) => {
                self.set_aside(document, error.to_string(), chunks)
            }
        }
    }

    /// Sets a document aside and has the store send all of it again.
    fn set_aside(&mut self, document: DocumentId, reason: String, salvage: Vec<Vec<u8>>) -> Opened {
        let is_new = self.healing.insert(document);
        if let (true, Some(record)) = (is_new, self.index.row(document)) {
            self.jobs.push_back(Job::FetchAgain(record.store));
        }
        Opened::Unreadable { reason, salvage }
    }

    fn connected(&mut self, context: &Context<'_>, outputs: &mut Outputs) {
        let Some(identity) = &self.identity else {
            outputs.socket = Some(self.connection.stop());
            return;
        };
        let hello = Hello {
            version: PROTOCOL_VERSION,
            capabilities: 0,
            device: identity.device,
            scope_version: self.scope.version,
            cursors: self
                .cursors
                .iter()
                .map(|(store, cursor)| FeedCursor {
                    store: *store,
                    cursor: *cursor,
                    feeds: FeedSelection::All,
                })
                .collect(),
        };
        self.connection.opened(context.now);
        outputs.send.push(ClientMessage::Hello(hello).encode());
    }

    fn received(&mut self, bytes: &[u8], context: &mut Context<'_>, outputs: &mut Outputs) {
        if !self.connection.is_open() {
            return;
        }
        self.connection.heard(context.now);
        match ServerMessage::decode(bytes) {
            Ok(Some(ServerMessage::Welcome(welcome))) => self.jobs.push_back(Job::Welcome(welcome)),
            Ok(Some(ServerMessage::Frame(frame))) => self.jobs.push_back(Job::Frame(frame)),
            Ok(Some(ServerMessage::Ack(ack))) => self.jobs.push_back(Job::Ack(ack)),
            Ok(Some(ServerMessage::Refused(refused))) => self.jobs.push_back(Job::Refused(refused)),
            Ok(Some(ServerMessage::Bye(bye))) => self.dismissed(bye, context, outputs),
            // An unknown kind comes from a newer server: skipped.
            Ok(Some(ServerMessage::Pong(_)) | None) => {}
            Err(_) => self.drop_connection(context, outputs),
        }
    }

    fn dismissed(&mut self, bye: Bye, context: &mut Context<'_>, outputs: &mut Outputs) {
        self.connection
            .dismissed(bye, context.now, context.randomness);
        self.jobs
            .retain(|job| matches!(job, Job::Request(_) | Job::FetchAgain(_)));
        outputs.socket = Some(SocketAction::Close);
    }

    /// Gives this connection up and tries again after a pause.
    pub(crate) fn drop_connection(&mut self, context: &mut Context<'_>, outputs: &mut Outputs) {
        self.jobs
            .retain(|job| matches!(job, Job::Request(_) | Job::FetchAgain(_)));
        self.connection.lost(context.now, context.randomness);
        outputs.socket = Some(SocketAction::Close);
    }

    /// Begins the next job if none is running.
    fn advance(&mut self, context: &mut Context<'_>, outputs: &mut Outputs) {
        while matches!(self.running, Running::Nothing) {
            let Some(job) = self.jobs.pop_front() else {
                break;
            };
            let missing: Vec<DocumentId> = self
                .documents_needed(&job)
                .into_iter()
                .filter(|document| !self.documents.contains_key(document))
                .collect();
            if missing.is_empty() {
                self.execute(job, context, outputs);
                continue;
            }
            let mut wanted = BTreeMap::new();
            for document in missing {
                let id = self.next_operation();
                wanted.insert(id, document);
                let prefix = chunk_prefix(document);
                outputs.reads.push(Read {
                    id,
                    store: StoreName::Chunks,
                    prefix,
                });
            }
            self.running = Running::Reading { job, wanted };
        }
    }

    /// Documents that a job must have open. What is new on this tablet needs no reading.
    fn documents_needed(&self, job: &Job) -> Vec<DocumentId> {
        let mut documents = match job {
            Job::Request(Request::Run { document, .. } | Request::ShowCard { document }) => {
                vec![*document]
            }
            Job::Request(Request::RetryRefused { group }) => self
                .refused
                .get(group)
                .map(|record| record.document.id)
                .into_iter()
                .collect(),
            Job::Refused(refused) => {
                let record = self.index.outbox().get(&refused.device_seq);
                record
                    .map(|record| record.body.document.id)
                    .into_iter()
                    .collect()
            }
            // Only what is on the screen or waits here is merged now; the rest is stored with
            // the row that the server computed, and opened when someone opens it.
            Job::Frame(frame) => {
                let ids = frame.items.iter().map(|item| item.document.id);
                ids.filter(|id| self.must_merge(*id)).collect()
            }
            Job::Request(_) | Job::Welcome(_) | Job::Ack(_) | Job::FetchAgain(_) => Vec::new(),
        };
        documents.retain(|document| self.index.row(*document).is_some());
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    pub(crate) fn must_merge(&self, document: DocumentId) -> bool {
        self.shown.contains(&document) || self.index.unsent_of(document) > 0
    }

    fn execute(&mut self, job: Job, context: &mut Context<'_>, outputs: &mut Outputs) {
        let staged = match job {
            Job::Request(request) => self.execute_request(request, context, outputs),
            Job::Welcome(welcome) => self.execute_welcome(welcome, context),
            Job::Frame(frame) => self.execute_frame(frame, context, outputs),
            Job::Ack(ack) => self.execute_ack(&ack),
            Job::Refused(refused) => self.execute_refused(&refused, context),
            Job::FetchAgain(store) => {
                self.drop_connection(context, outputs);
                Some(Staged {
                    removed_cursors: vec![store],
                    ..Staged::default()
                })
            }
        };
        let Some(staged) = staged else { return };
        let writes = staged.writes();
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
        self.running = Running::Writing {
            id,
            staged: Box::new(staged),
        };
    }

    fn execute_request(
        &mut self,
        request: Request,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        match request {
            Request::Run {
                id,
                document,
                command,
            } => self.run(id, document, command, context, outputs),
            Request::ShowCard { document } => {
                self.shown.insert(document);
                self.tell_card(document, outputs);
                None
            }
            Request::NextCardNumber { id } => {
                let number = self
                    .next_card_number()
                    .map_or_else(String::new, |next| next.0);
                outputs.notices.push(Notice::CardNumber { id, number });
                None
            }
            Request::KeepDraft { key, content } => Some(Staged {
                drafts: vec![(key, content)],
                ..Staged::default()
            }),
            Request::SignIn { identity } => self.sign_in(identity, context, outputs),
            Request::SignOut => self.sign_out(context, outputs),
            Request::DiscardRefused { group } => Some(Staged {
                removed_refused: vec![group],
                is_strict: true,
                ..Staged::default()
            }),
            Request::RetryRefused { group } => self.retry(group, context),
            Request::HideCard { .. } | Request::ConnectNow => None,
        }
    }

    fn sign_in(
        &mut self,
        identity: Identity,
        context: &mut Context<'_>,
        outputs: &mut Outputs,
    ) -> Option<Staged> {
        let is_other = self
            .identity
            .as_ref()
            .is_some_and(|known| known.person != identity.person);
        let unsent = self.index.outbox().len();
        if is_other && unsent > 0 {
            outputs.notices.push(Notice::SignOutRefused { unsent });
            return None;
        }
        self.renew_actor(context);
        outputs.socket = Some(self.connection.stop());
        let notice = Notice::IdentityChanged {
            identity: Some(identity.clone()),
        };
        Some(Staged {
            identity: Some(Some(identity)),
            notices: vec![notice],
            is_strict: true,
            ..Staged::default()
        })
    }

    fn sign_out(&mut self, context: &mut Context<'_>, outputs: &mut Outputs) -> Option<Staged> {
        let unsent = self.index.outbox().len();
        if unsent > 0 {
            outputs.notices.push(Notice::SignOutRefused { unsent });
            return None;
        }
        self.renew_actor(context);
        outputs.socket = Some(self.connection.stop());
        Some(Staged {
            identity: Some(None),
            notices: vec![Notice::IdentityChanged { identity: None }],
            is_strict: true,
            ..Staged::default()
        })
    }

    fn transaction_done(
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
    fn commit(&mut self, staged: Staged, context: &mut Context<'_>, outputs: &mut Outputs) {
        let mut touched = staged.touched();
        for key in staged.row_keys().iter().chain(&staged.removed_rows) {
            self.damaged_rows.remove(key);
        }
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
            self.cursors.insert(record.store, record.cursor);
        }
        for store in staged.removed_cursors {
            self.cursors.remove(&store);
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
    fn abandon(
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
        // Frames and acks that could not be stored come again with the next connection.
        self.drop_connection(context, outputs);
    }

    fn tell_rows(&self, touched: &[DocumentId], removed: &[DocumentId], outputs: &mut Outputs) {
        let rows: Vec<_> = touched
            .iter()
            .filter_map(|id| self.index.entry(*id))
            .collect();
        if !rows.is_empty() {
            outputs.notices.push(Notice::Rows { rows });
        }
        if !removed.is_empty() {
            outputs.notices.push(Notice::Removed {
                documents: removed.to_vec(),
            });
        }
        for document in touched
            .iter()
            .filter(|document| self.shown.contains(document))
        {
            self.tell_card(*document, outputs);
        }
    }

    fn tell_card(&self, document: DocumentId, outputs: &mut Outputs) {
        let Some(record) = self.index.row(document) else {
            return;
        };
        match self.documents.get(&document) {
            Some(Opened::Document(opened)) => {
                let reading = read(opened);
                let card = CardView {
                    customer: reading.customer,
                    feed: record.feed,
                    conflicts: reading.conflicts,
                    unsent: self.index.unsent_of(document),
                };
                outputs.notices.push(Notice::Card {
                    document,
                    card: Box::new(card),
                });
            }
            Some(Opened::Unreadable { reason, .. }) => {
                outputs.notices.push(Notice::CardUnreadable {
                    document,
                    reason: reason.clone(),
                });
            }
            None => {}
        }
    }

    pub(crate) fn document(&self, id: DocumentId) -> Option<&Opened> {
        self.documents.get(&id)
    }

    /// Takes a document out of the cache, to change it.
    pub(crate) fn take_document(&mut self, id: DocumentId) -> Option<Opened> {
        self.documents.remove(&id)
    }

    pub(crate) fn keep_document(&mut self, id: DocumentId, opened: Opened) {
        self.documents.insert(id, opened);
        self.recently_used.retain(|used| *used != id);
        self.recently_used.push_back(id);
    }

    /// Closes what was not used for long; what is shown stays open.
    fn forget_documents(&mut self) {
        while self.documents.len() > OPEN_DOCUMENTS_MAX {
            let known = self.recently_used.pop_front();
            let victim = known.or_else(|| {
                self.documents
                    .keys()
                    .find(|id| !self.shown.contains(id))
                    .copied()
            });
            let Some(victim) = victim else { break };
            if self.shown.contains(&victim) {
                continue;
            }
            self.documents.remove(&victim);
        }
    }

    fn push(&mut self, outputs: &mut Outputs) {
        while let Some(message) = self.connection.next_push(self.index.outbox().values()) {
            outputs.send.push(message.encode());
        }
    }

    fn tell_status(&mut self, outputs: &mut Outputs) {
        let status = self.status();
        if status != self.told_status {
            self.told_status = status.clone();
            outputs.notices.push(Notice::Status { status });
        }
    }

    /// Whether everything is at the store and everything from the store is here.
    pub fn is_in_sync(&self) -> bool {
        matches!(
            self.connection.status(),
            ConnectionStatus::Online { caught_up: true }
        ) && self.index.outbox().is_empty()
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}
