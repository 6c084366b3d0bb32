//! W5: many tablets push edits as fast as they are acknowledged.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use floorbook_shared::device::message::Request;
use floorbook_shared::id::DocumentId;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::bench::cards;
use crate::bench::ground::{BenchTablet, Ground, LIMIT, Place, documents};
use crate::bench::measure::Measure;
use crate::bench::watch::Outbox;
use crate::tablet_storage::MemoryStorage;

/// Tablets that write.
pub const TABLETS: usize = 10;
/// Edits of each.
pub const EDITS: usize = 1_000;
/// Edits in a row on the same card, as a person makes them who fills it in.
const EDITS_OF_CARD: usize = 10;

/// Ten tablets with the same cards, each of which edits a tenth of them.
///
/// # Errors
/// If an edit is not acknowledged.
pub async fn measure(place: &Place, cards: usize) -> Result<Measure> {
    let ground = Ground::prepare(place, "w5", cards).await?;
    let (tablets, documents) = tablets(place, &ground).await?;
    let edits = place.count(EDITS, 20);
    let mut measure = write(&ground, &tablets, &documents, edits, place.window).await?;
    measure.cards = cards;
    Ok(measure)
}

/// The writing tablets, all in sync, and the cards.
///
/// # Errors
/// If a tablet does not get in sync.
pub async fn tablets(
    place: &Place,
    ground: &Ground,
) -> Result<(Vec<Arc<BenchTablet>>, Vec<DocumentId>)> {
    let first = ground.full_tablet(0, MemoryStorage::new()).await?;
    let documents = documents(&first).await?;
    let mut tablets = ground.copies(&first, place.count(TABLETS, 3) - 1).await?;
    tablets.insert(0, first);
    Ok((tablets.into_iter().map(Arc::new).collect(), documents))
}

/// Has each tablet make its edits and waits until all are acknowledged.
///
/// # Errors
/// If one is not.
pub async fn write(
    ground: &Ground,
    tablets: &[Arc<BenchTablet>],
    documents: &[DocumentId],
    edits: usize,
    window: usize,
) -> Result<Measure> {
    let all = watch::Sender::new(0);
    ground.proxy.reset();
    let cpu = ground.server.cpu()?;
    let began = Instant::now();
    let mut writers = JoinSet::new();
    for (number, tablet) in tablets.iter().enumerate() {
        let outbox = Outbox::new(all.clone());
        let own = own_documents(documents, number, tablets.len());
        writers.spawn(write_all(Arc::clone(tablet), outbox, own, edits, window));
    }
    let mut times = Vec::new();
    while let Some(written) = writers.join_next().await {
        times.extend(written??);
    }
    let seconds = began.elapsed().as_secs_f64();
    let traffic = ground.proxy.traffic();
    let count = tablets.len() * edits;
    let mut measure = Measure::of("W5", 0);
    measure.missing = Some((count - times.len()) as u64);
    measure.take_times(times);
    measure.ms = Some(seconds * 1_000.0);
    measure.edits_per_s = Some(count as f64 / seconds);
    measure.window = Some(window);
    measure.fsynced = Some(true);
    measure.connections = Some(tablets.len());
    measure.up_bytes = Some(traffic.up_bytes);
    measure.down_bytes = Some(traffic.down_bytes);
    ground.server.note_cpu(cpu, &mut measure)?;
    measure.rss_mb = Some(ground.server.rss_mb()?);
    measure.disk_mb = Some(ground.server.disk_mb()?);
    Ok(measure)
}

/// The cards that a tablet edits: every tenth, so that no two tablets edit the same.
pub fn own_documents(documents: &[DocumentId], number: usize, tablets: usize) -> Vec<DocumentId> {
    let own = documents.iter().skip(number).step_by(tablets.max(1));
    own.copied().collect()
}

/// Makes one tablet's edits, `window` at the same time, and returns how long each took from the
/// request until the tablet had stored the acknowledgement, in milliseconds.
///
/// # Errors
/// If an edit is not acknowledged.
pub async fn write_all(
    tablet: Arc<BenchTablet>,
    outbox: Outbox,
    documents: Vec<DocumentId>,
    edits: usize,
    window: usize,
) -> Result<Vec<f64>> {
    ensure!(!documents.is_empty(), "a tablet has no cards of its own");
    let observer = outbox.observer();
    tablet.look(|tablet| tablet.observe(observer)).await?;
    let mut acknowledged = outbox.follow();
    let mut asked = Vec::with_capacity(edits);
    for number in 0..edits {
        let is_free = |count: &u64| number < usize::try_from(*count).unwrap_or(0) + window;
        let free = acknowledged.wait_for(is_free);
        let free = tokio::time::timeout(LIMIT, free).await;
        free.with_context(|| format!("edit {number} waits in vain: {:?}", tablet.standing()))??;
        asked.push(Instant::now());
        tablet.request(Request::Run {
            id: 0,
            document: documents[number / EDITS_OF_CARD % documents.len()],
            command: cards::small_edit(10_000 + number),
        });
    }
    let is_done = |count: &u64| *count >= edits as u64;
    let done = tokio::time::timeout(LIMIT, acknowledged.wait_for(is_done)).await;
    done.with_context(|| format!("edits are not acknowledged: {:?}", tablet.standing()))??;
    let refused = tablet.standing().status.refused;
    ensure!(refused.is_empty(), "the server refused {refused:?}");
    let edits = outbox.edits();
    let times = edits.iter().zip(&asked).filter_map(|(edit, asked)| {
        let acknowledged = edit.acknowledged?;
        Some((acknowledged - *asked).as_secs_f64() * 1_000.0)
    });
    Ok(times.collect())
}
