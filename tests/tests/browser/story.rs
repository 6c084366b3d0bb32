//! The whole line: two tablets, one server, kills on both sides.

use std::path::PathBuf;

use floorbook_tests::browser::{Browser, role, text};
use floorbook_tests::server_process::ServerProcess;
use floorbook_tests::stage::Stage;

#[test]
fn probe() {
    let Some(stage) = Stage::find("probe") else { return };
    let profile = tempfile::tempdir().unwrap();
    let server = ServerProcess::start(&stage);
    let browser = Browser::launch(profile.path());
    let page = browser.page(&server.setup_link());
    page.set_locale("en-US");
    page.reload();
    let shot = |name: &str| page.screenshot(&PathBuf::from(format!("/tmp/shots/{name}.png")), 1280, 800, false);
    page.wait_for(&role("button", "Set up the store"));
    shot("p1");
    page.fill("Store code", "HZ1");
    page.fill("Store name", "木禾家居");
    page.fill("Your name", "Li Na");
    page.fill("Choose a password", "four plain old words");
    page.click("button", "Set up the store");
    page.wait_for(&role("link", "Customers"));
    shot("p2");
    page.click("link", "Customers");
    shot("p3");
    page.wait_for(&text("No customers yet"));
    shot("p4");
}
