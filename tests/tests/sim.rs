//! The simulator: thousands of seeded histories, and the named tests that find planted faults.
//!
//! `cargo xtask sim --seed 7` runs one history again; `--seeds 100000` runs many.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]

#[path = "sim/compaction.rs"]
mod compaction;
// Here as well, so that planted faults of the vault are found by name.
#[path = "../../shared/tests/people.rs"]
mod people;
#[path = "sim/receipts.rs"]
mod receipts;
#[path = "sim/rights.rs"]
mod rights;

use floorbook_server::database::model::{By, NewAccount};
use floorbook_server::database::{Database, RedbDatabase};
use floorbook_server::sync::commit::{Committer, Submission};
use floorbook_server::sync::opened::OpenedItem;
use floorbook_shared::access::{Feed, FeedKind, Post, Role, Scope, Store, StoreSettings};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, GroupId, PersonId, StoreId};
use floorbook_shared::record::customer::{CustomerField, Fact, FactSource, REMARKS_MAX_CHARS};
use floorbook_shared::sync::chain::Cursor;
use floorbook_shared::sync::gate::{self, GateError};
use floorbook_shared::sync::message::{
    CHANGE_MAX_BYTES, CHANGE_MAX_OPERATIONS, ClientMessage, Confirmed, FRAME_WINDOW, Hello,
    PROTOCOL_VERSION,
};
use floorbook_shared::sync::server::{Input, Page, Peer, ReadRequest, Session};
use floorbook_shared::time::Timestamp;
use floorbook_tests::world::{Statistics, Weather, World};

/// Histories in a normal run; `FLOORBOOK_SIM_SEEDS` makes it more.
const SEEDS: u64 = 2_000;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Runs some histories in one sort of weather; returns the most that happened in any of them.
fn run(seeds: u64, weather: Weather) -> Statistics {
    let mut most = Statistics::default();
    for seed in 0..seeds {
        let statistics = World::run(seed, weather);
        most.full_frames = most.full_frames.max(statistics.full_frames);
        most.frames_ahead = most.frames_ahead.max(statistics.frames_ahead);
        most.refused = most.refused.max(statistics.refused);
        most.damaged = most.damaged.max(statistics.damaged);
        most.restored = most.restored.max(statistics.restored);
        most.gone = most.gone.max(statistics.gone);
        most.brought_back = most.brought_back.max(statistics.brought_back);
        most.moved = most.moved.max(statistics.moved);
        most.left = most.left.max(statistics.left);
        most.rights = most.rights.max(statistics.rights);
        most.turns = most.turns.max(statistics.turns);
        most.wrong = most.wrong.max(statistics.wrong);
        most.forged = most.forged.max(statistics.forged);
        most.late = most.late.max(statistics.late);
    }
    most
}

#[test]
fn every_history_ends_with_everything_everywhere() {
    let first = number("FLOORBOOK_SIM_SEED").unwrap_or(0);
    let seeds = number("FLOORBOOK_SIM_SEEDS").unwrap_or(SEEDS);
    let steps = number("FLOORBOOK_SIM_STEPS").unwrap_or(400);
    for seed in first..first + seeds {
        let rough = Weather::rough(2 + (seed % 3) as usize, steps as usize);
        let weather = Weather {
            refusals: seed % 4 == 1,
            damage: seed % 5 == 2,
            // What is damaged on the only tablet that has it can't come back after a restore.
            restores: seed % 5 == 3 && seed % 4 != 1,
            moves: seed % 6 == 4,
            rights: matches!(seed % 6, 1 | 4),
            is_shared: seed % 7 == 3,
            ..rough
        };
        World::run(seed, weather);
    }
}

#[test]
fn people_take_turns_on_a_tablet_and_everything_of_everyone_arrives() {
    let weather = Weather {
        kills: true,
        network: true,
        away: true,
        work: 20,
        is_shared: true,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.turns > 3 && most.wrong > 0, "{most:?}");
}

#[test]
fn what_is_refused_while_its_author_is_not_there_waits_for_them() {
    let weather = Weather {
        refusals: true,
        kills: true,
        away: true,
        work: 25,
        is_shared: true,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.refused > 0 && most.turns > 3, "{most:?}");
}

#[test]
fn leases_that_end_cost_a_sign_in_and_no_work() {
    let weather = Weather {
        clocks: true,
        kills: true,
        is_shared: true,
        away: true,
        work: 20,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.wrong > 0, "{most:?}");
}

#[test]
fn on_a_shared_tablet_everyone_sees_their_own_books_alone() {
    let weather = Weather {
        kills: true,
        network: true,
        moves: true,
        rights: true,
        is_shared: true,
        work: 20,
        ..Weather::fair(2, 1_500)
    };
    let most = run(25, weather);
    assert!(most.turns > 3 && most.rights > 3, "{most:?}");
}

#[test]
fn acknowledged_changes_survive_a_killed_server() {
    let weather = Weather {
        kills: true,
        ..Weather::fair(2, 300)
    };
    run(15, weather);
}

#[test]
fn saved_entries_survive_a_killed_tablet() {
    let weather = Weather {
        kills: true,
        storage: true,
        ..Weather::fair(2, 400)
    };
    run(25, weather);
}

#[test]
fn every_saved_entry_reaches_the_server() {
    let weather = Weather {
        kills: true,
        network: true,
        away: true,
        work: 25,
        ..Weather::fair(3, 300)
    };
    run(40, weather);
}

#[test]
fn repeats_and_overtaking_change_nothing() {
    let weather = Weather {
        network: true,
        work: 30,
        ..Weather::fair(3, 800)
    };
    run(15, weather);
}

#[test]
fn documents_and_the_place_behind_them_are_stored_together() {
    let weather = Weather {
        network: true,
        kills: true,
        storage: true,
        ..Weather::fair(3, 400)
    };
    run(25, weather);
}

#[test]
fn rows_follow_what_arrives() {
    run(10, Weather::fair(3, 300));
}

#[test]
fn a_refusal_takes_nothing_else_along() {
    let weather = Weather {
        refusals: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(3, 400)
    };
    assert!(run(25, weather).refused > 0);
}

#[test]
fn settled_conflicts_reach_everyone() {
    let weather = Weather {
        away: true,
        work: 30,
        ..Weather::fair(3, 300)
    };
    run(15, weather);
}

#[test]
fn a_newcomers_cards_reach_everyone() {
    let weather = Weather {
        newcomers: true,
        ..Weather::fair(2, 500)
    };
    run(30, weather);
}

#[test]
fn a_clock_that_jumps_never_stops_the_sync() {
    let weather = Weather {
        network: true,
        clocks: true,
        ..Weather::fair(3, 400)
    };
    run(15, weather);
}

#[test]
fn a_storage_that_fails_is_no_empty_storage() {
    let weather = Weather {
        kills: true,
        storage: true,
        away: true,
        ..Weather::fair(2, 500)
    };
    run(40, weather);
}

#[test]
fn damaged_chunks_and_rows_heal_from_the_store() {
    let weather = Weather {
        damage: true,
        away: true,
        work: 30,
        ..Weather::fair(2, 600)
    };
    assert!(run(20, weather).damaged > 0);
}

#[test]
fn a_restored_backup_loses_nothing_that_a_tablet_holds() {
    let weather = Weather {
        restores: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(3, 600)
    };
    assert!(run(40, weather).restored > 0);
}

#[test]
fn what_a_tablet_took_with_it_comes_back_from_the_others() {
    let weather = Weather {
        restores: true,
        departures: true,
        away: true,
        work: 25,
        ..Weather::fair(4, 900)
    };
    let most = run(25, weather);
    assert!(most.gone > 1 && most.brought_back > 0, "{most:?}");
    // Also while cards move and tablets see different books.
    let weather = Weather {
        network: true,
        moves: true,
        ..weather
    };
    assert!(run(15, weather).brought_back > 0);
}

#[test]
fn a_card_that_moved_is_where_its_book_is_and_nowhere_else() {
    let weather = Weather {
        moves: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(4, 600)
    };
    let most = run(40, weather);
    assert!(most.moved > 0 && most.left > 0);
}

#[test]
fn whoever_may_see_a_book_holds_it_and_nobody_else_does() {
    let weather = Weather {
        rights: true,
        moves: true,
        away: true,
        kills: true,
        work: 25,
        ..Weather::fair(4, 600)
    };
    let most = run(40, weather);
    assert!(most.rights > 8 && most.left > 0);
    assert!(most.late > 0 && most.forged > 0);
}

#[test]
fn a_tablet_that_was_away_for_weeks_gets_everything_in_many_frames() {
    let weather = Weather {
        away: true,
        long_texts: true,
        work: 50,
        ..Weather::fair(3, 1_800)
    };
    let most = run(2, weather);
    assert!(most.full_frames > 1);
}

#[test]
fn a_slow_tablet_is_not_flooded() {
    let (device, person) = (DeviceId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let store = StoreId::from_bytes([3; 16]);
    let now = Timestamp::from_millis(1_795_305_600_000);
    let scope = Scope {
        version: 1,
        stores: vec![Store {
            id: store,
            code: "HZ1".to_owned(),
            name: "杭州".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            settings: StoreSettings::default(),
        }],
        feeds: vec![Feed::of_store(store, FeedKind::Common)],
        ..Scope::default()
    };
    let mut session = Session::new(
        Peer {
            device,
            person: Some(person),
        },
        scope,
    );
    let hello = ClientMessage::Hello(Hello {
        version: PROTOCOL_VERSION,
        capabilities: 0,
        device,
        token: None,
        scope_version: 1,
        cursors: Vec::new(),
        waiting: 0,
    });
    let mut outputs = session.handle(Input::Message(hello), now, &|_, _| true);
    let mut sent = 0;
    while let Some(ReadRequest::Page(request)) = outputs.read.take() {
        sent += 1;
        assert!(sent <= FRAME_WINDOW, "sent without waiting for the tablet");
        let cursor = Cursor {
            seq: request.after.seq + 1,
            ..request.after
        };
        let page = Page {
            store,
            scope_version: 1,
            after: request.after,
            cursor,
            items: Vec::new(),
            remaining: 1,
            fingerprint: None,
        };
        outputs = session.handle(Input::Page(page), now, &|_, _| true);
    }
    assert_eq!(sent, FRAME_WINDOW);
    let confirmed = ClientMessage::CursorConfirmed(Confirmed {
        frames: 1,
        ..Confirmed::default()
    });
    let outputs = session.handle(Input::Message(confirmed), now, &|_, _| true);
    assert!(outputs.read.is_some(), "a confirmation opens the window");
}

#[test]
fn a_full_card_takes_nothing_more() {
    let author = ChangeAuthor {
        person: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
    };
    let writer = Writer {
        author,
        actor: [3; 16],
    };
    let mut tablet = Document::found();
    let mut server = Document::found();
    let mut bound = None;
    let mut result = Ok(());
    // More than a document may weigh, in changes that are each within the rules.
    for number in 0..80 {
        let command = if number == 0 {
            let mut card = NewCard::default();
            card.fields.insert(CustomerField::Name, "满满".to_owned());
            Command::OpenCard(card)
        } else {
            let fact = Fact {
                value: format!("{number:04}") + &"满".repeat(REMARKS_MAX_CHARS - 4),
                source: FactSource::Consultant,
                at: Timestamp::from_millis(1_795_305_600_000),
            };
            let edit = Edit::SetFact {
                name: "备注".to_owned(),
                fact,
            };
            Command::EditCard { edits: vec![edit] }
        };
        let now = Timestamp::from_millis(1_795_305_600_000);
        let change = write::run(&mut tablet, &command, &writer, now).unwrap();
        let bytes = change.unwrap();
        let change = gate::parse(&bytes).unwrap();
        match gate::judge(&server, &change, author, bound) {
            Ok(document) => server = document,
            Err(error) => {
                result = Err(error);
                break;
            }
        }
        bound = Some(author);
    }
    assert_eq!(result, Err(GateError::DocumentFull));
}

/// A committer over a store with two customer books.
fn shop() -> Committer {
    Committer::new(std::sync::Arc::new(books()))
}

/// A store with two customer books, number 1 and 2.
fn books() -> RedbDatabase {
    let database = RedbDatabase::with_backend(redb::backends::InMemoryBackend::new()).unwrap();
    let by = By {
        at: Timestamp::from_millis(0),
        person: None,
        device: None,
    };
    let store = Store {
        id: StoreId::from_bytes([1; 16]),
        code: "HZ1".to_owned(),
        name: "杭州".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    };
    database.add_store(&store, by).unwrap();
    for (number, name) in [(1, "王芳"), (2, "李静")] {
        let account = NewAccount {
            id: PersonId::from_bytes([number; 16]),
            name: name.to_owned(),
            posts: vec![Post::new(store.id, Role::Consultant)],
            code: None,
        };
        database.add_person(&account, by).unwrap();
    }
    database
}

/// The person and tablet of this number, with an actor of the same number.
fn writer(number: u8) -> Writer {
    Writer {
        author: ChangeAuthor {
            person: PersonId::from_bytes([1; 16]),
            device: DeviceId::from_bytes([number; 16]),
        },
        actor: [number; 16],
    }
}

/// Runs a command on a copy of a document, as a tablet would.
fn change_on(document: &Document, command: &Command, writer: &Writer) -> Vec<u8> {
    let mut copy = document.clone();
    let now = Timestamp::from_millis(1_795_305_600_000);
    write::run(&mut copy, command, writer, now)
        .unwrap()
        .unwrap()
}

fn opening(name: &str) -> Command {
    let mut card = NewCard::default();
    card.fields.insert(CustomerField::Name, name.to_owned());
    Command::OpenCard(card)
}

fn note(number: usize, characters: usize) -> Command {
    let edit = Edit::SetFact {
        name: format!("备注{number}"),
        fact: Fact {
            value: "满".repeat(characters),
            source: FactSource::Consultant,
            at: Timestamp::from_millis(1_795_305_600_000),
        },
    };
    Command::EditCard { edits: vec![edit] }
}

fn submission(document: u8, device: u8, group: u8, change: Vec<u8>) -> Submission {
    let person = PersonId::from_bytes([1; 16]);
    Submission {
        told: std::sync::Arc::default(),
        device: DeviceId::from_bytes([device; 16]),
        item: OpenedItem {
            device_seq: u64::from(group),
            group: GroupId::from_bytes([group; 16]),
            person,
            document: DocumentKey {
                id: DocumentId::from_bytes([document; 16]),
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            feed: Feed::of_owner(
                StoreId::from_bytes([1; 16]),
                FeedKind::Cards,
                PersonId::from_bytes([1; 16]),
            )
            .id,
            change,
        },
    }
}

/// What the server says to each change of a batch: nothing, or the code of a refusal.
fn verdicts(committer: &mut Committer, batch: &[Submission]) -> Vec<String> {
    let settled = committer.commit(batch, Timestamp::from_millis(1)).unwrap();
    let results = settled.into_iter().map(|settled| settled.result);
    results
        .map(|result| result.err().unwrap_or_default())
        .collect()
}

#[test]
fn a_change_that_claims_too_much_is_refused_unread() {
    let name = format!("x{}", "y".repeat(CHANGE_MAX_OPERATIONS));
    let mut document = automerge::Automerge::new();
    let mut transaction = document.transaction();
    use automerge::transaction::Transactable as _;
    let text = transaction
        .put_object(automerge::ROOT, "text", automerge::ObjType::Text)
        .unwrap();
    transaction.splice_text(&text, 0, 0, &name).unwrap();
    transaction.commit();
    let change = document.get_last_local_change().unwrap();
    assert!(change.raw_bytes().len() < CHANGE_MAX_BYTES);
    let refused = gate::parse(change.raw_bytes()).map(|change| change.operations);
    assert_eq!(refused, Err(GateError::TooLarge));
}

#[test]
fn nobody_writes_in_the_name_of_another() {
    let mut committer = shop();
    let change = change_on(&Document::found(), &opening("李女士"), &writer(1));
    // The right change from the wrong tablet, and then from its own.
    let batch = [
        submission(1, 2, 1, change.clone()),
        submission(1, 1, 2, change),
    ];
    assert_eq!(verdicts(&mut committer, &batch), ["foreign_author", ""]);
}

#[test]
fn a_change_that_fills_the_card_is_refused_alone() {
    let mut committer = shop();
    let opened = change_on(&Document::found(), &opening("满满"), &writer(1));
    let card = Document::load([opened.as_slice()]).unwrap();
    let mut batch = vec![submission(1, 1, 1, opened)];
    // Each from a tablet of its own, side by side; only some dozens of the large ones fit.
    for number in 0..80 {
        let is_small = number % 4 == 0;
        let characters = if is_small { 5 } else { REMARKS_MAX_CHARS };
        let device = 10 + number;
        let change = change_on(
            &card,
            &note(usize::from(number), characters),
            &writer(device),
        );
        batch.push(submission(1, device, device, change));
    }
    let verdicts = verdicts(&mut committer, &batch);
    let small: Vec<&String> = verdicts.iter().skip(1).step_by(4).collect();
    assert!(small.iter().all(|code| code.is_empty()), "{small:?}");
    let full = verdicts.iter().filter(|code| *code == "document_full");
    assert!((1..60).contains(&full.count()), "{verdicts:?}");
}

#[test]
fn a_command_is_taken_or_refused_as_a_whole() {
    let mut committer = shop();
    let opened = change_on(&Document::found(), &opening("李女士"), &writer(1));
    let card = Document::load([opened.as_slice()]).unwrap();
    let edit = change_on(&card, &note(1, 5), &writer(1));
    let bad = change_on(&card, &note(2, 5), &writer(9));
    // Command 2 writes into two cards, and what it writes into the second one is refused.
    let batch = [
        submission(1, 1, 1, opened.clone()),
        submission(2, 1, 3, opened),
        submission(1, 1, 2, edit.clone()),
        submission(2, 1, 2, bad),
    ];
    let said = verdicts(&mut committer, &batch);
    assert_eq!(said, ["", "", "group_refused", "foreign_author"]);
    // The same change in a command of its own is fine.
    let again = [submission(1, 1, 4, edit)];
    assert_eq!(verdicts(&mut committer, &again), [""]);
}
