//! The app's shell: what is on the tablet before anybody has signed in.

use floorbook_tests::browser::{Browser, role, text};
use floorbook_tests::stage::Stage;
use floorbook_tests::static_files::StaticFiles;

#[test]
fn the_app_opens_without_a_server_once_it_has_been_opened_with_one() {
    let Some(stage) = Stage::find("the_app_opens_without_a_server") else {
        return;
    };
    let profile = tempfile::tempdir().unwrap();
    let mut server = StaticFiles::serve(&stage.web);
    let mut browser = Browser::launch(profile.path());

    let page = browser.page(&server.url());
    page.wait_for(&role("heading", "Floorbook"));
    page.wait_for(&text("answered"));
    page.wait_for_service_worker();
    page.assert_no_barriers();

    server.stop();
    page.reload();
    page.wait_for(&text("answered"));

    // Killed without a warning, the tablet still has the app.
    browser.kill();
    browser.reopen();
    let page = browser.page(&format!("{}/customers", server.url()));
    page.wait_for(&text("answered"));
}
