//! Bytes that claim more than they hold, or hold what no change holds.

use crate::hand_made::*;
use crate::{Hostile, doing, name, with};

pub fn corpus() -> Vec<Hostile> {
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
