//! W4: one tablet writes, all others are told.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use automerge::ChangeHash;
use floorbook_shared::device::message::Request;
use floorbook_shared::id::DocumentId;

use crate::bench::cards;
use crate::bench::ground::{BenchTablet, Ground, Place, documents};
use crate::bench::measure::Measure;
use crate::bench::watch::Arrivals;
use crate::headless::reading;
use crate::tablet_storage::MemoryStorage;

const TABLETS: usize = 50;
const EDITS: usize = 200;
const EDITS_PER_SECOND: u32 = 50;
/// What has not arrived after this time is missing.
const PATIENCE: Duration = Duration::from_secs(20);
/// Pause between two looks whether everything arrived; the times are measured elsewhere.
const LOOK_PAUSE: Duration = Duration::from_millis(20);
/// Tablets whose documents are compared with the writer's at the end.
const COMPARED: usize = 5;

/// Fifty tablets with the same cards.
///
/// # Errors
/// If a tablet does not get in sync.
pub async fn measure(place: &Place, cards: usize) -> Result<Measure> {
    let ground = Ground::prepare(place, "w4", cards).await?;
    let first = ground.full_tablet(0, MemoryStorage::new()).await?;
    let mut tablets = ground.copies(&first, place.count(TABLETS, 5) - 1).await?;
    tablets.insert(0, first);
    let documents = documents(&tablets[0]).await?;
    let edits = place.count(EDITS, 20);
    let mut measure = fan_out(&ground, &tablets, &documents, edits).await?;
    measure.cards = cards;
    for document in documents {
        let expected = heads(&tablets[0], document).await?;
        for tablet in tablets.iter().skip(1).take(COMPARED) {
            let found = heads(tablet, document).await?;
            ensure!(found == expected, "{document} differs");
        }
    }
    Ok(measure)
}

async fn heads(tablet: &BenchTablet, document: DocumentId) -> Result<Vec<ChangeHash>> {
    let look = tablet.look(move |tablet| reading::heads(tablet, document));
    look.await?
}

/// The first tablet edits, one card after another; measures when the others have it.
///
/// # Errors
/// If a tablet has ended.
pub async fn fan_out(
    ground: &Ground,
    tablets: &[BenchTablet],
    documents: &[DocumentId],
    edits: usize,
) -> Result<Measure> {
    let documents = &documents[..edits.min(documents.len())];
    let mut arrivals = Vec::new();
    for tablet in &tablets[1..] {
        let seen = Arrivals::default();
        let observer = seen.observer();
        tablet.look(|tablet| tablet.observe(observer)).await?;
        arrivals.push(seen);
    }
    ground.proxy.reset();
    let cpu = ground.server.cpu()?;
    let mut interval = tokio::time::interval(Duration::from_secs(1) / EDITS_PER_SECOND);
    let mut written = Vec::with_capacity(documents.len());
    for (number, document) in documents.iter().enumerate() {
        interval.tick().await;
        written.push(Instant::now());
        tablets[0].request(Request::Run {
            id: 0,
            document: *document,
            command: cards::small_edit(1_000 + number),
        });
    }
    let expected = documents.len() * arrivals.len();
    let waiting = Instant::now();
    let arrived = loop {
        let seen: Vec<_> = arrivals.iter().map(Arrivals::seen).collect();
        let count: usize = seen.iter().map(std::collections::BTreeMap::len).sum();
        if count >= expected || waiting.elapsed() > PATIENCE {
            break seen;
        }
        tokio::time::sleep(LOOK_PAUSE).await;
    };
    let times: Vec<f64> = arrived
        .iter()
        .flat_map(|seen| {
            documents
                .iter()
                .zip(&written)
                .filter_map(|(document, written)| {
                    let arrived = seen.get(document)?;
                    Some((*arrived - *written).as_secs_f64() * 1_000.0)
                })
        })
        .collect();
    let traffic = ground.proxy.traffic();
    let mut measure = Measure::of("W4", 0);
    measure.missing = Some((expected - times.len()) as u64);
    measure.take_times(times);
    measure.up_bytes = Some(traffic.up_bytes);
    measure.down_bytes = Some(traffic.down_bytes);
    measure.connections = Some(tablets.len());
    ground.server.note_cpu(cpu, &mut measure)?;
    Ok(measure)
}
