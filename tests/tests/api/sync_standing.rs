//! What the sync takes from people and tablets that are no longer what they were, and into which
//! books anybody may put a card at all.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use floorbook_server::clock::{Clock, SystemClock};
use floorbook_server::database::model::By;
use floorbook_server::state::AppState;
use floorbook_shared::access::{Access, Feed, FeedKind, Post, Role, rights};
use floorbook_shared::api::PersonChange;
use floorbook_shared::document::author::ChangeAuthor;
use floorbook_shared::document::command::{Command, NewCard};
use floorbook_shared::document::write::{Writer, run};
use floorbook_shared::document::{Document, DocumentKey, DocumentKind};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::sync::message::{Bye, ClientMessage, Push, PushItem, ServerMessage};
use floorbook_shared::time::Timestamp;
use floorbook_tests::api::socket::{RawSocket, hello};
use floorbook_tests::api::{OWN_PAGE, PASSWORD, TestApp};
use serde_json::json;

use super::sync_rights::ground::{Ground, Player, greet, ground, open_card, other_store, player};

/// What the server says to a push: nothing, or the code of its refusal.
fn answer_to(socket: &mut RawSocket, item: PushItem) -> Option<String> {
    socket.send(&ClientMessage::Push(Push { items: vec![item] }));
    socket.wait_for(|message| {
        if let ServerMessage::Refused(refused) = message {
            return Some(Some(refused.code));
        }
        matches!(message, ServerMessage::Ack(_)).then_some(None)
    })
}

/// A card that a player opens in a book.
fn new_card(player: &Player, state: &AppState, feed: &Feed, number: u8) -> PushItem {
    let mut actor = *player.person.as_bytes();
    actor[0] = number;
    let writer = Writer {
        author: ChangeAuthor {
            person: player.person,
            device: player.device,
        },
        actor,
    };
    let command = Command::OpenCard(NewCard {
        fields: [(CustomerField::Name, "Mrs Li".to_owned())].into(),
        ..NewCard::default()
    });
    let now = Timestamp::from_millis(1_800_000_000_000);
    let change = run(&mut Document::found(), &command, &writer, now);
    let ground = Ground {
        store: feed.store,
        feed: feed.id,
        card: DocumentKey {
            id: DocumentId::from_bytes([number; 16]),
            incarnation: 0,
        },
    };
    player.sealed(state, ground, number, change.unwrap().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_opened_only_in_a_book_of_cards_that_its_author_writes() {
    let (app, mut administrator) = TestApp::set_up().await;
    let by = By::command_line(app.state.now());
    let other = other_store();
    app.state.database.add_store(&other, by).unwrap();
    let store = app.store();
    let mut players = Vec::new();
    for (what, post) in [
        ("the owner", Post::new(store, Role::Consultant)),
        ("a manager", Post::new(store, Role::Manager)),
        ("the office", Post::new(store, Role::Office)),
        ("the display", Post::new(store, Role::Display)),
        ("an administrator", Post::new(store, Role::Admin)),
        ("elsewhere", Post::new(other.id, Role::Consultant)),
    ] {
        players.push(player(&app, &mut administrator, what, vec![post]).await);
    }
    let address = app.listen().await;
    let state = Arc::clone(&app.state);
    tokio::task::spawn_blocking(move || {
        let scope = state.database.scope().unwrap();
        let mut kinds = Vec::new();
        let (mut number, mut taken) = (0, 0);
        for player in &players {
            let mut socket = player.open(address);
            greet(&mut socket, player);
            for feed in &scope.feeds {
                number += 1;
                let item = new_card(player, &state, feed, number);
                let answer = answer_to(&mut socket, item);
                let may = rights::lives_in(DocumentKind::Customer, feed.kind)
                    && scope.access(player.person, feed.id) == Some(Access::Write);
                let expected = (!may).then(|| "no_right".to_owned());
                assert_eq!(answer, expected, "{} in {:?}", player.what, feed.kind);
                taken += u8::from(may);
                kinds.push(feed.kind);
            }
        }
        for kind in [
            FeedKind::Cards,
            FeedKind::Accounts,
            FeedKind::Common,
            FeedKind::Office,
        ] {
            assert!(kinds.contains(&kind), "{kind:?} is in the table");
        }
        // Two consultants in their own books; the manager in both of their store, of which the
        // founder has the other.
        assert_eq!(taken, 4);
    })
    .await
    .unwrap();
}

/// Sends a message of each kind behind a greeting that is refused, and hears nothing of the card.
fn hears_only(player: &Player, state: &AppState, address: SocketAddr, ground: Ground, bye: Bye) {
    let change = player.change(state, ground, 99);
    for message in ground.messages(player.device, change) {
        let mut socket = player.open(address);
        socket.send(&hello(player.device, player.browser.token.as_ref()));
        socket.send(&message);
        assert_eq!(socket.next_message(), Some(ServerMessage::Bye(bye)));
        assert_eq!(socket.next_message(), None, "{}", player.what);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_sees_nothing_and_their_work_is_taken_only_while_they_could_not_know() {
    const DAY: i64 = 86_400_000;
    let (app, mut administrator) = TestApp::set_up().await;
    let here = vec![Post::new(app.store(), Role::Consultant)];
    let left = player(&app, &mut administrator, "who left", here).await;
    let mut locked = left.browser.clone();
    locked.token = None;
    let locked = Player {
        what: "their tablet",
        browser: locked,
        ..left.clone()
    };
    let ground = ground(app.store(), &left);
    let address = app.listen().await;
    let state = Arc::clone(&app.state);
    let owner = left.clone();
    tokio::task::spawn_blocking(move || open_card(&owner, &state, address, ground))
        .await
        .unwrap();
    let disable = Body::from(json!({ "is_active": false }).to_string());
    let path = format!("/api/people/{}", left.person);
    let sent = administrator.send(Method::PATCH, &path, OWN_PAGE, disable);
    assert!(sent.await.status.is_success());

    let push = |number| {
        let (state, locked) = (Arc::clone(&app.state), locked.clone());
        tokio::task::spawn_blocking(move || {
            let mut socket = locked.open(address);
            socket.send(&hello(locked.device, None));
            let item = locked.change(&state, ground, number);
            answer_to(&mut socket, item)
        })
    };
    let (state, leaver) = (Arc::clone(&app.state), left.clone());
    tokio::task::spawn_blocking(move || {
        hears_only(&leaver, &state, address, ground, Bye::SignInNeeded);
    })
    .await
    .unwrap();
    assert_eq!(push(2).await.unwrap(), None, "written before they left");
    // As if they had left long ago; the committing thread has the clock of the machine.
    let long_ago = SystemClock.now().plus_millis(-61 * DAY);
    for (is_active, at) in [(true, app.state.now()), (false, long_ago)] {
        let change = PersonChange {
            is_active: Some(is_active),
            ..PersonChange::default()
        };
        let by = By::command_line(at);
        let changed = app.state.database.change_person(left.person, &change, by);
        assert_eq!(changed.unwrap().is_active, is_active);
    }
    assert_eq!(push(3).await.unwrap().as_deref(), Some("no_right"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_tablet_hears_nothing_but_that_it_is_to_be_emptied() {
    let (app, mut administrator) = TestApp::set_up().await;
    let here = vec![Post::new(app.store(), Role::Manager)];
    let consultant = vec![Post::new(app.store(), Role::Consultant)];
    let owner = player(&app, &mut administrator, "the owner", consultant).await;
    let victim = player(&app, &mut administrator, "a manager", here).await;
    let ground = ground(app.store(), &owner);
    let address = app.listen().await;
    let state = Arc::clone(&app.state);
    tokio::task::spawn_blocking(move || open_card(&owner, &state, address, ground))
        .await
        .unwrap();
    let path = format!("/api/tablets/{}/stolen", victim.device);
    assert_eq!(administrator.post(&path, &json!(null)).await.status, 204);
    let mut locked = victim.browser.clone();
    locked.token = None;
    let state = Arc::clone(&app.state);
    let rows = app.rows().len();
    tokio::task::spawn_blocking(move || {
        hears_only(&victim, &state, address, ground, Bye::Erase);
        let nobody = Player {
            browser: locked,
            ..victim
        };
        hears_only(&nobody, &state, address, ground, Bye::Erase);
    })
    .await
    .unwrap();
    assert_eq!(app.rows().len(), rows);
    // Its people work on elsewhere.
    let mut elsewhere = app.tablet(&mut administrator).await;
    assert_eq!(elsewhere.sign_in("a manager", PASSWORD).await.status, 200);
}
