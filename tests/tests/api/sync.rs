//! `GET /sync` as a hostile or broken tablet uses it: a clear answer, and the others go on.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test passes over the messages that it does not wait for"
)]

use std::collections::BTreeMap;
use std::net::SocketAddr;

use floorbook_shared::access::FeedKind;
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, NewCard};
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::id::{FeedId, PersonId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::secret::Secret;
use floorbook_shared::sync::message::{Bye, ClientMessage, MESSAGE_MAX_BYTES, ServerMessage};
use floorbook_tests::api::socket::{RawSocket, hello, push};
use floorbook_tests::api::{Browser, TestApp};

/// A person with a socket of their own: what a tablet knows of itself.
#[derive(Clone)]
struct Tablet {
    address: SocketAddr,
    cookie: String,
    token: Secret,
    person: PersonId,
    feed: FeedId,
    browser: Browser,
}

impl Tablet {
    fn new(app: &TestApp, address: SocketAddr, browser: Browser, name: &str) -> Self {
        let scope = app.state.database.scope().unwrap();
        let person = scope
            .people
            .iter()
            .find(|person| person.name == name)
            .unwrap()
            .id;
        let feed = scope
            .feeds
            .iter()
            .find(|feed| feed.owner == Some(person) && feed.kind == FeedKind::Cards)
            .unwrap()
            .id;
        let cookie = browser.cookie.clone().unwrap();
        let token = browser.token.clone().unwrap();
        Self {
            address,
            cookie,
            token,
            person,
            feed,
            browser,
        }
    }

    fn open(&self) -> RawSocket {
        let origin = format!("http://{}", self.address);
        RawSocket::open(self.address, Some(&self.cookie), &origin).unwrap()
    }

    fn hello(&self) -> ClientMessage {
        hello(self.browser.device.unwrap(), Some(&self.token))
    }

    /// A socket that has said hello and holds everything.
    fn greeted(&self) -> RawSocket {
        let mut socket = self.open();
        socket.send(&self.hello());
        socket.wait_for(|message| match message {
            ServerMessage::Frame(frame) if frame.is_last() => Some(()),
            _ => None,
        });
        socket
    }

    /// A change of this tablet's that opens a card.
    fn change(&self, name: &str) -> Vec<u8> {
        let device = self.browser.device.unwrap();
        let author = ChangeAuthor {
            person: self.person,
            device,
        };
        let writer = Writer {
            author,
            actor: *self.person.as_bytes(),
        };
        let fields = BTreeMap::from([(CustomerField::Name, name.to_owned())]);
        let command = Command::OpenCard(NewCard {
            fields,
            ..NewCard::default()
        });
        let mut document = Document::found();
        let now = floorbook_shared::time::Timestamp::from_millis(1_800_000_000_000);
        run(&mut document, &command, &writer, now).unwrap().unwrap()
    }
}

/// Two tablets at one server, given to a blocking test.
async fn with_two_tablets(test: impl FnOnce(Tablet, Tablet) + Send + 'static) {
    let (app, mut administrator) = TestApp::set_up().await;
    let consultant = app.consultant(&mut administrator, "Wang Fang").await;
    let address = app.listen().await;
    let first = Tablet::new(
        &app,
        address,
        administrator,
        floorbook_tests::api::ADMINISTRATOR,
    );
    let second = Tablet::new(&app, address, consultant, "Wang Fang");
    tokio::task::spawn_blocking(move || test(first, second))
        .await
        .unwrap();
}

fn acknowledged(message: ServerMessage) -> Option<Vec<u64>> {
    match message {
        ServerMessage::Ack(ack) => Some(ack.entries.iter().map(|entry| entry.device_seq).collect()),
        _ => None,
    }
}

fn refused(message: ServerMessage) -> Option<String> {
    match message {
        ServerMessage::Refused(refused) => Some(refused.code),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pushed_change_is_acknowledged_and_reaches_the_other_tablet() {
    with_two_tablets(|first, second| {
        let mut listening = second.greeted();
        let mut socket = first.greeted();
        let change = first.change("单于明");
        socket.send(&push(first.person, first.feed, 1, change.clone()));
        assert_eq!(socket.wait_for(acknowledged), [1]);
        // Sent again, it is acknowledged again and changes nothing.
        socket.send(&push(first.person, first.feed, 1, change.clone()));
        assert_eq!(socket.wait_for(acknowledged), [1]);
        let item = listening.wait_for(|message| match message {
            ServerMessage::Frame(frame) => frame.items.into_iter().next(),
            _ => None,
        });
        assert_eq!(item.chunks, [change]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_message_ends_only_its_own_connection() {
    with_two_tablets(|first, second| {
        let mut listening = second.greeted();
        let garbage: [Vec<u8>; 5] = [
            Vec::new(),
            vec![0; 5],
            vec![0, 1, 0, 0, 0, 9, 1],
            vec![0, 2, 0xff, 0xff, 0xff, 0xff],
            [vec![0, 2, 0, 0, 0, 4], vec![0xff; 4]].concat(),
        ];
        for bytes in garbage {
            let mut socket = first.greeted();
            socket.send_bytes(bytes.clone());
            let bye = socket.wait_for(|message| match message {
                ServerMessage::Bye(bye) => Some(bye),
                _ => None,
            });
            assert_eq!(bye, Bye::BadMessage, "{bytes:?}");
            assert_eq!(socket.next_message(), None);
        }
        // Too long: the connection ends before the server keeps any of it.
        let mut socket = first.greeted();
        socket.send_bytes(vec![0; MESSAGE_MAX_BYTES + 1]);
        while socket.next_message().is_some() {}
        // A kind of a newer version is skipped.
        let mut socket = first.greeted();
        socket.send_bytes(vec![0x7f, 0xff, 0, 0, 0, 1, 9]);
        socket.send(&ClientMessage::Ping(7));
        socket.wait_for(|message| (message == ServerMessage::Pong(7)).then_some(()));

        listening.send(&ClientMessage::Ping(8));
        listening.wait_for(|message| (message == ServerMessage::Pong(8)).then_some(()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_change_is_refused_alone() {
    with_two_tablets(|first, second| {
        let mut socket = first.greeted();
        let foreign = second.change("抢来的");
        socket.send(&push(first.person, first.feed, 1, foreign));
        assert_eq!(socket.wait_for(refused), "foreign_author");
        socket.send(&push(first.person, first.feed, 1, vec![1, 2, 3]));
        assert_eq!(socket.wait_for(refused), "no_change");
        socket.send(&push(
            first.person,
            FeedId::default(),
            1,
            first.change("无处可去"),
        ));
        assert_eq!(socket.wait_for(refused), "unknown_feed");
        socket.send(&push(first.person, first.feed, 1, first.change("自己的")));
        assert_eq!(socket.wait_for(acknowledged), [1]);
        // Work of someone else stays in the outbox until they are signed in: it is not refused.
        let work = push(second.person, first.feed, 2, second.change("同事的"));
        socket.send(&work);
        let bye = socket.wait_for(|message| match message {
            ServerMessage::Bye(bye) => Some(bye),
            _ => None,
        });
        assert_eq!(bye, Bye::SignInNeeded);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_converses_without_a_session_of_this_tablet() {
    with_two_tablets(|first, second| {
        let origin = format!("http://{}", first.address);
        let dismissed = |mut socket: RawSocket| {
            socket.send(&first.hello());
            assert_eq!(
                socket.next_message(),
                Some(ServerMessage::Bye(Bye::SignInNeeded))
            );
        };
        dismissed(RawSocket::open(first.address, None, &origin).unwrap());
        dismissed(RawSocket::open(first.address, Some("forged"), &origin).unwrap());
        // A cookie speaks for its own tablet only, and so does a session.
        dismissed(second.open());
        let mut socket = second.open();
        let device = second.browser.device.unwrap();
        socket.send(&hello(device, Some(&first.token)));
        assert_eq!(
            socket.next_message(),
            Some(ServerMessage::Bye(Bye::SignInNeeded))
        );
        assert!(
            RawSocket::open(first.address, Some(&first.cookie), "http://evil.example").is_err(),
            "another site must not open a socket with our cookie"
        );
        // Nothing before hello.
        let mut socket = first.open();
        socket.send(&push(first.person, first.feed, 1, first.change("太早")));
        assert_eq!(
            socket.next_message(),
            Some(ServerMessage::Bye(Bye::BadMessage))
        );
    })
    .await;
}
