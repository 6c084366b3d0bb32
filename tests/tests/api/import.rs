//! Importing customers over the route: who may, what is written, and that twice is once.

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use floorbook_server::database::model::Deed;
use floorbook_shared::access::Role;
use floorbook_shared::api::{ImportRequest, InvitationCode};
use floorbook_shared::import::problem::ProblemCode;
use floorbook_shared::import::{Creation, ImportReport};
use floorbook_tests::api::{Browser, PASSWORD, TestApp};
use serde_json::json;

const EXTRACT: &[u8] = include_bytes!("../../../shared/src/import/testdata/customers_extract.csv");

fn request(content: &[u8], create: &[Creation], apply: bool) -> ImportRequest {
    ImportRequest {
        file_name: "customers.csv".to_owned(),
        content: STANDARD.encode(content),
        create: create.to_vec(),
        apply,
    }
}

async fn import(browser: &mut Browser, request: &ImportRequest) -> ImportReport {
    let answer = browser.post("/api/import/customers", request).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

/// Imports for good with everything created that is missing.
async fn import_all(browser: &mut Browser, content: &[u8]) -> ImportReport {
    let dry = import(browser, &request(content, &[], false)).await;
    import(browser, &request(content, &dry.missing, true)).await
}

#[tokio::test]
async fn a_dry_run_writes_nothing_and_says_what_is_missing() {
    let (app, mut browser) = TestApp::set_up().await;
    let before = app.state.database.scope().unwrap();
    let report = import(&mut browser, &request(EXTRACT, &[], false)).await;
    assert!(!report.applied);
    assert_eq!(report.encoding, "UTF-8 (BOM)");
    assert_eq!(
        (report.created, report.waiting),
        (0, report.rows - report.rejected)
    );
    assert!(report.missing.contains(&Creation::Store {
        code: "SZ1".to_owned()
    }));
    assert_eq!(app.state.database.scope().unwrap(), before);
    assert!(app.rows().is_empty());
}

#[tokio::test]
async fn imported_cards_reach_the_log_and_a_second_import_changes_nothing() {
    let (app, mut browser) = TestApp::set_up().await;
    let mut told = app.state.watch_scope();
    let report = import_all(&mut browser, EXTRACT).await;
    assert!(report.applied);
    assert!(told.has_changed().unwrap(), "tablets hear of new stores");
    told.mark_unchanged();
    assert!(report.created > 30, "{report:?}");
    assert_eq!((report.missing.len(), report.waiting), (0, 0));
    assert_eq!(report.created + report.rejected, report.rows);
    let rows = app.rows();
    assert_eq!(rows.len(), report.created as usize);
    let xia = rows
        .iter()
        .find(|row| row.number == "SZ1-T01-0001")
        .unwrap();
    assert_eq!(
        (xia.name.as_str(), xia.wechat.as_str()),
        ("夏勇", "15149303891")
    );

    let scope = app.state.database.scope().unwrap();
    let new_store = scope
        .stores
        .iter()
        .find(|store| store.code == "SZ1")
        .unwrap();
    assert_eq!(
        (new_store.name.as_str(), new_store.time_zone.as_str()),
        ("SZ1", "Asia/Shanghai")
    );
    let audit = app.state.database.audit(0, 1000).unwrap();
    assert!(audit.iter().any(|entry| entry.deed
        == Deed::Imported {
            rows: report.rows,
            created: report.created
        }));

    let before = app.heads();
    let again = import_all(&mut browser, EXTRACT).await;
    assert_eq!((again.created, again.completed), (0, 0));
    assert_eq!(again.unchanged, report.created);
    assert_eq!(app.heads(), before);
    assert_eq!(app.state.database.scope().unwrap(), scope);
    assert!(!told.has_changed().unwrap());
}

#[tokio::test]
async fn an_import_that_broke_off_is_completed_by_the_next_one() {
    let (app, mut browser) = TestApp::set_up().await;
    // What a crash leaves: the stores, and the cards of the first half.
    let text = std::str::from_utf8(EXTRACT).unwrap();
    let middle = text.match_indices("\nSZ1").nth(10).unwrap().0 + 1;
    let half = import_all(&mut browser, &text.as_bytes()[..middle]).await;
    let whole = import_all(&mut browser, EXTRACT).await;
    assert_eq!(whole.unchanged, half.created);
    assert_eq!(whole.created + half.created + whole.rejected, whole.rows);
    assert_eq!(app.rows().len(), (whole.created + half.created) as usize);
}

#[tokio::test]
async fn one_person_in_two_stores_has_a_book_in_each() {
    let (app, mut browser) = TestApp::set_up().await;
    let file =
        "门店,姓名,手机,顾问\nHZ1,甲一,13800000001,王 芳\n苏州园区店,乙二,13800000002,王芳\n";
    let report = import_all(&mut browser, file.as_bytes()).await;
    assert_eq!((report.created, report.waiting), (2, 0), "{report:?}");
    let scope = app.state.database.scope().unwrap();
    assert_eq!((scope.stores.len(), scope.people.len()), (2, 2));
    let wang = scope
        .people
        .iter()
        .find(|person| !person.has_role(Role::Admin))
        .unwrap();
    assert_eq!(wang.stores().len(), 2);
    for store in &scope.stores {
        assert!(scope.cards_feed(store.id, wang.id).is_some());
    }
    // A name is no code, so the store got a free one and keeps its name.
    let second = scope
        .stores
        .iter()
        .find(|store| store.name == "苏州园区店")
        .unwrap();
    assert_eq!(second.code, "S1");
    let again = import_all(&mut browser, file.as_bytes()).await;
    assert_eq!((again.created, again.completed, again.unchanged), (0, 0, 2));
}

#[tokio::test]
async fn a_card_without_number_is_recognised_when_its_name_was_repaired() {
    let (app, mut browser) = TestApp::set_up().await;
    let file = |name| format!("姓名,手机\n{name},138 0000 0001\n");
    let first = import_all(&mut browser, file("李?").as_bytes()).await;
    assert_eq!(first.created, 1, "{first:?}");
    let repaired = import_all(&mut browser, file("李𠮷").as_bytes()).await;
    assert_eq!((repaired.created, repaired.completed), (0, 1));
    let again = import_all(&mut browser, file("李𠮷").as_bytes()).await;
    assert_eq!((again.created, again.completed, again.unchanged), (0, 0, 1));
    let names: Vec<String> = app.rows().into_iter().map(|row| row.name).collect();
    assert_eq!(names, ["李𠮷"]);
}

#[tokio::test]
async fn a_card_beyond_all_limits_costs_its_row_only() {
    let (app, mut browser) = TestApp::set_up().await;
    // Each value is within its limit; together they are more than a change can carry.
    let headers: Vec<String> = (0..60).map(|number| format!("栏目{number}")).collect();
    let values = vec!["长".repeat(450); 60];
    let file = format!(
        "姓名,手机,{}\n甲一,13800000001,{}\n乙二,13800000002,{}\n",
        headers.join(","),
        values.join(","),
        ",".repeat(59)
    );
    for apply in [false, true] {
        let report = import(&mut browser, &request(file.as_bytes(), &[], apply)).await;
        assert_eq!((report.created, report.rejected), (1, 1), "{report:?}");
        let too_large = ProblemCode::CardTooLarge.code();
        let problem = report
            .problems
            .iter()
            .find(|problem| problem.code == too_large);
        let problem = problem.unwrap();
        assert_eq!((problem.line, problem.value.as_str()), (2, "甲一"));
    }
    assert_eq!(app.rows().len(), 1);
}

#[tokio::test]
async fn the_office_imports_into_its_own_store_and_is_told_what_else_is_needed() {
    let (app, mut browser) = TestApp::set_up().await;
    app.invite(&mut browser, "王芳").await;
    let other = json!({ "code": "SZ1", "name": "苏州店", "time_zone": "Asia/Shanghai" });
    assert_eq!(browser.post("/api/stores", &other).await.status, 200);
    let new = json!({
        "name": "Office",
        "posts": [{ "store": app.store(), "role": "office" }],
    });
    let code: InvitationCode = browser.post("/api/people", &new).await.json();
    let mut office = app.tablet(&mut browser).await;
    office.join(code.code.expose(), PASSWORD).await;

    let file = "姓名,手机,门店,顾问\n甲,13800000001,HZ1,王芳\n乙,13800000002,苏州店,王芳\n\
                丙,13800000003,HZ1,\n丁,13800000004,新店,孙丽\n";
    for apply in [false, true] {
        let report = import(&mut office, &request(file.as_bytes(), &[], apply)).await;
        let fatal = report.problems.iter().filter(|problem| problem.is_fatal);
        let told: Vec<_> = fatal.map(|p| (p.line, p.code.as_str())).collect();
        assert_eq!(
            told,
            [
                (3, "store_not_yours"),
                (4, "consultant_needed"),
                (5, "store_not_yours")
            ]
        );
        assert_eq!((report.created, report.rejected, report.waiting), (1, 3, 0));
    }
    assert_eq!(app.rows().len(), 1);
    let store = Creation::Store {
        code: "新店".to_owned(),
    };
    let refused = office
        .post(
            "/api/import/customers",
            &request(file.as_bytes(), &[store], false),
        )
        .await;
    assert_eq!(refused.error(), (403, "not_allowed".to_owned()));
    // The same file by an administrator brings the rest, but for the row of nobody.
    let report = import_all(&mut browser, file.as_bytes()).await;
    assert_eq!((report.created, report.unchanged), (3, 1), "{report:?}");
    let mut problems = report.problems.iter();
    assert!(problems.any(|problem| problem.code == "store_unmanaged" && problem.value == "新店"));
}

#[tokio::test]
async fn only_administrators_import_and_bad_files_have_a_code() {
    let (app, mut browser) = TestApp::set_up().await;
    let mut consultant = app.consultant(&mut browser, "Wang Fang").await;
    let good = request(EXTRACT, &[], true);
    let refused = consultant.post("/api/import/customers", &good).await;
    assert_eq!(refused.error(), (403, "not_allowed".to_owned()));
    for (content, expected) in [
        (b"".as_slice(), (422, "file_empty")),
        (b"PK\x03\x04 zip", (422, "file_not_text")),
        (
            "门店,电话\nHZ1,138\n".as_bytes(),
            (422, "name_column_missing"),
        ),
    ] {
        let answer = browser
            .post("/api/import/customers", &request(content, &[], true))
            .await;
        assert_eq!(answer.error(), (expected.0, expected.1.to_owned()));
    }
    let mut broken = request(b"", &[], true);
    broken.content = "no base64!".to_owned();
    let answer = browser.post("/api/import/customers", &broken).await;
    assert_eq!(answer.error(), (400, "malformed".to_owned()));
    // Larger than other routes take, and read all the same.
    let large = request(&"x".repeat(200_000).into_bytes(), &[], true);
    let answer = browser.post("/api/import/customers", &large).await;
    assert_eq!(answer.error(), (422, "name_column_missing".to_owned()));
    assert!(app.rows().is_empty());
}

#[tokio::test]
async fn the_whole_sample_is_imported() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = std::env::var("FLOORBOOK_SAMPLE").unwrap_or_else(|_| beside.to_owned());
    let Ok(content) = std::fs::read(format!("{folder}/customers.csv")) else {
        use std::io::Write;
        // Not `eprintln!`, which the test runner keeps to itself when a test passes.
        let _ = writeln!(
            std::io::stderr(),
            "skipped `the_whole_sample_is_imported`: set FLOORBOOK_SAMPLE to the folder of \
             customers.csv"
        );
        return;
    };
    let (app, mut browser) = TestApp::set_up().await;
    let report = import_all(&mut browser, &content).await;
    assert_eq!((report.rows, report.created), (600, 600));
    assert_eq!(app.rows().len(), 600);
    let again = import_all(&mut browser, &content).await;
    assert_eq!(
        (again.created, again.completed, again.unchanged),
        (0, 0, 600)
    );
}
