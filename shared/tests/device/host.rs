//! A host in memory for one engine: completes storage at once, fails it on demand, collects what
//! is sent and told.

#[path = "company.rs"]
mod company;

use std::collections::{BTreeMap, VecDeque};

use floorbook_shared::access::Identity;
use floorbook_shared::device::engine::{Device, Input};
use floorbook_shared::device::message::{Notice, Request, RequestId, RowEntry, UnlockProblem};
use floorbook_shared::device::record::{chunk_key, chunk_prefix};
use floorbook_shared::device::storage::{self, Read, StorageError, StoreName, Transaction, Write};
use floorbook_shared::document::command::{Command, Edit, NewCard, NewContact};
use floorbook_shared::document::read::read;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, EntryId, PersonId, Randomness};
use floorbook_shared::record::contact::{Channel, NextStepDecision, Outcome};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::secret::Secret;
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::connection::SocketAction;
use floorbook_shared::sync::fingerprint::{Fingerprint, bucket};
use floorbook_shared::sync::message::{
    Ack, AckEntry, ClientMessage, Compared, FeedCursor, FeedSelection, FeedState, Fetched, Frame,
    FrameItem, PushItem, Refused, ServerMessage, Welcome,
};
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::keyring::Cost;
use floorbook_shared::view::card::CardView;
use floorbook_shared::view::row::CustomerRow;

pub use company::*;

/// Bytes that differ every time, the same in every run.
#[derive(Default)]
pub struct Counting(u64);

impl Randomness for Counting {
    fn fill(&mut self, target: &mut [u8]) {
        self.0 += 1;
        let hash = blake3::hash(&self.0.to_be_bytes());
        for (byte, random) in target.iter_mut().zip(hash.as_bytes().iter().cycle()) {
            *byte = *random;
        }
    }
}

/// One tablet.
pub struct Host {
    pub device: Device,
    pub now: Timestamp,
    pub stored: BTreeMap<(StoreName, String), Vec<u8>>,
    pub rows: BTreeMap<DocumentId, RowEntry>,
    pub drafts: Vec<(String, String)>,
    pub identity: Option<Identity>,
    /// Who unlocks the tablet when it starts.
    pub worker: Option<u8>,
    pub notices: Vec<Notice>,
    /// What the engine wanted of the socket last.
    pub socket: Option<SocketAction>,
    /// The code with which writes fail.
    pub write_error: Option<&'static str>,
    /// Whether reads fail.
    pub read_error: bool,
    /// Whether writes take for ever.
    pub holds_writes: bool,
    reads: VecDeque<Read>,
    transactions: VecDeque<Transaction>,
    messages: Vec<Vec<u8>>,
    randomness: Counting,
    last_request: RequestId,
    frames: u32,
}

impl Host {
    /// A tablet on which the first person is signed in and has a scope.
    pub fn signed_in() -> Self {
        let mut host = Self::empty();
        host.sign_in(1);
        host.connect();
        host.receive(welcome());
        host.input(Input::Disconnected);
        host.messages.clear();
        host
    }

    /// A tablet that nobody ever used.
    pub fn empty() -> Self {
        let mut host = Self {
            device: Device::new().with_cost(Cost::LEAST),
            now: Timestamp::from_millis(1_795_305_600_000),
            stored: BTreeMap::new(),
            rows: BTreeMap::new(),
            drafts: Vec::new(),
            identity: None,
            worker: None,
            notices: Vec::new(),
            socket: None,
            write_error: None,
            read_error: false,
            holds_writes: false,
            reads: VecDeque::new(),
            transactions: VecDeque::new(),
            messages: Vec::new(),
            randomness: Counting::default(),
            last_request: 0,
            frames: 0,
        };
        host.input(Input::Start);
        host
    }

    /// Someone signs in online and chooses their usual PIN.
    pub fn sign_in(&mut self, person: u8) {
        self.worker = Some(person);
        self.request(Request::SignIn {
            signed_in: Box::new(signed_in(person)),
            secret: pin(person),
        });
    }

    /// Someone unlocks the tablet with their PIN.
    pub fn unlock(&mut self, person: u8) {
        self.worker = Some(person);
        self.unlock_with(person, pin(person));
    }

    pub fn unlock_with(&mut self, person: u8, secret: Secret) {
        self.request(Request::Unlock {
            person: PersonId::from_bytes([person; 16]),
            secret,
        });
    }

    pub fn lock(&mut self) {
        self.worker = None;
        self.request(Request::Lock);
    }

    /// Why the keyring did not open that was tried last.
    pub fn last_problem(&self) -> Option<UnlockProblem> {
        self.notices.iter().rev().find_map(|notice| {
            if let Notice::NotUnlocked { problem, .. } = notice {
                Some(Some(*problem))
            } else {
                matches!(notice, Notice::Unlocked { .. }).then_some(None)
            }
        })?
    }

    pub fn input(&mut self, input: Input) {
        let outputs = self.device.handle(input, self.now, &mut self.randomness);
        self.reads.extend(outputs.reads);
        self.transactions.extend(outputs.transaction);
        self.socket = outputs.socket.or(self.socket);
        self.messages.extend(outputs.send);
        for notice in outputs.notices {
            self.take(&notice);
            self.notices.push(notice);
        }
        self.settle();
    }

    fn take(&mut self, notice: &Notice) {
        if let Notice::Unlocked {
            identity, drafts, ..
        } = notice
        {
            self.identity = Some(identity.clone());
            self.drafts = drafts.clone();
            self.rows.clear();
        } else if let Notice::Locked | Notice::Erased { .. } = notice {
            self.identity = None;
            self.drafts.clear();
            self.rows.clear();
        } else if let Notice::Rows { rows } = notice {
            let rows = rows.iter().map(|row| row.read().expect("a row"));
            self.rows.extend(rows.map(|row| (row.document, row)));
        } else if let Notice::Removed { documents } = notice {
            self.rows.retain(|id, _| !documents.contains(id));
        }
    }

    /// Lets the storage complete what it was asked for.
    pub fn settle(&mut self) {
        if let Some(read) = self.reads.pop_front() {
            let entries = self
                .stored
                .iter()
                .filter(|((store, key), _)| *store == read.store && key.starts_with(&read.prefix));
            let entries = entries
                .map(|((_, key), value)| (key.clone(), value.clone()))
                .collect();
            let result = if self.read_error {
                Err(error("failed"))
            } else {
                Ok(entries)
            };
            return self.input(Input::ReadDone(read.id, result));
        }
        if self.holds_writes {
            return;
        }
        if let Some(transaction) = self.transactions.pop_front() {
            let result = match self.write_error {
                Some(code) => Err(error(code)),
                None => {
                    self.write(&transaction);
                    Ok(())
                }
            };
            self.input(Input::TransactionDone(transaction.id, result));
        }
    }

    fn write(&mut self, transaction: &Transaction) {
        for write in &transaction.writes {
            match write {
                Write::Put { store, key, value } => {
                    self.stored.insert((*store, key.clone()), value.clone());
                }
                Write::Delete { store, key } => {
                    self.stored.remove(&(*store, key.clone()));
                }
                Write::DeletePrefix { store, prefix } => self
                    .stored
                    .retain(|(name, key), _| name != store || !key.starts_with(prefix.as_str())),
                Write::Clear { store } => self.stored.retain(|(name, _), _| name != store),
            }
        }
    }

    pub fn request(&mut self, request: Request) {
        self.input(Input::Request(request));
    }

    pub fn run(&mut self, document: DocumentId, command: Command) {
        self.last_request += 1;
        let id = self.last_request;
        self.request(Request::Run {
            id,
            document,
            command,
        });
    }

    pub fn draft(&mut self, key: &str, content: &str) {
        self.request(Request::KeepDraft {
            key: key.to_owned(),
            content: content.to_owned(),
        });
    }

    /// The answer to the last command, if there is one.
    pub fn last_answer(&self) -> Option<&Notice> {
        let last = self.last_request;
        self.notices.iter().rev().find(|notice| {
            matches!(notice, Notice::Saved { id, .. } | Notice::NotSaved { id, .. } if *id == last)
        })
    }

    pub fn saved(&self) -> Vec<RequestId> {
        let saved = self.notices.iter().filter_map(|notice| {
            if let Notice::Saved { id, .. } = notice {
                Some(*id)
            } else {
                None
            }
        });
        saved.collect()
    }

    /// The card as the engine shows it now.
    pub fn card(&mut self, wanted: DocumentId) -> CardView {
        self.request(Request::ShowCard { document: wanted });
        self.request(Request::HideCard { document: wanted });
        let card = self.notices.iter().rev().find_map(|notice| {
            if let Notice::Card { document, card } = notice {
                (*document == wanted).then(|| (**card).clone())
            } else {
                None
            }
        });
        card.expect("the card is shown")
    }

    /// The tablet is killed and starts again.
    pub fn restart(&mut self) {
        self.restart_with(|_| {});
    }

    /// As `restart`, with an engine that is told something before it starts.
    pub fn restart_with(&mut self, prepare: impl FnOnce(&mut Device)) {
        self.device = Device::new().with_cost(Cost::LEAST);
        prepare(&mut self.device);
        self.reads.clear();
        self.transactions.clear();
        self.messages.clear();
        self.notices.clear();
        self.rows.clear();
        self.socket = None;
        self.identity = None;
        self.input(Input::Start);
        if let Some(person) = self.worker {
            self.unlock(person);
        }
    }

    pub fn connect(&mut self) {
        self.messages.clear();
        self.frames = 0;
        self.input(Input::Connected);
    }

    /// A message arrives; frames in the order in which they are received.
    pub fn receive(&mut self, mut message: ServerMessage) {
        if let ServerMessage::Frame(frame) = &mut message {
            self.frames += 1;
            frame.number = self.frames;
        }
        self.input(Input::Received(message.encode()));
    }

    /// Takes what was sent.
    pub fn sent(&mut self) -> Vec<ClientMessage> {
        let sent = std::mem::take(&mut self.messages);
        let decoded = sent
            .iter()
            .filter_map(|bytes| ClientMessage::decode(bytes).ok()?);
        decoded.collect()
    }

    /// Time passes, and the timer fires where it is due.
    pub fn pass(&mut self, millis: i64) {
        self.now = self.now.plus_millis(millis);
        if self.device.wake_at().is_some_and(|at| at <= self.now) {
            self.input(Input::Wake);
        }
    }

    pub fn damage(&mut self, store: StoreName, key: &str) {
        let value = self.stored.get_mut(&(store, key.to_owned()));
        let value = value.unwrap_or_else(|| panic!("{store:?} has {key}"));
        *value.last_mut().expect("values are sealed") ^= 1;
    }

    pub fn only_key(&self, wanted: StoreName) -> (StoreName, String) {
        let mut keys = self.stored.keys().filter(|(store, _)| *store == wanted);
        keys.next().cloned().expect("the store holds something")
    }

    pub fn chunks(&self, document: DocumentId) -> Vec<Vec<u8>> {
        let prefix = chunk_prefix(home(document));
        let chunks = self
            .stored
            .iter()
            .filter(|((store, key), _)| *store == StoreName::Chunks && key.starts_with(&prefix));
        let chunks: Vec<Vec<u8>> = chunks
            .map(|((store, key), value)| {
                storage::open([&feed_key()], *store, key, value).expect("whole")
            })
            .collect();
        changes_of(&chunks)
    }

    /// Damages the chunk that holds this change.
    pub fn damage_chunk(&mut self, document: DocumentId, change: &[u8]) {
        self.damage(StoreName::Chunks, &chunk_key(home(document), change));
    }

    /// A last frame that continues what this tablet holds, up to a place in the log.
    pub fn frame(&self, items: Vec<FrameItem>, seq: u64) -> ServerMessage {
        let held = self.device.cursors();
        let after = held.get(&feed()).copied();
        ServerMessage::Frame(Frame {
            scope_version: 1,
            number: 0,
            after: after.unwrap_or_default(),
            position: FeedCursor {
                store: store(),
                cursor: Cursor {
                    seq,
                    whole: seq,
                    ..Cursor::default()
                },
                feeds: FeedSelection::All,
            },
            items,
            remaining: 0,
            fingerprint: None,
        })
    }

    /// A last frame of nothing, that states what the store holds.
    pub fn stating_frame(&self, seq: u64, fingerprint: Fingerprint) -> ServerMessage {
        let mut message = self.frame(Vec::new(), seq);
        if let ServerMessage::Frame(frame) = &mut message {
            frame.fingerprint = Some(fingerprint);
        }
        message
    }
}

/// The changes that chunks hold, in an order in which nothing comes before what it builds on.
fn changes_of(chunks: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let document = Document::load(chunks.iter().map(Vec::as_slice)).expect("it loads");
    let changes = document.changes_missing_in(&Document::found());
    changes.into_iter().map(|(_, _, bytes)| bytes).collect()
}

/// What the store holds of the buckets of these documents.
pub fn compared(documents: Vec<(DocumentId, Fingerprint)>) -> ServerMessage {
    ServerMessage::Compared(Compared {
        store: store(),
        buckets: documents.iter().map(|(id, _)| bucket(*id)).collect(),
        documents,
    })
}

/// Whole documents that the tablet asked for.
pub fn fetched(items: Vec<FrameItem>) -> ServerMessage {
    ServerMessage::Fetched(Fetched {
        store: store(),
        items,
        unknown: Vec::new(),
    })
}

fn error(code: &str) -> StorageError {
    StorageError {
        code: code.to_owned(),
        detail: String::new(),
    }
}

/// The change in a pushed item, opened as the server does.
pub fn change_of(item: &PushItem) -> Vec<u8> {
    let device = DeviceId::from_bytes([7; 16]);
    let key = master().delivery_key(device, item.person);
    let work = item.docket(device).open(&key, &item.work);
    work.expect("it is its author's").change
}

pub fn document(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

pub fn welcome() -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        version: 1,
        capabilities: 0,
        now: Timestamp::default(),
        scope: Some(scope()),
        keys: Some(signed_in(1).keys),
        unrecognised: Vec::new(),
        gone: Vec::new(),
        is_retiring: false,
        rights: None,
    })
}

pub fn ack(device_seq: u64) -> ServerMessage {
    ServerMessage::Ack(Ack {
        entries: vec![AckEntry { device_seq, seq: 1 }],
        at: Timestamp::default(),
        receipts: Vec::new(),
    })
}

pub fn refused(device_seq: u64, code: &str) -> ServerMessage {
    ServerMessage::Refused(Refused {
        device_seq,
        code: code.to_owned(),
    })
}

/// All of a document, as the server sends it.
pub fn place(id: DocumentId, chunks: Vec<Vec<u8>>) -> FrameItem {
    let document = Document::load(chunks.iter().map(Vec::as_slice)).expect("it loads");
    let reading = read(&document);
    let row = CustomerRow::project(&reading.customer, reading.conflicts.len());
    FrameItem {
        document: DocumentKey { id, incarnation: 0 },
        kind: DocumentKind::Customer,
        feed: feed(),
        state: FeedState::Here,
        is_whole: true,
        chunks,
        row: serde_json::to_vec(&row).expect("rows are data"),
        receipt: Vec::new(),
    }
}

pub fn open_card(name: &str) -> Command {
    Command::OpenCard(NewCard {
        fields: BTreeMap::from([(CustomerField::Name, name.to_owned())]),
        ..NewCard::default()
    })
}

pub fn set(field: CustomerField, value: &str) -> Command {
    Command::EditCard {
        edits: vec![Edit::SetField {
            field,
            value: value.to_owned(),
        }],
    }
}

pub fn log(contact: u8, step: u8) -> Command {
    Command::LogContact(NewContact {
        note: "看了沙发".to_owned(),
        ..NewContact::new(
            (
                EntryId::from_bytes([contact; 16]),
                EntryId::from_bytes([step; 16]),
            ),
            "2026-11-22".parse().expect("a date"),
            Channel::Call,
            Outcome::Progress,
            NextStepDecision::None {
                reason: "已定".to_owned(),
            },
        )
    })
}
