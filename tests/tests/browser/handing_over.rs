//! Customers change hands while a tablet is away: nothing is lost, and each tablet ends up with
//! what its people may see.

use floorbook_tests::browser::{css, label, role, text};
use floorbook_tests::cable::Cable;

use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, row, stage};

#[test]
fn a_customer_is_handed_over_while_the_old_consultant_is_away_with_the_tablet() {
    let Some(server) = stage("a_customer_is_handed_over") else {
        return;
    };
    let manager = Tablet::set_up(&server);
    let code = manager.invite(COLLEAGUE);
    let cable = Cable::to(server.address());
    let away = Tablet::join_at(&server, &cable.url(), &code);
    away.new_card("王小明", "138 0000 0001");
    away.wait_until_all_at_store();

    // On the road, without a network: work goes on.
    cable.pull();
    away.edit("Address", &[("City", "杭州")]);
    away.wait_until_offline();
    manager.open_card("王小明");
    manager.hand_over(FOUNDER, "For good", "她去休假了");
    manager
        .page
        .wait_for(&text(&format!("Handed over from {COLLEAGUE} to {FOUNDER}")));
    manager.page.wait_for(&text("她去休假了"));
    manager.assert_no_barriers();

    // Back: the late work is delivered and credited, then the card goes.
    cable.plug_in();
    away.wait_until_all_at_store();
    // Also from the screen on which it stood open all the time.
    away.page.wait_until_gone(&role("heading", "王小明"));
    away.page.wait_for(&text("This card is not on this tablet"));
    away.assert_no_barriers();
    away.go("Customers");
    away.page.wait_until_gone(&row("王小明"));
    manager.show("File");
    manager.page.wait_for(&text("杭州"));
    manager
        .page
        .wait_for(&text(&format!("{FOUNDER} is responsible")));
}

#[test]
fn a_cover_lends_all_customers_and_ends_when_it_is_ended() {
    let Some(server) = stage("a_cover_lends_all_customers") else {
        return;
    };
    let manager = Tablet::set_up(&server);
    manager.new_card("王小明", "138 0000 0001");
    manager.new_card("陈静", "138 0000 0002");
    let code = manager.invite(COLLEAGUE);
    let colleague = Tablet::join(&server, &code);
    colleague.go("Customers");
    colleague.page.wait_for(&text("No customers yet"));

    manager.go("Customers");
    manager.page.click("button", "Select");
    manager.page.click("button", "Select all 2");
    manager.assert_no_barriers();
    manager.page.click("button", "Hand over");
    manager.fill_handover(COLLEAGUE, "A week", "");
    colleague.page.wait_for(&row("王小明"));
    colleague.page.wait_for(&row("陈静"));
    colleague.open_card("王小明");
    colleague.log_call("代为回访", "发样册");
    colleague.wait_until_all_at_store();

    manager.go("More");
    manager.page.click("link", "Handovers");
    manager.page.wait_for(&css("[data-stage=covering]"));
    manager.assert_no_barriers();
    manager.page.click("button", "End now");
    manager.assert_no_barriers();
    manager
        .page
        .click_on(&role("button", "End now").inside(css("dialog#end-cover")));
    manager.page.wait_until_gone(&css("dialog#end-cover"));
    colleague.go("Customers");
    colleague.page.wait_until_gone(&row("王小明"));
    manager.open_card("王小明");
    manager.page.wait_for(&text("代为回访"));
}

impl Tablet {
    /// Hands the open card over.
    pub fn hand_over(&self, to: &str, until: &str, note: &str) {
        self.page
            .click_on(&role("button", "Hand over").inside(css(".card-actions")));
        self.fill_handover(to, until, note);
    }

    /// Fills the sheet in and waits until the store has taken it.
    fn fill_handover(&self, to: &str, until: &str, note: &str) {
        let sheet = || css("dialog#handover");
        self.page.wait_for(&sheet());
        self.assert_no_barriers();
        self.page.click_on(&role("radio", to).inside(sheet()));
        self.page.click_on(&role("radio", until).inside(sheet()));
        if !note.is_empty() {
            self.page
                .fill_in(&label("A word for the colleague").inside(sheet()), note);
        }
        self.assert_no_barriers();
        self.page
            .click_on(&role("button", "Hand over").inside(sheet()));
        self.page.wait_until_gone(&sheet());
    }
}

#[test]
fn a_card_that_changed_hands_is_lent_and_comes_back_and_tells_all_of_it() {
    let Some(server) = stage("a_card_that_changed_hands_is_lent") else {
        return;
    };
    let manager = Tablet::set_up(&server);
    let code = manager.invite(COLLEAGUE);
    let colleague = Tablet::join(&server, &code);
    manager.new_card("王小明", "138 0000 0001");
    manager.wait_until_all_at_store();
    manager.hand_over(COLLEAGUE, "For good", "休产假");
    manager
        .page
        .wait_for(&text(&format!("Handed over from {FOUNDER} to {COLLEAGUE}")));
    manager.hand_over(FOUNDER, "A week", "外出培训");
    let lent = format!("{FOUNDER} looks after them for {COLLEAGUE}");
    manager.page.wait_for(&text(&lent));
    colleague.open_card("王小明");
    colleague.page.wait_for(&text(&lent));
    colleague.assert_no_barriers();
}
