//! Tablets and sessions under attack: codes, cookies and tokens where they do not belong.

use std::io::{Read, Write};
use std::net::TcpStream;

use axum::body::Body;
use axum::http::Method;
use floorbook_server::database::model::Deed;
use floorbook_shared::api::{EnrolmentCode, ServerState, SignedIn, Tablet, TabletState};
use floorbook_shared::import::ImportReport;
use floorbook_tests::api::{ADMINISTRATOR, Browser, OWN_PAGE, PASSWORD, TestApp};
use serde_json::json;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

async fn code(administrator: &mut Browser) -> EnrolmentCode {
    administrator
        .post("/api/tablets/code", &json!(null))
        .await
        .json()
}

fn not_enrolled() -> (u16, String) {
    (401, "not_enrolled".to_owned())
}

fn signed_out() -> (u16, String) {
    (401, "signed_out".to_owned())
}

fn wrong_code() -> (u16, String) {
    (403, "wrong_code".to_owned())
}

/// What the audit holds, newest last.
fn deeds(app: &TestApp) -> Vec<Deed> {
    let entries = app.state.database.audit(0, 10_000).unwrap();
    entries.into_iter().map(|entry| entry.deed).collect()
}

#[tokio::test]
async fn an_enrolment_code_works_once_within_ten_minutes() {
    let (app, mut administrator) = TestApp::set_up().await;
    let first = code(&mut administrator).await;
    assert_eq!(
        first.expires,
        app.state.now().plus_millis(10 * MINUTE),
        "ten minutes"
    );
    let mut tablet = app.browser();
    let refused = tablet
        .post("/api/enrol", &json!({ "code": first.code, "name": " " }))
        .await;
    assert_eq!(refused.error(), (422, "invalid_name".to_owned()));
    assert!(tablet.enrol(first.code.expose()).await.status.is_success());
    let mut thief = app.browser();
    assert_eq!(thief.enrol(first.code.expose()).await.error(), wrong_code());
    assert_eq!(thief.cookie, None);

    let second = code(&mut administrator).await;
    app.clock.advance_millis(10 * MINUTE);
    assert_eq!(
        thief.enrol(second.code.expose()).await.error(),
        wrong_code()
    );
    let state: ServerState = thief.get("/api/state").await.json();
    assert_eq!(state.tablet, None);
}

#[tokio::test]
async fn codes_are_throttled_and_denials_in_the_audit_bounded() {
    let (app, mut administrator) = TestApp::set_up().await;
    let right = code(&mut administrator).await;
    let mut stranger = app.browser();
    let mut answers = Vec::new();
    for _ in 0..70 {
        answers.push(
            stranger
                .enrol("0000-0000-0000-0000-0000-0000")
                .await
                .error(),
        );
    }
    assert_eq!(answers[59], wrong_code());
    assert_eq!(answers[60], (429, "too_many_tries".to_owned()));
    assert_eq!(stranger.enrol(right.code.expose()).await.status, 429);
    let denied = |deed: &Deed| matches!(deed, Deed::EnrolmentDenied { .. });
    assert_eq!(deeds(&app).iter().filter(|deed| denied(deed)).count(), 3);

    // Strangers keep nobody from signing in, not even at the same address.
    assert_eq!(
        administrator.sign_in(ADMINISTRATOR, PASSWORD).await.status,
        200
    );
    for _ in 0..8 {
        administrator.sign_in(ADMINISTRATOR, "a wrong guess").await;
    }
    app.clock.advance_millis(MINUTE);
    administrator.sign_in(ADMINISTRATOR, "a wrong guess").await;
    let of_li = app.state.database.account_named(ADMINISTRATOR).unwrap();
    let subject = of_li.map(|account| account.person.id);
    let denied: Vec<Deed> = deeds(&app)
        .into_iter()
        .filter(|deed| matches!(deed, Deed::SignInDenied { .. }))
        .collect();
    let entry = |uncounted| Deed::SignInDenied { subject, uncounted };
    assert_eq!(denied, [entry(0), entry(0), entry(0), entry(5)]);
}

#[tokio::test]
async fn nobody_signs_in_on_a_browser_that_is_not_enrolled() {
    let (app, mut administrator) = TestApp::set_up().await;
    let invitation = app.invite(&mut administrator, "Wang Fang").await;
    let mut browser = app.browser();
    let answer = browser.sign_in(ADMINISTRATOR, PASSWORD).await;
    assert_eq!(answer.error(), not_enrolled());
    let answer = browser.join(invitation.code.expose(), PASSWORD).await;
    assert_eq!(answer.error(), not_enrolled());
    let query = json!({ "code": invitation.code });
    let answer = browser.post("/api/invitation", &query).await;
    assert_eq!(answer.error(), not_enrolled());
}

#[tokio::test]
async fn a_session_of_another_tablet_is_refused() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut other = app.tablet(&mut administrator).await;
    other.token = administrator.token.clone();
    assert_eq!(other.get("/api/people").await.error(), signed_out());
    let mut without_cookie = administrator.clone();
    without_cookie.cookie = None;
    assert_eq!(
        without_cookie.get("/api/people").await.error(),
        not_enrolled()
    );
    assert_eq!(administrator.get("/api/people").await.status, 200);
}

#[tokio::test]
async fn what_a_client_chooses_is_never_taken_for_a_cookie_or_a_token() {
    let (app, mut administrator) = TestApp::set_up().await;
    let chosen = "ab".repeat(48);
    let code = code(&mut administrator).await;
    let mut browser = app.browser();
    browser.cookie = Some(chosen.clone());
    assert_eq!(
        browser.sign_in(ADMINISTRATOR, PASSWORD).await.error(),
        not_enrolled()
    );
    assert!(browser.enrol(code.code.expose()).await.status.is_success());
    assert_ne!(browser.cookie.as_deref(), Some(chosen.as_str()));

    let own = "cd".repeat(32);
    browser.token = Some(own.as_str().into());
    assert_eq!(browser.get("/api/people").await.error(), signed_out());
    let signed_in: SignedIn = browser.sign_in(ADMINISTRATOR, PASSWORD).await.json();
    assert_ne!(signed_in.token.expose(), own);
    let mut planted = browser.clone();
    planted.token = Some(own.as_str().into());
    assert_eq!(planted.get("/api/people").await.error(), signed_out());
    // Another sign-in ends the session before.
    let mut before = browser.clone();
    browser.sign_in(ADMINISTRATOR, PASSWORD).await;
    assert_eq!(before.get("/api/people").await.error(), signed_out());
    assert_eq!(browser.get("/api/people").await.status, 200);
}

#[tokio::test]
async fn a_tablets_token_is_no_session_and_a_session_no_tablet() {
    let (_app, administrator) = TestApp::set_up().await;
    let cookie = administrator.cookie.clone().unwrap();
    let (id, tablet_token) = cookie.split_at(32);
    let mut crossed = administrator.clone();
    crossed.token = Some(tablet_token.into());
    assert_eq!(crossed.get("/api/people").await.error(), signed_out());
    let session = administrator.token.clone().unwrap();
    let mut crossed = administrator.clone();
    crossed.cookie = Some(format!("{id}{}", session.expose()));
    assert_eq!(crossed.get("/api/people").await.error(), not_enrolled());
    let mut upper = administrator.clone();
    upper.token = Some(session.expose().to_uppercase().into());
    assert_eq!(upper.get("/api/people").await.error(), signed_out());
}

#[tokio::test]
async fn the_old_session_cookie_opens_nothing() {
    let (app, administrator) = TestApp::set_up().await;
    let token = administrator.token.clone().unwrap();
    let old = format!("__Host-floorbook_session={}", token.expose());
    let both = format!(
        "{old}; __Host-floorbook_device={}",
        administrator.cookie.clone().unwrap()
    );
    for (cookie, expected) in [(old, not_enrolled()), (both, signed_out())] {
        let headers = [("cookie", cookie.as_str())];
        let mut browser = app.browser();
        let answer = browser
            .send(Method::GET, "/api/people", &headers, Body::empty())
            .await;
        assert_eq!(answer.error(), expected, "{cookie}");
    }
}

#[tokio::test]
async fn a_cookie_is_worth_nothing_after_its_tablet_was_given_up() {
    let (app, mut administrator) = TestApp::set_up().await;
    for deed in ["retire", "stolen"] {
        let mut wang = app.tablet(&mut administrator).await;
        wang.sign_in(ADMINISTRATOR, PASSWORD).await;
        assert_eq!(wang.get("/api/people").await.status, 200);
        let mut copied = wang.clone();
        let path = format!("/api/tablets/{}/{deed}", wang.device.unwrap());
        assert_eq!(administrator.post(&path, &json!(null)).await.status, 204);
        for browser in [&mut wang, &mut copied] {
            assert_eq!(browser.get("/api/people").await.error(), not_enrolled());
            let answer = browser.sign_in(ADMINISTRATOR, PASSWORD).await;
            assert_eq!(answer.error(), not_enrolled(), "{deed}");
            let state: ServerState = browser.get("/api/state").await.json();
            let state = state.tablet.unwrap().state;
            assert!(matches!(state, TabletState::Retiring | TabletState::Stolen));
        }
    }
    let told = deeds(&app);
    assert!(
        told.iter()
            .any(|deed| matches!(deed, Deed::TabletRetiring { .. }))
    );
    assert!(
        told.iter()
            .any(|deed| matches!(deed, Deed::TabletStolen { .. }))
    );
    let nobody = format!("/api/tablets/{}/stolen", uuid_of_nobody());
    let answer = administrator.post(&nobody, &json!(null)).await;
    assert_eq!(answer.error(), (404, "no_such_tablet".to_owned()));
}

fn uuid_of_nobody() -> String {
    floorbook_shared::id::DeviceId::from_bytes([9; 16]).to_string()
}

#[tokio::test]
async fn a_session_ends_at_sign_out_after_thirty_idle_days_and_after_ninety_in_all() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut copied = administrator.clone();
    assert_eq!(administrator.sign_out().await.status, 204);
    assert_eq!(copied.get("/api/people").await.error(), signed_out());

    administrator.sign_in(ADMINISTRATOR, PASSWORD).await;
    app.clock.advance_millis(30 * DAY);
    assert_eq!(administrator.get("/api/people").await.error(), signed_out());

    administrator.sign_in(ADMINISTRATOR, PASSWORD).await;
    for _ in 0..4 {
        // Used within the hour before, which is not noted, and a while later, which is.
        app.clock.advance_millis(HOUR - 1);
        assert_eq!(administrator.get("/api/people").await.status, 200);
        app.clock.advance_millis(20 * DAY);
        assert_eq!(administrator.get("/api/people").await.status, 200);
    }
    app.clock.advance_millis(10 * DAY - 4 * HOUR + 3);
    assert_eq!(administrator.get("/api/people").await.status, 200);
    app.clock.advance_millis(1);
    assert_eq!(administrator.get("/api/people").await.error(), signed_out());
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    let (app, mut administrator) = TestApp::set_up().await;
    let code = code(&mut administrator).await;
    let enrolled = app.browser().enrol(code.code.expose()).await;
    let signed_in = administrator.sign_in(ADMINISTRATOR, PASSWORD).await;
    for answer in [enrolled, signed_in] {
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("__Host-floorbook_device="), "{cookie}");
        for attribute in [
            "HttpOnly",
            "Secure",
            "SameSite=Strict",
            "Path=/",
            "Max-Age=63072000",
        ] {
            assert!(
                cookie.split("; ").any(|part| part == attribute),
                "{attribute} in {cookie}"
            );
        }
        let token = cookie[24 + 32..].split(';').next().unwrap().to_owned();
        assert!(!answer.text().contains(&token), "scripts can't read it");
    }
}

#[tokio::test]
async fn forged_requests_are_refused_whatever_they_carry() {
    let (_app, mut administrator) = TestApp::set_up().await;
    let routes = [
        "/api/enrol",
        "/api/sign-in",
        "/api/join",
        "/api/tablets/code",
        "/api/setup",
    ];
    let json_type = ("content-type", "application/json");
    for path in routes {
        for origin in ["https://evil.test", "null", "http://floorbook.test:8081"] {
            let headers = [("origin", origin), json_type];
            let answer = administrator
                .send(Method::POST, path, &headers, Body::from("{}"))
                .await;
            assert_eq!(answer.error(), (403, "foreign_origin".to_owned()), "{path}");
        }
        let plain = [("content-type", "text/plain")];
        let answer = administrator
            .send(Method::POST, path, &plain, Body::from("{}"))
            .await;
        assert_eq!(answer.error(), (415, "not_json".to_owned()), "{path}");
    }
    // The cookie alone, which is all that a browser would send by itself, is no session.
    let mut forged = administrator.clone();
    forged.token = None;
    let answer = forged
        .send(
            Method::POST,
            "/api/tablets/code",
            OWN_PAGE,
            Body::from("null"),
        )
        .await;
    assert_eq!(answer.error(), signed_out());
}

#[tokio::test]
async fn tablets_are_named_and_their_codes_never_meet_card_numbers() {
    let (app, mut administrator) = TestApp::set_up().await;
    let rows = "Number,Name,Phone\nHZ1-F02-0001,Wang,13800000001\nf3-9,Li,13800000002\n\
                HZ1-T01-0004,Zhao,13800000003\nHZ1-F0005-1,Qian,13800000004\n";
    let import = json!({
        "file_name": "cards.csv",
        "content": base64(rows),
        "create": [],
        "apply": true,
    });
    let answer = administrator.post("/api/import/customers", &import).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut codes = Vec::new();
    for _ in 0..3 {
        let tablet = app.tablet(&mut administrator).await;
        let all: Vec<Tablet> = administrator.get("/api/tablets").await.json();
        let found = all
            .iter()
            .find(|one| Some(one.standing.device) == tablet.device);
        codes.push(found.unwrap().standing.code.clone());
    }
    assert_eq!(codes, ["F04", "F06", "F07"], "{}", answer.text());

    // Nor do numbers that come later; those that were there before stay what they are.
    let later = "Number,Name,Phone\nHZ1-F02-0001,Wang,13800000001\nHZ1-f04-0001,Sun,13800000005\n\
                 HZ1-F08-0001,Wu,13800000006\n";
    for apply in [false, true] {
        let import = json!({
            "file_name": "more.csv",
            "content": base64(later),
            "create": [],
            "apply": apply,
        });
        let answer = administrator.post("/api/import/customers", &import).await;
        let report: ImportReport = answer.json();
        assert_eq!(
            (report.created, report.rejected, report.unchanged),
            (1, 1, 1)
        );
        let fatal = report.problems.iter().filter(|problem| problem.is_fatal);
        let codes: Vec<(u32, &str)> = fatal
            .map(|problem| (problem.line, problem.code.as_str()))
            .collect();
        assert_eq!(codes, [(3, "number_of_tablet")]);
    }

    let path = format!("/api/tablets/{}", administrator.device.unwrap());
    let renamed = json!({ "name": "  Front   desk " });
    let answer = administrator
        .send(
            Method::PATCH,
            &path,
            OWN_PAGE,
            Body::from(renamed.to_string()),
        )
        .await;
    assert_eq!(answer.status, 204);
    let state: ServerState = administrator.get("/api/state").await.json();
    assert_eq!(state.tablet.unwrap().name, "Front desk");
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[tokio::test]
async fn a_sign_in_gives_keys_for_what_the_person_may_see_and_no_more() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut wang = app.consultant(&mut administrator, "Wang Fang").await;
    let first: SignedIn = wang.sign_in("Wang Fang", PASSWORD).await.json();
    let of_scope: Vec<_> = first.scope.feeds.iter().map(|feed| feed.id).collect();
    let of_keys: Vec<_> = first.keys.feeds.iter().map(|key| key.feed).collect();
    assert_eq!(of_keys, of_scope);
    let all = app.state.database.scope().unwrap();
    assert!(of_scope.len() < all.feeds.len(), "not the others' books");
    let again: SignedIn = wang.sign_in("Wang Fang", PASSWORD).await.json();
    assert_eq!(again.keys, first.keys, "the same ones every time");
    let other: SignedIn = administrator.sign_in("Wang Fang", PASSWORD).await.json();
    assert_ne!(other.keys, first.keys, "others on another tablet");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_request_takes_nothing_from_the_others() {
    let (app, mut administrator) = TestApp::set_up().await;
    let address = app.listen().await;
    // Half a request each, and never more.
    let mut slow: Vec<TcpStream> = Vec::new();
    for _ in 0..50 {
        let mut stream = TcpStream::connect(address).unwrap();
        let half = format!(
            "POST /api/enrol HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: 60\r\n\r\n{{\"code\":"
        );
        stream.write_all(half.as_bytes()).unwrap();
        slow.push(stream);
    }
    let code = code(&mut administrator).await;
    assert!(
        app.browser()
            .enrol(code.code.expose())
            .await
            .status
            .is_success()
    );
    // One that sends more than it may is told so at once.
    let mut stream = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /api/enrol HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: 100000000\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let _ = stream.write_all(&vec![b' '; 128 * 1024]);
    let mut answer = [0; 64];
    let length = stream.read(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}
