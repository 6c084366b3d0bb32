//! The server of a world: the real committer and the real tables, without sockets and threads.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use floorbook_server::access::secret::SecretHash;
use floorbook_server::database::log::{DocumentLog, Move};
use floorbook_server::database::model::Told;
use floorbook_server::database::{Database, RedbDatabase};
use floorbook_server::sync::commit::Committer;
use floorbook_server::sync::compaction::Compactor;
use floorbook_server::sync::opened::OpenedItem;
use floorbook_server::sync::own::OwnActors;
use floorbook_shared::access::Scope;
use floorbook_shared::document::Document;
use floorbook_shared::id::{DeviceId, GroupId, HandoverId, PersonId, StoreId};
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::message::{Bye, ClientMessage, PushItem, ServerMessage};
use floorbook_shared::sync::receipt::ReceiptKey;
use floorbook_shared::sync::server::{Input, Outputs, Peer, ReadRequest, Session};
use floorbook_shared::time::Timestamp;

use super::disk::{Disk, WorldLedger};
use super::people::master;
use super::{Dice, World};

mod committing;
mod enrolling;
mod greeting;
mod handing_over;
mod offers;

use greeting::note_erased;
use offers::WaitingOffer;

/// Changes behind a snapshot from which on a card of a world is compacted.
const LOOSE_MAX_CHANGES: usize = 4;
/// Commands that a server in a mood to refuse takes exception to, of a hundred.
const CURSED_PERCENT: usize = 6;

/// One tablet's connection with all that is under way on it.
pub struct Wire {
    /// From the tablet to the server.
    pub up: VecDeque<Vec<u8>>,
    /// From the server to the tablet.
    pub down: VecDeque<Vec<u8>>,
    /// Whether the server closed it: the tablet learns so when `down` is empty.
    pub is_closed: bool,
    /// Whether it is gone without either side knowing.
    pub is_silent: bool,
    /// Whether it is known who is there.
    is_greeted: bool,
    /// Whether the scope changed and the session was not told yet.
    is_scope_due: bool,
    /// Frames that the tablet has not confirmed.
    unconfirmed: usize,
    peer: Peer,
    /// What the tablet said on it that it knows.
    told: Arc<Told>,
    session: Session,
    reads: VecDeque<ReadRequest>,
}

/// Pushed changes that wait for the committer, also of connections that are gone.
struct Waiting {
    connection: u64,
    tablet: usize,
    device: DeviceId,
    told: Arc<Told>,
    items: Vec<OpenedItem>,
    is_forged: bool,
}

/// Something that the server can do next.
pub(super) enum Deed {
    Commit,
    Restore,
    Receive(usize),
    Read(usize),
    TellScope(usize),
    HandOver(HandoverId),
    EndDue,
}

/// The server with its connections.
pub struct Server {
    disk: Disk,
    /// The ledger, which is in no backup.
    ledger: WorldLedger,
    database: Arc<RedbDatabase>,
    committer: Committer,
    compactor: Compactor,
    stores: Vec<StoreId>,
    /// Who was given which token.
    tokens: BTreeMap<[u8; 32], PersonId>,
    /// Who ever signed in on which tablet.
    signed_in: BTreeMap<DeviceId, BTreeSet<PersonId>>,
    /// Commands that are refused whenever they come.
    pub cursed: BTreeSet<GroupId>,
    /// Commands that were refused at some time.
    pub once_cursed: BTreeSet<GroupId>,
    /// Commands that were pushed at least once.
    seen: BTreeSet<GroupId>,
    /// Connections by tablet.
    pub wires: BTreeMap<usize, (u64, Wire)>,
    /// Frames behind which more followed.
    pub full_frames: usize,
    /// Most frames that were under way to one tablet without being confirmed.
    pub frames_ahead: usize,
    /// Whether tablets hold some of the books rather than all.
    pub has_books: bool,
    /// The organisation as it was at each version.
    pub(super) scopes: BTreeMap<u64, Arc<Scope>>,
    /// Changes that were taken although their authors had lost the right.
    pub late: usize,
    /// Those of people who work here no more.
    pub of_leavers: usize,
    /// An older state of the disk.
    pub(super) backup: Option<Disk>,
    /// Whether customers are handed over, so that it has to look for what is under way.
    pub hands_over: bool,
    /// Whether tablets and people may be given up, so that greetings are looked at closely.
    pub revokes: bool,
    /// The actors with which it writes itself, until it is killed.
    own_actors: OwnActors,
    waiting: VecDeque<Waiting>,
    offers: VecDeque<WaitingOffer>,
    /// Changes that tablets brought back after a restore.
    pub brought_back: usize,
    last_connection: u64,
}

/// A compactor that has much to do in the short life of a world.
fn compactor() -> Compactor {
    Compactor::new(LOOSE_MAX_CHANGES, Document::snapshot)
}

impl Server {
    /// A new server on an empty disk.
    pub fn start(dice: &mut Dice, now: Timestamp) -> Self {
        let disk = Disk::default();
        let ledger = WorldLedger::default();
        let database = open(&disk, &ledger, now);
        let committer = Committer::new(Arc::clone(&database) as Arc<dyn Database>);
        Self {
            disk,
            ledger,
            database,
            committer,
            compactor: compactor(),
            stores: vec![StoreId::new(now, dice)],
            tokens: BTreeMap::new(),
            signed_in: BTreeMap::new(),
            cursed: BTreeSet::new(),
            once_cursed: BTreeSet::new(),
            seen: BTreeSet::new(),
            wires: BTreeMap::new(),
            full_frames: 0,
            frames_ahead: 0,
            has_books: false,
            scopes: BTreeMap::new(),
            late: 0,
            of_leavers: 0,
            backup: None,
            hands_over: false,
            revokes: false,
            own_actors: OwnActors::default(),
            waiting: VecDeque::new(),
            offers: VecDeque::new(),
            brought_back: 0,
            last_connection: 0,
        }
    }

    /// Opens a connection for a tablet. Who is there is known from its greeting.
    pub fn connect(&mut self, tablet: usize, device: DeviceId) {
        let peer = Peer {
            device,
            person: None,
        };
        let scope = Scope::default();
        let wire = Wire {
            up: VecDeque::new(),
            down: VecDeque::new(),
            is_closed: false,
            is_silent: false,
            is_greeted: false,
            is_scope_due: false,
            unconfirmed: 0,
            peer,
            told: Arc::default(),
            session: Session::new(peer, scope),
            reads: VecDeque::new(),
        };
        self.last_connection += 1;
        self.wires.insert(tablet, (self.last_connection, wire));
    }

    /// The whole organisation.
    pub fn scope(&self) -> Arc<Scope> {
        self.database.scope().expect("the scope can be read")
    }

    /// What a person may see.
    pub fn scope_of(&self, person: PersonId) -> Scope {
        self.scope().of(person)
    }

    /// The scope changed: every session has to be told.
    pub(super) fn announce_scope(&mut self) {
        let scope = self.scope();
        self.scopes.insert(scope.version, scope);
        for (_, wire) in self.wires.values_mut() {
            wire.is_scope_due = true;
        }
    }

    /// The database, for the checks.
    pub fn database(&self) -> &RedbDatabase {
        &self.database
    }

    /// Whether nothing waits in the server.
    pub fn is_idle(&self, now: Timestamp) -> bool {
        let mut wires = self.wires.values();
        let all_told = wires.all(|(_, wire)| wire.reads.is_empty() && !wire.is_scope_due);
        let is_handing_over = !self.handing_over(now).is_empty();
        self.waiting.is_empty() && self.offers.is_empty() && all_told && !is_handing_over
    }

    /// Tablets whose connection stands, as far as they know.
    pub fn connected(&self) -> Vec<usize> {
        let standing = self.wires.iter().filter(|(_, (_, wire))| !wire.is_silent);
        standing.map(|(number, _)| *number).collect()
    }

    /// Whether no message is under way.
    pub fn is_drained(&self) -> bool {
        self.wires
            .values()
            .all(|(_, wire)| wire.up.is_empty() && wire.down.is_empty())
    }

    fn possible_deeds(&self, now: Timestamp) -> Vec<Deed> {
        let mut deeds = self.handing_over(now);
        if !self.waiting.is_empty() {
            deeds.push(Deed::Commit);
        }
        if !self.offers.is_empty() {
            deeds.push(Deed::Restore);
        }
        for (tablet, (_, wire)) in &self.wires {
            if !wire.up.is_empty() {
                deeds.push(Deed::Receive(*tablet));
            }
            if !wire.reads.is_empty() {
                deeds.push(Deed::Read(*tablet));
            }
            if wire.is_scope_due {
                deeds.push(Deed::TellScope(*tablet));
            }
        }
        deeds
    }

    /// The power fails, and comes back.
    pub(super) fn crash(&mut self, now: Timestamp) {
        let disk = self.disk.after_crash();
        self.start_from(disk, now);
    }

    /// An older copy takes the place of the data; the ledger tells what must not be undone.
    pub(super) fn restore_from(&mut self, disk: Disk, now: Timestamp) {
        let older = RedbDatabase::with_backend(disk.clone()).expect("a backup opens");
        let replayed = older.replay_ledger(Box::new(self.ledger.clone()), false, now);
        replayed.expect("the ledger is whole");
        drop(older);
        self.start_from(disk, now);
        let scope = self.scope();
        self.scopes.insert(scope.version, scope);
    }

    /// What is on the disk now, as a backup holds it.
    pub(super) fn disk(&self) -> Disk {
        self.disk.after_crash()
    }

    /// Starts again with this disk.
    fn start_from(&mut self, disk: Disk, now: Timestamp) {
        self.disk = disk;
        self.wires.clear();
        self.waiting.clear();
        self.offers.clear();
        self.database = open(&self.disk, &self.ledger, now);
        self.committer = Committer::new(Arc::clone(&self.database) as Arc<dyn Database>);
        self.compactor = compactor();
        self.own_actors = OwnActors::default();
    }

    /// Takes one message from a tablet.
    fn receive(&mut self, tablet: usize, refuses: bool, now: Timestamp, dice: &mut Dice) {
        let Some((_, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        let Some(bytes) = wire.up.pop_front().filter(|_| !wire.is_closed) else {
            return;
        };
        let message = ClientMessage::decode(&bytes).expect("tablets send messages");
        let Some(mut message) = message else { return };
        if let ClientMessage::Hello(hello) = &message
            && let Err(bye) = self.greet(tablet, hello, now)
        {
            return self.dismiss(tablet, bye);
        }
        let Some((connection, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        if let ClientMessage::CursorConfirmed(confirmed) = &message {
            wire.unconfirmed = wire.unconfirmed.saturating_sub(confirmed.frames as usize);
        }
        if let ClientMessage::Push(push) = &mut message {
            for item in &mut push.items {
                // What arrives is not what the tablet meant: something on it is broken.
                if self.seen.insert(item.group) && refuses && dice.chance(CURSED_PERCENT) {
                    self.cursed.insert(item.group);
                    self.once_cursed.insert(item.group);
                }
            }
        }
        let database = Arc::clone(&self.database);
        let outputs = wire
            .session
            .handle(Input::Message(message), now, &|store, cursor| {
                database
                    .recognises(store, cursor)
                    .expect("the log can be read")
            });
        let connection = *connection;
        self.carry_out(tablet, connection, outputs, now);
    }

    /// Tells a session that the scope has changed.
    fn tell_scope(&mut self, tablet: usize, now: Timestamp) {
        let Some((_, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        if !std::mem::take(&mut wire.is_scope_due) {
            return;
        }
        let peer = wire.peer;
        let scope = peer.person.map(|person| self.scope_of(person));
        let people = self.people_of(peer.device);
        let Some((connection, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        let changed = Input::ScopeChanged(scope.unwrap_or_default(), people);
        let outputs = wire.session.handle(changed, now, &|_, _| true);
        let connection = *connection;
        self.carry_out(tablet, connection, outputs, now);
    }

    fn carry_out(&mut self, tablet: usize, connection: u64, outputs: Outputs, now: Timestamp) {
        let Some((current, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        if *current != connection || wire.is_closed {
            return;
        }
        if !wire.is_silent {
            let capabilities = wire.session.capabilities();
            let messages = outputs.send.iter();
            wire.down
                .extend(messages.map(|message| message.encode_for(capabilities)));
        }
        if outputs.send.contains(&ServerMessage::Bye(Bye::Erase)) {
            note_erased(&self.database, wire.peer.device, now);
        }
        for message in &outputs.send {
            if let ServerMessage::Frame(frame) = message {
                wire.unconfirmed += 1;
                self.full_frames += usize::from(!frame.is_last());
                self.frames_ahead = self.frames_ahead.max(wire.unconfirmed);
            }
        }
        wire.reads.extend(outputs.read);
        wire.is_closed |= outputs.close;
        let peer = wire.peer;
        self.offers.extend(outputs.restore.map(|offered| {
            let (of, documents) = offered;
            WaitingOffer::new(connection, tablet, peer, of, documents)
        }));
        let known = peer.person.zip(outputs.known_scope);
        let told = Told {
            confirmed: outputs.confirmed.into_iter().collect(),
            scopes: known.into_iter().collect(),
        };
        if !told.is_empty() {
            Arc::make_mut(&mut wire.told).extend(&told);
        }
        if !outputs.commit.is_empty() {
            let open = |item: &PushItem| {
                let opened = OpenedItem::open(item, peer.device, &master());
                let mut item = opened.expect("the seal is its author's");
                if self.cursed.contains(&item.group) {
                    item.change.truncate(item.change.len() / 2);
                }
                item
            };
            self.waiting.push_back(Waiting {
                connection,
                tablet,
                device: peer.device,
                told: Arc::clone(&wire.told),
                items: outputs.commit.iter().map(open).collect(),
                is_forged: false,
            });
        }
        if self.has_books && !told.is_empty() {
            let noted = self.database.confirm(peer.device, &told, now);
            noted.expect("the disk works");
        }
    }

    fn read(&mut self, tablet: usize, now: Timestamp) {
        let Some((connection, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        let Some(request) = wire.reads.pop_front() else {
            return;
        };
        let read = match &request {
            ReadRequest::Page(page) => self.database.page(page).map(Input::Page),
            ReadRequest::Compare(of, buckets) => {
                self.database.compare(of, buckets).map(Input::Compared)
            }
            ReadRequest::Fetch(of, ids) => self.database.fetch(of, ids).map(Input::Fetched),
        };
        let input = read.expect("the log can be read");
        let outputs = wire.session.handle(input, now, &|_, _| true);
        let connection = *connection;
        self.carry_out(tablet, connection, outputs, now);
    }

    /// Someone pushes what they have no right to.
    pub(super) fn push_forged(&mut self, device: DeviceId, told: Arc<Told>, item: OpenedItem) {
        self.waiting.push_back(Waiting {
            connection: 0,
            tablet: usize::MAX,
            device,
            told,
            items: vec![item],
            is_forged: true,
        });
    }

    /// A card goes to another book of its store.
    pub(super) fn move_document(&mut self, order: &Move) {
        self.committer.move_document(order).expect("the disk works");
        self.tell_head(order.at);
    }

    fn tell_head(&mut self, now: Timestamp) {
        for tablet in self.wires.keys().copied().collect::<Vec<_>>() {
            let Some((connection, wire)) = self.wires.get_mut(&tablet) else {
                continue;
            };
            let outputs = wire.session.handle(Input::HeadMoved, now, &|_, _| true);
            let connection = *connection;
            self.carry_out(tablet, connection, outputs, now);
        }
    }
}

fn open(disk: &Disk, ledger: &WorldLedger, now: Timestamp) -> Arc<RedbDatabase> {
    let database = RedbDatabase::with_backend(disk.clone());
    let database = database.expect("the database opens after a crash");
    let nonce = SecretHash::of("world", b"ledger");
    let database = database.with_ledger(Box::new(ledger.clone()), false, nonce, now);
    let database = database.expect("the database follows its ledger");
    Arc::new(database.with_receipts(ReceiptKey::derive(&[7; 32])))
}

impl World {
    /// The server does one thing.
    pub(super) fn serve(&mut self) {
        let mut deeds = self.server.possible_deeds(self.now);
        if (self.weather.newcomers || self.weather.rights || self.weather.handovers)
            && self.dice.chance(98)
        {
            // News of the scope come later than most things.
            deeds.retain(|deed| !matches!(deed, Deed::TellScope(_)));
        }
        if self.weather.handovers && self.dice.chance(80) {
            // What tablets want comes between the slices of a handover.
            deeds.retain(|deed| !matches!(deed, Deed::HandOver(_)));
        }
        match deeds.get(self.dice.below(deeds.len())) {
            Some(Deed::Commit) => {
                let refused = self
                    .server
                    .commit(&mut self.dice, self.now, &mut self.promises);
                self.statistics.refused += refused;
                self.note_commit();
            }
            Some(Deed::Restore) => self.server.restore(self.now),
            Some(Deed::Receive(tablet)) => {
                let refuses = self.weather.refusals;
                self.server
                    .receive(*tablet, refuses, self.now, &mut self.dice);
            }
            Some(Deed::Read(tablet)) => self.server.read(*tablet, self.now),
            Some(Deed::TellScope(tablet)) => self.server.tell_scope(*tablet, self.now),
            Some(Deed::HandOver(id)) => self.carry_on(*id),
            Some(Deed::EndDue) => self.end_due(),
            None => {}
        }
        self.statistics.brought_back = self.server.brought_back;
        self.statistics.late = self.server.late;
        self.statistics.of_leavers = self.server.of_leavers;
        self.statistics.full_frames = self.server.full_frames;
        self.statistics.frames_ahead = self.server.frames_ahead;
    }
}
