//! The command line's side: asks the running server, or opens the data itself.

#[cfg(unix)]
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::{AdminRequest, AdminResponse, Progress, execute};
use crate::access::password::PasswordCost;
use crate::clock::{SystemClock, SystemRandomness};
#[cfg(unix)]
use crate::folder;
use crate::http::web::WebApp;
use crate::keeping::DataPlace;
use crate::state::{AppState, Parts};

/// Runs a command and returns the last line of its answer.
pub async fn run(
    place: &DataPlace,
    request: AdminRequest,
    progress: Progress<'_>,
) -> Result<AdminResponse> {
    if let Some(answer) = ask_server(place, &request, progress).await? {
        return Ok(answer);
    }
    let database = Arc::new(place.open()?);
    let master = place.open_master(database.as_ref(), false)?;
    let state = AppState::new(Parts {
        database,
        clock: Box::new(SystemClock),
        randomness: Box::new(SystemRandomness),
        password_cost: PasswordCost::STANDARD,
        web: WebApp::default(),
        is_tls: false,
        master,
        trusted_proxies: Vec::new(),
    })?;
    Ok(execute(&state, request, progress).await)
}

/// Has the running server do a command; answers nothing if none runs.
pub async fn ask_server(
    place: &DataPlace,
    request: &AdminRequest,
    progress: Progress<'_>,
) -> Result<Option<AdminResponse>> {
    #[cfg(unix)]
    {
        match connect(&place.data).await? {
            Some(stream) => ask(stream, request, progress).await.map(Some),
            None => Ok(None),
        }
    }
    #[cfg(not(unix))]
    {
        let _ = (place, request, progress);
        Ok(None)
    }
}

#[cfg(unix)]
async fn connect(data: &Path) -> Result<Option<tokio::net::UnixStream>> {
    use std::io::ErrorKind;
    match tokio::net::UnixStream::connect(folder::admin_socket(data)).await {
        Ok(stream) => Ok(Some(stream)),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::ConnectionRefused
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error).context("can't reach the running server"),
    }
}

#[cfg(unix)]
async fn ask(
    stream: tokio::net::UnixStream,
    request: &AdminRequest,
    progress: Progress<'_>,
) -> Result<AdminResponse> {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let (read, mut write) = stream.into_split();
    let mut line = serde_json::to_vec(request)?;
    line.push(b'\n');
    write.write_all(&line).await?;
    let mut lines = BufReader::new(read).lines();
    while let Some(line) = lines.next_line().await? {
        match serde_json::from_str(&line).context("the server's answer is not understood")? {
            AdminResponse::Progress { message } => progress(message),
            last @ (AdminResponse::Done(_) | AdminResponse::Failed { .. }) => return Ok(last),
        }
    }
    anyhow::bail!("the server stopped before it answered; whether the command was done is unknown")
}
