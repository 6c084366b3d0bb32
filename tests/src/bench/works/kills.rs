//! W7: the server is killed in the middle of W5, again and again.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use floorbook_server::database::RedbDatabase;
use floorbook_server::database::log::DocumentLog;
use floorbook_server::folder;
use floorbook_shared::document::Document;
use tokio::sync::watch;
use tokio::task::{JoinSet, block_in_place};

use super::writes::{EDITS, own_documents, tablets, write_all};
use crate::bench::ground::{Ground, LIMIT, Place};
use crate::bench::measure::Measure;
use crate::bench::watch::{Edit, Outbox};

const KILLS: usize = 20;

/// What was found in the data after a kill.
#[derive(Default)]
struct Found {
    lost_acked: u64,
    unreadable: u64,
}

/// Kills the server at twenty places spread over the edits, and looks each time whether what the
/// tablets know to be acknowledged is in the data.
///
/// # Errors
/// If the server does not start again, or an edit is never acknowledged.
pub async fn measure(place: &Place, cards: usize) -> Result<Measure> {
    let mut ground = Ground::prepare(place, "w7", cards).await?;
    let (tablets, documents) = tablets(place, &ground).await?;
    let (edits, kills) = (place.count(EDITS, 20), place.count(KILLS, 2));
    let all = tablets.len() * edits;
    let counter = watch::Sender::new(0_u64);
    let mut acknowledged = counter.subscribe();
    let mut outboxes = Vec::new();
    let mut writers = JoinSet::new();
    for (number, tablet) in tablets.iter().enumerate() {
        let outbox = Outbox::new(counter.clone());
        outboxes.push(outbox.clone());
        let own = own_documents(&documents, number, tablets.len());
        let written = write_all(Arc::clone(tablet), outbox, own, edits, place.window);
        writers.spawn(written);
    }
    let mut found = Found::default();
    for kill in 1..=kills {
        // Uneven, so that it does not always meet the same moment of a commit.
        let at = (all * kill / (kills + 1) + kill * 7 % 13) as u64;
        acknowledged.wait_for(|count| *count >= at).await?;
        ground.server.kill9()?;
        for tablet in &tablets {
            // What was still in the sockets is taken first.
            tablet.wait_disconnected(LIMIT).await?;
        }
        let edits: Vec<Edit> = outboxes.iter().flat_map(Outbox::edits).collect();
        let data = ground.server.data().to_owned();
        let looked = block_in_place(|| look(&data, &edits))?;
        found.lost_acked += looked.lost_acked;
        found.unreadable += looked.unreadable;
        block_in_place(|| ground.server.restart())?;
        tablets.iter().for_each(|tablet| tablet.connect());
    }
    let mut count = 0;
    while let Some(written) = writers.join_next().await {
        count += written??.len();
    }
    ground.server.kill9()?;
    let all_edits: Vec<Edit> = outboxes.iter().flat_map(Outbox::edits).collect();
    let looked = block_in_place(|| look(ground.server.data(), &all_edits))?;
    let mut measure = Measure::of("W7", cards);
    measure.kills = Some(kills as u64);
    measure.missing = Some((all - count) as u64);
    measure.lost_acked = Some(found.lost_acked + looked.lost_acked);
    measure.unreadable_documents = Some(found.unreadable + looked.unreadable);
    measure.connections = Some(tablets.len());
    measure.fsynced = Some(true);
    Ok(measure)
}

/// Opens a copy of the data: the server shall recover its own by itself.
fn look(data: &Path, edits: &[Edit]) -> Result<Found> {
    let copy = data.with_extension("copy.redb");
    fs::copy(folder::database(data), &copy)?;
    let database = RedbDatabase::open(&copy).context("the data can't be opened")?;
    let mut found = Found::default();
    let mut by_document = std::collections::BTreeMap::<_, Vec<&Edit>>::new();
    for edit in edits.iter().filter(|edit| edit.acknowledged.is_some()) {
        by_document.entry(edit.document).or_default().push(edit);
    }
    for id in database.document_ids()? {
        let edits = by_document.remove(&id).unwrap_or_default();
        let stored = database.document(id)?;
        let chunks = stored.map(|stored| stored.chunks).unwrap_or_default();
        match Document::load(chunks.iter().map(Vec::as_slice)) {
            Ok(document) => {
                let lost = edits.iter().filter(|edit| !document.contains(&edit.hash));
                found.lost_acked += lost.count() as u64;
            }
            Err(_) => {
                found.unreadable += 1;
                found.lost_acked += edits.len() as u64;
            }
        }
    }
    // Documents that are not there at all.
    found.lost_acked += by_document
        .values()
        .map(|edits| edits.len() as u64)
        .sum::<u64>();
    drop(database);
    fs::remove_file(copy)?;
    Ok(found)
}
