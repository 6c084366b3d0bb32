//! Passwords, codes and names stay out of logs and debug output.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use floorbook_tests::api::*;

/// A log that a test can read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("the log").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn secrets_and_names_never_get_into_the_log() {
    let log = Log::default();
    let writer = log.clone();
    // For all threads, also those that ask the database and hash passwords. Tests beside this one
    // write into it too, and must keep to the rule as well.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();
    let (app, mut administrator) = TestApp::set_up().await;
    let setup_code = app.state.draw_setup_code();
    let code = app.invite(&mut administrator, "Wang Fang").await.code;
    let enrolment = administrator.post("/api/tablets/code", &serde_json::json!(null));
    let enrolment: floorbook_shared::api::EnrolmentCode = enrolment.await.json();
    let mut browser = app.browser();
    browser.enrol(enrolment.code.expose()).await;
    browser.join(code.expose(), "Wang Fang's password").await;
    browser.sign_in("Wang Fang", "a wrong password").await;
    browser.get("/api/state?secret=in-the-query").await;
    let session = administrator.token.clone().unwrap();
    let cookie = administrator.cookie.clone().unwrap();
    // Names are compared in lower case, so that is how one could slip out too.
    let text = String::from_utf8(log.0.lock().unwrap().clone())
        .unwrap()
        .to_lowercase();
    assert!(text.contains("/api/sign-in"), "the log was read: {text}");
    let secrets = [
        setup_code.as_str(),
        code.expose(),
        session.expose(),
        &cookie,
        &cookie[32..],
        enrolment.code.expose(),
        PASSWORD,
        ADMINISTRATOR,
        "Wang Fang",
        "a wrong password",
        "in-the-query",
        "argon2id",
    ];
    for secret in secrets {
        assert!(
            !text.contains(&secret.to_lowercase()),
            "{secret:?} is in the log"
        );
    }
}

#[tokio::test]
async fn secrets_do_not_show_themselves_in_debug_output() {
    let (app, _) = TestApp::set_up().await;
    let account = app
        .state
        .database
        .account_named(ADMINISTRATOR)
        .unwrap()
        .unwrap();
    let hash = account.password.clone().unwrap();
    for text in [
        format!("{account:?}"),
        format!("{hash:?}"),
        format!("{:?}", app.state),
    ] {
        assert!(!text.contains("argon2id"), "{text}");
    }
    assert!(hash.as_phc().contains("argon2id"));
    let request = format!("{:?}", setup_request("7K2M-0000"));
    assert!(!request.contains(PASSWORD) && !request.contains("7K2M"));
}
