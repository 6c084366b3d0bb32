//! A real server process is killed under load, again and again: what it acknowledged is there.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;

use floorbook_server::access::code;
use floorbook_server::access::secret::PasswordHash;
use floorbook_server::admin::{AdminOutcome, AdminRequest, AdminResponse, client};
use floorbook_server::database::Database;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::database::model::{By, Founding, NewAccount, NewSession, NewTablet};
use floorbook_server::http::cookie::TabletCookie;
use floorbook_server::keeping::{DataPlace, doctor};
use floorbook_shared::access::{Feed, FeedKind, Post, Role, Store, StoreSettings};
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::id::{DeviceId, DocumentId, GroupId, PersonId, Randomness, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::secret::SessionToken;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate;
use floorbook_shared::sync::message::{ClientMessage, Push, PushItem, ServerMessage};
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::delivery::Docket;
use floorbook_shared::vault::master::MasterSecret;
use floorbook_tests::api::SeededRandomness;
use floorbook_tests::api::socket::{RawSocket, hello, sealed};
use floorbook_tests::server_process::{ServerProcess, serve_inside};
use floorbook_tests::{tablets, wait};

/// Tablets that push at the same time.
const TABLETS: u8 = 3;
/// Times that the server is killed.
const KILLS: u64 = 4;
/// Acknowledged edits before each kill.
const EDITS: usize = 150;
/// Edits in one push.
const PUSHED: u64 = 5;

/// The secret of the server's data.
static MASTER: OnceLock<MasterSecret> = OnceLock::new();

/// Edits that were acknowledged.
type Acked = Arc<Mutex<Vec<(DocumentId, ChangeHash)>>>;

fn now() -> Timestamp {
    use floorbook_server::clock::{Clock, SystemClock};
    SystemClock.now()
}

const fn device(tablet: u8) -> DeviceId {
    DeviceId::from_bytes([tablet; 16])
}

/// The cookie of a tablet.
const fn cookie(tablet: u8) -> TabletCookie {
    TabletCookie {
        device: device(tablet),
        token: [tablet; 32],
    }
}

fn new_tablet(tablet: u8) -> NewTablet {
    NewTablet {
        token: code::tablet_hash(&cookie(tablet).token),
        ..tablets::new_tablet(device(tablet), now())
    }
}

/// The session has the same token as the tablet, under another purpose.
fn sign_in(tablet: u8) -> NewSession {
    tablets::new_session(device(tablet), code::session_hash(&[tablet; 32]), now())
}

const STORE: StoreId = StoreId::from_bytes([1; 16]);

/// A store with a person on each tablet.
fn prepare(data: &Path) {
    let place = DataPlace::new(data);
    let database = place.open_or_create(false).unwrap();
    let master = place.open_master(&database, false).unwrap();
    MASTER.set(master).unwrap();
    let store = STORE;
    let founding = Founding {
        store: Store {
            id: store,
            code: "HZ1".to_owned(),
            name: "Store".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        },
        person: PersonId::from_bytes([1; 16]),
        name: "Person 1".to_owned(),
        password: PasswordHash::from_phc("none".to_owned()),
        tablet: new_tablet(1),
        session: sign_in(1),
    };
    database.found(&founding).unwrap();
    for tablet in 2..=TABLETS {
        let account = NewAccount {
            id: PersonId::from_bytes([tablet; 16]),
            name: format!("Person {tablet}"),
            posts: vec![Post::new(store, Role::Consultant)],
            code: None,
        };
        database
            .add_person(&account, By::command_line(now()))
            .unwrap();
        tablets::issue_code(&database, device(tablet), now()).unwrap();
        tablets::enrol(&database, &new_tablet(tablet)).unwrap();
        database.sign_in(account.id, &sign_in(tablet)).unwrap();
    }
}

/// One tablet that edits and pushes until the server is gone.
struct Tablet {
    number: u8,
    randomness: SeededRandomness,
    documents: BTreeMap<DocumentId, Document>,
    device_seq: u64,
}

impl Tablet {
    /// An edit of some card, or a new card.
    fn edit(&mut self, writer: &Writer) -> (PushItem, (DocumentId, ChangeHash)) {
        self.device_seq += 1;
        let id = match self.documents.keys().next() {
            Some(first) if !self.device_seq.is_multiple_of(4) => *first,
            Some(_) | None => DocumentId::new(now(), &mut self.randomness),
        };
        let is_new = !self.documents.contains_key(&id);
        let document = self.documents.entry(id).or_insert_with(Document::found);
        let text = format!("edit {}", self.device_seq);
        let command = if is_new {
            Command::OpenCard(NewCard {
                fields: BTreeMap::from([(CustomerField::Name, text)]),
                ..NewCard::default()
            })
        } else {
            let field = CustomerField::Name;
            Command::EditCard {
                edits: vec![Edit::SetField { field, value: text }],
            }
        };
        let change = run(document, &command, writer, now()).unwrap().unwrap();
        let hash = gate::parse(&change).unwrap().hash;
        let mut group = [0; 16];
        self.randomness.fill(&mut group);
        let docket = Docket {
            device: writer.author.device,
            device_seq: self.device_seq,
            group: GroupId::from_bytes(group),
            person: writer.author.person,
        };
        let master = MASTER.get().unwrap();
        let key = master.delivery_key(docket.device, docket.person);
        let feed = Feed::of_owner(STORE, FeedKind::Cards, docket.person).id;
        let item = sealed(&key, docket, feed, id, change);
        (item, (id, hash))
    }

    fn push_until_killed(mut self, address: SocketAddr, acked: &Acked, count: &AtomicUsize) {
        let origin = format!("http://{address}");
        let mut socket = RawSocket::open(address, Some(&cookie(self.number).to_text()), &origin)
            .expect("a socket");
        let token = SessionToken::from_bytes([self.number; 32]).to_hex();
        socket.send(&hello(device(self.number), Some(&token)));
        let mut actor = [0; 16];
        self.randomness.fill(&mut actor);
        let author = ChangeAuthor {
            person: PersonId::from_bytes([self.number; 16]),
            device: DeviceId::from_bytes([self.number; 16]),
        };
        let writer = Writer { author, actor };
        loop {
            let mut items = Vec::new();
            let mut waiting = BTreeMap::new();
            for _ in 0..PUSHED {
                let (item, edit) = self.edit(&writer);
                waiting.insert(item.device_seq, edit);
                items.push(item);
            }
            socket.send(&ClientMessage::Push(Push { items }));
            while !waiting.is_empty() {
                match socket.next_message() {
                    Some(ServerMessage::Ack(ack)) => {
                        for entry in ack.entries {
                            if let Some(edit) = waiting.remove(&entry.device_seq) {
                                acked.lock().unwrap().push(edit);
                                count.fetch_add(1, Ordering::SeqCst);
                            }
                        }
                    }
                    Some(ServerMessage::Refused(refused)) => panic!("{refused:?}"),
                    Some(_) => {}
                    None => return,
                }
            }
        }
    }
}

fn check(place: &DataPlace, acked: &[(DocumentId, ChangeHash)]) {
    let visit = doctor::visit(place, false, &|_| {}).unwrap();
    assert!(visit.examination.is_healthy(), "{:?}", visit.examination);
    let database = place.open().unwrap();
    for (document, change) in acked {
        let found = database.seq_of(*document, *change).unwrap();
        assert!(found.is_some(), "an acknowledged edit is gone");
    }
}

/// Writes a backup through the running server, while tablets push.
fn back_up(place: &DataPlace, file: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let request = AdminRequest::BackUp {
        file: file.to_owned(),
        replace: false,
    };
    let answer = runtime.block_on(client::run(place, request, &|_| {}));
    let answer = answer.unwrap();
    assert!(
        matches!(answer, AdminResponse::Done(AdminOutcome::BackedUp(_))),
        "{answer:?}"
    );
}

#[test]
#[ignore = "the server of the test below, not a test"]
fn serves_for_the_test_below() {
    serve_inside();
}

#[test]
fn what_was_acknowledged_survives_a_server_that_is_killed_under_load() {
    let test = "kills::serves_for_the_test_below";
    let mut server = ServerProcess::start_inside(test, prepare);
    let place = DataPlace::new(server.data());
    let acked = Acked::default();
    for round in 0..KILLS {
        let address: SocketAddr = server.address().parse().unwrap();
        let count = Arc::new(AtomicUsize::new(0));
        let tablets: Vec<_> = (1..=TABLETS)
            .map(|number| {
                let tablet = Tablet {
                    number,
                    randomness: SeededRandomness(round * 100 + u64::from(number)),
                    documents: BTreeMap::new(),
                    device_seq: round * 1_000_000,
                };
                let (acked, count) = (Arc::clone(&acked), Arc::clone(&count));
                thread::spawn(move || tablet.push_until_killed(address, &acked, &count))
            })
            .collect();
        let enough = |edits: usize| {
            wait::until("acknowledged edits", || {
                Ok((count.load(Ordering::SeqCst) >= edits).then_some(()))
            })
            .unwrap();
        };
        enough(EDITS / 2);
        let folder = tempfile::tempdir().unwrap();
        let copy = DataPlace::new(folder.path());
        let before = acked.lock().unwrap().clone();
        if round == 1 {
            back_up(&place, &copy.database());
        }
        enough(EDITS);
        server.kill9();
        for tablet in tablets {
            tablet.join().unwrap();
        }
        check(&place, &acked.lock().unwrap());
        if round == 1 {
            std::fs::copy(place.ledger(), copy.ledger()).unwrap();
            check(&copy, &before);
        }
        server.restart();
    }
    let all = acked.lock().unwrap().len();
    assert!(all >= EDITS * usize::try_from(KILLS).unwrap(), "{all}");
}
