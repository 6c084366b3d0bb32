//! A day on the road without the store, and a customer whom two consultants look after.

use floorbook_tests::browser::{css, label, role, text};
use floorbook_tests::cable::Cable;

use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, stage};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

impl Tablet {
    /// Logs a call on the open card that ends with a visit at home tomorrow at an hour.
    fn agree_on_visit(&self, hour: &str, what: &str) {
        let sheet = || css("dialog#contact");
        self.page.click_on(&css(".log-contact"));
        self.choose("How", "Call");
        self.choose("What came of it", "Progress");
        self.choose("When", "Tomorrow");
        let suggestion = role("button", "Measure at home").inside(sheet());
        self.page.click_on(&suggestion);
        self.page.fill_in(&label("What").inside(sheet()), what);
        self.choose("At what time", "Another hour…");
        self.page.fill_in(&label("Hour").inside(sheet()), hour);
        self.page.click_on(&role("button", "Save").inside(sheet()));
        self.page.wait_until_gone(&sheet());
        self.wait_until_saved();
    }

    /// The names of the appointments of Today, in their order.
    fn appointments(&self) -> Vec<String> {
        self.page.eval(
            "[...document.querySelectorAll('[data-group=appointments] .work-name')].map((one) => one.textContent)",
        )
    }
}

#[test]
fn a_day_of_visits_without_a_network() {
    let Some(server) = stage("a_day_of_visits_without_a_network") else {
        return;
    };
    let manager = Tablet::set_up(&server);
    let code = manager.invite(COLLEAGUE);
    let cable = Cable::to(server.address());
    let tablet = Tablet::join_at(&server, &cable.url(), &code);
    let page = &tablet.page;
    // The later visit is entered first: hours, not entries, make the order of the day.
    tablet.new_card("陈静", "138 0000 0002");
    tablet.agree_on_visit("15:30", "送面料册");
    tablet.new_card("王小明", "138 0000 0001");
    tablet.agree_on_visit("09:30", "量客厅");
    tablet.wait_until_all_at_store();

    // The next morning on the road: the tablet is opened with its PIN, the store is far away.
    cable.pull();
    page.set_clock_ahead(DAY_MILLIS);
    tablet.reload(COLLEAGUE);
    tablet.wait_until_offline();
    tablet.go("Today");
    page.wait_for(&css("[data-group=appointments] .work-time"));
    assert_eq!(tablet.appointments(), ["王小明", "陈静"]);
    tablet.assert_no_barriers();

    // At the first customer's: measured, and a complaint that becomes an issue with a promise.
    let sheet = || css("dialog#contact");
    let save = || {
        page.click_on(&role("button", "Save").inside(sheet()));
        page.wait_until_gone(&sheet());
        tablet.wait_until_saved();
    };
    page.click("button", "Done: log the contact with 王小明");
    tablet.choose("What came of it", "Complaint");
    assert!(page.shows(&text("What the complaint is about is missing")));
    page.fill_in(
        &label("What the complaint is about").inside(sheet()),
        "餐桌桌面有划痕",
    );
    page.fill_in(&label("Promise").inside(sheet()), "换一块桌面");
    tablet.choose("Promised for", "Tomorrow");
    tablet.choose("When", "Tomorrow");
    page.click_on(&role("button", "Ask how the issue is").inside(sheet()));
    tablet.assert_no_barriers();
    save();

    // At the second one's it is not convenient now: one button, a day and an hour.
    page.click("button", "Done: log the contact with 陈静");
    page.click_on(&role("button", "Not convenient now, call again…").inside(sheet()));
    tablet.choose("When", "Tomorrow");
    tablet.choose("At what time", "10:00");
    save();
    page.wait_until_gone(&css("[data-group=appointments] .work"));
    page.wait_for(&text("2 customers contacted today"));

    // The battery died on the way back: everything is there, and arrives at the store by itself.
    tablet.reload(COLLEAGUE);
    tablet.wait_until_offline_with(2);
    cable.plug_in();
    tablet.wait_until_all_at_store();
    manager.open_card("王小明");
    manager.page.wait_for(&text("Complaint"));
    manager.open_card("陈静");
    manager.page.wait_for(&text("Not convenient"));

    // The day after, what was promised leads the follow-ups.
    page.set_clock_ahead(2 * DAY_MILLIS);
    tablet.reload(COLLEAGUE);
    tablet.go("Today");
    page.wait_for(&css("[data-why=issue_promised]"));
    page.wait_for(&text("Promise is due: 餐桌桌面有划痕"));
}

#[test]
fn two_consultants_at_the_same_customer_do_the_same_work_once() {
    let Some(server) = stage("two_consultants_at_the_same_customer") else {
        return;
    };
    let manager = Tablet::set_up(&server);
    let cable = Cable::to(server.address());
    let code = manager.invite(COLLEAGUE);
    let colleague = Tablet::join_at(&server, &cable.url(), &code);
    manager.new_card("王小明", "138 0000 0001");
    manager.agree_on_visit("10:00", "量客厅");
    manager.wait_until_all_at_store();

    // The colleague meets the customer on the floor: known, and whom to ask, and no more.
    colleague.go("Customers");
    colleague.page.click("link", "New card");
    colleague.page.fill("Name", "王先生");
    colleague.page.fill("Phone", "13800000001");
    colleague.page.wait_for(&text(FOUNDER));
    assert!(!colleague.page.shows(&text("王小明")));
    assert!(!colleague.page.shows(&text("量客厅")));
    colleague.assert_no_barriers();

    // A cover makes it theirs as well; both log the same step while the network is down.
    manager.hand_over(COLLEAGUE, "A week", "外出培训");
    colleague.open_card("王小明");
    colleague.wait_until_all_at_store();
    cable.pull();
    colleague.wait_until_offline();
    for (tablet, note) in [(&manager, "已电话确认"), (&colleague, "客户改到下午")] {
        let sheet = || css("dialog#contact");
        let page = &tablet.page;
        page.click_on(&css(".log-contact"));
        tablet.choose("How", "Call");
        tablet.choose("What came of it", "Progress");
        page.fill_in(&label("What was said").inside(sheet()), note);
        // The planned visit is what this contact does.
        page.click_on(&css("input[type=checkbox]").inside(sheet()));
        tablet.choose("When", "None, because…");
        page.fill_in(
            &label("Why is there no next step").inside(sheet()),
            "等上门结果",
        );
        page.click_on(&role("button", "Save").inside(sheet()));
        page.wait_until_gone(&sheet());
        tablet.wait_until_saved();
    }
    cable.plug_in();
    colleague.wait_until_all_at_store();
    manager.wait_until_all_at_store();
    for tablet in [&manager, &colleague] {
        tablet.open_card("王小明");
        tablet.show("Timeline");
        tablet.page.wait_for(&text("已电话确认"));
        tablet.page.wait_for(&text("客户改到下午"));
        // Both contacts stand; the visit was planned once and is done once.
        let done: usize = tablet
            .page
            .eval("document.querySelectorAll('.step-state.is-done').length");
        assert_eq!(done, 1);
        assert!(!tablet.page.shows(&css(".next-step:not(.is-missing)")));
    }
}
