//! One tab writes, half-typed input stays, and nobody signs out over unsent work.

use floorbook_tests::browser::{css, role, text};
use floorbook_tests::cable::Cable;

use crate::locking::lock_screen;
use crate::tablet::{FOUNDER, Tablet, assert_no_barriers, code_of, stage};

#[test]
fn a_second_tab_takes_the_book_over_and_the_first_one_says_so() {
    let Some(server) = stage("a_second_tab_takes_the_book_over") else {
        return;
    };
    let first = Tablet::set_up(&server);
    first.new_card("王小明", "138 0000 0001");
    let second = first.browser.page(&server.url());
    second.wait_for(&role("heading", "The book is open in another tab"));
    assert_no_barriers(&second);
    second.click("button", "Take over here");
    // The keys are in the memory of the first tab alone.
    second.wait_for(&lock_screen());
    first
        .page
        .wait_for(&role("heading", "The book was taken over by another tab"));
    first.page.bring_to_front();
    first.assert_no_barriers();

    first.page.click("button", "Use it here again");
    first.unlock(FOUNDER);
    first.open_card("王小明");
    second.wait_for(&role("heading", "The book was taken over by another tab"));
    first.edit("Address", &[("City", "杭州")]);
    first.wait_until_all_at_store();
}

#[test]
fn half_typed_input_survives_a_reload_and_signing_out_waits_for_unsent_work() {
    let Some(mut server) = stage("half_typed_input_survives_a_reload") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.go("Customers");
    tablet.assert_no_barriers();
    tablet.page.click("link", "New card");
    tablet.page.fill("Name", "陈静");
    tablet.page.fill("Phone", "138 0000 0002");
    tablet.assert_no_barriers();
    server.kill9();
    tablet.reload(FOUNDER);
    tablet.page.wait_for(&role("button", "Save card"));
    assert_eq!(tablet.page.value("Name"), "陈静");
    assert_eq!(tablet.page.value("Phone"), "138 0000 0002");
    tablet.save_new_card();
    tablet.page.wait_for(&role("heading", "陈静"));
    tablet.wait_until_offline_with(1);

    tablet.page.click_on(&css(".log-contact"));
    tablet.page.fill("What was said", "想看实木餐桌");
    tablet.assert_no_barriers();
    tablet.reload(FOUNDER);
    tablet.page.wait_for(&css("dialog#contact"));
    assert_eq!(tablet.page.value("What was said"), "想看实木餐桌");
    tablet
        .page
        .click_on(&role("button", "Discard").inside(css("dialog#contact")));
    tablet.page.wait_until_gone(&css("dialog#contact"));

    tablet.menu(FOUNDER, "Sign out of this tablet");
    tablet
        .page
        .wait_for(&text("1 change of yours has not reached the store"));
    tablet.assert_no_barriers();
    let disabled = "document.querySelector('dialog#sign-out .danger-fill').disabled";
    assert!(tablet.page.eval::<bool>(disabled));
    tablet.page.press("Escape");
    tablet.page.wait_until_gone(&css("dialog#sign-out"));
    tablet.page.click_on(&css(".status-chip"));
    let sheet = tablet.page.text("dialog#status");
    for words in [
        "Offline since",
        "1 change",
        "Last saved on this tablet",
        "Cards on this tablet",
        "Test the connection",
    ] {
        assert!(sheet.contains(words), "no “{words}” in:\n{sheet}");
    }
    tablet.assert_no_barriers();

    // Refused for long, and no `online` event comes when the store is back.
    server.restart();
    tablet.wait_until_all_at_store();
    tablet.page.press("Escape");
    tablet.page.wait_until_gone(&css("dialog#status"));
    tablet.go("More");
    tablet.page.click("link", "Saving and sending");
    tablet.assert_no_barriers();
    tablet.go("Today");
    tablet.assert_no_barriers();
    tablet.menu(FOUNDER, "Sign out of this tablet");
    tablet.assert_no_barriers();
    tablet
        .page
        .click_on(&role("button", "Sign out").inside(css("dialog#sign-out")));
    tablet.page.wait_for(&role("heading", "Sign in"));
    tablet.page.fill("Your name", FOUNDER);
}

#[test]
fn a_lost_session_asks_for_a_new_sign_in_and_loses_nothing() {
    let Some(server) = stage("a_lost_session_asks_for_a_new_sign_in") else {
        return;
    };
    let first = Tablet::set_up(&server);
    let cable = Cable::to(server.address());
    let tablet = Tablet::sign_in_at(&server, &cable.url(), FOUNDER);
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_all_at_store();
    cable.pull();
    tablet.wait_until_offline();
    tablet.edit("Address", &[("City", "杭州")]);
    tablet.wait_until_offline_with(1);
    // A new password, set elsewhere, ends the sessions of all other tablets.
    let other = Tablet::join(&server, &code_of(&server.invitation_link(FOUNDER)));
    first.page.wait_for(&css("[data-standing=attention]"));
    cable.plug_in();
    tablet.page.wait_for(&css("[data-standing=attention]"));
    tablet.page.click_on(&css(".status-chip"));
    tablet
        .page
        .wait_for(&text("The store asks you to sign in again"));
    tablet.assert_no_barriers();
    tablet
        .page
        .click_on(&role("button", "Sign in").inside(css("dialog#status")));
    tablet.page.fill("Password", crate::tablet::PASSWORD);
    tablet.page.click("button", "Sign in");
    tablet.choose_pin();
    tablet.wait_until_all_at_store();

    other.wait_until_all_at_store();
    other.open_card("王小明");
    other.show("File");
    other.page.wait_for(&text("杭州"));
}
