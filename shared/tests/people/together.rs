//! Two people and their work on one tablet: what each sees, and what each delivers for the other.

use floorbook_shared::sync::fingerprint::Fingerprint;

use super::*;

#[test]
fn two_people_on_one_tablet_see_their_own_and_a_draft_of_the_same_form_each() {
    let mut host = locked_with_work();
    host.sign_in(2);
    assert!(host.rows.is_empty(), "{:?}", host.rows);
    host.run(document(2), open_card("王先生"));
    host.draft("card/new", "二");
    // A quick switch needs no lock in between.
    host.unlock(1);
    assert!(host.drafts.is_empty());
    host.draft("card/new", "一");
    assert_eq!(host.rows.keys().copied().collect::<Vec<_>>(), [document(1)]);
    host.unlock(2);
    assert_eq!(host.rows.keys().copied().collect::<Vec<_>>(), [document(2)]);
    assert_eq!(host.drafts, [("card/new".to_owned(), "二".to_owned())]);
    assert_eq!(here(&host, 1).waiting, 2);
    assert_eq!(here(&host, 2).waiting, 1);
    // Nothing of the one opens with what the other holds.
    let li = host::signed_in(2).keys;
    for ((store, key), value) in &host.stored {
        let is_of_first = key.starts_with(&host::feed().to_string());
        if is_of_first {
            let keys = li.feeds.iter().map(|feed| &feed.key).chain([&li.delivery]);
            let opened = floorbook_shared::device::storage::open(keys, *store, key, value);
            assert!(opened.is_err(), "{store:?} {key}");
        }
    }
}

#[test]
fn a_tablet_delivers_the_work_of_all_its_people_whoever_is_unlocked() {
    let mut host = locked_with_work();
    host.sign_in(2);
    host.run(document(2), open_card("王先生"));
    host.connect();
    let sent = host.sent();
    let authors: Vec<PersonId> = pushed(&sent).iter().map(|item| item.person).collect();
    assert_eq!(authors, [person(1), person(1), person(2)]);
    for item in &pushed(&sent) {
        // It opens with the key of its author: this panics otherwise.
        host::change_of(item);
    }
}

#[test]
fn a_locked_tablet_delivers_and_its_people_find_the_answers_when_they_unlock() {
    let mut host = locked_with_work();
    host.restart();
    host.connect();
    let sent = host.sent();
    let Some(ClientMessage::Hello(hello)) = sent.first() else {
        panic!("{sent:?}")
    };
    assert_eq!((hello.token, hello.waiting), (None, 2));
    assert!(hello.cursors.is_empty(), "nothing is asked for");
    assert_eq!(pushed(&sent).len(), 2);
    host.receive(locked_welcome(Vec::new()));
    assert_eq!(
        host.device.status().connection,
        Connection::Online { caught_up: true }
    );
    host.receive(ServerMessage::Ack(Ack {
        entries: vec![AckEntry {
            device_seq: 1,
            seq: 4,
        }],
        at: Timestamp::from_millis(9),
        receipts: Vec::new(),
    }));
    host.receive(refused(2, "forbidden_write"));
    assert_eq!(host.device.status().unsent, 0);
    let shown = here(&host, 1);
    assert_eq!(
        (shown.waiting, shown.refused),
        (0, 1),
        "marked for its author"
    );
    host.restart();
    assert_eq!(here(&host, 1).refused, 1);
    host.connect();
    assert!(pushed(&host.sent()).is_empty(), "nothing goes out twice");
    host.unlock(1);
    let status = host.device.status();
    assert_eq!(status.refused.len(), 1, "in their tray");
    assert_eq!(status.unsent, 0);
    let card = host.card(document(1));
    assert!(card.customer.contacts.is_empty());
    assert_eq!(card.unsent, 0);
    let outbox = host.stored.keys();
    assert_eq!(
        outbox
            .filter(|(store, _)| *store == StoreName::Outbox)
            .count(),
        0
    );
    assert_eq!(here(&host, 1).refused, 0);
    // What is here is what the store has, without having to compare.
    let whole = host.chunks(document(1)).into_iter().take(1).collect();
    let there = place(document(1), whole);
    host.connect();
    host.receive(welcome());
    host.sent();
    host.receive(host.frame(vec![there], 4));
    assert!(
        !host
            .sent()
            .iter()
            .any(|message| matches!(message, ClientMessage::Compare(_)))
    );
}

#[test]
fn what_builds_on_something_refused_waits_for_its_author_as_well() {
    let mut host = locked_with_work();
    host.connect();
    host.receive(locked_welcome(Vec::new()));
    // By itself it may be what the store will have in a moment.
    host.receive(refused(2, "missing_changes"));
    assert_eq!(host.device.status().unsent, 2);
    host.receive(refused(1, "forbidden_write"));
    host.receive(refused(2, "missing_changes"));
    assert_eq!(host.device.status().unsent, 0);
    assert_eq!(here(&host, 1).refused, 2);
    host.restart();
    host.connect();
    assert!(pushed(&host.sent()).is_empty(), "nothing goes out for ever");
    host.unlock(1);
    let refused = host.device.status().refused;
    let codes: Vec<&str> = refused.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["forbidden_write", "card_missing"]);
    assert_eq!(host.device.status().unsent, 0);
}

#[test]
fn what_was_refused_counts_as_well_when_the_tablet_is_emptied() {
    let mut host = locked_with_work();
    host.connect();
    host.receive(locked_welcome(Vec::new()));
    host.receive(ack(1));
    host.receive(refused(2, "forbidden_write"));
    host.receive(ServerMessage::Bye(Bye::Erase));
    assert!(host.stored.is_empty());
    assert!(host.notices.contains(&Notice::Erased {
        changes: 1,
        is_reset: false
    }));
}

#[test]
fn an_answer_that_was_noted_before_a_restore_keeps_nobody_from_comparing() {
    let mut host = locked_with_work();
    host.connect();
    host.receive(locked_welcome(Vec::new()));
    host.receive(ServerMessage::Ack(Ack {
        entries: [(1, 98), (2, 99)]
            .map(|(device_seq, seq)| AckEntry { device_seq, seq })
            .into(),
        at: Timestamp::from_millis(9),
        receipts: Vec::new(),
    }));
    // The store goes back to a backup in which its log was shorter.
    host.unlock(1);
    host.connect();
    host.receive(welcome());
    assert_eq!(host.device.status().unsent, 0);
    host.sent();
    host.receive(host.stating_frame(4, Fingerprint::EMPTY));
    let sent = host.sent();
    let mut sent = sent.iter();
    assert!(sent.any(|message| matches!(message, ClientMessage::Compare(_))));
}

#[test]
fn an_answer_to_someone_elses_work_on_a_shared_card_counts_at_once() {
    let mut host = locked_with_work();
    // The third person holds the same book.
    host.sign_in(3);
    assert_eq!(host.rows.len(), 1);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    assert_eq!(host.rows[&document(1)].unsent, 2, "not theirs, but unsent");
    host.run(document(1), set(CustomerField::City, "杭州"));
    host.connect();
    host.receive(welcome());
    host.receive(ack(1));
    assert_eq!(host.rows[&document(1)].unsent, 2);
    // A refusal of what someone else did takes what builds on it along; it is theirs to read.
    host.receive(refused(2, "forbidden_write"));
    let card = host.card(document(1));
    assert!(card.customer.contacts.is_empty());
    assert_eq!(card.customer.field(CustomerField::City), "杭州");
    assert!(host.device.status().refused.is_empty());
    assert_eq!(here(&host, 1).refused, 1);
    assert_eq!(here(&host, 3).waiting, 1);
    host.unlock(1);
    assert_eq!(host.device.status().refused.len(), 1);
    let card = host.card(document(1));
    assert!(card.customer.contacts.is_empty());
    assert_eq!(card.customer.field(CustomerField::City), "杭州");
    let group = host.device.status().refused[0].group;
    host.request(Request::RetryRefused { group });
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    host.unlock(3);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
}

#[test]
fn work_that_was_taken_back_with_someone_elses_is_done_again_by_its_author() {
    let mut host = Host::signed_in();
    host.run(document(1), open_card("李女士"));
    host.connect();
    host.receive(welcome());
    host.receive(ack(1));
    host.sign_in(3);
    host.run(document(1), log(10, 11));
    host.unlock(1);
    host.run(document(1), set(CustomerField::City, "杭州"));
    host.unlock(3);
    host.connect();
    host.receive(welcome());
    host.receive(refused(2, "forbidden_write"));
    assert_eq!(host.device.status().refused.len(), 1);
    assert_eq!(
        host.card(document(1)).customer.field(CustomerField::City),
        ""
    );
    host.unlock(1);
    assert!(host.device.status().refused.is_empty(), "it was no mistake");
    assert_eq!(
        host.card(document(1)).customer.field(CustomerField::City),
        "杭州"
    );
    assert_eq!(here(&host, 1).waiting, 1);
}

#[test]
fn a_book_that_someone_else_holds_here_is_read_when_it_is_opened_to_a_person() {
    let mut host = locked_with_work();
    host.sign_in(2);
    assert!(host.rows.is_empty());
    host.connect();
    let scope = host::scope_of(3);
    let own = host::signed_in(2).identity;
    host.receive(ServerMessage::Welcome(Welcome {
        version: 1,
        capabilities: 0,
        now: Timestamp::default(),
        keys: Some(host::master().issue(own.device, own.person, &scope)),
        scope: Some(floorbook_shared::access::Scope {
            version: 9,
            ..scope
        }),
        unrecognised: Vec::new(),
        gone: Vec::new(),
        is_retiring: false,
        rights: None,
    }));
    assert_eq!(host.rows.len(), 1, "the first person's card");
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    assert_eq!(host.identity.as_ref().map(|it| it.person), Some(person(2)));
}

#[test]
fn what_is_known_is_told_once_nothing_waits_that_was_written_before() {
    let mut host = Host::signed_in();
    host.run(document(1), open_card("李女士"));
    host.connect();
    host.receive(welcome());
    host.sent();
    let told = |host: &mut Host| {
        let confirmed = host.sent().into_iter().filter_map(|message| {
            if let ClientMessage::CursorConfirmed(confirmed) = message {
                Some((confirmed.scope_version, confirmed.positions.len()))
            } else {
                None
            }
        });
        confirmed.collect::<Vec<_>>()
    };
    // The card is under way: the store would take it for written by someone who knew.
    let frame = host.frame(Vec::new(), 5);
    host.receive(frame);
    assert_eq!(told(&mut host), [(0, 0)]);
    host.receive(ack(1));
    assert_eq!(told(&mut host), [(1, 1)]);
}
