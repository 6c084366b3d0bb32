//! Which class a customer has, by what happened; and what is known about them. Without the store.

use floorbook_tests::browser::{css, label, role, text};

use crate::tablet::{Tablet, stage};

#[test]
fn a_customer_who_becomes_d_comes_back() {
    let Some(mut server) = stage("a_customer_who_becomes_d") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    server.kill9();
    tablet.wait_until_offline();
    tablet.new_card("王小明", "138 0000 0001");
    let proposal = |class: &str| css(&format!("[data-proposal={class}]"));
    let badge = |class: &str| css(&format!(".class-button[aria-label^='Class: {class} ']"));
    tablet.log_fruitless_call("电话没人接");
    assert!(
        !tablet.page.shows(&css("[data-proposal]")),
        "after one call"
    );
    tablet.log_fruitless_call("还是没人接");
    tablet
        .page
        .wait_for(&text("2 contacts without a next step").inside(proposal("D")));
    tablet.assert_no_barriers();

    // The class button says the same, and the list of what looks wrong holds the card.
    tablet.page.click_on(&css(".class-button"));
    tablet
        .page
        .wait_for(&text("What speaks for D").inside(css("dialog#class")));
    tablet.page.click("button", "Close");
    tablet.go("More");
    tablet.page.click("link", "Re-sort the cards (1)");
    tablet.page.wait_for(&text("1 card"));
    tablet.assert_no_barriers();
    tablet.page.click("button", "Change to D");
    tablet.page.wait_for(&text("All classes look right"));
    tablet.wait_until_saved();

    // They call after all.
    tablet.open_card("王小明");
    tablet.page.wait_for(&badge("D"));
    tablet.log_call("自己打来电话，下个月装修", "量房");
    tablet.page.wait_for(&proposal("A"));
    tablet.page.click("button", "Keep D");
    tablet.page.wait_until_gone(&css("[data-proposal]"));
    // A person may do otherwise at any time.
    tablet.page.click_on(&css(".class-button"));
    tablet
        .page
        .click_on(&role("radio", "A active").inside(css("dialog#class")));
    tablet.page.wait_for(&badge("A"));
}

#[test]
fn what_is_known_grows_by_taps_and_the_card_says_what_to_ask_next() {
    let Some(mut server) = stage("what_is_known_grows_by_taps") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    server.kill9();
    tablet.wait_until_offline();
    tablet.new_card("王小明", "138 0000 0001");
    tablet.show("File");
    // Name and phone of nine parts of the hard file, which counts twenty of a hundred.
    tablet.page.wait_for(&text("4 of 100 known"));
    let chip = |name: &str| role("button", name).inside(css(".quality"));
    tablet.page.click_on(&chip("Style and colour"));
    // The form stands further down: the focus goes there, and the page with it.
    tablet
        .page
        .wait_until("the focus", "document.activeElement.id === 'fact-focus'");
    let form = |name: &str| role("button", name).inside(css(".section-form"));
    tablet.page.click_on(&form("New Chinese"));
    tablet.page.click_on(&form("Light luxury"));
    tablet.page.click_on(&form("Comfort"));
    tablet
        .page
        .fill_in(&label("Colours").inside(css(".section-form")), "浅灰");
    tablet.page.click_on(&form("Save"));
    tablet
        .page
        .wait_for(&text("New Chinese, Light luxury").inside(css("[data-fact=style]")));
    tablet.wait_until_saved();
    tablet.page.wait_for(&text("12 of 100 known"));
    tablet.assert_no_barriers();

    // A half-typed form comes back, and what it holds is saved once.
    tablet.page.click("button", "Edit Taste");
    tablet
        .page
        .fill_in(&label("Colours").inside(css(".section-form")), "墨绿");
    tablet.page.click("tab", "Timeline");
    tablet.show("File");
    assert_eq!(tablet.page.value("Colours"), "墨绿");
    tablet.page.click_on(&form("Save"));
    tablet
        .page
        .wait_for(&text("墨绿").inside(css("[data-fact=colour]")));
}
