//! How many edits a second the commit queue judges and makes durable. Ignored: it measures, in
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests stop at the first surprise"
)]
//! release mode, and takes a while: `cargo test --release -p floorbook-server --test commit_speed
//! -- --ignored --nocapture`.

#![allow(clippy::print_stdout, reason = "a measurement is for reading")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use floorbook_server::database::log::{Addition, DocumentLog, DocumentPlace, NewChange};
use floorbook_server::database::model::{By, NewAccount};
use floorbook_server::database::{Database, RedbDatabase};
use floorbook_server::sync::queue::CommitQueue;
use floorbook_shared::access::Store;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, Edit, NewCard};
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId, GroupId, PersonId, StoreId};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate;
use floorbook_shared::sync::message::PushItem;
use floorbook_shared::sync::server::Peer;
use floorbook_shared::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);
const DEVICES: u8 = 10;
const EDITS: u16 = 1_000;

fn author(device: u8) -> ChangeAuthor {
    ChangeAuthor {
        person: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([device; 16]),
    }
}

fn edit(number: u32) -> Command {
    let fields = [
        CustomerField::Name,
        CustomerField::City,
        CustomerField::Wechat,
        CustomerField::Compound,
    ];
    let edit = Edit::SetField {
        field: fields[number as usize % fields.len()],
        value: format!("第{number}次修改"),
    };
    Command::EditCard { edits: vec![edit] }
}

fn place(number: u32) -> DocumentPlace {
    let mut id = [7; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    DocumentPlace {
        key: DocumentKey {
            id: DocumentId::from_bytes(id),
            incarnation: 0,
        },
        kind: DocumentKind::Customer,
        store: StoreId::from_bytes([1; 16]),
        feed: FeedId::from_bytes([1; 16]),
    }
}

/// A store full of cards with a hundred changes each, and such a card.
fn fill(database: &RedbDatabase, cards: u32) -> Document {
    let by = By {
        at: NOW,
        person: None,
        device: None,
    };
    let store = Store {
        id: StoreId::from_bytes([1; 16]),
        code: "HZ1".to_owned(),
        name: "杭州".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
    };
    database.add_store(&store, by).unwrap();
    let account = NewAccount {
        id: PersonId::from_bytes([1; 16]),
        name: "王芳".to_owned(),
        store: store.id,
        is_administrator: false,
        feed: FeedId::from_bytes([1; 16]),
        code: None,
    };
    database.add_person(&account, by).unwrap();
    let mut card = Document::found();
    let mut changes = Vec::new();
    for number in 0..100 {
        let writer = Writer {
            author: author(200),
            actor: [200 + (number / 10) as u8; 16],
        };
        let command = if number == 0 {
            let mut card = NewCard::default();
            card.fields.insert(CustomerField::Name, "李女士".to_owned());
            card.remarks = "常来看沙发".repeat(10);
            Command::OpenCard(card)
        } else {
            edit(number)
        };
        let bytes = write::run(&mut card, &command, &writer, NOW)
            .unwrap()
            .unwrap();
        changes.push(NewChange {
            hash: gate::parse(&bytes).unwrap().hash,
            actor: writer.actor.to_vec(),
            author: writer.author,
            bytes,
        });
    }
    let heads: Vec<ChangeHash> = card.heads().into_iter().map(Into::into).collect();
    let numbers: Vec<u32> = (0..cards).collect();
    for some in numbers.chunks(500) {
        let additions: Vec<Addition> = some
            .iter()
            .map(|number| Addition {
                place: place(*number),
                latest_seq: 0,
                changes: changes.clone(),
                heads: heads.clone(),
                row: b"{}".to_vec(),
                received: NOW,
            })
            .collect();
        database.append(&additions).unwrap();
    }
    card
}

/// The edits of one device, each on a card of its own.
fn work(card: &Document, device: u8, round: u32, cards: u32) -> Vec<PushItem> {
    let writer = Writer {
        author: author(device),
        actor: [device; 16],
    };
    let change = write::run(
        &mut card.clone(),
        &edit(1_000 + u32::from(device)),
        &writer,
        NOW,
    );
    let change = change.unwrap().unwrap();
    (0..u32::from(EDITS))
        .map(|number| PushItem {
            device_seq: u64::from(number),
            group: GroupId::from_bytes([number as u8; 16]),
            person: writer.author.person,
            document: place((number * 7_919 + round * 13 + u32::from(device) * 997) % cards).key,
            kind: DocumentKind::Customer,
            feed: FeedId::from_bytes([1; 16]),
            change: change.clone(),
        })
        .collect()
}

async fn run(
    commits: &CommitQueue,
    device: u8,
    items: Vec<PushItem>,
    at_once: usize,
) -> Vec<Duration> {
    let peer = Peer {
        device: author(device).device,
        person: author(device).person,
    };
    let mut waits = Vec::new();
    for some in items.chunks(at_once) {
        let began = Instant::now();
        let settled = commits.push(peer, some.to_vec()).await.unwrap();
        for settled in settled {
            settled.result.unwrap();
            waits.push(began.elapsed());
        }
    }
    waits
}

fn report(name: &str, began: Instant, mut waits: Vec<Duration>) {
    waits.sort_unstable();
    let took = began.elapsed();
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!(
        "{name}: {} edits in {took:?}, {:.0} a second; p50 {:?}, p99 {:?}",
        waits.len(),
        waits.len() as f64 / took.as_secs_f64(),
        at(0.5),
        at(0.99),
    );
}

#[test]
#[ignore = "measures; takes a minute in release mode"]
fn edits_a_second() {
    let cards = std::env::var("FLOORBOOK_CARDS")
        .ok()
        .and_then(|cards| cards.parse().ok());
    let cards = cards.unwrap_or(3_000);
    let folder = tempfile::tempdir().unwrap();
    let database = RedbDatabase::open(&folder.path().join("floorbook.redb")).unwrap();
    let began = Instant::now();
    let card = fill(&database, cards);
    println!("filled with {cards} cards in {:?}", began.elapsed());
    let commits = CommitQueue::start(Arc::new(database)).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    for (round, (name, at_once)) in [("one by one", 1), ("500 at once", 500)]
        .into_iter()
        .enumerate()
    {
        let round = round as u32;
        let began = Instant::now();
        let waits = runtime.block_on(async {
            let mut devices = Vec::new();
            for device in 1..=DEVICES {
                let device = device + DEVICES * round as u8;
                let (commits, items) = (commits.clone(), work(&card, device, round, cards));
                devices.push(tokio::spawn(async move {
                    run(&commits, device, items, at_once).await
                }));
            }
            let mut waits = Vec::new();
            for device in devices {
                waits.extend(device.await.unwrap());
            }
            waits
        });
        report(name, began, waits);
    }
    let items = work(&card, 90, 5, cards);
    let began = Instant::now();
    let waits = runtime.block_on(async {
        let mut waits = Vec::new();
        for item in items.into_iter().take(200) {
            waits.extend(run(&commits, 90, vec![item], 1).await);
            tokio::time::sleep(Duration::from_millis(18)).await;
        }
        waits
    });
    report("50 a second", began, waits);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find(|line| line.starts_with("VmHWM"));
    println!("{}", memory.unwrap_or_default());
}
