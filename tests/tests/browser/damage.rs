//! Damaged storage: the app opens, says what is wrong, and heals from the store.

use std::time::Duration;

use floorbook_tests::browser::{css, role, text};
use floorbook_tests::wait;

use crate::tablet::{FOUNDER, Tablet, stage, standing};

/// Overwrites every value of a store of the tablet's database with something else. Runs in a page
/// of the same origin in which the app does not run.
fn damage(store: &str) -> String {
    format!(
        "new Promise((done, failed) => {{ \
            const opening = indexedDB.open('floorbook'); \
            opening.onerror = () => failed(opening.error); \
            opening.onsuccess = () => {{ \
                const database = opening.result; \
                const writing = database.transaction('{store}', 'readwrite'); \
                const values = writing.objectStore('{store}'); \
                let damaged = 0; \
                values.openKeyCursor().onsuccess = ({{ target }}) => {{ \
                    if (target.result === null) return; \
                    values.put(new Uint8Array([1, 0, 0, 0, 0, 7, 7]), target.result.key); \
                    damaged += 1; \
                    target.result.continue(); \
                }}; \
                writing.oncomplete = () => {{ database.close(); done(damaged); }}; \
                writing.onabort = () => failed(writing.error); \
            }}; \
        }})"
    )
}

#[test]
fn a_damaged_storage_opens_says_so_and_heals_from_the_store() {
    let Some(mut server) = stage("a_damaged_storage_opens") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.new_card("王小明", "138 0000 0001");
    tablet.edit("Address", &[("City", "杭州")]);
    tablet.new_card("陈静", "138 0000 0002");
    tablet.wait_until_all_at_store();

    for store in ["rows", "chunks"] {
        let outside = format!("{}/healthz", server.url());
        tablet.page.goto(&outside);
        let damaged: u32 = tablet.page.eval(&damage(store));
        assert!(damaged >= 2, "{damaged} values in {store}");
        server.kill9();
        tablet.page.goto(&server.url());
        tablet.unlock(FOUNDER);
        if store == "rows" {
            tablet.page.wait_for(&css("[data-standing=attention]"));
            tablet.page.click_on(&css(".status-chip"));
            tablet.page.wait_for(&text("can't be read"));
            tablet.assert_no_barriers();
            tablet.page.press("Escape");
        } else {
            tablet.go("Customers");
            tablet.page.click_on(&crate::tablet::row("王小明"));
            tablet.page.wait_for(&text("This card can't be read"));
            tablet.assert_no_barriers();
        }

        server.restart();
        tablet.open_card("王小明");
        tablet.show("File");
        tablet.page.wait_for(&text("杭州"));
        tablet.open_card("陈静");
        tablet.page.wait_for(&css("[data-standing=in-sync]"));
        // Healed for good, not for this time.
        server.kill9();
        tablet.reload(FOUNDER);
        tablet.wait_until_offline();
        tablet.open_card("王小明");
        tablet.page.wait_for(&role("heading", "王小明"));
        server.restart();
        tablet.wait_until_all_at_store();
    }
}

#[test]
fn what_the_disk_does_not_take_is_not_called_saved() {
    let Some(server) = stage("what_the_disk_does_not_take") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_all_at_store();
    tablet.show("File");
    // Opening the tablet counts a try on the disk, so it is opened before the disk is full.
    tablet.page.limit_storage(&server.url(), Some(1));
    wait_until_full(&tablet);
    tablet.page.click("button", "Edit Address");
    tablet.page.fill("City", "杭州");
    tablet
        .page
        .click_on(&role("button", "Save").inside(css(".section-form")));
    tablet
        .page
        .wait_for(&text("Not saved. What you typed is still here."));
    tablet.page.wait_for(&text("The tablet is full"));
    tablet.assert_no_barriers();
    assert_eq!(tablet.page.value("City"), "杭州");
    // Said where everything about saving stands, and taken back by itself once there is room.
    tablet.page.wait_for(&standing("attention"));
    tablet.page.click_on(&css(".status-chip"));
    tablet.page.wait_for(&text(
        "The tablet is full, so nothing new can be saved on it",
    ));
    tablet.assert_no_barriers();
    tablet.page.limit_storage(&server.url(), None);
    tablet
        .page
        .wait_until_gone(&text("so nothing new can be saved on it"));
    tablet.page.press("Escape");
    tablet.page.wait_until_gone(&standing("attention"));
    tablet
        .page
        .click_on(&role("button", "Save").inside(css(".section-form")));
    tablet.page.wait_for(&role("button", "Edit Address"));
    tablet.page.wait_for(&text("杭州"));
    tablet.wait_until_all_at_store();
}

/// The browser remembers for half a minute how much room there was.
fn wait_until_full(tablet: &Tablet) {
    let probe = "new Promise((done) => { \
        const asked = indexedDB.open('probe'); \
        asked.onupgradeneeded = () => asked.result.createObjectStore('probe'); \
        asked.onerror = () => done(true); \
        asked.onsuccess = () => { \
            const writing = asked.result.transaction('probe', 'readwrite'); \
            writing.objectStore('probe').put('x'.repeat(1000), 'x'); \
            writing.onabort = () => { asked.result.close(); done(true); }; \
            writing.oncomplete = () => { asked.result.close(); done(false); }; \
        }; })";
    wait::within(Duration::from_secs(60), "a full disk", || {
        Ok(tablet.page.try_eval::<bool>(probe)?.then_some(()))
    })
    .unwrap();
}
