//! A tablet is emptied from its own screen: not while anything waits on it, unless that is in a file.

use floorbook_tests::browser::{css, role, text};
use floorbook_tests::cable::Cable;
use floorbook_tests::wait;

use crate::locking::lock_screen;
use crate::tablet::{COLLEAGUE, Tablet, stage};

#[test]
fn what_a_tablet_can_not_send_goes_into_a_file_before_it_is_emptied() {
    let Some(server) = stage("what_a_tablet_can_not_send") else {
        return;
    };
    let office = Tablet::set_up(&server);
    let code = office.invite(COLLEAGUE);
    let cable = Cable::to(server.address());
    let tablet = Tablet::join_at(&server, &cable.url(), &code);
    let page = &tablet.page;
    cable.pull();
    tablet.new_card("王小明", "138 0000 0001");
    tablet.wait_until_offline_with(1);

    tablet.go("More");
    page.click("button", "Empty this tablet…");
    let dialog = || css("dialog#reset");
    let empty = || role("button", "Empty it now").inside(dialog());
    page.wait_for(&text("1 change on this tablet has not reached the store"));
    assert!(page.eval::<bool>("document.querySelector('dialog#reset .danger-fill').disabled"));
    tablet.assert_no_barriers();

    let downloads = tempfile::tempdir().unwrap();
    page.save_files_to(downloads.path());
    page.click_on(&role("button", "Save a rescue file").inside(dialog()));
    page.wait_for(&text("It is the only copy of the 1 change in it"));
    let file = downloads.path().join("F02.floorbook-rescue");
    wait::until("the file in the downloads", || {
        Ok(file.exists().then_some(()))
    })
    .unwrap();
    tablet.assert_no_barriers();
    page.click_on(&empty());
    page.wait_for(&role("heading", "This tablet is empty"));
    page.wait_for(&text("The store does not know yet"));
    tablet.assert_no_barriers();

    // It tells by itself; nobody can work on it any more, and the store lists it as retired.
    cable.plug_in();
    page.wait_for(&text("The store knows, and lists it as retired"));
    page.reload();
    page.wait_until_gone(&lock_screen());
    page.wait_for(&role("heading", "This tablet is not enrolled yet"));
    office.go("More");
    office.page.click("link", "Tablets");
    office.page.click_on(&role("link", "F02"));
    office.page.wait_for(&text("Retired"));

    // The file brings what was on it.
    office.go("More");
    office.page.click("link", "Tablets");
    office.page.click("link", "Take in a rescue file");
    office.page.choose_file("input[type=file]", &file);
    office.page.wait_for(&text("1 change was taken in"));
    office.assert_no_barriers();
    office.open_card("王小明");
}
