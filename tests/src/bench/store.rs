//! Data folders for the benchmark's servers: a chain of consultants and N cards, written with the
//! server's own library, made once and copied for every run.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow};
use automerge::Automerge;
use floorbook_server::access::password::{PasswordCost, Passwords};
use floorbook_server::access::secret::SecretHash;
use floorbook_server::clock::{Clock, SystemClock, SystemRandomness};
use floorbook_server::database::log::{Addition, DocumentLog, DocumentPlace, NewChange};
use floorbook_server::database::model::{By, Founding, NewAccount, NewSession};
use floorbook_server::database::{Database, FORMAT_VERSION, RedbDatabase};
use floorbook_server::folder;
use floorbook_server::sync::commit::row_of;
use floorbook_server::sync::compaction::Compactor;
use floorbook_shared::access::{Feed, FeedKind, Post, Role, Store, StoreSettings};
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::read::read;
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, PersonId, Randomness, StoreId};
use floorbook_shared::sync::chain::ChangeHash;
use floorbook_shared::sync::gate;
use serde::{Deserialize, Serialize};

use super::cards::{self, Deed};
use crate::tablets::new_tablet;

/// Grows whenever the cards or the way of writing them change.
const FORMAT: u32 = 5;
/// All benchmarks use the same cards.
const SEED: u64 = 20_261_122;
/// Consultants of the usual chain; each has a tenth of the cards.
pub const CONSULTANTS: usize = 10;
/// Everybody's password in these made-up chains.
pub const PASSWORD: &str = "four plain old words";
/// Histories that differ: card 2,000 is a card of its own with the history of card 0. They are
/// some ten megabytes apart in the log, so that no compression can take advantage of it, and a
/// store of ten thousand cards is made in minutes.
const HISTORIES: usize = 2_000;
/// Cards that one transaction writes.
const BATCH: usize = 100;
/// How long a worker of the histories lives: three days.
const START_MILLIS: i64 = 259_200_000;
const WEIGHTS: &str = "weights.json";

/// How heavy the cards of a store are.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Weights {
    /// Cards.
    pub cards: usize,
    /// Changes of all cards.
    pub changes: usize,
    /// Bytes of all changes.
    pub change_bytes: usize,
    /// Bytes of all documents as the library saves them, each compressed by itself.
    pub saved_bytes: usize,
    /// Bytes of all cards as JSON.
    pub json_bytes: usize,
}

/// What a store is made of.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Cards.
    pub cards: usize,
    /// Changes of a card.
    pub changes: usize,
    /// Consultants; each has an equal part of the cards in their book.
    pub consultants: usize,
}

impl Shape {
    /// The usual chain with so many cards.
    pub const fn usual(cards: usize, changes: usize) -> Self {
        Self {
            cards,
            changes,
            consultants: CONSULTANTS,
        }
    }

    /// The folder's name, different for every content.
    fn folder_name(self) -> String {
        let Self { cards, changes, .. } = self;
        let usual = format!("store-{FORMAT}-{FORMAT_VERSION}-{SEED}-{cards}-{changes}");
        match self.consultants {
            CONSULTANTS => usual,
            other => format!("{usual}-of-{other}"),
        }
    }
}

/// The name of consultant `number`.
pub fn name(number: usize) -> String {
    format!("顾问 {}", number % CONSULTANTS + 1)
}

/// Stores with more cards than this have a tenth of the history, or making them would take long.
pub const FULL_HISTORY_MAX_CARDS: usize = 10_000;

/// The folder of a store of this shape, made if it is not there yet.
///
/// # Errors
/// If it can't be written.
pub fn prepare(cache: &Path, mut shape: Shape) -> Result<(PathBuf, Weights)> {
    let cards = shape.cards;
    if cards > FULL_HISTORY_MAX_CARDS {
        shape.changes = shape.changes.div_ceil(10);
    }
    let folder = cache.join(shape.folder_name());
    let weights = folder.join(WEIGHTS);
    if !weights.exists() {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let made = make(&folder, shape)
            .with_context(|| format!("a store of {cards} cards can't be made"))?;
        // Written last: a folder without it is half made.
        fs::write(&weights, serde_json::to_vec(&made)?)?;
    }
    let found = serde_json::from_slice(&fs::read(&weights)?)?;
    Ok((folder, found))
}

/// Copies a store's database into a data folder.
///
/// # Errors
/// If it can't be written.
pub fn copy(store: &Path, data: &Path) -> Result<()> {
    fs::create_dir_all(data)?;
    fs::copy(folder::database(store), folder::database(data))?;
    Ok(())
}

/// A consultant of the chain.
#[derive(Clone, Copy)]
struct Consultant {
    person: PersonId,
    /// The tablet that the histories were written on.
    device: DeviceId,
}

struct Chain {
    store: StoreId,
    consultants: Vec<Consultant>,
}

fn id(what: &str, number: usize) -> [u8; 16] {
    let mut bytes = [0; 16];
    let hash = blake3::hash(format!("{what} {SEED} {number}").as_bytes());
    for (target, byte) in bytes.iter_mut().zip(hash.as_bytes()) {
        *target = *byte;
    }
    bytes
}

fn found(database: &dyn Database, consultants: usize) -> Result<Chain> {
    let now = SystemClock.now();
    let mut salt = [0; 16];
    SystemRandomness.fill(&mut salt);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let passwords = Passwords::new(PasswordCost::STANDARD, salt)?;
    let password = runtime.block_on(passwords.hash(PASSWORD.to_owned(), salt))?;
    let chain = Chain {
        store: StoreId::from_bytes(id("store", 0)),
        consultants: (0..consultants)
            .map(|number| Consultant {
                person: PersonId::from_bytes(id("person", number)),
                device: DeviceId::from_bytes(id("device", number)),
            })
            .collect(),
    };
    for (number, consultant) in chain.consultants.iter().enumerate() {
        if number == 0 {
            database.found(&Founding {
                store: Store {
                    id: chain.store,
                    code: "HZ1".to_owned(),
                    name: "杭州店".to_owned(),
                    time_zone: "Asia/Shanghai".to_owned(),
                    settings: StoreSettings::default(),
                },
                person: consultant.person,
                name: name(number),
                password: password.clone(),
                tablet: new_tablet(consultant.device, now),
                session: NewSession {
                    device: consultant.device,
                    token: SecretHash::of("nobody's session", &id("token", 0)),
                    now,
                    expires: now,
                },
            })?;
            continue;
        }
        let by = By::command_line(now);
        let account = NewAccount {
            id: consultant.person,
            name: name(number),
            posts: vec![Post::new(chain.store, Role::Consultant)],
            code: None,
        };
        database.add_person(&account, by)?;
        database.set_password(consultant.person, &password, by)?;
    }
    Ok(chain)
}

/// What happened to one customer, or to several of them.
struct Template {
    changes: Vec<NewChange>,
    heads: Vec<ChangeHash>,
    row: Vec<u8>,
    weights: Weights,
}

fn make(folder: &Path, shape: Shape) -> Result<Weights> {
    let database = RedbDatabase::open(&folder::database(folder))?;
    let chain = found(&database, shape.consultants)?;
    let templates = templates(&chain, shape.cards.min(HISTORIES), shape.changes)?;
    let mut all = Weights::default();
    let numbers: Vec<usize> = (0..shape.cards).collect();
    for batch in numbers.chunks(BATCH) {
        let mut additions = Vec::with_capacity(batch.len());
        for number in batch {
            let template = &templates[number % templates.len()];
            additions.push(addition(&chain, *number, template));
            all.cards += 1;
            all.changes += template.changes.len();
            all.change_bytes += template.weights.change_bytes;
            all.saved_bytes += template.weights.saved_bytes;
            all.json_bytes += template.weights.json_bytes;
        }
        database.append(&additions)?;
    }
    // As a server that has been running for long has it.
    let mut compactor = Compactor::default();
    while !compactor.is_idle() {
        compactor.step(&database, SystemClock.now())?;
    }
    Ok(all)
}

/// Makes the histories on all processors.
fn templates(chain: &Chain, count: usize, changes: usize) -> Result<Vec<Template>> {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let made: Result<Vec<Vec<Template>>> = thread::scope(|scope| {
        let handles: Vec<_> = (0..workers)
            .map(|worker| {
                let range = count * worker / workers..count * (worker + 1) / workers;
                let make = move || {
                    range
                        .map(|number| template(chain, number, changes))
                        .collect()
                };
                scope.spawn(make)
            })
            .collect();
        let results = handles.into_iter().map(|handle| {
            let made: Result<Result<Vec<Template>>, _> = handle.join();
            made.map_err(|_| anyhow!("a history can't be made"))?
        });
        results.collect()
    });
    Ok(made?.into_iter().flatten().collect())
}

fn addition(chain: &Chain, number: usize, template: &Template) -> Addition {
    let consultant = chain.consultants[number % chain.consultants.len()];
    Addition {
        place: DocumentPlace {
            key: DocumentKey {
                id: DocumentId::from_bytes(id("document", number)),
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            store: chain.store,
            feed: Feed::of_owner(chain.store, FeedKind::Cards, consultant.person).id,
        },
        latest_seq: 0,
        changes: template.changes.clone(),
        heads: template.heads.clone(),
        row: template.row.clone(),
        received: SystemClock.now(),
    }
}

fn template(chain: &Chain, number: usize, changes: usize) -> Result<Template> {
    let deeds = cards::history(SEED, number, changes);
    let consultant = chain.consultants[number % chain.consultants.len()];
    let author = ChangeAuthor {
        person: consultant.person,
        device: consultant.device,
    };
    let (document, chunks) = write_down(&deeds, author, number)?;
    let mut made = Vec::with_capacity(chunks.len());
    for bytes in chunks {
        let change = gate::parse(&bytes).map_err(|error| anyhow!("{}", error.code()))?;
        let (hash, actor) = (change.hash, change.actor.to_vec());
        made.push(NewChange {
            hash,
            bytes,
            actor,
            author,
        });
    }
    let saved = Automerge::load(&document.snapshot())?.save();
    let weights = Weights {
        cards: 1,
        changes: made.len(),
        change_bytes: made.iter().map(|change| change.bytes.len()).sum(),
        saved_bytes: saved.len(),
        json_bytes: serde_json::to_vec(&read(&document).customer)?.len(),
    };
    Ok(Template {
        changes: made,
        heads: document.heads().into_iter().map(ChangeHash::from).collect(),
        row: row_of(&document),
        weights,
    })
}

/// Runs the commands of a history, one change each.
fn write_down(
    deeds: &[Deed],
    author: ChangeAuthor,
    number: usize,
) -> Result<(Document, Vec<Vec<u8>>)> {
    let mut document = Document::found();
    let mut changes = Vec::with_capacity(deeds.len());
    for (command, at) in deeds {
        // A worker starts every third day or so, and every start has an actor of its own.
        let start = usize::try_from(at.as_millis() / START_MILLIS)? * CONSULTANTS;
        let writer = Writer {
            author,
            actor: id("actor", start + number % CONSULTANTS),
        };
        // `None`: the dice have chosen the value that stood there.
        changes.extend(write::run(&mut document, command, &writer, *at)?);
    }
    Ok((document, changes))
}
