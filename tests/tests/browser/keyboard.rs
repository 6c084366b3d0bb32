//! A day without a pointer: every key is pressed, nothing is tapped and no script moves the focus.

use floorbook_tests::browser::{Locator, Viewport, css, label, role, text};
use floorbook_tests::server_process::ServerProcess;

use crate::locking::{PIN, lock_screen, places, tile};
use crate::tablet::{COLLEAGUE, FOUNDER, PASSWORD, Tablet, code_of, row, stage};

/// A tablet with a full book that nobody has opened yet, and how many cards there are.
fn locked_book(server: &ServerProcess) -> (Tablet, u32) {
    let (tablet, cards) = Tablet::with_full_book(server);
    tablet.page.reload();
    tablet.page.wait_for(&lock_screen());
    (tablet, cards)
}

/// What a person does with keys, in the words of the screen.
impl Tablet {
    /// Goes to something with Tab and presses Enter.
    fn enter(&self, target: &Locator) {
        self.page.tab_to(target);
        self.page.press("Enter");
    }

    /// Goes to a place of the rail.
    fn enter_place(&self, place: &str) {
        self.enter(&role("link", place).inside(places()));
        // The link stays, and with it the focus.
        self.page.wait_for_focus(&role("link", place));
    }

    /// Opens the tablet with the keys of the PIN.
    fn unlock_by_keys(&self) {
        self.enter(&tile(FOUNDER));
        // Digits go there at once.
        self.page.wait_for_focus(&css(".pin-pad"));
        self.page.assert_tab_reaches_everything();
        self.page.type_words(PIN);
        self.page
            .wait_for(&css(&format!("[data-digits='{}']", PIN.len())));
        self.enter(&role("button", "Open"));
        self.page.wait_for(&places());
        self.page.wait_for_focus(&css("main"));
    }

    /// Chooses a chip of a group with the arrow keys.
    fn choose_by_keys(&self, group: &Locator, chip: &str) {
        self.page.tab_to(group);
        let chip = role("radio", chip).inside(group.clone());
        self.page.walk_to("ArrowRight", &chip);
        self.page.press(" ");
    }

    /// Types into the field that a locator means.
    fn type_into(&self, field: &Locator, words: &str) {
        self.page.tab_to(field);
        self.page.type_words(words);
    }

    /// Opens a dialog, walks through it, and closes it with Escape: the focus is where it was.
    fn look_into(&self, opener: &Locator, dialog: &str) {
        self.enter(opener);
        self.page.wait_for_focus(&css(dialog));
        self.page.assert_tab_reaches_everything();
        self.page.press("Escape");
        self.page.wait_until_gone(&css(dialog));
        self.page.wait_for_focus(opener);
    }
}

#[test]
fn a_day_of_work_needs_no_pointer() {
    let Some(server) = stage("a_day_of_work_needs_no_pointer") else {
        return;
    };
    let (tablet, cards) = locked_book(&server);
    let page = &tablet.page;
    page.assert_tab_reaches_everything();
    tablet.enter(&css(".person-tile.is-other"));
    page.wait_for_focus(&label("Your name"));
    page.assert_tab_reaches_everything();
    tablet.enter(&role("button", "People of this tablet"));
    page.wait_for_focus(&css("main"));
    tablet.unlock_by_keys();

    // Today, and somebody's work on it.
    tablet.enter_place("Today");
    tablet.enter(&role("button", "Everyone"));
    page.wait_for(&css(".work"));
    page.assert_tab_reaches_everything();
    tablet.look_into(&role("button", "Not now: another day for"), "dialog[open]");

    // A customer is found, and the search is cleared again.
    tablet.enter_place("Customers");
    tablet.type_into(&css("#search"), "xiaoming");
    page.wait_for(&text("1 customer"));
    tablet.enter(&role("button", "Clear the search"));
    page.wait_for(&text(&format!("{} customers", cards)));
    page.wait_for_focus(&css("#search"));
    page.assert_tab_reaches_everything();
    tablet.look_into(&css(".all-filters"), "dialog#filters");

    // The list is one stop; other keys lead to every row of it.
    let place = |index: u32| css(&format!("[data-list=customers] [data-index='{index}']"));
    page.tab_to(&css("[data-list=customers]"));
    for (key, there) in [
        ("End", cards - 1),
        ("ArrowUp", cards - 2),
        ("Home", 0),
        ("ArrowDown", 1),
    ] {
        page.press(key);
        page.wait_for_focus(&place(there));
    }
    for key in ["PageDown", "PageDown", "PageDown", "PageUp"] {
        page.press(key);
        page.assert_focus_is_seen();
    }
    page.press("Tab");
    page.wait_for_focus(&role("link", "New card"));
    page.tab_back_to(&css("[data-list=customers]"));
    select_a_row(&tablet);
    tablet.type_into(&css("#search"), "xiaoming");
    page.wait_for(&text("1 customer"));
    tablet.enter(&row("王小明"));
    page.wait_for(&role("heading", "王小明"));
    page.wait_for_focus(&row("王小明"));

    // Its parts are reached by arrows, and everything in them by Tab.
    for part in ["Timeline", "File", "Intentions", "Service", "History"] {
        page.tab_to(&css("[role=tablist]"));
        page.walk_to("ArrowRight", &role("tab", part));
        page.wait_for(&css("[role=tabpanel]"));
        page.assert_tab_reaches_everything();
    }
    page.tab_to(&css("[role=tablist]"));
    page.walk_to("ArrowLeft", &role("tab", "File"));
    let edit = role("button", "Edit Address");
    tablet.enter(&edit);
    page.wait_for_focus(&css(".section-form"));
    tablet.type_into(&label("City"), "Hangzhou");
    tablet.enter(&role("button", "Save").inside(css(".section-form")));
    tablet.wait_until_saved();
    page.wait_for_focus(&css("[data-section=address]"));
    // The button for it is the last stop of the page; the keys for it work at once.
    page.wait_for(&text("Hangzhou"));
    page.press_with_control("z");
    page.wait_until_gone(&text("Hangzhou"));

    tablet.look_into(&css(".class-button"), "dialog#class");
    tablet.look_into(&css(".hand-over"), "dialog#handover");
    tablet.look_into(&role("button", "Move"), "dialog[open]");
    log_a_contact(&tablet);
    note_a_walk_in(&tablet);
}

/// Ticks a row with the space bar, and lets it be.
fn select_a_row(tablet: &Tablet) {
    let page = &tablet.page;
    tablet.enter(&css(".select-begin"));
    page.wait_for(&css(".select-bar"));
    page.wait_for_focus(&css(".list-line"));
    page.tab_to(&css("[data-list=customers]"));
    page.press(" ");
    page.wait_for(&text("1 selected"));
    page.assert_tab_reaches_everything();
    tablet.enter(&role("button", "Cancel").inside(css(".select-bar")));
    page.wait_until_gone(&css(".select-bar"));
    page.assert_focus_is_seen();
}

/// Looks into the contact sheet, leaves it, and fills it in the second time.
fn log_a_contact(tablet: &Tablet) {
    let page = &tablet.page;
    let opener = role("button", "Log a contact").inside(css(".card-actions"));
    tablet.look_into(&opener, "dialog#contact");
    page.press("Enter");
    let sheet = || css("dialog#contact");
    page.wait_for_focus(&sheet());
    let group = |name: &str| role("group", name).inside(sheet());
    tablet.choose_by_keys(&group("How"), "Call");
    tablet.choose_by_keys(&group("What came of it"), "Progress");
    tablet.type_into(&label("What was said").inside(sheet()), "看了沙发");
    tablet.choose_by_keys(&group("When"), "Tomorrow");
    tablet.enter(&role("button", "Call to follow up").inside(sheet()));
    tablet.enter(&role("button", "Save").inside(sheet()));
    page.wait_until_gone(&sheet());
    tablet.wait_until_saved();
    page.wait_for_focus(&opener);
}

/// Fills in a new card, and opens it from the list of a standing tablet.
fn note_a_walk_in(tablet: &Tablet) {
    let page = &tablet.page;
    tablet.enter(&role("link", "New card"));
    let form = || css(".new-card-form");
    page.wait_for_focus(&css("#new-name"));
    page.assert_tab_reaches_everything();
    tablet.type_into(&label("Name").inside(form()), "陈静");
    tablet.type_into(&label("Phone").inside(form()), "138 0000 0002");
    // One answer leads to the next question.
    tablet.enter(&css("[data-question=decider]"));
    page.wait_for(&css(".guide-panel"));
    tablet.enter(&role("button", "Together"));
    page.wait_for_focus(&css("[data-question][aria-expanded=true]"));
    page.tab_to(&role("checkbox", "Log this visit as a contact").inside(form()));
    page.press(" ");
    tablet.choose_by_keys(&role("group", "When").inside(form()), "None, because…");
    tablet.type_into(&label("Why is there no next step").inside(form()), "看情况");
    tablet.enter(&role("button", "Save card"));
    page.wait_for(&role("heading", "陈静"));
    page.wait_for_focus(&css(".detail-pane"));

    // Where the card covers the list, opening it leads into it, and closing it back to the list.
    page.set_viewport(Viewport::TABLET_PORTRAIT);
    let back = role("link", "Back to the list");
    tablet.enter(&back);
    page.wait_for_focus(&css(".list-pane"));
    tablet.enter(&role("button", "Clear the search"));
    let third = css("[data-list=customers] [data-index='2']");
    page.wait_for(&third);
    page.tab_to(&css("[data-list=customers]"));
    for key in ["Home", "ArrowDown", "ArrowDown"] {
        page.press(key);
    }
    page.wait_for_focus(&third);
    page.press("Enter");
    page.wait_for_focus(&css(".detail-pane"));
    page.assert_tab_reaches_everything();
    tablet.enter(&back);
    page.wait_for_focus(&third);
}

#[test]
fn a_store_a_tablet_and_a_person_begin_without_a_pointer() {
    let Some(server) = stage("a_store_a_tablet_and_a_person_begin") else {
        return;
    };
    let first = Tablet::open(&server.setup_link());
    first.page.wait_for(&label("Store code"));
    first.page.assert_tab_reaches_everything();
    for (field, words) in [
        ("Store code", "HZ1"),
        ("Store name", "杭州旗舰店"),
        ("Your name", FOUNDER),
        ("Choose a password", PASSWORD),
    ] {
        first.type_into(&label(field), words);
    }
    first.enter(&role("button", "Set up the store"));
    first.choose_pin();
    first.wait_until_all_at_store();
    let code = first.invite(COLLEAGUE);

    let link = format!(
        "{}/enrol#{}",
        server.url(),
        code_of(&server.enrolment_link())
    );
    let second = Tablet::open(&link);
    let page = &second.page;
    page.wait_for(&role("heading", "Enrol this tablet"));
    page.assert_tab_reaches_everything();
    second.enter(&role("button", "Enrol"));
    page.wait_for(&text("Enrolled as"));
    page.assert_tab_reaches_everything();
    second.enter(&role("button", "Sign in"));
    page.wait_for(&role("heading", "Sign in"));
    page.assert_tab_reaches_everything();

    page.goto(&format!("{}/join#{code}", server.url()));
    page.wait_for(&role("heading", "Welcome"));
    page.assert_tab_reaches_everything();
    second.type_into(&label("Choose a password"), PASSWORD);
    second.enter(&role("button", "Set password and sign in"));
    second.choose_pin();
    second.wait_until_all_at_store();
}

#[test]
fn everything_else_needs_no_pointer_either() {
    let Some(server) = stage("everything_else_needs_no_pointer") else {
        return;
    };
    let (tablet, _) = locked_book(&server);
    let page = &tablet.page;
    tablet.unlock_by_keys();
    tablet.look_into(&css(".status-chip"), "dialog#status");

    // The menu of who is here: Escape gives the focus back, also from the dialog that it leads to.
    let who = css(".who");
    tablet.enter(&who);
    page.wait_for_focus(&role("menuitem", "Lock"));
    page.press("Escape");
    page.wait_for_focus(&who);
    page.press("Enter");
    page.walk_to("ArrowDown", &role("menuitem", "Change PIN"));
    page.press("Enter");
    page.wait_for_focus(&css("dialog[open]"));
    page.assert_tab_reaches_everything();
    page.press("Escape");
    page.wait_until_gone(&css("dialog[open]"));
    page.wait_for_focus(&who);

    // Every page that More leads to.
    tablet.enter_place("More");
    page.wait_for(&css(".way"));
    page.assert_tab_reaches_everything();
    let ways: usize = page.eval("document.querySelectorAll('.way').length");
    for way in 0..ways {
        tablet.enter(&css(".way").nth(way));
        page.wait_until_gone(&css(".way"));
        page.wait_for_focus(&css("main"));
        page.wait_for(&css("main h1"));
        page.assert_tab_reaches_everything();
        tablet.enter_place("More");
        page.wait_for(&css(".way"));
    }

    // What saves and then has nothing to save hands the focus on.
    tablet.enter(&role("link", "People").inside(role("navigation", "Administration")));
    tablet.enter(&role("link", FOUNDER).inside(css(".plain-rows")));
    page.wait_for(&css(".posts"));
    page.tab_to(&role("checkbox", "Visual display").inside(css(".posts fieldset")));
    page.press(" ");
    let save = role("button", "Save").inside(css("form:has(.posts)"));
    tablet.enter(&save);
    page.wait_until(
        "that it is saved",
        "document.querySelector('form:has(.posts) [type=submit]').disabled",
    );
    page.assert_focus_is_seen();
    tablet.enter_place("More");

    // A person, a store and a tablet in their lists.
    for (list, ready) in [
        ("People", ".posts"),
        ("Stores", ".settings-section"),
        ("Tablets", ".detail-page h1"),
    ] {
        tablet.enter(&role("link", list).inside(role("navigation", "Administration")));
        tablet.enter(&css(".plain-row"));
        page.wait_for(&css(ready));
        page.wait_for_focus(&css(".plain-row"));
        page.assert_tab_reaches_everything();
        tablet.enter_place("More");
        page.wait_for(&css(".way"));
    }

    tablet.enter(&who);
    page.wait_for_focus(&role("menuitem", "Lock"));
    page.press("Enter");
    page.wait_for(&lock_screen());
    page.assert_focus_is_seen();
}
