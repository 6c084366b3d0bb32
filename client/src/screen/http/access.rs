//! Setting up, enrolling, signing in and joining.

use floorbook_shared::api::{
    ImportRequest, Invitation, InvitationQuery, JoinRequest, ServerState, SetupRequest,
    SignInRequest, SignedIn,
};
use floorbook_shared::import::ImportReport;
use floorbook_shared::secret::Secret;

use super::{Answer, HttpProblem, accept, empty_post, get, post};

/// What the server says about itself and this tablet.
pub async fn state() -> Answer<ServerState> {
    get("/api/state").await
}

/// Founds the first store.
pub async fn set_up(request: SetupRequest) -> Answer<SignedIn> {
    post("/api/setup", &request).await
}

/// Signs in.
pub async fn sign_in(name: String, password: Secret) -> Answer<SignedIn> {
    post("/api/sign-in", &SignInRequest { name, password }).await
}

/// Ends a session at the server, which need not be the present one.
pub async fn sign_out(token: Secret) -> Answer<()> {
    let bearer = format!("Bearer {}", token.expose());
    let request = empty_post("/api/sign-out").header("Authorization", &bearer);
    let request = request.build().map_err(|_| HttpProblem::new("internal"))?;
    let response = request.send().await;
    accept(response.map_err(|_| HttpProblem::new("no_connection"))?)
        .await
        .map(|_| ())
}

/// Asks what a one-time link is for.
pub async fn invitation(code: Secret) -> Answer<Invitation> {
    post("/api/invitation", &InvitationQuery { code }).await
}

/// Sets a password by a one-time link.
pub async fn join(code: Secret, password: Secret) -> Answer<SignedIn> {
    post("/api/join", &JoinRequest { code, password }).await
}

/// Imports customers, or tries whether they could be.
pub async fn import(request: ImportRequest) -> Answer<ImportReport> {
    post("/api/import/customers", &request).await
}
