//! Pictures of every screen, for people to look at: `FLOORBOOK_SCREENSHOTS=folder`.

use std::env;
use std::path::PathBuf;

use floorbook_tests::browser::{Locator, Viewport, css, role};
use floorbook_tests::stage::Stage;

use crate::locking::{PIN, WRONG_PIN, tile};
use crate::tablet::{FOUNDER, Tablet, stage};
use crate::two_tablets::{EXTRACT, sample};

const LANGUAGES: [(&str, &str); 2] = [("zh-CN", "中文"), ("en", "English")];

#[test]
fn screenshots() {
    let Some(folder) = env::var_os("FLOORBOOK_SCREENSHOTS").map(PathBuf::from) else {
        // Nobody asked for pictures; saying so belongs to the stage alone.
        let _ = Stage::find("screenshots");
        return;
    };
    let Some(server) = stage("screenshots") else {
        return;
    };
    let album = Album { folder };
    let tablet = Tablet::open(&server.setup_link());
    album.take_both_languages(&tablet, "setup");
    drop(tablet);
    let tablet = Tablet::set_up(&server);
    tablet.choose_import(&sample().unwrap_or_else(|| PathBuf::from(EXTRACT)));
    album.take_here(&tablet, "import-would");
    tablet.apply_import();
    album.take_here(&tablet, "import-done");
    tablet.wait_until_all_at_store();
    tablet.go("Customers");
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
    let card: String = tablet.page.eval("location.pathname");

    for (tag, own_name) in LANGUAGES {
        let take = |path: &str, ready: &Locator, tap: Option<&Locator>, name: &str| {
            tablet.page.goto(&format!("{}{path}", server.url()));
            tablet.open_again();
            tablet.page.wait_for(&css("[data-standing=in-sync]"));
            tablet.page.wait_for(ready);
            if let Some(tap) = tap {
                tablet.page.click_on(tap);
                tablet.page.wait_for(&css(
                    "dialog[open], [aria-selected=true], .segments [aria-pressed=true]:last-child",
                ));
            }
            album.take(&tablet, tag, name);
        };
        tablet.page.goto(&format!("{}/more", server.url()));
        tablet.open_again();
        tablet.page.click("radio", own_name);
        let heading = css("h1");
        take(
            "/",
            &css("h1"),
            Some(&css(".page-head .segments button:last-child")),
            "today",
        );
        take(
            "/week",
            &css(".week-days"),
            Some(&css(".page-head .segments button:last-child")),
            "week",
        );
        take("/customers", &css("[data-index='1']"), None, "list");
        take(&card, &css("#card-name"), None, "card");
        take(
            &card,
            &css("#tab-file"),
            Some(&css("#tab-file")),
            "card-file",
        );
        take(
            &card,
            &css(".log-contact"),
            Some(&css(".log-contact")),
            "contact",
        );
        take("/customers/new", &css("#new-name"), None, "new-card");
        take("/more", &heading, None, "more");
        take("/more/people", &css(".plain-row"), None, "people");
        take("/more/people/new", &css("#person-name"), None, "person-new");
        take("/more/stores", &css(".plain-row"), None, "stores");
        take("/more/tablets", &css(".plain-row"), None, "tablets");
        take("/more/tablets/new", &css(".steps"), None, "tablet-new");
        take("/more/handovers", &css(".empty"), None, "handovers");
        take("/more/import", &heading, None, "import");
        take("/more", &heading, Some(&css(".status-chip")), "status");
    }
    tablet.page.goto(&format!("{}/more", server.url()));
    album.take_both_languages(&tablet, "lock");
    tablet.page.click_on(&tile(FOUNDER));
    tablet.type_pin(WRONG_PIN);
    tablet.page.wait_for(&css(".tone-problem"));
    album.take_both_languages(&tablet, "unlock");
    tablet.page.reload();
    tablet.page.click_on(&css(".person-tile.is-other"));
    album.take_both_languages(&tablet, "sign-in");
    drop(tablet);
    album.take_both_languages(&Tablet::open(&server.enrolment_link()), "enrol");
}

impl Tablet {
    /// Opens the tablet after the page was loaded again, whatever its language.
    fn open_again(&self) {
        self.page.click_on(&css(".person-tile"));
        self.type_pin(PIN);
        self.page.wait_for(&css(".places"));
    }
}

/// Where the pictures go.
struct Album {
    folder: PathBuf,
}

impl Album {
    /// One screen lying and standing, light and dark.
    fn take(&self, tablet: &Tablet, language: &str, name: &str) {
        for (width, height) in [(1280, 800), (800, 1280)] {
            for (dark, look) in [(false, "light"), (true, "dark")] {
                let file = format!("{name}-{language}-{width}x{height}-{look}.png");
                let path = self.folder.join(file);
                tablet.page.screenshot(&path, width, height, dark);
            }
        }
        tablet.page.set_viewport(Viewport::TABLET);
        tablet.page.set_dark(false);
    }

    fn take_here(&self, tablet: &Tablet, name: &str) {
        self.take(tablet, "en", name);
    }

    /// A screen on which the language can be chosen.
    fn take_both_languages(&self, tablet: &Tablet, name: &str) {
        for (tag, own_name) in LANGUAGES {
            tablet.page.click("button", own_name);
            self.take(tablet, tag, name);
        }
    }
}
