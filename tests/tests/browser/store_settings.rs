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
