//! Hostile changes, each well-formed with a valid checksum: every one is refused with a stable
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test may look at the clock: nothing may take long"
)]
//! code, without a panic, and the document stays what it was.

#[path = "support/hand_made.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod hand_made;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use floorbook_shared::document::Document;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::sync::gate::{Candidate, GateError, Passed, judge, judge_all, parse};
use hand_made::*;

/// No change may keep the server busy for longer; most take less than a millisecond.
const LONGEST: Duration = Duration::from_secs(5);

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

/// All named hostile changes with the code that each has to be refused with.
fn corpus() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let name = || HandOperation::put(FIELDS, "name", "x").replacing(&[(NAME, OTHER)]);
    // So that all actors are named whatever else the change does.
    let both = |mut operations: Vec<HandOperation>| {
        operations.push(name());
        doing(operations)
    };
    let put = |key: &str| HandOperation::put(FIELDS, key, "x");
    let on = |object: Option<Id>| HandOperation { object, ..put("x") };
    let acting = |action: u64, value: (u8, Vec<u8>)| HandOperation {
        action,
        value,
        ..put("x")
    };
    let own = |counter: u64| (counter, 0);
    let text = |after: HandKey| HandOperation::insert(after, "x");
    let claims = |count: u64| {
        // Each column claims that many operations in a handful of bytes.
        with(|change| {
            let run = |value: u64| [signed(count as i64), unsigned(value)].concat();
            change.other_actors = vec![b"floorbookgenesis".to_vec()];
            change.columns = vec![
                (0x01, run(1)),
                (0x02, run(FIELDS)),
                (0x11, Vec::new()),
                (0x13, Vec::new()),
                (0x15, [signed(count as i64), vec![1, b'x']].concat()),
                (0x34, unsigned(count)),
                (0x42, run(PUT)),
                (0x56, run(6)),
                (0x57, Vec::new()),
                (0x70, run(0)),
                (0x71, Vec::new()),
                (0x73, Vec::new()),
            ];
        })
    };
    let deflated = {
        // Sixty kilobytes of the same letter, as the library itself deflates them.
        let long = HandOperation {
            value: (6, vec![b'x'; 60_000]),
            ..name()
        };
        let mut change = automerge::Change::from_bytes(doing(vec![long])).unwrap();
        let deflated = change.bytes().to_vec();
        assert!(deflated.len() < 400, "{} bytes", deflated.len());
        deflated
    };
    let column = |specification: u64, bytes: Vec<u8>| {
        with(|change| change.columns = vec![(specification, bytes)])
    };
    vec![
        (
            "an object that is missing",
            both(vec![on(Some((99, GENESIS)))]),
            "no_change",
        ),
        (
            "an object that is no object",
            both(vec![on(Some((NAME, OTHER)))]),
            "forbidden_write",
        ),
        (
            "a container that is a scalar",
            both(vec![on(Some((1, GENESIS)))]),
            "forbidden_write",
        ),
        ("the root", both(vec![on(None)]), "forbidden_write"),
        (
            "an object of its own",
            both(vec![acting(MAKE_MAP, (0, vec![])), on(Some(own(NEXT)))]),
            "forbidden_write",
        ),
        (
            "an actor out of range",
            both(vec![on(Some((FIELDS, 7)))]),
            "no_change",
        ),
        (
            "an actor that nobody knows",
            with(|change| {
                change.other_actors.insert(1, vec![0x25; 16]);
                change.operations = vec![
                    HandOperation {
                        object: Some((FIELDS, 3)),
                        ..HandOperation::put(FIELDS, "name", "x").replacing(&[(NAME, 1)])
                    },
                    HandOperation {
                        object: Some((FIELDS, 3)),
                        ..put("y").replacing(&[(4, 2)])
                    },
                ];
            }),
            "broken_reference",
        ),
        (
            "an actor that nothing names",
            with(|change| {
                change.other_actors.push(vec![0x77; 16]);
            }),
            "no_change",
        ),
        (
            "itself among the others",
            with(|change| {
                change.other_actors.insert(1, vec![0x30; 16]);
            }),
            "no_change",
        ),
        (
            "a gap of the sequence",
            with(|change| change.seq = 2),
            "foreign_actor",
        ),
        ("no sequence", with(|change| change.seq = 0), "no_change"),
        (
            "the last sequence",
            with(|change| change.seq = u64::MAX),
            "foreign_actor",
        ),
        (
            "numbers too low",
            with(|change| change.start_op = NEXT - 1),
            "broken_order",
        ),
        (
            "numbers too high",
            with(|change| change.start_op = NEXT + 1),
            "broken_order",
        ),
        (
            "numbers near 32 bits",
            with(|change| change.start_op = u64::from(u32::MAX) - 4),
            "broken_order",
        ),
        (
            "numbers beyond 32 bits",
            with(|change| change.start_op = u64::from(u32::MAX) - 3),
            "no_change",
        ),
        (
            "numbers near 64 bits",
            with(|change| change.start_op = u64::MAX - 4),
            "no_change",
        ),
        (
            "numbers beyond 64 bits",
            with(|change| change.start_op = u64::MAX),
            "no_change",
        ),
        (
            "number zero",
            with(|change| change.start_op = 0),
            "no_change",
        ),
        (
            "a predecessor that is missing",
            both(vec![put("x").replacing(&[(5, OTHER)])]),
            "broken_reference",
        ),
        (
            "a predecessor of the future",
            both(vec![put("x").replacing(&[(NEXT + 9, OTHER)])]),
            "no_change",
        ),
        (
            "a predecessor beyond the other's last",
            both(vec![put("y"), put("x").replacing(&[(NEXT, OTHER)])]),
            "broken_reference",
        ),
        (
            "a predecessor that is itself",
            both(vec![put("x").replacing(&[own(NEXT)])]),
            "no_change",
        ),
        (
            "a predecessor under another key",
            both(vec![put("city").replacing(&[(NAME, OTHER)])]),
            "broken_reference",
        ),
        (
            "a predecessor in another container",
            both(vec![put("name").replacing(&[(CONTACT, OTHER)])]),
            "broken_reference",
        ),
        (
            "a predecessor of genesis",
            both(vec![put("name").replacing(&[(FIELDS, GENESIS)])]),
            "broken_reference",
        ),
        (
            "a predecessor that is a character",
            both(vec![put("name").replacing(&[(CHARACTER, OTHER)])]),
            "broken_reference",
        ),
        (
            "a predecessor twice",
            doing(vec![put("name").replacing(&[(NAME, OTHER), (NAME, OTHER)])]),
            "no_change",
        ),
        (
            "a predecessor that was replaced",
            doing(vec![name(), put("name").replacing(&[(NAME, OTHER)])]),
            "broken_reference",
        ),
        (
            "a map key in the text",
            both(vec![HandOperation {
                object: Some((REMARKS, GENESIS)),
                ..put("x")
            }]),
            "forbidden_write",
        ),
        (
            "an element in a map",
            both(vec![HandOperation {
                object: Some((FIELDS, GENESIS)),
                ..text(HandKey::Head)
            }]),
            "forbidden_write",
        ),
        (
            "no key at all",
            both(vec![HandOperation {
                key: HandKey::Nothing,
                ..put("x")
            }]),
            "no_change",
        ),
        (
            "an insertion behind a missing character",
            both(vec![text(HandKey::Element((2, OTHER)))]),
            "unloadable",
        ),
        (
            "an insertion behind a field",
            both(vec![text(HandKey::Element((NAME, OTHER)))]),
            "unloadable",
        ),
        (
            "an insertion behind a container",
            both(vec![text(HandKey::Element((REMARKS, GENESIS)))]),
            "unloadable",
        ),
        (
            "an insertion behind the future",
            both(vec![
                text(HandKey::Element(own(NEXT + 1))),
                text(HandKey::Head),
            ]),
            "no_change",
        ),
        (
            "an insertion that replaces",
            both(vec![text(HandKey::Head).replacing(&[(CHARACTER, OTHER)])]),
            "broken_reference",
        ),
        (
            "a deletion of a missing character",
            both(vec![HandOperation::delete((5, OTHER))]),
            "unloadable",
        ),
        (
            "a deletion of a field as a character",
            both(vec![HandOperation::delete((NAME, OTHER))]),
            "unloadable",
        ),
        (
            "a deletion that replaces nothing",
            both(vec![
                HandOperation::delete((CHARACTER, OTHER)).replacing(&[]),
            ]),
            "broken_reference",
        ),
        (
            "a deletion that replaces another",
            both(vec![
                HandOperation::delete((CHARACTER, OTHER)).replacing(&[(CHARACTER + 1, OTHER)]),
            ]),
            "broken_reference",
        ),
        (
            "a deletion of the head",
            both(vec![HandOperation {
                key: HandKey::Head,
                ..HandOperation::delete((CHARACTER, OTHER))
            }]),
            "forbidden_write",
        ),
        (
            "a character that is replaced in place",
            both(vec![HandOperation {
                action: PUT,
                value: (6, b"x".to_vec()),
                ..HandOperation::delete((CHARACTER, OTHER))
            }]),
            "forbidden_write",
        ),
        (
            "an increment of what is no counter",
            both(vec![HandOperation {
                action: INCREMENT,
                value: (4, vec![1]),
                ..name()
            }]),
            "forbidden_write",
        ),
        (
            "an increment without a number",
            both(vec![HandOperation {
                action: INCREMENT,
                ..name()
            }]),
            "no_change",
        ),
        (
            "a counter",
            both(vec![HandOperation {
                value: (8, vec![1]),
                ..put("x")
            }]),
            "forbidden_write",
        ),
        (
            "a deletion in a map",
            both(vec![HandOperation {
                action: DELETE,
                value: (0, vec![]),
                ..name()
            }]),
            "forbidden_write",
        ),
        (
            "a list",
            both(vec![acting(MAKE_LIST, (0, vec![]))]),
            "forbidden_write",
        ),
        (
            "a text",
            both(vec![acting(MAKE_TEXT, (0, vec![]))]),
            "forbidden_write",
        ),
        (
            "a mark",
            both(vec![HandOperation {
                action: MARK,
                value: (2, vec![]),
                insert: true,
                ..text(HandKey::Head)
            }]),
            "forbidden_write",
        ),
        (
            "an action that nobody knows",
            both(vec![acting(8, (6, vec![]))]),
            "no_change",
        ),
        (
            "a value type that nobody knows",
            both(vec![HandOperation {
                value: (14, vec![1]),
                ..put("x")
            }]),
            "forbidden_write",
        ),
        (
            "a text that is no UTF-8",
            both(vec![HandOperation {
                value: (6, vec![0xff]),
                ..put("x")
            }]),
            "no_change",
        ),
        (
            "a number with needless bytes",
            both(vec![HandOperation {
                value: (4, vec![0x81, 0x00]),
                ..put("x")
            }]),
            "no_change",
        ),
        (
            "a float of three bytes",
            both(vec![HandOperation {
                value: (5, vec![1, 2, 3]),
                ..put("x")
            }]),
            "no_change",
        ),
        (
            "nothing with bytes",
            both(vec![HandOperation {
                value: (0, vec![1, 2, 3]),
                ..put("x")
            }]),
            "no_change",
        ),
        (
            "a phone's place in words",
            both(vec![HandOperation::put(
                PHONES,
                "01010101-0101-0101-0101-010101010101/order",
                "x",
            )]),
            "forbidden_write",
        ),
        (
            "nothing done at all",
            with(|change| {
                change.operations = Vec::new();
                change.other_actors = Vec::new();
            }),
            "forbidden_write",
        ),
        (
            "someone else's actor",
            with(|change| {
                change.actor = vec![0x20; 16];
                change.other_actors.remove(0);
                change.operations = vec![HandOperation {
                    object: Some((FIELDS, 1)),
                    ..put("x")
                }];
                change.seq = 2;
                change.footer = Vec::new();
            }),
            "foreign_actor",
        ),
        (
            "an actor's first change again with other content",
            with(|change| {
                change.actor = vec![0x20; 16];
                change.other_actors.remove(0);
                change.operations = vec![HandOperation {
                    object: Some((FIELDS, 1)),
                    ..put("x")
                }];
            }),
            "broken_order",
        ),
        (
            "the actor of genesis",
            with(|change| {
                change.actor = b"floorbookgenesis".to_vec();
                change.other_actors.pop();
                change.operations = vec![HandOperation {
                    object: Some((FIELDS, 0)),
                    ..name()
                }];
            }),
            "foreign_actor",
        ),
        (
            "an actor of no bytes",
            with(|change| change.actor = Vec::new()),
            "no_change",
        ),
        (
            "an actor of one byte",
            with(|change| change.actor = vec![1]),
            "no_change",
        ),
        (
            "someone else's author",
            with(|change| change.footer = footer(1)),
            "foreign_author",
        ),
        (
            "no author",
            with(|change| change.footer = Vec::new()),
            "foreign_author",
        ),
        (
            "an author that is nobody",
            with(|change| change.footer = vec![1, 2, 9, 9]),
            "foreign_author",
        ),
        (
            "an author that ends too early",
            with(|change| change.footer = vec![1, 32, 9]),
            "no_change",
        ),
        (
            "something behind the author",
            with(|change| change.footer.push(0)),
            "no_change",
        ),
        (
            "two authors",
            with(|change| change.footer.extend(footer(1))),
            "no_change",
        ),
        (
            "a footer that nobody knows",
            with(|change| change.footer = vec![2, 1, 1]),
            "no_change",
        ),
        (
            "much behind the columns",
            with(|change| change.footer = [vec![1], unsigned(60_000), vec![7; 60_000]].concat()),
            "too_large",
        ),
        (
            "unknown dependencies",
            with(|change| change.deps = vec![[7; 32]]),
            "missing_changes",
        ),
        (
            "a dependency twice",
            with(|change| change.deps = vec![change.deps[0]; 2]),
            "no_change",
        ),
        (
            "no dependencies",
            with(|change| change.deps = Vec::new()),
            "broken_order",
        ),
        (
            "a thousand dependencies",
            with(|change| {
                change.deps = (0..1_000_u32)
                    .map(|number| {
                        let mut dep = [0; 32];
                        dep[..4].copy_from_slice(&number.to_be_bytes());
                        dep
                    })
                    .collect()
            }),
            "too_large",
        ),
        (
            "ten thousand actors",
            with(|change| {
                change.other_actors = (0..10_000_u32)
                    .map(|number| number.to_be_bytes().to_vec())
                    .collect()
            }),
            "too_large",
        ),
        (
            "three thousand actors",
            with(|change| {
                change.other_actors = (0..3_000_u32)
                    .map(|number| [vec![0x40; 12], number.to_be_bytes().to_vec()].concat())
                    .collect()
            }),
            "too_large",
        ),
        (
            "actors out of order",
            with(|change| change.other_actors.reverse()),
            "no_change",
        ),
        (
            "a message",
            with(|change| change.message = vec![b'x'; 300]),
            "too_large",
        ),
        (
            "a message that is no text",
            with(|change| change.message = vec![0xff; 3]),
            "no_change",
        ),
        (
            "a time before all times",
            with(|change| change.time = i64::MIN),
            "no_change",
        ),
        (
            "a time after all times",
            with(|change| change.time = i64::MAX),
            "no_change",
        ),
        (
            "a million operations in few bytes",
            claims(1_000_000),
            "too_large",
        ),
        (
            "10^12 operations in few bytes",
            claims(1_000_000_000_000),
            "too_large",
        ),
        ("2^62 operations in few bytes", claims(1 << 62), "too_large"),
        (
            "a little more than there may be",
            claims(11_001),
            "too_large",
        ),
        (
            "10^12 predecessors",
            with(|change| {
                change.columns = vec![(
                    0x70,
                    [
                        signed(-4),
                        unsigned(1),
                        unsigned(0),
                        unsigned(1_000_000_000_000),
                        unsigned(1),
                    ]
                    .concat(),
                )]
            }),
            "no_change",
        ),
        (
            "10^12 nothings",
            column(0x11, [signed(0), unsigned(1_000_000_000_000)].concat()),
            "too_large",
        ),
        (
            "a column that is shorter",
            column(0x42, [signed(2), vec![1]].concat()),
            "no_change",
        ),
        (
            "a column that is longer",
            column(0x42, [signed(9), vec![1]].concat()),
            "no_change",
        ),
        (
            "a column that nobody knows",
            column(0xb3, vec![2, 1]),
            "no_change",
        ),
        (
            "a deflated column",
            column(0x42 | 8, vec![0x63, 0x04, 0x00]),
            "no_change",
        ),
        (
            "a deflated column that inflates a thousandfold",
            column(0x57 | 8, vec![0xed; 100]),
            "no_change",
        ),
        ("a deflated change", deflated, "no_change"),
        ("a document", chunk(0, &second().body()), "no_change"),
        ("a bundle", chunk(3, &second().body()), "no_change"),
        (
            "a chunk that nobody knows",
            chunk(9, &second().body()),
            "no_change",
        ),
        (
            "a value longer than its column",
            column(0x56, [signed(4), unsigned((1 << 60) | 6)].concat()),
            "no_change",
        ),
    ]
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
    let (after, verdicts) = judge_all(&document, &candidates);
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
