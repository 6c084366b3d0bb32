//! The vault: what is sealed opens with its key in its place, and with nothing else.
//!
//! `FLOORBOOK_WRITE_GOLDEN=1` writes the golden files anew; formats freeze at the first tag.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]

use floorbook_shared::access::{Identity, Scope};
use floorbook_shared::document::{DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, Randomness};
use floorbook_shared::secret::Secret;
use floorbook_shared::time::Timestamp;
use floorbook_shared::vault::delivery::{Docket, ForgedSeal, Work};
use floorbook_shared::vault::issued::{FeedKey, IssuedKeys};
use floorbook_shared::vault::key::{KEY_BYTES, Key, KeyId};
use floorbook_shared::vault::keyring::{Closed, Cost, Keyring, KeyringRecord};
use floorbook_shared::vault::lease::Lease;
use floorbook_shared::vault::master::MasterSecret;
use floorbook_shared::vault::seal::{
    OpenError, Place, key_of, open, open_among, open_clear, seal, seal_clear,
};
use proptest::prelude::*;

/// Bytes that count up.
struct Counting(u8);

impl Randomness for Counting {
    fn fill(&mut self, target: &mut [u8]) {
        for byte in target {
            self.0 = self.0.wrapping_add(1);
            *byte = self.0;
        }
    }
}

fn key(number: u8) -> Key {
    Key::from_bytes([number; KEY_BYTES])
}

const PLACE: Place<'static> = Place::new("chunks", b"somewhere");

#[test]
fn every_damaged_byte_of_a_sealed_value_is_noticed() {
    let sealed = seal(&key(1), PLACE, "李女士".as_bytes(), &mut Counting(0));
    let clear = seal_clear(PLACE, b"17");
    assert_eq!(open(&key(1), PLACE, &sealed).unwrap(), "李女士".as_bytes());
    assert_eq!(open_clear(PLACE, &clear).unwrap(), b"17");
    for position in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[position] ^= 1;
        assert!(open(&key(1), PLACE, &damaged).is_err(), "byte {position}");
    }
    for position in 0..clear.len() {
        let mut damaged = clear.clone();
        damaged[position] ^= 1;
        assert!(open_clear(PLACE, &damaged).is_err(), "byte {position}");
    }
    for length in 0..sealed.len() {
        let cut = open(&key(1), PLACE, &sealed[..length]);
        assert!(cut.is_err(), "length {length}");
    }
    for length in 0..clear.len() {
        assert!(open_clear(PLACE, &clear[..length]).is_err(), "{length}");
    }
}

#[test]
fn a_value_that_was_put_in_another_place_does_not_open() {
    let sealed = seal(&key(1), PLACE, b"word", &mut Counting(0));
    let clear = seal_clear(PLACE, b"word");
    let elsewhere = [
        Place::new("chunks", b"somewhere else"),
        Place::new("rows", b"somewhere"),
        Place::new("chunkssome", b"where"),
        Place::new("chunks", b""),
    ];
    for place in elsewhere {
        assert_eq!(open(&key(1), place, &sealed), Err(OpenError::Damaged));
        assert_eq!(open_clear(place, &clear), Err(OpenError::Damaged));
    }
}

#[test]
fn a_locked_value_is_told_from_a_damaged_one() {
    let sealed = seal(&key(1), PLACE, b"word", &mut Counting(0));
    assert_eq!(open(&key(2), PLACE, &sealed), Err(OpenError::Locked));
    assert_eq!(open_among([], PLACE, &sealed), Err(OpenError::Locked));
    let both = [key(2), key(1)];
    assert_eq!(open_among(&both, PLACE, &sealed).unwrap(), b"word");
    assert_eq!(key_of(&sealed), Ok(key(1).id()));
    assert_eq!(key_of(&seal_clear(PLACE, b"17")), Ok(KeyId::CLEAR));
    let mut damaged = sealed;
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(open(&key(1), PLACE, &damaged), Err(OpenError::Damaged));
}

#[test]
fn a_clear_value_is_never_taken_for_a_sealed_one_nor_the_other_way_round() {
    let clear = seal_clear(PLACE, b"17");
    assert_eq!(open(&key(1), PLACE, &clear), Err(OpenError::Damaged));
    let sealed = seal(&key(1), PLACE, b"17", &mut Counting(0));
    assert_eq!(open_clear(PLACE, &sealed), Err(OpenError::Damaged));
}

proptest! {
    #[test]
    fn what_is_sealed_opens_with_its_key_in_its_place_and_shows_nothing(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        number in 1..200_u8,
        other in 1..200_u8,
        start in any::<u8>(),
        where_ in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let place = Place::new("rows", &where_);
        let sealed = seal(&key(number), place, &bytes, &mut Counting(start));
        prop_assert_eq!(open(&key(number), place, &sealed).unwrap(), bytes.clone());
        if bytes.len() >= 6 {
            prop_assert!(!sealed.windows(bytes.len()).any(|part| part == bytes));
        }
        if other != number {
            prop_assert_eq!(open(&key(other), place, &sealed), Err(OpenError::Locked));
        }
    }

    #[test]
    fn what_nobody_sealed_does_not_open(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(open(&key(1), PLACE, &bytes).is_err());
        prop_assert!(open_clear(PLACE, &bytes).is_err());
        prop_assert_eq!(docket().open(&key(1), &bytes), Err(ForgedSeal));
    }
}

fn docket() -> Docket {
    Docket {
        device: DeviceId::from_bytes([1; 16]),
        device_seq: 7,
        group: GroupId::from_bytes([2; 16]),
        person: PersonId::from_bytes([3; 16]),
    }
}

fn work() -> Work {
    Work {
        document: DocumentKey {
            id: DocumentId::from_bytes([4; 16]),
            incarnation: 0,
        },
        kind: DocumentKind::Customer,
        feed: FeedId::from_bytes([5; 16]),
        change: b"a change".to_vec(),
    }
}

#[test]
fn sealed_work_is_its_authors_and_nobody_elses() {
    let master = MasterSecret::from_bytes([9; KEY_BYTES]);
    let docket = docket();
    let own = master.delivery_key(docket.device, docket.person);
    let sealed = docket.seal(&own, &work(), &mut Counting(0));
    assert_eq!(docket.open(&own, &sealed), Ok(work()));
    // A colleague's name on it, another number, another command, another tablet.
    let wang = PersonId::from_bytes([30; 16]);
    let dockets = [
        Docket {
            person: wang,
            ..docket
        },
        Docket {
            device_seq: 8,
            ..docket
        },
        Docket {
            group: GroupId::from_bytes([20; 16]),
            ..docket
        },
        Docket {
            device: DeviceId::from_bytes([10; 16]),
            ..docket
        },
    ];
    for changed in dockets {
        let key = master.delivery_key(changed.device, changed.person);
        assert_eq!(changed.open(&key, &sealed), Err(ForgedSeal), "{changed:?}");
        assert_eq!(changed.open(&own, &sealed), Err(ForgedSeal), "{changed:?}");
    }
    for position in 0..sealed.len() {
        let mut damaged = sealed.clone();
        damaged[position] ^= 1;
        assert_eq!(
            docket.open(&own, &damaged),
            Err(ForgedSeal),
            "byte {position}"
        );
    }
}

fn keyring(person: u8) -> Keyring {
    let master = MasterSecret::from_bytes([9; KEY_BYTES]);
    let device = DeviceId::from_bytes([1; 16]);
    let feeds = [FeedId::from_bytes([5; 16]), FeedId::from_bytes([6; 16])];
    let identity: Identity = serde_json::from_value(serde_json::json!({
        "device": device,
        "tablet_code": "F01",
        "person": PersonId::from_bytes([person; 16]),
        "name": format!("consultant {person}"),
        "store": "00000000-0000-0000-0000-000000000001",
        "is_administrator": false,
    }))
    .unwrap();
    let issued = IssuedKeys {
        delivery: master.delivery_key(device, identity.person),
        feeds: feeds
            .map(|feed| FeedKey {
                feed,
                key: master.feed_key(device, feed),
            })
            .to_vec(),
    };
    Keyring::new(
        identity,
        Scope::default(),
        Secret::from("session token"),
        &issued,
    )
}

fn record(keyring: &Keyring, pin: &str, start: u8) -> (KeyringRecord, Key) {
    let lease = Lease::begun(504, Timestamp::from_millis(1_700_000_000_000));
    let randomness = &mut Counting(start);
    KeyringRecord::create(
        keyring,
        &pin.into(),
        &key(77),
        Cost::LEAST,
        lease,
        randomness,
    )
    .unwrap()
}

#[test]
fn a_keyring_opens_with_its_pin_on_its_tablet_alone() {
    let ring = keyring(3);
    let (record, key_of_it) = record(&ring, "284719", 0);
    let with = |pin: &str, device: &Key| record.key(&pin.into(), device).unwrap();
    assert_eq!(with("284719", &key(77)), key_of_it);
    assert_eq!(record.open(&with("284719", &key(77))), Ok(ring));
    assert_eq!(
        record.open(&with("284718", &key(77))),
        Err(OpenError::Locked)
    );
    // The disk's image without the tablet's secret is worth nothing.
    assert_eq!(
        record.open(&with("284719", &key(78))),
        Err(OpenError::Locked)
    );
    let mut damaged = record.clone();
    *damaged.sealed.last_mut().unwrap() ^= 1;
    assert_eq!(damaged.open(&key_of_it), Err(OpenError::Damaged));
    let mut emptied = record;
    emptied.close(Closed::TriesUsedUp);
    assert_eq!(emptied.open(&key_of_it), Err(OpenError::Locked));
}

#[test]
fn the_keyring_of_another_person_never_opens() {
    // The same PIN, and even the same salt.
    let (wang, wang_key) = record(&keyring(3), "284719", 0);
    let (li, li_key) = record(&keyring(4), "284719", 100);
    assert_eq!(wang.open(&li_key), Err(OpenError::Locked));
    assert_eq!(li.open(&wang_key), Err(OpenError::Locked));
    let swapped = KeyringRecord {
        sealed: wang.sealed.clone(),
        ..li
    };
    assert_eq!(swapped.open(&wang_key), Err(OpenError::Damaged));
}

#[test]
fn the_keys_of_a_feed_go_without_the_pin_and_open_in_their_place_alone() {
    let (record, key_of_it) = record(&keyring(3), "284719", 0);
    let [first, second] = [5, 6].map(|number| FeedId::from_bytes([number; 16]));
    let mut swapped = record.clone();
    swapped.feeds[0].sealed.clone_from(&record.feeds[1].sealed);
    assert_eq!(swapped.open(&key_of_it), Err(OpenError::Damaged));
    let mut fewer = record;
    fewer.keep_only(&[second].into(), 7);
    assert_eq!(
        (fewer.scope_version, fewer.lost.clone()),
        (7, [first].into())
    );
    let opened = fewer.open(&key_of_it).unwrap();
    assert_eq!(opened.feeds().collect::<Vec<_>>(), [second]);
    fewer.close(Closed::LeaseOver);
    assert!(fewer.feeds.iter().all(|held| held.sealed.is_empty()));
    assert!(fewer.holds(second), "whose rows are here is still known");
}

#[test]
fn older_keys_stay_on_the_keyring_behind_the_newest() {
    let mut ring = keyring(3);
    let feed = FeedId::from_bytes([5; 16]);
    let first = ring.feed_keys(feed)[0].clone();
    let own = ring.own_keys();
    let again = IssuedKeys {
        delivery: key(50),
        feeds: vec![FeedKey { feed, key: key(51) }],
    };
    ring.take(&again);
    ring.take(&again);
    assert_eq!(ring.feed_keys(feed), [key(51), first]);
    assert_eq!(ring.delivery_keys().len(), 2);
    assert_eq!(ring.own_keys()[1], own[0]);
    ring.forget_feed(feed);
    assert!(ring.feed_keys(feed).is_empty());
    assert_eq!(ring.feeds().count(), 1);
}

#[test]
fn neither_keys_nor_tokens_show_themselves_in_debug_output() {
    let ring = keyring(3);
    let shown = format!("{ring:?}");
    assert!(!shown.contains("session token"));
    for key in ring.delivery_keys() {
        assert!(!shown.contains(&format!("{:?}", key.expose())));
        assert!(!shown.contains(&hex::encode(key.expose())));
    }
}

#[test]
fn the_stored_forms_stay_as_they_are() {
    let (record, _) = record(&keyring(3), "284719", 0);
    let record = KeyringRecord {
        sealed: vec![1, 2, 3],
        ..record
    };
    let forms = [
        (
            "vault_sealed",
            seal(&key(1), PLACE, b"word", &mut Counting(0)),
        ),
        ("vault_clear", seal_clear(PLACE, b"word")),
        (
            "vault_work",
            docket().seal(&key(2), &work(), &mut Counting(0)),
        ),
        ("vault_keyring", serde_json::to_vec(&record).unwrap()),
    ];
    for (name, bytes) in forms {
        let path = format!("tests/golden/{name}.hex");
        let text = hex::encode(bytes);
        if std::env::var_os("FLOORBOOK_WRITE_GOLDEN").is_some() {
            std::fs::write(&path, format!("{text}\n")).unwrap();
        }
        let golden = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, golden.trim(), "{name}");
    }
}
