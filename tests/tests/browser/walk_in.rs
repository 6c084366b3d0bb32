//! A customer walks in, and the store's network is down.

use floorbook_tests::browser::{Locator, css, label, role, text};

use crate::history::{speaks_chinese_for_pictures, take_pictures};
use crate::tablet::{FOUNDER, Tablet, stage};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Taps that a first visit may cost, its card and its log, beside typing name and phone.
const TAPS_MAX: usize = 15;

/// Counts what a consultant does.
struct Hand<'a> {
    tablet: &'a Tablet,
    taps: usize,
}

impl Hand<'_> {
    fn tap(&mut self, target: &Locator) {
        self.tablet.page.click_on(target);
        self.taps += 1;
    }

    fn type_in(&mut self, field: &str, words: &str) {
        self.tablet.page.fill(field, words);
    }
}

#[test]
fn a_walk_in_becomes_a_card_in_under_a_minute_of_taps() {
    let Some(mut server) = stage("a_walk_in_becomes_a_card") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    server.kill9();
    tablet.wait_until_offline();
    tablet.go("Today");
    let form = || css(".new-card-form");
    let guide = |question: &str| css(&format!("[data-question={question}]"));
    let answer = |words: &str| role("button", words).inside(css(".guide-panel"));

    let mut hand = Hand {
        tablet: &tablet,
        taps: 0,
    };
    hand.tap(&role("link", "New walk-in"));
    hand.type_in("Name", "王小明");
    // The card can't be saved yet, and says why.
    page.wait_for(&text("One way to reach them is missing").inside(form()));
    hand.type_in("Phone", "138 0000 0001");
    // Of a visit that is over it is asked what comes next, of one that goes on not yet.
    let visit = |chip: &str| role("radio", chip).inside(role("group", "First visit"));
    let missing = text("An A customer always has a next step").inside(form());
    page.click_on(&visit("Today"));
    page.wait_for(&missing);
    tablet.assert_no_barriers();
    page.click_on(&visit("In the store now"));
    page.wait_until_gone(&missing);
    tablet.assert_no_barriers();

    // One question leads to the next; those that are typed are left out.
    hand.tap(&guide("decider"));
    hand.tap(&answer("Together"));
    hand.tap(&answer("50 to 100 thousand"));
    hand.tap(&answer("Within a month"));
    hand.tap(&answer("New home"));
    // It asks how they heard of us, and who introduced them.
    hand.tap(&answer("Referral"));
    page.wait_for(&label("Who introduced them"));
    tablet.assert_no_barriers();
    page.wait_for(&text("5 of 8").inside(css(".guide")));
    take_pictures(&tablet, "walk-in");

    hand.tap(&role("button", "Save card"));
    page.wait_for(&role("heading", "王小明"));
    tablet.wait_until_saved();
    // The customer is in the store, which is of the same change as the card.
    page.wait_for(&text("In the store since").inside(css(".reception")));
    tablet.wait_until_offline_with(1);
    tablet.assert_no_barriers();

    // At the end of the visit it is logged from the top of Today, as the first contact.
    hand.tap(&role("link", "Today").inside(role("navigation", "Places")));
    let here = css("[data-group=in_store] .work:first-child[data-why=in_store]");
    page.wait_for(&here);
    // Nobody is called or written to while they are here.
    assert!(!page.shows(&css("[data-why=first_visit], [data-why=review_a]")));
    page.wait_for(&text("The nine steps").inside(here.clone()));
    tablet.assert_no_barriers();
    hand.tap(&role("button", "Log the visit of 王小明"));
    let sheet = || css("dialog#contact");
    let choose = |chip: &str| role("radio", chip).inside(sheet());
    page.wait_for(&css("[value=store_visit]:checked").inside(sheet()));
    hand.tap(&choose("Progress"));
    hand.tap(&choose("Tomorrow"));
    hand.tap(&role("button", "Call to follow up").inside(sheet()));
    hand.tap(&role("button", "Save").inside(sheet()));
    page.wait_until_gone(&sheet());
    page.wait_until_gone(&here);
    tablet.wait_until_offline_with(2);
    let taps = hand.taps;
    assert!(taps <= TAPS_MAX, "{taps} taps");

    tablet.open_card("王小明");
    assert!(!page.shows(&css(".reception")));
    page.wait_for(&text("Store visit"));
    page.wait_for(&text("Call to follow up").inside(css(".next-steps")));

    // What was answered stands in the file as what the consultant heard.
    tablet.show("File");
    for (fact, value) in [
        ("decider", "Together"),
        ("budget", "50 to 100 thousand"),
        ("when_needed", "Within a month"),
        ("purpose", "New home"),
    ] {
        page.wait_for(&text(value).inside(css(&format!("[data-fact={fact}]"))));
    }
    assert!(!page.shows(&text("Unverified")));
    page.wait_for(&text("Referral"));

    // Today counts the visit and the card, without the store.
    tablet.go("Today");
    for standard in ["visits", "new-cards"] {
        let counted = format!(
            "document.querySelector('[data-standard={standard}] .standard-count').textContent.startsWith('1 /')"
        );
        page.wait_until("the visit among the counts", &counted);
    }

    server.restart();
    tablet.wait_until_all_at_store();
}

#[test]
fn who_introduced_a_customer_is_found_while_typing() {
    let Some(mut server) = stage("who_introduced_a_customer") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    server.kill9();
    tablet.wait_until_offline();
    tablet.new_card("陈静", "138 0000 0002");
    tablet.go("Customers");
    page.click("link", "New card");
    page.fill("Name", "王小明");
    page.fill("Phone", "138 0000 0001");
    page.click("button", "Add a phone");
    page.fill("Another phone", "139 0000 0001");
    page.fill("Whose or what (e.g. office)", "太太");
    page.click_on(&css("[data-question=occupation]"));
    page.fill("Other words", "花艺师");
    page.click_on(&css("[data-question=source]"));
    page.click_on(&role("button", "Referral").inside(css(".guide-panel")));
    page.fill("Who introduced them", "chenj");
    page.click_on(&role("button", "陈静").inside(role("group", "Cards that fit")));
    page.wait_for(&text("Introduced by 陈静"));
    tablet.assert_no_barriers();
    // Half-typed, it outlives the page.
    tablet.reload(FOUNDER);
    page.wait_for(&css("[data-question=occupation].is-answered"));
    assert_eq!(page.value("Another phone"), "139 0000 0001");
    if speaks_chinese_for_pictures(&tablet) {
        page.click_on(&css(".new-card"));
        page.click_on(&css("[data-question=source]"));
        take_pictures(&tablet, "walk-in-zh-CN");
        page.click_on(&css(".places .place:last-child"));
        page.click("radio", "English");
        tablet.go("Customers");
        page.click("link", "New card");
    }
    tablet.save_new_card();
    page.wait_for(&role("heading", "王小明"));
    tablet.wait_until_saved();
    tablet.show("File");
    page.wait_for(&text("花艺师").inside(css("[data-fact=occupation]")));
    page.wait_for(&text("139 0000 0001"));

    // The list knows that they were introduced.
    tablet.go("Customers");
    page.click("button", "Filters");
    let chip = text("Introduced by somebody").inside(css("dialog#filters"));
    page.click_on(&chip);
    page.wait_for(&role("button", "Show 1 customer"));
}

#[test]
fn who_comes_back_is_received_with_one_tap() {
    let Some(mut server) = stage("who_comes_back_is_received_with_one_tap") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    server.kill9();
    tablet.wait_until_offline();
    tablet.new_card("陈静", "138 0000 0002");
    tablet.log_call("看了餐桌，要和先生商量", "问餐桌定了没有");
    tablet.wait_until_offline_with(2);

    // The next morning she stands in the store, whose network is still down.
    page.set_clock_ahead(DAY_MILLIS);
    tablet.reload(FOUNDER);
    tablet.wait_until_offline();
    tablet.open_card("陈静");
    let begin = role("button", "In the store now").inside(css(".card-head"));
    let under_way = css(".reception");
    page.wait_for(&begin);
    take_pictures(&tablet, "reception-begins");
    page.click_on(&begin);
    page.wait_for(&text("In the store since").inside(under_way.clone()));
    page.wait_until_gone(&begin);
    tablet.wait_until_offline_with(3);
    page.click_on(&text("The nine steps").inside(under_way.clone()));
    page.wait_for(&text("Keep in touch").inside(under_way.clone()));
    tablet.assert_no_barriers();
    take_pictures(&tablet, "reception");
    // It was the wrong card, and then it was not.
    page.click("button", "Undo");
    page.wait_until_gone(&under_way);
    page.click_on(&begin);
    page.wait_for(&under_way);
    tablet.wait_until_offline_with(5);

    // She leads the day, and what was promised is said to her here.
    tablet.go("Today");
    let here = css("[data-group=in_store] .work:first-child[data-why=in_store]");
    page.wait_for(&here);
    let words = page.text_of(&here);
    assert!(words.contains("问餐桌定了没有"), "{words}");
    page.click("button", "Left: 陈静");
    page.wait_until_gone(&here);
    page.click("button", "Undo");
    page.wait_for(&here);

    // The visit is logged from the card, does what was due, and ends the reception.
    tablet.open_card("陈静");
    page.click("button", "Log the visit of 陈静");
    let sheet = || css("dialog#contact");
    page.wait_for(&css("[value=store_visit]:checked").inside(sheet()));
    tablet.choose("What came of it", "Progress");
    tablet.choose("When", "None, because…");
    page.fill_in(
        &label("Why is there no next step").inside(sheet()),
        "已下定",
    );
    page.click_on(&role("button", "Save").inside(sheet()));
    page.wait_until_gone(&sheet());
    page.wait_until_gone(&under_way);
    page.wait_for(&begin);
    tablet.go("Today");
    page.wait_for(&text("1 customer contacted today"));
    assert!(!page.shows(&css("[data-why=in_store], [data-why=planned]")));

    // The history tells of it in words.
    server.restart();
    tablet.wait_until_all_at_store();
    tablet.open_card("陈静");
    tablet.show("History");
    page.wait_for(&text("In the store").inside(css(".history")));
    tablet.assert_no_barriers();
}
