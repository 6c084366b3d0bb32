//! Signing in over HTTP, as the screen does it.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use floorbook_server::http::cookie;
use floorbook_shared::access::Identity;
use floorbook_shared::api::{ApiError, SignInRequest, SignedIn};
use floorbook_shared::id::DeviceId;
use floorbook_shared::secret::Secret;
use serde::{Deserialize, Serialize};

/// A sign-in that has no answer after this time has failed.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// An open session: where, who, and the cookie's value.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    /// Address of the server, such as `http://127.0.0.1:8080`.
    pub server: String,
    /// Who is signed in on which tablet.
    pub identity: Identity,
    /// The session's token; whoever has it is that person.
    pub token: String,
}

/// Signs in; waits for the answer on this thread.
///
/// # Errors
/// If the server does not answer, or refuses.
pub fn sign_in(
    server: &str,
    name: &str,
    password: Secret,
    device: Option<DeviceId>,
) -> Result<Session> {
    let server = server.trim_end_matches('/');
    let request = SignInRequest {
        name: name.to_owned(),
        password,
        device,
    };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(ANSWER_TIMEOUT))
        .build()
        .into();
    let mut answer = agent
        .post(format!("{server}/api/sign-in"))
        .header("origin", server)
        .header("content-type", "application/json")
        .send(serde_json::to_vec(&request)?)
        .with_context(|| format!("{server} does not answer"))?;
    let token = answer
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next()?.split_once('='))
        .find_map(|(key, value)| (key == cookie::NAME).then(|| value.to_owned()));
    let body = answer.body_mut().read_to_vec()?;
    if !answer.status().is_success() {
        let Ok(error) = serde_json::from_slice::<ApiError>(&body) else {
            bail!("the server answered {}", answer.status());
        };
        bail!("{} ({})", error.message, error.code);
    }
    let signed_in: SignedIn = serde_json::from_slice(&body)?;
    let token = token.context("the server gave no session")?;
    ensure!(!token.is_empty(), "the server gave no session");
    Ok(Session {
        server: server.to_owned(),
        identity: signed_in.identity,
        token,
    })
}
