//! Random and mutated input for everything that reads bytes from outside: nothing panics, nothing
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test may look at the clock: nothing may take long"
)]
//! hangs, and what passes the gate still loads.
//!
//! A bounded number of cases runs with the other tests; `cargo xtask fuzz` runs for as long as it
//! is told. The loop is our own and deterministic: a failing case names its seed, and its input
//! joins `tests/corpus/`, which every run begins with.

#[path = "support/hand_made.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod hand_made;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use floorbook_shared::device::record::{
    Counters, CursorRecord, OutboxHeader, OutboxMemo, RefusedRecord, RowRecord, StoredOutbox,
    TabletRecord, from_bytes,
};
use floorbook_shared::document::Document;
use floorbook_shared::sync::codec::Message;
use floorbook_shared::sync::gate::{judge, parse};
use floorbook_shared::sync::message::{ClientMessage, ServerMessage};
use floorbook_shared::sync::scanner::{scan_change, snapshot_heads};
use floorbook_shared::vault::key::Key;
use floorbook_shared::vault::keyring::KeyringRecord;
use floorbook_shared::vault::seal::{Place, open_among, open_clear};
use hand_made::*;

/// Cases of a normal run.
const CASES: u64 = 1_500;
/// No case may take longer; most take microseconds.
const LONGEST: Duration = Duration::from_secs(5);

/// Random numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// A number that is worth trying.
    fn number(&mut self) -> u64 {
        let near = [0, 1, 2, 3, NAME, CHARACTER, NEXT, 127, 128, 11_000, 11_001];
        let far = [
            u64::from(u32::MAX),
            1 << 32,
            1 << 40,
            i64::MAX as u64,
            u64::MAX,
        ];
        match self.below(4) {
            0 => *self.pick(&far),
            1 => self.next(),
            _ => *self.pick(&near),
        }
    }

    /// Changes some of the bytes in ways that parsers dislike.
    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let place = self.below(bytes.len());
            match self.below(7) {
                0 if !bytes.is_empty() => bytes[place] ^= 1 << self.below(8),
                1 if !bytes.is_empty() => bytes[place] = *self.pick(&[0, 1, 0x7f, 0x80, 0xff]),
                2 => bytes.truncate(place),
                3 => bytes.insert(place, self.next() as u8),
                4 if !bytes.is_empty() => drop(bytes.remove(place)),
                5 => {
                    let number = unsigned(self.number());
                    bytes.splice(place..place, number);
                }
                _ => {
                    let from = self.below(bytes.len());
                    let some: Vec<u8> = bytes[from..].iter().take(16).copied().collect();
                    bytes.splice(place..place, some);
                }
            }
        }
    }
}

fn golden(prefix: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    // What has none of the other prefixes is a message.
    let prefix_of = |file: &PathBuf| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let mut known = ["stored_", "vault_"].into_iter();
        known.find(|prefix| name.starts_with(prefix)).unwrap_or("")
    };
    files.retain(|file| prefix_of(file) == prefix);
    files
        .iter()
        .map(|file| unhex(&fs::read_to_string(file).unwrap()))
        .collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    hex::decode(digits).unwrap()
}

fn environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Tries the corpus, and then what `make` makes of one seed after the other.
fn fuzz(target: &str, make: impl Fn(&mut Dice) -> Vec<u8>, test: impl Fn(&[u8])) {
    std::panic::set_hook(Box::new(|_| {}));
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/corpus")
        .join(target);
    let mut kept: Vec<PathBuf> = fs::read_dir(&corpus)
        .map(|files| files.map(|file| file.unwrap().path()).collect())
        .unwrap_or_default();
    kept.sort();
    for file in kept {
        let input = unhex(&fs::read_to_string(&file).unwrap());
        try_one(&input, &test)
            .unwrap_or_else(|error| stop(&format!("{}: {error}", file.display())));
    }
    let seconds = environment("FLOORBOOK_FUZZ_SECONDS");
    let began = Instant::now();
    let first = environment("FLOORBOOK_FUZZ_SEED").unwrap_or(0);
    let mut seed = first;
    let goes_on = |seed: u64| match seconds {
        Some(seconds) => began.elapsed() < Duration::from_secs(seconds),
        None => seed < first.saturating_add(CASES),
    };
    while goes_on(seed) {
        let input = make(&mut Dice(seed));
        if let Err(error) = try_one(&input, &test) {
            if seconds.is_some() {
                fs::create_dir_all(&corpus).unwrap();
                fs::write(corpus.join(format!("{seed}.hex")), hex::encode(&input)).unwrap();
            }
            stop(&format!(
                "{target}, seed {seed}: {error}\n{}",
                hex::encode(&input)
            ));
        }
        seed = seed.wrapping_add(1);
    }
}

/// Fails the test with its words: the hook that keeps the library's panics quiet is taken away.
fn stop(words: &str) -> ! {
    drop(std::panic::take_hook());
    panic!("{words}");
}

fn try_one(input: &[u8], test: impl Fn(&[u8])) -> Result<(), String> {
    let began = Instant::now();
    let tried = catch_unwind(AssertUnwindSafe(|| test(input)));
    tried.map_err(|panic| match panic.downcast::<String>() {
        Ok(words) => *words,
        Err(panic) => panic
            .downcast::<&str>()
            .map_or_else(|_| "panic".to_owned(), |words| (*words).to_owned()),
    })?;
    let took = began.elapsed();
    if took > LONGEST {
        return Err(format!("it took {took:?}"));
    }
    Ok(())
}

#[test]
fn messages() {
    let known = golden("");
    fuzz(
        "messages",
        |dice| {
            let mut input = dice.pick(&known).clone();
            dice.mutate(&mut input);
            // A length that fits, so that the body is looked at.
            if dice.below(2) == 0 && input.len() >= 6 {
                let length = (input.len() - 6) as u32;
                input[2..6].copy_from_slice(&length.to_le_bytes());
            }
            input
        },
        |input| {
            if let Ok(Some(message)) = ClientMessage::decode(input) {
                assert_eq!(ClientMessage::decode(&message.encode()), Ok(Some(message)));
            }
            if let Ok(Some(message)) = ServerMessage::decode(input) {
                assert_eq!(ServerMessage::decode(&message.encode()), Ok(Some(message)));
            }
        },
    );
}

#[test]
fn changes() {
    let server = server();
    let snapshot = server.snapshot();
    let known = [first().bytes(), second().bytes(), snapshot];
    fuzz(
        "changes",
        |dice| {
            let mut input = dice.pick(&known).clone();
            if dice.below(8) == 0 {
                dice.mutate(&mut input);
                input
            } else {
                // Behind the header, and with a length and a checksum that fit.
                let body = input.iter().position(|byte| *byte & 0x80 == 0).unwrap_or(0);
                let mut body = input.split_off((body + 9).max(11).min(input.len()));
                dice.mutate(&mut body);
                chunk(*dice.pick(&[0, 1, 1, 1, 1, 2, 3]), &body)
            }
        },
        |input| {
            drop(snapshot_heads(input));
            pass(&server, input);
        },
    );
}

/// An operation that may be anything.
fn operation(dice: &mut Dice) -> HandOperation {
    let id = |dice: &mut Dice| (dice.number(), dice.below(4) as u64);
    let known = |dice: &mut Dice| {
        *dice.pick(&[
            (NAME, OTHER),
            (CONTACT, OTHER),
            (CHARACTER, OTHER),
            (CHARACTER + 1, OTHER),
            (NEXT, 0),
            (NEXT + 1, 0),
            (FIELDS, GENESIS),
        ])
    };
    let mut one = match dice.below(4) {
        0 => HandOperation::insert(HandKey::Element((CHARACTER, OTHER)), "新"),
        1 => HandOperation::delete((CHARACTER, OTHER)),
        2 => HandOperation::put(FIELDS, "name", "x").replacing(&[(NAME, OTHER)]),
        _ => HandOperation::put(FIELDS, "city", "x"),
    };
    for _ in 0..dice.below(3) {
        match dice.below(8) {
            0 => one.object = Some(id(dice)),
            1 => one.object = Some((*dice.pick(&[FIELDS, PHONES, CONTACTS, REMARKS]), GENESIS)),
            2 => one.action = dice.below(9) as u64,
            3 => {
                one.value = (
                    dice.below(16) as u8,
                    dice.next().to_le_bytes()[..dice.below(9)].to_vec(),
                )
            }
            4 => one.predecessors = (0..dice.below(4)).map(|_| known(dice)).collect(),
            5 => one.key = HandKey::Element(known(dice)),
            6 => one.insert = !one.insert,
            _ => {
                one.key = dice
                    .pick(&[
                        HandKey::Head,
                        HandKey::Nothing,
                        HandKey::Map("name".to_owned()),
                    ])
                    .clone()
            }
        }
    }
    one
}

#[test]
fn built_changes() {
    let server = server();
    fuzz(
        "built_changes",
        |dice| {
            let mut change = second();
            change.operations = (0..1 + dice.below(5)).map(|_| operation(dice)).collect();
            // All actors are named, whatever the operations do.
            change
                .operations
                .push(HandOperation::put(FIELDS, "wechat", "x"));
            change
                .operations
                .push(HandOperation::put(FIELDS, "name", "y").replacing(&[(NAME, OTHER)]));
            match dice.below(12) {
                0 => change.seq = dice.number(),
                1 => change.start_op = dice.number(),
                2 => change.time = dice.number() as i64,
                3 => change.footer = footer(dice.below(4) as u8),
                4 => {
                    let mut columns = change.columns_of();
                    let place = dice.below(columns.len());
                    let (specification, mut bytes) = columns.swap_remove(place);
                    dice.mutate(&mut bytes);
                    change.columns = vec![(specification, bytes)];
                }
                5 => change.deps = vec![floorbook_shared::document::genesis::customer().hash().0],
                _ => {}
            }
            change.bytes()
        },
        |input| pass(&server, input),
    );
}

/// What passes the gate has to load, as one snapshot and from its chunks.
fn pass(server: &Document, input: &[u8]) {
    // Only after the scanner: on what it refuses, the library might not come back.
    if let Ok(scanned) = scan_change(input)
        && let Ok(Some(change)) =
            catch_unwind(|| automerge::Change::from_bytes(input.to_vec()).ok())
    {
        assert_eq!(scanned.hash.as_bytes(), &change.hash().0);
        assert_eq!(scanned.operations, change.len() as u64);
    }
    let judged = parse(input).and_then(|change| judge(server, &change, author(2), None));
    if let Ok(after) = judged {
        let snapshot = Document::load([after.snapshot().as_slice()]).unwrap();
        assert_eq!(snapshot.heads(), after.heads());
        let stored = Document::load([first().bytes().as_slice(), input]).unwrap();
        assert_eq!(stored.heads(), after.heads());
        drop(floorbook_shared::document::read::read(&after));
    }
}

#[test]
fn stored_values() {
    let known = golden("stored_");
    fuzz(
        "stored_values",
        |dice| {
            let mut value = dice.pick(&known).clone();
            dice.mutate(&mut value);
            value
        },
        |input| {
            drop(from_bytes::<Counters>(input));
            drop(from_bytes::<Vec<RowRecord>>(input));
            drop(from_bytes::<StoredOutbox>(input));
            drop(from_bytes::<Vec<OutboxHeader>>(input));
            drop(from_bytes::<OutboxMemo>(input));
            drop(from_bytes::<TabletRecord>(input));
            drop(from_bytes::<RefusedRecord>(input));
            drop(from_bytes::<KeyringRecord>(input));
            let _ = from_bytes::<CursorRecord>(input);
        },
    );
}

#[test]
fn sealed_values() {
    let known = golden("vault_");
    let keys = [1, 2].map(|number| Key::from_bytes([number; 32]));
    let place = Place::new("chunks", b"somewhere");
    fuzz(
        "sealed_values",
        |dice| {
            let mut value = dice.pick(&known).clone();
            dice.mutate(&mut value);
            value
        },
        |input| {
            let _ = open_clear(place, input);
            if let Ok(opened) = open_among(&keys, place, input) {
                assert_eq!(opened, b"word", "what was changed does not open");
            }
        },
    );
}
