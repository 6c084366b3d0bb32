//! Which refusals of a socket are denials, for the audit.

use std::collections::BTreeMap;

use floorbook_shared::id::{DeviceId, PersonId};
use floorbook_shared::sync::message::{PushItem, Restored};
use floorbook_shared::sync::server::{Peer, Settled};

use crate::database::model::Denial;
use crate::state::AppState;

/// Whose work was pushed, by its number.
pub(crate) type Authors = BTreeMap<u64, PersonId>;

/// Whose work is pushed.
pub(crate) fn authors_of(items: &[PushItem]) -> Authors {
    let authors = items.iter().map(|item| (item.device_seq, item.person));
    authors.collect()
}

/// Notes what was refused because somebody may not do it. Not who carried it: a shared tablet
/// delivers the work of all its people.
pub(crate) async fn note_pushed(
    state: &AppState,
    device: DeviceId,
    authors: &Authors,
    settled: &[Settled],
) {
    for one in settled {
        let denial = one.result.as_ref().err();
        let Some(denial) = denial.and_then(|code| Denial::of_code(code)) else {
            continue;
        };
        // Nobody can be blamed for a seal that is not theirs.
        let author = authors.get(&one.device_seq).copied();
        let author = author.filter(|_| denial != Denial::ForgedSeal);
        state.note_refusal(Some(device), author, denial).await;
    }
}

/// Notes what was offered with a receipt that is not ours.
pub(crate) async fn note_offered(state: &AppState, bearer: Peer, restored: &Restored) {
    let codes = restored.documents.iter().map(|one| one.code.as_str());
    for denial in codes.filter_map(Denial::of_code) {
        let device = Some(bearer.device);
        state.note_refusal(device, bearer.person, denial).await;
    }
}
