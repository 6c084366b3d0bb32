//! Taking in a rescue file: judged like a push of its tablet, also of one that was given up.

use std::sync::Arc;

use floorbook_shared::api::{RescueRefused, RescueReport};
use floorbook_shared::sync::message::PUSH_MAX_ITEMS;
use floorbook_shared::vault::rescue::RescueFile;

use super::accounts::AccountError;
use crate::database::model::{By, Deed};
use crate::state::AppState;
use crate::sync::denied;

/// Takes a file in.
///
/// # Errors
/// If the file can't be read or the server can't store.
pub async fn take_in(state: &AppState, file: &[u8], by: By) -> Result<RescueReport, AccountError> {
    let file = RescueFile::from_bytes(file)?;
    let mut report = RescueReport {
        device: file.device,
        taken: 0,
        refused: Vec::new(),
    };
    for items in file.items.chunks(PUSH_MAX_ITEMS) {
        let people = denied::authors_of(items);
        let pushed = state.commits.push(
            file.device,
            // Nobody knows what the tablet knew.
            Arc::default(),
            items.to_vec(),
            state.master(),
            state.now(),
        );
        let settled = pushed
            .await
            .map_err(|error| AccountError::internal("rescue", &error))?;
        denied::note_pushed(state, file.device, &people, &settled).await;
        for one in settled {
            match (one.result, people.get(&one.device_seq)) {
                (Ok(_), _) => report.taken += 1,
                (Err(code), Some(person)) => report.refused.push(RescueRefused {
                    device_seq: one.device_seq,
                    person: *person,
                    code,
                }),
                (Err(_), None) => {}
            }
        }
    }
    let refused = u32::try_from(report.refused.len()).unwrap_or(u32::MAX);
    let (tablet, taken) = (report.device, report.taken);
    let deed = Deed::RescueTaken {
        tablet,
        taken: u32::try_from(taken).unwrap_or(u32::MAX),
        refused,
    };
    state
        .with_database(move |database| database.note(by, deed))
        .await?;
    tracing::info!(
        device = %report.device,
        taken = report.taken,
        refused = report.refused.len(),
        "a rescue file was taken in"
    );
    Ok(report)
}
