//! The server of a world: the real committer and the real tables, without sockets and threads.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use floorbook_server::access::secret::{PasswordHash, SecretHash};
use floorbook_server::database::log::DocumentLog;
use floorbook_server::database::model::{By, Founding, NewAccount, NewSignIn};
use floorbook_server::database::{Database, RedbDatabase};
use floorbook_server::sync::commit::{Committer, Submission};
use floorbook_shared::access::{Identity, Store};
use floorbook_shared::id::{DeviceId, FeedId, PersonId, StoreId};
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::gate;
use floorbook_shared::sync::message::{ClientMessage, PushItem};
use floorbook_shared::sync::server::{Input, Outputs, PageRequest, Peer, Session};
use floorbook_shared::time::Timestamp;

use super::check::Promises;
use super::disk::Disk;
use super::{Dice, World};

/// Changes that are committed together at most.
const BATCH_MAX_PUSHES: usize = 4;

/// One tablet's connection with all that is under way on it.
pub struct Wire {
    /// From the tablet to the server.
    pub up: VecDeque<Vec<u8>>,
    /// From the server to the tablet.
    pub down: VecDeque<Vec<u8>>,
    /// Whether the server closed it: the tablet learns so when `down` is empty.
    pub is_closed: bool,
    peer: Peer,
    session: Session,
    pages: VecDeque<PageRequest>,
}

/// Pushed changes that wait for the committer, also of connections that are gone.
struct Waiting {
    connection: u64,
    tablet: usize,
    peer: Peer,
    items: Vec<PushItem>,
}

/// The server with its connections.
pub struct Server {
    disk: Disk,
    database: Arc<RedbDatabase>,
    committer: Committer,
    store: StoreId,
    /// Connections by tablet.
    pub wires: BTreeMap<usize, (u64, Wire)>,
    waiting: VecDeque<Waiting>,
    last_connection: u64,
}

impl Server {
    /// A new server on an empty disk.
    pub fn start(dice: &mut Dice, now: Timestamp) -> Self {
        let disk = Disk::default();
        let database = open(&disk);
        let committer = Committer::new(Arc::clone(&database) as Arc<dyn Database>);
        Self {
            disk,
            database,
            committer,
            store: StoreId::new(now, dice),
            wires: BTreeMap::new(),
            waiting: VecDeque::new(),
            last_connection: 0,
        }
    }

    /// Signs a person in on a new tablet.
    pub fn enrol(&mut self, number: usize, dice: &mut Dice, now: Timestamp) -> Identity {
        let name = format!("顾问{number}");
        let person = PersonId::new(now, dice);
        let feed = FeedId::new(now, dice);
        let sign_in = NewSignIn {
            device: None,
            new_device: DeviceId::new(now, dice),
            token: SecretHash::of("world", name.as_bytes()),
            now,
            expires: now.plus_millis(i64::MAX / 4),
        };
        let signed_in = if number == 0 {
            let store = Store {
                id: self.store,
                code: "HZ1".to_owned(),
                name: "杭州".to_owned(),
                time_zone: "Asia/Shanghai".to_owned(),
            };
            let password = PasswordHash::from_phc("none".to_owned());
            self.database.found(&Founding {
                store,
                person,
                name,
                password,
                feed,
                sign_in,
            })
        } else {
            let account = NewAccount {
                id: person,
                name,
                store: self.store,
                is_administrator: false,
                feed,
                code: None,
            };
            let by = By {
                at: now,
                person: None,
                device: None,
            };
            self.database
                .add_person(&account, by)
                .and_then(|()| self.database.sign_in(person, &sign_in))
        };
        signed_in
            .expect("the world's server signs people in")
            .identity
    }

    /// Opens a connection for a tablet.
    pub fn connect(&mut self, tablet: usize, identity: &Identity) {
        let peer = Peer {
            device: identity.device,
            person: identity.person,
        };
        let scope = self.database.scope().expect("the scope can be read");
        let wire = Wire {
            up: VecDeque::new(),
            down: VecDeque::new(),
            is_closed: false,
            peer,
            session: Session::new(peer, scope),
            pages: VecDeque::new(),
        };
        self.last_connection += 1;
        self.wires.insert(tablet, (self.last_connection, wire));
    }

    /// The database, for the checks.
    pub fn database(&self) -> &RedbDatabase {
        &self.database
    }

    /// Whether nothing waits in the server.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.wires.values().all(|(_, wire)| wire.pages.is_empty())
    }

    /// Whether no message is under way.
    pub fn is_drained(&self) -> bool {
        self.wires
            .values()
            .all(|(_, wire)| wire.up.is_empty() && wire.down.is_empty())
    }

    /// The power fails, and comes back.
    fn crash(&mut self) {
        self.disk = self.disk.after_crash();
        self.wires.clear();
        self.waiting.clear();
        self.database = open(&self.disk);
        self.committer = Committer::new(Arc::clone(&self.database) as Arc<dyn Database>);
    }

    /// Takes one message from a tablet.
    fn receive(&mut self, tablet: usize, now: Timestamp) {
        let Some((connection, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        let Some(bytes) = wire.up.pop_front() else {
            return;
        };
        let message = ClientMessage::decode(&bytes).expect("tablets send messages");
        let Some(message) = message else { return };
        let database = Arc::clone(&self.database);
        let outputs = wire
            .session
            .handle(Input::Message(message), now, &|store, cursor| {
                database
                    .recognises(store, cursor)
                    .expect("the log can be read")
            });
        let connection = *connection;
        self.carry_out(tablet, connection, outputs);
    }

    fn carry_out(&mut self, tablet: usize, connection: u64, outputs: Outputs) {
        let Some((current, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        if *current != connection {
            return;
        }
        wire.down.extend(outputs.send.iter().map(Message::encode));
        wire.pages.extend(outputs.read);
        wire.is_closed |= outputs.close;
        if !outputs.commit.is_empty() {
            let peer = wire.peer;
            self.waiting.push_back(Waiting {
                connection,
                tablet,
                peer,
                items: outputs.commit,
            });
        }
    }

    fn read_page(&mut self, tablet: usize, now: Timestamp) {
        let Some((connection, wire)) = self.wires.get_mut(&tablet) else {
            return;
        };
        let Some(request) = wire.pages.pop_front() else {
            return;
        };
        let page = self.database.page(&request).expect("pages can be read");
        let outputs = wire.session.handle(Input::Page(page), now, &|_, _| true);
        let connection = *connection;
        self.carry_out(tablet, connection, outputs);
    }

    /// Commits some of what waits, as one batch.
    fn commit(&mut self, dice: &mut Dice, now: Timestamp, promises: &mut Promises) {
        let count = (1 + dice.below(BATCH_MAX_PUSHES)).min(self.waiting.len());
        let pushes: Vec<Waiting> = self.waiting.drain(..count).collect();
        let batch: Vec<Submission> = pushes
            .iter()
            .flat_map(|push| {
                push.items.iter().map(|item| Submission {
                    peer: push.peer,
                    item: item.clone(),
                })
            })
            .collect();
        if batch.is_empty() {
            return;
        }
        let mut settled = self
            .committer
            .commit(&batch, now)
            .expect("the disk works")
            .into_iter();
        for push in pushes {
            let own: Vec<_> = settled.by_ref().take(push.items.len()).collect();
            for (item, settled) in push.items.iter().zip(&own) {
                match &settled.result {
                    Ok(()) => {
                        let change = gate::parse(&item.change).expect("accepted changes parse");
                        promises.acknowledge(item.document.id, change.hash());
                    }
                    Err(code) => panic!("honest work was refused: {code}"),
                }
            }
            let Some((current, wire)) = self.wires.get_mut(&push.tablet) else {
                continue;
            };
            if *current == push.connection {
                let outputs = wire
                    .session
                    .handle(Input::Committed(own), now, &|_, _| true);
                self.carry_out(push.tablet, push.connection, outputs);
            }
        }
        for tablet in self.wires.keys().copied().collect::<Vec<_>>() {
            let Some((connection, wire)) = self.wires.get_mut(&tablet) else {
                continue;
            };
            let outputs = wire.session.handle(Input::HeadMoved, now, &|_, _| true);
            let connection = *connection;
            self.carry_out(tablet, connection, outputs);
        }
    }
}

fn open(disk: &Disk) -> Arc<RedbDatabase> {
    Arc::new(RedbDatabase::with_backend(disk.clone()).expect("the database opens after a crash"))
}

impl World {
    /// The server does one thing.
    pub(super) fn serve(&mut self) {
        let connected: Vec<usize> = self.server.wires.keys().copied().collect();
        let tablet = connected.get(self.dice.below(connected.len())).copied();
        match (self.dice.below(3), tablet) {
            (0, _) | (_, None) => self
                .server
                .commit(&mut self.dice, self.now, &mut self.promises),
            (1, Some(tablet)) => self.server.receive(tablet, self.now),
            (_, Some(tablet)) => self.server.read_page(tablet, self.now),
        }
    }

    /// The server is killed, loses what was not synced, and starts again.
    pub(super) fn restart_server(&mut self) {
        self.server.crash();
        self.promises.check_acknowledged(self.server.database());
        for tablet in &mut self.tablets {
            tablet.lose_connection(self.now, &mut self.dice);
        }
    }
}
