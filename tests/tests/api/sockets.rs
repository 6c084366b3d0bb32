//! The sockets of the tablets: what ends them, and what they leave behind.

use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use floorbook_server::http::cookie;
use floorbook_shared::access::Identity;
use floorbook_shared::api::ServerState;
use floorbook_shared::sync::codec::Message as _;
use floorbook_shared::sync::message::{Bye, ClientMessage, Hello, PROTOCOL_VERSION, ServerMessage};
use floorbook_tests::api::{Browser, PASSWORD, TestApp};
use floorbook_tests::wait;
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket};

/// How long a test waits for a message before it fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// A tablet's end of a socket.
struct Line(WebSocket<TcpStream>);

impl Line {
    /// Opens a socket with the browser's session.
    fn open(address: SocketAddr, browser: &Browser) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut request = format!("ws://{address}/sync")
            .into_client_request()
            .unwrap();
        let headers = request.headers_mut();
        let origin = format!("http://{address}");
        headers.insert("origin", HeaderValue::from_str(&origin).unwrap());
        if let Some(session) = &browser.cookie {
            let cookie = format!("{}={session}", cookie::NAME);
            headers.insert("cookie", HeaderValue::from_str(&cookie).unwrap());
        }
        let (socket, _) = tungstenite::client(request, stream).unwrap();
        Self(socket)
    }

    fn send(&mut self, message: &ClientMessage) {
        self.0
            .send(Message::Binary(message.encode().into()))
            .unwrap();
    }

    /// The next message; `None` if the socket was closed.
    fn next(&mut self) -> Option<ServerMessage> {
        loop {
            match self.0.read() {
                Ok(Message::Binary(bytes)) => {
                    return Some(ServerMessage::decode(&bytes).unwrap().unwrap());
                }
                Ok(Message::Close(_)) => return None,
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) => panic!("no message: {error}"),
                Err(_) => return None,
            }
        }
    }

    /// Says hello and takes what follows up to the last frame of the only store.
    fn greet(&mut self, identity: &Identity) -> ServerMessage {
        self.send(&ClientMessage::Hello(Hello {
            version: PROTOCOL_VERSION,
            capabilities: 0,
            device: identity.device,
            scope_version: 0,
            cursors: Vec::new(),
        }));
        assert!(matches!(self.next(), Some(ServerMessage::Welcome(_))));
        self.next().unwrap()
    }

    fn bye(&mut self) -> Bye {
        match self.next() {
            Some(ServerMessage::Bye(bye)) => {
                assert_eq!(self.next(), None, "the server closes behind its goodbye");
                bye
            }
            other => panic!("no goodbye: {other:?}"),
        }
    }
}

async fn identity(browser: &mut Browser) -> Identity {
    let state: ServerState = browser.get("/api/state").await.json();
    state.identity.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_its_session_and_nobody_elses() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let mut wang = app.consultant(&mut administrator, "Wang Fang").await;
    let identity = identity(&mut wang).await;
    let mut elsewhere = app.browser();
    elsewhere.sign_in("Wang Fang", PASSWORD).await;

    let mut here = Line::open(address, &wang);
    here.greet(&identity);
    let mut there = Line::open(address, &elsewhere);
    let mut colleague = Line::open(address, &administrator);
    there.send(&ClientMessage::Ping(1));
    assert_eq!(there.bye(), Bye::BadMessage, "a ping before the hello");
    let mut there = Line::open(address, &elsewhere);
    wait::until("all sockets", || {
        Ok((app.state.sockets.count() == 3).then_some(()))
    })
    .unwrap();

    wang.sign_out().await;
    assert_eq!(here.bye(), Bye::SignInNeeded);
    wait::until("two sockets", || {
        Ok((app.state.sockets.count() == 2).then_some(()))
    })
    .unwrap();

    let again = administrator
        .post(
            &format!("/api/people/{}/invite", identity.person),
            &serde_json::json!({}),
        )
        .await
        .json::<floorbook_shared::api::InvitationCode>();
    let joined = app
        .browser()
        .join(again.code.expose(), "another fine password")
        .await;
    assert!(joined.status.is_success());
    assert_eq!(there.bye(), Bye::SignInNeeded);

    app.state.stop();
    assert_eq!(colleague.bye(), Bye::Unavailable);
    wait::until("no socket", || {
        Ok((app.state.sockets.count() == 0).then_some(()))
    })
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_a_socket_says_so() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    assert_eq!(Line::open(address, &app.browser()).bye(), Bye::SignInNeeded);
    let stale = administrator.clone();
    administrator.sign_out().await;
    assert_eq!(Line::open(address, &stale).bye(), Bye::SignInNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tablet_holds_is_noted_when_its_socket_closes() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let identity = identity(&mut administrator).await;
    let mut line = Line::open(address, &administrator);
    let ServerMessage::Frame(frame) = line.greet(&identity) else {
        panic!("no frame");
    };
    let mut position = frame.position;
    position.cursor.seq = 17;
    line.send(&ClientMessage::CursorConfirmed(vec![position]));
    line.send(&ClientMessage::Ping(1));
    assert_eq!(line.next(), Some(ServerMessage::Pong(1)));
    let confirmed = || app.state.database.confirmed(identity.device).unwrap();
    assert!(confirmed().is_empty(), "not at every message");
    drop(line);
    wait::until("the note", || Ok((!confirmed().is_empty()).then_some(()))).unwrap();
    assert_eq!(confirmed(), [(app.store(), 17)].into());
}
