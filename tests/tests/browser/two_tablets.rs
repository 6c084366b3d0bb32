//! The whole promise in one story: two tablets work without a store, one of them dies, and in the
//! end everything is everywhere.

use std::path::Path;

use floorbook_tests::browser::{role, text};

use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, stage};

/// A few dozen rows of a book as stores keep it in a spreadsheet.
const EXTRACT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/src/import/testdata/customers_extract.csv"
);

#[test]
fn two_tablets_work_without_the_store_and_agree_when_it_is_back() {
    let Some(mut server) = stage("two_tablets_work_without_the_store") else {
        return;
    };
    let first = Tablet::set_up(&server);
    let link = first.invite(COLLEAGUE);
    let mut second = Tablet::join(&link);
    first.choose_import(Path::new(EXTRACT));
    first.assert_no_barriers();
    let imported = first.apply_import();
    assert!(imported > 20, "only {imported} cards");
    first.assert_no_barriers();
    first.new_card("王小明", "138 0000 0001");
    first.wait_until_all_at_store();
    first.wait_for_customers(imported + 1);
    second.wait_for_customers(imported + 1);
    second.open_card("王小明");

    // The power of the server fails; both tablets start cold, without it.
    server.kill9();
    first.page.reload();
    second.page.reload();
    first.wait_until_offline();
    second.wait_until_offline();

    first.new_card("陈静", "138 0000 0002");
    first.open_card("王小明");
    first.edit("Address", &[("City", "杭州"), ("Compound", "江南里")]);
    second.open_card("王小明");
    second.edit("Basics", &[("How they found us", "朋友介绍")]);
    second.edit("Address", &[("Compound", "桂花园")]);
    first.wait_until_offline_with(2);
    second.wait_until_offline_with(2);

    second.log_call("喜欢浅色的布艺沙发", "发面料样册");
    second.kill();
    second.reopen();
    second.open_card("王小明");
    second.page.wait_for(&text("喜欢浅色的布艺沙发"));
    second.wait_until_offline_with(3);

    server.restart();
    first.wait_until_all_at_store();
    second.wait_until_all_at_store();

    let third = Tablet::sign_in(&server, FOUNDER);
    let tablets = [&first, &second, &third];
    for tablet in tablets {
        tablet.wait_for_customers(imported + 2);
        tablet.open_card("陈静");
        tablet.open_card("王小明");
        tablet.page.wait_for(&text("喜欢浅色的布艺沙发"));
        tablet.page.wait_for(&text("发面料样册"));
        tablet.page.wait_for(&text("1 place has two values"));
        tablet.page.click("button", "Choose");
        tablet.page.wait_for(&text("杭州"));
        tablet.page.wait_for(&text("朋友介绍"));
        for value in ["江南里", "桂花园"] {
            tablet
                .page
                .wait_for(&role("button", &format!("Use this: “{value}”")));
        }
        tablet.assert_no_barriers();
    }

    first.page.click("button", "Use this: “江南里”");
    for tablet in tablets {
        tablet.page.wait_until_gone(&text("two values"));
        tablet.page.wait_for(&text("江南里"));
        tablet.page.wait_until_gone(&text("桂花园"));
        tablet.wait_until_all_at_store();
    }
}
