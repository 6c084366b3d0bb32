//! Hostile changes, each well-formed with a valid checksum: every one is refused with a stable
//! code, without a panic, and the document stays what it was.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test may look at the clock: nothing may take long"
)]

#[path = "hostile/encoding.rs"]
mod encoding;
#[path = "support/hand_made.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod hand_made;
#[path = "hostile/head.rs"]
mod head;
#[path = "hostile/operations.rs"]
mod operations;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::sync::gate::{Candidate, GateError, Passed, judge, judge_all, parse};
use hand_made::*;

/// No change may keep the server busy for longer; most take less than a millisecond.
const LONGEST: Duration = Duration::from_secs(5);

/// A hostile change: what is wrong with it, its bytes, and the code that it is refused with.
type Hostile = (&'static str, Vec<u8>, &'static str);

fn verdict(
    document: &Document,
    bytes: &[u8],
    bound: Option<ChangeAuthor>,
) -> Result<Document, String> {
    let began = Instant::now();
    let judged = catch_unwind(AssertUnwindSafe(|| {
        judge(document, &parse(bytes)?, author(2), bound)
    }));
    assert!(
        began.elapsed() < LONGEST,
        "judging took {:?}",
        began.elapsed()
    );
    match judged {
        Ok(judged) => judged.map_err(|error| error.code().to_owned()),
        Err(_) => Err("panic".to_owned()),
    }
}

/// The panics of the library are caught in the gate; their reports would only be noise here.
fn quietly() {
    std::panic::set_hook(Box::new(|panic| {
        let is_ours = panic
            .location()
            .is_some_and(|location| !location.file().contains("registry"));
        if is_ours {
            // The only place that a test has for this.
            let _ =
                std::io::Write::write_all(&mut std::io::stderr(), format!("{panic}\n").as_bytes());
        }
    }));
}

fn with(edit: impl FnOnce(&mut HandMade)) -> Vec<u8> {
    let mut change = second();
    edit(&mut change);
    change.bytes()
}

fn doing(operations: Vec<HandOperation>) -> Vec<u8> {
    with(|change| change.operations = operations)
}
/// An honest write of the field that stands already.
fn name() -> HandOperation {
    HandOperation::put(FIELDS, "name", "x").replacing(&[(NAME, OTHER)])
}

/// All named hostile changes with the code that each has to be refused with.
fn corpus() -> Vec<Hostile> {
    [operations::corpus(), head::corpus(), encoding::corpus()].concat()
}

#[test]
fn the_changes_made_by_hand_are_as_honest_ones() {
    let document = verdict(&server(), &second().bytes(), None).unwrap();
    let reading = floorbook_shared::document::read::read(&document);
    assert_eq!(reading.customer.remarks, "常来");
    assert_eq!(
        automerge::Change::from_bytes(second().bytes())
            .unwrap()
            .actor_id(),
        &actor_id(&[0x30; 16])
    );
}

#[test]
fn every_hostile_change_is_refused_with_its_code() {
    quietly();
    let document = server();
    let heads = document.heads();
    let mut wrong = Vec::new();
    for (name, bytes, code) in corpus() {
        let verdict = verdict(&document, &bytes, None).map(drop);
        if verdict != Err(code.to_owned()) {
            wrong.push(format!("{name}: {verdict:?} instead of {code}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(document.heads(), heads);
    assert_eq!(
        Document::load([document.snapshot().as_slice()])
            .unwrap()
            .heads(),
        heads
    );
}

#[test]
fn an_author_on_a_later_change_is_refused() {
    let document = verdict(&server(), &second().bytes(), None).unwrap();
    let mut third = second();
    third.deps = vec![hash(&second().bytes())];
    (third.seq, third.start_op) = (2, NEXT + 4);
    third.operations = vec![HandOperation::put(FIELDS, "name", "李").replacing(&[(NEXT, 0)])];
    third.other_actors.remove(0);
    third.operations[0].object = Some((FIELDS, 1));
    let bound = Some(author(2));
    let said = |change: &HandMade| verdict(&document, &change.bytes(), bound).map(drop);
    assert_eq!(said(&third), Err("foreign_author".to_owned()));
    third.footer = Vec::new();
    assert_eq!(said(&third), Ok(()));
    third.seq = 3;
    assert_eq!(said(&third), Err("broken_order".to_owned()));
    assert_eq!(
        verdict(&document, &second().bytes(), bound).map(drop),
        Err("broken_order".to_owned())
    );
}

#[test]
fn a_text_edit_may_not_name_what_its_author_could_not_know() {
    quietly();
    // Someone else's character, which is at the server but not in what the change builds on.
    let mut other = second();
    other.operations = vec![HandOperation::insert(HandKey::Head, "不")];
    other.other_actors.remove(0);
    other.operations[0].object = Some((REMARKS, 1));
    let document = verdict(&server(), &other.bytes(), None).unwrap();
    let mut late = second();
    late.actor = vec![0x31; 16];
    let known = late.clone();
    late.other_actors.insert(1, vec![0x30; 16]);
    // Behind an operation of its own, or the number alone would tell.
    late.operations = vec![
        HandOperation::put(FIELDS, "name", "x").replacing(&[(NAME, OTHER)]),
        HandOperation::insert(HandKey::Element((NEXT, 2)), "x"),
    ];
    for operation in &mut late.operations {
        operation.object = operation.object.map(|object| (object.0, 3));
    }
    assert_eq!(
        verdict(&document, &late.bytes(), None).map(drop),
        Err("broken_reference".to_owned())
    );
    assert!(verdict(&document, &known.bytes(), None).is_ok());
}

#[test]
fn a_bad_change_in_a_batch_is_refused_alone() {
    quietly();
    let document = server();
    let mut batch = Vec::new();
    for number in 0..12_u8 {
        let mut good = second();
        good.actor = vec![0x40 + number; 16];
        batch.push((good.bytes(), true));
        let mut bad = second();
        bad.actor = vec![0x60 + number; 16];
        // A missing character: the library gives up.
        bad.operations = vec![
            HandOperation::delete((5, OTHER)),
            HandOperation::put(FIELDS, "name", "y").replacing(&[(NAME, OTHER)]),
        ];
        batch.push((bad.bytes(), false));
        if number % 4 == 0 {
            batch.push((good.bytes(), true));
        }
    }
    let scans: Vec<_> = batch
        .iter()
        .map(|(bytes, _)| parse(bytes).unwrap())
        .collect();
    let candidates: Vec<_> = scans
        .iter()
        .map(|change| Candidate {
            change,
            author: author(2),
            bound: None,
        })
        .collect();
    let judged = judge_all(&document, document.snapshot().len(), &candidates);
    let (after, verdicts) = (judged.document, judged.verdicts);
    for ((place, (_, is_good)), verdict) in batch.iter().enumerate().zip(&verdicts) {
        assert_eq!(verdict.is_ok(), *is_good, "change {place}: {verdict:?}");
    }
    let fresh = verdicts
        .iter()
        .filter(|verdict| **verdict == Ok(Passed::New));
    assert_eq!(fresh.count(), 12);
    let loaded = Document::load([after.snapshot().as_slice()]).unwrap();
    assert_eq!(loaded.heads(), after.heads());
    assert_eq!(after.heads().len(), 12);
}

#[test]
fn cut_changes_are_refused() {
    let bytes = second().bytes();
    let body = second().body();
    for length in 0..bytes.len() {
        assert!(parse(&bytes[..length]).is_err(), "cut at {length}");
        assert!(
            parse(&with_checksum(&bytes[..length])).is_err(),
            "cut at {length}"
        );
    }
    let document = server();
    for length in 0..body.len() {
        // With a length and a checksum that fit what is left.
        let said = verdict(&document, &chunk(1, &body[..length]), None).map(drop);
        assert!(said.is_err_and(|code| code != "panic"), "cut at {length}");
    }
}

#[test]
fn a_flipped_byte_never_harms_the_document() {
    quietly();
    let document = server();
    let honest = second().bytes();
    for place in 8..honest.len() {
        for mask in [0x01, 0x02, 0x10, 0x40, 0x80, 0xff] {
            let mut bytes = honest.clone();
            bytes[place] ^= mask;
            let bytes = with_checksum(&bytes);
            match verdict(&document, &bytes, None) {
                Ok(after) => stays_whole(&after, &bytes),
                Err(code) => assert_ne!(code, "panic", "byte {place}, mask {mask}"),
            }
        }
    }
}

/// What passed has to load from its chunks too, which is how it is stored.
fn stays_whole(after: &Document, bytes: &[u8]) {
    let stored = Document::load([first().bytes().as_slice(), bytes]).unwrap();
    assert_eq!(stored.heads(), after.heads());
}

#[test]
fn every_reason_has_words_in_both_languages() {
    let texts = [
        include_str!("../../client/web/text/zh-CN.ftl"),
        include_str!("../../client/web/text/en.ftl"),
    ];
    for error in GateError::ALL {
        for text in texts {
            let key = format!("\nrefused-{} = ", error.code());
            assert!(text.contains(&key), "no words for {}", error.code());
        }
    }
}
