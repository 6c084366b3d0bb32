//! What happened to a card: values that a colleague replaced, undo, the history, and conflicts.

use std::env;
use std::path::PathBuf;

use floorbook_tests::browser::{Viewport, css, label, role, text};

use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, row, stage};

#[test]
fn a_value_replaced_by_a_colleague_is_taken_back() {
    let Some(mut server) = stage("a_value_replaced_by_a_colleague") else {
        return;
    };
    let first = Tablet::set_up(&server);
    let code = first.invite_as(COLLEAGUE, &["Manager"]);
    let second = Tablet::join(&server, &code);
    first.new_card("王小明", "138 0000 0001");
    first.edit("Address", &[("Compound", "桂花园")]);
    first.wait_until_all_at_store();
    second.open_card("王小明");

    // The colleague knows better, without the store; it arrives when the store is back.
    server.kill9();
    second.wait_until_offline();
    second.edit("Address", &[("Compound", "江南里")]);
    second.edit("Basics", &[("How they found us", "朋友介绍")]);
    second.wait_until_offline_with(2);
    server.restart();
    second.wait_until_all_at_store();
    let told = text("Your Compound “桂花园” is now “江南里”.");
    first.page.wait_for(&told);
    first
        .page
        .wait_for(&text(&format!("{COLLEAGUE}, tablet F02")));
    first.assert_no_barriers();

    // From here on without the store again.
    server.kill9();
    first.wait_until_offline();
    first.reload(FOUNDER);
    first.page.wait_for(&told);
    first.show("History");
    first.page.wait_for(&css(".history .event"));
    first.page.wait_for(&text("江南里").inside(css(".history")));
    first.page.wait_for(&text("桂花园").inside(css(".history")));
    first.assert_no_barriers();
    take_pictures(&first, "history");
    first.page.click("button", "Take mine back: “桂花园”");
    first.wait_until_saved();
    first.page.wait_until_gone(&told);
    first.wait_until_offline_with(1);

    // Changed one's mind twice: once where it was saved, once in the history.
    first.page.click("button", "Undo");
    let bring_back = role("button", "Bring back “桂花园”");
    first.page.wait_for(&bring_back);
    first.wait_until_offline_with(2);
    first.page.click_on(&bring_back);
    first.page.wait_until_gone(&bring_back);
    first.wait_until_offline_with(3);

    // Both tablets write about the source without knowing of one another.
    second.wait_until_offline();
    first.edit("Basics", &[("How they found us", "小红书")]);
    second.edit("Basics", &[("How they found us", "路过")]);
    server.restart();
    for tablet in [&first, &second] {
        tablet.wait_until_all_at_store();
        tablet.page.wait_for(&text("1 place has two values"));
    }
    first.go("More");
    first.page.click("link", "Conflicts (1)");
    first
        .page
        .wait_for(&text("1 card, 1 place with two values"));
    first.assert_no_barriers();
    first
        .page
        .click_on(&role("link", "王小明").inside(css("[data-list=conflicts]")));
    first.page.click("button", "Choose");
    first.page.click("button", "Use this: “小红书”");
    first.page.wait_until_gone(&text("has two values"));
    first.wait_until_all_at_store();

    // The colleague is told what became of both values, keeps one, and is not asked again.
    let told = text("Your Compound “江南里” is now “桂花园”.");
    second.page.wait_for(&told);
    second
        .page
        .wait_for(&text("Your How they found us “路过” is now “小红书”."));
    second
        .page
        .click_on(&role("button", "Keep it so").inside(css(".replaced:first-child")));
    second
        .page
        .click_on(&role("button", "Keep it so").inside(css(".replaced:first-child")));
    second.page.wait_until_gone(&css(".replaced"));
    second.wait_until_all_at_store();
    second.reload(COLLEAGUE);
    second.page.wait_for(&css("#card-name"));
    second.show("History");
    second.page.wait_for(&css(".history .event"));
    assert!(!second.page.shows(&css(".replaced")));
    if speaks_chinese_for_pictures(&second) {
        second.page.click_on(&css("[data-list=customers] .row"));
        second.page.click_on(&css("#tab-history"));
        second.page.wait_for(&css(".history .event"));
        take_pictures(&second, "history-zh-CN");
    }
}

#[test]
fn a_class_and_a_dropped_step_are_undone_at_once() {
    let Some(mut server) = stage("a_class_and_a_dropped_step_are_undone") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    server.kill9();
    tablet.wait_until_offline();
    tablet.new_card("王小明", "138 0000 0001");
    tablet.log_call("喜欢浅色", "发面料样册");
    // What was logged was said: no way back is offered.
    assert!(!tablet.page.shows(&css(".saved-undo")));
    let step = || text("发面料样册").inside(css(".next-steps"));
    tablet.page.wait_for(&step());
    tablet.page.click("button", "Give up");
    tablet.page.fill("Why", "不需要了");
    tablet
        .page
        .click_on(&role("button", "Give up").inside(css("dialog#drop")));
    tablet.page.wait_until_gone(&step());
    tablet.page.click("button", "Undo");
    tablet.page.wait_for(&step());
    tablet.page.click_on(&css(".class-button"));
    tablet
        .page
        .click_on(&role("radio", "B buying or designing").inside(css("dialog#class")));
    tablet.page.wait_for(&css(".saved-undo"));
    tablet.assert_no_barriers();
    tablet.page.click("button", "Undo");
    tablet
        .page
        .wait_for(&text("A active prospect").inside(css(".card-sub")));
    // The history knows all of it, and does it once more.
    tablet.show("History");
    tablet.page.wait_for(&text("is planned again"));
}

#[test]
fn customers_are_found_by_pinyin_and_filters_combine() {
    let Some(server) = stage("customers_are_found_by_pinyin") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    for (name, phone) in [
        ("王小明", "138 0000 0001"),
        ("仇英", "138 0000 0002"),
        ("单晓梅", "138 0000 0003"),
    ] {
        tablet.new_card(name, phone);
    }
    tablet.edit("Basics", &[("How they found us", "朋友介绍")]);
    tablet.log_call("喜欢浅色", "发面料样册");
    // What only this card says tells it from the others.
    tablet.show("File");
    let unknown = css("[aria-labelledby=section-unknown]");
    tablet
        .page
        .click_on(&role("button", "Basics").inside(unknown));
    let form = || css(".section-form");
    for (field, words) in [("Tags", "样板间"), ("Birthday", birthday().as_str())] {
        tablet.page.fill_in(&label(field).inside(form()), words);
    }
    tablet.page.click_on(&role("button", "Save").inside(form()));
    tablet.page.wait_until_gone(&form());
    tablet.go("Customers");
    for (typed, name) in [
        ("wxm", "王小明"),
        ("wangxm", "王小明"),
        ("wang xiaoming", "王小明"),
        ("xiaoming", "王小明"),
        ("qiuy", "仇英"),
        ("shanxm", "单晓梅"),
        ("0003", "单晓梅"),
        ("样板", "单晓梅"),
    ] {
        tablet.page.fill("Find a customer", typed);
        tablet.page.wait_for(&text("1 customer"));
        tablet.page.wait_for(&row(name));
    }
    tablet.page.fill("Find a customer", "");
    tablet.page.click("button", "Filters");
    tablet
        .page
        .click_on(&text("朋友介绍").inside(css("dialog#filters")));
    tablet.page.wait_for(&role("button", "Show 1 customer"));
    // Filters combine, also what is known only by the day and what the store set.
    for chip in [
        "Birthday this month",
        "Never bought",
        "Card under 60 %",
        "Show flat",
    ] {
        tablet
            .page
            .click_on(&role("checkbox", chip).inside(css("dialog#filters")));
        tablet.page.wait_for(&role("button", "Show 1 customer"));
    }
    tablet
        .page
        .click_on(&role("checkbox", "Has bought").inside(css("dialog#filters")));
    tablet.page.wait_for(&role("button", "Show 0 customers"));
    tablet
        .page
        .click_on(&role("checkbox", "Has bought").inside(css("dialog#filters")));
    tablet.assert_no_barriers();
    take_pictures(&tablet, "filters");
    tablet.page.fill("Keep this list under a name", "老客介绍");
    tablet.page.click("button", "Keep");
    tablet
        .page
        .wait_for(&text("老客介绍").inside(css(".views-list")));
    tablet.page.click("button", "Show 1 customer");
    tablet.page.wait_for(&row("单晓梅"));
    tablet.page.click("button", "All");
    tablet.page.wait_for(&text("3 customers"));
    // The view is its person's own and stays on the tablet.
    tablet.wait_until_all_at_store();
    tablet.reload(FOUNDER);
    tablet.go("Customers");
    tablet.page.click("button", "老客介绍");
    tablet.page.wait_for(&text("1 customer"));
    tablet.assert_no_barriers();
    take_pictures(&tablet, "list-view");
    if speaks_chinese_for_pictures(&tablet) {
        take_pictures(&tablet, "list-view-zh-CN");
        tablet.page.click_on(&css(".all-filters"));
        tablet.page.wait_for(&css("dialog#filters[open]"));
        take_pictures(&tablet, "filters-zh-CN");
    }
}

/// A birthday in the month of the store's day, in the solar calendar.
fn birthday() -> String {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let today = jiff::Timestamp::now().to_zoned(zone).date();
    format!("{}月1日", today.month())
}

/// Pictures in both orientations for people to look at, if somebody asked for them.
pub fn take_pictures(tablet: &Tablet, name: &str) {
    let Some(folder) = env::var_os("FLOORBOOK_SCREENSHOTS").map(PathBuf::from) else {
        return;
    };
    for (width, height) in [(1280, 800), (800, 1280)] {
        let file = format!("story-{name}-{width}x{height}.png");
        tablet
            .page
            .screenshot(&folder.join(file), width, height, false);
    }
    tablet.page.set_viewport(Viewport::TABLET);
}

/// Chooses Chinese and goes to the customers, if somebody asked for pictures.
pub fn speaks_chinese_for_pictures(tablet: &Tablet) -> bool {
    if env::var_os("FLOORBOOK_SCREENSHOTS").is_none() {
        return false;
    }
    tablet.go("More");
    tablet.page.click("radio", "简体中文");
    tablet.page.click_on(&css(".places .place:nth-child(2)"));
    tablet.page.wait_for(&css("[data-list=customers] .row"));
    true
}
