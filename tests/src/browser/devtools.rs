//! The DevTools protocol: one WebSocket to the browser, one session per page or worker.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::rc::Rc;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tungstenite::protocol::WebSocketConfig;
use tungstenite::{Error, Message, WebSocket};

use super::watch::Watch;
use crate::wait;

/// A connection to one browser.
pub struct Connection {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    watch: Watch,
}

impl Connection {
    /// Connects to the debugger at a port and path; errors of all pages are gathered in `errors`.
    pub fn open((port, path): (u16, String), errors: Rc<RefCell<Vec<String>>>) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).context("the browser's debugger")?;
        stream.set_read_timeout(Some(wait::DEADLINE))?;
        stream.set_nodelay(true)?;
        let url = format!("ws://127.0.0.1:{port}{path}");
        // Screenshots come as one message.
        let sizes = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let (socket, _) = tungstenite::client::client_with_config(url, stream, Some(sizes))
            .context("the browser's debugger")?;
        Ok(Self {
            socket,
            last_id: 0,
            watch: Watch::new(errors),
        })
    }

    /// Sends a command and returns its answer; what the browser tells meanwhile is taken note of.
    pub fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Result<Value> {
        let id = self.send(session, method, parameters)?;
        loop {
            let message = self
                .read()
                .with_context(|| format!("no answer to {method}"))?;
            if message["id"] == id {
                if let Some(error) = message.get("error") {
                    bail!(
                        "{method}: {}",
                        error["message"].as_str().unwrap_or_default()
                    );
                }
                return Ok(message["result"].clone());
            }
            for (session, method, parameters) in self.watch.take_note(&message) {
                // Its answer is of no interest, and waiting for it here could wait for ever: a
                // dialog stops the page that the command in hand belongs to.
                self.send(Some(&session), method, parameters)?;
            }
        }
    }

    /// What the browser has told of its pages and workers.
    pub fn watch(&mut self) -> &mut Watch {
        &mut self.watch
    }

    fn send(&mut self, session: Option<&str>, method: &str, parameters: Value) -> Result<u64> {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.socket.send(Message::text(message.to_string()))?;
        Ok(self.last_id)
    }

    fn read(&mut self) -> Result<Value> {
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(serde_json::from_str(&text)?),
                Ok(_) => {}
                // A machine that stops its processes for a moment interrupts whoever waits with a
                // deadline; what was read so far is kept.
                Err(Error::Io(error)) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
