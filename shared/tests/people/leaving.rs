//! Books that leave somebody's scope: what is here of them goes, and no work with it.

use floorbook_shared::access::Scope;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::sync::chain::{ChangeHash, Cursor};
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::{
    FeedSelection, FeedState, Restored, RestoredDocument, Rewind,
};
use floorbook_shared::sync::receipt::{Claim, ReceiptKey};

use super::*;

/// What the store says to the first person: with the book, or without it.
fn told(version: u64, has_book: bool) -> ServerMessage {
    let own = host::signed_in(1).identity;
    let mut scope = Scope {
        version,
        ..host::scope()
    };
    scope.feeds.retain(|_| has_book);
    ServerMessage::Welcome(Welcome {
        version: 1,
        capabilities: 0,
        now: Timestamp::default(),
        keys: Some(host::master().issue(own.device, own.person, &scope)),
        scope: Some(scope),
        unrecognised: Vec::new(),
        gone: Vec::new(),
        is_retiring: false,
    })
}

/// How many values of the book are on the disk.
fn left(host: &Host) -> usize {
    let prefix = host::feed().to_string();
    let keys = host.stored.keys();
    keys.filter(|(_, key)| key.starts_with(&prefix)).count()
}

#[test]
fn a_book_that_leaves_goes_once_nothing_of_it_waits() {
    let mut host = Host::signed_in();
    host.run(document(1), open_card("李女士"));
    host.run(document(1), log(10, 11));
    host.connect();
    host.receive(told(9, false));
    // The card is still there, with what waits on it; a restart changes nothing in that.
    host.restart();
    assert_eq!(host.device.scope_version(), 9);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    host.connect();
    assert_eq!(pushed(&host.sent()).len(), 2);
    host.receive(told(9, false));
    host.receive(ack(1));
    assert!(left(&host) > 0, "the contact waits");
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    host.receive(ack(2));
    assert_eq!(left(&host), 0);
    assert!(host.rows.is_empty() && host.device.document_ids().is_empty());
    assert_eq!(host.device.status().unsent, 0);
}

/// The store's acknowledgement of all that waits on a card, with a receipt for it.
fn acknowledged(host: &Host, entries: &[u64], seq: u64) -> ServerMessage {
    let chunks = host.chunks(document(1));
    let card = Document::load(chunks.iter().map(Vec::as_slice)).expect("it loads");
    let heads: Vec<ChangeHash> = card.heads().into_iter().map(ChangeHash::from).collect();
    let key = DocumentKey {
        id: document(1),
        incarnation: 0,
    };
    let receipt = ReceiptKey::derive(&[1; 32]).issue(&Claim {
        document: key,
        kind: DocumentKind::Customer,
        feed: host::feed(),
        state: FeedState::Here,
        seq,
        digest: Fingerprint::of(key, &heads),
    });
    let entries = entries.iter();
    ServerMessage::Ack(Ack {
        entries: entries
            .map(|device_seq| AckEntry {
                device_seq: *device_seq,
                seq,
            })
            .collect(),
        at: Timestamp::default(),
        receipts: vec![(document(1), receipt.to_bytes())],
    })
}

/// The changes of the card that were offered.
fn offered(host: &mut Host) -> usize {
    let sent = host.sent().into_iter();
    let offered = sent.filter_map(|message| {
        if let ClientMessage::Offer(offer) = message {
            Some(offer.documents[0].changes.len())
        } else {
            None
        }
    });
    offered.sum()
}

fn restored() -> ServerMessage {
    ServerMessage::Restored(Restored {
        store: host::store(),
        documents: vec![RestoredDocument {
            document: document(1),
            code: String::new(),
        }],
    })
}

#[test]
fn a_card_that_leaves_after_a_restore_is_offered_before_it_goes() {
    let mut host = Host::signed_in();
    host.run(document(1), open_card("李女士"));
    host.run(document(1), log(10, 11));
    host.connect();
    host.receive(welcome());
    let message = acknowledged(&host, &[1, 2], 5);
    host.receive(message);
    // The server went back to before all of that, and the card moves from this book.
    host.connect();
    host.receive(welcome());
    host.receive(ServerMessage::Rewind(Rewind {
        store: host::store(),
        feeds: FeedSelection::All,
        cursor: Cursor::default(),
    }));
    let mut mark = place(document(1), host.chunks(document(1)));
    mark.state = FeedState::Left;
    mark.chunks.clear();
    host.sent();
    let frame = host.frame(vec![mark], 2);
    host.receive(frame);
    assert_eq!(offered(&mut host), 2);
    assert!(!host.chunks(document(1)).is_empty(), "no answer yet");
    host.receive(restored());
    assert!(host.rows.is_empty() && host.device.document_ids().is_empty());
}
