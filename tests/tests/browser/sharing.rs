//! Several people on one tablet: each sees what is theirs, and whoever is there delivers for all.

use floorbook_tests::browser::{css, role, text};

use crate::locking::{PIN, WRONG_PIN, lock_screen, tile};
use crate::tablet::{COLLEAGUE, FOUNDER, PASSWORD, Tablet, row, stage};

#[test]
fn work_of_two_people_arrives_while_only_one_of_them_is_there() {
    let Some(mut server) = stage("work_of_two_people_arrives") else {
        return;
    };
    let first = Tablet::set_up(&server);
    let code = first.invite(COLLEAGUE);
    let shared = Tablet::join(&server, &code);
    shared.lock(COLLEAGUE);
    shared.assert_no_barriers();
    shared.sign_in_also(FOUNDER);
    shared.wait_until_all_at_store();

    // Without the store, one after the other.
    server.kill9();
    shared.wait_until_offline();
    shared.new_card("王小明", "138 0000 0001");
    shared.lock(FOUNDER);
    shared.unlock(COLLEAGUE);
    shared.new_card("陈静", "138 0000 0002");
    shared.page.wait_until_gone(&row("王小明"));
    shared.lock(COLLEAGUE);
    for name in [FOUNDER, COLLEAGUE] {
        let note = text("1 to be sent").inside(css(&format!(
            ".person-tiles li:has([data-person=\"{name}\"])"
        )));
        shared.page.wait_for(&note);
    }
    nothing_is_left(&shared, &["王小明", "陈静", "138 0000"]);

    server.restart();
    shared.unlock(COLLEAGUE);
    shared.wait_until_all_at_store();
    first.open_card("王小明");
    first.open_card("陈静");
    first
        .page
        .wait_for(&text(&format!("{COLLEAGUE} is responsible")));
}

#[test]
fn a_locked_tablet_delivers_as_well() {
    let Some(mut server) = stage("a_locked_tablet_delivers") else {
        return;
    };
    let first = Tablet::set_up(&server);
    let second = Tablet::sign_in(&server, FOUNDER);
    server.kill9();
    second.wait_until_offline();
    second.new_card("王小明", "138 0000 0001");
    second.lock(FOUNDER);
    second.page.wait_for(&text("1 to be sent"));
    server.restart();
    second.page.wait_until_gone(&text("1 to be sent"));
    second.page.wait_for(&lock_screen());
    first.open_card("王小明");
}

#[test]
fn half_typed_input_comes_back_to_its_person_alone() {
    let Some(server) = stage("half_typed_input_comes_back") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let code = tablet.invite(COLLEAGUE);
    tablet.go("Customers");
    tablet.page.click("link", "New card");
    tablet.page.fill("Name", "陈静");
    tablet.lock(FOUNDER);
    nothing_is_left(&tablet, &["陈静"]);
    tablet.page.goto(&format!("{}/join#{code}", server.url()));
    tablet.join_here();
    tablet.go("Customers");
    tablet.page.click("link", "New card");
    assert_eq!(tablet.page.value("Name"), "");
    tablet.lock(COLLEAGUE);
    tablet.unlock(FOUNDER);
    tablet.go("Customers");
    tablet.page.click("link", "New card");
    assert_eq!(tablet.page.value("Name"), "陈静");
}

#[test]
fn wrong_pins_lock_the_tablet_and_the_password_opens_it_again_with_all_unsent_work() {
    let Some(mut server) = stage("wrong_pins_lock_the_tablet") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    server.kill9();
    tablet.wait_until_offline();
    tablet.new_card("王小明", "138 0000 0001");
    tablet.lock(FOUNDER);
    tablet.page.click_on(&tile(FOUNDER));
    tablet.type_pin(WRONG_PIN);
    tablet.page.wait_for(&text("9 tries are left"));
    tablet.assert_no_barriers();
    // The right one makes the count begin anew.
    tablet.type_pin(PIN);
    tablet.open_card("王小明");
    tablet.lock(FOUNDER);
    tablet.page.click_on(&tile(FOUNDER));
    for left in (2..=9).rev() {
        tablet.type_pin(WRONG_PIN);
        tablet
            .page
            .wait_for(&text(&format!("{left} tries are left")));
    }
    // What was counted stays counted.
    tablet.page.reload();
    tablet.page.click_on(&tile(FOUNDER));
    tablet.type_pin(WRONG_PIN);
    tablet.page.wait_for(&text("only one try is left"));
    tablet.assert_no_barriers();
    tablet.type_pin(WRONG_PIN);
    tablet
        .page
        .wait_for(&text("Too many wrong tries: the PIN no longer opens"));
    tablet
        .page
        .wait_for(&text("1 change of yours was not sent yet"));
    tablet.assert_no_barriers();

    server.restart();
    // The locked tablet delivers by itself; the words about it go, and the buttons move up.
    tablet.page.wait_for(&text("nothing to be sent"));
    tablet.page.click("button", "Sign in with a password");
    tablet.page.fill("Password", PASSWORD);
    tablet.page.click("button", "Sign in");
    tablet.choose_pin();
    tablet.wait_until_all_at_store();
    tablet.open_card("王小明");
}

#[test]
fn the_tablet_locks_itself_when_nobody_touches_it() {
    let Some(server) = stage("the_tablet_locks_itself") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.new_card("王小明", "138 0000 0001");
    // The clock of the page goes on by six minutes, as it does while a tablet sleeps.
    tablet.page.eval::<bool>(
        "(() => { const now = Date.now; Date.now = () => now() + 6 * 60 * 1000; return true; })()",
    );
    tablet.page.wait_for(&lock_screen());
    nothing_is_left(&tablet, &["王小明", "138 0000"]);
    tablet.unlock(FOUNDER);
    tablet.page.wait_for(&role("heading", "王小明"));
}

/// Neither the page nor its title nor its address says anything of what was open.
fn nothing_is_left(tablet: &Tablet, words: &[&str]) {
    let seen: String = tablet.page.eval(
        "document.documentElement.outerHTML + document.title + decodeURIComponent(location.href)",
    );
    for word in words {
        assert!(!seen.contains(word), "“{word}” is still there:\n{seen}");
    }
}
