//! Actor, author, numbers and dependencies: what stands before and behind the operations.

use crate::hand_made::*;
use crate::{Hostile, name, with};

pub fn corpus() -> Vec<Hostile> {
    let put = |key: &str| HandOperation::put(FIELDS, key, "x");
    vec![
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
    ]
}
