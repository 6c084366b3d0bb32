//! What the audit tells of refusals and exports, and that nobody fills it by being refused.

use axum::body::Body;
use axum::http::Method;
use floorbook_server::admin::{self, AdminOutcome, AdminRequest, AdminResponse};
use floorbook_server::database::model::{AuditEntry, Deed, Denial, Export};
use floorbook_shared::access::FeedKind;
use floorbook_shared::api::{Holdings, PASSWORD_MIN_CHARS};
use floorbook_tests::api::{OWN_PAGE, PASSWORD, TestApp};
use serde_json::json;

const MINUTE: i64 = 60_000;

fn entries(app: &TestApp) -> Vec<AuditEntry> {
    app.state.database.audit(0, 10_000).unwrap()
}

/// How often somebody was refused for a reason, entry by entry, with those whom the entries name.
fn denied(app: &TestApp, wanted: Denial) -> Vec<(bool, bool, u32)> {
    let told = entries(app).into_iter().filter_map(|entry| {
        if let Deed::Denied { denial, times } = entry.deed
            && denial == wanted
        {
            return Some((entry.device.is_some(), entry.person.is_some(), times));
        }
        None
    });
    told.collect()
}

#[tokio::test]
async fn routes_that_are_refused_are_in_the_audit_once_a_minute_with_their_number() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut wang = app.consultant(&mut administrator, "Wang Fang").await;
    for _ in 0..50 {
        assert_eq!(wang.get("/api/people").await.status, 403);
    }
    // One that the rule lets through and its handler refuses.
    let lookup = json!({ "store": uuid_of_nobody(), "phone": "13800000001" });
    assert_eq!(wang.post("/api/lookup", &lookup).await.status, 403);
    app.state.note_refusals(false).await;
    assert_eq!(denied(&app, Denial::NotAllowed), [(true, true, 1)]);
    app.clock.advance_millis(MINUTE);
    app.state.note_refusals(false).await;
    let both = [(true, true, 1), (true, true, 50)];
    assert_eq!(denied(&app, Denial::NotAllowed), both);

    // Whoever has nothing of ours leaves nothing.
    let before = entries(&app).len();
    let mut stranger = app.browser();
    for _ in 0..50 {
        assert_eq!(stranger.get("/api/people").await.status, 401);
    }
    app.state.note_refusals(true).await;
    assert_eq!(entries(&app).len(), before);
}

fn uuid_of_nobody() -> String {
    "00000000-0000-7000-8000-000000000000".to_owned()
}

#[tokio::test]
async fn sessions_that_are_over_tablets_given_up_codes_and_origins_are_in_the_audit() {
    let (app, mut administrator) = TestApp::set_up().await;
    let mut wang = app.consultant(&mut administrator, "Wang Fang").await;
    let mut stale = wang.clone();
    wang.sign_out().await;
    assert_eq!(stale.get("/api/people").await.status, 401);
    assert_eq!(denied(&app, Denial::Session), [(true, false, 1)]);

    let guess = "0000-0000-0000-0000-0000-0000";
    assert_eq!(wang.join(guess, PASSWORD).await.status, 403);
    assert_eq!(denied(&app, Denial::InvitationCode), [(true, false, 1)]);

    let retire = format!("/api/tablets/{}/retire", wang.device.unwrap());
    administrator.post(&retire, &json!(null)).await;
    assert_eq!(stale.get("/api/people").await.status, 401);
    assert_eq!(denied(&app, Denial::Tablet), [(true, false, 1)]);

    let foreign = [("origin", "https://elsewhere.example")];
    for _ in 0..3 {
        let sent = administrator.send(
            Method::POST,
            "/api/people",
            &foreign,
            Body::from(json!({}).to_string()),
        );
        assert_eq!(sent.await.status, 403);
    }
    assert_eq!(denied(&app, Denial::ForeignOrigin), [(false, false, 1)]);
    let text = serde_json::to_string(&entries(&app)).unwrap();
    assert!(
        !text.contains("elsewhere"),
        "a stranger's words are nowhere"
    );
}

#[tokio::test]
async fn a_wrong_code_to_set_up_is_in_the_audit() {
    let app = TestApp::new();
    let request = json!({
        "code": "0000-0000-0000-0000-0000-0000",
        "name": "Li Na",
        "password": "p".repeat(PASSWORD_MIN_CHARS),
        "store_code": "HZ1",
        "store_name": "Store",
        "time_zone": "Asia/Shanghai",
        "tablet_name": "Front",
    });
    let refused = app.browser().post("/api/setup", &request).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    assert_eq!(denied(&app, Denial::SetupCode), [(false, false, 1)]);
}

#[tokio::test]
async fn whoever_prints_what_a_tablet_held_or_writes_a_backup_is_in_the_audit() {
    let (app, mut administrator) = TestApp::set_up().await;
    let wang = app.consultant(&mut administrator, "Wang Fang").await;
    let device = wang.device.unwrap();
    let path = format!("/api/tablets/{device}/holdings");
    let held: Holdings = administrator.post(&path, &json!(null)).await.json();
    assert_eq!(held.people, ["Wang Fang"]);
    let cards = held
        .books
        .iter()
        .find(|book| book.kind == Some(FeedKind::Cards));
    let cards = cards.unwrap();
    assert_eq!(cards.owner.as_deref(), Some("Wang Fang"));
    assert_eq!(cards.store.as_deref(), Some("HZ1"));
    assert!(cards.is_open && cards.cards.is_empty());
    let of_holdings = Deed::Exported {
        export: Export::Holdings { tablet: device },
        cards: Some(0),
    };
    let last = entries(&app).pop().unwrap();
    assert_eq!(last.deed, of_holdings);
    assert_eq!(last.device, administrator.device);
    assert!(last.person.is_some(), "who did it");

    let show = AdminRequest::Tablets(admin::tablets::TabletRequest::Show {
        tablet: "f02".to_owned(),
    });
    let shown = admin::execute(&app.state, show, &|_| {}).await;
    assert!(matches!(
        shown,
        AdminResponse::Done(AdminOutcome::Tablets(_))
    ));
    assert_eq!(entries(&app).pop().unwrap().deed, of_holdings);

    let folder = tempfile::tempdir().unwrap();
    let back_up = AdminRequest::BackUp {
        file: folder.path().join("backup.redb"),
        replace: false,
    };
    let done = admin::execute(&app.state, back_up, &|_| {}).await;
    assert!(matches!(
        done,
        AdminResponse::Done(AdminOutcome::BackedUp(_))
    ));
    let of_backup = Deed::Exported {
        export: Export::Backup,
        cards: None,
    };
    assert_eq!(entries(&app).pop().unwrap().deed, of_backup);
    let nobody = format!("/api/tablets/{}/holdings", uuid_of_nobody());
    let refused = administrator.post(&nobody, &json!(null)).await;
    assert_eq!(refused.error(), (404, "no_such_tablet".to_owned()));
    // Only what exists can be looked at by its own page.
    let foreign = administrator
        .send(Method::GET, &path, OWN_PAGE, Body::empty())
        .await;
    assert_eq!(foreign.status, 405, "no link leads there");
}
