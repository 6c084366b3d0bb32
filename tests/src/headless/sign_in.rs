//! Enrolling and signing in over HTTP, as the screen does it.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use floorbook_server::http::cookie;
use floorbook_shared::access::Identity;
use floorbook_shared::api::{ApiError, EnrolRequest, SignInRequest, SignedIn, TabletStanding};
use floorbook_shared::secret::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A request that has no answer after this time has failed.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// An enrolled tablet: where, and the cookie by which it is known there.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enrolment {
    /// Address of the server, such as `http://127.0.0.1:8080`.
    pub server: String,
    /// The tablet.
    pub standing: TabletStanding,
    /// The cookie's value; whoever has it is that tablet.
    pub cookie: Secret,
}

/// An open session on an enrolled tablet.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// The tablet.
    pub enrolment: Enrolment,
    /// Who is signed in on it.
    pub identity: Identity,
    /// What the server answered, until it is in the tablet's keyring.
    #[serde(skip)]
    pub signed_in: Option<Box<SignedIn>>,
}

/// The PIN of headless tablets: `FLOORBOOK_PIN`, or one that protects nothing.
pub fn pin() -> Secret {
    let chosen = std::env::var("FLOORBOOK_PIN");
    chosen.map_or_else(|_| Secret::from("284719"), Secret::from)
}

/// Enrols a tablet by a one-time code; waits for the answer on this thread.
///
/// # Errors
/// If the server does not answer, or refuses.
pub fn enrol(server: &str, code: Secret, name: &str) -> Result<Enrolment> {
    let server = server.trim_end_matches('/');
    let request = EnrolRequest {
        code,
        name: name.to_owned(),
    };
    let (standing, cookie) = post(server, "/api/enrol", None, &request)?;
    Ok(Enrolment {
        server: server.to_owned(),
        standing,
        cookie: cookie.context("the server gave no cookie")?,
    })
}

/// Signs in on an enrolled tablet; waits for the answer on this thread.
///
/// # Errors
/// If the server does not answer, or refuses.
pub fn sign_in(enrolment: &Enrolment, name: &str, password: Secret) -> Result<Session> {
    let request = SignInRequest {
        name: name.to_owned(),
        password,
    };
    let cookie = Some(&enrolment.cookie);
    let (signed_in, _): (SignedIn, _) = post(&enrolment.server, "/api/sign-in", cookie, &request)?;
    Ok(Session {
        enrolment: enrolment.clone(),
        identity: signed_in.identity.clone(),
        signed_in: Some(Box::new(signed_in)),
    })
}

/// Posts as a page of ours does; answers the body and the cookie that was set.
fn post<T: DeserializeOwned>(
    server: &str,
    path: &str,
    cookie: Option<&Secret>,
    request: &impl Serialize,
) -> Result<(T, Option<Secret>)> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(ANSWER_TIMEOUT))
        .build()
        .into();
    let mut asking = agent
        .post(format!("{server}{path}"))
        .header("origin", server)
        .header("content-type", "application/json");
    if let Some(cookie) = cookie {
        asking = asking.header("cookie", format!("{}={}", cookie::NAME, cookie.expose()));
    }
    let mut answer = asking
        .send(serde_json::to_vec(request)?)
        .with_context(|| format!("{server} does not answer"))?;
    let set = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='))
        .find_map(|(key, value)| (key == cookie::NAME).then(|| value.into()));
    let body = answer.body_mut().read_to_vec()?;
    if !answer.status().is_success() {
        let Ok(error) = serde_json::from_slice::<ApiError>(&body) else {
            bail!("the server answered {}", answer.status());
        };
        bail!("{} ({})", error.message, error.code);
    }
    Ok((serde_json::from_slice(&body)?, set))
}
