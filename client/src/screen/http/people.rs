//! The staff.

use floorbook_shared::api::{InvitationCode, Member, NewPerson, PersonChange};
use floorbook_shared::id::PersonId;

use super::{Answer, get, patch_only, post, post_empty};

/// The staff.
pub async fn people() -> Answer<Vec<Member>> {
    get("/api/people").await
}

/// Adds a staff member.
pub async fn add_person(person: NewPerson) -> Answer<InvitationCode> {
    post("/api/people", &person).await
}

/// Changes a staff member.
pub async fn change_person(person: PersonId, change: PersonChange) -> Answer<()> {
    patch_only(&format!("/api/people/{person}"), &change).await
}

/// Makes a new one-time code for a person.
pub async fn invite(person: PersonId) -> Answer<InvitationCode> {
    post_empty(&format!("/api/people/{person}/invite")).await
}
