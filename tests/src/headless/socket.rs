//! The socket of a headless tablet. What is sent waits in memory as it does in a browser, so that
//! a tablet always reads, however slowly the server takes what it says.

use std::time::Duration;

use anyhow::{Context, Result};
use floorbook_server::http::cookie;
use floorbook_shared::secret::Secret;
use futures_util::stream::SplitStream;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::loopback::refuse_own;

/// Saying goodbye may take so long.
const GOODBYE_MAX: Duration = Duration::from_millis(500);

/// An open socket; dropping it closes it.
pub(super) struct Socket {
    receiver: SplitStream<WebSocketStream<TcpStream>>,
    outgoing: mpsc::UnboundedSender<Vec<u8>>,
}

impl Socket {
    /// Opens a socket at an address (`127.0.0.1:8080`) with a tablet's cookie.
    pub(super) async fn open(address: String, cookie: Secret) -> Result<Self> {
        let mut request = format!("ws://{address}/sync").into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("origin", format!("http://{address}").parse()?);
        headers.insert(
            "cookie",
            format!("{}={}", cookie::NAME, cookie.expose()).parse()?,
        );
        let stream = TcpStream::connect(&address)
            .await
            .with_context(|| format!("{address} does not answer"))?;
        refuse_own(stream.local_addr(), stream.peer_addr())?;
        stream.set_nodelay(true)?;
        let (socket, _) = tokio_tungstenite::client_async(request, stream).await?;
        let (mut sender, receiver) = socket.split();
        let (outgoing, mut waiting) = mpsc::unbounded_channel::<Vec<u8>>();
        tokio::spawn(async move {
            while let Some(bytes) = waiting.recv().await {
                if sender.send(Message::Binary(bytes.into())).await.is_err() {
                    // The reading half learns it too, and tells the engine.
                    return;
                }
            }
            let _ = tokio::time::timeout(GOODBYE_MAX, sender.close()).await;
        });
        Ok(Self { receiver, outgoing })
    }

    /// Sends a message, or nothing if the socket is closed: then it says so to the reader.
    pub(super) fn send(&self, bytes: Vec<u8>) {
        let _ = self.outgoing.send(bytes);
    }

    /// The next message; `None` once the socket is closed.
    pub(super) async fn next(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.receiver.next().await? {
                Ok(Message::Binary(bytes)) => return Some(bytes.to_vec()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(Message::Text(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
            }
        }
    }
}
