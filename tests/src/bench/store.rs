//! Data folders for the benchmark's servers: a chain with ten consultants and N cards, written
//! with the server's own library, made once and copied for every run.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use automerge::Automerge;
use floorbook_server::access::password::{PasswordCost, Passwords};
use floorbook_server::access::secret::SecretHash;
use floorbook_server::clock::{Clock, SystemClock, SystemRandomness};
use floorbook_server::database::log::{Addition, DocumentLog, DocumentPlace, NewChange};
use floorbook_server::database::model::{By, Founding, NewAccount, NewSignIn};
use floorbook_server::database::{Database, RedbDatabase};
use floorbook_server::folder;
use floorbook_server::sync::commit::row_of;
use floorbook_shared::access::Store;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::read::read;
use floorbook_shared::document::write::{self, Writer};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, FeedId, PersonId, Randomness, StoreId};
use floorbook_shared::sync::gate;
use serde::{Deserialize, Serialize};

use super::cards::{self, CardHistory};

/// Grows whenever the cards or the way of writing them change.
const FORMAT: u32 = 2;
/// All benchmarks use the same cards.
const SEED: u64 = 20_261_122;
/// Consultants of the chain; each has a tenth of the cards.
pub const CONSULTANTS: usize = 10;
/// Everybody's password in these made-up chains.
pub const PASSWORD: &str = "four plain old words";
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

/// The name of consultant `number`.
pub fn name(number: usize) -> String {
    format!("顾问 {}", number % CONSULTANTS + 1)
}

/// Stores with more cards than this have a tenth of the history, or making them would take long.
pub const FULL_HISTORY_MAX_CARDS: usize = 10_000;

/// The folder of a store with `cards` cards of `changes` changes, made if it is not there yet.
///
/// # Errors
/// If it can't be written.
pub fn prepare(cache: &Path, cards: usize, changes: usize) -> Result<(PathBuf, Weights)> {
    let changes = if cards > FULL_HISTORY_MAX_CARDS {
        changes.div_ceil(10)
    } else {
        changes
    };
    let folder = folder_of(cache, cards, changes);
    let weights = folder.join(WEIGHTS);
    if !weights.exists() {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        // Card 7 is the same in every store, so a small one is cut out of a large one.
        let largest = folder_of(cache, FULL_HISTORY_MAX_CARDS, changes);
        let source = (cards < FULL_HISTORY_MAX_CARDS && largest.join(WEIGHTS).exists())
            .then(|| RedbDatabase::open(&folder::database(&largest)))
            .transpose()?;
        let made = make(&folder, cards, changes, source.as_ref())
            .with_context(|| format!("a store of {cards} cards can't be made"))?;
        // Written last: a folder without it is half made.
        fs::write(&weights, serde_json::to_vec(&made)?)?;
    }
    let found = serde_json::from_slice(&fs::read(&weights)?)?;
    Ok((folder, found))
}

fn folder_of(cache: &Path, cards: usize, changes: usize) -> PathBuf {
    cache.join(format!("store-{FORMAT}-{SEED}-{cards}-{changes}"))
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
    feed: FeedId,
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

fn found(database: &dyn Database) -> Result<Chain> {
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
        consultants: (0..CONSULTANTS)
            .map(|number| Consultant {
                person: PersonId::from_bytes(id("person", number)),
                feed: FeedId::from_bytes(id("feed", number)),
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
                },
                person: consultant.person,
                name: name(number),
                password: password.clone(),
                feed: consultant.feed,
                sign_in: NewSignIn {
                    device: None,
                    new_device: consultant.device,
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
            store: chain.store,
            is_administrator: false,
            feed: consultant.feed,
            code: None,
        };
        database.add_person(&account, by)?;
        database.set_password(consultant.person, &password, by)?;
    }
    Ok(chain)
}

/// One card, ready to be appended, and what it weighs.
struct Made {
    addition: Addition,
    weights: Weights,
}

fn make(
    folder: &Path,
    cards: usize,
    changes: usize,
    source: Option<&RedbDatabase>,
) -> Result<Weights> {
    let database = RedbDatabase::open(&folder::database(folder))?;
    let chain = found(&database)?;
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (sender, receiver) = mpsc::sync_channel::<Result<Made>>(2 * BATCH);
    thread::scope(|scope| {
        for _ in 0..workers {
            let (sender, next, chain) = (sender.clone(), &next, &chain);
            scope.spawn(move || {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= cards || sender.send(card(chain, number, changes, source)).is_err()
                    {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut weights = Weights::default();
        let mut batch = Vec::new();
        for made in receiver {
            let made = made?;
            weights.cards += 1;
            weights.changes += made.weights.changes;
            weights.change_bytes += made.weights.change_bytes;
            weights.saved_bytes += made.weights.saved_bytes;
            weights.json_bytes += made.weights.json_bytes;
            batch.push(made.addition);
            if batch.len() >= BATCH || weights.cards == cards {
                database.append(&std::mem::take(&mut batch))?;
            }
        }
        Ok(weights)
    })
}

fn card(
    chain: &Chain,
    number: usize,
    changes: usize,
    source: Option<&RedbDatabase>,
) -> Result<Made> {
    let history = cards::history(SEED, number, changes);
    let consultant = chain.consultants[number % chain.consultants.len()];
    let author = ChangeAuthor {
        person: consultant.person,
        device: consultant.device,
    };
    let stored = source.map(|source| source.document(history.document));
    let (document, chunks) = match stored.transpose()?.flatten() {
        Some(stored) => (
            Document::load(stored.chunks.iter().map(Vec::as_slice))?,
            stored.chunks,
        ),
        None => write_down(&history, author, number)?,
    };
    let mut made = Vec::with_capacity(chunks.len());
    for bytes in chunks {
        let change = gate::parse(&bytes).map_err(|error| anyhow!("{}", error.code()))?;
        made.push(NewChange {
            hash: change.hash().into(),
            actor: change.actor_id().to_bytes().to_vec(),
            bytes,
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
    let addition = Addition {
        place: DocumentPlace {
            key: DocumentKey {
                id: history.document,
                incarnation: 0,
            },
            kind: DocumentKind::Customer,
            store: chain.store,
            feed: consultant.feed,
        },
        latest_seq: 0,
        changes: made,
        row: row_of(&document),
        received: SystemClock.now(),
    };
    Ok(Made { addition, weights })
}

/// Runs the commands of a history, one change each.
fn write_down(
    history: &CardHistory,
    author: ChangeAuthor,
    number: usize,
) -> Result<(Document, Vec<Vec<u8>>)> {
    let mut document = Document::found();
    let mut changes = Vec::with_capacity(history.deeds.len());
    for (command, at) in &history.deeds {
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
