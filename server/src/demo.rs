//! The demonstration: two stores with staff and customers, made of the same commands that people
//! give on their tablets, with days relative to the day on which it is made.

mod entries;
mod generator;
mod words;

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use floorbook_shared::access::{Post, Role, Scope, Store, StoreSettings};
use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::document::read::read;
use floorbook_shared::document::write;
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::{GroupId, PersonId, StoreId};
use floorbook_shared::record::customer::{Class, CustomerField};
use floorbook_shared::secret::Secret;

use crate::access::{accounts, code};
use crate::clock::store_day;
use crate::database::log::DocumentPlace;
use crate::database::model::{By, DemoMark, NewAccount};
use crate::state::AppState;
use crate::sync::commit::ServerDeed;
use crate::sync::opened::OpenedItem;
use crate::sync::own::{SERVER_DEVICE, run_in_batches};
use generator::DemoCard;

/// Characters of a one-time code that make a password here: 60 random bits and two dashes.
const PASSWORD_CHARS: usize = 14;
/// Cards with a field that two people set differently.
const CONFLICTS: usize = 3;

/// Someone who can sign in to the demonstration.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// Their name.
    pub name: String,
    /// Name of their home store.
    pub store: String,
    /// What they do, here or there.
    pub roles: Vec<Role>,
    /// Their password until the server starts again.
    pub password: Secret,
}

/// Makes the demonstration in an empty data folder, completes one that was half made, and gives
/// everyone a new password.
///
/// # Errors
/// If the data folder holds anything else: real people must never get another password.
pub async fn prepare(state: &Arc<AppState>) -> Result<Vec<DemoPerson>> {
    let now = state.now();
    let mark = state.with_database(|database| database.demo()).await?;
    let mark = match mark {
        Some(mark) => mark,
        None => {
            let status = state.with_database(|database| database.status()).await?;
            ensure!(
                status.stores == 0 && status.people == 0,
                "--demo needs a data folder of its own; name one with --data"
            );
            let mark = DemoMark {
                today: store_day(now, words::TIME_ZONE),
                is_complete: false,
            };
            state
                .with_database(move |database| database.mark_demo(mark))
                .await?;
            mark
        }
    };
    let by = By::command_line(now);
    let scope = prepare_stores(state, by).await?;
    if !mark.is_complete {
        tracing::info!("making the demonstration");
        let cards = generator::cards(mark.today);
        write_cards(state, &scope, &cards).await?;
        write_conflicts(state, &scope, &cards).await?;
        let mark = DemoMark {
            is_complete: true,
            ..mark
        };
        state
            .with_database(move |database| database.mark_demo(mark))
            .await?;
    }
    let mut people = Vec::new();
    for (index, staff) in words::STAFF.iter().enumerate() {
        let code = state.with_randomness(code::new_code);
        let password = Secret::from(code.chars().take(PASSWORD_CHARS).collect::<String>());
        let person = person_in(&scope, index)?;
        accounts::set_password(state, person, password.clone(), by).await?;
        people.push(DemoPerson {
            name: staff.name.to_owned(),
            store: words::STORES[staff.home()].1.to_owned(),
            roles: staff.roles(),
            password,
        });
    }
    Ok(people)
}

/// Makes stores, people and books that do not exist yet.
async fn prepare_stores(state: &Arc<AppState>, by: By) -> Result<Arc<Scope>> {
    for (code, name, _) in words::STORES {
        let scope = state.with_database(|database| database.scope()).await?;
        if !scope.stores.iter().any(|store| store.code == code) {
            let store = Store {
                id: state.with_randomness(|randomness| StoreId::new(by.at, randomness)),
                code: code.to_owned(),
                name: name.to_owned(),
                time_zone: words::TIME_ZONE.to_owned(),
                settings: StoreSettings::default(),
            };
            state
                .with_database(move |database| database.add_store(&store, by))
                .await?;
        }
    }
    for staff in words::STAFF {
        let scope = state.with_database(|database| database.scope()).await?;
        if scope.people.iter().any(|person| person.name == staff.name) {
            continue;
        }
        let mut posts = Vec::new();
        for (store, role) in staff.posts {
            posts.push(Post::new(store_in(&scope, *store)?, *role));
        }
        let account = NewAccount {
            id: state.with_randomness(|randomness| PersonId::new(by.at, randomness)),
            name: staff.name.to_owned(),
            posts,
            code: None,
        };
        state
            .with_database(move |database| database.add_person(&account, by))
            .await?;
    }
    let scope = state.with_database(|database| database.scope()).await?;
    state.scope_changed().await;
    Ok(scope)
}

fn store_in(scope: &Scope, index: usize) -> Result<StoreId> {
    let (code, _, _) = words::STORES[index];
    let store = scope.stores.iter().find(|store| store.code == code);
    Ok(store.context("a store of the demonstration is gone")?.id)
}

fn person_in(scope: &Scope, index: usize) -> Result<PersonId> {
    let name = words::STAFF[index].name;
    let person = scope.people.iter().find(|person| person.name == name);
    Ok(person.context("a person of the demonstration is gone")?.id)
}

fn place_of(scope: &Scope, card: &DemoCard) -> Result<DocumentPlace> {
    let (store, owner) = (store_in(scope, card.store)?, person_in(scope, card.owner)?);
    let feed = scope.cards_feed(store, owner);
    Ok(DocumentPlace {
        key: DocumentKey {
            id: card.id,
            incarnation: 0,
        },
        kind: DocumentKind::Customer,
        store,
        feed: feed.context("a book of the demonstration is gone")?.id,
    })
}

async fn write_cards(state: &AppState, scope: &Scope, cards: &[DemoCard]) -> Result<()> {
    for owner in 0..words::STAFF.len() {
        let mut deeds = Vec::new();
        for card in cards.iter().filter(|card| card.owner == owner) {
            let place = place_of(scope, card)?;
            deeds.extend(card.deeds.iter().map(|(command, at)| ServerDeed {
                place,
                command: command.clone(),
                seen_seq: None,
                at: *at,
            }));
        }
        let writer = state.own_writer(person_in(scope, owner)?);
        let (results, end) = run_in_batches(&state.commits, deeds, &writer, |_| {}).await;
        end?;
        for result in results {
            result.map_err(|code| anyhow!("a card of the demonstration was refused: {code}"))?;
        }
    }
    Ok(())
}

/// Has the manager and a consultant set the class of some cards differently, as two tablets do
/// that have not heard of each other.
async fn write_conflicts(state: &AppState, scope: &Scope, cards: &[DemoCard]) -> Result<()> {
    let manager = person_in(scope, 0)?;
    let of_consultants = cards.iter().filter(|card| card.owner != 0);
    for card in of_consultants.take(CONFLICTS) {
        let place = place_of(scope, card)?;
        let stored = state
            .with_database(move |database| database.document(place.key.id))
            .await?
            .context("a card of the demonstration is gone")?;
        let document = Document::load(stored.chunks.iter().map(Vec::as_slice))?;
        if !read(&document).conflicts.is_empty() {
            continue;
        }
        let consultant = person_in(scope, card.owner)?;
        for (person, class) in [(consultant, Class::A), (manager, Class::B)] {
            let edit = Edit::SetField {
                field: CustomerField::Class,
                value: class.letter().to_owned(),
            };
            // Two edits, so that both are changes whatever the class was before.
            let other = Edit::SetField {
                field: CustomerField::Street,
                value: format!("江南大道{}号", if person == manager { 68 } else { 86 }),
            };
            let command = Command::EditCard {
                edits: vec![edit, other],
            };
            let writer = state.own_writer(person);
            let mut fork = document.clone();
            let Some(change) = write::run(&mut fork, &command, &writer, state.now())? else {
                continue;
            };
            let item = OpenedItem {
                device_seq: 1,
                group: GroupId::default(),
                person,
                document: place.key,
                kind: place.kind,
                feed: place.feed,
                change,
            };
            let pushed = state
                .commits
                .push_opened(SERVER_DEVICE, Arc::default(), vec![item]);
            for settled in pushed.await? {
                settled
                    .result
                    .map_err(|code| anyhow!("a conflict was refused: {code}"))?;
            }
        }
    }
    Ok(())
}
