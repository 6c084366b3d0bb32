//! The server's side of a conversation, without a network.

use floorbook_shared::access::{Feed, FeedKind, Scope, Store, StoreSettings};
use floorbook_shared::id::{DeviceId, PersonId, StoreId};
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::message::{
    ClientMessage, Confirmed, Cursors, FRAME_WINDOW, Hello, PROTOCOL_VERSION, ServerMessage,
};
use floorbook_shared::sync::server::{
    Input, Outputs, Page, PageRequest, Peer, PeerPeople, ReadRequest, Session,
};
use floorbook_shared::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);

/// A store with its common book.
fn scope(version: u64) -> Scope {
    let store = StoreId::from_bytes([3; 16]);
    Scope {
        version,
        stores: vec![Store {
            id: store,
            code: "HZ1".to_owned(),
            name: "杭州".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        }],
        feeds: vec![Feed::of_store(store, FeedKind::Common)],
        ..Scope::default()
    }
}

/// A conversation that has begun, and what is to be read first.
fn greeted() -> (Session, PageRequest) {
    let device = DeviceId::from_bytes([1; 16]);
    let person = Some(PersonId::from_bytes([2; 16]));
    let mut session = Session::new(Peer { device, person }, scope(1));
    let hello = ClientMessage::Hello(Hello {
        version: PROTOCOL_VERSION,
        capabilities: 0,
        device,
        token: None,
        scope_version: 1,
        cursors: Vec::new(),
        waiting: 0,
        keyrings: None,
    });
    let outputs = session.handle(Input::Message(hello), NOW, &|_, _| true);
    (session, page_request(outputs).unwrap())
}

fn page_request(outputs: Outputs) -> Option<PageRequest> {
    match outputs.read? {
        ReadRequest::Page(request) => Some(request),
        other @ (ReadRequest::Compare(..) | ReadRequest::Fetch(..)) => panic!("{other:?}"),
    }
}

/// What was read for a request, with more to come.
fn page(request: &PageRequest, scope_version: u64) -> Page {
    Page {
        store: request.of.store,
        scope_version,
        after: request.after,
        cursor: Cursor {
            seq: request.after.seq + 1,
            ..request.after
        },
        items: Vec::new(),
        remaining: 1,
        fingerprint: None,
    }
}

#[test]
fn a_slow_tablet_is_not_flooded() {
    let (mut session, first) = greeted();
    let mut sent = 0;
    let mut next = Some(first);
    while let Some(request) = next {
        sent += 1;
        assert!(sent <= FRAME_WINDOW, "sent without waiting for the tablet");
        let outputs = session.handle(Input::Page(page(&request, 1)), NOW, &|_, _| true);
        next = page_request(outputs);
    }
    assert_eq!(sent, FRAME_WINDOW);
    let confirmed = ClientMessage::CursorConfirmed(Confirmed {
        frames: 1,
        ..Confirmed::default()
    });
    let outputs = session.handle(Input::Message(confirmed), NOW, &|_, _| true);
    assert!(outputs.read.is_some(), "a confirmation opens the window");
}

#[test]
fn what_was_read_after_a_change_of_rights_is_not_sent_under_the_old_ones() {
    let (mut session, request) = greeted();
    let outputs = session.handle(Input::Page(page(&request, 2)), NOW, &|_, _| true);
    assert!(outputs.send.is_empty(), "{:?}", outputs.send);
    assert!(outputs.read.is_none(), "read on without knowing the rights");
    let outputs = session.handle(
        Input::ScopeChanged(scope(2), PeerPeople::default()),
        NOW,
        &|_, _| true,
    );
    assert!(matches!(outputs.send[..], [ServerMessage::Welcome(_)]));
    let cursors = ClientMessage::Cursors(Cursors {
        scope_version: 2,
        cursors: Vec::new(),
    });
    let outputs = session.handle(Input::Message(cursors), NOW, &|_, _| true);
    let again = page_request(outputs).unwrap();
    assert_eq!(again.after, request.after, "read again from the same place");
    let outputs = session.handle(Input::Page(page(&again, 2)), NOW, &|_, _| true);
    assert!(matches!(outputs.send[..], [ServerMessage::Frame(_)]));
}
