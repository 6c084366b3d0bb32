//! A walk-in whom a colleague looks after already, opened where nobody could be asked.

use floorbook_tests::browser::{css, role, text};
use floorbook_tests::cable::Cable;

use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, stage};

#[test]
fn a_card_that_was_opened_without_a_network_is_looked_for_once_there_is_one() {
    let Some(server) = stage("a_card_that_was_opened_without_a_network") else {
        return;
    };
    let manager = Tablet::set_up(&server);
    let cable = Cable::to(server.address());
    let code = manager.invite(COLLEAGUE);
    let colleague = Tablet::join_at(&server, &cable.url(), &code);
    manager.new_card("王小明", "138 0000 0001");
    manager.wait_until_all_at_store();

    let page = &colleague.page;
    let told = || text(&format!("Please ask {FOUNDER} or the manager"));
    cable.pull();
    colleague.wait_until_offline();
    colleague.new_card("王先生", "13800000001");
    colleague.new_card("陈静", "138 0000 0002");
    // The battery dies before anybody could be asked.
    colleague.reload(COLLEAGUE);
    colleague.wait_until_offline_with(2);
    assert!(!page.shows(&told()));

    cable.plug_in();
    colleague.go("Today");
    page.wait_for(&told());
    colleague.wait_until_all_at_store();
    colleague.assert_no_barriers();
    assert!(!page.shows(&text("王小明")), "and no more than that");
    page.click_on(&role("link", "王先生").inside(css(".message")));
    page.wait_for(&role("heading", "王先生"));
    page.wait_for(&told());

    // They spoke with one another: it is said no more, also after a restart.
    page.click("button", "Settled");
    page.wait_until_gone(&told());
    colleague.reload(COLLEAGUE);
    colleague.open_card("陈静");
    colleague.wait_until_all_at_store();
    assert!(!page.shows(&told()));
}
