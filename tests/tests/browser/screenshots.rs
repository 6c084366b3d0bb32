//! Pictures of every screen, for people to look at: `FLOORBOOK_SCREENSHOTS=folder`.

mod album;
mod people;

use std::env;
use std::path::PathBuf;

use floorbook_tests::browser::{css, role};
use floorbook_tests::stage::Stage;

use crate::tablet::{FOUNDER, Tablet, stage};
use crate::two_tablets::{EXTRACT, sample};

pub use album::{Album, page, tapped};

/// The folder for the pictures, if somebody asked for them.
fn asked_for(story: &str) -> Option<Album> {
    let folder = env::var_os("FLOORBOOK_SCREENSHOTS").map(PathBuf::from);
    if folder.is_none() {
        // Nobody asked for pictures; saying so belongs to the stage alone.
        let _ = Stage::find(story);
    }
    folder.map(Album::new)
}

#[test]
fn screenshots() {
    let Some(album) = asked_for("screenshots") else {
        return;
    };
    let Some(server) = stage("screenshots") else {
        return;
    };
    let tablet = Tablet::open(&server.setup_link());
    album.take_both_languages(&tablet, "setup");
    drop(tablet);
    let tablet = Tablet::set_up(&server);
    tablet.choose_import(&sample().unwrap_or_else(|| PathBuf::from(EXTRACT)));
    album.take_here(&tablet, "import-would");
    let imported = tablet.apply_import();
    album.take_here(&tablet, "import-done");
    tablet.make_manager_of_all(FOUNDER);
    tablet.wait_for_customers(imported);
    tablet.wait_until_all_at_store();
    tablet
        .page
        .wait_for(&css("[data-list=customers] .row-next .late"));
    tablet
        .page
        .click_on(&css("[data-list=customers] [data-index='1']"));
    tablet.page.wait_for(&role("tab", "Timeline"));
    tablet.log_call(
        "看了两套转角沙发，喜欢浅灰色；孩子还小，要好打理的面料。",
        "发面料样册和报价",
    );
    // They are in the store, on the card and at the top of Today.
    tablet.page.click_on(&css(".begin-reception"));
    tablet.page.wait_for(&css(".reception"));
    let card: String = tablet.page.eval("location.pathname");
    let scenes = [
        tapped(
            "today",
            "/",
            &[".page-head .segments button:last-child"],
            ".segments [aria-pressed=true]:last-child",
        ),
        page("week", "/week", ".week-days"),
        page("list", "/customers", "[data-index='1']"),
        page("card", &card, "#card-name"),
        tapped(
            "card-file",
            &card,
            &["#tab-file"],
            "#tab-file[aria-selected=true]",
        ),
        tapped("contact", &card, &[".log-contact"], "dialog#contact"),
        page("new-card", "/customers/new", "#new-name"),
        page("walk-in", "/customers/walk-in", "#new-name"),
        tapped(
            "card-history",
            &card,
            &["#tab-history"],
            "#tab-history[aria-selected=true]",
        ),
        tapped("filters", "/customers", &[".all-filters"], "dialog[open]"),
        page("conflicts", "/more/conflicts", "h1"),
        page("more", "/more", "h1"),
        tapped(
            "resort",
            "/more/classes",
            &[".resort .segments button:last-child"],
            ".resort-list",
        ),
        page("import", "/more/import", "h1"),
        tapped("status", "/more", &[".status-chip"], "dialog#status"),
    ];
    album.tour(&tablet, "in-sync", &scenes);
    album.assert_no_barriers();
}
