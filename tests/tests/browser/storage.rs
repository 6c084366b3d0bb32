//! The storage itself: IndexedDB passes what its stand-ins pass, and what is done when it fails.

use std::fs;
use std::path::Path;

use floorbook_shared::device::storage::{Read, StorageError, StoreName, Transaction};
use floorbook_tests::browser::{Browser, Page, css, role, text};
use floorbook_tests::stage::Stage;
use floorbook_tests::static_files::StaticFiles;
use floorbook_tests::storage_conformance::{Subject, check, larger_than_the_disk};
use floorbook_tests::tablet_storage::Entries;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::tablet::{FOUNDER, PASSWORD, Tablet, row, stage};

/// The storage code of the worker, loaded into a page of its own.
struct InBrowser<'a> {
    page: &'a Page,
    load: String,
}

impl<'a> InBrowser<'a> {
    fn open(page: &'a Page, web: &Path) -> Self {
        let asset = |ending: &str| {
            let files = fs::read_dir(web.join("assets")).unwrap().flatten();
            let mut names = files.map(|file| file.file_name().into_string().unwrap());
            let is_wanted = |name: &String| {
                let is_program = name.starts_with("worker-") && !name.starts_with("worker-boot");
                is_program && name.ends_with(ending)
            };
            names.find(is_wanted).unwrap()
        };
        let (script, program) = (asset(".js"), asset(".wasm"));
        let load = format!(
            "globalThis.suite ??= import('/assets/{script}').then(async (worker) => {{ \
                await worker.default({{ module_or_path: '/assets/{program}' }}); \
                return worker; \
            }})"
        );
        Self { page, load }
    }

    fn ask<T: DeserializeOwned>(&self, function: &str, argument: &impl Serialize) -> T {
        let argument = serde_json::to_string(argument).unwrap();
        // A string in a string: as JSON it is one of JavaScript's, too.
        let argument = serde_json::to_string(&argument).unwrap();
        let load = &self.load;
        let answer: String = self.page.eval(&format!(
            "({load}).then((worker) => worker.{function}({argument}))"
        ));
        serde_json::from_str(&answer).unwrap()
    }
}

impl Subject for InBrowser<'_> {
    fn read(&mut self, read: &Read) -> Result<Entries, StorageError> {
        self.ask("suite_read", read)
    }

    fn write(&mut self, transaction: &Transaction) -> Result<(), StorageError> {
        self.ask("suite_write", transaction)
    }

    fn reopen(&mut self) {
        self.page.reload();
    }
}

#[test]
fn the_storage_of_a_browser_does_what_its_stand_ins_do() {
    let Some(stage) = Stage::find("the_storage_of_a_browser") else {
        return;
    };
    let profile = tempfile::tempdir().unwrap();
    let server = StaticFiles::serve(&stage.web);
    // No page of the app: it would use the same database.
    let nowhere = format!("{}/manifest.webmanifest", server.url());
    let mut browser = Browser::launch(profile.path());
    let page = browser.page(&nowhere);
    let mut storage = InBrowser::open(&page, &stage.web);
    check(&mut storage, 1);
    let all = |store| Read {
        id: 1,
        store,
        prefix: String::new(),
    };
    let stores = [StoreName::Meta, StoreName::Chunks];
    let before = stores.map(|store| storage.read(&all(store)).unwrap());
    drop(storage);
    page.close();

    // The browser remembers for a while how much room there was: only a new one looks at once.
    browser.kill();
    browser.reopen();
    let page = browser.page(&nowhere);
    page.limit_storage(&server.url(), Some(300_000));
    let mut storage = InBrowser::open(&page, &stage.web);
    let failed = storage.write(&larger_than_the_disk());
    let code = failed.map_err(|error| error.code);
    assert_eq!(code, Err("quota".to_owned()));
    let after = stores.map(|store| storage.read(&all(store)).unwrap());
    assert!(before == after, "a transaction that failed left something");
    page.limit_storage(&server.url(), None);
    assert_eq!(storage.write(&larger_than_the_disk()), Ok(()));
    let after = storage.read(&all(StoreName::Meta)).unwrap();
    assert!(after.iter().any(|(key, _)| key == "halfway"));
}

/// Opens the tablet's database as a newer version of the app would, which closes it under the
/// running one, and then leaves it as it is.
const MAKE_WAY: &str = "new Promise((done) => { \
    const opening = indexedDB.open('floorbook', 2); \
    opening.onupgradeneeded = () => opening.transaction.abort(); \
    opening.onerror = (event) => { event.preventDefault(); done(true); }; \
})";

const DELETE: &str = "new Promise((done, failed) => { \
    const deleting = indexedDB.deleteDatabase('floorbook'); \
    deleting.onsuccess = () => done(true); \
    deleting.onerror = () => failed(deleting.error); \
})";

#[test]
fn a_storage_that_is_closed_opens_again_and_one_that_is_deleted_is_not_worked_on() {
    let Some(server) = stage("a_storage_that_is_closed_opens_again") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.new_card("王小明", "138 0000 0001");
    assert!(tablet.page.eval::<bool>(MAKE_WAY));
    tablet.edit("Address", &[("City", "杭州")]);
    tablet.wait_until_all_at_store();
    assert!(!tablet.page.shows(&role("button", "Start again")));

    assert!(tablet.page.eval::<bool>(DELETE));
    tablet
        .page
        .wait_for(&text("The data on this tablet were deleted"));
    tablet.assert_no_barriers();
    tablet.page.click("button", "Start again");
    tablet.page.wait_for(&role("heading", "Sign in"));
    tablet.page.fill("Your name", FOUNDER);
    tablet.page.fill("Password", PASSWORD);
    tablet.page.click("button", "Sign in");
    tablet.choose_pin();
    tablet.wait_until_all_at_store();
    tablet.go("Customers");
    tablet.page.click_on(&row("王小明"));
    tablet.show("File");
    tablet.page.wait_for(&text("杭州"));
}

#[test]
fn the_status_says_whether_the_browser_keeps_the_data() {
    let Some(server) = stage("the_status_says_whether_the_browser_keeps") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    // Left alone, the browser decides by how much the site was used.
    for (setting, said) in [("denied", "not-granted"), ("granted", "granted")] {
        let answer = serde_json::json!({
            "origin": server.url(),
            "permission": { "name": "persistent-storage" },
            "setting": setting,
        });
        tablet.page.call("Browser.setPermission", answer).unwrap();
        tablet.reload(FOUNDER);
        tablet.page.click_on(&css(".status-chip"));
        tablet
            .page
            .wait_for(&css(&format!("[data-keeping={said}]")));
        tablet.page.wait_for(&text("used of"));
        tablet.assert_no_barriers();
    }
}
