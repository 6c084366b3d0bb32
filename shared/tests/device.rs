//! The document engine of a tablet on a small host in memory: damage, failures, repeats.

#[path = "device/host.rs"]
#[allow(dead_code, reason = "the tests of several people use the rest")]
mod host;
#[path = "device/telling.rs"]
mod telling;

use floorbook_shared::device::engine::Input;
use floorbook_shared::device::message::{Connection, Notice, Request};
use floorbook_shared::device::record::{META_COUNTERS, draft_key, row_key};
use floorbook_shared::device::storage::StoreName;
use floorbook_shared::document::{Document, DocumentKind};
use floorbook_shared::id::{DocumentId, PersonId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::connection::SocketAction;
use floorbook_shared::sync::fingerprint::Fingerprint;
use floorbook_shared::sync::heads;
use floorbook_shared::sync::message::{ClientMessage, FeedState, FrameItem, ServerMessage};
use host::{Host, document, fetched, log, open_card, place, set, welcome};

/// A tablet on which 李女士's card was opened and got a contact, without a network.
fn tablet_with_a_card() -> (Host, DocumentId) {
    let mut host = Host::signed_in();
    let id = document(1);
    host.run(id, open_card("李女士"));
    host.run(id, log(10, 11));
    (host, id)
}

fn numbers(host: &Host) -> Vec<String> {
    let rows = host.rows.values();
    rows.map(|entry| entry.row.number.clone()).collect()
}

#[test]
fn a_second_press_with_the_same_ids_makes_one_entry() {
    let mut host = Host::signed_in();
    let id = document(1);
    host.run(id, open_card("李女士"));
    host.run(id, open_card("李女士"));
    host.run(id, log(10, 11));
    host.run(id, log(10, 11));
    assert_eq!(host.saved().len(), 4, "every press is answered");
    assert_eq!(host.device.status().unsent, 2);
    assert_eq!(host.card(id).customer.contacts.len(), 1);
    assert_eq!(host.rows.len(), 1);
}

#[test]
fn a_write_that_fails_is_not_saved_and_nothing_of_it_stays_in_memory() {
    let (mut host, id) = tablet_with_a_card();
    let before = (host.stored.clone(), host.rows.clone());
    host.write_error = Some("quota");
    host.run(id, set(CustomerField::Name, "王先生"));
    let Some(Notice::NotSaved { code, .. }) = host.last_answer() else {
        panic!("the write failed")
    };
    assert_eq!(code, "storage_quota");
    assert_eq!(
        host.device.status().storage_problem.as_deref(),
        Some("quota")
    );
    assert_eq!((host.stored.clone(), host.rows.clone()), before);
    assert_eq!(host.card(id).customer.field(CustomerField::Name), "李女士");
    host.write_error = None;
    host.run(id, set(CustomerField::Name, "王先生"));
    assert_eq!(host.card(id).customer.field(CustomerField::Name), "王先生");
    assert_eq!(host.device.status().storage_problem, None);
    assert_eq!(host.device.status().unsent, 3);
}

#[test]
fn a_failed_new_card_leaves_no_card_and_gives_its_number_to_the_next() {
    let mut host = Host::signed_in();
    host.write_error = Some("failed");
    host.run(document(1), open_card("李女士"));
    assert!(host.rows.is_empty());
    host.write_error = None;
    host.run(document(2), open_card("王先生"));
    assert_eq!(numbers(&host), ["HZ1-F01-0001"]);
}

#[test]
fn card_numbers_never_repeat_after_a_restart_or_with_damaged_counters() {
    let (mut host, _) = tablet_with_a_card();
    host.restart();
    host.run(document(2), open_card("王先生"));
    host.damage(StoreName::Meta, META_COUNTERS);
    host.restart();
    host.run(document(3), open_card("赵女士"));
    assert_eq!(
        numbers(&host),
        ["HZ1-F01-0001", "HZ1-F01-0002", "HZ1-F01-0003"]
    );
}

#[test]
fn a_storage_that_can_not_be_read_at_the_start_is_read_again() {
    let (mut host, id) = tablet_with_a_card();
    host.read_error = true;
    host.restart();
    assert_eq!(
        host.device.status().storage_problem.as_deref(),
        Some("failed")
    );
    host.run(id, set(CustomerField::Name, "王先生"));
    assert!(host.last_answer().is_none(), "what is asked waits");
    host.read_error = false;
    host.pass(1_000);
    assert_eq!(host.device.status().storage_problem, None);
    assert_eq!(host.card(id).customer.field(CustomerField::Name), "王先生");
    assert_eq!(host.device.status().unsent, 3);
}

#[test]
fn a_document_that_could_not_be_read_once_is_read_again() {
    let (mut host, id) = tablet_with_a_card();
    host.restart();
    host.read_error = true;
    host.run(id, set(CustomerField::Name, "王先生"));
    assert!(matches!(
        host.last_answer(),
        Some(Notice::NotSaved { code, .. }) if code == "unreadable"
    ));
    host.read_error = false;
    host.run(id, set(CustomerField::Name, "王先生"));
    assert_eq!(host.card(id).customer.field(CustomerField::Name), "王先生");
}

#[test]
fn damaged_values_are_counted_and_the_rest_goes_on() {
    for (store, key) in [
        (StoreName::Meta, META_COUNTERS.to_owned()),
        (
            StoreName::Drafts,
            draft_key(PersonId::from_bytes([1; 16]), "card/new"),
        ),
    ] {
        let (mut host, id) = tablet_with_a_card();
        host.draft("card/new", "半句话");
        host.damage(store, &key);
        host.restart();
        assert_eq!(host.device.status().unreadable, 1, "{store:?}");
        assert_eq!(host.card(id).customer.contacts.len(), 1, "{store:?}");
    }
}

#[test]
fn a_change_whose_outbox_row_is_damaged_reaches_the_store_all_the_same() {
    let (mut host, id) = tablet_with_a_card();
    let changes = host.chunks(id);
    let first: Vec<Vec<u8>> = changes.iter().take(1).cloned().collect();
    host.connect();
    host.receive(welcome());
    host.receive(host::ack(1));
    let (_, key) = host.only_key(StoreName::Outbox);
    assert!(key.starts_with("00000000000000000002/"));
    host.damage(StoreName::Outbox, &key);
    host.restart();
    assert_eq!(
        host.device.status().unreadable,
        0,
        "its change is in the card"
    );
    assert_eq!(host.card(id).customer.contacts.len(), 1);
    host.connect();
    host.receive(welcome());
    let there = place(id, first);
    let heads = heads::of_chunks(there.chunks.iter().map(Vec::as_slice)).unwrap();
    let digest = Fingerprint::of(there.document, &heads);
    host.sent();
    host.receive(host.stating_frame(2, digest));
    let is_comparing = |message: &ClientMessage| matches!(message, ClientMessage::Compare(_));
    assert!(host.sent().iter().any(is_comparing));
    host.receive(host::compared(vec![(id, digest)]));
    host.receive(fetched(vec![there]));
    let sent = host.sent();
    let push = sent.iter().find_map(|message| {
        if let ClientMessage::Push(push) = message {
            Some(push)
        } else {
            None
        }
    });
    let pushed = push.map(|push| push.items.iter().map(host::change_of));
    let missing: Vec<Vec<u8>> = changes.into_iter().skip(1).collect();
    assert_eq!(pushed.map(Iterator::collect), Some(missing));
    assert_eq!(host.device.status().unsent, 1);
}

#[test]
fn what_a_store_did_not_answer_is_asked_anew_on_the_next_connection() {
    let (mut host, _) = tablet_with_a_card();
    let asks = |host: &mut Host| {
        host.connect();
        let mut welcome = welcome();
        if let ServerMessage::Welcome(welcome) = &mut welcome {
            // The scope is known.
            (welcome.scope, welcome.keys) = (None, None);
        }
        host.receive(welcome);
        host.receive(host::ack(1));
        host.receive(host::ack(2));
        host.sent();
        // Other than here: the store lacks the card.
        host.receive(host.stating_frame(2, Fingerprint::EMPTY));
        let sent = host.sent();
        let mut sent = sent.iter();
        sent.any(|message| matches!(message, ClientMessage::Compare(_)))
    };
    assert!(asks(&mut host));
    // The store is silent, also when it is asked whether it is there.
    for _ in 0..2 {
        host.pass(60_000);
    }
    assert_eq!(host.socket, Some(SocketAction::Close));
    assert!(asks(&mut host));
}

#[test]
fn a_damaged_chunk_heals_from_the_stores_copy_without_losing_unsent_work() {
    let mut server = Host::signed_in();
    let id = document(1);
    server.run(id, open_card("李女士"));
    server.run(id, log(10, 11));
    let whole: Vec<Vec<u8>> = server.chunks(id);

    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    host.receive(host.frame(vec![place(id, whole.clone())], 1));
    host.run(id, set(CustomerField::Name, "王先生"));
    host.damage_chunk(id, whole.first().unwrap());
    host.restart();
    host.request(Request::ShowCard { document: id });
    assert_eq!(host.device.status().unreadable, 1);
    host.connect();
    host.sent();
    host.receive(welcome());
    let is_asked = |message: &ClientMessage| matches!(message, ClientMessage::Fetch(fetch) if fetch.documents == [id]);
    assert!(host.sent().iter().any(is_asked), "the document is fetched");
    host.receive(fetched(vec![place(id, whole)]));
    assert_eq!(host.device.status().unreadable, 0);
    let card = host.card(id);
    assert_eq!(card.customer.field(CustomerField::Name), "王先生");
    assert_eq!(card.customer.contacts.len(), 1);
    assert_eq!(host.device.status().unsent, 1);
    host.restart();
    assert_eq!(host.card(id).customer.field(CustomerField::Name), "王先生");
}

#[test]
fn a_damaged_row_comes_again_from_the_store() {
    let (mut host, id) = tablet_with_a_card();
    let chunks = host.chunks(id);
    host.damage(StoreName::Rows, &row_key(host::home(id)));
    host.restart();
    assert_eq!(host.device.status().unreadable, 1);
    host.connect();
    host.receive(welcome());
    host.receive(host.frame(vec![place(id, chunks)], 2));
    assert_eq!(host.card(id).customer.contacts.len(), 1);
    host.restart();
    assert_eq!(host.device.status().unreadable, 0, "it is damaged no more");
    assert_eq!(host.card(id).customer.contacts.len(), 1);
}

#[test]
fn a_card_that_is_only_here_outlives_its_damaged_row_and_chunk() {
    let (mut host, id) = tablet_with_a_card();
    let chunks = host.chunks(id);
    host.damage(StoreName::Rows, &row_key(host::home(id)));
    host.damage_chunk(id, chunks.first().unwrap());
    host.restart();
    assert_eq!(host.rows.len(), 1, "the outbox holds all of it");
    assert_eq!(host.card(id).customer.contacts.len(), 1);
    host.connect();
    host.receive(welcome());
    host.receive(host::refused(1, "forbidden_write"));
    assert!(host.rows.is_empty());
    assert_eq!(host.device.status().refused.len(), 2);
}

#[test]
fn a_damaged_cursor_makes_the_store_send_everything() {
    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    host.receive(host.frame(Vec::new(), 3));
    let (_, key) = host.only_key(StoreName::Cursors);
    host.damage(StoreName::Cursors, &key);
    host.restart();
    assert!(host.device.cursors().is_empty());
    assert_eq!(host.device.status().unreadable, 1);
}

#[test]
fn drafts_survive_a_restart_until_they_are_forgotten() {
    let mut host = Host::signed_in();
    host.draft("card/new", "半句话");
    host.restart();
    assert_eq!(host.drafts, [("card/new".to_owned(), "半句话".to_owned())]);
    host.draft("card/new", "");
    host.restart();
    assert!(host.drafts.is_empty());
}

#[test]
fn a_sign_in_that_could_not_be_written_keeps_the_connection() {
    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    host.write_error = Some("failed");
    host.sign_in(1);
    host.write_error = None;
    host.pass(5_000);
    assert!(host.device.wake_at().is_some(), "it tries again");
}

#[test]
fn a_poisonous_item_harms_only_its_document() {
    let (mut host, id) = tablet_with_a_card();
    let (poisoned, other) = (document(2), document(3));
    host.connect();
    host.receive(welcome());
    let garbage = FrameItem {
        chunks: vec![vec![0xff; 40]],
        ..place(poisoned, host.chunks(id))
    };
    let good = place(other, host.chunks(id));
    host.receive(host.frame(vec![garbage, good], 2));
    assert_eq!(host.card(other).customer.contacts.len(), 1);
    assert_eq!(host.card(id).customer.contacts.len(), 1);
    assert_eq!(host.device.status().unreadable, 0);
    host.request(Request::ShowCard { document: poisoned });
    assert!(
        host.notices
            .iter()
            .any(|notice| matches!(notice, Notice::CardUnreadable { .. }))
    );
    assert_eq!(host.device.status().unreadable, 1);
    host.run(id, set(CustomerField::Name, "王先生"));
    assert_eq!(host.card(id).customer.field(CustomerField::Name), "王先生");
}

#[test]
fn what_a_newer_program_made_is_kept_and_not_shown() {
    let (other, _) = tablet_with_a_card();
    let id = document(2);
    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    let item = FrameItem {
        kind: DocumentKind::Unknown(7),
        row: b"{\"from\":\"the future\"}".to_vec(),
        ..place(id, other.chunks(document(1)))
    };
    let heads = heads::of_chunks(item.chunks.iter().map(Vec::as_slice)).unwrap();
    let fingerprint = Fingerprint::of(item.document, &heads);
    let mut frame = host.frame(vec![item], 2);
    if let ServerMessage::Frame(frame) = &mut frame {
        frame.fingerprint = Some(fingerprint);
    }
    host.receive(frame);
    assert!(host.rows.is_empty());
    assert_eq!(host.chunks(id), other.chunks(document(1)));
    assert!(host.device.is_in_sync(), "it counts like any other");
    host.restart();
    assert!(host.rows.is_empty());
    assert_eq!(host.chunks(id), other.chunks(document(1)));
}

#[test]
fn a_row_that_can_not_be_read_is_computed() {
    let mut host = Host::signed_in();
    let (other, id) = tablet_with_a_card();
    host.connect();
    host.receive(welcome());
    let item = FrameItem {
        row: b"{\"from\":\"the future\"}".to_vec(),
        ..place(id, other.chunks(id))
    };
    host.receive(host.frame(vec![item], 2));
    assert_eq!(host.rows.get(&id).unwrap().row.name, "李女士");
}

#[test]
fn a_frame_is_confirmed_when_it_is_on_disk_and_a_repeat_is_confirmed_again() {
    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    host.sent();
    let frame = host.frame(Vec::new(), 3);
    host.holds_writes = true;
    host.receive(frame.clone());
    assert!(host.sent().is_empty(), "it is not on the disk yet");
    host.holds_writes = false;
    host.settle();
    assert!(matches!(
        host.sent().as_slice(),
        [ClientMessage::CursorConfirmed(_)]
    ));
    host.receive(frame);
    assert!(matches!(
        host.sent().as_slice(),
        [ClientMessage::CursorConfirmed(_)]
    ));
    assert_eq!(
        host.device.status().connection,
        Connection::Online { caught_up: true }
    );
}

#[test]
fn an_unknown_message_is_skipped_and_a_malformed_one_ends_the_connection() {
    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    host.input(Input::Received(vec![0xee, 0xee, 0, 0, 0, 1, 7]));
    assert!(matches!(
        host.device.status().connection,
        Connection::Online { .. }
    ));
    let mut pauses = Vec::new();
    for _ in 0..7 {
        host.input(Input::Received(vec![0, 102, 0, 0, 0, 1, 7]));
        let Connection::Offline { next_try, .. } = host.device.status().connection else {
            panic!("a malformed message ends the connection")
        };
        let pause = next_try.as_millis() - host.now.as_millis();
        pauses.push(pause);
        host.pass(pause);
        host.connect();
        host.receive(welcome());
    }
    assert!(pauses.first().is_some_and(|first| *first <= 3_000));
    assert!(
        pauses
            .windows(2)
            .take(4)
            .all(|pair| pair[0] < pair[1] + 500),
        "{pauses:?}"
    );
    assert!(
        pauses
            .iter()
            .skip(5)
            .all(|pause| (30_000..=45_000).contains(pause)),
        "{pauses:?}"
    );
}

#[test]
fn a_half_open_connection_is_noticed_by_asking() {
    let mut host = Host::signed_in();
    host.connect();
    host.receive(welcome());
    host.sent();
    host.pass(20_000);
    assert!(matches!(host.sent().as_slice(), [ClientMessage::Ping(_)]));
    host.receive(ServerMessage::Pong(0));
    host.pass(20_000);
    assert!(matches!(host.sent().as_slice(), [ClientMessage::Ping(_)]));
    host.pass(20_000);
    assert_eq!(host.socket, Some(SocketAction::Close));
    assert!(matches!(
        host.device.status().connection,
        Connection::Offline { .. }
    ));
}

#[test]
fn a_clock_that_was_set_back_does_not_stop_a_waiting_tablet() {
    let mut host = Host::signed_in();
    host.connect();
    host.input(Input::Disconnected);
    host.now = host.now.plus_millis(-10 * 24 * 3_600_000);
    host.input(Input::Wake);
    let at = host.device.wake_at().unwrap();
    assert!(at.as_millis() - host.now.as_millis() <= 45_000);
    host.pass(45_000);
    assert_eq!(host.socket, Some(SocketAction::Open));
}

#[test]
fn a_history_comes_behind_the_card_and_behind_the_word_that_it_is_saved() {
    let (mut host, id) = tablet_with_a_card();
    let told = |host: &Host| {
        let notices = host.notices.iter();
        let told = notices.filter(|notice| matches!(notice, Notice::History { .. }));
        told.count()
    };
    host.request(Request::ShowCard { document: id });
    host.request(Request::ShowHistory { document: id });
    host.pass(0);
    assert_eq!(told(&host), 0);
    host.pass(200);
    assert_eq!(told(&host), 1);
    host.run(id, set(CustomerField::Name, "王先生"));
    assert!(matches!(host.last_answer(), Some(Notice::Saved { .. })));
    assert_eq!(told(&host), 1);
    host.pass(200);
    assert_eq!(told(&host), 2);
    // Nobody looks any more.
    host.run(id, set(CustomerField::Name, "王女士"));
    host.request(Request::HideCard { document: id });
    host.pass(200);
    assert_eq!(told(&host), 2);
    assert!(host.device.wake_at().is_none_or(|at| at > host.now));
}

#[test]
fn a_refused_change_waits_in_the_tray_and_later_work_goes_on() {
    let (mut host, id) = tablet_with_a_card();
    host.run(id, set(CustomerField::Name, "王先生"));
    host.connect();
    host.receive(welcome());
    host.sent();
    host.receive(host::ack(1));
    host.receive(host::refused(2, "forbidden_write"));
    let status = host.device.status();
    let [entry] = status.refused.as_slice() else {
        panic!("{:?}", status.refused)
    };
    assert_eq!(entry.code, "forbidden_write");
    assert_eq!(status.unsent, 1, "the later change was written again");
    host.restart();
    let card = host.card(id);
    assert_eq!(card.customer.field(CustomerField::Name), "王先生");
    assert!(card.customer.contacts.is_empty());
    let chunks = host.chunks(id);
    assert!(Document::load(chunks.iter().map(Vec::as_slice)).is_ok());
    let group = host.device.status().refused.first().unwrap().group;
    host.request(Request::RetryRefused { group });
    assert_eq!(host.card(id).customer.contacts.len(), 1);
    assert!(host.device.status().refused.is_empty());
}

#[test]
fn a_refusal_after_a_document_was_mended_takes_the_change_off_the_disk() {
    let (mut host, id) = tablet_with_a_card();
    let whole = host.chunks(id);
    host.connect();
    host.receive(welcome());
    host.receive(host::ack(1));
    host.damage_chunk(id, whole.first().unwrap());
    host.restart();
    host.connect();
    host.receive(welcome());
    host.request(Request::ShowCard { document: id });
    let first = whole.into_iter().take(1).collect();
    host.receive(fetched(vec![place(id, first)]));
    assert_eq!(host.card(id).customer.contacts.len(), 1);
    host.receive(host::refused(2, "forbidden_write"));
    host.restart();
    assert!(
        host.card(id).customer.contacts.is_empty(),
        "the mended copy held it"
    );
    assert_eq!(host.card(id).customer.field(CustomerField::Name), "李女士");
}
