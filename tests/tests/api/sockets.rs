//! The sockets of the tablets: what ends them, and what they leave behind.

use std::net::SocketAddr;

use floorbook_shared::access::Identity;
use floorbook_shared::api::ServerState;
use floorbook_shared::sync::message::{Bye, ClientMessage, Frame, ServerMessage};
use floorbook_tests::api::socket::{RawSocket, hello};
use floorbook_tests::api::{Browser, PASSWORD, TestApp};
use floorbook_tests::wait;

fn open(address: SocketAddr, browser: &Browser) -> RawSocket {
    let origin = format!("http://{address}");
    RawSocket::open(address, browser.cookie.as_deref(), &origin).unwrap()
}

/// Says hello and takes what follows up to the first frame.
fn greet(socket: &mut RawSocket, identity: &Identity) -> Frame {
    socket.send(&hello(identity.device));
    socket.wait_for(|message| {
        if let ServerMessage::Frame(frame) = message {
            Some(frame)
        } else {
            None
        }
    })
}

fn bye(socket: &mut RawSocket) -> Bye {
    let bye = socket.wait_for(|message| {
        if let ServerMessage::Bye(bye) = message {
            Some(bye)
        } else {
            None
        }
    });
    assert_eq!(
        socket.next_message(),
        None,
        "the server closes behind its goodbye"
    );
    bye
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

    let mut here = open(address, &wang);
    greet(&mut here, &identity);
    let mut there = open(address, &elsewhere);
    let mut colleague = open(address, &administrator);
    there.send(&ClientMessage::Ping(1));
    assert_eq!(bye(&mut there), Bye::BadMessage, "a ping before the hello");
    let mut there = open(address, &elsewhere);
    wait::until("all sockets", || {
        Ok((app.state.sockets.count() == 3).then_some(()))
    })
    .unwrap();

    wang.sign_out().await;
    assert_eq!(bye(&mut here), Bye::SignInNeeded);
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
    assert_eq!(bye(&mut there), Bye::SignInNeeded);

    app.state.stop();
    assert_eq!(bye(&mut colleague), Bye::Unavailable);
    wait::until("no socket", || {
        Ok((app.state.sockets.count() == 0).then_some(()))
    })
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_a_socket_says_so() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    assert_eq!(bye(&mut open(address, &app.browser())), Bye::SignInNeeded);
    let stale = administrator.clone();
    administrator.sign_out().await;
    assert_eq!(bye(&mut open(address, &stale)), Bye::SignInNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tablet_holds_is_noted_when_its_socket_closes() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let identity = identity(&mut administrator).await;
    let mut line = open(address, &administrator);
    let mut position = greet(&mut line, &identity).position;
    (position.cursor.seq, position.cursor.whole) = (20, 17);
    line.send(&ClientMessage::CursorConfirmed(vec![position]));
    line.send(&ClientMessage::Ping(1));
    assert_eq!(line.next_message(), Some(ServerMessage::Pong(1)));
    let confirmed = || app.state.database.confirmed(identity.device).unwrap();
    assert!(confirmed().is_empty(), "not at every message");
    drop(line);
    wait::until("the note", || Ok((!confirmed().is_empty()).then_some(()))).unwrap();
    assert!(confirmed().values().all(|seq| *seq == 17));
}
