//! W1, W2, W2r and W3: one tablet gets everything, comes back, and comes back with work.

use std::time::Instant;

use anyhow::{Result, ensure};
use floorbook_server::clock::{Clock, SystemClock, SystemRandomness};
use floorbook_shared::device::message::Request;
use floorbook_shared::id::DocumentId;
use tokio::task::block_in_place;

use crate::bench::cards;
use crate::bench::ground::{BenchTablet, Ground, LIMIT, Place, documents};
use crate::bench::measure::{Measure, percentile};
use crate::bench::proxy::Traffic;
use crate::bench::watch::Arrivals;
use crate::tablet_storage::MemoryStorage;
use crate::wait;

/// How often a tablet comes back; the time is the median.
const REPEATS: usize = 9;
/// Cards that each side changes in W3.
const CHANGED: usize = 50;

/// W1, and on the same ground W2 and W2r.
///
/// # Errors
/// If the tablet does not get in sync.
pub async fn first_and_again(
    place: &Place,
    cards: usize,
    wants_again: bool,
) -> Result<Vec<Measure>> {
    let mut ground = Ground::prepare(place, "sync", cards).await?;
    let (tablet, first) = first_sync(&ground, cards).await?;
    let mut measures = vec![first];
    if wants_again {
        measures.push(again(&ground, &tablet, "W2", cards).await?);
        tablet.disconnect();
        tablet.wait_disconnected(LIMIT).await?;
        block_in_place(|| ground.server.restart())?;
        measures.push(again(&ground, &tablet, "W2r", cards).await?);
    }
    Ok(measures)
}

/// A new tablet gets all cards and can edit any of them.
///
/// # Errors
/// If it does not.
pub async fn first_sync(ground: &Ground, cards: usize) -> Result<(BenchTablet, Measure)> {
    let tablet = ground.tablet(0, MemoryStorage::new()).await?;
    ground.proxy.reset();
    let cpu = ground.server.cpu()?;
    let began = Instant::now();
    tablet.connect();
    tablet.wait_in_sync(LIMIT).await?;
    let ms = began.elapsed().as_secs_f64() * 1_000.0;
    let mut measure = Measure::of("W1", cards);
    measure.ms = Some(ms);
    take_traffic(&mut measure, ground.proxy.quiet().await);
    ground.server.note_cpu(cpu, &mut measure)?;
    measure.changes_per_card = Some(ground.weights.changes as f64 / cards.max(1) as f64);
    measure.saved_bytes = Some(ground.weights.saved_bytes as u64);
    measure.disk_mb = Some(ground.server.disk_mb()?);
    measure.rss_mb = Some(ground.server.rss_mb()?);
    let held = documents(&tablet).await?.len();
    ensure!(held == cards, "{held} of {cards} cards arrived");
    Ok((tablet, measure))
}

fn take_traffic(measure: &mut Measure, traffic: Traffic) {
    measure.up_bytes = Some(traffic.up_bytes);
    measure.down_bytes = Some(traffic.down_bytes);
    measure.handshake_up_bytes = Some(traffic.handshake_up_bytes);
    measure.handshake_down_bytes = Some(traffic.handshake_down_bytes);
    measure.round_trips = Some(traffic.round_trips);
}

/// Nothing has changed; the time is the median of some tries, the bytes are those of the largest.
async fn again(
    ground: &Ground,
    tablet: &BenchTablet,
    work: &'static str,
    cards: usize,
) -> Result<Measure> {
    let mut times = Vec::new();
    let mut measure = Measure::of(work, cards);
    let cpu = ground.server.cpu()?;
    for _ in 0..REPEATS {
        tablet.disconnect();
        tablet.wait_disconnected(LIMIT).await?;
        ground.proxy.quiet().await;
        ground.proxy.reset();
        let began = Instant::now();
        tablet.connect();
        tablet.wait_in_sync(LIMIT).await?;
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        let traffic = ground.proxy.quiet().await;
        if measure
            .down_bytes
            .is_none_or(|bytes| bytes < traffic.down_bytes)
        {
            take_traffic(&mut measure, traffic);
        }
    }
    times.sort_by(f64::total_cmp);
    measure.ms = percentile(&times, 50);
    measure.max_ms = times.last().copied();
    ground.server.note_cpu(cpu, &mut measure)?;
    let share = |ms: Option<f64>| ms.map(|ms| ms / REPEATS as f64);
    measure.server_cpu_ms = share(measure.server_cpu_ms);
    measure.tablets_cpu_ms = share(measure.tablets_cpu_ms);
    Ok(measure)
}

/// W3: a tablet comes back with 50 changed cards to a server where 50 others were changed.
///
/// # Errors
/// If not everything gets everywhere.
pub async fn after_offline_work(place: &Place, cards: usize) -> Result<Measure> {
    let changed = CHANGED.min(cards / 2);
    let ground = Ground::prepare(place, "w3", cards).await?;
    let (tablet, _) = first_sync(&ground, cards).await?;
    tablet.disconnect();
    tablet.wait_disconnected(LIMIT).await?;
    let documents = documents(&tablet).await?;
    // A copy costs nothing; the colleague is connected without the proxy, so not counted.
    let storage = tablet.look(|tablet| tablet.storage.copy()).await?;
    let colleague = ground.uncounted_tablet(1, storage).await?;
    // Spread over all cards, so that neither side's are neighbours in the log.
    let every = cards / (2 * changed);
    let spread = documents.iter().step_by(every.max(1)).copied();
    let spread: Vec<DocumentId> = spread.take(2 * changed).collect();
    let (here, there) = spread.split_at(changed);
    log_contacts(&tablet, here);
    log_contacts(&colleague, there);
    tablet.look(|_| ()).await?;
    colleague.look(|_| ()).await?;
    colleague.wait_in_sync(LIMIT).await?;

    let (arrived, arrived_there) = (Arrivals::default(), Arrivals::default());
    let (observer, observer_there) = (arrived.observer(), arrived_there.observer());
    tablet.look(|tablet| tablet.observe(observer)).await?;
    colleague
        .look(|tablet| tablet.observe(observer_there))
        .await?;
    ground.proxy.quiet().await;
    ground.proxy.reset();
    let cpu = ground.server.cpu()?;
    let began = Instant::now();
    tablet.connect();
    tablet.wait_in_sync(LIMIT).await?;
    let has_all = |arrivals: &Arrivals, wanted: &[DocumentId]| {
        let seen = arrivals.seen();
        wanted.iter().all(|document| seen.contains_key(document))
    };
    block_in_place(|| {
        wait::until("the work at the colleague's", || {
            Ok(has_all(&arrived_there, here).then_some(()))
        })
    })?;
    let last = arrived_there.seen().values().max().copied();
    let in_sync = arrived.seen().values().max().copied();
    let end = last.max(in_sync).unwrap_or_else(Instant::now);
    let mut measure = Measure::of("W3", cards);
    measure.ms = Some((end - began).as_secs_f64() * 1_000.0);
    take_traffic(&mut measure, ground.proxy.quiet().await);
    ground.server.note_cpu(cpu, &mut measure)?;
    let seen = arrived.seen();
    let missing = there.iter().filter(|id| !seen.contains_key(id)).count();
    measure.missing = Some(missing as u64);
    Ok(measure)
}

fn log_contacts(tablet: &BenchTablet, documents: &[DocumentId]) {
    for (number, document) in documents.iter().enumerate() {
        tablet.request(Request::Run {
            id: 0,
            document: *document,
            command: cards::contact(&mut SystemRandomness, SystemClock.now(), number),
        });
    }
}
