//! A raw socket to a test server, to say what no tablet would say.

use std::net::{SocketAddr, TcpStream};

use floorbook_server::clock::SystemRandomness;
use floorbook_server::http::cookie;
use floorbook_shared::document::{DocumentKey, DocumentKind};
use floorbook_shared::id::{DeviceId, DocumentId, FeedId};
use floorbook_shared::secret::{Secret, SessionToken};
use floorbook_shared::sync::codec::Message as _;
use floorbook_shared::sync::message::{
    ClientMessage, Cursors, FeedCursor, Hello, PROTOCOL_VERSION, Push, PushItem, ServerMessage,
    Welcome,
};
use floorbook_shared::vault::delivery::{Docket, Work};
use floorbook_shared::vault::key::Key;
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket, client};

/// One open socket, used from a blocking thread.
pub struct RawSocket {
    socket: WebSocket<TcpStream>,
    /// Where it says that it stands when it is told a scope; at the start if nothing is said.
    pub stated: Vec<FeedCursor>,
}

impl RawSocket {
    /// Opens a socket with a tablet's cookie, if one is given, as a page of `origin`.
    ///
    /// # Errors
    /// What the server answered instead of opening it.
    pub fn open(
        address: SocketAddr,
        cookie: Option<&str>,
        origin: &str,
    ) -> Result<Self, Box<tungstenite::HandshakeError<tungstenite::ClientHandshake<TcpStream>>>>
    {
        let mut request = format!("ws://{address}/sync")
            .into_client_request()
            .expect("a valid address");
        let headers = request.headers_mut();
        headers.insert("origin", origin.parse().expect("a valid origin"));
        if let Some(cookie) = cookie {
            let value = format!("{}={cookie}", cookie::NAME);
            headers.insert("cookie", value.parse().expect("a valid cookie"));
        }
        let stream = TcpStream::connect(address).expect("the server listens");
        client(request, stream)
            .map(|(socket, _)| Self {
                socket,
                stated: Vec::new(),
            })
            .map_err(Box::new)
    }

    /// Sends bytes, whatever they are.
    pub fn send_bytes(&mut self, bytes: Vec<u8>) {
        // The server may have closed already; what it said is read next.
        let _ = self.socket.send(Message::Binary(bytes.into()));
    }

    /// Sends a message.
    pub fn send(&mut self, message: &ClientMessage) {
        self.send_bytes(message.encode());
    }

    /// The next message, or `None` once the server has closed.
    pub fn next_message(&mut self) -> Option<ServerMessage> {
        loop {
            match self.socket.read() {
                Ok(Message::Binary(bytes)) => {
                    let message = ServerMessage::decode(&bytes);
                    let message = message.expect("the server sends messages");
                    self.answer(message.as_ref());
                    return message;
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// A tablet says where it stands whenever it is told a scope.
    fn answer(&mut self, message: Option<&ServerMessage>) {
        if let Some(ServerMessage::Welcome(Welcome {
            scope: Some(scope), ..
        })) = message
        {
            self.send(&ClientMessage::Cursors(Cursors {
                scope_version: scope.version,
                cursors: self.stated.clone(),
            }));
        }
    }

    /// The next message that `wanted` takes; others are passed over.
    pub fn wait_for<T>(&mut self, wanted: impl Fn(ServerMessage) -> Option<T>) -> T {
        loop {
            let message = self.next_message().expect("the server goes on talking");
            if let Some(found) = wanted(message) {
                return found;
            }
        }
    }
}

/// `Hello` of a tablet that holds nothing, with a session's token where someone is signed in.
pub fn hello(device: DeviceId, token: Option<&Secret>) -> ClientMessage {
    waiting_hello(device, token, 0)
}

/// `Hello` of a tablet on which so many changes wait.
pub fn waiting_hello(device: DeviceId, token: Option<&Secret>, waiting: u32) -> ClientMessage {
    let token = token.map(|token| SessionToken::from_hex(token.expose()).expect("a token"));
    ClientMessage::Hello(Hello {
        version: PROTOCOL_VERSION,
        capabilities: 0,
        device,
        token,
        scope_version: 0,
        cursors: Vec::new(),
        waiting,
        keyrings: None,
    })
}

/// A push of one change of a new document, sealed with this key.
pub fn push(
    key: &Key,
    docket: Docket,
    feed: FeedId,
    document: u8,
    change: Vec<u8>,
) -> ClientMessage {
    let id = DocumentId::from_bytes([document; 16]);
    ClientMessage::Push(Push {
        items: vec![sealed(key, docket, feed, id, change)],
    })
}

/// One change of a customer's document, sealed with this key.
pub fn sealed(
    key: &Key,
    docket: Docket,
    feed: FeedId,
    document: DocumentId,
    change: Vec<u8>,
) -> PushItem {
    let work = Work {
        document: DocumentKey {
            id: document,
            incarnation: 0,
        },
        kind: DocumentKind::Customer,
        feed,
        change,
    };
    PushItem {
        device_seq: docket.device_seq,
        group: docket.group,
        person: docket.person,
        work: docket.seal(key, &work, &mut SystemRandomness),
    }
}
