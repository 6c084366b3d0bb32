//! The HTTP routes of the server (`shared::api`): how to ask and what goes wrong; the routes
//! themselves stand in one file for each subject.

mod access;
mod handovers;
mod lookup;
mod people;
mod stores;
mod tablets;

pub use access::*;
pub use handovers::*;
pub use lookup::*;
pub use people::*;
pub use stores::*;
pub use tablets::*;

use std::cell::RefCell;

use floorbook_shared::api::ApiError;
use floorbook_shared::secret::Secret;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

thread_local! {
    /// The session of the person who is here; nobody's while the tablet is locked.
    static SESSION: RefCell<Option<Secret>> = const { RefCell::new(None) };
}

/// Takes over the session of who is here now, or forgets it.
pub fn set_session(token: Option<Secret>) {
    SESSION.with(|session| session.replace(token));
}

/// The session of who is here now.
pub fn session() -> Option<Secret> {
    SESSION.with(|session| session.borrow().clone())
}

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

async fn get<T: DeserializeOwned>(address: &str) -> Answer<T> {
    read(send(Request::get(address)).await?).await
}

async fn post<B: Serialize, T: DeserializeOwned>(address: &str, body: &B) -> Answer<T> {
    read(send_json(Request::post(address), body).await?).await
}

async fn post_empty<T: DeserializeOwned>(address: &str) -> Answer<T> {
    read(send(empty_post(address)).await?).await
}

/// Changes something whose new state is read again anyway.
async fn patch_only<B: Serialize>(address: &str, body: &B) -> Answer<()> {
    send_json(Request::patch(address), body).await.map(|_| ())
}

/// Asks for something whose outcome is read again anyway.
async fn post_only(address: &str) -> Answer<()> {
    send(empty_post(address)).await.map(|_| ())
}

/// The server takes no request to change something from a form of another site, which can't say
/// that it is JSON.
fn empty_post(address: &str) -> RequestBuilder {
    Request::post(address).header("Content-Type", "application/json")
}

async fn send(request: RequestBuilder) -> Answer<Response> {
    deliver(authorized(request).build()).await
}

async fn send_json<B: Serialize>(request: RequestBuilder, body: &B) -> Answer<Response> {
    deliver(authorized(request).json(body)).await
}

async fn deliver(request: Result<Request, gloo_net::Error>) -> Answer<Response> {
    let request = request.map_err(|_| HttpProblem::new("internal"))?;
    let response = request.send().await;
    accept(response.map_err(|_| HttpProblem::new("no_connection"))?).await
}

fn authorized(request: RequestBuilder) -> RequestBuilder {
    SESSION.with(|session| signed(request, session.borrow().as_ref()))
}

/// A request in the name of whose session it is.
fn signed(request: RequestBuilder, session: Option<&Secret>) -> RequestBuilder {
    match session {
        Some(token) => request.header("Authorization", &format!("Bearer {}", token.expose())),
        None => request,
    }
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
