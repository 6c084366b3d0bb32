//! Cards of class A are looked through every day, also without the store.

use floorbook_tests::browser::{css, label, role, text};

use crate::history::{speaks_chinese_for_pictures, take_pictures};
use crate::tablet::{FOUNDER, Tablet, stage};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn a_card_of_class_a_is_looked_at_every_day_with_one_tap() {
    let Some(mut server) = stage("a_card_of_class_a_is_looked_at_every_day") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    server.kill9();
    tablet.wait_until_offline();
    tablet.new_card("陈静", "138 0000 0002");
    page.wait_for(&css(".class-button[aria-label^='Class: A ']"));
    let in_a_week: String = page.eval(
        "(day => new Date(day - day.getTimezoneOffset() * 6e4).toISOString().slice(0, 10))\
         (new Date(Date.now() + 7 * 864e5))",
    );
    let sheet = || css("dialog#contact");
    page.click_on(&css(".log-contact"));
    tablet.choose("How", "Call");
    tablet.choose("What came of it", "Progress");
    page.fill_in(
        &label("What was said").inside(sheet()),
        "量房后再谈，想要胡桃木",
    );
    tablet.choose("When", "Another day");
    page.fill_in(&label("Date").inside(sheet()), &in_a_week);
    page.click_on(&role("button", "Call to follow up").inside(sheet()));
    page.fill_in(&label("What").inside(sheet()), "带胡桃木样板上门");
    page.click_on(&role("button", "Save").inside(sheet()));
    page.wait_until_gone(&sheet());
    tablet.wait_until_saved();

    // Whoever was in touch today has looked at the card.
    tablet.go("Today");
    page.click("link", "A and B to look at");
    page.wait_for(&text("Every card of class A and B was looked at"));
    tablet.assert_no_barriers();

    // Tomorrow nothing is due, and the card is looked at all the same.
    page.set_clock_ahead(DAY_MILLIS);
    tablet.reload(FOUNDER);
    tablet.wait_until_offline();
    tablet.go("Today");
    page.wait_for(&text("Everything for today is done"));
    page.click("link", "A and B to look at (1)");
    let card = css(".review-list > li");
    page.wait_for(&text("带胡桃木样板上门").inside(card.clone()));
    page.wait_for(&text("量房后再谈，想要胡桃木").inside(card.clone()));
    tablet.assert_no_barriers();
    take_pictures(&tablet, "review");
    if speaks_chinese_for_pictures(&tablet) {
        page.click_on(&css(".places .place:nth-child(1)"));
        page.click_on(&css("a[href='/review']"));
        page.wait_for(&card);
        take_pictures(&tablet, "review-zh-CN");
        return;
    }
    let looked_at = role("button", "Looked at the card of 陈静");
    page.click_on(&looked_at);
    page.wait_until_gone(&card);
    // It was the wrong card, and then it was not.
    page.click("button", "Undo");
    page.click_on(&looked_at);
    page.wait_until_gone(&card);
    tablet.open_card("陈静");
    tablet.show("History");
    page.wait_for(&text("Looked at").inside(css(".history")));

    // The day after, again.
    page.set_clock_ahead(2 * DAY_MILLIS);
    tablet.reload(FOUNDER);
    tablet.go("Today");
    page.wait_for(&role("link", "A and B to look at (1)"));
}
