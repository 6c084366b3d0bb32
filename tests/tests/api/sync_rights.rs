//! Every sync message against every role: what is not allowed is refused by the server, whatever
//! the tablet is made to send.
//!
//! The table is made from the messages themselves: a new kind does not compile until it says here
//! what it may show and change.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use floorbook_server::state::AppState;
use floorbook_shared::access::{Access, Feed, FeedKind, Post, Role, Store, StoreSettings};
use floorbook_shared::api::{InvitationCode, NewPerson};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::fingerprint::{BUCKETS, Fingerprint};
use floorbook_shared::sync::message::{
    Bye, ClientMessage, Compare, Confirmed, Cursors, FeedCursor, FeedSelection, Fetch, History,
    Offer, Offered, Push, PushItem, Report, ServerMessage,
};
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::delivery::Docket;
use floorbook_tests::api::socket::{RawSocket, hello, sealed};
use floorbook_tests::api::{Browser, PASSWORD, TestApp};
use floorbook_tests::wait;

/// The kinds of messages that a tablet sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Hello,
    Push,
    CursorConfirmed,
    Ping,
    History,
    Compare,
    Fetch,
    Cursors,
    Report,
    Offer,
}

/// How many they are.
const KINDS: usize = 10;

/// A kind that is added to the messages has to be added here, and with that to the table.
const fn kind_of(message: &ClientMessage) -> Kind {
    match message {
        ClientMessage::Hello(_) => Kind::Hello,
        ClientMessage::Push(_) => Kind::Push,
        ClientMessage::CursorConfirmed(_) => Kind::CursorConfirmed,
        ClientMessage::Ping(_) => Kind::Ping,
        ClientMessage::History(_) => Kind::History,
        ClientMessage::Compare(_) => Kind::Compare,
        ClientMessage::Fetch(_) => Kind::Fetch,
        ClientMessage::Cursors(_) => Kind::Cursors,
        ClientMessage::Report(_) => Kind::Report,
        ClientMessage::Offer(_) => Kind::Offer,
    }
}

/// What a message may come to for somebody with this access to the book that it is about.
const fn allowed(kind: Kind, access: Option<Access>) -> Effect {
    let sees = access.is_some();
    let writes = matches!(access, Some(Access::Write));
    match kind {
        Kind::Hello | Kind::Cursors | Kind::Compare | Kind::Fetch => Effect {
            shows: sees,
            changes: false,
        },
        Kind::Push => Effect {
            shows: false,
            changes: writes,
        },
        // A note of what the tablet holds, for the books that it may hold.
        Kind::CursorConfirmed => Effect {
            shows: false,
            changes: sees,
        },
        // What the table offers has no receipt of the server's: it brings nothing in.
        Kind::Ping | Kind::History | Kind::Report | Kind::Offer => Effect {
            shows: false,
            changes: false,
        },
    }
}

/// What a message did with the card of the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Effect {
    shows: bool,
    changes: bool,
}

/// The store with the card, and the card.
#[derive(Clone, Copy)]
struct Ground {
    store: StoreId,
    feed: FeedId,
    card: DocumentKey,
}

impl Ground {
    fn selection(self) -> FeedCursor {
        FeedCursor {
            store: self.store,
            cursor: Cursor::default(),
            feeds: FeedSelection::These(vec![self.feed]),
        }
    }

    /// One message of each kind, all about the card and its book.
    fn messages(self, device: DeviceId, push: PushItem) -> Vec<ClientMessage> {
        let confirmed = FeedCursor {
            cursor: Cursor {
                seq: 7,
                whole: 7,
                ..Cursor::default()
            },
            ..self.selection()
        };
        vec![
            hello(device, None),
            ClientMessage::Push(Push { items: vec![push] }),
            ClientMessage::CursorConfirmed(Confirmed {
                frames: 1,
                scope_version: 1,
                positions: vec![confirmed],
            }),
            ClientMessage::Ping(9),
            ClientMessage::History(History {
                store: self.store,
                feeds: FeedSelection::These(vec![self.feed]),
                cursors: vec![Cursor::default()],
            }),
            ClientMessage::Compare(Compare {
                store: self.store,
                buckets: vec![Fingerprint::EMPTY; BUCKETS],
            }),
            ClientMessage::Fetch(Fetch {
                store: self.store,
                documents: vec![self.card.id],
            }),
            ClientMessage::Cursors(Cursors {
                scope_version: 1,
                cursors: vec![self.selection()],
            }),
            ClientMessage::Offer(Offer {
                store: self.store,
                documents: vec![Offered {
                    document: self.card,
                    kind: DocumentKind::Customer,
                    feed: self.feed,
                    receipt: vec![7; 24],
                    heads: Vec::new(),
                    changes: Vec::new(),
                }],
            }),
            ClientMessage::Report(Report {
                program: "9".to_owned(),
                now: Timestamp::default(),
                waiting: 0,
                storage: None,
            }),
        ]
    }
}

/// Somebody on a tablet.
struct Player {
    what: &'static str,
    browser: Browser,
    person: PersonId,
    device: DeviceId,
}

impl Player {
    fn open(&self, address: SocketAddr) -> RawSocket {
        let origin = format!("http://{address}");
        RawSocket::open(address, self.browser.cookie.as_deref(), &origin).unwrap()
    }

    /// Writes on the card as it is now.
    fn change(&self, state: &AppState, ground: Ground, number: u8) -> PushItem {
        let stored = state.database.document(ground.card.id).unwrap().unwrap();
        let mut document = Document::load(stored.chunks.iter().map(Vec::as_slice)).unwrap();
        let mut actor = *self.person.as_bytes();
        actor[0] = number;
        let writer = Writer {
            author: ChangeAuthor {
                person: self.person,
                device: self.device,
            },
            actor,
        };
        let edit = Edit::SetField {
            field: CustomerField::Wechat,
            value: format!("{}{number}", self.what),
        };
        let command = Command::EditCard { edits: vec![edit] };
        let now = Timestamp::from_millis(1_800_000_000_000);
        let change = run(&mut document, &command, &writer, now);
        self.sealed(state, ground, number, change.unwrap().unwrap())
    }

    /// The change as the player's outbox would have it.
    fn sealed(&self, state: &AppState, ground: Ground, number: u8, change: Vec<u8>) -> PushItem {
        let docket = Docket {
            device: self.device,
            device_seq: u64::from(number),
            group: GroupId::from_bytes([number; 16]),
            person: self.person,
        };
        let key = state.master().delivery_key(self.device, self.person);
        sealed(&key, docket, ground.feed, ground.card.id, change)
    }
}

/// What the server said until it answered a ping.
fn heard(socket: &mut RawSocket) -> Vec<ServerMessage> {
    socket.send(&ClientMessage::Ping(77));
    let mut heard = Vec::new();
    while let Some(message) = socket.next_message() {
        if message == ServerMessage::Pong(77) {
            break;
        }
        heard.push(message);
    }
    heard
}

/// Greets, and hears everything until the last frame of each book in scope.
fn greet(socket: &mut RawSocket, player: &Player) -> Vec<ServerMessage> {
    socket.send(&hello(player.device, player.browser.token.as_ref()));
    let mut heard = Vec::new();
    let mut scope = None;
    let mut waiting: BTreeSet<FeedId> = BTreeSet::new();
    loop {
        let message = socket.next_message().expect("the server goes on talking");
        if let ServerMessage::Welcome(welcome) = &message {
            scope = welcome.scope.clone();
            let feeds = scope.iter().flat_map(|scope| &scope.feeds);
            waiting = feeds.map(|feed| feed.id).collect();
        }
        if let ServerMessage::Frame(frame) = &message {
            socket.send(&ClientMessage::CursorConfirmed(Confirmed {
                frames: 1,
                ..Confirmed::default()
            }));
            let position = &frame.position;
            let feeds = position
                .feeds
                .feeds(scope.as_ref().unwrap(), position.store);
            if frame.is_last() {
                waiting.retain(|feed| !feeds.contains(feed));
            }
        }
        heard.push(message);
        if waiting.is_empty() {
            return heard;
        }
    }
}

/// Whether something of a card is in what the server said.
fn shows(heard: &[ServerMessage], card: DocumentId) -> bool {
    heard.iter().any(|message| match message {
        ServerMessage::Frame(frame) => {
            let mut items = frame.items.iter();
            items.any(|item| item.document.id == card)
        }
        ServerMessage::Fetched(fetched) => {
            let mut items = fetched.items.iter();
            items.any(|item| item.document.id == card)
        }
        ServerMessage::Compared(compared) => {
            let mut documents = compared.documents.iter();
            documents.any(|(id, _)| *id == card)
        }
        ServerMessage::Welcome(_)
        | ServerMessage::Ack(_)
        | ServerMessage::Refused(_)
        | ServerMessage::Pong(_)
        | ServerMessage::Bye(_)
        | ServerMessage::Rewind(_)
        // It names what the tablet itself named.
        | ServerMessage::Restored(_) => false,
    })
}

fn effect(
    player: &Player,
    state: &AppState,
    address: SocketAddr,
    ground: Ground,
    message: &ClientMessage,
) -> Effect {
    let mut socket = player.open(address);
    let kind = kind_of(message);
    if kind == Kind::Cursors {
        socket.stated = vec![ground.selection()];
    }
    let greeted = greet(&mut socket, player);
    if matches!(kind, Kind::Hello | Kind::Cursors) {
        return Effect {
            shows: shows(&greeted, ground.card.id),
            changes: false,
        };
    }
    let confirmed = || {
        let told = state.database.confirmed(player.device).unwrap();
        told.confirmed.get(&ground.feed).copied()
    };
    let before = confirmed();
    socket.send(message);
    let mut said = Vec::new();
    // What has to be read or written is answered later than a ping.
    let is_answered = |said: &[ServerMessage]| {
        said.iter().any(|message| {
            matches!(
                message,
                ServerMessage::Ack(_)
                    | ServerMessage::Refused(_)
                    | ServerMessage::Compared(_)
                    | ServerMessage::Fetched(_)
                    | ServerMessage::Restored(_)
                    | ServerMessage::Bye(_)
            )
        })
    };
    // Nothing is read for a tablet on which nobody is signed in.
    let is_locked = player.browser.token.is_none();
    let has_answer = match kind {
        Kind::Push | Kind::Offer => true,
        Kind::Compare | Kind::Fetch => !is_locked,
        Kind::Hello
        | Kind::CursorConfirmed
        | Kind::Ping
        | Kind::History
        | Kind::Cursors
        | Kind::Report => false,
    };
    loop {
        said.extend(heard(&mut socket));
        if !has_answer || is_answered(&said) {
            break;
        }
    }
    let is_taken = said
        .iter()
        .any(|message| matches!(message, ServerMessage::Ack(_)));
    if kind == Kind::Push && !is_taken && !is_locked {
        let codes = said.iter().filter_map(|message| {
            if let ServerMessage::Refused(refused) = message {
                Some(refused.code.as_str())
            } else {
                None
            }
        });
        assert_eq!(codes.collect::<Vec<_>>(), ["no_right"], "{}", player.what);
    }
    drop(socket);
    wait::until("no socket", || {
        Ok((state.sockets.count() == 0).then_some(()))
    })
    .unwrap();
    Effect {
        shows: shows(&said, ground.card.id),
        changes: is_taken || confirmed() != before,
    }
}

async fn player(
    app: &TestApp,
    administrator: &mut Browser,
    what: &'static str,
    posts: Vec<Post>,
) -> Player {
    let new = NewPerson {
        name: what.to_owned(),
        posts,
    };
    let answer = administrator.post("/api/people", &new).await;
    let invited: InvitationCode = answer.json();
    let mut browser = app.tablet(administrator).await;
    let joined = browser.join(invited.code.expose(), PASSWORD).await;
    assert!(joined.status.is_success(), "{}", joined.text());
    let scope = app.state.database.scope().unwrap();
    let person = scope.people.iter().find(|person| person.name == what);
    let device = browser.device.unwrap();
    Player {
        what,
        browser,
        person: person.unwrap().id,
        device,
    }
}

fn other_store() -> Store {
    Store {
        id: StoreId::from_bytes([9; 16]),
        code: "HZ2".to_owned(),
        name: "Other".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    }
}

/// Opens the card in its owner's book.
fn open_card(owner: &Player, state: &AppState, address: SocketAddr, ground: Ground) {
    let writer = Writer {
        author: ChangeAuthor {
            person: owner.person,
            device: owner.device,
        },
        actor: [200; 16],
    };
    let command = Command::OpenCard(NewCard {
        fields: [(CustomerField::Name, "Mrs Li".to_owned())].into(),
        ..NewCard::default()
    });
    let now = Timestamp::from_millis(1_800_000_000_000);
    let change = run(&mut Document::found(), &command, &writer, now);
    let item = owner.sealed(state, ground, 1, change.unwrap().unwrap());
    let mut socket = owner.open(address);
    greet(&mut socket, owner);
    socket.send(&ClientMessage::Push(Push { items: vec![item] }));
    socket.wait_for(|message| matches!(message, ServerMessage::Ack(_)).then_some(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_shows_and_changes_only_what_the_role_allows() {
    let (app, mut administrator) = TestApp::set_up().await;
    let store = app.store();
    let by = floorbook_server::database::model::By::command_line(app.state.now());
    let other = other_store();
    app.state.database.add_store(&other, by).unwrap();
    let here = |role| vec![Post::new(store, role)];
    let mut players = Vec::new();
    for (what, posts) in [
        ("the owner", here(Role::Consultant)),
        ("a colleague", here(Role::Consultant)),
        ("a manager", here(Role::Manager)),
        ("the office", here(Role::Office)),
        ("the display", here(Role::Display)),
        ("an administrator", here(Role::Admin)),
        (
            "a consultant elsewhere",
            vec![Post::new(other.id, Role::Consultant)],
        ),
        (
            "a manager elsewhere",
            vec![Post::new(other.id, Role::Manager)],
        ),
    ] {
        players.push(player(&app, &mut administrator, what, posts).await);
    }
    let address = app.listen().await;
    let owner = players.first().unwrap();
    let ground = Ground {
        store,
        feed: Feed::of_owner(store, FeedKind::Cards, owner.person).id,
        card: DocumentKey {
            id: DocumentId::from_bytes([42; 16]),
            incarnation: 0,
        },
    };
    let state = Arc::clone(&app.state);
    tokio::task::spawn_blocking(move || {
        open_card(players.first().unwrap(), &state, address, ground);
        let scope = state.database.scope().unwrap();
        let mut kinds = BTreeSet::new();
        let mut number = 2;
        // The owner's own tablet while nobody is signed in on it.
        let owner = players.first().unwrap();
        let mut locked = owner.browser.clone();
        locked.token = None;
        players.push(Player {
            what: "nobody",
            browser: locked,
            person: owner.person,
            device: owner.device,
        });
        for player in &players {
            let is_known = player.browser.token.is_some();
            let access = scope.access(player.person, ground.feed);
            let count = ground
                .messages(player.device, player.change(&state, ground, 0))
                .len();
            for place in 0..count {
                number += 1;
                let change = player.change(&state, ground, number);
                let messages = ground.messages(player.device, change);
                let message = messages.get(place).unwrap();
                let kind = kind_of(message);
                kinds.insert(kind);
                // What waits on a locked tablet is taken all the same: its seal says whose it is.
                let access = access.filter(|_| is_known || kind == Kind::Push);
                let done = effect(player, &state, address, ground, message);
                assert_eq!(done, allowed(kind, access), "{kind:?} from {}", player.what);
            }
        }
        assert_eq!(kinds.len(), KINDS, "every kind is in the table");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_and_before_the_greeting_no_message_says_anything() {
    let (app, mut administrator) = TestApp::set_up().await;
    let posts = vec![Post::new(app.store(), Role::Manager)];
    let manager = player(&app, &mut administrator, "a manager", posts).await;
    let address = app.listen().await;
    let ground = Ground {
        store: app.store(),
        feed: FeedId::from_bytes([1; 16]),
        card: DocumentKey {
            id: DocumentId::from_bytes([42; 16]),
            incarnation: 0,
        },
    };
    let state = Arc::clone(&app.state);
    tokio::task::spawn_blocking(move || {
        let item = manager.sealed(&state, ground, 1, Vec::new());
        for message in ground.messages(manager.device, item) {
            let origin = format!("http://{address}");
            let mut nobody = RawSocket::open(address, None, &origin).unwrap();
            nobody.send(&message);
            assert_eq!(
                nobody.next_message(),
                Some(ServerMessage::Bye(Bye::SignInNeeded)),
                "{:?}",
                kind_of(&message)
            );
            assert_eq!(nobody.next_message(), None);
            if kind_of(&message) == Kind::Hello {
                continue;
            }
            let mut early = manager.open(address);
            early.send(&message);
            assert_eq!(
                early.next_message(),
                Some(ServerMessage::Bye(Bye::BadMessage)),
                "{:?}",
                kind_of(&message)
            );
            assert_eq!(early.next_message(), None);
        }
    })
    .await
    .unwrap();
}
