use super::*;
use crate::access::Scope;
use crate::document::{DocumentKey, DocumentKind};
use crate::id::GroupId;
use crate::sync::message::{OFFER_MAX_DOCUMENTS, Offer, Push};

const PERSON: PersonId = PersonId::from_bytes([2; 16]);
const PEER: Peer = Peer {
    device: DeviceId::from_bytes([1; 16]),
    person: Some(PERSON),
};

/// A session that was greeted.
fn session() -> Session {
    let mut session = Session::new(PEER, Scope::default());
    let hello = Hello {
        version: PROTOCOL_VERSION,
        capabilities: 0,
        device: PEER.device,
        token: None,
        scope_version: 0,
        cursors: Vec::new(),
        waiting: 0,
        keyrings: None,
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
        person: PERSON,
        work: Vec::new(),
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

/// An offer of documents with these numbers.
fn offer(numbers: impl IntoIterator<Item = u16>) -> ClientMessage {
    let documents = numbers.into_iter().map(|number| {
        let mut id = [0; 16];
        [id[0], id[1]] = number.to_be_bytes();
        Offered {
            document: DocumentKey {
                id: DocumentId::from_bytes(id),
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            feed: FeedId::from_bytes([5; 16]),
            receipt: Vec::new(),
            heads: Vec::new(),
            changes: Vec::new(),
        }
    });
    ClientMessage::Offer(Offer {
        store: StoreId::from_bytes([6; 16]),
        documents: documents.collect(),
    })
}

#[test]
fn an_offer_is_bounded_and_the_next_one_waits_for_its_answer() {
    let most = OFFER_MAX_DOCUMENTS as u16;
    for hostile in [offer(0..most + 1), offer([3, 4, 3])] {
        let outputs = tell(&mut session(), hostile);
        assert_eq!(outputs.send, [ServerMessage::Bye(Bye::BadMessage)]);
        assert!(outputs.restore.is_none() && outputs.close);
    }
    let mut session = session();
    let outputs = tell(&mut session, offer(0..most));
    assert_eq!(outputs.restore.unwrap().1.len(), OFFER_MAX_DOCUMENTS);
    let restored = Restored {
        store: StoreId::from_bytes([6; 16]),
        documents: Vec::new(),
    };
    let input = Input::Restored(restored.clone());
    let outputs = session.handle(input, Timestamp::default(), &|_, _| true);
    assert_eq!(outputs.send, [ServerMessage::Restored(restored)]);
    assert!(tell(&mut session, offer([1])).restore.is_some());
    assert!(tell(&mut session, offer([2])).close);
}

#[test]
fn one_receipt_of_each_document_comes_with_an_acknowledgement() {
    let document = |number: u8| DocumentId::from_bytes([number; 16]);
    let settled = |device_seq: u64, number: u8, receipt: u8| Settled {
        device_seq,
        result: Ok(device_seq),
        at: Timestamp::default(),
        receipt: Some((document(number), vec![receipt])),
    };
    let all = vec![settled(1, 1, 1), settled(2, 2, 2), settled(3, 1, 3)];
    let outputs = session().handle(Input::Committed(all), Timestamp::default(), &|_, _| true);
    let [ServerMessage::Ack(ack)] = outputs.send.as_slice() else {
        panic!("{:?}", outputs.send);
    };
    let expected = [(document(1), vec![3]), (document(2), vec![2])];
    assert_eq!(ack.receipts, expected);
}

#[test]
fn a_tablet_that_is_given_up_is_emptied_once_nothing_waits() {
    let standing = PeerStanding {
        is_retiring: true,
        ..PeerStanding::default()
    };
    let hello = |waiting| {
        ClientMessage::Hello(Hello {
            version: PROTOCOL_VERSION,
            capabilities: 0,
            device: PEER.device,
            token: None,
            scope_version: 0,
            cursors: Vec::new(),
            waiting,
            keyrings: None,
        })
    };
    let report = |waiting| {
        ClientMessage::Report(Report {
            program: String::new(),
            now: Timestamp::default(),
            waiting,
            storage: None,
        })
    };
    let new = || Session::new(PEER, Scope::default()).with_standing(standing.clone());
    let erase = [ServerMessage::Bye(Bye::Erase)];
    let mut session = new();
    // What it said before it knew that it is given up may be over: somebody works on it.
    for waiting in [0, 1] {
        session = new();
        let welcome = tell(&mut session, hello(waiting)).send;
        assert!(matches!(
            welcome.as_slice(),
            [ServerMessage::Welcome(Welcome {
                is_retiring: true,
                ..
            })]
        ));
    }
    assert!(tell(&mut session, report(1)).send.is_empty());
    let outputs = tell(&mut session, report(0));
    assert_eq!((outputs.send.as_slice(), outputs.close), (&erase[..], true));
}
