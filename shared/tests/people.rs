//! Several people on one tablet: keyrings, tries, leases, work that others deliver.

#[path = "device/host.rs"]
#[allow(dead_code, reason = "the tests of the engine use the rest")]
mod host;
#[path = "people/leaving.rs"]
mod leaving;
#[path = "people/pins.rs"]
mod pins;
#[path = "people/together.rs"]
mod together;

use floorbook_shared::device::message::{
    Connection, Notice, PersonHere, Request, SignInProblem, UnlockProblem,
};
use floorbook_shared::device::record::VAULT_SECRET;
use floorbook_shared::device::storage::StoreName;
use floorbook_shared::id::PersonId;
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::secret::Secret;
use floorbook_shared::sync::message::{
    Ack, AckEntry, Bye, ClientMessage, PushItem, ServerMessage, Welcome,
};
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::keyring::Closed;
use floorbook_shared::vault::rescue::RescueFile;
use host::{Host, ack, document, log, open_card, pin, place, refused, set, welcome};

const HOUR: i64 = 3_600_000;

fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

fn wrong() -> Secret {
    Secret::from("939393")
}

/// What the store says to a tablet that nobody unlocked.
fn locked_welcome(gone: Vec<PersonId>) -> ServerMessage {
    ServerMessage::Welcome(Welcome {
        version: 1,
        capabilities: 0,
        now: Timestamp::default(),
        scope: None,
        keys: None,
        unrecognised: Vec::new(),
        gone,
        is_retiring: false,
        rights: None,
    })
}

fn people(host: &Host) -> Vec<PersonHere> {
    let told = host.notices.iter().rev().find_map(|notice| {
        if let Notice::Opened { people, .. } | Notice::People { people } = notice {
            Some(people.clone())
        } else {
            None
        }
    });
    told.expect("people were told")
}

fn here(host: &Host, number: u8) -> PersonHere {
    let mut people = people(host).into_iter();
    let found = people.find(|here| here.person == person(number));
    found.expect("they have a keyring here")
}

fn pushed(messages: &[ClientMessage]) -> Vec<PushItem> {
    let items = messages.iter().filter_map(|message| {
        if let ClientMessage::Push(push) = message {
            Some(push.items.clone())
        } else {
            None
        }
    });
    items.flatten().collect()
}

/// Everything that is on the disk, in one piece.
fn disk(host: &Host) -> Vec<u8> {
    let values = host.stored.iter();
    values
        .flat_map(|((_, key), value)| key.bytes().chain(value.iter().copied()))
        .collect()
}

fn holds(disk: &[u8], text: &str) -> bool {
    disk.windows(text.len()).any(|part| part == text.as_bytes())
}

/// A tablet on which the first person made 李女士's card with a contact, and locked it.
fn locked_with_work() -> Host {
    let mut host = Host::signed_in();
    host.run(document(1), open_card("李女士"));
    host.run(document(1), log(10, 11));
    host.lock();
    host
}

#[test]
fn nothing_that_was_typed_is_readable_on_the_disk_nor_named_in_its_keys() {
    let mut host = locked_with_work();
    host.unlock(1);
    host.draft("contact/new", "半句话");
    host.connect();
    host.receive(welcome());
    host.receive(refused(1, "forbidden_write"));
    assert_eq!(host.device.status().refused.len(), 2, "in the tray as well");
    let disk = disk(&host);
    for text in ["李女士", "看了沙发", "半句话", "杭州"] {
        assert!(!holds(&disk, text), "{text}");
        let json = serde_json::to_string(text).unwrap();
        assert!(!holds(&disk, json.trim_matches('"')), "{text}");
        assert!(!holds(&disk, &hex::encode(text)), "{text} in hex");
    }
    // Positive control: what is in the clear is found.
    assert!(holds(&disk, "顾问1"), "the name on the lock screen");
}

#[test]
fn signing_out_waits_for_everything_and_takes_what_only_this_person_holds() {
    let mut host = locked_with_work();
    host.sign_in(3);
    host.unlock(1);
    host.request(Request::SignOut);
    assert!(host.notices.contains(&Notice::LeavingRefused {
        unsent: 2,
        refused: 0
    }));
    host.connect();
    host.receive(welcome());
    host.receive(ack(1));
    host.receive(ack(2));
    host.draft("card/new", "半句话");
    host.request(Request::SignOut);
    assert!(host.identity.is_none());
    assert_eq!(people(&host).len(), 1);
    host.unlock(3);
    assert_eq!(
        host.rows.len(),
        1,
        "the third person holds the book as well"
    );
    host.request(Request::SignOut);
    assert!(people(&host).is_empty());
    let left = host.stored.keys().filter(|(store, _)| {
        !matches!(store, StoreName::Meta) && !matches!(store, StoreName::Vault)
    });
    assert_eq!(left.collect::<Vec<_>>(), Vec::<&(StoreName, String)>::new());
    let vault = host
        .stored
        .keys()
        .filter(|(store, _)| *store == StoreName::Vault);
    assert_eq!(
        vault.map(|(_, key)| key.as_str()).collect::<Vec<_>>(),
        [VAULT_SECRET]
    );
}

#[test]
fn who_saved_a_rescue_file_may_sign_out_and_the_file_holds_it_all() {
    let mut host = locked_with_work();
    host.unlock(1);
    host.request(Request::Rescue);
    let file = host.notices.iter().rev().find_map(|notice| {
        if let Notice::Rescue { bytes, .. } = notice {
            Some(bytes.clone())
        } else {
            None
        }
    });
    let file = file.expect("there is a file");
    for text in ["李女士", "看了沙发"] {
        assert!(!holds(&file, text), "{text}");
    }
    for place in [0, 20, file.len() / 2, file.len() - 1] {
        let mut damaged = file.clone();
        damaged[place] ^= 1;
        assert!(RescueFile::from_bytes(&damaged).is_err(), "byte {place}");
    }
    let rescued = RescueFile::from_bytes(&file).expect("it is whole");
    assert_eq!(rescued.items.len(), 2);
    for item in &rescued.items {
        host::change_of(item);
    }
    // What was done after the file is not in it.
    host.run(document(1), set(CustomerField::City, "杭州"));
    host.request(Request::SignOut);
    assert!(host.notices.contains(&Notice::LeavingRefused {
        unsent: 1,
        refused: 0
    }));
    host.request(Request::Rescue);
    host.request(Request::SignOut);
    assert!(people(&host).is_empty());
    assert_eq!(host.device.status().unsent, 0);
}

#[test]
fn who_left_loses_their_keyring_and_their_work_is_delivered() {
    let mut host = locked_with_work();
    host.sign_in(2);
    host.run(document(2), open_card("王先生"));
    host.lock();
    host.connect();
    host.receive(locked_welcome(vec![person(1)]));
    assert_eq!(people(&host).len(), 1);
    let of_first = host.stored.keys();
    let of_first = of_first.filter(|(_, key)| key.starts_with(&host::feed().to_string()));
    assert_eq!(of_first.count(), 0, "their book is gone");
    host.connect();
    let sent = host.sent();
    assert_eq!(pushed(&sent).len(), 3, "their work is not");
    host.receive(locked_welcome(vec![person(1)]));
    for device_seq in 1..=3 {
        host.receive(ack(device_seq));
    }
    assert_eq!(host.device.status().unsent, 0);
    host.restart();
    assert_eq!(people(&host).len(), 1, "for good");
    // Also the one who works here at the moment.
    host.unlock(2);
    host.connect();
    host.receive(locked_welcome(vec![person(2)]));
    assert!(host.identity.is_none() && host.rows.is_empty());
    assert!(people(&host).is_empty());
    host.unlock(2);
    assert_eq!(host.last_problem(), Some(UnlockProblem::Unknown));
}

#[test]
fn a_tablet_that_is_told_to_empties_itself_and_says_what_went() {
    let mut host = locked_with_work();
    host.unlock(1);
    host.connect();
    host.receive(welcome());
    host.receive(ServerMessage::Bye(Bye::Erase));
    assert!(host.notices.contains(&Notice::Erased {
        changes: 2,
        is_reset: false
    }));
    assert!(host.stored.is_empty());
    assert!(host.rows.is_empty() && host.device.document_ids().is_empty());
    assert_eq!(host.device.status().unsent, 0);
    host.restart();
    assert!(people(&host).is_empty());
    host.sign_in(1);
    host.run(document(3), open_card("赵女士"));
    assert_eq!(host.rows.len(), 1);
}

#[test]
fn a_tablet_is_emptied_from_its_own_screen_once_nothing_of_anyone_waits() {
    let refused_with = |host: &Host, unsent, refused| {
        let wanted = Notice::LeavingRefused { unsent, refused };
        let mut told = host.notices.iter().rev();
        told.find(|notice| matches!(notice, Notice::LeavingRefused { .. })) == Some(&wanted)
    };
    let mut host = locked_with_work();
    host.request(Request::Reset);
    assert!(
        !host.stored.is_empty(),
        "who is in front of it has to open it"
    );
    host.unlock(1);
    host.connect();
    host.receive(welcome());
    host.receive(refused(1, "forbidden_write"));
    host.sign_in(2);
    host.run(document(2), open_card("王先生"));
    host.request(Request::Reset);
    assert!(refused_with(&host, 1, 2));
    // After a start nobody has read what the first person has to settle: it counts all the same.
    host.restart();
    host.unlock(2);
    host.request(Request::Rescue);
    host.request(Request::Reset);
    assert!(
        refused_with(&host, 0, 2),
        "the file holds only what is unsent"
    );
    host.unlock(1);
    for entry in host.device.status().refused {
        host.request(Request::DiscardRefused { group: entry.group });
    }
    host.request(Request::Reset);
    assert!(host.notices.contains(&Notice::Erased {
        changes: 0,
        is_reset: true
    }));
    assert!(host.stored.is_empty() && host.identity.is_none());
    host.restart();
    assert!(people(&host).is_empty());
}

#[test]
fn a_tablet_that_is_given_up_brings_first_what_was_entered_meanwhile() {
    let mut host = locked_with_work();
    host.unlock(1);
    let retiring = || {
        let ServerMessage::Welcome(mut welcome) = locked_welcome(Vec::new()) else {
            panic!("a welcome")
        };
        welcome.is_retiring = true;
        ServerMessage::Welcome(welcome)
    };
    host.connect();
    host.receive(retiring());
    host.receive(ack(1));
    host.receive(ack(2));
    // It has said that nothing waits, and the store's answer is on its way.
    host.run(document(2), open_card("王先生"));
    host.receive(ServerMessage::Bye(Bye::Erase));
    assert_eq!(host.device.status().unsent, 1, "it is still here");
    host.connect();
    host.receive(retiring());
    host.receive(ack(3));
    host.receive(ServerMessage::Bye(Bye::Erase));
    assert!(host.stored.is_empty());
}

#[test]
fn a_lease_that_ends_closes_the_keyring_also_with_a_clock_that_was_set_back() {
    let mut host = locked_with_work();
    // The clock goes on for twenty days, back by nineteen, and on for two.
    for _ in 0..20 {
        host.pass(24 * HOUR);
    }
    assert!(here(&host, 1).is_lease_ending);
    host.now = host.now.plus_millis(-19 * 24 * HOUR);
    host.restart();
    host.pass(24 * HOUR);
    host.pass(24 * HOUR);
    assert_eq!(here(&host, 1).closed, Some(Closed::LeaseOver));
    host.unlock(1);
    assert_eq!(host.last_problem(), Some(UnlockProblem::LeaseOver));
    assert_eq!(here(&host, 1).waiting, 2);
    host.sign_in(1);
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
}

#[test]
fn a_lease_ends_also_for_someone_who_is_at_work() {
    let mut host = locked_with_work();
    host.unlock(1);
    host.pass(22 * 24 * HOUR);
    assert!(host.identity.is_none() && host.rows.is_empty());
    assert_eq!(here(&host, 1).closed, Some(Closed::LeaseOver));
}

#[test]
fn contact_with_the_store_renews_the_leases_of_everyone_here() {
    let mut host = locked_with_work();
    host.sign_in(2);
    host.lock();
    host.pass(20 * 24 * HOUR);
    assert!(here(&host, 1).is_lease_ending && here(&host, 2).is_lease_ending);
    host.connect();
    host.receive(locked_welcome(Vec::new()));
    assert!(!here(&host, 1).is_lease_ending && !here(&host, 2).is_lease_ending);
    host.restart();
    host.pass(20 * 24 * HOUR);
    host.unlock(2);
    assert_eq!(host.last_problem(), None);
}

#[test]
fn a_damaged_keyring_or_secret_needs_an_online_sign_in_and_loses_nothing() {
    let keys = [VAULT_SECRET.to_owned(), person(1).to_string()];
    for key in keys {
        let mut host = locked_with_work();
        host.sign_in(3);
        host.lock();
        host.damage(StoreName::Vault, &key);
        host.restart();
        host.unlock(1);
        assert!(host.identity.is_none(), "{key}");
        host.sign_in(1);
        assert_eq!(host.card(document(1)).customer.contacts.len(), 1, "{key}");
        assert_eq!(host.device.status().unsent, 2, "{key}");
        host.sign_in(3);
        assert_eq!(host.rows.len(), 1, "{key}");
    }
}

#[test]
fn work_is_sealed_anew_when_the_server_has_another_master_secret() {
    let mut host = locked_with_work();
    let mut signed_in = host::signed_in(1);
    let other = floorbook_shared::vault::master::MasterSecret::from_bytes([5; 32]);
    let identity = signed_in.identity.clone();
    signed_in.keys = other.issue(identity.device, identity.person, &signed_in.scope);
    // Still unlocked: the older keys are at hand.
    host.unlock(1);
    host.request(Request::SignIn {
        signed_in: Box::new(signed_in),
        secret: pin(1),
    });
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
    host.connect();
    let sent = pushed(&host.sent());
    assert_eq!(sent.len(), 2);
    for item in sent {
        let key = other.delivery_key(identity.device, item.person);
        let docket = item.docket(identity.device);
        assert!(docket.open(&key, &item.work).is_ok());
    }
    host.restart();
    assert_eq!(host.card(document(1)).customer.contacts.len(), 1);
}

#[test]
fn a_value_in_another_place_is_damage_and_nothing_else() {
    let mut host = Host::signed_in();
    host.run(document(1), open_card("李女士"));
    host.run(document(2), open_card("王先生"));
    let rows: Vec<_> = host.stored.keys().cloned().collect();
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|(store, _)| *store == StoreName::Rows)
        .collect();
    // A thief of the disk shows one customer's row in the place of another's.
    let value = host.stored[&rows[0]].clone();
    host.stored.insert(rows[1].clone(), value);
    // Nor do counters pass for something else.
    host.restart();
    assert_eq!(host.device.status().unreadable, 1);
    assert_eq!(host.rows[&document(1)].row.name, "李女士");
}

#[test]
fn a_browser_that_becomes_another_tablet_keeps_no_work_of_the_one_before() {
    let mut host = locked_with_work();
    let mut other = host::signed_in(2);
    other.identity.device = floorbook_shared::id::DeviceId::from_bytes([70; 16]);
    let sign_in = Request::SignIn {
        signed_in: Box::new(other),
        secret: pin(2),
    };
    host.request(sign_in.clone());
    assert!(host.notices.contains(&Notice::NotSignedIn {
        problem: SignInProblem::OtherTablet
    }));
    host.connect();
    host.receive(locked_welcome(Vec::new()));
    host.receive(ack(1));
    host.receive(ack(2));
    host.request(sign_in);
    assert_eq!(people(&host).len(), 1);
    assert!(host.rows.is_empty());
    host.run(document(2), open_card("王先生"));
    assert_eq!(host.rows.len(), 1);
    let of_first = host.stored.keys();
    let of_first = of_first.filter(|(_, key)| key.starts_with(&host::feed().to_string()));
    assert_eq!(of_first.count(), 0);
}
