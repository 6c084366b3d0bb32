//! Tablets that are given up, and people who leave.

use floorbook_tests::browser::{css, label, role, text};
use floorbook_tests::cable::Cable;

use crate::locking::lock_screen;
use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, stage, standing};

#[test]
fn a_retired_tablet_delivers_its_work_and_is_emptied() {
    let Some(mut server) = stage("a_retired_tablet_delivers") else {
        return;
    };
    let office = Tablet::set_up(&server);
    let cable = Cable::to(server.address());
    let old = Tablet::sign_in_at(&server, &cable.url(), FOUNDER);
    cable.pull();
    old.new_card("王小明", "138 0000 0001");
    old.wait_until_offline_with(1);
    office.give_up("F02", "Retire");
    office.page.wait_for(&text(
        "once it has a network, it delivers what was not sent",
    ));
    office.assert_no_barriers();

    cable.plug_in();
    old.page
        .wait_for(&role("heading", "This tablet is retired"));
    old.page.wait_for(&text("No unsent work was on it"));
    old.assert_no_barriers();
    office.open_card("王小明");
    office.go("More");
    office.page.click("link", "Tablets");
    office.page.wait_for(&text("Retired"));
    // It comes up empty, also without the store.
    server.kill9();
    old.page.reload();
    old.page.wait_until_gone(&lock_screen());
}

#[test]
fn a_stolen_tablet_is_emptied_at_its_next_contact_and_says_what_went() {
    let Some(server) = stage("a_stolen_tablet_is_emptied") else {
        return;
    };
    let office = Tablet::set_up(&server);
    let cable = Cable::to(server.address());
    let stolen = Tablet::sign_in_at(&server, &cable.url(), FOUNDER);
    cable.pull();
    stolen.new_card("王小明", "138 0000 0001");
    stolen.wait_until_offline_with(1);
    office.declare_stolen("F02");

    cable.plug_in();
    stolen
        .page
        .wait_for(&role("heading", "This tablet was emptied"));
    stolen
        .page
        .wait_for(&text("1 unsent change was deleted with it"));
    stolen.assert_no_barriers();
    office.page.wait_for(&text("Emptied"));
}

#[test]
fn who_leaves_is_out_at_once_and_can_come_back() {
    let Some(server) = stage("who_leaves_is_out_at_once") else {
        return;
    };
    let office = Tablet::set_up(&server);
    let code = office.invite(COLLEAGUE);
    let tablet = Tablet::join(&server, &code);
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_all_at_store();
    office.go("More");
    office.page.click("link", "People");
    office.page.click_on(&role("link", COLLEAGUE));
    office.page.click("button", "Disable");
    office.assert_no_barriers();
    office
        .page
        .click_on(&role("button", "Disable").inside(css("dialog#disable")));
    office.page.wait_for(&text("Disabled: can't sign in"));
    // The session has ended; once it is locked, nothing opens this tablet for them any more.
    tablet.page.wait_for(&standing("attention"));
    tablet.menu(COLLEAGUE, "Lock");
    tablet.page.wait_for(&role("heading", "Sign in"));

    office.page.click("button", "Enable again");
    office
        .page
        .wait_until_gone(&text("Disabled: can't sign in"));
    tablet.sign_in_here(COLLEAGUE);
    tablet.wait_until_all_at_store();
    tablet.open_card("王小明");
}

impl Tablet {
    /// Gives a tablet up as an administrator does.
    pub fn give_up(&self, code: &str, action: &str) {
        self.go("More");
        self.page.click("link", "Tablets");
        self.page.click_on(&role("link", code));
        self.assert_no_barriers();
        self.page.click("button", action);
        self.assert_no_barriers();
        self.page
            .click_on(&role("button", action).inside(css("dialog[open]")));
        self.page.wait_until_gone(&css("dialog[open]"));
    }

    /// Declares a tablet stolen as an administrator does, who types its code for that.
    pub fn declare_stolen(&self, code: &str) {
        self.go("More");
        self.page.click("link", "Tablets");
        self.page.click_on(&role("link", code));
        self.page.click("button", "Declare stolen");
        let question = || css("dialog#stolen");
        self.page.wait_for(&question());
        let is_disabled = "document.querySelector('dialog#stolen [type=submit]').disabled";
        assert!(self.page.eval::<bool>(is_disabled));
        let field = label(&format!("Type {code} to confirm"));
        self.page
            .fill_in(&field.inside(question()), &code.to_lowercase());
        self.assert_no_barriers();
        self.page
            .click_on(&role("button", "Declare stolen").inside(question()));
        self.page.wait_until_gone(&question());
    }

    /// Signs a person in on a tablet where nobody is left.
    fn sign_in_here(&self, name: &str) {
        self.page.wait_for(&role("heading", "Sign in"));
        self.enter_password(name);
        self.choose_pin();
    }
}
