//! The store, the card and the people of the tests about rights.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use floorbook_server::state::AppState;
use floorbook_shared::access::{Feed, FeedKind, Post, Store, StoreSettings};
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
    ClientMessage, Compare, Confirmed, Cursors, FeedCursor, FeedSelection, Fetch, History, Offer,
    Offered, Push, PushItem, Report, ServerMessage,
};
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::delivery::Docket;
use floorbook_tests::api::socket::{RawSocket, hello, sealed};
use floorbook_tests::api::{Browser, PASSWORD, TestApp};

/// The store with the card, and the card.
#[derive(Clone, Copy)]
pub(in super::super) struct Ground {
    pub(in super::super) store: StoreId,
    pub(in super::super) feed: FeedId,
    pub(in super::super) card: DocumentKey,
}

impl Ground {
    pub(in super::super) fn selection(self) -> FeedCursor {
        FeedCursor {
            store: self.store,
            cursor: Cursor::default(),
            feeds: FeedSelection::These(vec![self.feed]),
        }
    }

    /// One message of each kind, all about the card and its book.
    pub(in super::super) fn messages(self, device: DeviceId, push: PushItem) -> Vec<ClientMessage> {
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
#[derive(Clone)]
pub(in super::super) struct Player {
    pub(in super::super) what: &'static str,
    pub(in super::super) browser: Browser,
    pub(in super::super) person: PersonId,
    pub(in super::super) device: DeviceId,
}

impl Player {
    pub(in super::super) fn open(&self, address: SocketAddr) -> RawSocket {
        let origin = format!("http://{address}");
        RawSocket::open(address, self.browser.cookie.as_deref(), &origin).unwrap()
    }

    /// Writes on the card as it is now.
    pub(in super::super) fn change(
        &self,
        state: &AppState,
        ground: Ground,
        number: u8,
    ) -> PushItem {
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
    pub(in super::super) fn sealed(
        &self,
        state: &AppState,
        ground: Ground,
        number: u8,
        change: Vec<u8>,
    ) -> PushItem {
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

/// Greets, and hears everything until the last frame of each book in scope.
pub(in super::super) fn greet(socket: &mut RawSocket, player: &Player) -> Vec<ServerMessage> {
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

pub(in super::super) async fn player(
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

pub(in super::super) fn other_store() -> Store {
    Store {
        id: StoreId::from_bytes([9; 16]),
        code: "HZ2".to_owned(),
        name: "Other".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    }
}

/// Opens the card in its owner's book.
pub(in super::super) fn open_card(
    owner: &Player,
    state: &AppState,
    address: SocketAddr,
    ground: Ground,
) {
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

/// The book of a player and the card that they open there.
pub(in super::super) fn ground(store: StoreId, owner: &Player) -> Ground {
    Ground {
        store,
        feed: Feed::of_owner(store, FeedKind::Cards, owner.person).id,
        card: DocumentKey {
            id: DocumentId::from_bytes([42; 16]),
            incarnation: 0,
        },
    }
}
