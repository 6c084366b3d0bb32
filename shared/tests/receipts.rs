//! Receipts on a tablet: which are kept, and what is brought back with them.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]

#[path = "device/host.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod host;

use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::Command;
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::chain::{ChangeHash, Cursor};
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::message::{
    ClientMessage, FeedSelection, FeedState, FrameItem, Offered, Restored, RestoredDocument,
    Rewind, ServerMessage,
};
use floorbook_shared::sync::receipt::{Claim, ReceiptKey};
use floorbook_shared::time::Timestamp;
use host::{Host, document, feed, open_card, place, set, store, welcome};

/// A change of somebody else's tablet.
fn change(card: &mut Document, number: u8, command: &Command) -> Vec<u8> {
    let writer = Writer {
        author: ChangeAuthor {
            person: PersonId::from_bytes([number; 16]),
            device: DeviceId::from_bytes([number; 16]),
        },
        actor: [number; 16],
    };
    let at = Timestamp::from_millis(1_795_305_600_000);
    write::run(card, command, &writer, at).unwrap().unwrap()
}

/// An item with the receipt that the server gives with it.
fn with_receipt(item: FrameItem, seq: u64) -> FrameItem {
    let card = Document::load(item.chunks.iter().map(Vec::as_slice)).unwrap();
    let heads: Vec<ChangeHash> = card.heads().into_iter().map(ChangeHash::from).collect();
    let claim = Claim {
        document: item.document,
        kind: item.kind,
        feed: item.feed,
        state: item.state,
        seq,
        digest: Fingerprint::of(item.document, &heads),
    };
    let receipt = ReceiptKey::derive(&[1; 32]).issue(&claim).to_bytes();
    FrameItem { receipt, ..item }
}

fn mark(id: DocumentId, feed: FeedId) -> FrameItem {
    FrameItem {
        state: FeedState::Left,
        feed,
        chunks: Vec::new(),
        row: Vec::new(),
        is_whole: false,
        ..place(id, Vec::new())
    }
}

/// A tablet that holds a card of others, with its chunks and receipt.
fn tablet() -> (Host, DocumentId, FrameItem) {
    let mut card = Document::found();
    let opened = change(&mut card, 7, &open_card("李女士"));
    let edited = change(&mut card, 8, &set(CustomerField::City, "杭州"));
    let id = document(1);
    let item = with_receipt(place(id, vec![opened, edited]), 5);
    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    let frame = host.frame(vec![item.clone()], 5);
    host.receive(frame);
    assert_eq!(host.rows.len(), 1);
    host.sent();
    (host, id, item)
}

fn rewind() -> ServerMessage {
    ServerMessage::Rewind(Rewind {
        store: store(),
        feeds: FeedSelection::All,
        cursor: Cursor::default(),
    })
}

fn restored(id: DocumentId, code: &str) -> ServerMessage {
    ServerMessage::Restored(Restored {
        store: store(),
        documents: vec![RestoredDocument {
            document: id,
            code: code.to_owned(),
        }],
    })
}

fn offers(host: &mut Host) -> Vec<Offered> {
    let sent = host.sent().into_iter();
    sent.flat_map(|message| match message {
        ClientMessage::Offer(offer) => offer.documents,
        ClientMessage::Hello(_)
        | ClientMessage::Push(_)
        | ClientMessage::CursorConfirmed(_)
        | ClientMessage::Ping(_)
        | ClientMessage::History(_)
        | ClientMessage::Compare(_)
        | ClientMessage::Fetch(_)
        | ClientMessage::Cursors(_)
        | ClientMessage::Report(_) => Vec::new(),
    })
    .collect()
}

#[test]
fn a_card_that_leaves_after_a_restore_is_offered_before_it_goes() {
    for code in ["", "unknown_feed"] {
        let (mut host, id, item) = tablet();
        host.receive(rewind());
        let frame = host.frame(vec![mark(id, feed())], 2);
        host.receive(frame);
        assert!(!host.chunks(id).is_empty(), "it is not offered yet");
        let offered = offers(&mut host);
        assert_eq!(offered.len(), 1);
        assert_eq!(offered[0].receipt, item.receipt);
        assert_eq!(offered[0].changes, item.chunks);
        host.receive(restored(id, code));
        assert!(host.chunks(id).is_empty(), "nothing of it stays");
        assert!(host.rows.is_empty());
    }
}

#[test]
fn a_card_that_leaves_without_a_restore_goes_at_once() {
    let (mut host, id, _) = tablet();
    let frame = host.frame(vec![mark(id, feed())], 6);
    host.receive(frame);
    assert!(offers(&mut host).is_empty());
    assert!(host.chunks(id).is_empty());
}

#[test]
fn a_card_that_waits_to_be_offered_survives_a_lost_connection() {
    let (mut host, id, item) = tablet();
    host.receive(rewind());
    let frame = host.frame(vec![mark(id, feed())], 2);
    host.receive(frame);
    host.sent();
    host.restart();
    assert!(!host.chunks(id).is_empty());
    host.connect();
    host.receive(welcome());
    let offered = offers(&mut host);
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0].changes, item.chunks);
    host.receive(restored(id, ""));
    assert!(host.chunks(id).is_empty());
}

#[test]
fn a_mark_in_the_same_frame_takes_no_receipt_away() {
    let (mut host, id, item) = tablet();
    // The card comes anew, and behind it the mark of another book that it left.
    let left = FeedId::from_bytes([99; 16]);
    let mut mark = mark(id, left);
    mark.receipt = vec![9; item.receipt.len()];
    let again = with_receipt(item.clone(), 7);
    let frame = host.frame(vec![again.clone(), mark], 8);
    host.receive(frame);
    host.receive(rewind());
    let frame = host.frame(vec![self::mark(id, feed())], 2);
    host.receive(frame);
    assert_eq!(offers(&mut host)[0].receipt, again.receipt);
}

#[test]
fn a_receipt_of_something_else_does_not_take_the_place_of_a_good_one() {
    let (mut host, id, item) = tablet();
    let others = [
        // Of a book that the tablet does not take the card to be in.
        FrameItem {
            receipt: with_receipt(
                FrameItem {
                    feed: FeedId::from_bytes([99; 16]),
                    ..item.clone()
                },
                8,
            )
            .receipt,
            ..item.clone()
        },
        // Of an older state.
        FrameItem {
            receipt: with_receipt(place(id, vec![item.chunks[0].clone()]), 8).receipt,
            ..item.clone()
        },
        FrameItem {
            receipt: vec![1, 2, 3],
            ..item.clone()
        },
    ];
    for (seq, other) in (10..).zip(others) {
        let frame = host.frame(vec![other], seq);
        host.receive(frame);
    }
    host.receive(rewind());
    let frame = host.frame(vec![mark(id, feed())], 2);
    host.receive(frame);
    assert_eq!(offers(&mut host)[0].receipt, item.receipt);
}
