use super::*;
use crate::access::Scope;
use crate::document::{DocumentKey, DocumentKind};
use crate::id::GroupId;
use crate::sync::message::Push;

const PEER: Peer = Peer {
    device: DeviceId::from_bytes([1; 16]),
    person: PersonId::from_bytes([2; 16]),
};

/// A session that was greeted.
fn session() -> Session {
    let mut session = Session::new(PEER, Scope::default());
    let hello = Hello {
        version: PROTOCOL_VERSION,
        capabilities: 0,
        device: PEER.device,
        scope_version: 0,
        cursors: Vec::new(),
        waiting: 0,
    };
    let outputs = tell(&mut session, ClientMessage::Hello(hello));
    assert!(!outputs.close, "{:?}", outputs.send);
    session
}

fn tell(session: &mut Session, message: ClientMessage) -> Outputs {
    session.handle(Input::Message(message), Timestamp::default(), &|_, _| true)
}

fn push(count: usize) -> ClientMessage {
    let item = PushItem {
        device_seq: 1,
        group: GroupId::from_bytes([3; 16]),
        person: PEER.person,
        document: DocumentKey {
            id: DocumentId::from_bytes([4; 16]),
            incarnation: 0,
        },
        kind: DocumentKind::Customer,
        feed: FeedId::from_bytes([5; 16]),
        change: Vec::new(),
    };
    ClientMessage::Push(Push {
        items: vec![item; count],
    })
}

#[test]
fn a_push_of_more_than_a_push_may_hold_ends_the_connection() {
    let mut session = session();
    let outputs = tell(&mut session, push(PUSH_MAX_ITEMS));
    assert_eq!(
        (outputs.commit.len(), outputs.close),
        (PUSH_MAX_ITEMS, false)
    );
    let outputs = tell(&mut session, push(PUSH_MAX_ITEMS + 1));
    assert_eq!(outputs.send, [ServerMessage::Bye(Bye::BadMessage)]);
    assert!(outputs.commit.is_empty() && outputs.close);
}
