//! `GET /sync` as a hostile or broken tablet uses it: a clear answer, and the others go on.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test passes over the messages that it does not wait for"
)]

use std::collections::BTreeMap;
use std::net::SocketAddr;

use base64::Engine as _;
use floorbook_server::database::model::{Deed, Denial};
use floorbook_shared::access::FeedKind;
use floorbook_shared::api::RescueReport;
use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, NewCard};
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::id::{FeedId, GroupId, PersonId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::secret::Secret;
use floorbook_shared::sync::message::{
    Bye, ClientMessage, MESSAGE_MAX_BYTES, PushItem, ServerMessage,
};
use floorbook_shared::vault::delivery::{Docket, ForgedSeal};
use floorbook_shared::vault::key::Key;
use floorbook_shared::vault::master::MasterSecret;
use floorbook_shared::vault::rescue::RescueFile;
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
    master: MasterSecret,
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
            master: app.state.master().clone(),
        }
    }

    /// What stands on a piece of this tablet's work.
    fn docket(&self) -> Docket {
        Docket {
            device: self.browser.device.unwrap(),
            device_seq: 1,
            group: GroupId::default(),
            person: self.person,
        }
    }

    /// Work of this person on this tablet, honestly sealed.
    fn push(&self, feed: FeedId, document: u8, change: Vec<u8>) -> ClientMessage {
        let docket = self.docket();
        let key = self.master.delivery_key(docket.device, docket.person);
        push(&key, docket, feed, document, change)
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
        // The first person manages the store, so they see the book of the second.
        let mut listening = first.greeted();
        let mut socket = second.greeted();
        let change = second.change("单于明");
        socket.send(&second.push(second.feed, 1, change.clone()));
        assert_eq!(socket.wait_for(acknowledged), [1]);
        // Sent again, it is acknowledged again and changes nothing.
        socket.send(&second.push(second.feed, 1, change.clone()));
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
        socket.send(&first.push(first.feed, 1, foreign));
        assert_eq!(socket.wait_for(refused), "foreign_author");
        socket.send(&first.push(first.feed, 1, vec![1, 2, 3]));
        assert_eq!(socket.wait_for(refused), "no_change");
        socket.send(&first.push(FeedId::default(), 1, first.change("无处可去")));
        assert_eq!(socket.wait_for(refused), "unknown_feed");
        socket.send(&first.push(first.feed, 1, first.change("自己的")));
        assert_eq!(socket.wait_for(acknowledged), [1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_hold_of_a_colleagues_card_by_calling_it_their_own() {
    let (app, mut administrator) = TestApp::set_up().await;
    let wang = app.consultant(&mut administrator, "Wang Fang").await;
    let zhao = app.consultant(&mut administrator, "Zhao Min").await;
    let address = app.listen().await;
    let wang = Tablet::new(&app, address, wang, "Wang Fang");
    let zhao = Tablet::new(&app, address, zhao, "Zhao Min");
    tokio::task::spawn_blocking(move || {
        let mut honest = wang.greeted();
        honest.send(&wang.push(wang.feed, 5, wang.change("王的顾客")));
        assert_eq!(honest.wait_for(acknowledged), [1]);
        let mut socket = zhao.greeted();
        let office = floorbook_shared::access::Feed::of_store(app.store(), FeedKind::Office).id;
        for (what, feed, document) in [
            ("a colleague's card in one's own book", zhao.feed, 5),
            ("a colleague's card where it is", wang.feed, 5),
            ("a new card in a colleague's book", wang.feed, 6),
            ("a new card in the office's book", office, 6),
        ] {
            socket.send(&zhao.push(feed, document, zhao.change("抢来的")));
            assert_eq!(socket.wait_for(refused), "no_right", "{what}");
        }
        let stored = app.state.database.document_ids().unwrap();
        assert_eq!(stored.len(), 1);
        let card = app.state.database.document(stored[0]).unwrap().unwrap();
        assert_eq!((card.place.feed, card.chunks.len()), (wang.feed, 1));
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_passes_work_off_as_someone_elses() {
    with_two_tablets(|first, second| {
        let mut socket = first.greeted();
        let own = first.docket();
        let own_key = first.master.delivery_key(own.device, own.person);
        let change = || first.change("冒名");
        // In the name of a colleague, with one's own key or with a key that was made up.
        let theirs = Docket {
            person: second.person,
            ..own
        };
        for key in [own_key.clone(), Key::from_bytes([7; 32])] {
            socket.send(&push(&key, theirs, first.feed, 1, change()));
            assert_eq!(socket.wait_for(refused), ForgedSeal::CODE);
        }
        // What they sealed on their own tablet is worth nothing on this one.
        let stolen = second.push(second.feed, 2, second.change("偷来的"));
        socket.send(&stolen);
        assert_eq!(socket.wait_for(refused), ForgedSeal::CODE);
        // Nor does it fit under another number or another command.
        for changed in [
            |item: &mut PushItem| item.device_seq = 2,
            |item: &mut PushItem| item.group = GroupId::from_bytes([9; 16]),
            |item: &mut PushItem| *item.work.last_mut().unwrap() ^= 1,
            |item: &mut PushItem| item.work.clear(),
        ] {
            let ClientMessage::Push(mut honest) = first.push(first.feed, 1, change()) else {
                panic!("a push")
            };
            changed(&mut honest.items[0]);
            socket.send(&ClientMessage::Push(honest));
            assert_eq!(socket.wait_for(refused), ForgedSeal::CODE);
        }
        socket.send(&first.push(first.feed, 1, change()));
        assert_eq!(socket.wait_for(acknowledged), [1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rescue_file_is_taken_in_once_also_of_a_tablet_that_was_given_up() {
    let (app, mut administrator) = TestApp::set_up().await;
    let consultant = app.consultant(&mut administrator, "Wang Fang").await;
    let address = app.listen().await;
    let tablet = Tablet::new(&app, address, consultant, "Wang Fang");
    let device = tablet.browser.device.unwrap();
    let ClientMessage::Push(honest) = tablet.push(tablet.feed, 1, tablet.change("抢救")) else {
        panic!("a push")
    };
    let mut forged = honest.items.clone();
    forged[0].device_seq = 2;
    let items = [honest.items, forged].concat();
    let file = RescueFile { device, items }.to_bytes();
    let retire = format!("/api/tablets/{device}/retire");
    let retired = administrator.post(&retire, &serde_json::json!(null)).await;
    assert!(retired.status.is_success());
    for _ in 0..2 {
        let content = base64::engine::general_purpose::STANDARD.encode(&file);
        let request = serde_json::json!({ "content": content });
        let answer = administrator.post("/api/rescue", &request).await;
        let report: RescueReport = answer.json();
        assert_eq!((report.device, report.taken), (device, 1));
        assert_eq!(report.refused.len(), 1);
        assert_eq!(report.refused[0].code, ForgedSeal::CODE);
    }
    let ids = app.state.database.document_ids().unwrap();
    assert_eq!(ids.len(), 1);
    let audit = app.state.database.audit(0, 1_000).unwrap();
    let taken = Deed::RescueTaken {
        tablet: device,
        taken: 1,
        refused: 1,
    };
    let told = audit.iter().filter(|entry| entry.deed == taken);
    let people: Vec<_> = told.map(|entry| entry.device).collect();
    assert_eq!(people, [administrator.device; 2], "who took it in");
    let forged = Deed::Denied {
        denial: Denial::ForgedSeal,
        times: 1,
    };
    let told: Vec<_> = audit.iter().filter(|one| one.deed == forged).collect();
    assert_eq!(told.len(), 1, "once a minute");
    assert_eq!((told[0].device, told[0].person), (Some(device), None));
    let request = serde_json::json!({ "content": "bm90IGE=" });
    let answer = administrator.post("/api/rescue", &request).await;
    assert_eq!(answer.error(), (422, "no_rescue_file".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_tablet_delivers_for_its_people_and_learns_nothing() {
    with_two_tablets(|first, _second| {
        let mut socket = first.open();
        socket.send(&hello(first.browser.device.unwrap(), None));
        let welcome = socket.wait_for(|message| match message {
            ServerMessage::Welcome(welcome) => Some(welcome),
            _ => None,
        });
        assert_eq!((welcome.scope, welcome.keys), (None, None));
        socket.send(&first.push(first.feed, 1, first.change("还锁着")));
        assert_eq!(socket.wait_for(acknowledged), [1]);
        socket.send(&ClientMessage::Ping(3));
        // No frame in between.
        assert_eq!(socket.next_message(), Some(ServerMessage::Pong(3)));
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
        socket.send(&first.push(first.feed, 1, first.change("太早")));
        assert_eq!(
            socket.next_message(),
            Some(ServerMessage::Bye(Bye::BadMessage))
        );
    })
    .await;
}
