//! The staff.

use floorbook_shared::api::{InvitationCode, Member, NewPerson};
use floorbook_shared::id::PersonId;

use super::{Answer, get, post, post_empty};

/// The staff.
pub async fn people() -> Answer<Vec<Member>> {
    get("/api/people").await
}

/// Adds a staff member.
pub async fn add_person(person: NewPerson) -> Answer<InvitationCode> {
    post("/api/people", &person).await
}

/// Makes a new one-time code for a person.
pub async fn invite(person: PersonId) -> Answer<InvitationCode> {
    post_empty(&format!("/api/people/{person}/invite")).await
}
