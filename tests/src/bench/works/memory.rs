//! W6: what the server takes of the machine.

use std::sync::Arc;

use anyhow::Result;
use tokio::task::block_in_place;

use super::{fan_out, reconnect, writes};
use crate::bench::ground::{BenchTablet, Ground, Place, documents};
use crate::bench::measure::Measure;

/// Idle connections at which memory is measured.
const CONNECTIONS: [usize; 3] = [0, 50, 200];
/// How often the works are repeated, to see whether memory grows.
const ROUNDS: usize = 3;
const FAN_OUT_TABLETS: usize = 50;
const FAN_OUT_EDITS: usize = 200;

/// Memory after a start, after works, and with idle connections; time to start; disk.
///
/// # Errors
/// If a tablet does not get in sync.
pub async fn measure(place: &Place, cards: usize) -> Result<Vec<Measure>> {
    let mut ground = Ground::prepare(place, "w6", cards).await?;
    let mut measures = Vec::new();
    let mut starts = vec![ground.server.start_ms];
    for _ in 0..4 {
        block_in_place(|| ground.server.restart())?;
        starts.push(ground.server.start_ms);
    }
    starts.sort_by(f64::total_cmp);
    let mut fresh = look(&ground, cards, 0, "start")?;
    fresh.start_ms = starts.get(starts.len() / 2).copied();
    measures.push(fresh);

    let mut first = None;
    for round in 1..=place.count(ROUNDS, 1) {
        let (tablet, _) = reconnect::first_sync(&ground, cards).await?;
        measures.push(look(&ground, cards, 1, &format!("W1, round {round}"))?);
        let documents = documents(&tablet).await?;
        let count = place.count(FAN_OUT_TABLETS, 3);
        let tablets = ground.copies(&tablet, count).await?;
        let edits = place.count(FAN_OUT_EDITS, 5);
        fan_out::fan_out(&ground, &tablets, &documents, edits).await?;
        measures.push(look(
            &ground,
            cards,
            count + 1,
            &format!("W4, round {round}"),
        )?);
        let writers: Vec<Arc<BenchTablet>> = tablets
            .into_iter()
            .take(writes::TABLETS)
            .map(Arc::new)
            .collect();
        let edits = place.count(writes::EDITS, 5);
        writes::write(&ground, &writers, &documents, edits, place.window).await?;
        let connections = writers.len() + 1;
        measures.push(look(
            &ground,
            cards,
            connections,
            &format!("W5, round {round}"),
        )?);
        first = Some(tablet);
    }
    let Some(first) = first else {
        return Ok(measures);
    };
    first.disconnect();
    let mut idle = Vec::new();
    for connections in CONNECTIONS {
        let connections = place.count(connections, connections.min(3));
        while idle.len() < connections {
            let storage = first.look(|tablet| tablet.storage.copy());
            idle.push(ground.full_tablet(idle.len(), storage.await?).await?);
        }
        measures.push(look(&ground, cards, connections, "all rounds, idle")?);
    }
    Ok(measures)
}

fn look(ground: &Ground, cards: usize, connections: usize, after: &str) -> Result<Measure> {
    let mut measure = Measure::of("W6", cards);
    measure.connections = Some(connections);
    measure.rss_mb = Some(ground.server.rss_mb()?);
    measure.disk_mb = Some(ground.server.disk_mb()?);
    measure.after = Some(after.to_owned());
    Ok(measure)
}
