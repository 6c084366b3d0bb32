//! Every sync message against every role: what is not allowed is refused by the server, whatever
//! the tablet is made to send.
//!
//! The table is made from the messages themselves: a new kind does not compile until it says here
//! what it may show and change.

pub(super) mod ground;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Method;
use floorbook_server::database::model::{By, Deed, Denial};
use floorbook_server::state::AppState;
use floorbook_shared::access::{Access, Post, Role};
use floorbook_shared::document::DocumentKey;
use floorbook_shared::id::{DocumentId, FeedId};
use floorbook_shared::sync::message::{Bye, ClientMessage, ServerMessage};
use floorbook_tests::api::socket::RawSocket;
use floorbook_tests::api::{OWN_PAGE, PASSWORD, TestApp};
use floorbook_tests::wait;

use ground::{Ground, Player, greet, ground, open_card, other_store, player};
use serde_json::json;

/// The kinds of messages that a tablet sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Hello,
    Push,
    CursorConfirmed,
    Ping,
    History,
    Compare,
    Fetch,
    Cursors,
    Report,
    Offer,
}

/// How many they are.
const KINDS: usize = 10;

/// A kind that is added to the messages has to be added here, and with that to the table.
const fn kind_of(message: &ClientMessage) -> Kind {
    match message {
        ClientMessage::Hello(_) => Kind::Hello,
        ClientMessage::Push(_) => Kind::Push,
        ClientMessage::CursorConfirmed(_) => Kind::CursorConfirmed,
        ClientMessage::Ping(_) => Kind::Ping,
        ClientMessage::History(_) => Kind::History,
        ClientMessage::Compare(_) => Kind::Compare,
        ClientMessage::Fetch(_) => Kind::Fetch,
        ClientMessage::Cursors(_) => Kind::Cursors,
        ClientMessage::Report(_) => Kind::Report,
        ClientMessage::Offer(_) => Kind::Offer,
    }
}

/// What a message may come to for somebody with this access to the book that it is about.
const fn allowed(kind: Kind, access: Option<Access>) -> Effect {
    let sees = access.is_some();
    let writes = matches!(access, Some(Access::Write));
    match kind {
        Kind::Hello | Kind::Cursors | Kind::Compare | Kind::Fetch => Effect {
            shows: sees,
            changes: false,
        },
        Kind::Push => Effect {
            shows: false,
            changes: writes,
        },
        // A note of what the tablet holds, for the books that it may hold.
        Kind::CursorConfirmed => Effect {
            shows: false,
            changes: sees,
        },
        // What the table offers has no receipt of the server's: it brings nothing in.
        Kind::Ping | Kind::History | Kind::Report | Kind::Offer => Effect {
            shows: false,
            changes: false,
        },
    }
}

/// What a message did with the card of the test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Effect {
    shows: bool,
    changes: bool,
}

/// What the server said until it answered a ping.
fn heard(socket: &mut RawSocket) -> Vec<ServerMessage> {
    socket.send(&ClientMessage::Ping(77));
    let mut heard = Vec::new();
    while let Some(message) = socket.next_message() {
        if message == ServerMessage::Pong(77) {
            break;
        }
        heard.push(message);
    }
    heard
}

/// Whether something of a card is in what the server said.
fn shows(heard: &[ServerMessage], card: DocumentId) -> bool {
    heard.iter().any(|message| match message {
        ServerMessage::Frame(frame) => {
            let mut items = frame.items.iter();
            items.any(|item| item.document.id == card)
        }
        ServerMessage::Fetched(fetched) => {
            let mut items = fetched.items.iter();
            items.any(|item| item.document.id == card)
        }
        ServerMessage::Compared(compared) => {
            let mut documents = compared.documents.iter();
            documents.any(|(id, _)| *id == card)
        }
        ServerMessage::Welcome(_)
        | ServerMessage::Ack(_)
        | ServerMessage::Refused(_)
        | ServerMessage::Pong(_)
        | ServerMessage::Bye(_)
        | ServerMessage::Rewind(_)
        // It names what the tablet itself named.
        | ServerMessage::Restored(_) => false,
    })
}

fn effect(
    player: &Player,
    state: &AppState,
    address: SocketAddr,
    ground: Ground,
    message: &ClientMessage,
) -> Effect {
    let mut socket = player.open(address);
    let kind = kind_of(message);
    if kind == Kind::Cursors {
        socket.stated = vec![ground.selection()];
    }
    let greeted = greet(&mut socket, player);
    if matches!(kind, Kind::Hello | Kind::Cursors) {
        return Effect {
            shows: shows(&greeted, ground.card.id),
            changes: false,
        };
    }
    let confirmed = || {
        let told = state.database.confirmed(player.device).unwrap();
        told.confirmed.get(&ground.feed).copied()
    };
    let before = confirmed();
    socket.send(message);
    let mut said = Vec::new();
    // What has to be read or written is answered later than a ping.
    let is_answered = |said: &[ServerMessage]| {
        said.iter().any(|message| {
            matches!(
                message,
                ServerMessage::Ack(_)
                    | ServerMessage::Refused(_)
                    | ServerMessage::Compared(_)
                    | ServerMessage::Fetched(_)
                    | ServerMessage::Restored(_)
                    | ServerMessage::Bye(_)
            )
        })
    };
    // Nothing is read for a tablet on which nobody is signed in.
    let is_locked = player.browser.token.is_none();
    let has_answer = match kind {
        Kind::Push | Kind::Offer => true,
        Kind::Compare | Kind::Fetch => !is_locked,
        Kind::Hello
        | Kind::CursorConfirmed
        | Kind::Ping
        | Kind::History
        | Kind::Cursors
        | Kind::Report => false,
    };
    loop {
        said.extend(heard(&mut socket));
        if !has_answer || is_answered(&said) {
            break;
        }
    }
    let is_taken = said
        .iter()
        .any(|message| matches!(message, ServerMessage::Ack(_)));
    if kind == Kind::Push && !is_taken && !is_locked {
        let codes = said.iter().filter_map(|message| {
            if let ServerMessage::Refused(refused) = message {
                Some(refused.code.as_str())
            } else {
                None
            }
        });
        assert_eq!(codes.collect::<Vec<_>>(), ["no_right"], "{}", player.what);
    }
    drop(socket);
    wait::until("no socket", || {
        Ok((state.sockets.count() == 0).then_some(()))
    })
    .unwrap();
    Effect {
        shows: shows(&said, ground.card.id),
        changes: is_taken || confirmed() != before,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_message_shows_and_changes_only_what_the_role_allows() {
    let (app, mut administrator) = TestApp::set_up().await;
    let store = app.store();
    let by = By::command_line(app.state.now());
    let other = other_store();
    app.state.database.add_store(&other, by).unwrap();
    let here = |role| vec![Post::new(store, role)];
    let mut players = Vec::new();
    for (what, posts) in [
        ("the owner", here(Role::Consultant)),
        ("a colleague", here(Role::Consultant)),
        ("a manager", here(Role::Manager)),
        ("the office", here(Role::Office)),
        ("the display", here(Role::Display)),
        ("an administrator", here(Role::Admin)),
        (
            "a consultant elsewhere",
            vec![Post::new(other.id, Role::Consultant)],
        ),
        (
            "a manager elsewhere",
            vec![Post::new(other.id, Role::Manager)],
        ),
    ] {
        players.push(player(&app, &mut administrator, what, posts).await);
    }
    // Somebody who looks after the owner's customers for a while.
    let covers = player(
        &app,
        &mut administrator,
        "who covers",
        here(Role::Consultant),
    )
    .await;
    let owner = players.first().unwrap();
    let cover = json!({
        "store": store,
        "from": owner.person,
        "customers": "all",
        "to": covers.person,
        "until": app.state.now().plus_millis(86_400_000),
    });
    let begun = administrator.post("/api/handovers", &cover).await;
    assert!(begun.status.is_success(), "{}", begun.text());
    // The owner on another tablet, which is being given up.
    let mut browser = app.tablet(&mut administrator).await;
    browser.sign_in(owner.what, PASSWORD).await;
    let device = browser.device.unwrap();
    let retire = format!("/api/tablets/{device}/retire");
    assert_eq!(administrator.post(&retire, &json!(null)).await.status, 204);
    let retiring = Player {
        what: "the owner on a tablet that retires",
        browser,
        person: owner.person,
        device,
    };
    // The owner's own tablet while nobody is signed in on it.
    let mut locked = owner.browser.clone();
    locked.token = None;
    let nobody = Player {
        what: "nobody",
        browser: locked,
        person: owner.person,
        device: owner.device,
    };
    let ground = ground(store, owner);
    players.extend([covers, retiring, nobody]);
    let address = app.listen().await;
    let state = Arc::clone(&app.state);
    let players = tokio::task::spawn_blocking(move || {
        open_card(players.first().unwrap(), &state, address, ground);
        play(
            &players.iter().collect::<Vec<_>>(),
            &state,
            address,
            ground,
            2,
        );
        players
    })
    .await
    .unwrap();

    // The store opens its consultants' books to one another.
    let open = Body::from(json!({ "settings": { "books_are_open": true } }).to_string());
    let path = format!("/api/stores/{store}");
    let opened = administrator
        .send(Method::PATCH, &path, OWN_PAGE, open)
        .await;
    assert!(opened.status.is_success(), "{}", opened.text());
    let state = Arc::clone(&app.state);
    tokio::task::spawn_blocking(move || {
        let scope = state.database.scope().unwrap();
        let names = ["a colleague", "the display", "a consultant elsewhere"];
        let readers: Vec<&Player> = players
            .iter()
            .filter(|player| names.contains(&player.what))
            .collect();
        let may = |player: &&Player| scope.access(player.person, ground.feed);
        let rights: Vec<Option<Access>> = readers.iter().map(may).collect();
        assert_eq!(rights, [Some(Access::Read), None, None]);
        play(&readers, &state, address, ground, 150);
    })
    .await
    .unwrap();
    let audit = app.state.database.audit(0, 10_000).unwrap();
    for denial in [Denial::NoRight, Denial::ForgedReceipt] {
        let told = audit.iter().filter(
            |entry| matches!(entry.deed, Deed::Denied { denial: other, .. } if other == denial),
        );
        let who: BTreeSet<_> = told.map(|entry| (entry.device, entry.person)).collect();
        assert!(who.len() >= 5, "{denial:?} of everyone: {who:?}");
    }
}

/// Has everyone send a message of every kind.
fn play(players: &[&Player], state: &AppState, address: SocketAddr, ground: Ground, first: u8) {
    let scope = state.database.scope().unwrap();
    let mut kinds = BTreeSet::new();
    let mut number = first;
    for player in players {
        let is_known = player.browser.token.is_some();
        let access = scope.access(player.person, ground.feed);
        let count = ground
            .messages(player.device, player.change(state, ground, 0))
            .len();
        for place in 0..count {
            number += 1;
            let change = player.change(state, ground, number);
            let messages = ground.messages(player.device, change);
            let message = messages.get(place).unwrap();
            let kind = kind_of(message);
            kinds.insert(kind);
            // What waits on a locked tablet is taken all the same: its seal says whose it is.
            let access = access.filter(|_| is_known || kind == Kind::Push);
            let done = effect(player, state, address, ground, message);
            assert_eq!(done, allowed(kind, access), "{kind:?} from {}", player.what);
        }
    }
    assert_eq!(kinds.len(), KINDS, "every kind is in the table");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_session_and_before_the_greeting_no_message_says_anything() {
    let (app, mut administrator) = TestApp::set_up().await;
    let posts = vec![Post::new(app.store(), Role::Manager)];
    let manager = player(&app, &mut administrator, "a manager", posts).await;
    let address = app.listen().await;
    let ground = Ground {
        store: app.store(),
        feed: FeedId::from_bytes([1; 16]),
        card: DocumentKey {
            id: DocumentId::from_bytes([42; 16]),
            incarnation: 0,
        },
    };
    let state = Arc::clone(&app.state);
    tokio::task::spawn_blocking(move || {
        let item = manager.sealed(&state, ground, 1, Vec::new());
        for message in ground.messages(manager.device, item) {
            let origin = format!("http://{address}");
            let mut nobody = RawSocket::open(address, None, &origin).unwrap();
            nobody.send(&message);
            assert_eq!(
                nobody.next_message(),
                Some(ServerMessage::Bye(Bye::SignInNeeded)),
                "{:?}",
                kind_of(&message)
            );
            assert_eq!(nobody.next_message(), None);
            if kind_of(&message) == Kind::Hello {
                continue;
            }
            let mut early = manager.open(address);
            early.send(&message);
            assert_eq!(
                early.next_message(),
                Some(ServerMessage::Bye(Bye::BadMessage)),
                "{:?}",
                kind_of(&message)
            );
            assert_eq!(early.next_message(), None);
        }
    })
    .await
    .unwrap();
}
