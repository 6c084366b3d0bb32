//! The app's shell: what is on the tablet before anybody has signed in.

use std::fs;
use std::path::Path;
use std::time::Duration;

use floorbook_tests::browser::{Browser, Locator, role};
use floorbook_tests::stage::Stage;
use floorbook_tests::static_files::StaticFiles;
use floorbook_tests::wait;

/// Chromium lets the old version finish: it has seen nothing to do for 30 s, or at once (measured:
/// 1 s or 31 s, as it happens).
const CHANGE_OF_VERSIONS: Duration = Duration::from_secs(90);

#[test]
fn the_app_opens_without_a_server_once_it_has_been_opened_with_one() {
    let Some(stage) = Stage::find("the_app_opens_without_a_server") else {
        return;
    };
    let profile = tempfile::tempdir().unwrap();
    let mut server = StaticFiles::serve(&stage.web);
    let mut browser = Browser::launch(profile.path());

    let page = browser.page(&server.url());
    page.wait_for(&signed_out());
    page.wait_for_service_worker();
    page.assert_no_barriers();

    server.stop();
    page.reload();
    page.wait_for(&signed_out());

    // Killed without a warning, the tablet still has the app.
    browser.kill();
    browser.reopen();
    let page = browser.page(&format!("{}/customers", server.url()));
    page.wait_for(&signed_out());
}

#[test]
fn a_new_version_waits_until_the_page_lets_it_take_over() {
    let Some(stage) = Stage::find("a_new_version_waits") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web");
    copy(&stage.web, &web);
    let server = StaticFiles::serve(&web);
    let browser = Browser::launch(&folder.path().join("profile"));
    let page = browser.page(&server.url());
    page.wait_for_service_worker();
    page.reload();
    let first: Vec<String> = page.eval("caches.keys()");

    replace(&web.join("index.html"), "<title>", "<title>New ");
    replace(
        &web.join("sw.js"),
        "const VERSION = \"",
        "const VERSION = \"new-",
    );
    page.eval::<bool>(
        "navigator.serviceWorker.ready.then((registration) => registration.update()).then(() => true)",
    );
    page.wait_until(
        "a waiting version",
        "navigator.serviceWorker.ready.then((registration) => registration.waiting?.state === 'installed')",
    );
    page.reload();
    let title: String = page.eval("document.title");
    assert!(
        !title.starts_with("New "),
        "the new version did not wait: {title}"
    );

    page.eval::<bool>(
        "navigator.serviceWorker.ready.then((registration) => \
         (registration.waiting.postMessage({ type: 'activate' }), true))",
    );
    let is_over = "navigator.serviceWorker.ready.then(({ active, waiting }) => \
         waiting === null && active.state === 'activated')";
    wait::within(CHANGE_OF_VERSIONS, "the end of waiting", || {
        Ok(page.try_eval::<bool>(is_over)?.then_some(()))
    })
    .unwrap();
    page.reload();
    let title: String = page.eval("document.title");
    assert!(
        title.starts_with("New "),
        "the old version is still there: {title}"
    );
    let second: Vec<String> = page.eval("caches.keys()");
    assert_eq!((first.len(), second.len()), (1, 1));
    assert_ne!(first, second);
}

#[test]
fn a_version_that_is_not_wholly_there_is_not_kept() {
    let Some(stage) = Stage::find("a_version_that_is_not_wholly_there") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let web = folder.path().join("web");
    copy(&stage.web, &web);
    // A folder without a page: the server answers with an error.
    fs::create_dir(web.join("missing")).unwrap();
    replace(&web.join("sw.js"), "\"/icons/icon.svg\"", "\"/missing\"");
    let server = StaticFiles::serve(&web);
    let browser = Browser::launch(&folder.path().join("profile"));
    let page = browser.page(&server.url());
    // The same script is not installed twice at a time, so this joins the installation under way.
    let failure: String = page.eval(
        "navigator.serviceWorker.register('/sw.js', { scope: '/', updateViaCache: 'none' })\
         .then(({ installing }) => new Promise((done) => \
           installing.addEventListener('statechange', () => done(installing.state))))",
    );
    assert_eq!(failure, "redundant");
    // The page registers it as well: that installation may still be on its way to the same end.
    page.wait_until(
        "that nothing is kept",
        "caches.keys().then((names) => names.length === 0)",
    );
    browser.take_errors();
}

/// The heading of the page on which a browser becomes a tablet, in the language that the app begins
/// with: the worker has opened the storage and found nobody.
fn signed_out() -> Locator {
    role("heading", "这台平板还没有登记")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

fn replace(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(from), "{} holds no {from}", file.display());
    fs::write(file, text.replacen(from, to, 1)).unwrap();
}
