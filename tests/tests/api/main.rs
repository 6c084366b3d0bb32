//! The HTTP routes: who may do what, and what happens to bad requests.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests fail as the tests do; clippy lets only the tests themselves"
)]

mod attacks;
mod audit;
mod bench;
mod crash;
mod demo;
mod device;
mod handover;
mod import;
mod kills;
mod lookup;
mod organisation;
mod routes;
mod secrets;
mod sockets;
mod sync;
mod sync_rights;
mod sync_standing;
mod tablets;
mod web;

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use floorbook_shared::access::{Action, Role};
use floorbook_shared::api::{Invitation, Member, ServerState, SignedIn, TabletState};
use floorbook_tests::api::{ADMINISTRATOR, OWN_PAGE, PASSWORD, TestApp, setup_request};
use serde_json::json;

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn the_setup_code_works_once() {
    let app = TestApp::new();
    let mut browser = app.browser();
    assert!(
        !browser
            .get("/api/state")
            .await
            .json::<ServerState>()
            .is_set_up
    );
    let wrong = browser
        .post("/api/setup", &setup_request("0000-0000"))
        .await;
    assert_eq!(wrong.error(), (403, "wrong_code".to_owned()));

    let older = app.state.draw_setup_code();
    let code = app.state.draw_setup_code();
    let answer = browser.post("/api/setup", &setup_request(&older)).await;
    assert_eq!(answer.error(), (403, "wrong_code".to_owned()));
    let answer = browser
        .post("/api/setup", &setup_request(&code.to_lowercase()))
        .await;
    let signed_in: SignedIn = answer.json();
    let founder = signed_in.identity.person;
    let scope = &signed_in.scope;
    assert!(scope.may(founder, Action::ManagePeople));
    assert!(
        scope
            .cards_feed(signed_in.identity.store, founder)
            .is_some()
    );
    assert_eq!(signed_in.identity.tablet_code, "F01");
    assert_eq!(scope.stores[0].code, "HZ1");
    let state: ServerState = browser.get("/api/state").await.json();
    let tablet = state.tablet.unwrap();
    assert_eq!(
        (tablet.device, tablet.name.as_str(), tablet.state),
        (signed_in.identity.device, "Counter", TabletState::Active)
    );

    assert!(!app.state.is_setup_code(&code));
    let mut other = app.browser();
    let again = other.post("/api/setup", &setup_request(&code)).await;
    assert_eq!(again.error(), (409, "already_set_up".to_owned()));
}

#[tokio::test]
async fn setup_names_what_is_wrong_with_its_input() {
    let app = TestApp::new();
    let code = app.state.draw_setup_code();
    let mut browser = app.browser();
    for (field, value, expected) in [
        ("store_code", "HZ 1", "invalid_store_code"),
        ("store_code", "HANGZHOU1", "invalid_store_code"),
        ("store_name", "  ", "invalid_name"),
        ("name", "\u{7}", "invalid_name"),
        ("time_zone", "Asia/Atlantis", "invalid_time_zone"),
        ("time_zone", "../../etc/localtime", "invalid_time_zone"),
        ("password", "short", "password_too_short"),
        ("password", "1234567890", "password_too_common"),
    ] {
        let mut request = serde_json::to_value(setup_request(&code)).unwrap();
        request[field] = json!(value);
        let answer = browser.post("/api/setup", &request).await;
        assert_eq!(
            answer.error(),
            (422, expected.to_owned()),
            "{field} = {value:?}"
        );
    }
    let answer = browser.post("/api/setup", &setup_request(&code)).await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "a refused try leaves the code valid"
    );
}

#[tokio::test]
async fn unknown_names_and_wrong_passwords_get_the_same_answer() {
    let (app, mut administrator) = TestApp::set_up().await;
    app.invite(&mut administrator, "Without Password").await;
    let mut browser = app.tablet(&mut administrator).await;
    let mut answers = Vec::new();
    for name in [ADMINISTRATOR, "Nobody Of This Name", "Without Password"] {
        let answer = browser.sign_in(name, "not the password").await;
        assert_eq!(answer.error(), (401, "wrong_password".to_owned()), "{name}");
        answers.push(answer.text());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let answer = browser.sign_in("  li   NA ", PASSWORD).await;
    assert_eq!(
        answer.status,
        StatusCode::OK,
        "case and spaces of a name do not matter"
    );
}

#[tokio::test]
async fn guessing_is_throttled_without_locking_the_owner_out() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut colleague = app.tablet(&mut administrator).await;
    for _ in 0..10 {
        let answer = colleague.sign_in(ADMINISTRATOR, "a wrong guess").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let answer = colleague.sign_in(ADMINISTRATOR, PASSWORD).await;
    assert_eq!(
        answer.error(),
        (429, "too_many_tries".to_owned()),
        "even the right one waits"
    );
    let seconds: i64 = answer.header("retry-after").parse().unwrap();

    assert_eq!(
        administrator.sign_in(ADMINISTRATOR, PASSWORD).await.status,
        StatusCode::OK,
        "from the same address, on another tablet"
    );
    app.clock.advance_millis(seconds * 1000);
    assert_eq!(
        colleague.sign_in(ADMINISTRATOR, PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_invitation_works_once() {
    let (app, mut administrator) = TestApp::set_up().await;
    let code = app.invite(&mut administrator, "Wang Fang").await.code;
    let mut browser = app.tablet(&mut administrator).await;
    let invitation: Invitation = browser
        .post("/api/invitation", &json!({ "code": code }))
        .await
        .json();
    assert_eq!(invitation.name, "Wang Fang");
    assert_eq!(invitation.store_name, "杭州店");

    let refused = browser.join(code.expose(), "short").await;
    assert_eq!(refused.error(), (422, "password_too_short".to_owned()));
    let signed_in: SignedIn = browser.join(code.expose(), PASSWORD).await.json();
    assert_eq!(signed_in.identity.name, "Wang Fang");
    assert_eq!(signed_in.identity.tablet_code, "F02");
    let scope = app.state.database.scope().unwrap();
    assert!(!scope.may(signed_in.identity.person, Action::ManagePeople));

    let mut thief = app.tablet(&mut administrator).await;
    let again = thief.join(code.expose(), "another fine password").await;
    assert_eq!(again.error(), (403, "wrong_code".to_owned()));
    assert_eq!(
        thief.sign_in("Wang Fang", PASSWORD).await.status,
        StatusCode::OK
    );
    let members: Vec<Member> = administrator.get("/api/people").await.json();
    assert!(members.iter().all(|member| member.has_password));
}

#[tokio::test]
async fn an_invitation_expires_after_three_days() {
    let (app, mut administrator) = TestApp::set_up().await;
    let code = app.invite(&mut administrator, "Wang Fang").await;
    app.clock.advance_millis(72 * HOUR);
    let mut browser = app.tablet(&mut administrator).await;
    let answer = browser
        .post("/api/invitation", &json!({ "code": code.code }))
        .await;
    assert_eq!(answer.error(), (403, "wrong_code".to_owned()));
    assert_eq!(
        browser.join(code.code.expose(), PASSWORD).await.error().1,
        "wrong_code"
    );

    let path = format!("/api/people/{}/invite", code.person);
    let fresh: floorbook_shared::api::InvitationCode =
        administrator.post(&path, &json!(null)).await.json();
    assert_eq!(
        browser.join(fresh.code.expose(), PASSWORD).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn two_people_of_one_name_are_refused() {
    let (app, mut administrator) = TestApp::set_up().await;
    let new =
        json!({ "name": "LI  NA", "posts": [{ "store": app.store(), "role": "consultant" }] });
    let answer = administrator.post("/api/people", &new).await;
    assert_eq!(answer.error(), (409, "name_taken".to_owned()));
    let store = floorbook_shared::id::StoreId::default();
    let new = json!({ "name": "Zhao", "posts": [{ "store": store, "role": "consultant" }] });
    let answer = administrator.post("/api/people", &new).await;
    assert_eq!(answer.error(), (422, "no_such_store".to_owned()));
}

#[tokio::test]
async fn adding_a_person_announces_the_new_scope() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut scope = app.state.watch_scope();
    let before = *scope.borrow_and_update();
    app.invite(&mut administrator, "Wang Fang").await;
    assert!(scope.has_changed().unwrap());
    assert!(*scope.borrow_and_update() > before);
}

#[tokio::test]
async fn a_browser_keeps_its_tablet_code() {
    let (app, mut administrator) = TestApp::set_up().await;
    let first = administrator.device;
    administrator.sign_out().await;
    let again: SignedIn = administrator.sign_in(ADMINISTRATOR, PASSWORD).await.json();
    assert_eq!(
        (
            Some(again.identity.device),
            again.identity.tablet_code.as_str()
        ),
        (first, "F01")
    );
    let mut other = app.tablet(&mut administrator).await;
    let other: SignedIn = other.sign_in(ADMINISTRATOR, PASSWORD).await.json();
    assert_eq!(other.identity.tablet_code, "F02");
}

#[tokio::test]
async fn forged_requests_are_refused() {
    let (_app, mut administrator) = TestApp::set_up().await;
    let json_type = ("content-type", "application/json");
    for (headers, expected) in [
        (
            vec![("origin", "https://evil.test"), json_type],
            (403, "foreign_origin"),
        ),
        (vec![("origin", "null"), json_type], (403, "foreign_origin")),
        (
            vec![("origin", "http://floorbook.test.evil.test"), json_type],
            (403, "foreign_origin"),
        ),
        (vec![("content-type", "text/plain")], (415, "not_json")),
        (
            vec![("content-type", "application/x-www-form-urlencoded")],
            (415, "not_json"),
        ),
        (vec![], (415, "not_json")),
    ] {
        let answer = administrator
            .send(Method::POST, "/api/sign-out", &headers, Body::empty())
            .await;
        assert_eq!(
            answer.error(),
            (expected.0, expected.1.to_owned()),
            "{headers:?}"
        );
    }
    let socket = [
        ("upgrade", "websocket"),
        ("origin", "http://floorbook.test:8081"),
    ];
    let answer = administrator
        .send(Method::GET, "/sync", &socket, Body::empty())
        .await;
    assert_eq!(answer.error(), (403, "foreign_origin".to_owned()));
    let socket = [
        ("upgrade", "websocket"),
        ("origin", "http://floorbook.test"),
    ];
    let answer = administrator
        .send(Method::GET, "/sync", &socket, Body::empty())
        .await;
    assert_ne!(answer.status, StatusCode::FORBIDDEN, "our own pages may");
    assert_eq!(
        administrator.get("/api/people").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_oversized_body_is_refused_clearly() {
    let (_app, mut administrator) = TestApp::set_up().await;
    let body = json!({ "name": "x".repeat(100_000), "password": PASSWORD });
    let answer = administrator.post("/api/sign-in", &body).await;
    assert_eq!(answer.error(), (413, "too_large".to_owned()));
}

#[tokio::test]
async fn malformed_json_is_refused_clearly_and_not_repeated() {
    let (_app, mut administrator) = TestApp::set_up().await;
    for body in [
        "",
        "{",
        "[]",
        "{\"name\":\"Li\",\"password\":\"hunter2\"",
        "\u{0}",
        "null",
    ] {
        let answer = administrator
            .send(Method::POST, "/api/sign-in", OWN_PAGE, Body::from(body))
            .await;
        assert_eq!(answer.error(), (400, "malformed".to_owned()), "{body:?}");
        assert!(!answer.text().contains("hunter2"));
    }
    let answer = administrator
        .send(
            Method::POST,
            "/api/sign-in",
            OWN_PAGE,
            Body::from(vec![0xff, 0xfe, 0x00]),
        )
        .await;
    assert_eq!(answer.error(), (400, "malformed".to_owned()));
}

#[tokio::test]
async fn every_answer_has_the_strict_headers() {
    let (app, _) = TestApp::set_up().await;
    for path in [
        "/",
        "/api/state",
        "/api/people",
        "/api/unknown",
        "/assets/missing.js",
        "/healthz",
    ] {
        let answer = app.browser().get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            answer.header("strict-transport-security"),
            "",
            "only with TLS"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn administration_commands_go_through_the_running_server_or_without_one() {
    use floorbook_server::admin::{
        AdminOutcome, AdminRequest, AdminResponse, NamedPost, client, socket,
    };
    use floorbook_server::database::RedbDatabase;
    use floorbook_server::folder;
    use floorbook_server::keeping::DataPlace;

    let quiet = |_: String| {};
    let data = tempfile::tempdir().unwrap();
    let place = DataPlace::new(data.path());
    let ask = |request| client::run(&place, request, &quiet);
    assert!(
        ask(AdminRequest::Status).await.is_err(),
        "there is no data yet"
    );

    // With a server: this one keeps its data in memory, so only the socket can have answered.
    let (app, mut administrator) = TestApp::set_up().await;
    let listener = socket::open(&folder::admin_socket(data.path())).unwrap();
    let server = tokio::spawn(socket::serve(listener, Arc::clone(&app.state)));
    let add = AdminRequest::AddPerson {
        name: "Wang Fang".to_owned(),
        posts: vec![NamedPost {
            store: "hz1".to_owned(),
            role: Role::Consultant,
        }],
    };
    let AdminResponse::Done(AdminOutcome::Invited { path, .. }) = ask(add.clone()).await.unwrap()
    else {
        panic!("no link");
    };
    let code = path.strip_prefix("/join#").unwrap();
    let mut wang = app.tablet(&mut administrator).await;
    assert_eq!(wang.join(code, PASSWORD).await.status, StatusCode::OK);
    let again = ask(add).await.unwrap();
    assert!(matches!(again, AdminResponse::Failed { code, .. } if code == "name_taken"));

    // Without one: the dead server's socket file is still there.
    server.abort();
    let _ = server.await;
    drop(RedbDatabase::open(&folder::database(data.path())).unwrap());
    let add = AdminRequest::AddStore {
        code: "SH1".to_owned(),
        name: "上海店".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
    };
    let added = ask(add).await.unwrap();
    assert!(
        matches!(added, AdminResponse::Done(AdminOutcome::StoreAdded { code }) if code == "SH1")
    );
    // The command has let go of the data when it returns.
    drop(RedbDatabase::open(&folder::database(data.path())).unwrap());
    let AdminResponse::Done(AdminOutcome::Status(status)) =
        ask(AdminRequest::Status).await.unwrap()
    else {
        panic!("no status");
    };
    assert_eq!((status.stores, status.people), (1, 0));
}
