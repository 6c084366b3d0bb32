//! The sockets of the tablets: what ends them, and what they leave behind.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::body::Body;
use axum::http::Method;
use floorbook_server::database::model::{By, Deed};
use floorbook_shared::access::{Feed, FeedKind, Post, Role, Scope, Store};
use floorbook_shared::api::{EmptiedTablet, Tablet, TabletState};
use floorbook_shared::id::{FeedId, StoreId};
use floorbook_shared::sync::message::{
    Bye, ClientMessage, Confirmed, Cursors, Frame, PeopleRights, Report, ServerMessage,
    StorageFacts, Welcome,
};
use floorbook_shared::time::Timestamp;
use floorbook_tests::api::socket::{RawSocket, hello, waiting_hello};
use floorbook_tests::api::{ADMINISTRATOR, Browser, OWN_PAGE, PASSWORD, TestApp};
use floorbook_tests::wait;
use serde_json::json;

fn open(address: SocketAddr, browser: &Browser) -> RawSocket {
    let origin = format!("http://{address}");
    RawSocket::open(address, browser.cookie.as_deref(), &origin).unwrap()
}

fn hello_of(browser: &Browser) -> ClientMessage {
    hello(browser.device.unwrap(), browser.token.as_ref())
}

/// Says hello and takes what follows up to the first frame.
fn greet(socket: &mut RawSocket, browser: &Browser) -> Frame {
    socket.send(&hello_of(browser));
    socket.wait_for(|message| {
        if let ServerMessage::Frame(frame) = message {
            Some(frame)
        } else {
            None
        }
    })
}

/// Says hello with changes that wait, and takes the welcome.
fn welcome(socket: &mut RawSocket, browser: &Browser, waiting: u32) -> Welcome {
    socket.send(&waiting_hello(
        browser.device.unwrap(),
        browser.token.as_ref(),
        waiting,
    ));
    socket.wait_for(|message| {
        if let ServerMessage::Welcome(welcome) = message {
            Some(welcome)
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

fn report(waiting: u32) -> ClientMessage {
    ClientMessage::Report(Report {
        program: "9.9.9\n<script>".to_owned(),
        now: Timestamp::from_millis(1_800_000_003_000),
        waiting,
        storage: Some(StorageFacts {
            is_persistent: true,
            used_bytes: 5,
            quota_bytes: 7,
        }),
    })
}

fn wait_for_sockets(app: &TestApp, count: usize) {
    wait::until("the sockets", || {
        Ok((app.state.sockets.count() == count).then_some(()))
    })
    .unwrap();
}

async fn tablet(administrator: &mut Browser, of: &Browser) -> Tablet {
    let all: Vec<Tablet> = administrator.get("/api/tablets").await.json();
    let found = all
        .into_iter()
        .find(|tablet| Some(tablet.standing.device) == of.device);
    found.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_ends_with_its_session_and_nobody_elses() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let mut wang = app.consultant(&mut administrator, "Wang Fang").await;
    let mut elsewhere = app.tablet(&mut administrator).await;
    elsewhere.sign_in("Wang Fang", PASSWORD).await;
    let person = app.state.database.account_named("Wang Fang").unwrap();
    let person = person.unwrap().person.id;

    let mut here = open(address, &wang);
    greet(&mut here, &wang);
    let mut there = open(address, &elsewhere);
    there.send(&ClientMessage::Ping(1));
    assert_eq!(bye(&mut there), Bye::BadMessage, "a ping before the hello");
    let mut there = open(address, &elsewhere);
    greet(&mut there, &elsewhere);
    // One of a tablet where nobody is signed in.
    let mut colleague = open(address, &administrator);
    colleague.send(&hello(administrator.device.unwrap(), None));
    wait_for_sockets(&app, 3);

    wang.sign_out().await;
    assert_eq!(bye(&mut here), Bye::SignInNeeded);
    wait_for_sockets(&app, 2);

    let again = administrator
        .post(&format!("/api/people/{person}/invite"), &json!({}))
        .await
        .json::<floorbook_shared::api::InvitationCode>();
    let joined = wang
        .join(again.code.expose(), "another fine password")
        .await;
    assert!(joined.status.is_success());
    assert_eq!(bye(&mut there), Bye::SignInNeeded);

    app.state.stop();
    assert_eq!(bye(&mut colleague), Bye::Unavailable);
    wait_for_sockets(&app, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_tablet_hears_at_once_what_its_people_may_see() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let wang = app.consultant(&mut administrator, "Wang Fang").await;
    let person = app.state.database.account_named("Wang Fang").unwrap();
    let person = person.unwrap().person.id;
    let feeds = |scope: &Scope| -> Vec<FeedId> { scope.seen_by(person).map(|it| it.id).collect() };
    let locked = |keyrings| {
        let ClientMessage::Hello(mut hello) = hello(wang.device.unwrap(), None) else {
            panic!("a greeting")
        };
        hello.keyrings = keyrings;
        ClientMessage::Hello(hello)
    };
    let told = |message| {
        if let ServerMessage::Welcome(welcome) = message {
            Some(welcome)
        } else {
            None
        }
    };
    let before = app.state.database.scope().unwrap();
    let mut socket = open(address, &wang);
    socket.send(&locked(Some(before.version)));
    assert_eq!(socket.wait_for(told).rights, None, "nothing is news");
    let mut socket = open(address, &wang);
    socket.send(&locked(None));
    assert_eq!(socket.wait_for(told).rights, None, "nobody has a keyring");
    let mut socket = open(address, &wang);
    socket.send(&locked(Some(0)));
    let rights = socket.wait_for(told).rights.unwrap();
    assert_eq!(rights.scope_version, before.version);
    let named = |rights: PeopleRights| -> Vec<_> {
        let people = rights.people.into_iter();
        people.map(|named| (named.person, named.feeds)).collect()
    };
    assert_eq!(named(rights), [(person, feeds(&before))]);

    let path = format!("/api/people/{person}");
    let display = json!({ "posts": [Post::new(app.store(), Role::Display)] });
    let display = display.to_string().into();
    let changed = administrator
        .send(Method::PATCH, &path, OWN_PAGE, display)
        .await;
    assert!(changed.status.is_success(), "{}", changed.text());
    let after = app.state.database.scope().unwrap();
    let rights = socket.wait_for(told).rights.unwrap();
    assert_eq!(rights.scope_version, after.version);
    assert_eq!(named(rights), [(person, feeds(&after))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_connected_learns_the_code_of_a_new_tablet() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let wang = app.consultant(&mut administrator, "Wang Fang").await;
    let mut socket = open(address, &wang);
    let mut expected = BTreeMap::from([
        (administrator.device.unwrap(), "F01".to_owned()),
        (wang.device.unwrap(), "F02".to_owned()),
    ]);
    let scope = welcome(&mut socket, &wang, 0).scope.unwrap();
    assert_eq!(scope.tablets, expected);

    let new = app.tablet(&mut administrator).await;
    expected.insert(new.device.unwrap(), "F03".to_owned());
    let scope = socket.wait_for(|message| {
        if let ServerMessage::Welcome(welcome) = message {
            welcome.scope
        } else {
            None
        }
    });
    assert_eq!(scope.tablets, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_that_nobody_announced_is_told_with_the_next_change() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let mut socket = open(address, &administrator);
    let scope = welcome(&mut socket, &administrator, 0).scope.unwrap();
    let cursors = Cursors {
        scope_version: scope.version,
        cursors: Vec::new(),
    };
    socket.send(&ClientMessage::Cursors(cursors));
    // A request that was given up between its commit and its word.
    let store = Store {
        id: StoreId::from_bytes([7; 16]),
        code: "HZ7".to_owned(),
        name: "Binjiang".to_owned(),
        ..scope.stores[0].clone()
    };
    let by = By::command_line(app.state.now());
    app.state.database.add_store(&store, by).unwrap();
    let import = json!({
        "file_name": "cards.csv",
        "content": "TmFtZSxQaG9uZQpXYW5nLDEzODAwMDAwMDAxCg==",
        "create": [],
        "apply": true,
    });
    let answer = administrator.post("/api/import/customers", &import).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let told = socket.wait_for(|message| {
        if let ServerMessage::Welcome(welcome) = message {
            welcome.scope
        } else {
            None
        }
    });
    assert!(told.store(store.id).is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tablet_or_with_an_ended_session_a_socket_says_so() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    assert_eq!(bye(&mut open(address, &app.browser())), Bye::SignInNeeded);
    let stale = administrator.clone();
    administrator.sign_out().await;
    let mut socket = open(address, &stale);
    socket.send(&hello_of(&stale));
    assert_eq!(bye(&mut socket), Bye::SignInNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_tablet_is_welcome_and_gets_nothing() {
    let (app, administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let mut socket = open(address, &administrator);
    let mut locked = administrator.clone();
    locked.token = None;
    assert_eq!(welcome(&mut socket, &locked, 0).scope, None);
    socket.send(&ClientMessage::Ping(1));
    assert_eq!(
        socket.next_message(),
        Some(ServerMessage::Pong(1)),
        "no frame"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tablet_holds_and_tells_is_noted_when_its_socket_closes() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let mut line = open(address, &administrator);
    let mut position = greet(&mut line, &administrator).position;
    (position.cursor.seq, position.cursor.whole) = (20, 17);
    line.send(&ClientMessage::CursorConfirmed(Confirmed {
        frames: 1,
        positions: vec![position],
        ..Confirmed::default()
    }));
    line.send(&report(3));
    line.send(&ClientMessage::Ping(1));
    assert_eq!(line.next_message(), Some(ServerMessage::Pong(1)));
    drop(line);
    let device = administrator.device.unwrap();
    let confirmed = || app.state.database.confirmed(device).unwrap().confirmed;
    wait::until("the note", || Ok((!confirmed().is_empty()).then_some(()))).unwrap();
    assert!(confirmed().values().all(|seq| *seq == 17));

    wait_for_sockets(&app, 0);
    let of = administrator.clone();
    let told = tablet(&mut administrator, &of).await;
    let report = told.report.unwrap();
    assert_eq!(report.program, "9.9.9<script>", "no control characters");
    assert_eq!((report.waiting, report.clock_offset_millis), (3, 3_000));
    assert!(report.storage.unwrap().is_persistent);
    assert_eq!(told.last_contact, Some(app.state.now()));
    let scope = app.state.database.scope().unwrap();
    assert!(!told.feeds.is_empty());
    assert!(told.feeds.iter().all(|feed| scope.feed(*feed).is_some()));
}

/// Gives a person these roles in a store.
async fn become_of(administrator: &mut Browser, path: &str, posts: &[Post]) {
    let change = Body::from(json!({ "posts": posts }).to_string());
    let sent = administrator.send(Method::PATCH, path, OWN_PAGE, change);
    assert!(sent.await.status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn books_that_are_opened_to_a_connected_tablet_are_noted_before_it_gets_them() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let wang = app.consultant(&mut administrator, "Wang Fang").await;
    let mut line = open(address, &wang);
    greet(&mut line, &wang);
    let before = tablet(&mut administrator, &wang).await;
    let person = app.state.database.account_named("Wang Fang").unwrap();
    let path = format!("/api/people/{}", person.unwrap().person.id);
    let store = app.store();
    let here = |role| Post::new(store, role);
    let office = Feed::of_store(app.store(), FeedKind::Office).id;
    assert!(!before.feeds.contains(&office));
    become_of(
        &mut administrator,
        &path,
        &[here(Role::Consultant), here(Role::Office)],
    )
    .await;
    // It is told of the book: then that is noted already.
    line.wait_for(|message| {
        let ServerMessage::Welcome(welcome) = message else {
            return None;
        };
        welcome.scope?.feed(office).map(drop)
    });
    let noted = || {
        let mut all = app.state.database.tablets().unwrap().into_iter();
        let found = all.find(|one| Some(one.standing.device) == wang.device);
        found.unwrap()
    };
    let with = noted();
    assert!(with.feeds.contains(&office) && with.open_feeds.contains(&office));

    become_of(&mut administrator, &path, &[here(Role::Consultant)]).await;
    let after = noted();
    assert!(after.feeds.contains(&office), "it was opened to it once");
    assert_eq!(after.open_feeds, before.open_feeds);
    assert_eq!(before.feeds, before.open_feeds);

    // The same for what was opened while it was away.
    drop(line);
    wait_for_sockets(&app, 0);
    become_of(&mut administrator, &path, &[here(Role::Manager)]).await;
    let mut line = open(address, &wang);
    welcome(&mut line, &wang, 0);
    let scope = app.state.database.scope().unwrap();
    let wangs = scope.people.iter().find(|one| one.name == "Wang Fang");
    let of_manager = scope.of(wangs.unwrap().id).feeds;
    assert!(of_manager.len() > before.feeds.len());
    let feeds = noted().feeds;
    assert!(of_manager.iter().all(|feed| feeds.contains(&feed.id)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_is_given_up_delivers_and_is_emptied_then() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let wang = app.consultant(&mut administrator, "Wang Fang").await;
    let mut line = open(address, &wang);
    greet(&mut line, &wang);
    let path = format!("/api/tablets/{}/retire", wang.device.unwrap());
    let retired = administrator.post(&path, &json!(null)).await;
    assert!(retired.status.is_success());
    assert_eq!(bye(&mut line), Bye::Unavailable, "it comes back by itself");

    let mut line = open(address, &wang);
    assert!(welcome(&mut line, &wang, 2).is_retiring);
    line.send(&report(1));
    line.send(&report(0));
    assert_eq!(bye(&mut line), Bye::Erase);
    let gone = tablet(&mut administrator, &wang).await;
    assert_eq!(gone.standing.state, TabletState::Retired);
    assert_eq!(gone.erased.map(|erased| erased.waiting), Some(0));
    assert_eq!(gone.emptied, None, "it was told, and nobody knows more");
    // Whatever it made of that, it is told again; what was entered there meanwhile is taken first.
    let mut line = open(address, &wang);
    assert!(welcome(&mut line, &wang, 1).is_retiring);
    line.send(&report(0));
    assert_eq!(bye(&mut line), Bye::Erase);

    let mut emptied = wang.clone();
    emptied.token = None;
    let told = emptied.tell_emptied().await;
    assert_eq!(told.status, 204);
    let gone = tablet(&mut administrator, &wang).await;
    assert_eq!(gone.emptied, Some(app.state.now()));
    // What greets is not empty, whatever it told before.
    let mut line = open(address, &wang);
    welcome(&mut line, &wang, 0);
    line.send(&report(0));
    assert_eq!(bye(&mut line), Bye::Erase);
    assert_eq!(tablet(&mut administrator, &wang).await.emptied, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_is_gone_before_it_was_told_to_empty_itself_was_not_told() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let wang = app.consultant(&mut administrator, "Wang Fang").await;
    let mut line = open(address, &wang);
    greet(&mut line, &wang);
    drop(line);
    wait_for_sockets(&app, 0);
    let path = format!("/api/tablets/{}/stolen", wang.device.unwrap());
    administrator.post(&path, &json!(null)).await;
    let stolen = tablet(&mut administrator, &wang).await;
    assert_eq!((stolen.erased, stolen.emptied), (None, None));
    // A browser that cleared everything by itself has no socket, and can tell all the same.
    let mut emptied = wang.clone();
    assert_eq!(emptied.tell_emptied().await.status, 204);
    let stolen = tablet(&mut administrator, &wang).await;
    assert!(stolen.erased.is_some() && stolen.emptied.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_was_emptied_from_its_own_screen_is_retired_and_who_did_it_is_known() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let mut wang = app.consultant(&mut administrator, "Wang Fang").await;
    let mut line = open(address, &wang);
    greet(&mut line, &wang);
    // What another tablet is, or was, it can't say.
    let other = EmptiedTablet {
        device: administrator.device.unwrap(),
    };
    let refused = wang.post("/api/emptied", &other).await;
    assert_eq!(refused.error(), (401, "not_enrolled".to_owned()));
    assert_eq!(
        tablet(&mut administrator, &wang).await.standing.state,
        TabletState::Active
    );

    assert_eq!(wang.tell_emptied().await.status, 204);
    assert_eq!(bye(&mut line), Bye::Unavailable);
    let gone = tablet(&mut administrator, &wang).await;
    assert_eq!(gone.standing.state, TabletState::Retired);
    assert_eq!(gone.emptied, Some(app.state.now()));
    assert_eq!(gone.erased, None, "nobody told it to");
    assert_eq!(gone.open_feeds, []);
    let deeds = app.state.database.audit(0, 1_000).unwrap();
    let told: Vec<_> = deeds
        .iter()
        .filter(|entry| entry.deed == Deed::TabletReset)
        .map(|entry| (entry.device, entry.person.is_some()))
        .collect();
    assert_eq!(told, [(wang.device, true)]);
    // Its session is over, and nobody signs in on it.
    assert_eq!(wang.get("/api/handovers").await.status, 401);
    let again = wang.sign_in("Wang Fang", PASSWORD).await;
    assert_eq!(again.error(), (401, "not_enrolled".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_tablet_is_emptied_at_once_and_what_was_lost_is_known() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    let stolen = |browser: &Browser| format!("/api/tablets/{}/stolen", browser.device.unwrap());

    let here = app.consultant(&mut administrator, "Wang Fang").await;
    let mut line = open(address, &here);
    welcome(&mut line, &here, 5);
    // This one has not even said hello.
    let mut silent = open(address, &here);
    wait_for_sockets(&app, 2);
    administrator.post(&stolen(&here), &json!(null)).await;
    assert_eq!(bye(&mut line), Bye::Erase);
    silent.send(&waiting_hello(here.device.unwrap(), None, 9));
    assert_eq!(bye(&mut silent), Bye::Erase);
    let lost = tablet(&mut administrator, &here).await;
    assert_eq!(lost.standing.state, TabletState::Stolen);
    assert_eq!(lost.erased.map(|erased| erased.waiting), Some(5));

    // Another one comes back days later, locked.
    let away = app.consultant(&mut administrator, "Zhao Min").await;
    administrator.post(&stolen(&away), &json!(null)).await;
    assert_eq!(tablet(&mut administrator, &away).await.erased, None);
    let mut line = open(address, &away);
    line.send(&waiting_hello(away.device.unwrap(), None, 7));
    assert_eq!(bye(&mut line), Bye::Erase);
    let lost = tablet(&mut administrator, &away).await;
    assert_eq!(lost.erased.map(|erased| erased.waiting), Some(7));
    assert_eq!(
        administrator.sign_in(ADMINISTRATOR, PASSWORD).await.status,
        200
    );
}
