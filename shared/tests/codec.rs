//! Messages and stored values as bytes: golden files, damaged bytes, sizes.
//!
//! `FLOORBOOK_WRITE_GOLDEN=1` writes the golden files anew; formats freeze at the first tag.
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]

#[path = "codec/inflating.rs"]
mod inflating;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use floorbook_shared::access::{
    Access, Feed, FeedKind, Grant, GrantReason, Person, Post, Role, Scope, Store, StoreSettings,
};
use floorbook_shared::device::record::{
    self, Answer, Counters, CursorGroup, CursorRecord, KeptReceipt, OutboxHeader, OutboxMemo,
    RefusedRecord, RowRecord, StoredOutbox, TabletRecord,
};
use floorbook_shared::device::storage::{self, StoreName};
use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::document::{DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GrantId, GroupId, PersonId, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::secret::SessionToken;
use floorbook_shared::sync::chain::{Chain, ChangeHash, Cursor};
use floorbook_shared::sync::codec::{DecodeError, Message};
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::{
    Ack, AckEntry, Bye, CAN_INFLATE, ClientMessage, Compare, Compared, Confirmed, Cursors,
    FeedCursor, FeedSelection, FeedState, Fetch, Fetched, Frame, FrameItem, Hello, History,
    MESSAGE_MAX_BYTES, Offer, Offered, PeopleRights, PersonRights, Push, PushItem, Refused, Report,
    Restored, RestoredDocument, Rewind, ServerMessage, StorageFacts, Welcome,
};
use floorbook_shared::sync::receipt::RECEIPT_BYTES;
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::master::MasterSecret;
use floorbook_shared::view::row::CustomerRow;
use floorbook_shared::view::row_text::RowText;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);

fn key() -> DocumentKey {
    DocumentKey {
        id: DocumentId::from_bytes([1; 16]),
        incarnation: 0,
    }
}

fn position(number: u8) -> FeedCursor {
    let document = DocumentId::from_bytes([1; 16]);
    let hash = ChangeHash::from_bytes([number; 32]);
    FeedCursor {
        store: StoreId::from_bytes([number; 16]),
        cursor: Cursor {
            seq: 1_000_000,
            whole: 900_000,
            chain: Chain::START.extend(1, document, &hash),
        },
        feeds: FeedSelection::All,
    }
}

fn edit() -> Command {
    Command::EditCard {
        edits: vec![Edit::SetField {
            field: CustomerField::Name,
            value: "李女士".to_owned(),
        }],
    }
}

fn scope() -> Scope {
    let person = PersonId::from_bytes([4; 16]);
    let store = StoreId::from_bytes([5; 16]);
    Scope {
        version: 3,
        stores: vec![Store {
            id: store,
            code: "HZ1".to_owned(),
            name: "杭州".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        }],
        people: vec![Person {
            id: person,
            name: "王静".to_owned(),
            posts: vec![
                Post::new(store, Role::Admin),
                Post::new(store, Role::Manager),
            ],
            is_active: true,
        }],
        tablets: [(DeviceId::from_bytes([6; 16]), "F01".to_owned())].into(),
        feeds: vec![Feed {
            id: FeedId::from_bytes([6; 16]),
            store,
            kind: FeedKind::Cards,
            owner: Some(person),
        }],
        grants: vec![Grant {
            id: GrantId::from_bytes([7; 16]),
            feed: FeedId::from_bytes([6; 16]),
            person,
            access: Access::Write,
            until: Some(Timestamp::from_millis(1_795_305_600_000)),
            reason: GrantReason::Cover,
        }],
    }
}

fn hello() -> ClientMessage {
    ClientMessage::Hello(Hello {
        version: 1,
        capabilities: 0,
        device: DeviceId::from_bytes([2; 16]),
        token: Some(SessionToken::from_bytes([9; 32])),
        scope_version: 3,
        cursors: vec![position(5), position(6)],
        waiting: 300,
        keyrings: Some(3),
    })
}

fn client_messages() -> Vec<(&'static str, ClientMessage)> {
    vec![
        ("hello", hello()),
        (
            "push",
            ClientMessage::Push(Push {
                items: vec![PushItem {
                    device_seq: 7,
                    group: GroupId::from_bytes([3; 16]),
                    person: PersonId::from_bytes([4; 16]),
                    work: vec![1, 2, 3],
                }],
            }),
        ),
        (
            "cursor_confirmed",
            ClientMessage::CursorConfirmed(Confirmed {
                frames: 1,
                scope_version: 3,
                positions: vec![FeedCursor {
                    feeds: FeedSelection::These(vec![FeedId::from_bytes([6; 16])]),
                    ..position(5)
                }],
            }),
        ),
        ("ping", ClientMessage::Ping(300)),
        (
            "history",
            ClientMessage::History(History {
                store: StoreId::from_bytes([5; 16]),
                feeds: FeedSelection::All,
                cursors: vec![position(5).cursor, position(6).cursor],
            }),
        ),
        (
            "offer",
            ClientMessage::Offer(Offer {
                store: StoreId::from_bytes([5; 16]),
                documents: vec![Offered {
                    document: key(),
                    kind: DocumentKind::Customer,
                    feed: FeedId::from_bytes([6; 16]),
                    receipt: vec![8; RECEIPT_BYTES],
                    heads: vec![ChangeHash::from_bytes([7; 32])],
                    changes: vec![vec![1, 2, 3], vec![4]],
                }],
            }),
        ),
        (
            "compare",
            ClientMessage::Compare(Compare {
                store: StoreId::from_bytes([5; 16]),
                buckets: vec![Fingerprint::from_bytes([1; 16]), Fingerprint::EMPTY],
            }),
        ),
        (
            "fetch",
            ClientMessage::Fetch(Fetch {
                store: StoreId::from_bytes([5; 16]),
                documents: vec![key().id],
            }),
        ),
        (
            "report",
            ClientMessage::Report(Report {
                program: "0.4.0".to_owned(),
                now: NOW,
                waiting: 300,
                storage: Some(StorageFacts {
                    is_persistent: true,
                    used_bytes: 70_000,
                    quota_bytes: 5_000_000_000,
                }),
            }),
        ),
        (
            "cursors",
            ClientMessage::Cursors(Cursors {
                scope_version: 3,
                cursors: vec![position(5)],
            }),
        ),
    ]
}

fn server_messages() -> Vec<(&'static str, ServerMessage)> {
    let item = |state| FrameItem {
        document: key(),
        kind: DocumentKind::Customer,
        feed: FeedId::from_bytes([6; 16]),
        state,
        is_whole: true,
        chunks: vec![vec![1, 2, 3], vec![4]],
        row: b"{}".to_vec(),
        receipt: vec![9; RECEIPT_BYTES],
    };
    let items = vec![
        item(FeedState::Here),
        item(FeedState::Left),
        item(FeedState::Erased),
    ];
    let mut messages = vec![
        (
            "welcome",
            ServerMessage::Welcome(Welcome {
                version: 1,
                capabilities: 0,
                now: NOW,
                scope: Some(scope()),
                keys: Some(MasterSecret::from_bytes([1; 32]).issue(
                    DeviceId::from_bytes([1; 16]),
                    PersonId::from_bytes([2; 16]),
                    &scope(),
                )),
                unrecognised: vec![StoreId::from_bytes([5; 16])],
                gone: vec![PersonId::from_bytes([3; 16])],
                is_retiring: true,
                rights: Some(PeopleRights {
                    scope_version: 4,
                    people: vec![PersonRights {
                        person: PersonId::from_bytes([4; 16]),
                        feeds: vec![FeedId::from_bytes([6; 16])],
                    }],
                }),
            }),
        ),
        (
            "frame",
            ServerMessage::Frame(Frame {
                scope_version: 3,
                number: 1,
                after: Cursor::default(),
                position: position(5),
                items,
                remaining: 12,
                fingerprint: Some(Fingerprint::from_bytes([7; 16])),
            }),
        ),
        (
            "ack",
            ServerMessage::Ack(Ack {
                entries: [(1, 40), (2, 41), (300, 42)]
                    .map(|(device_seq, seq)| AckEntry { device_seq, seq })
                    .to_vec(),
                at: NOW,
                receipts: vec![(key().id, vec![8; RECEIPT_BYTES])],
            }),
        ),
        (
            "restored",
            ServerMessage::Restored(Restored {
                store: StoreId::from_bytes([5; 16]),
                documents: vec![RestoredDocument {
                    document: key().id,
                    code: "forged_receipt".to_owned(),
                }],
            }),
        ),
        (
            "rewind",
            ServerMessage::Rewind(Rewind {
                store: StoreId::from_bytes([5; 16]),
                feeds: FeedSelection::These(vec![FeedId::from_bytes([6; 16])]),
                cursor: position(5).cursor,
            }),
        ),
        (
            "compared",
            ServerMessage::Compared(Compared {
                store: StoreId::from_bytes([5; 16]),
                buckets: vec![0, 255],
                documents: vec![(key().id, Fingerprint::from_bytes([7; 16]))],
            }),
        ),
        (
            "fetched",
            ServerMessage::Fetched(Fetched {
                store: StoreId::from_bytes([5; 16]),
                items: vec![item(FeedState::Here)],
                unknown: vec![key().id],
            }),
        ),
        (
            "refused",
            ServerMessage::Refused(Refused {
                device_seq: 4,
                code: "forbidden_write".to_owned(),
            }),
        ),
        ("pong", ServerMessage::Pong(300)),
    ];
    for (name, bye) in [
        ("bye_sign_in_needed", Bye::SignInNeeded),
        ("bye_update_needed", Bye::UpdateNeeded),
        ("bye_bad_message", Bye::BadMessage),
        ("bye_unavailable", Bye::Unavailable),
        ("bye_erase", Bye::Erase),
    ] {
        messages.push((name, ServerMessage::Bye(bye)));
    }
    messages
}

fn stored_values() -> Vec<(&'static str, Vec<u8>)> {
    let header = OutboxHeader {
        device_seq: 7,
        group: GroupId::from_bytes([3; 16]),
        person: PersonId::from_bytes([4; 16]),
        answer: None,
    };
    let feed = FeedId::from_bytes([6; 16]);
    let outbox = StoredOutbox {
        header: header.clone(),
        work: vec![1, 2, 255],
        copy: vec![3],
        memo: vec![4],
    };
    let answered = |answer| OutboxHeader {
        answer: Some(answer),
        ..header.clone()
    };
    let answers = [
        answered(Answer::Acknowledged { seq: 40, at: NOW }),
        answered(Answer::Refused {
            code: "forbidden_write".to_owned(),
        }),
        answered(Answer::TakenBack),
    ];
    let memo = OutboxMemo {
        command: Some(edit()),
        at: NOW,
    };
    let tablet = TabletRecord {
        device: DeviceId::from_bytes([1; 16]),
        code: "F01".to_owned(),
    };
    let refused = RefusedRecord {
        group: header.group,
        person: header.person,
        document: key(),
        command: edit(),
        code: "forbidden_write".to_owned(),
        at: NOW,
    };
    let row = RowRecord {
        document: key(),
        kind: DocumentKind::Customer,
        feed,
        store: StoreId::from_bytes([5; 16]),
        chunks: 2,
        heads: vec![ChangeHash::from_bytes([7; 32])],
        receipt: Some(KeptReceipt {
            feed,
            receipt: vec![8; RECEIPT_BYTES],
            heads: Vec::new(),
        }),
        is_leaving: false,
        revision: 9,
        row: Some(RowText::of(&CustomerRow {
            view_version: 2,
            name: "李女士".to_owned(),
            ..CustomerRow::default()
        })),
    };
    let cursor = CursorRecord {
        store: StoreId::from_bytes([5; 16]),
        groups: vec![CursorGroup {
            feeds: [feed].into(),
            cursor: position(5).cursor,
            older: vec![position(6).cursor],
        }],
    };
    let counters = Counters {
        device_seq: 7,
        revision: 9,
        card_numbers: BTreeMap::from([("HZ1-F01".to_owned(), 3)]),
        last_saved: Some(NOW),
        ..Counters::default()
    };
    vec![
        ("stored_outbox", record::to_bytes(&outbox)),
        ("stored_answers", record::to_bytes(&answers)),
        ("stored_memo", record::to_bytes(&memo)),
        ("stored_tablet", record::to_bytes(&tablet)),
        ("stored_refused", record::to_bytes(&refused)),
        ("stored_rows", record::to_bytes(&[row])),
        ("stored_cursor", record::to_bytes(&cursor)),
        ("stored_counters", record::to_bytes(&counters)),
        ("stored_scope", record::to_bytes(&scope())),
    ]
}

fn check_golden(name: &str, bytes: &[u8]) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let file = folder.join(format!("{name}.hex"));
    let text = hex::encode(bytes) + "\n";
    if std::env::var_os("FLOORBOOK_WRITE_GOLDEN").is_some() {
        std::fs::write(&file, &text).unwrap();
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(text, golden, "the format of {name} changed");
}

/// The body of a message moved behind more bytes: fields that a newer version appended.
fn with_more_fields(bytes: &[u8]) -> Vec<u8> {
    let mut longer = bytes.to_vec();
    longer.extend_from_slice(&[7; 9]);
    let length = u32::try_from(longer.len() - 6).unwrap();
    longer.splice(2..6, length.to_be_bytes());
    longer
}

fn check_message<T: Message + PartialEq + std::fmt::Debug>(name: &str, message: &T) {
    let bytes = message.encode();
    check_golden(name, &bytes);
    assert_eq!(T::decode(&bytes).unwrap().as_ref(), Some(message));
    for length in 0..bytes.len() {
        let cut = bytes.get(..length).unwrap();
        assert!(T::decode(cut).is_err(), "{name} cut to {length} bytes");
    }
    let longer = with_more_fields(&bytes);
    assert_eq!(
        T::decode(&longer).unwrap().as_ref(),
        Some(message),
        "{name}"
    );
    // A body that is shorter than its kind needs, with a length that says so.
    let mut short = bytes.get(..bytes.len() - 1).unwrap().to_vec();
    let length = u32::try_from(short.len() - 6).unwrap();
    short.splice(2..6, length.to_be_bytes());
    assert!(T::decode(&short).is_err(), "{name} with a short body");
}

#[test]
fn messages_are_the_golden_bytes_cut_ones_are_errors_and_newer_ones_are_read() {
    for (name, message) in client_messages() {
        check_message(name, &message);
    }
    for (name, message) in server_messages() {
        check_message(name, &message);
    }
}

#[test]
fn stored_values_are_the_golden_bytes() {
    for (name, value) in stored_values() {
        check_golden(name, &value);
    }
}

#[test]
fn stored_values_with_newer_fields_are_read() {
    let value = serde_json::json!({
        "store": StoreId::from_bytes([5; 16]),
        "groups": [{
            "feeds": [FeedId::from_bytes([6; 16])],
            "cursor": { "seq": 1, "whole": 1, "chain": "00".repeat(16), "newer": true },
            "newer": true,
        }],
        "newer": { "still": "newer" },
    });
    let read: CursorRecord = record::from_bytes(&record::to_bytes(&value)).unwrap();
    assert_eq!(read.groups.first().unwrap().cursor.seq, 1);
}

#[test]
fn messages_that_are_too_long_or_of_an_unknown_kind_are_told_apart() {
    let long = vec![0; MESSAGE_MAX_BYTES + 1];
    assert_eq!(ServerMessage::decode(&long), Err(DecodeError::TooLong));
    assert_eq!(ClientMessage::decode(&long), Err(DecodeError::TooLong));
    let unknown = [0x77, 0x77, 0, 0, 0, 1, 9];
    assert_eq!(ServerMessage::decode(&unknown), Ok(None));
    assert_eq!(ClientMessage::decode(&unknown), Ok(None));
    // Each side skips what only the other one says.
    assert_eq!(ServerMessage::decode(&hello().encode()), Ok(None));
}

#[test]
fn a_greeting_with_nothing_changed_takes_under_200_bytes_each_way() {
    let there = hello().encode().len();
    let welcome = ServerMessage::Welcome(Welcome {
        version: 1,
        capabilities: 0,
        now: NOW,
        scope: None,
        keys: None,
        unrecognised: Vec::new(),
        gone: Vec::new(),
        is_retiring: false,
        rights: None,
    });
    let frame = |number| {
        ServerMessage::Frame(Frame {
            scope_version: 3,
            number: 1,
            after: position(number).cursor,
            position: position(number),
            items: Vec::new(),
            remaining: 0,
            fingerprint: Some(Fingerprint::from_bytes([7; 16])),
        })
    };
    let back = [welcome, frame(5), frame(6)];
    let back: usize = back.iter().map(|message| message.encode().len()).sum();
    assert!(there < 200, "{there} bytes to the server");
    assert!(back < 200, "{back} bytes from the server");
}
