//! What operations write, name and replace.

use crate::hand_made::*;
use crate::{Hostile, doing, name, with};

pub fn corpus() -> Vec<Hostile> {
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
    ]
}
