//! The HTTP routes of the server (`shared::api`).

use std::cell::RefCell;

use floorbook_shared::api::{
    ApiError, EnrolRequest, ImportRequest, Invitation, InvitationCode, InvitationQuery,
    JoinRequest, Member, NewPerson, ServerState, SetupRequest, SignInRequest, SignedIn,
    TabletStanding,
};
use floorbook_shared::id::PersonId;
use floorbook_shared::import::ImportReport;
use floorbook_shared::secret::Secret;
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

/// Makes this browser one of the chain's tablets.
pub async fn enrol(request: EnrolRequest) -> Answer<TabletStanding> {
    post("/api/enrol", &request).await
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

/// Ends the session at the server.
pub async fn sign_out() -> Answer<()> {
    send(Request::post("/api/sign-out")).await.map(|_| ())
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
    read(send(Request::post(&format!("/api/people/{person}/invite"))).await?).await
}

/// Imports customers, or tries whether they could be.
pub async fn import(request: ImportRequest) -> Answer<ImportReport> {
    post("/api/import/customers", &request).await
}

thread_local! {
    /// The token of who works here, while they do.
    static TOKEN: RefCell<Option<Secret>> = const { RefCell::new(None) };
}

/// Requests carry this token from now on.
pub fn use_token(token: Option<Secret>) {
    TOKEN.with(|held| held.replace(token));
}

/// Names who asks, if anyone works here.
fn signed(request: RequestBuilder) -> RequestBuilder {
    match TOKEN.with(|held| held.borrow().clone()) {
        Some(token) => request.header("authorization", &format!("Bearer {}", token.expose())),
        None => request,
    }
}

async fn post<B: Serialize, T: DeserializeOwned>(address: &str, body: &B) -> Answer<T> {
    let request = signed(Request::post(address))
        .json(body)
        .map_err(|_| HttpProblem::new("internal"))?;
    let response = request
        .send()
        .await
        .map_err(|_| HttpProblem::new("no_connection"))?;
    read(accept(response).await?).await
}

async fn send(request: RequestBuilder) -> Answer<Response> {
    let response = signed(request)
        .send()
        .await
        .map_err(|_| HttpProblem::new("no_connection"))?;
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
