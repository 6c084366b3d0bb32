//! The whole promise in one story: two tablets work without a store, one of them dies, and in the
//! end everything is everywhere.

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use floorbook_tests::browser::{css, role, text};

use crate::tablet::{COLLEAGUE, FOUNDER, Tablet, stage};

/// A few dozen rows of a book as stores keep it in a spreadsheet.
pub const EXTRACT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../shared/src/import/testdata/customers_extract.csv"
);

/// The whole sample: `customers.csv` in the folder that `FLOORBOOK_SAMPLE` names, or beside the
/// repository.
pub fn sample() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data");
    let folder = env::var_os("FLOORBOOK_SAMPLE").unwrap_or_else(|| beside.into());
    let file = PathBuf::from(folder).join("customers.csv");
    file.exists().then_some(file)
}

#[test]
fn two_tablets_work_without_the_store_and_agree_when_it_is_back() {
    let Some(mut server) = stage("two_tablets_work_without_the_store") else {
        return;
    };
    let first = Tablet::set_up(&server);
    // Two managers, so that both write on the same cards.
    let code = first.invite_as(COLLEAGUE, &["Manager"]);
    let mut second = Tablet::join(&server, &code);
    first.choose_import(Path::new(EXTRACT));
    first.assert_no_barriers();
    let imported = first.apply_import();
    assert!(imported > 20, "only {imported} cards");
    first.assert_no_barriers();
    for name in [FOUNDER, COLLEAGUE] {
        first.make_manager_of_all(name);
    }
    first.new_card("王小明", "138 0000 0001");
    first.wait_until_all_at_store();
    first.wait_for_customers(imported + 1);
    second.wait_for_customers(imported + 1);
    second.open_card("王小明");

    // The power of the server fails; both tablets start cold, without it.
    server.kill9();
    first.reload(FOUNDER);
    second.reload(COLLEAGUE);
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
    second.reopen(COLLEAGUE);
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
        // Whose value was replaced is told so, above; in the file stands one value.
        let other = text("桂花园").inside(css("[data-field=compound]"));
        tablet.page.wait_until_gone(&other);
        tablet.wait_until_all_at_store();
    }
}

#[test]
fn the_whole_sample_arrives_and_is_searched() {
    let Some(server) = stage("the_whole_sample_arrives") else {
        return;
    };
    let Some(sample) = sample() else {
        let _ = writeln!(
            io::stderr(),
            "skipped `the_whole_sample_arrives`: set FLOORBOOK_SAMPLE to the folder of customers.csv"
        );
        return;
    };
    let began = Instant::now();
    let told = |what: &str| {
        let _ = writeln!(io::stderr(), "{what}: {} ms", began.elapsed().as_millis());
    };
    let first = Tablet::set_up(&server);
    told("set up");
    first.choose_import(&sample);
    told("report of the import with everything agreed to");
    let imported = first.apply_import();
    told("imported");
    first.make_manager_of_all(FOUNDER);
    first.wait_for_customers(imported);
    told("all cards on the tablet that imported");
    let second = Tablet::sign_in(&server, FOUNDER);
    second.wait_for_customers(imported);
    told("all cards on a new tablet");
    second.reload(FOUNDER);
    second.wait_for_customers(imported);
    told("all cards after a reload");
    second.page.fill("Find a customer", "罗斌磊");
    second.page.wait_for(&text("1 customer"));
    told("found by name");
    second.assert_no_barriers();
    second.go("Today");
    second.assert_no_barriers();
}
