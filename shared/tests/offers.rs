//! Offers after a restore: what a receipt vouches for comes in with its true authors, and nothing
//! else does.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]

#[path = "support/hand_made.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod hand_made;

use std::collections::BTreeMap;

use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DocumentId, FeedId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::gate::{self, Passed};
use floorbook_shared::sync::message::{FeedState, Offered};
use floorbook_shared::sync::offer;
use floorbook_shared::sync::receipt::{Claim, ReceiptKey};
use floorbook_shared::sync::scanner::scan_change;
use floorbook_shared::time::Timestamp;
use hand_made::author;

const SEQ: u64 = 40;

fn receipt_key() -> ReceiptKey {
    ReceiptKey::derive(&[1; 32])
}

fn document(number: u8) -> DocumentKey {
    DocumentKey {
        id: DocumentId::from_bytes([number; 16]),
        incarnation: 0,
    }
}

fn run(card: &mut Document, number: u8, command: &Command) -> Vec<u8> {
    let writer = Writer {
        author: author(number),
        actor: [number; 16],
    };
    let at = Timestamp::from_millis(1_795_305_600_000);
    write::run(card, command, &writer, at).unwrap().unwrap()
}

fn open_card(card: &mut Document, number: u8) -> Vec<u8> {
    let fields = BTreeMap::from([(CustomerField::Name, "李女士".to_owned())]);
    let command = Command::OpenCard(NewCard {
        fields,
        ..NewCard::default()
    });
    run(card, number, &command)
}

fn edit(card: &mut Document, number: u8, field: CustomerField, value: &str) -> Vec<u8> {
    let value = value.to_owned();
    let edits = vec![Edit::SetField { field, value }];
    run(card, number, &Command::EditCard { edits })
}

/// A card that three people wrote on, two of them at the same time, and its changes in order.
fn history() -> (Document, Vec<Vec<u8>>) {
    let mut card = Document::found();
    let opened = open_card(&mut card, 1);
    let mut aside = card.clone();
    let city = edit(&mut card, 2, CustomerField::City, "杭州");
    let compound = edit(&mut aside, 3, CustomerField::Compound, "滨江");
    card.absorb([compound.as_slice()]).unwrap();
    let name = edit(&mut card, 1, CustomerField::Name, "李小姐");
    let district = edit(&mut card, 1, CustomerField::District, "西湖");
    (card, vec![opened, city, compound, name, district])
}

fn heads(card: &Document) -> Vec<ChangeHash> {
    card.heads().into_iter().map(ChangeHash::from).collect()
}

fn claim(of: DocumentKey, heads: &[ChangeHash]) -> Claim {
    Claim {
        document: of,
        kind: DocumentKind::Customer,
        feed: FeedId::from_bytes([5; 16]),
        state: FeedState::Here,
        seq: SEQ,
        digest: Fingerprint::of(of, heads),
    }
}

/// What a tablet that holds the card offers of it.
fn offered(card: &Document, changes: &[Vec<u8>]) -> Offered {
    let heads = heads(card);
    Offered {
        document: document(9),
        kind: DocumentKind::Customer,
        feed: FeedId::from_bytes([5; 16]),
        receipt: receipt_key().issue(&claim(document(9), &heads)).to_bytes(),
        heads,
        changes: changes.to_vec(),
    }
}

/// What the server takes of an offer, with who is credited: the document afterwards, or the code.
fn restore(stored: &Document, offered: &Offered) -> Result<(Document, Vec<ChangeAuthor>), String> {
    let vouched = offer::open(offered, &receipt_key()).map_err(|error| error.code().to_owned())?;
    assert_eq!(vouched.seq, SEQ);
    let missing = vouched.missing(&|hash| stored.contains(hash));
    let missing = missing.map_err(|error| error.code().to_owned())?;
    let bound: BTreeMap<Vec<u8>, ChangeAuthor> = (1..=3)
        .filter(|_| !stored.is_blank())
        .map(|number| (vec![number; 16], author(number)))
        .collect();
    let candidates = offer::credited(&missing, &bound).map_err(|error| error.code().to_owned())?;
    let judged = gate::judge_all(stored, stored.snapshot().len(), &candidates);
    for verdict in judged.verdicts {
        match verdict {
            Ok(passed) => assert_eq!(passed, Passed::New),
            Err(error) => return Err(error.code().to_owned()),
        }
    }
    let authors = candidates.iter().map(|candidate| candidate.author);
    Ok((judged.document, authors.collect()))
}

fn code(stored: &Document, offered: &Offered) -> String {
    restore(stored, offered).err().unwrap_or_default()
}

#[test]
fn all_of_a_card_comes_back_with_its_true_authors() {
    let (card, changes) = history();
    let (restored, mut authors) = restore(&Document::found(), &offered(&card, &changes)).unwrap();
    assert_eq!(restored.heads(), card.heads());
    authors.sort_unstable();
    assert_eq!(authors, [1, 1, 1, 2, 3].map(author));
}

#[test]
fn what_follows_on_the_backup_comes_back() {
    let (card, changes) = history();
    for kept in 1..changes.len() {
        let backup = Document::load(changes[..kept].iter().map(Vec::as_slice)).unwrap();
        let (restored, authors) = restore(&backup, &offered(&card, &changes[kept..])).unwrap();
        assert_eq!(restored.heads(), card.heads());
        assert_eq!(authors.len(), changes.len() - kept);
        // What the server has already may be offered as well.
        let (restored, again) = restore(&backup, &offered(&card, &changes)).unwrap();
        assert_eq!(restored.heads(), card.heads());
        assert_eq!(again, authors);
    }
}

#[test]
fn the_order_of_an_offer_does_not_matter() {
    let (card, mut changes) = history();
    changes.reverse();
    let (restored, _) = restore(&Document::found(), &offered(&card, &changes)).unwrap();
    assert_eq!(restored.heads(), card.heads());
}

#[test]
fn an_offer_that_comes_twice_changes_nothing() {
    let (card, changes) = history();
    let (_, authors) = restore(&card, &offered(&card, &changes)).unwrap();
    assert!(authors.is_empty());
}

#[test]
fn work_of_the_time_after_the_restore_stays() {
    let (card, changes) = history();
    let mut server = Document::load([changes[0].as_slice()]).unwrap();
    edit(&mut server, 4, CustomerField::Wechat, "li");
    let (restored, _) = restore(&server, &offered(&card, &changes[1..])).unwrap();
    assert_eq!(restored.heads().len(), 2);
    for change in &changes {
        assert!(restored.contains(&scan_change(change).unwrap().hash));
    }
}

#[test]
fn a_forged_receipt_vouches_for_nothing() {
    let (card, changes) = history();
    let blank = Document::found();
    let honest = offered(&card, &changes);
    assert_eq!(code(&blank, &honest), "");
    let other_key = ReceiptKey::derive(&[2; 32]);
    let mut mark = claim(honest.document, &honest.heads);
    mark.state = FeedState::Left;
    let mut flipped = honest.receipt.clone();
    flipped[20] ^= 1;
    let mut newer = honest.receipt.clone();
    newer[7] += 1;
    let own_head = scan_change(&changes[3]).unwrap().hash;
    let forged = [
        ("nothing", vec![]),
        ("cut off", honest.receipt[..20].to_vec()),
        ("too long", [honest.receipt.clone(), vec![0]].concat()),
        ("zeros", vec![0; honest.receipt.len()]),
        ("another bit", flipped),
        ("a later place", newer),
        (
            "another key",
            other_key
                .issue(&claim(honest.document, &honest.heads))
                .to_bytes(),
        ),
        ("a mark that it left", receipt_key().issue(&mark).to_bytes()),
        (
            "another document's",
            receipt_key()
                .issue(&claim(document(8), &honest.heads))
                .to_bytes(),
        ),
        (
            "an older state's",
            receipt_key()
                .issue(&claim(honest.document, &[own_head]))
                .to_bytes(),
        ),
    ];
    for (name, receipt) in forged {
        let offered = Offered {
            receipt,
            ..honest.clone()
        };
        assert_eq!(code(&blank, &offered), "forged_receipt", "{name}");
    }
    let others = [
        Offered {
            document: document(8),
            ..honest.clone()
        },
        Offered {
            document: DocumentKey {
                incarnation: 1,
                ..honest.document
            },
            ..honest.clone()
        },
        Offered {
            kind: DocumentKind::Unknown(7),
            ..honest.clone()
        },
        Offered {
            feed: FeedId::from_bytes([6; 16]),
            ..honest.clone()
        },
        Offered {
            heads: Vec::new(),
            ..honest.clone()
        },
        Offered {
            heads: vec![own_head],
            ..honest.clone()
        },
        Offered {
            heads: [honest.heads.clone(), vec![own_head]].concat(),
            ..honest.clone()
        },
    ];
    for offered in others {
        assert_eq!(code(&blank, &offered), "forged_receipt", "{offered:?}");
    }
}

/// A change that its maker adds to history which a good receipt vouches for.
#[test]
fn what_the_receipt_does_not_cover_is_refused_with_all_that_comes_with_it() {
    let (card, changes) = history();
    let blank = Document::found();
    // Behind the heads, in the name of whoever one likes.
    let mut later = card.clone();
    let behind = edit(&mut later, 2, CustomerField::Name, "forged");
    // Beside the heads.
    let mut early = Document::load([changes[0].as_slice()]).unwrap();
    let beside = edit(&mut early, 7, CustomerField::Name, "forged");
    for spliced in [behind, beside.clone()] {
        let all = [changes.clone(), vec![spliced]].concat();
        assert_eq!(code(&blank, &offered(&card, &all)), "not_covered");
    }
    // In the place of an honest change.
    let mut replaced = changes.clone();
    replaced[1] = beside;
    assert_eq!(code(&blank, &offered(&card, &replaced)), "incomplete_offer");
    // The same change with another value and a checksum that fits.
    let place = changes[4]
        .windows("西湖".len())
        .position(|bytes| bytes == "西湖".as_bytes())
        .unwrap();
    let mut altered = changes.clone();
    altered[4][place] = "东".as_bytes()[0];
    altered[4][place..place + 3].copy_from_slice("东".as_bytes());
    altered[4] = hand_made::with_checksum(&altered[4]);
    assert!(scan_change(&altered[4]).is_ok());
    assert_eq!(code(&blank, &offered(&card, &altered)), "incomplete_offer");
    // Without its checksum the scanner already says no.
    altered[4] = changes[4].clone();
    altered[4][place] ^= 1;
    assert_eq!(code(&blank, &offered(&card, &altered)), "no_change");
}

#[test]
fn a_gap_is_refused() {
    let (card, changes) = history();
    for place in 0..changes.len() {
        let mut gap = changes.clone();
        gap.remove(place);
        let code = code(&Document::found(), &offered(&card, &gap));
        assert_eq!(code, "incomplete_offer", "without change {place}");
    }
    // Older heads of the same card do not bring the later changes in.
    let early = Document::load(changes[..3].iter().map(Vec::as_slice)).unwrap();
    assert_eq!(
        code(&Document::found(), &offered(&early, &changes)),
        "not_covered"
    );
    assert_eq!(
        code(&Document::found(), &offered(&early, &changes[..3])),
        ""
    );
}

#[test]
fn an_actor_that_belongs_to_somebody_else_is_not_credited() {
    let (card, changes) = history();
    let offered = offered(&card, &changes);
    let vouched = offer::open(&offered, &receipt_key()).unwrap();
    let blank = Document::found();
    let missing = vouched.missing(&|hash| blank.contains(hash)).unwrap();
    let bound = BTreeMap::from([(vec![2; 16], author(7))]);
    let candidates = offer::credited(&missing, &bound).unwrap();
    let judged = gate::judge_all(&blank, blank.snapshot().len(), &candidates);
    for (candidate, verdict) in candidates.iter().zip(&judged.verdicts) {
        if candidate.change.actor == [2; 16] {
            assert_eq!(verdict.unwrap_err().code(), "foreign_actor");
        }
    }
    // Nobody knows who made what a later change of an actor alone tells of.
    let backup = Document::load(changes[..3].iter().map(Vec::as_slice)).unwrap();
    let missing = vouched.missing(&|hash| backup.contains(hash)).unwrap();
    let nobody = offer::credited(&missing, &BTreeMap::new());
    assert_eq!(nobody.unwrap_err().code(), "foreign_actor");
}

/// Whatever a tablet sends: no panic, and nothing comes in but what the receipt vouches for.
#[test]
fn damaged_offers_bring_nothing_in() {
    let (card, changes) = history();
    let honest = offered(&card, &changes);
    let all: Vec<ChangeHash> = changes
        .iter()
        .map(|change| scan_change(change).unwrap().hash)
        .collect();
    let mut number = 7_u64;
    let mut random = move |below: usize| {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (number >> 33) as usize % below
    };
    for _ in 0..3_000 {
        let mut offered = honest.clone();
        match random(6) {
            0 => {
                let place = random(offered.receipt.len());
                offered.receipt[place] ^= 1 << random(8);
            }
            1 => offered.changes.truncate(random(changes.len())),
            2 => {
                let change = random(changes.len());
                let length = offered.changes[change].len();
                offered.changes[change].truncate(random(length));
            }
            3 => {
                let change = random(changes.len());
                let place = random(offered.changes[change].len());
                offered.changes[change][place] ^= 1 << random(8);
                offered.changes[change] = hand_made::with_checksum(&offered.changes[change]);
            }
            4 => {
                let (from, to) = (random(changes.len()), random(changes.len()));
                offered.changes[to] = offered.changes[from].clone();
            }
            _ => {
                let mut hash = *offered.heads[0].as_bytes();
                hash[random(32)] ^= 1 << random(8);
                offered.heads.push(ChangeHash::from_bytes(hash));
            }
        }
        let Ok((restored, _)) = restore(&Document::found(), &offered) else {
            continue;
        };
        assert_eq!(restored.heads(), card.heads());
        let held = restored.changes_missing_in(&Document::found());
        assert!(held.iter().all(|(hash, ..)| all.contains(hash)));
    }
}
