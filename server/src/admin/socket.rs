//! The server's side of the administration socket.

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use floorbook_shared::api::IMPORT_MAX_BYTES;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

use super::{AdminRequest, AdminResponse, execute};
use crate::state::AppState;

/// Longest request, in bytes: the largest file of an import as base64, and what stands around it.
const REQUEST_MAX_BYTES: u64 = (IMPORT_MAX_BYTES as u64).div_ceil(3) * 4 + 1024 * 1024;

/// Opens the socket. The caller holds the database, so a socket that is still there is a dead
/// server's.
pub fn open(path: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    // Nobody else could connect in between: the folder is its owner's alone.
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Takes commands until the server stops.
pub async fn serve(listener: UnixListener, state: Arc<AppState>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                tokio::spawn(async move {
                    if let Err(error) = answer(stream, &state).await {
                        tracing::warn!(%error, "an administration command broke off");
                    }
                });
            }
            Err(error) => {
                tracing::error!(%error, "the administration socket failed");
                return;
            }
        }
    }
}

async fn answer(stream: UnixStream, state: &Arc<AppState>) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut line = String::new();
    BufReader::new(read.take(REQUEST_MAX_BYTES))
        .read_line(&mut line)
        .await?;
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let work = async {
        let last = match serde_json::from_str::<AdminRequest>(&line) {
            Ok(request) => {
                let progress = sender.clone();
                // A command goes on when nobody listens any more.
                let tell = move |message| {
                    let _ = progress.send(AdminResponse::Progress { message });
                };
                execute(state, request, &tell).await
            }
            Err(_) => AdminResponse::Failed {
                code: "malformed".to_owned(),
                message: "the server does not know this command; use the floorbook program of \
                          the same version"
                    .to_owned(),
            },
        };
        let _ = sender.send(last);
        drop(sender);
    };
    let tell = async {
        while let Some(response) = receiver.recv().await {
            let mut line = serde_json::to_vec(&response)?;
            line.push(b'\n');
            write.write_all(&line).await?;
        }
        Ok(())
    };
    let ((), told) = tokio::join!(work, tell);
    told
}
