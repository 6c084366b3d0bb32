//! The socket to the store. Events of a socket that was replaced are not heard.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BinaryType, Event, MessageEvent, WebSocket};

/// What a socket reports.
pub(super) enum SocketEvent {
    /// It is open.
    Opened,
    /// A message arrived.
    Message(Vec<u8>),
    /// It is closed, or could not be opened.
    Closed,
}

/// An open or opening socket; dropping it closes it.
pub(super) struct Socket {
    socket: WebSocket,
    _on_event: Closure<dyn FnMut(Event)>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Socket {
    /// Opens the socket of the server that this page came from.
    pub(super) fn open(hear: impl Fn(SocketEvent) + Clone + 'static) -> Option<Self> {
        let location = super::scope().location();
        let scheme = if location.protocol() == "https:" {
            "wss"
        } else {
            "ws"
        };
        let socket = WebSocket::new(&format!("{scheme}://{}/sync", location.host())).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let hear_event = hear.clone();
        let on_event = Closure::new(move |event: Event| {
            hear_event(if event.type_() == "open" {
                SocketEvent::Opened
            } else {
                SocketEvent::Closed
            });
        });
        let on_message = Closure::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                hear(SocketEvent::Message(Uint8Array::new(&buffer).to_vec()));
            }
        });
        socket.set_onopen(Some(on_event.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_event.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self {
            socket,
            _on_event: on_event,
            _on_message: on_message,
        })
    }

    /// Sends a message. A closed socket reports itself; what was not sent stays in the outbox.
    pub(super) fn send(&self, bytes: &[u8]) {
        if self.socket.send_with_u8_array(bytes).is_err() {
            // The `close` event follows.
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onclose(None);
        self.socket.set_onmessage(None);
        if self.socket.close().is_err() {
            // It was never open.
        }
    }
}
