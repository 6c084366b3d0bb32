//! A real change on which the program traps: its card is set aside, nothing typed is lost, the
//! rest goes on.

use floorbook_server::access::master;
use floorbook_server::clock::SystemRandomness;
use floorbook_server::keeping::DataPlace;
use floorbook_shared::device::record::{Home, chunk_key};
use floorbook_shared::device::storage::{StoreName, seal};
use floorbook_shared::id::DocumentId;
use floorbook_tests::browser::{css, role, text};
use floorbook_tests::server_process::ServerProcess;
use floorbook_tests::wait;

use crate::tablet::{FOUNDER, Tablet, row, stage, standing};

/// A change that the library panics on; the core's tests say how it is made and that it still is.
const POISON: &str = include_str!("../../../shared/tests/golden/poison.hex");

/// Poisons the card that is open on this tablet alone, and leaves the app.
fn poison_here(tablet: &Tablet, server: &ServerProcess) {
    let outside = server.url();
    let path: String = tablet.page.eval("location.pathname");
    let card = path.rsplit('/').next().unwrap();
    let card: DocumentId = card.parse().unwrap();
    let poison = hex::decode(POISON.trim()).unwrap();
    tablet.page.goto(&format!("{outside}/healthz"));
    let feed: String = tablet.page.eval(&format!(
        "new Promise((done, failed) => {{ \
            const opening = indexedDB.open('floorbook'); \
            opening.onerror = () => failed(opening.error); \
            opening.onsuccess = () => {{ \
                const reading = opening.result.transaction('chunks').objectStore('chunks').getAllKeys(); \
                reading.onsuccess = () => {{ \
                    opening.result.close(); \
                    done(reading.result.find((key) => key.includes('/{card}/')).split('/')[0]); \
                }}; \
                reading.onerror = () => failed(reading.error); \
            }}; \
        }})"
    ));
    let home = Home {
        feed: feed.parse().unwrap(),
        document: card,
    };
    let asked =
        "fetch('/api/state').then((answer) => answer.json()).then(({ tablet }) => tablet.device)";
    let device: String = tablet.page.eval(asked);
    let file = DataPlace::new(server.data()).master();
    let master = master::read(&file).unwrap().unwrap();
    let feed_key = master.feed_key(device.parse().unwrap(), home.feed);
    let key = chunk_key(home, &poison);
    let chunks = StoreName::Chunks;
    let value = seal(&feed_key, chunks, &key, &poison, &mut SystemRandomness);
    let written: bool = tablet.page.eval(&format!(
        "new Promise((done, failed) => {{ \
            const opening = indexedDB.open('floorbook'); \
            opening.onerror = () => failed(opening.error); \
            opening.onsuccess = () => {{ \
                const writing = opening.result.transaction('chunks', 'readwrite'); \
                writing.objectStore('chunks').put(new Uint8Array({value:?}), '{key}'); \
                writing.oncomplete = () => {{ opening.result.close(); done(true); }}; \
                writing.onabort = () => failed(writing.error); \
            }}; \
        }})"
    ));
    assert!(written);
}

/// Waits for so many traps, which must be the ones that the poison makes. The browser reports each
/// of them twice, as a call of the console and as an entry of the log.
fn take_traps(tablet: &Tablet, count: usize) {
    let mut errors = Vec::new();
    wait::until("the traps", || {
        tablet.page.try_eval::<bool>("true")?;
        errors.extend(tablet.browser.take_errors());
        Ok((errors.len() >= 2 * count).then_some(()))
    })
    .unwrap();
    let is_trap = |error: &&String| error.contains("Missing from Index");
    let traps = errors.iter().filter(is_trap).count();
    assert_eq!((traps, errors.len()), (2 * count, 2 * count), "{errors:#?}");
}

#[test]
fn a_card_that_traps_is_set_aside_and_the_others_work() {
    let Some(mut server) = stage("a_card_that_traps_is_set_aside") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.new_card("陈静", "138 0000 0002");
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_all_at_store();
    poison_here(&tablet, &server);
    server.kill9();
    tablet.page.goto(&server.url());
    tablet.unlock(FOUNDER);
    tablet.go("Customers");
    tablet.page.click_on(&row("王小明"));
    tablet.page.wait_for(&text("This card can't be opened"));
    tablet.page.wait_for(&role("heading", "王小明"));
    tablet.assert_no_barriers();
    take_traps(&tablet, 1);

    tablet.open_card("陈静");
    tablet.log_call("看了餐桌", "发报价");
    tablet.page.wait_for(&standing("attention"));
    tablet.page.click_on(&css(".status-chip"));
    tablet.page.wait_for(&text("1 card can't be opened"));
    tablet.assert_no_barriers();
    tablet.page.press("Escape");

    // It stays aside: opening the app and the card does not trap again.
    tablet.reload(FOUNDER);
    tablet.go("Customers");
    tablet.page.click_on(&row("王小明"));
    tablet.page.wait_for(&text("This card can't be opened"));
    assert_eq!(tablet.browser.take_errors(), Vec::<String>::new());
    // Unless a person wants it to be tried again.
    tablet.page.click("button", "Try again");
    tablet
        .page
        .wait_until_gone(&text("This card can't be opened"));
    tablet.page.wait_for(&text("This card can't be opened"));
    take_traps(&tablet, 1);

    server.restart();
    tablet.page.wait_for(&role("tab", "Timeline"));
    tablet.page.wait_for(&role("heading", "王小明"));
    tablet.edit("Address", &[("City", "杭州")]);
    tablet.wait_until_all_at_store();
}

#[test]
fn what_was_typed_when_the_program_trapped_is_still_there() {
    let Some(server) = stage("what_was_typed_when_the_program_trapped") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_all_at_store();
    poison_here(&tablet, &server);
    tablet.page.goto(&server.url());
    tablet.unlock(FOUNDER);

    // On this page nobody looks at the card itself, so saving is what opens it.
    let sheet = || css("dialog#contact");
    tablet
        .page
        .click_on(&css(".work-actions button:last-child"));
    tablet.choose("What came of it", "Progress");
    tablet.page.fill("What was said", "喜欢浅灰色");
    tablet.choose("When", "Tomorrow");
    tablet
        .page
        .click_on(&role("button", "Call to follow up").inside(sheet()));
    let save = role("button", "Save").inside(sheet());
    tablet.page.click_on(&save);
    tablet.page.wait_for(&text("What you typed is still here"));
    tablet
        .page
        .wait_for(&text("The background program had to start again"));
    assert_eq!(tablet.page.value("What was said"), "喜欢浅灰色");
    take_traps(&tablet, 1);

    // The store mends the card.
    tablet.page.wait_for(&standing("in-sync"));
    tablet.page.click_on(&save);
    tablet.page.wait_until_gone(&sheet());
    tablet.wait_until_saved();
    tablet.open_card("王小明");
    tablet.page.wait_for(&text("喜欢浅灰色"));
    tablet.wait_until_all_at_store();
}
