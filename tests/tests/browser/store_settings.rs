//! What a store sets for the rules.

use floorbook_tests::browser::{css, label, role, text};

use crate::history::take_pictures;
use crate::tablet::{FOUNDER, Tablet, stage};

#[test]
fn the_numbers_of_the_rules_are_set_section_by_section() {
    let Some(server) = stage("the_numbers_of_the_rules_are_set") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    let section = |name: &str| css(&format!("[data-settings={name}]"));
    let open = |name: &str| {
        page.click_on(&css(&format!("[data-settings={name}] > summary")));
        page.wait_for(&css(&format!("[data-settings={name}][open]")));
    };
    let save = |name: &str| role("button", "Save").inside(section(name));
    let is_saved = |name: &str| {
        page.wait_until(
            "that it is saved",
            &format!("document.querySelector('[data-settings={name}] [type=submit]').disabled"),
        );
    };
    tablet.go("More");
    page.click("link", "Stores");
    page.click_on(&role("link", "杭州旗舰店").inside(css(".plain-rows")));
    page.wait_for(&section("dealings"));
    for name in ["cadence", "classes", "dealings", "quality", "sensitive"] {
        open(name);
    }
    tablet.assert_no_barriers();
    take_pictures(&tablet, "store-settings");
    page.eval::<bool>(
        "(document.querySelector('[data-settings=dealings]').scrollIntoView(), true)",
    );
    take_pictures(&tablet, "store-settings-dealings");

    // Amounts are typed in yuan, and have to grow from one to the next.
    let main = || label("Main customer from, yuan").inside(section("dealings"));
    page.fill_in(&main(), "5,000");
    page.wait_for(&text("Amounts must grow from one step").inside(section("dealings")));
    page.fill_in(&main(), "200,000");
    page.click_on(&save("dealings"));
    is_saved("dealings");

    // Another section keeps what the first one saved.
    let fruitless = label("Contacts in a row without a next step: D").inside(section("classes"));
    page.fill_in(&fruitless, "0");
    page.wait_for(&text("A number is out of its bounds").inside(section("classes")));
    page.fill_in(&fruitless, "3");
    page.click_on(&save("classes"));
    is_saved("classes");
    let keeps = role("checkbox", "Keep sensitive facts where the customer agreed");
    page.click_on(&keeps);
    page.click_on(&save("sensitive"));
    is_saved("sensitive");
    tablet.assert_no_barriers();

    tablet.reload(FOUNDER);
    page.wait_for(&section("dealings"));
    open("dealings");
    page.wait_until(
        "the amount",
        "document.getElementById('setting-main').value === '200000'",
    );
    let others: Vec<String> = page.eval(
        "[document.getElementById('setting-fruitless').value, \
         String(document.querySelector('[data-settings=sensitive] input').checked)]",
    );
    assert_eq!(others, ["3", "true"]);
}

#[test]
fn sensitive_facts_are_asked_for_only_where_store_and_customer_agree() {
    let Some(server) = stage("sensitive_facts_are_asked_for") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    let page = &tablet.page;
    let income = || label("Income").inside(css(".section-form"));
    let begin =
        || role("button", "Work and education").inside(css("[aria-labelledby=section-unknown]"));
    let says = |answer: &str| {
        let of_sensitive = css("[data-consent=sensitive]");
        page.click_on(&role("button", answer).inside(of_sensitive));
    };
    tablet.new_card("陈静", "138 0000 0002");
    tablet.show("File");
    says("Agreed");
    page.wait_for(&css("[data-consent=sensitive][data-said=given]"));
    page.wait_for(&text("this store’s settings do not keep them"));
    page.click_on(&begin());
    page.wait_for(&css(".section-form"));
    assert!(!page.shows(&income()), "the store does not keep them");

    tablet.go("More");
    page.click("link", "Stores");
    page.click_on(&role("link", "杭州旗舰店").inside(css(".plain-rows")));
    page.click_on(&css("[data-settings=sensitive] > summary"));
    page.click("checkbox", "Keep sensitive facts where the customer agreed");
    page.wait_for(&text("Please tell your team what you need them for"));
    page.click_on(&role("button", "Save").inside(css("[data-settings=sensitive]")));
    page.wait_until(
        "that it is saved",
        "document.querySelector('[data-settings=sensitive] [type=submit]').disabled",
    );

    tablet.open_card("陈静");
    tablet.show("File");
    if !page.shows(&css(".section-form")) {
        page.click_on(&begin());
    }
    page.fill_in(&income(), "年入四十万");
    page.click_on(&role("button", "Save").inside(css(".section-form")));
    page.wait_for(&text("年入四十万").inside(css("[data-section=career]")));

    // They think better of it: nothing shows any more what it was, the history neither.
    says("Refused");
    page.wait_until_gone(&text("年入四十万"));
    page.wait_for(&text("are shown once the customer agreed"));
    tablet.assert_no_barriers();
    tablet.show("History");
    page.wait_for(&text("(sensitive, not shown)").inside(css(".history")));
    assert!(!page.shows(&text("年入四十万")));
}
