//! The demonstration: made once, open to its people, refused beside real data.

use axum::http::StatusCode;
use floorbook_server::access::tablets::issue_code;
use floorbook_server::database::model::By;
use floorbook_server::demo::prepare;
use floorbook_tests::api::TestApp;

#[tokio::test]
async fn a_demonstration_is_made_once_and_its_passwords_are_new_at_every_start() {
    let app = TestApp::new();
    let people = prepare(&app.state).await.unwrap();
    assert_eq!(people.len(), 7);
    let rows = app.rows();
    assert_eq!(rows.len(), 300);
    assert_eq!(rows.iter().filter(|row| row.conflicts > 0).count(), 3);
    assert!(rows.iter().any(|row| row.phones.is_empty()));
    assert!(rows.iter().any(|row| row.last_contact.is_some()));
    let mut tablet = app.browser();
    let code = issue_code(&app.state, By::command_line(app.state.now()));
    tablet.enrol(code.await.unwrap().code.expose()).await;
    for person in &people {
        let answer = tablet.sign_in(&person.name, person.password.expose()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }

    let (heads, scope) = (app.heads(), app.state.database.scope().unwrap());
    let again = prepare(&app.state).await.unwrap();
    assert_eq!(
        (app.heads(), app.state.database.scope().unwrap()),
        (heads, scope)
    );
    let (old, new) = (&people[0], &again[0]);
    assert_ne!(old.password, new.password);
    let answer = tablet.sign_in(&old.name, old.password.expose()).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_demonstration_that_was_half_made_is_completed() {
    let app = TestApp::new();
    prepare(&app.state).await.unwrap();
    let database = &app.state.database;
    let mut mark = database.demo().unwrap().unwrap();
    assert!(mark.is_complete);
    mark.is_complete = false;
    database.mark_demo(mark).unwrap();
    let heads = app.heads();
    // Another day, and the demonstration keeps its own.
    app.clock.advance_millis(5 * 86_400_000);
    prepare(&app.state).await.unwrap();
    assert_eq!(app.heads(), heads);
    assert!(database.demo().unwrap().unwrap().is_complete);
}

#[tokio::test]
async fn a_demonstration_never_touches_real_data() {
    let (app, _) = TestApp::set_up().await;
    let before = app.state.database.scope().unwrap();
    assert!(prepare(&app.state).await.is_err());
    assert_eq!(app.state.database.scope().unwrap(), before);
    assert!(app.rows().is_empty());
}
