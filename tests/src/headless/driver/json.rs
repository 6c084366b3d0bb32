//! Driving a tablet with lines of JSON.
//!
//! Each line that comes in is either a request of the engine as
//! [`Request`](floorbook_shared::device::message::Request) is written in JSON,
//!
//! ```json
//! {"request":"run","id":7,"document":"0199…","command":{"command":"edit_card","edits":[
//!   {"edit":"set_field","field":"city","value":"杭州市"}]}}
//! {"request":"show_card","document":"0199…"}
//! ```
//!
//! or a verb of [`Verb`]; `id` is optional and comes back with the answer:
//!
//! ```json
//! {"verb":"sign_in","server":"http://127.0.0.1:8080","name":"Li Na","password":"…","id":1}
//! {"verb":"connect"}
//! {"verb":"wait_in_sync","seconds":30}
//! {"verb":"heads"}
//! {"verb":"status"}
//! {"verb":"disconnect"}
//! ```
//!
//! Each line that goes out is either a notice of the engine
//! ([`Notice`], with the key `notice`) or the answer to a verb, with the key `answer`, the verb's
//! `id`, and `error` if it failed. Answers come in the order of the verbs, after all notices that
//! were told before; requests are not answered but by notices. A line that can't be read is answered
//! with `{"answer":"unknown","error":"…"}`. The program ends at the end of its input.

use std::time::Duration;

use anyhow::{Context, Result};
use floorbook_shared::device::message::{Notice, Request};
use floorbook_shared::secret::Secret;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::Driver;

/// What can be asked beside the engine's requests.
#[derive(Debug, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub enum Verb {
    /// Enrols the tablet at a server.
    Enrol {
        /// Address of the server.
        server: String,
        /// The one-time code.
        code: Secret,
        /// How the tablet is called.
        name: String,
    },
    /// Signs a person in at that server.
    SignIn {
        /// The person's name.
        name: String,
        /// Their password.
        password: Secret,
    },
    /// Gives the tablet a network; answered at once.
    Connect,
    /// Takes its network away.
    Disconnect,
    /// Waits until everything is at the store and everything from there is here.
    WaitInSync {
        /// How long at most; 60 if it is not said.
        seconds: Option<u64>,
    },
    /// The sorted heads of every document on the disk.
    Heads,
    /// Where the tablet stands.
    Status,
}

const SECONDS: u64 = 60;

/// Obeys lines until there are no more.
///
/// # Errors
/// If input or output break.
pub async fn serve(
    driver: &mut Driver,
    input: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
) -> Result<()> {
    let mut lines = BufReader::new(input).lines();
    loop {
        tokio::select! {
            biased;
            notice = driver.notices.recv() => {
                let notice = notice.context("the tablet has ended")?;
                say_notice(driver, &notice, &mut output).await?;
            }
            line = lines.next_line() => {
                let Some(line) = line? else {
                    return Ok(());
                };
                if !line.trim().is_empty() {
                    obey(driver, &line, &mut output).await?;
                }
            }
        }
        output.flush().await?;
    }
}

async fn say(output: &mut (impl AsyncWrite + Unpin), value: &Value) -> Result<()> {
    let mut line = value.to_string();
    line.push('\n');
    Ok(output.write_all(line.as_bytes()).await?)
}

async fn say_notice(
    driver: &mut Driver,
    notice: &Notice,
    output: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    driver.note(notice);
    say(output, &serde_json::to_value(notice)?).await
}

async fn obey(
    driver: &mut Driver,
    line: &str,
    output: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    if let Ok(request) = serde_json::from_str::<Request>(line) {
        driver.request(request);
        return Ok(());
    }
    let parsed: Result<Value, _> = serde_json::from_str(line);
    let value = parsed.unwrap_or_default();
    let mut answer = json!({ "answer": "unknown" });
    match serde_json::from_value::<Verb>(value.clone()) {
        // The line itself is not repeated: it may hold a password.
        Err(error) => answer["error"] = json!(format!("neither a request nor a verb: {error}")),
        Ok(verb) => {
            answer["answer"] = value["verb"].clone();
            if let Err(error) = carry_out(driver, verb, &mut answer, output).await {
                answer["error"] = json!(format!("{error:#}"));
            }
        }
    }
    if !value["id"].is_null() {
        answer["id"] = value["id"].clone();
    }
    driver.headless.look(|_| ()).await?;
    while let Ok(notice) = driver.notices.try_recv() {
        say_notice(driver, &notice, output).await?;
    }
    say(output, &answer).await
}

async fn carry_out(
    driver: &mut Driver,
    verb: Verb,
    answer: &mut Value,
    output: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    match verb {
        Verb::Enrol { server, code, name } => {
            answer["code"] = json!(driver.enrol(&server, code, &name).await?);
        }
        Verb::SignIn { name, password } => {
            driver.sign_in(&name, password).await?;
            answer["identity"] = serde_json::to_value(&driver.identity)?;
        }
        Verb::Connect => driver.connect(),
        Verb::Disconnect => driver.disconnect(),
        Verb::WaitInSync { seconds } => {
            let limit = Duration::from_secs(seconds.unwrap_or(SECONDS));
            // What was asked before must have been begun, or an old standing would be believed.
            driver.headless.look(|_| ()).await?;
            let mut standing = driver.headless.watch();
            let wait = async move {
                let waited = standing.wait_for(|standing| standing.is_in_sync);
                tokio::time::timeout(limit, waited).await.map(|_| ())
            };
            tokio::pin!(wait);
            let waited = loop {
                tokio::select! {
                    waited = &mut wait => break waited,
                    Some(notice) = driver.notices.recv() => {
                        say_notice(driver, &notice, output).await?;
                        output.flush().await?;
                    }
                }
            };
            waited.with_context(|| format!("not in sync after {} s", limit.as_secs()))?;
        }
        Verb::Heads => answer["documents"] = serde_json::to_value(driver.heads().await?)?,
        Verb::Status => {
            let standing = driver.standing();
            answer["status"] = serde_json::to_value(&standing.status)?;
            answer["is_in_sync"] = json!(standing.is_in_sync);
            answer["is_connected"] = json!(standing.is_connected);
        }
    }
    Ok(())
}
