//! A morning of work from Today, without the store.

use floorbook_tests::browser::{css, role, text};

use crate::tablet::{FOUNDER, Tablet, stage};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

#[test]
fn a_morning_of_calls_from_today() {
    let Some(mut server) = stage("a_morning_of_calls_from_today") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    tablet.new_card("陈静", "138 0000 0002");
    tablet.log_call("看了餐桌，要和先生商量", "问餐桌定了没有");
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_all_at_store();

    // The next morning, and the store's network is down.
    server.kill9();
    page.set_clock_ahead(DAY_MILLIS);
    tablet.reload(FOUNDER);
    tablet.wait_until_offline();
    tablet.go("Today");

    // What was promised is a follow-up to class A, with why, when and what was said last.
    let call = css("[data-group=follow_ups_a] [data-why=planned]");
    page.wait_for(&call);
    let words = page.text_of(&call);
    for expected in ["陈静", "问餐桌定了没有", "看了餐桌，要和先生商量", "Call"]
    {
        assert!(words.contains(expected), "{expected} in {words}");
    }
    let level = ".work-when[data-level]";
    page.wait_for(&css(level).inside(call.clone()));
    let dialled: String = page.eval(
        "document.querySelector('[data-group=follow_ups_a] .work a[href^=\"tel:\"]').getAttribute('href')",
    );
    assert_eq!(dialled, "tel:13800000002");
    tablet.assert_no_barriers();

    // A tablet that cannot call shows a code for a phone that can.
    page.click("button", "Call 陈静 by scanning with a phone");
    page.wait_for(&css("dialog#phone-code .qr-code"));
    tablet.assert_no_barriers();
    page.press("Escape");
    page.wait_until_gone(&css("dialog#phone-code"));

    // The call is done: the form knows how, and which step it does.
    page.click("button", "Done: log the contact with 陈静");
    let sheet = || css("dialog#contact");
    tablet.choose("What came of it", "Progress");
    tablet.choose("When", "Tomorrow");
    page.click_on(&role("button", "Call to follow up").inside(sheet()));
    page.click_on(&role("button", "Save").inside(sheet()));
    page.wait_until_gone(&sheet());
    tablet.wait_until_saved();
    page.wait_until_gone(&call);
    page.wait_until(
        "the call among the counts",
        "document.querySelector('[data-standard=calls-a] .standard-count').textContent.startsWith('1 /')",
    );
    page.wait_for(&text("1 customer contacted today"));

    // Yesterday's visitor was not thanked. Not now: tomorrow.
    let thanks = css("[data-group=in_store] [data-why=first_visit]");
    page.wait_for(&thanks);
    page.click("button", "Not now: another day for 王小明");
    let later = || css("dialog#put-off");
    page.wait_for(&later());
    tablet.assert_no_barriers();
    let days = role("group", "Until").inside(later());
    page.click_on(&role("radio", "Tomorrow").inside(days));
    page.click_on(&role("button", "Put off").inside(later()));
    page.wait_until_gone(&later());
    page.wait_until_gone(&thanks);

    // It stays so, and the step stands in the week.
    tablet.reload(FOUNDER);
    page.wait_for(&text("Everything for today is done"));
    page.click("link", "Coming week");
    page.wait_for(&role("heading", "Coming week"));
    page.wait_for(&role("link", "陈静").inside(css(".week-days")));
    tablet.assert_no_barriers();

    server.restart();
    tablet.wait_until_all_at_store();
}
