//! Hostile changes, as far as the library can be made to build them: every one is refused, with
//! the expected code and without a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{
    ActorId, Author, Automerge, Change, ChangeHash, ObjId, ObjType, ROOT, ScalarValue,
};
use floorbook_shared::document::author::{ChangeAuthor, SERVER_DEVICE};
use floorbook_shared::document::genesis::{self, GENESIS_ACTOR};
use floorbook_shared::document::{Document, TEXT_ENCODING};
use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::sync::gate::{judge, parse};
use floorbook_shared::sync::message::{CHANGE_MAX_BYTES, CHANGE_MAX_OPERATIONS};

const ENTRY: &str = "01010101-0101-0101-0101-010101010101";

fn author(number: u8) -> ChangeAuthor {
    ChangeAuthor {
        person: PersonId::from_bytes([number; 16]),
        device: DeviceId::from_bytes([number; 16]),
    }
}

/// A container of genesis: its operation follows those of `kind` and `schema`.
fn container(name: &str) -> ObjId {
    let names = [
        "fields",
        "phones",
        "facts",
        "contacts",
        "next_steps",
        "remarks",
        "issues",
        "family",
        "consents",
        "opportunities",
        "orders",
        "files",
        "links",
    ];
    let place = names
        .iter()
        .position(|known| *known == name)
        .expect("a container");
    ObjId::Id(place as u64 + 3, ActorId::from(GENESIS_ACTOR), 0)
}

/// A document like a tablet's, on which anything can be written.
fn tablet(author: Option<ChangeAuthor>, actor: &[u8]) -> Automerge {
    let mut document = Automerge::new_with_encoding(TEXT_ENCODING);
    document
        .apply_changes([genesis::customer()])
        .expect("genesis applies");
    document.set_author(author.map(ChangeAuthor::to_author));
    document.set_actor(ActorId::from(actor));
    document
}

fn commit(document: &mut Automerge, body: impl FnOnce(&mut Transaction<'_>)) -> Change {
    let mut transaction = document.transaction();
    body(&mut transaction);
    transaction.commit_with(CommitOptions::default().with_time(0));
    document.get_last_local_change().expect("a change was made")
}

/// One change of an honest tablet with a body of the test's.
fn change(body: impl FnOnce(&mut Transaction<'_>)) -> Vec<u8> {
    let mut document = tablet(Some(author(1)), &[1; 16]);
    commit(&mut document, body).raw_bytes().to_vec()
}

/// What the gate says to bytes that a tablet pushed, on a document as the server has it.
fn verdict(server: &Document, bytes: &[u8], bound: Option<ChangeAuthor>) -> Result<(), String> {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let change = parse(bytes)?;
        judge(server, &change, author(1), bound).map(drop)
    }));
    match judged {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.code().to_owned()),
        Err(_) => Err("panic".to_owned()),
    }
}

/// Panics inside the gate are expected here and would only clutter the report.
fn silently(body: impl FnOnce() + std::panic::UnwindSafe) {
    use std::sync::Mutex;
    static HOOK: Mutex<()> = Mutex::new(());
    let guard = HOOK
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(body);
    std::panic::set_hook(hook);
    drop(guard);
    if let Err(panic) = result {
        let text = panic.downcast_ref::<String>().cloned();
        panic!("{}", text.unwrap_or_default());
    }
}

fn expect(cases: Vec<(&'static str, Vec<u8>, &'static str)>) {
    silently(move || {
        let blank = Document::found();
        for (name, bytes, code) in cases {
            assert_eq!(
                verdict(&blank, &bytes, None),
                Err(code.to_owned()),
                "{name}"
            );
        }
    });
}

#[test]
fn an_honest_change_passes() {
    let bytes = change(|to| {
        to.put(container("fields"), "name", "李女士").unwrap();
        to.update_text(&container("remarks"), "常来").unwrap();
    });
    assert_eq!(verdict(&Document::found(), &bytes, None), Ok(()));
}

#[test]
fn writes_outside_of_what_a_customer_holds_are_refused() {
    let forbidden = |name: &'static str, body: &dyn Fn(&mut Transaction<'_>)| {
        (name, change(|to| body(to)), "forbidden_write")
    };
    let entry = |property: &str| format!("{ENTRY}/{property}");
    expect(vec![
        forbidden("root key", &|to| to.put(ROOT, "name", "x").unwrap()),
        forbidden("schema", &|to| to.put(ROOT, "schema", 2_i64).unwrap()),
        forbidden("container replaced", &|to| {
            to.put(ROOT, "fields", "gone").unwrap();
        }),
        forbidden("container deleted", &|to| {
            to.delete(ROOT, "contacts").unwrap();
        }),
        forbidden("map made", &|to| {
            to.put_object(container("fields"), "name", ObjType::Map)
                .unwrap();
        }),
        forbidden("list made", &|to| {
            to.put_object(container("facts"), "list", ObjType::List)
                .unwrap();
        }),
        forbidden("text made in a new map", &|to| {
            let map = to
                .put_object(container("links"), "map", ObjType::Map)
                .unwrap();
            to.put_object(map, "text", ObjType::Text).unwrap();
        }),
        forbidden("object inside the text", &|to| {
            to.insert_object(container("remarks"), 0, ObjType::Map)
                .unwrap();
        }),
        forbidden("number in the text", &|to| {
            to.insert(container("remarks"), 0, 7_i64).unwrap();
        }),
        forbidden("counter", &|to| {
            to.put(container("fields"), "name", ScalarValue::counter(1))
                .unwrap();
        }),
        forbidden("number for a text", &|to| {
            to.put(container("fields"), "name", 7_i64).unwrap();
        }),
        forbidden("bytes for a text", &|to| {
            to.put(container("facts"), "x", ScalarValue::Bytes(vec![1]))
                .unwrap();
        }),
        forbidden("nothing for a text", &|to| {
            to.put(container("fields"), "name", ScalarValue::Null)
                .unwrap();
        }),
        forbidden("unknown type", &|to| {
            let value = ScalarValue::Unknown {
                type_code: 14,
                bytes: vec![1],
            };
            to.put(container("fields"), "name", value).unwrap();
        }),
        forbidden("contact that is no entry", &|to| {
            to.put(container("contacts"), "x", "{}").unwrap();
        }),
        forbidden("handover, which the server alone writes", &|to| {
            to.put(container("contacts"), format!("{ENTRY}/handover"), "{}")
                .unwrap();
        }),
        forbidden("property of a contact", &|to| {
            to.put(container("contacts"), entry("ending"), "{}")
                .unwrap();
        }),
        forbidden("unknown property of a step", &|to| {
            to.put(container("next_steps"), entry("number"), "x")
                .unwrap();
        }),
        forbidden("order of a phone in words", &|to| {
            to.put(container("phones"), entry("order"), "first")
                .unwrap();
        }),
        forbidden("container of a later version", &|to| {
            to.put(container("files"), ENTRY, "{}").unwrap();
        }),
        forbidden("entry as one value", &|to| {
            to.put(container("orders"), ENTRY, "{}").unwrap();
        }),
        forbidden("field of another kind", &|to| {
            to.put(container("issues"), entry("relation"), "x").unwrap();
        }),
        forbidden("consent to something else", &|to| {
            to.put(container("consents"), "everything", "yes 2026-11-28")
                .unwrap();
        }),
        forbidden("amount as a number", &|to| {
            to.put(container("orders"), entry("amount"), 7_i64).unwrap();
        }),
        forbidden("empty key", &|to| {
            to.put(container("facts"), "", "x").unwrap();
        }),
        forbidden("very long key", &|to| {
            to.put(container("facts"), "k".repeat(3_000), "x").unwrap();
        }),
        forbidden("very long value", &|to| {
            to.put(container("fields"), "name", "v".repeat(30_000))
                .unwrap();
        }),
        forbidden("marks", &|to| {
            to.update_text(&container("remarks"), "常来").unwrap();
            let mark = Mark::new("bold".to_owned(), true, 0, 2);
            to.mark(container("remarks"), mark, ExpandMark::Both)
                .unwrap();
        }),
    ]);
}

#[test]
fn increments_and_deletions_of_what_is_there_are_refused() {
    let mut document = tablet(Some(author(1)), &[1; 16]);
    let mut server = Document::found();
    let first = commit(&mut document, |to| {
        to.put(container("fields"), "name", "李女士").unwrap();
        to.put(container("contacts"), ENTRY, "{}").unwrap();
    });
    server.apply(vec![first]).unwrap();
    let deletes = [("fields", "name"), ("contacts", ENTRY)];
    silently(move || {
        for (place, key) in deletes {
            let mut document = document.clone();
            let delete = commit(&mut document, |to| {
                to.delete(container(place), key).unwrap();
            });
            assert_eq!(
                verdict(&server, delete.raw_bytes(), Some(author(1))),
                Err("forbidden_write".to_owned())
            );
        }
        let counter = commit(&mut document, |to| {
            to.put(container("fields"), "count", ScalarValue::counter(1))
                .unwrap();
        });
        server.apply(vec![counter]).unwrap();
        let increment = commit(&mut document, |to| {
            to.increment(container("fields"), "count", 1).unwrap();
        });
        assert_eq!(
            verdict(&server, increment.raw_bytes(), Some(author(1))),
            Err("forbidden_write".to_owned())
        );
    });
}

#[test]
fn changes_of_other_authors_and_actors_are_refused() {
    let named = |author: Option<ChangeAuthor>, actor: &[u8]| {
        let mut document = tablet(author, actor);
        let change = commit(&mut document, |to| {
            to.put(container("fields"), "name", "x").unwrap();
        });
        change.raw_bytes().to_vec()
    };
    let odd = {
        let mut document = tablet(None, &[1; 16]);
        document.set_author(Some(Author::from(vec![1; 5])));
        document.set_actor(ActorId::from([1; 16].as_slice()));
        let change = commit(&mut document, |to| {
            to.put(container("fields"), "name", "x").unwrap();
        });
        change.raw_bytes().to_vec()
    };
    expect(vec![
        (
            "another author",
            named(Some(author(2)), &[1; 16]),
            "foreign_author",
        ),
        ("no author", named(None, &[1; 16]), "foreign_author"),
        ("an author that is nobody", odd, "foreign_author"),
        (
            "genesis' own change",
            genesis::customer().raw_bytes().to_vec(),
            "foreign_actor",
        ),
        (
            "the actor of genesis",
            named(Some(author(1)), b"floorbookgenesis"),
            "foreign_actor",
        ),
    ]);
    let bytes = named(Some(author(1)), &[1; 16]);
    silently(move || {
        let blank = Document::found();
        let foreign = Err("foreign_actor".to_owned());
        assert_eq!(verdict(&blank, &bytes, Some(author(2))), foreign);
    });
}

#[test]
fn changes_that_do_not_continue_the_document_are_refused() {
    let mut document = tablet(Some(author(1)), &[1; 16]);
    let changes: Vec<Change> = ["a", "b", "c"]
        .iter()
        .map(|value| {
            commit(&mut document, |to| {
                to.put(container("fields"), "name", *value).unwrap();
            })
        })
        .collect();
    let blank = Document::found();
    let own = Some(author(1));
    let mut with_first = Document::found();
    with_first.apply(vec![changes[0].clone()]).unwrap();
    let rewritten = |edit: &dyn Fn(&mut automerge::ExpandedChange)| {
        let mut expanded = changes[1].decode();
        expanded.hash = None;
        edit(&mut expanded);
        Change::from(expanded).raw_bytes().to_vec()
    };
    let cases = [
        (
            "unknown deps",
            changes[1].raw_bytes().to_vec(),
            &blank,
            "missing_changes",
        ),
        (
            "a known change as a new one",
            changes[0].raw_bytes().to_vec(),
            &with_first,
            "broken_order",
        ),
        (
            "a gap of the actor",
            rewritten(&|change| change.seq = 3),
            &with_first,
            "broken_order",
        ),
        (
            "operations that begin too late",
            rewritten(&|change| change.start_op = 1_000.try_into().unwrap()),
            &with_first,
            "broken_order",
        ),
        (
            // They name operations that would come after them.
            "operations that begin again",
            rewritten(&|change| change.start_op = 1.try_into().unwrap()),
            &with_first,
            "no_change",
        ),
        (
            "no deps",
            rewritten(&|change| change.deps = Vec::new()),
            &with_first,
            "broken_order",
        ),
        (
            "invented deps",
            rewritten(&|change| change.deps = vec![ChangeHash([7; 32])]),
            &with_first,
            "missing_changes",
        ),
    ];
    silently(AssertUnwindSafe(|| {
        for (name, bytes, server, code) in cases {
            assert_eq!(verdict(server, &bytes, own), Err(code.to_owned()), "{name}");
        }
    }));
}

#[test]
fn bytes_of_the_wrong_kind_or_size_are_refused() {
    let honest = change(|to| {
        for number in 0..400 {
            to.put(container("facts"), format!("{number}"), "常来".repeat(20))
                .unwrap();
        }
    });
    let mut compressed = Change::from_bytes(honest.clone()).unwrap();
    let compressed = compressed.bytes().to_vec();
    assert_eq!(compressed.get(8), Some(&2), "it is worth compressing");
    let document = tablet(None, &[1; 16]).save_nocompress();
    let many = change(|to| {
        for _ in 0..=CHANGE_MAX_OPERATIONS {
            to.insert(container("remarks"), 0, "x").unwrap();
        }
    });
    assert!(many.len() < CHANGE_MAX_BYTES, "few bytes, many operations");
    let large = change(|to| {
        for number in 0..10 {
            to.put(container("facts"), format!("{number}"), "v".repeat(10_000))
                .unwrap();
        }
    });
    let small = change(|to| to.put(container("fields"), "name", "x").unwrap());
    let two = [small.clone(), small].concat();
    expect(vec![
        ("compressed", compressed, "no_change"),
        ("a document", document, "no_change"),
        ("too many operations", many, "too_large"),
        ("too large", large, "too_large"),
        ("two changes in one chunk", two, "no_change"),
        (
            "cut",
            honest.get(..honest.len() / 2).unwrap().to_vec(),
            "no_change",
        ),
        ("nothing", Vec::new(), "no_change"),
    ]);
}

#[test]
fn what_the_server_told_of_a_handover_passes_again_as_its_own() {
    let server = ChangeAuthor {
        person: PersonId::from_bytes([1; 16]),
        device: SERVER_DEVICE,
    };
    let mut document = tablet(Some(server), &[1; 16]);
    let key = format!("{ENTRY}/handover");
    let change = commit(&mut document, |to| {
        to.put(container("contacts"), key, "{}").unwrap();
    });
    let bytes = change.raw_bytes().to_vec();
    let change = parse(&bytes).unwrap();
    let blank = Document::found();
    assert!(judge(&blank, &change, server, None).is_ok());
    // A tablet can't push it as its own, nor as the server's.
    let refused = judge(&blank, &change, author(1), None).unwrap_err();
    assert_eq!(refused.code(), "foreign_author");
}
