//! What the server writes itself: imports and the demonstration.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use floorbook_shared::document::author::ChangeAuthor;
pub use floorbook_shared::document::author::SERVER_DEVICE;
use floorbook_shared::document::write::Writer;
use floorbook_shared::id::{PersonId, Randomness};

use super::commit::ServerDeed;
use super::queue::{CommitQueue, DeedResults, NotStored};

/// Deeds of one transaction: small enough that tablets' pushes hardly wait behind it.
const BATCH_MAX_DEEDS: usize = 200;

/// Length of an actor in bytes.
const ACTOR_BYTES: usize = 16;

/// The actors of this process: one for each person in whose name the server writes. They are never
/// kept, so that a server restored from a backup can't use one again.
#[derive(Debug, Default)]
pub struct OwnActors(Mutex<BTreeMap<PersonId, [u8; ACTOR_BYTES]>>);

impl OwnActors {
    /// The writer that writes in a person's name.
    pub fn writer(&self, person: PersonId, randomness: &mut dyn Randomness) -> Writer {
        let mut actors = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let actor = *actors.entry(person).or_insert_with(|| {
            let mut actor = [0; ACTOR_BYTES];
            randomness.fill(&mut actor);
            actor
        });
        let author = ChangeAuthor {
            person,
            device: SERVER_DEVICE,
        };
        Writer { author, actor }
    }
}

/// Runs deeds in transactions of some hundred and tells how many are done after each. What an
/// error leaves undone can be run again.
pub async fn run_in_batches(
    commits: &CommitQueue,
    deeds: Vec<ServerDeed>,
    writer: &Writer,
    mut progress: impl FnMut(usize),
) -> (DeedResults, Result<(), NotStored>) {
    let mut results = Vec::with_capacity(deeds.len());
    let mut deeds = deeds.into_iter();
    loop {
        let batch: Vec<ServerDeed> = deeds.by_ref().take(BATCH_MAX_DEEDS).collect();
        if batch.is_empty() {
            return (results, Ok(()));
        }
        match commits.run(batch, writer.clone()).await {
            Ok(batch) => results.extend(batch),
            Err(error) => return (results, Err(error)),
        }
        progress(results.len());
    }
}
