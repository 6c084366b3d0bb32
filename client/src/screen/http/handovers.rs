//! Handing customers over.

use floorbook_shared::api::{NewHandover, RunningHandover};
use floorbook_shared::id::HandoverId;

use super::{Answer, get, post, post_only};

/// Hands customers over.
pub async fn hand_over(handover: NewHandover) -> Answer<RunningHandover> {
    post("/api/handovers", &handover).await
}

/// Handovers that are under way and covers that run.
pub async fn handovers() -> Answer<Vec<RunningHandover>> {
    get("/api/handovers").await
}

/// Ends a cover now.
pub async fn end_handover(handover: HandoverId) -> Answer<()> {
    post_only(&format!("/api/handovers/{handover}/end")).await
}
