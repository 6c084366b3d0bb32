//! The HTTP routes of the server (`shared::api`).

use floorbook_shared::api::{
    ApiError, EnrolRequest, ImportRequest, Invitation, InvitationCode, InvitationQuery,
    JoinRequest, Member, NewPerson, ServerState, SetupRequest, SignInRequest, SignedIn,
    TabletStanding,
};
use floorbook_shared::id::PersonId;
use floorbook_shared::import::ImportReport;
use floorbook_shared::secret::Secret;
use std::cell::RefCell;

use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why a request brought nothing: a code for the words under `error-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpProblem {
    /// Stable code.
    pub code: String,
}

impl HttpProblem {
    fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
        }
    }
}

thread_local! {
    /// The session that requests are sent with, and the one before, which may still be ended.
    static SESSION: RefCell<(Option<Secret>, Option<Secret>)> = RefCell::default();
}

/// Takes over the token of the session; the worker tells it.
pub fn set_token(token: Option<Secret>) {
    SESSION.with_borrow_mut(|(current, before)| {
        *before = std::mem::replace(current, token);
    });
}

/// With the session's token, where somebody is signed in.
fn authorised(request: RequestBuilder, token: Option<Secret>) -> RequestBuilder {
    match token {
        Some(token) => request.header("authorization", &format!("Bearer {}", token.expose())),
        None => request,
    }
}

fn token() -> Option<Secret> {
    SESSION.with_borrow(|(current, _)| current.clone())
}

/// What a request brings.
pub type Answer<T> = Result<T, HttpProblem>;

/// What the server says about itself.
pub async fn state() -> Answer<ServerState> {
    read(send(Request::get("/api/state")).await?).await
}

/// Founds the first store.
pub async fn set_up(request: SetupRequest) -> Answer<SignedIn> {
    post("/api/setup", &request).await
}

/// Enrols this browser by a one-time code.
pub async fn enrol(code: String, name: String) -> Answer<TabletStanding> {
    let code = code.into();
    post("/api/enrol", &EnrolRequest { code, name }).await
}

/// Signs in.
pub async fn sign_in(name: String, password: String) -> Answer<SignedIn> {
    post(
        "/api/sign-in",
        &SignInRequest {
            name,
            password: password.into(),
        },
    )
    .await
}

/// Ends the session at the server, which the tablet has let go already.
pub async fn sign_out() -> Answer<()> {
    let before = SESSION.with_borrow_mut(|(_, before)| before.take());
    let request = authorised(Request::post("/api/sign-out"), before);
    accept(arrive(request.json(&())).await?).await.map(|_| ())
}

/// Asks what a one-time link is for.
pub async fn invitation(code: String) -> Answer<Invitation> {
    post("/api/invitation", &InvitationQuery { code: code.into() }).await
}

/// Sets a password by a one-time link.
pub async fn join(code: String, password: String) -> Answer<SignedIn> {
    post(
        "/api/join",
        &JoinRequest {
            code: code.into(),
            password: password.into(),
        },
    )
    .await
}

/// The staff.
pub async fn people() -> Answer<Vec<Member>> {
    read(send(Request::get("/api/people")).await?).await
}

/// Adds a staff member.
pub async fn add_person(person: NewPerson) -> Answer<InvitationCode> {
    post("/api/people", &person).await
}

/// Makes a new one-time code for a person.
pub async fn invite(person: PersonId) -> Answer<InvitationCode> {
    post(&format!("/api/people/{person}/invite"), &()).await
}

/// Imports customers, or tries whether they could be.
pub async fn import(request: ImportRequest) -> Answer<ImportReport> {
    post("/api/import/customers", &request).await
}

async fn post<B: Serialize, T: DeserializeOwned>(address: &str, body: &B) -> Answer<T> {
    let request = authorised(Request::post(address), token()).json(body);
    read(accept(arrive(request).await?).await?).await
}

/// Sends a request that has a body.
async fn arrive(request: Result<Request, gloo_net::Error>) -> Answer<Response> {
    let request = request.map_err(|_| HttpProblem::new("internal"))?;
    let sent = request.send().await;
    sent.map_err(|_| HttpProblem::new("no_connection"))
}

async fn send(request: RequestBuilder) -> Answer<Response> {
    let sent = authorised(request, token()).send().await;
    let response = sent.map_err(|_| HttpProblem::new("no_connection"))?;
    accept(response).await
}

async fn accept(response: Response) -> Answer<Response> {
    if response.ok() {
        return Ok(response);
    }
    match response.json::<ApiError>().await {
        Ok(error) => Err(HttpProblem { code: error.code }),
        // Something between the tablet and the server answered in its place.
        Err(_) => Err(HttpProblem::new("server_answer")),
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Answer<T> {
    response
        .json()
        .await
        .map_err(|_| HttpProblem::new("server_answer"))
}
