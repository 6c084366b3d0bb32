//! A tablet that stays away from the network too long locks itself, whatever its clock shows.

use floorbook_tests::browser::text;

use crate::locking::tile;
use crate::tablet::{FOUNDER, PASSWORD, Tablet, stage};

/// A day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1_000;

#[test]
fn a_lease_ends_although_the_clock_is_set_back_and_nothing_unsent_is_lost() {
    let Some(mut server) = stage("a_lease_ends_although_the_clock_is_set_back") else {
        return;
    };
    let tablet = Tablet::set_up(&server);
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_all_at_store();
    server.kill9();
    tablet.wait_until_offline();
    tablet.edit("Address", &[("City", "杭州")]);
    tablet.lock(FOUNDER);

    // The lease is three weeks. After twenty days the tile warns, and the PIN still opens.
    tablet.page.set_clock_ahead(20 * DAY);
    tablet.page.click_on(&tile(FOUNDER));
    tablet.type_pin(crate::locking::PIN);
    tablet.page.wait_for(&crate::locking::places());
    tablet.lock(FOUNDER);
    tablet.page.wait_for(&text("Needs the network by"));
    tablet.assert_no_barriers();

    // Set back to the day of the last contact: the days that were seen to pass stay passed.
    tablet.page.set_clock_ahead(0);
    tablet.page.reload();
    tablet.page.wait_for(&text("Needs the network by"));
    tablet.unlock(FOUNDER);
    tablet.open_card("王小明");
    tablet.lock(FOUNDER);

    // Two days by this clock, twenty-two in truth.
    tablet.page.set_clock_ahead(2 * DAY);
    tablet.page.reload();
    tablet
        .page
        .wait_for(&text("Needs a password and the network"));
    tablet.page.click_on(&tile(FOUNDER));
    let ended = text("Too long without the network: the PIN no longer opens");
    tablet.page.wait_for(&ended);
    tablet
        .page
        .wait_for(&text("1 change of yours was not sent yet"));
    tablet.assert_no_barriers();
    // What the PIN opened is gone, so no clock brings it back.
    tablet.page.set_clock_ahead(-DAY);
    tablet.page.reload();
    tablet.page.click_on(&tile(FOUNDER));
    tablet.page.wait_for(&ended);

    tablet.page.set_clock_ahead(0);
    server.restart();
    tablet.page.click("button", "Sign in with a password");
    tablet.page.fill("Password", PASSWORD);
    tablet.page.click("button", "Sign in");
    tablet.choose_pin();
    tablet.wait_until_all_at_store();
    tablet.open_card("王小明");
    tablet.show("File");
    tablet.page.wait_for(&text("杭州"));
}
