//! Books that leave somebody's scope: what is here of them goes, and no work with it.

use floorbook_shared::access::Scope;
use floorbook_shared::device::engine::Input;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::sync::chain::{ChangeHash, Cursor};
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::heads;
use floorbook_shared::sync::message::{
    FeedSelection, FeedState, PeopleRights, PersonRights, Restored, RestoredDocument, Rewind,
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
        rights: None,
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
    host.receive(locked_welcome(Vec::new()));
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

/// What the store says to whoever is here: who may see the first person's book now.
fn rights(version: u64, people: &[(u8, bool)]) -> ServerMessage {
    let ServerMessage::Welcome(mut welcome) = locked_welcome(Vec::new()) else {
        panic!("a welcome")
    };
    let people = people.iter().map(|(number, has_book)| PersonRights {
        person: person(*number),
        feeds: has_book.then(host::feed).into_iter().collect(),
    });
    welcome.rights = Some(PeopleRights {
        scope_version: version,
        people: people.collect(),
    });
    ServerMessage::Welcome(welcome)
}

/// The version of the scope that the tablet says its keyrings are of.
fn stated(host: &mut Host) -> Option<u64> {
    host.connect();
    let sent = host.sent().into_iter();
    let mut stated = sent.filter_map(|message| {
        if let ClientMessage::Hello(hello) = message {
            hello.keyrings
        } else {
            None
        }
    });
    stated.next()
}

#[test]
fn an_answer_in_a_book_that_its_author_lost_is_for_whoever_holds_the_book() {
    let mut host = locked_with_work();
    let whole = host.chunks(document(1));
    host.sign_in(3);
    host.lock();
    host.connect();
    host.receive(rights(9, &[(1, false), (3, true)]));
    host.unlock(1);
    assert!(host.rows.is_empty());
    host.connect();
    host.receive(told(9, false));
    host.receive(ack(1));
    host.receive(ack(2));
    assert_eq!(host.device.status().unsent, 0);
    assert_eq!(here(&host, 1).waiting, 0);
    host.unlock(3);
    // What is here is what the store has, without having to compare.
    let there = place(document(1), whole);
    let heads = heads::of_chunks(there.chunks.iter().map(Vec::as_slice));
    let digest = Fingerprint::of(there.document, &heads.expect("whole"));
    host.connect();
    host.receive(welcome());
    host.sent();
    host.receive(host.stating_frame(4, digest));
    let sent = host.sent();
    let mut sent = sent.iter();
    assert!(!sent.any(|message| matches!(message, ClientMessage::Compare(_))));
    assert!(host.device.is_in_sync());
    let mut stored = host.stored.keys();
    assert!(!stored.any(|(store, _)| *store == StoreName::Outbox));
}

/// A locked tablet on which the first person's card is at the store.
fn locked_and_delivered() -> Host {
    let mut host = locked_with_work();
    host.connect();
    host.receive(locked_welcome(Vec::new()));
    host.receive(ack(1));
    host.receive(ack(2));
    host
}

#[test]
fn who_lost_a_book_opens_it_no_more_also_without_a_network() {
    let mut host = locked_and_delivered();
    assert_eq!(stated(&mut host), Some(1));
    host.receive(rights(9, &[(1, false)]));
    // Nobody who holds it unlocked the tablet since.
    assert_eq!(left(&host), 0);
    assert_eq!(stated(&mut host), Some(9), "it says so");
    host.input(Input::Disconnected);
    for _ in 0..2 {
        host.unlock(1);
        assert_eq!(host.last_problem(), None, "the PIN is right");
        assert!(host.rows.is_empty() && host.device.document_ids().is_empty());
        host.restart();
    }
    // It comes anew if it is given back.
    host.connect();
    host.receive(told(10, true));
    let told = host.sent().into_iter().find_map(|message| {
        if let ClientMessage::Cursors(cursors) = message {
            Some(cursors.cursors.len())
        } else {
            None
        }
    });
    assert_eq!(told, Some(0), "from its start");
    host.run(document(2), open_card("王先生"));
    assert_eq!(host.rows.len(), 1);
}

#[test]
fn work_in_a_book_that_its_author_lost_is_delivered_before_the_book_goes() {
    let mut host = locked_with_work();
    host.sign_in(2);
    host.connect();
    let rights = rights(9, &[(1, false), (2, false)]);
    host.receive(rights.clone());
    assert!(left(&host) > 0, "the contact waits");
    // Its author opens it no more, before and after it is delivered.
    host.unlock(1);
    assert!(host.rows.is_empty() && here(&host, 1).waiting == 2);
    host.unlock(2);
    host.connect();
    assert_eq!(pushed(&host.sent()).len(), 2);
    host.receive(rights);
    host.receive(ack(1));
    assert!(left(&host) > 0);
    host.receive(refused(2, "forbidden_write"));
    assert_eq!(left(&host), 0);
    // What was refused is shown to its author all the same.
    host.unlock(1);
    assert!(host.rows.is_empty());
    assert_eq!(host.device.status().refused.len(), 1);
    assert_eq!(here(&host, 1).waiting, 0);
}

#[test]
fn who_leaves_a_lost_book_behind_with_work_does_not_find_it_again() {
    let mut host = locked_with_work();
    host.unlock(1);
    host.connect();
    host.receive(told(9, false));
    assert_eq!(host.rows.len(), 1, "what waits is on its card");
    host.lock();
    assert_eq!(stated(&mut host), Some(0), "there is one too many");
    host.receive(rights(9, &[(1, false)]));
    host.receive(ack(1));
    assert!(left(&host) > 0);
    host.receive(ack(2));
    assert_eq!(left(&host), 0);
    host.unlock(1);
    assert!(host.rows.is_empty());
}

#[test]
fn a_book_that_is_given_back_before_it_went_is_read_with_what_waits() {
    let mut host = locked_with_work();
    host.connect();
    host.receive(rights(9, &[(1, false)]));
    host.unlock(1);
    assert!(host.rows.is_empty());
    host.connect();
    host.receive(told(10, true));
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    // What is on the disk was read anew, with another conversation.
    host.connect();
    host.receive(ack(1));
    host.receive(ack(2));
    assert_eq!(host.rows[&document(1)].unsent, 0);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
}

#[test]
fn a_book_that_one_lost_and_another_holds_stays_for_the_other_alone() {
    let mut host = locked_and_delivered();
    host.sign_in(3);
    host.lock();
    host.connect();
    host.receive(rights(9, &[(1, false), (3, true)]));
    host.input(Input::Disconnected);
    host.unlock(1);
    assert!(host.rows.is_empty());
    host.unlock(3);
    assert_eq!(host.rows.len(), 1);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
}

#[test]
fn the_lease_of_whom_the_store_does_not_name_goes_on_towards_its_end() {
    let mut host = locked_and_delivered();
    host.sign_in(2);
    host.lock();
    host.pass(20 * 24 * HOUR);
    host.connect();
    host.receive(rights(9, &[(2, false)]));
    assert!(here(&host, 1).is_lease_ending && !here(&host, 2).is_lease_ending);
    assert!(left(&host) > 0, "and nothing of theirs goes");
    host.connect();
    host.receive(rights(9, &[(1, true), (2, false)]));
    assert!(!here(&host, 1).is_lease_ending);
    host.unlock(1);
    assert_eq!(host.rows.len(), 1);
}

#[test]
fn a_book_that_leaves_after_a_restore_is_offered_before_it_goes() {
    let mut host = Host::signed_in();
    host.run(document(1), open_card("李女士"));
    host.run(document(1), log(10, 11));
    host.connect();
    host.receive(welcome());
    let frame = host.frame(Vec::new(), 4);
    host.receive(frame);
    let message = acknowledged(&host, &[1, 2], 5);
    host.receive(message);
    // The server went back to before all of that, and the book is somebody else's.
    host.connect();
    host.receive(told(9, false));
    assert!(left(&host) > 0, "the store has not said what it knows");
    let ServerMessage::Welcome(mut answer) = locked_welcome(Vec::new()) else {
        panic!("a welcome")
    };
    answer.unrecognised = vec![host::store()];
    host.sent();
    host.receive(ServerMessage::Welcome(answer));
    let asked = host.sent();
    assert!(matches!(asked.as_slice(), [ClientMessage::History(history)]
        if history.feeds == FeedSelection::These(vec![host::feed()])));
    host.receive(ServerMessage::Rewind(Rewind {
        store: host::store(),
        feeds: FeedSelection::These(vec![host::feed()]),
        cursor: Cursor::default(),
    }));
    assert_eq!(offered(&mut host), 2);
    assert!(left(&host) > 0, "no answer yet");
    host.receive(restored());
    assert_eq!(left(&host), 0);
    assert!(host.rows.is_empty() && host.device.document_ids().is_empty());
}
