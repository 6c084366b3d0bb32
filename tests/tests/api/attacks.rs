//! What an attacker tries at the web side, one test each. What is tried elsewhere is named here, so
//! that the list is whole.
//!
//! | attack | test |
//! |---|---|
//! | any route or message without the right to it | `routes::every_route_lets_in_whom_its_rule_names_and_nobody_else`, `sync_rights::every_message_shows_and_changes_only_what_the_role_allows` |
//! | another store's ids | [`another_stores_ids_change_nothing_there`], `handover::customers_stay_in_their_store_and_with_whom_managers_say`, `lookup::another_stores_customers_are_not_told_of` |
//! | another book's document pushed | `sync::nobody_gets_hold_of_a_colleagues_card_by_calling_it_their_own` |
//! | forged author | `sync::a_bad_change_is_refused_alone` |
//! | forged seal | `sync::nobody_passes_work_off_as_someone_elses` |
//! | a rescue file made up or sent twice | `sync::a_rescue_file_is_taken_in_once_also_of_a_tablet_that_was_given_up` |
//! | replayed or guessed enrolment code | `tablets::an_enrolment_code_works_once_within_ten_minutes`, `tablets::codes_are_throttled_and_denials_in_the_audit_bounded` |
//! | stolen cookie after the tablet was given up | `tablets::a_cookie_is_worth_nothing_after_its_tablet_was_given_up` |
//! | stolen cookie without a session, session of another tablet | `tablets::a_session_of_another_tablet_is_refused`, `tablets::a_tablets_token_is_no_session_and_a_session_no_tablet` |
//! | session fixation | `tablets::what_a_client_chooses_is_never_taken_for_a_cookie_or_a_token` |
//! | path tricks at static files and routes | [`no_path_leads_out_of_the_web_app`], `web::path_tricks_lead_nowhere` |
//! | oversized body | [`a_body_beyond_the_limit_is_refused_at_every_route`] |
//! | oversized head | [`a_head_beyond_the_limit_is_refused`] |
//! | deep JSON | [`json_of_any_depth_costs_nothing`] |
//! | slow head | [`a_head_that_comes_byte_by_byte_is_hung_up_on`] |
//! | slow body | [`a_body_that_never_ends_is_given_up`], `tablets::a_slow_request_takes_nothing_from_the_others` |
//! | too many, too long or broken messages on a socket | `sync::what_is_no_message_ends_only_its_own_connection` |
//! | requests that other websites send | [`other_websites_change_nothing_at_any_route`], `tablets::forged_requests_are_refused_whatever_they_carry`, `tablets::the_cookie_is_out_of_reach_for_scripts_and_other_sites` |
//! | script in text | [`script_in_any_name_comes_back_as_json_that_no_browser_runs`], [`every_answer_forbids_foreign_script`] |
//! | guessing passwords, locking others out | `guessing_is_throttled_without_locking_the_owner_out` |
//! | guessing customers by their phones | `lookup::asking_is_throttled_per_person_and_the_audit_knows_how_often` |
//!
//! The server writes neither CSV nor pages of its own, so there are no formulas to defuse yet.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Method, Request, header};
use floorbook_server::database::model::By;
use floorbook_server::http::routes;
use floorbook_shared::access::{Post, Role, Store, StoreSettings};
use floorbook_shared::api::{ApiError, InvitationCode, Tablet, TabletState};
use floorbook_shared::id::{DeviceId, PersonId, StoreId};
use floorbook_tests::api::{ADMINISTRATOR, Browser, OWN_PAGE, PASSWORD, TestApp};
use futures_util::stream;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A name that breaks out of whatever is careless with it.
const SCRIPT: &str = "\"'><script>alert(1)</script>";

fn other_store() -> Store {
    Store {
        id: StoreId::from_bytes([9; 16]),
        code: "HZ2".to_owned(),
        name: "Other".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        settings: StoreSettings::default(),
    }
}

/// Everything that the organisation says of itself, without the version.
fn organisation(app: &TestApp) -> String {
    let scope = app.state.database.scope().unwrap();
    format!(
        "{:?}{:?}{:?}{:?}",
        scope.stores, scope.people, scope.feeds, scope.grants
    )
}

/// Says something to a server and listens until it hangs up, or long enough.
fn say(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    // It may have answered and hung up before everything is said.
    let _ = stream.write_all(request);
    heard(&mut stream)
}

fn heard(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn another_stores_ids_change_nothing_there() {
    let (app, mut administrator) = TestApp::set_up().await;
    let here = app.store();
    app.invite(&mut administrator, "Wang Fang").await;
    app.invite(&mut administrator, "Zhao Min").await;
    let by = By::command_line(app.state.now());
    app.state.database.add_store(&other_store(), by).unwrap();
    let there = other_store().id;
    let new = json!({
        "name": "Manager",
        "posts": [Post::new(there, Role::Manager), Post::new(there, Role::Office)],
    });
    let code: InvitationCode = administrator.post("/api/people", &new).await.json();
    let mut manager = app.tablet(&mut administrator).await;
    manager.join(code.code.expose(), PASSWORD).await;
    let scope = app.state.database.scope().unwrap();
    let named = |name: &str| scope.people.iter().find(|person| person.name == name);
    let (wang, zhao) = (
        named("Wang Fang").unwrap().id,
        named("Zhao Min").unwrap().id,
    );
    let before = organisation(&app);

    // A tablet of the other store is not there for them.
    let wangs = app.tablet(&mut administrator).await;
    let mut wangs_session = wangs.clone();
    let invite = format!("/api/people/{wang}/invite");
    let invited: InvitationCode = administrator.post(&invite, &json!(null)).await.json();
    wangs_session.join(invited.code.expose(), PASSWORD).await;
    let device = wangs.device.unwrap();
    let retire = format!("/api/tablets/{device}/retire");
    let refused = manager.post(&retire, &json!(null)).await;
    assert_eq!(refused.error(), (404, "no_such_tablet".to_owned()));
    let seen: Vec<Tablet> = manager.get("/api/tablets").await.json();
    let seen: Vec<DeviceId> = seen.iter().map(|one| one.standing.device).collect();
    assert_eq!(seen, [manager.device.unwrap()], "theirs, and no other");
    let all: Vec<Tablet> = administrator.get("/api/tablets").await.json();
    let theirs = all.iter().find(|one| one.standing.device == device);
    assert_eq!(theirs.unwrap().standing.state, TabletState::Active);

    // Their own store is named, and the people of another one.
    for store in [here, there] {
        let order = json!({ "store": store, "from": wang, "customers": "all", "to": zhao });
        let answer = manager.post("/api/handovers", &order).await;
        assert!(answer.status.is_client_error(), "{}", answer.text());
    }
    let settings = json!({ "settings": { "books_are_open": true } });
    let me = named("Manager").unwrap().id;
    let more = json!({ "posts": [Post::new(here, Role::Manager)] });
    for (path, change) in [
        (format!("/api/stores/{here}"), &settings),
        (format!("/api/people/{me}"), &more),
        (format!("/api/people/{wang}"), &more),
    ] {
        let body = Body::from(change.to_string());
        let answer = manager.send(Method::PATCH, &path, OWN_PAGE, body).await;
        assert_eq!(answer.error(), (403, "not_allowed".to_owned()), "{path}");
    }
    let import = json!({
        "file_name": "cards.csv",
        "content": "5aeT5ZCNLOmXqOW6lyzpob7pl64K55SyLEhaMSxXYW5nIEZhbmcK",
        "create": [],
        "apply": true,
    });
    let report: Value = manager.post("/api/import/customers", &import).await.json();
    assert_eq!(report["problems"][0]["code"], "store_not_yours", "{report}");
    assert!(app.rows().is_empty());
    assert_eq!(organisation(&app), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_out_of_the_web_app() {
    let (_folder, app) = super::web::web_app();
    let address = app.listen().await;
    let paths = [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/%252e%252e%252fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/assets/..\\..\\secret.txt",
        "/\u{0}/../secret.txt",
        "/index.html%00",
        "/sw.js%00.txt",
        "//secret.txt",
        "/./../secret.txt",
        "/.../secret.txt",
        "/assets/app-1.wasm/../../../secret.txt",
        "file:///etc/passwd",
        "http://elsewhere.test/../secret.txt",
        "/api/../secret.txt",
        "/api/rescue/..%2f..%2fsecret.txt",
        "/api/tablets/..%2f..%2fsecret.txt",
        "/api/stores/%2e%2e",
        "/..;/secret.txt",
        "../secret.txt",
    ];
    tokio::task::spawn_blocking(move || {
        for path in paths {
            let request =
                format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
            let answer = say(address, request.as_bytes());
            assert!(
                matches!(status(&answer), "400" | "404" | "405"),
                "{path:?}: {answer}"
            );
            assert!(!answer.ends_with("secret"), "{path:?}");
        }
        // The test would see the file.
        let request =
            format!("GET /sw.js HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
        assert!(say(address, request.as_bytes()).ends_with("// worker"));
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_at_every_route() {
    let (app, mut administrator) = TestApp::set_up().await;
    let takes_body = |path: &str| {
        ![
            "/sign-out",
            "/invite",
            "/code",
            "/retire",
            "/stolen",
            "/holdings",
            "/emptied",
            "/end",
        ]
        .iter()
        .any(|end| path.ends_with(end))
    };
    let mut tried = 0;
    for route in routes::all() {
        if route.method == Method::GET || !takes_body(route.path) {
            continue;
        }
        let path = route.path.replace("{id}", &app.store().to_string());
        let body = Body::from(vec![b' '; route.body_max_bytes + 1]);
        let answer = administrator
            .send(route.method.clone(), &path, OWN_PAGE, body)
            .await;
        assert_eq!(
            answer.error(),
            (413, "too_large".to_owned()),
            "{} {}",
            route.method,
            route.path
        );
        tried += 1;
    }
    assert!(tried >= 12, "{tried}");
    // Whoever is refused anyway can't even have it read.
    let body = Body::from(vec![b' '; 1024 * 1024]);
    let answer = app
        .browser()
        .send(Method::POST, "/api/rescue", OWN_PAGE, body)
        .await;
    assert_eq!(answer.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_beyond_the_limit_is_refused() {
    let app = TestApp::new();
    let address = app.listen().await;
    tokio::task::spawn_blocking(move || {
        let head = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
        let long = format!("{head}x-long: {}\r\n\r\n", "x".repeat(64 * 1024));
        let many = "x-many: 1\r\n".repeat(200);
        let path = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(70_000));
        for (what, request, expected) in [
            ("a long header", long, &["431"][..]),
            ("many headers", format!("{head}{many}\r\n"), &["431"]),
            ("a long path", path, &["414", "431"]),
        ] {
            let answer = say(address, request.as_bytes());
            // A client that is still sending may find the connection gone before it reads why.
            let told = status(&answer);
            let is_cut = told.is_empty() && request.len() > 32 * 1024;
            assert!(is_cut || expected.contains(&told), "{what}: {answer}");
        }
        let honest = say(address, format!("{head}\r\n").as_bytes());
        assert_eq!(status(&honest), "200");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn json_of_any_depth_costs_nothing() {
    let (_app, mut administrator) = TestApp::set_up().await;
    for (open, close) in [("[", "]"), ("{\"posts\":", "}")] {
        let depth = 6_000;
        let body = open.repeat(depth) + "1" + &close.repeat(depth);
        for path in ["/api/people", "/api/sign-in", "/api/import/customers"] {
            let body = Body::from(body.clone());
            let answer = administrator.send(Method::POST, path, OWN_PAGE, body).await;
            let refused = answer.error();
            assert!(
                [(400, "malformed".to_owned()), (413, "too_large".to_owned())].contains(&refused),
                "{path}: {refused:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_comes_byte_by_byte_is_hung_up_on() {
    const LIMIT: Duration = Duration::from_millis(400);
    let app = TestApp::new();
    let address = app.listen_for_heads_within(LIMIT).await;
    tokio::task::spawn_blocking(move || {
        let head = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\nx-slow: ");
        // At the first request of a connection, and at a later one.
        for before in [0, 1] {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_nodelay(true).unwrap();
            for _ in 0..before {
                let whole = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\n\r\n");
                stream.write_all(whole.as_bytes()).unwrap();
                let mut answer = [0; 4096];
                assert!(stream.read(&mut answer).unwrap() > 0);
            }
            let start = Instant::now();
            stream.write_all(head.as_bytes()).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_millis(20)))
                .unwrap();
            // A byte every now and then keeps no connection open.
            let is_over = |stream: &mut TcpStream| {
                let _ = stream.write_all(b"x");
                let mut answer = [0; 512];
                match stream.read(&mut answer) {
                    Ok(0) => true,
                    Ok(_) => false,
                    Err(error) => !matches!(
                        error.kind(),
                        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                    ),
                }
            };
            while !is_over(&mut stream) {
                assert!(start.elapsed() < Duration::from_secs(20), "after {before}");
            }
            assert!(start.elapsed() >= LIMIT / 2, "not at once: after {before}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let (app, administrator) = TestApp::set_up().await;
    let short = Duration::from_millis(50);
    let routes = routes::all().into_iter().map(|route| route.within(short));
    let router = routes::router_of(routes.collect(), app.state.clone());
    for path in ["/api/enrol", "/api/people", "/api/import/customers"] {
        let never = stream::pending::<Result<Vec<u8>, std::io::Error>>();
        let cookie = format!(
            "__Host-floorbook_device={}",
            administrator.cookie.clone().unwrap()
        );
        let token = administrator.token.clone().unwrap();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::HOST, "floorbook.test")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::COOKIE, cookie)
            .header(header::AUTHORIZATION, format!("Bearer {}", token.expose()))
            .body(Body::from_stream(never))
            .unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 503, "{path}");
        assert!(answer.headers().contains_key(header::RETRY_AFTER));
    }
}

#[tokio::test]
async fn other_websites_change_nothing_at_any_route() {
    let (app, mut administrator) = TestApp::set_up().await;
    app.invite(&mut administrator, "Wang Fang").await;
    let before = organisation(&app);
    let json_type = ("content-type", "application/json");
    let own = ("origin", "http://floorbook.test");
    let forged: [(&[(&str, &str)], _, _); 7] = [
        (
            &[("origin", "https://evil.test"), json_type],
            403,
            "foreign_origin",
        ),
        (&[("origin", "null"), json_type], 403, "foreign_origin"),
        (
            &[("origin", "http://floorbook.test:81"), json_type],
            403,
            "foreign_origin",
        ),
        (
            &[("sec-fetch-site", "cross-site"), json_type],
            403,
            "foreign_origin",
        ),
        (
            &[("sec-fetch-site", "same-site"), own, json_type],
            403,
            "foreign_origin",
        ),
        (&[own, ("content-type", "text/plain")], 415, "not_json"),
        (
            &[own, ("content-type", "multipart/form-data")],
            415,
            "not_json",
        ),
    ];
    for route in routes::all() {
        if route.method == Method::GET {
            continue;
        }
        let path = route.path.replace("{id}", &app.store().to_string());
        for (headers, status, code) in &forged {
            let answer = administrator
                .send(route.method.clone(), &path, headers, Body::from("{}"))
                .await;
            let expected = (*status, (*code).to_owned());
            assert_eq!(answer.error(), expected, "{path} {headers:?}");
        }
    }
    let socket = [
        ("upgrade", "websocket"),
        ("sec-fetch-site", "cross-site"),
        own,
    ];
    let answer = administrator
        .send(Method::GET, "/sync", &socket, Body::empty())
        .await;
    assert_eq!(answer.error(), (403, "foreign_origin".to_owned()));
    assert_eq!(organisation(&app), before);
    // Our own page is still signed in.
    assert_eq!(administrator.get("/api/people").await.status, 200);
}

async fn send(browser: &mut Browser, method: Method, path: &str, body: &Value) -> u16 {
    let body = Body::from(body.to_string());
    let answer = browser.send(method, path, OWN_PAGE, body).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn script_in_any_name_comes_back_as_json_that_no_browser_runs() {
    let (app, mut administrator) = TestApp::set_up().await;
    let store = app.store();
    let tablet = administrator.device.unwrap();
    let person = json!({ "name": SCRIPT, "posts": [Post::new(store, Role::Consultant)] });
    let shop = json!({ "code": "SH1", "name": SCRIPT, "time_zone": "Asia/Shanghai" });
    let renamed = json!({ "name": SCRIPT });
    let browser = &mut administrator;
    assert_eq!(
        send(browser, Method::POST, "/api/people", &person).await,
        200
    );
    assert_eq!(send(browser, Method::POST, "/api/stores", &shop).await, 200);
    let path = format!("/api/tablets/{tablet}");
    assert_eq!(send(browser, Method::PATCH, &path, &renamed).await, 204);
    // Names of codes and zones have no room for any.
    for (field, value) in [("code", SCRIPT), ("time_zone", SCRIPT)] {
        let mut shop = shop.clone();
        shop[field] = json!(value);
        shop["name"] = json!("Third");
        assert_eq!(send(browser, Method::POST, "/api/stores", &shop).await, 422);
    }
    // A card, and a report that quotes the file.
    let import = json!({
        "file_name": SCRIPT,
        "content": base64(&format!("姓名,手机,客户分类\n=HYPERLINK(1),13800000001,{}\n", "<script>")),
        "create": [],
        "apply": true,
    });
    let answer = browser.post("/api/import/customers", &import).await;
    assert!(answer.text().contains("<script>"), "the report quotes it");
    let mut answers = vec![answer];
    for path in [
        "/api/people",
        "/api/stores",
        "/api/tablets",
        "/api/state",
        "/api/handovers",
    ] {
        answers.push(browser.get(path).await);
    }
    answers.push(browser.sign_in(ADMINISTRATOR, PASSWORD).await);
    answers.push(browser.sign_in(SCRIPT, "a wrong password").await);
    answers.push(browser.get("/api/%3Cscript%3E").await);
    let mut seen = 0;
    for answer in answers {
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-disposition"), "");
        let value: Value = answer.json();
        seen += usize::from(value.to_string().contains("<script>"));
    }
    assert!(seen >= 5, "{seen}: what was stored came back as it was");
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[tokio::test]
async fn every_answer_forbids_foreign_script() {
    let (_folder, web) = super::web::web_app();
    let (app, mut administrator) = TestApp::set_up().await;
    let consultant = app.consultant(&mut administrator, "Wang Fang").await;
    let mut browsers = [app.browser(), consultant, administrator];
    let ids = [
        DeviceId::default().to_string(),
        PersonId::default().to_string(),
        app.store().to_string(),
    ];
    let mut answers = Vec::new();
    for route in routes::all() {
        for id in &ids {
            let path = route.path.replace("{id}", id);
            for browser in &mut browsers {
                for (method, headers) in [
                    (route.method.clone(), OWN_PAGE),
                    (Method::DELETE, OWN_PAGE),
                    (Method::POST, &[]),
                ] {
                    let body = Body::from("{}");
                    let answer = browser.send(method.clone(), &path, headers, body).await;
                    answers.push((format!("{method} {path}"), answer));
                }
            }
            if route.path == "/api/sign-out" {
                let [_, consultant, administrator] = &mut browsers;
                consultant.sign_in("Wang Fang", PASSWORD).await;
                administrator.sign_in(ADMINISTRATOR, PASSWORD).await;
            }
        }
    }
    for path in [
        "/",
        "/customers/1",
        "/sw.js",
        "/assets/no.js",
        "/../x",
        "/api/x",
    ] {
        for app in [&app, &web] {
            answers.push((path.to_owned(), app.browser().get(path).await));
        }
    }
    let mut statuses = std::collections::BTreeSet::new();
    for (what, answer) in answers {
        statuses.insert(answer.status.as_u16());
        let policy = answer.header("content-security-policy");
        let script = policy
            .split(';')
            .find(|part| part.trim().starts_with("script-src"));
        assert_eq!(
            script.map(str::trim),
            Some("script-src 'self' 'wasm-unsafe-eval'"),
            "{what}"
        );
        assert!(
            policy.starts_with("default-src 'none';"),
            "{what}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{what}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{what}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
        if answer.status.is_client_error() && !what.ends_with("/sync") {
            let _: ApiError = answer.json();
        }
    }
    for status in [200, 400, 401, 403, 404, 405, 415] {
        assert!(statuses.contains(&status), "{status} in {statuses:?}");
    }
}
