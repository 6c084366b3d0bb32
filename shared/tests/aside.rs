//! Documents that the program traps on are set aside, and the rest goes on.

#[path = "device/host.rs"]
#[allow(dead_code, reason = "the tests of the engine use the rest")]
mod host;
#[path = "device/poison.rs"]
mod poison;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use floorbook_shared::device::engine::{Device, Input};
use floorbook_shared::device::message::{Notice, Request};
use floorbook_shared::device::record::chunk_key;
use floorbook_shared::device::storage::{self, StoreName};
use floorbook_shared::document::Document;
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::message::{ClientMessage, FrameItem};
use host::{Host, document, fetched, log, open_card, place, set, welcome};
use poison::poison;

/// What a host of the browser remembers where a trap does not reach it.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Option<DocumentId>>>);

impl Memory {
    fn watch(&self, device: &mut Device) {
        let memory = self.0.clone();
        device.watch_work(move |document| {
            *memory.lock().unwrap_or_else(PoisonError::into_inner) = document;
        });
    }

    fn document(&self) -> Option<DocumentId> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Does something on a tablet as the browser does: a trap ends the engine, and the next one is
/// told what the last one was working on. Answers what it trapped on, in order.
fn survive(host: &mut Host, act: impl FnOnce(&mut Host)) -> Vec<DocumentId> {
    let memory = Memory::default();
    let mut trapped = Vec::new();
    memory.watch(&mut host.device);
    let mut ended = catch_unwind(AssertUnwindSafe(|| act(host)));
    while ended.is_err() {
        let document = memory.document().expect("it said what it works on");
        trapped.push(document);
        assert!(trapped.len() < 10, "it never ends: {trapped:?}");
        ended = catch_unwind(AssertUnwindSafe(|| {
            host.restart_with(|device| {
                memory.watch(device);
                device.note_trap(document);
            });
        }));
    }
    assert_eq!(
        memory.document(),
        None,
        "nothing is being worked on any more"
    );
    trapped
}

/// A tablet with 李女士's card, poisoned on this disk alone, and 王先生's.
fn poisoned_tablet() -> (Host, DocumentId, DocumentId, Vec<Vec<u8>>) {
    let mut host = Host::signed_in();
    let (bad, good) = (document(1), document(2));
    host.run(bad, open_card("李女士"));
    host.run(good, open_card("王先生"));
    let whole = host.chunks(bad);
    let key = chunk_key(host::home(bad), &poison());
    let value = storage::seal(
        &host::feed_key(),
        StoreName::Chunks,
        &key,
        &poison(),
        &mut host::Counting::default(),
    );
    host.stored.insert((StoreName::Chunks, key), value);
    host.restart();
    (host, bad, good, whole)
}

fn is_unreadable(host: &Host, wanted: DocumentId) -> bool {
    host.notices.iter().any(
        |notice| matches!(notice, Notice::CardUnreadable { document, .. } if *document == wanted),
    )
}

#[test]
fn the_poison_still_is_one() {
    let poison = poison();
    // The stories in the browser take it from there.
    let golden = include_str!("golden/poison.hex");
    assert_eq!(hex::encode(&poison), golden.trim());
    assert!(catch_unwind(|| Document::load([poison.as_slice()])).is_err());
}

#[test]
fn a_document_that_traps_is_set_aside_and_the_others_work() {
    let (mut host, bad, good, _) = poisoned_tablet();
    let show = Request::ShowCard { document: bad };
    let trapped = survive(&mut host, |host| host.request(show.clone()));
    assert_eq!(trapped, [bad]);
    assert_eq!(host.device.status().set_aside, [bad]);
    assert_eq!(host.device.status().unreadable, 1);
    assert_eq!(host.rows.len(), 2, "it stays in the list");

    let trapped = survive(&mut host, |host| {
        host.request(show.clone());
        host.run(bad, set(CustomerField::City, "杭州"));
        let answer = host.last_answer();
        let is_told = matches!(answer, Some(Notice::NotSaved { code, .. }) if code == "unreadable");
        assert!(is_told, "{answer:?}");
        host.run(good, log(10, 11));
    });
    assert_eq!(trapped, []);
    assert!(is_unreadable(&host, bad));
    assert_eq!(host.saved().len(), 1);
    assert_eq!(host.device.status().unsent, 3, "what waits still waits");

    // Also a new start knows.
    let trapped = survive(&mut host, |host| {
        host.restart();
        host.request(show.clone());
    });
    assert_eq!(trapped, []);
    assert_eq!(host.device.status().set_aside, [bad]);
}

#[test]
fn the_whole_copy_of_the_store_mends_what_only_this_tablet_has_damaged() {
    let (mut host, bad, _, whole) = poisoned_tablet();
    let show = Request::ShowCard { document: bad };
    survive(&mut host, |host| host.request(show));
    host.connect();
    host.receive(welcome());
    let asked = host.sent();
    let is_asked = |message: &ClientMessage| matches!(message, ClientMessage::Fetch(fetch) if fetch.documents == [bad]);
    assert!(asked.iter().any(is_asked), "{asked:?}");
    let trapped = survive(&mut host, |host| {
        host.receive(fetched(vec![place(bad, whole)]))
    });
    assert_eq!(trapped, []);
    assert_eq!(host.device.status().unreadable, 0);
    assert_eq!(host.card(bad).customer.field(CustomerField::Name), "李女士");
    host.restart();
    assert_eq!(host.card(bad).customer.field(CustomerField::Name), "李女士");
    assert_eq!(host.device.status().unreadable, 0);
}

#[test]
fn poison_that_the_store_sends_is_stored_and_harms_nobody_again() {
    let mut host = Host::signed_in();
    let (bad, good) = (document(1), document(2));
    host.run(bad, open_card("李女士"));
    host.run(good, open_card("王先生"));
    let honest = place(bad, host.chunks(bad));
    let poisoned = FrameItem {
        chunks: [honest.chunks.clone(), vec![poison()]].concat(),
        ..honest
    };
    host.request(Request::ShowCard { document: bad });
    // The frame comes with every connection until it is stored.
    for tries in 0..3 {
        let trapped = survive(&mut host, |host| {
            host.input(Input::Disconnected);
            host.connect();
            host.receive(welcome());
            let frame = host.frame(vec![poisoned.clone(), place(good, host.chunks(good))], 7);
            host.receive(frame);
        });
        // The second time because the copy of the store is tried.
        assert_eq!(trapped.len(), usize::from(tries < 2), "try {tries}");
    }
    assert_eq!(host.device.status().set_aside, [bad]);
    let cursors = host.device.cursors();
    assert!(
        cursors.values().all(|cursor| cursor.seq == 7),
        "the frame is stored"
    );
    let poisoned = chunk_key(host::home(bad), &poison());
    assert!(host.stored.contains_key(&(StoreName::Chunks, poisoned)));
    assert_eq!(
        host.card(good).customer.field(CustomerField::Name),
        "王先生"
    );
}

#[test]
fn a_person_can_try_again() {
    let (mut host, bad, _, _) = poisoned_tablet();
    let show = Request::ShowCard { document: bad };
    survive(&mut host, |host| host.request(show.clone()));
    // Still poisoned: it is set aside once more.
    let again = Request::TryAgain { document: bad };
    let trapped = survive(&mut host, |host| host.request(again.clone()));
    assert_eq!(trapped, [bad]);
    assert_eq!(host.device.status().set_aside, [bad]);
    let key = chunk_key(host::home(bad), &poison());
    host.stored.remove(&(StoreName::Chunks, key));
    let trapped = survive(&mut host, |host| {
        host.request(show);
        host.request(again);
    });
    assert_eq!(trapped, []);
    assert_eq!(host.device.status().set_aside, []);
    assert_eq!(host.card(bad).customer.field(CustomerField::Name), "李女士");
}

#[test]
fn a_newer_program_tries_again() {
    let (mut host, bad, _, _) = poisoned_tablet();
    let show = Request::ShowCard { document: bad };
    survive(&mut host, |host| host.request(show));
    let key = (StoreName::Meta, "aside".to_owned());
    let stored = storage::open_clear(key.0, &key.1, &host.stored[&key]);
    let stored = stored.expect("it is in the clear").to_vec();
    let version = env!("CARGO_PKG_VERSION");
    let text = String::from_utf8(stored).expect("JSON");
    assert!(text.contains(version));
    let older = text.replace(version, "0.0.1-older");
    let older = storage::seal_clear(key.0, &key.1, older.as_bytes());
    host.stored.insert(key.clone(), older);
    host.restart();
    assert_eq!(host.device.status().set_aside, []);
    assert!(!host.stored.contains_key(&key));
}

#[test]
fn a_storage_that_works_again_is_noticed_without_anyone_doing_anything() {
    let mut host = Host::signed_in();
    let id = document(1);
    host.run(id, open_card("李女士"));
    host.write_error = Some("quota");
    host.run(id, log(10, 11));
    host.pass(60_000);
    let problem = host.device.status().storage_problem;
    assert_eq!(problem.as_deref(), Some("quota"));
    host.write_error = None;
    host.pass(60_000);
    assert_eq!(host.device.status().storage_problem, None);
    assert_eq!(host.device.status().unsent, 1);
}
