//! Messages and stored values as bytes: golden files, limits, and what arbitrary bytes do.
#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]

use std::fs;
use std::path::Path;

use floorbook_shared::access::{Feed, FeedKind, Person, Scope, Store};
use floorbook_shared::device::storage;
use floorbook_shared::document::{DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, StoreId};
use floorbook_shared::sync::chain::{Chain, ChangeHash, Cursor};
use floorbook_shared::sync::codec::{DecodeError, Message};
use floorbook_shared::sync::message::{
    Ack, Bye, ClientMessage, FeedCursor, FeedSelection, FeedState, Frame, FrameItem, Hello,
    MESSAGE_MAX_BYTES, PROTOCOL_VERSION, Push, PushItem, Refused, ServerMessage, Welcome,
};
use floorbook_shared::time::Timestamp;
use proptest::prelude::*;

const STORE: StoreId = StoreId::from_bytes([1; 16]);
const FEED: FeedId = FeedId::from_bytes([2; 16]);
const PERSON: PersonId = PersonId::from_bytes([3; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([4; 16]);
const DOCUMENT: DocumentKey = DocumentKey {
    id: DocumentId::from_bytes([5; 16]),
    incarnation: 0,
};
const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);

/// A place some way into a log.
fn cursor(seq: u64) -> Cursor {
    let hash = ChangeHash::from_bytes([6; 32]);
    Cursor {
        seq,
        whole: seq,
        chain: Chain::START.extend(seq, DOCUMENT.id, &hash),
    }
}

fn feed_cursor(store: StoreId, seq: u64) -> FeedCursor {
    FeedCursor {
        store,
        cursor: cursor(seq),
        feeds: FeedSelection::All,
    }
}

fn hello(stores: u8) -> ClientMessage {
    ClientMessage::Hello(Hello {
        version: PROTOCOL_VERSION,
        capabilities: 0,
        device: DEVICE,
        scope_version: 12,
        cursors: (0..stores)
            .map(|number| feed_cursor(StoreId::from_bytes([number; 16]), 1_000_000))
            .collect(),
    })
}

fn scope() -> Scope {
    Scope {
        version: 12,
        stores: vec![Store {
            id: STORE,
            code: "HZ1".to_owned(),
            name: "杭州".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
        }],
        people: vec![Person {
            id: PERSON,
            name: "林雨桐".to_owned(),
            stores: vec![STORE],
            is_administrator: false,
            is_active: true,
        }],
        feeds: vec![Feed {
            id: FEED,
            store: STORE,
            kind: FeedKind::Cards,
            owner: PERSON,
        }],
    }
}

fn welcome(scope: Option<Scope>) -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        version: PROTOCOL_VERSION,
        capabilities: 0,
        now: NOW,
        scope,
        rewound: Vec::new(),
    })
}

fn frame(store: StoreId, items: Vec<FrameItem>) -> ServerMessage {
    ServerMessage::Frame(Frame {
        after: cursor(1_000_000),
        position: feed_cursor(store, 1_000_000),
        items,
        remaining: 0,
    })
}

fn client_messages() -> Vec<(&'static str, ClientMessage)> {
    let item = PushItem {
        device_seq: 7,
        group: GroupId::from_bytes([8; 16]),
        person: PERSON,
        document: DOCUMENT,
        kind: DocumentKind::Customer,
        feed: FEED,
        change: vec![1, 2, 3],
    };
    let these = FeedCursor {
        feeds: FeedSelection::These(vec![FEED]),
        ..feed_cursor(STORE, 9)
    };
    vec![
        ("hello", hello(1)),
        ("push", ClientMessage::Push(Push { items: vec![item] })),
        (
            "cursor_confirmed",
            ClientMessage::CursorConfirmed(vec![these]),
        ),
        ("ping", ClientMessage::Ping(300)),
    ]
}

fn server_messages() -> Vec<(&'static str, ServerMessage)> {
    let item = FrameItem {
        document: DOCUMENT,
        kind: DocumentKind::Customer,
        feed: FEED,
        state: FeedState::Here,
        is_whole: true,
        chunks: vec![vec![1, 2, 3], vec![4]],
        row: b"{}".to_vec(),
    };
    vec![
        ("welcome", welcome(Some(scope()))),
        ("frame", frame(STORE, vec![item])),
        (
            "ack",
            ServerMessage::Ack(Ack {
                device_seqs: vec![7, 300],
                at: NOW,
            }),
        ),
        (
            "refused",
            ServerMessage::Refused(Refused {
                device_seq: 7,
                code: "too_large".to_owned(),
            }),
        ),
        ("pong", ServerMessage::Pong(300)),
        ("bye", ServerMessage::Bye(Bye::SignInNeeded)),
    ]
}

/// Compares bytes with a golden file; `FLOORBOOK_WRITE_GOLDEN` writes it anew.
fn check_golden(name: &str, bytes: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.hex"));
    let text = format!("{}\n", hex::encode(bytes));
    if std::env::var_os("FLOORBOOK_WRITE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(
        text,
        fs::read_to_string(&path).unwrap(),
        "the format of {name} changed"
    );
}

#[test]
fn messages_keep_their_bytes() {
    for (name, message) in client_messages() {
        check_golden(name, &message.encode());
        assert_eq!(
            ClientMessage::decode(&message.encode()),
            Ok(Some(message)),
            "{name}"
        );
    }
    for (name, message) in server_messages() {
        check_golden(name, &message.encode());
        assert_eq!(
            ServerMessage::decode(&message.encode()),
            Ok(Some(message)),
            "{name}"
        );
    }
}

#[test]
fn stored_values_keep_their_envelope() {
    check_golden("envelope", &storage::seal("李女士".as_bytes()));
}

#[test]
fn a_reconnect_with_nothing_new_stays_under_two_hundred_bytes_each_way() {
    let up = hello(2).encode().len();
    let stores = [StoreId::from_bytes([0; 16]), StoreId::from_bytes([1; 16])];
    let frames = stores.map(|store| frame(store, Vec::new()).encode().len());
    let down = welcome(None).encode().len() + frames.iter().sum::<usize>();
    assert!(up < 200, "{up} bytes up");
    assert!(down < 250, "{down} bytes down for two stores");
    let one = welcome(None).encode().len() + frames.first().unwrap();
    assert!(one < 200, "{one} bytes down for one store");
}

#[test]
fn cut_messages_are_errors_and_longer_ones_come_from_a_newer_version() {
    for (name, message) in server_messages() {
        let bytes = message.encode();
        for length in 0..bytes.len() {
            let cut = bytes.get(..length).unwrap();
            assert_eq!(
                ServerMessage::decode(cut),
                Err(DecodeError::CutOff),
                "{name} {length}"
            );
        }
        let mut longer = bytes.clone();
        longer.extend_from_slice(b"more");
        let length = u32::try_from(longer.len() - 6).unwrap().to_be_bytes();
        longer.get_mut(2..6).unwrap().copy_from_slice(&length);
        assert_eq!(ServerMessage::decode(&longer), Ok(Some(message)), "{name}");
    }
}

#[test]
fn unknown_kinds_are_skipped_and_oversized_messages_refused() {
    assert_eq!(
        ClientMessage::decode(&[0x7f, 0xff, 0, 0, 0, 1, 9]),
        Ok(None)
    );
    assert_eq!(
        ServerMessage::decode(&[0x7f, 0xff, 0, 0, 0, 1, 9]),
        Ok(None)
    );
    let huge = vec![0; MESSAGE_MAX_BYTES + 1];
    assert_eq!(ClientMessage::decode(&huge), Err(DecodeError::TooLong));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(kind in 0_u16..120, body in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = kind.to_be_bytes().to_vec();
        bytes.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend_from_slice(&body);
        let _ = ClientMessage::decode(&bytes);
        let _ = ServerMessage::decode(&bytes);
        let _ = ClientMessage::decode(&body);
        let _ = ServerMessage::decode(&body);
        let _ = storage::open(&body);
    }
}
