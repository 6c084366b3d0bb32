//! What a restored server takes back, and from whom it takes nothing.

use super::shop::*;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::database::{Database, Home, Pace, RedbDatabase};
use floorbook_server::sync::commit::{Committer, Submission};
use floorbook_server::sync::restoring::Offering;
use floorbook_shared::access::{Feed, FeedKind};
use floorbook_shared::document::write::Writer;
use floorbook_shared::document::{Document, DocumentKey};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, PersonId, StoreId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::message::{FeedState, FrameItem, Offered};
use floorbook_shared::sync::receipt::ReceiptKey;
use floorbook_shared::sync::scanner::scan_change;
use floorbook_shared::sync::server::{FeedsOf, Peer};
use floorbook_shared::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;

const NOW: Timestamp = Timestamp::from_millis(1_795_305_700_000);

fn feed(number: u8) -> FeedId {
    let (store, person) = ([1; 16], [number; 16]);
    let owner = PersonId::from_bytes(person);
    Feed::of_owner(StoreId::from_bytes(store), FeedKind::Cards, owner).id
}

/// A server of one store with two books, whose receipts all such servers believe: what one of them
/// loses is what another one was restored without.
struct Chain {
    database: Arc<RedbDatabase>,
    committer: Committer,
}

fn chain() -> Chain {
    let database = books();
    let database = Arc::new(database.with_receipts(ReceiptKey::derive(&[3; 32])));
    Chain {
        committer: Committer::new(Arc::clone(&database) as _),
        database,
    }
}

impl Chain {
    /// Pushes changes of a card, each by the tablet of that number.
    fn push(&mut self, document: u8, changes: &[(u8, Vec<u8>)]) {
        let batch: Vec<Submission> = (1..)
            .zip(changes)
            .map(|(group, (device, change))| submission(document, *device, group, change.clone()))
            .collect();
        let codes = verdicts(&mut self.committer, &batch);
        assert!(codes.iter().all(String::is_empty), "{codes:?}");
    }

    /// What a tablet gets of a card.
    fn item(&self, document: u8) -> FrameItem {
        let of = of(&[1, 2]);
        let id = DocumentId::from_bytes([document; 16]);
        let fetched = self.database.fetch(&of, &[id]).unwrap().body;
        fetched.items.into_iter().next().unwrap()
    }

    fn move_to(&mut self, document: u8, number: u8) {
        let order = floorbook_server::database::log::Move {
            document: DocumentId::from_bytes([document; 16]),
            to: feed(number),
            by: writer(1).author,
            at: NOW,
        };
        self.committer.move_document(&order).unwrap();
    }

    /// Offers as tablet 9, which holds both books; answers the codes.
    fn offer(&mut self, documents: Vec<Offered>) -> Vec<String> {
        self.offer_of(&[1, 2], documents)
    }

    fn offer_of(&mut self, feeds: &[u8], documents: Vec<Offered>) -> Vec<String> {
        let offering = Offering {
            bearer: Peer {
                device: DeviceId::from_bytes([9; 16]),
                person: Some(PersonId::from_bytes([9; 16])),
            },
            of: of(feeds),
            documents,
        };
        let restored = self.committer.restore(&offering, NOW).unwrap();
        let documents = restored.documents.into_iter();
        documents.map(|document| document.code).collect()
    }

    fn card(&self, document: u8) -> Document {
        let id = DocumentId::from_bytes([document; 16]);
        let stored = self.database.document(id).unwrap().unwrap();
        Document::load(stored.chunks.iter().map(Vec::as_slice)).unwrap()
    }

    fn home_of(&self, document: u8) -> FeedId {
        let id = DocumentId::from_bytes([document; 16]);
        self.database.document(id).unwrap().unwrap().place.feed
    }
}

fn of(feeds: &[u8]) -> FeedsOf {
    FeedsOf {
        store: StoreId::from_bytes([1; 16]),
        feeds: feeds.iter().copied().map(feed).collect::<BTreeSet<_>>(),
    }
}

/// What a tablet that got an item offers of it.
fn offered(item: &FrameItem) -> Offered {
    let chunks = item.chunks.iter().map(Vec::as_slice);
    let card = Document::load(chunks).unwrap();
    let changes = card.changes_missing_in(&Document::found());
    Offered {
        document: item.document,
        kind: item.kind,
        feed: item.feed,
        receipt: item.receipt.clone(),
        heads: card.heads().into_iter().map(ChangeHash::from).collect(),
        changes: changes.into_iter().map(|(_, _, bytes)| bytes).collect(),
    }
}

/// A card that two people wrote on.
fn history() -> Vec<(u8, Vec<u8>)> {
    let opened = change_on(&Document::found(), &opening("李女士"), &writer(1));
    let mut card = Document::load([opened.as_slice()]).unwrap();
    let noted = change_on(&card, &note(1, 3), &writer(2));
    card.absorb([noted.as_slice()]).unwrap();
    let again = change_on(&card, &note(2, 3), &writer(1));
    vec![(1, opened), (2, noted), (1, again)]
}

#[test]
fn work_that_is_brought_back_is_credited_to_who_did_it() {
    let (mut lost, mut restored) = (chain(), chain());
    lost.push(1, &history());
    assert_eq!(restored.offer(vec![offered(&lost.item(1))]), [""]);
    assert_eq!(restored.card(1).heads(), lost.card(1).heads());
    for (device, change) in history() {
        let actor = restored.database.actor(&[device; 16]).unwrap();
        assert_eq!(actor, Some(writer(device).author));
        let hash = scan_change(&change).unwrap().hash;
        let logged = restored.database.author_of(lost.item(1).document.id, hash);
        assert_eq!(logged.unwrap(), Some(writer(device).author));
    }
    // Nothing is written twice, and its authors go on as before.
    assert_eq!(restored.offer(vec![offered(&lost.item(1))]), [""]);
    assert_eq!(restored.database.head(of(&[1]).store).unwrap().seq, 3);
    let card = restored.card(1);
    let next = change_on(&card, &note(3, 3), &writer(5));
    restored.push(1, &[(5, next)]);
}

#[test]
fn a_restored_server_believes_no_forged_receipt() {
    let mut restored = chain();
    let forger = RedbDatabase::with_receipts(books(), ReceiptKey::derive(&[4; 32]));
    let forger = Arc::new(forger);
    let mut forger = Chain {
        committer: Committer::new(Arc::clone(&forger) as _),
        database: forger,
    };
    forger.push(1, &history());
    let mut honest = chain();
    honest.push(2, &history());
    let forged = offered(&forger.item(1));
    let nothing = Offered {
        receipt: Vec::new(),
        document: DocumentKey {
            id: DocumentId::from_bytes([3; 16]),
            incarnation: 0,
        },
        ..forged.clone()
    };
    let foreign = Offered {
        document: DocumentKey {
            id: DocumentId::from_bytes([4; 16]),
            incarnation: 0,
        },
        ..offered(&honest.item(2))
    };
    let codes = restored.offer(vec![forged, nothing, foreign, offered(&honest.item(2))]);
    let refused = "forged_receipt";
    assert_eq!(codes, [refused, refused, refused, ""]);
    assert_eq!(restored.database.document_ids().unwrap().len(), 1);
    // A server that gives no receipts believes none.
    let mut without = Committer::new(Arc::new(books()));
    let offering = Offering {
        bearer: Peer {
            device: DeviceId::from_bytes([9; 16]),
            person: Some(PersonId::from_bytes([9; 16])),
        },
        of: of(&[1, 2]),
        documents: vec![offered(&honest.item(2))],
    };
    let answer = without.restore(&offering, NOW).unwrap();
    assert_eq!(answer.documents[0].code, refused);
}

#[test]
fn nothing_rides_in_on_a_receipt_that_does_not_cover_it() {
    let (mut lost, mut restored) = (chain(), chain());
    lost.push(1, &history());
    let honest = offered(&lost.item(1));
    let card = lost.card(1);
    // Made up in the name of somebody else, behind and beside what the receipt stands for.
    let behind = change_on(
        &card,
        &note(7, 3),
        &Writer {
            actor: [8; 16],
            ..writer(1)
        },
    );
    let opened = Document::load([history()[0].1.as_slice()]).unwrap();
    let beside = change_on(
        &opened,
        &note(7, 3),
        &Writer {
            actor: [8; 16],
            ..writer(1)
        },
    );
    for spliced in [behind, beside] {
        let mut forged = honest.clone();
        forged.changes.push(spliced);
        assert_eq!(restored.offer(vec![forged]), ["not_covered"]);
    }
    let mut gap = honest.clone();
    gap.changes.remove(1);
    assert_eq!(restored.offer(vec![gap]), ["incomplete_offer"]);
    assert!(restored.database.document_ids().unwrap().is_empty());
    assert_eq!(restored.offer(vec![honest]), [""]);
}

#[test]
fn who_lost_a_book_brings_back_what_they_had_of_it() {
    // The receipt proves that the card was theirs to hold; what it does not cover stays out.
    for feeds in [[].as_slice(), &[2], &[1]] {
        let (mut lost, mut restored) = (chain(), chain());
        lost.push(1, &history());
        let honest = offered(&lost.item(1));
        let mut forged = honest.clone();
        forged.receipt[20] ^= 1;
        assert_eq!(restored.offer_of(feeds, vec![forged]), ["forged_receipt"]);
        assert_eq!(restored.offer_of(feeds, vec![honest]), [""]);
    }
}

#[test]
fn the_latest_receipt_says_where_a_card_belongs_that_nobody_knows() {
    let mut lost = chain();
    lost.push(1, &history());
    let first = offered(&lost.item(1));
    lost.move_to(1, 2);
    let second = offered(&lost.item(1));
    assert_ne!(first.receipt, second.receipt);
    for order in [[&first, &second], [&second, &first]] {
        let mut restored = chain();
        for one in order {
            assert_eq!(restored.offer(vec![one.clone()]), [""]);
        }
        assert_eq!(restored.home_of(1), feed(2));
        // What is decided here stands, whatever a tablet still brings.
        restored.move_to(1, 1);
        assert_eq!(restored.offer(vec![second.clone(),]), [""]);
        assert_eq!(restored.home_of(1), feed(1));
    }
}

#[test]
fn the_ledger_knows_better_than_a_receipt_where_a_card_belongs() {
    let mut lost = chain();
    lost.push(1, &history());
    let id = DocumentId::from_bytes([1; 16]);
    let first = offered(&lost.item(1));
    let mut restored = chain();
    restored
        .database
        .note_home(id, Home::ByLedger(feed(2)))
        .unwrap();
    assert_eq!(restored.offer(vec![first.clone()]), [""]);
    assert_eq!(restored.home_of(1), feed(2));
    // Whoever holds the book that it left is told so, once.
    let fetched = restored.database.fetch(&of(&[1]), &[id]).unwrap().body;
    assert_eq!(fetched.items[0].state, FeedState::Left);
    let end = restored.database.head(of(&[1]).store).unwrap();
    assert_eq!(restored.offer(vec![first.clone()]), [""]);
    assert_eq!(restored.home_of(1), feed(2));
    assert_eq!(restored.database.head(of(&[1]).store).unwrap(), end);
    let examination = restored.database.examine(&Pace::FAST, &|_| {}).unwrap();
    assert!(examination.is_healthy(), "{}", examination.codes());
    // Nor does one bring back what was erased.
    let mut restored = chain();
    restored.database.note_home(id, Home::Erased).unwrap();
    assert_eq!(restored.offer(vec![first]), ["erased"]);
    assert!(restored.database.document_ids().unwrap().is_empty());
}

#[test]
fn an_acknowledgement_brings_the_receipt_of_what_is_not_sent_back() {
    let mut chain = chain();
    let all = history();
    let batch: Vec<Submission> = (1..)
        .zip(&all)
        .map(|(group, (device, change))| submission(1, *device, group, change.clone()))
        .collect();
    // Also when the first answer was lost, and all of it comes again.
    for _ in 0..2 {
        let settled = chain.committer.commit(&batch, NOW).unwrap();
        for settled in settled {
            let (document, receipt) = settled.receipt.unwrap();
            assert_eq!(document, DocumentId::from_bytes([1; 16]));
            assert_eq!(receipt, chain.item(1).receipt);
        }
    }
    let bad = submission(1, 7, 9, vec![1, 2, 3]);
    let settled = chain.committer.commit(&[bad], NOW).unwrap();
    assert_eq!(settled[0].receipt, None);
}
