//! The main screens as some people have them: with large text, and in Chinese on a dark, standing
//! tablet.

use floorbook_tests::browser::{Viewport, css};

use crate::tablet::{FOUNDER, Tablet, stage};

/// What the browsers' settings call very large, and more than that: twice the usual size.
const LARGE_TEXT: u32 = 32;

/// Whether the list has scrolled to its last row.
const AT_THE_END: &str = r#"(() => {
    const list = document.querySelector("[data-list=customers]");
    list.scrollTop = list.scrollHeight;
    const last = [...list.querySelectorAll("li")].at(-1);
    return last.ariaPosInSet === last.ariaSetSize;
})()"#;

/// What is wrong with the rows of the list at its end: each is to be as high as its words and to
/// stand below the one before, and nothing comes after the last.
const ROWS: &str = r#"(() => {
    const list = document.querySelector("[data-list=customers]");
    const rows = [...list.querySelectorAll("li")];
    const boxes = rows.map((row) => row.getBoundingClientRect());
    const isApart = (box, index) => index > 0 && Math.abs(box.top - boxes[index - 1].bottom) > 0.1;
    const isLow = (row) => row.firstElementChild.scrollHeight > row.clientHeight;
    const found = [];
    if (boxes.some(isApart)) found.push("a row is not where the one before ends");
    if (rows.some(isLow)) found.push("a row is lower than its words");
    if (boxes.at(-1).bottom > list.getBoundingClientRect().bottom) found.push("the last row is not reached");
    list.scrollTop = 0;
    return found;
})()"#;

/// What leads from one screen to the next. It is told by selectors: words differ by language.
enum Way {
    Tap(&'static str),
    Escape,
}

use Way::{Escape, Tap};

/// A screen: its name, the way to it from the one before, and what shows that it is there.
type Screen = (&'static str, &'static [Way], &'static str);

/// Today, the list, a card with its parts and its sheet, the new card, More and what it leads to,
/// and the locked tablet.
const SCREENS: [Screen; 24] = [
    (
        "today",
        &[
            Tap(".place:nth-child(1)"),
            Tap(".segments button:last-child"),
        ],
        ".today .work",
    ),
    ("week", &[Tap(".today-ways a[href='/week']")], ".week-days"),
    (
        "review",
        &[Tap(".place:nth-child(1)"), Tap("a[href='/review']")],
        ".page.review",
    ),
    ("list", &[Tap(".place:nth-child(2)")], "[data-index='1']"),
    ("filters", &[Tap(".all-filters")], "dialog#filters"),
    ("card", &[Escape, Tap("[data-index='0']")], "#tab-timeline"),
    // The word about saving covers what it likes, for a moment.
    (
        "reception",
        &[Tap(".begin-reception")],
        "body:not(:has(.saved-word)) .reception",
    ),
    ("file", &[Tap("#tab-file")], "[data-section=address]"),
    (
        "form",
        &[Tap("[data-section=address] .button")],
        ".section-form",
    ),
    ("intentions", &[Tap("#tab-intentions")], "#tab-panel *"),
    ("service", &[Tap("#tab-service")], "#tab-panel *"),
    ("history", &[Tap("#tab-history")], "#tab-panel *"),
    ("contact", &[Tap(".log-contact")], "dialog#contact"),
    (
        "in store",
        &[Escape, Tap(".place:nth-child(1)"), Tap(".script summary")],
        "[data-why=in_store] .script[open]",
    ),
    (
        "walk-in",
        &[Tap(".today-ways .button:first-child")],
        "#new-name",
    ),
    (
        "new card",
        &[Tap(".place:nth-child(2)"), Tap(".new-card")],
        "#new-name",
    ),
    ("more", &[Tap(".place:nth-child(3)")], ".ways"),
    ("status", &[Tap(".status-chip")], "dialog#status"),
    (
        "people",
        &[Escape, Tap("[href='/more/people']"), Tap(".plain-row")],
        ".posts",
    ),
    (
        "settings",
        &[
            Tap(".place:nth-child(3)"),
            Tap("[href='/more/stores']"),
            Tap(".plain-row"),
        ],
        ".settings-section",
    ),
    (
        "import",
        &[Tap(".place:nth-child(3)"), Tap("[href='/more/import']")],
        "input[type=file]",
    ),
    ("menu", &[Tap(".who")], ".menu"),
    (
        "lock",
        &[Tap("[role=menuitem]:first-child")],
        ".person-tile",
    ),
    ("keys", &[Tap(".person-tile")], ".pin-pad"),
];

impl Tablet {
    /// Walks through the main screens of an open tablet, then through those of a locked one, and
    /// gathers what is found on each.
    fn walk(&self, look: impl Fn(&str) -> Vec<String>) -> Vec<String> {
        let page = &self.page;
        let mut found = Vec::new();
        for (name, ways, ready) in SCREENS {
            for way in ways {
                match way {
                    Tap(target) => page.click_on(&css(target)),
                    Escape => {
                        page.press("Escape");
                        page.wait_until_gone(&css("dialog[open]"));
                    }
                }
            }
            page.wait_for(&css(ready));
            found.extend(look(name));
        }
        found
    }
}

#[test]
fn large_text_is_neither_cut_off_nor_covered() {
    let Some(server) = stage("large_text_is_neither_cut_off_nor_covered") else {
        return;
    };
    let (mut tablet, _) = Tablet::with_full_book(&server);
    // A list that is open grows with the text at once.
    tablet.go("Customers");
    for (size, height) in [("24px", 114), ("", 76)] {
        let script = format!("(document.documentElement.style.fontSize = '{size}', true)");
        tablet.page.eval::<bool>(&script);
        let grown = format!(
            "document.querySelector('[data-list=customers] li').getBoundingClientRect().height === {height}"
        );
        tablet.page.wait_until("rows of another height", &grown);
        tablet.page.wait_until("the end of the list", AT_THE_END);
        assert_eq!(tablet.page.eval::<Vec<String>>(ROWS), Vec::<String>::new());
    }
    tablet.close();
    tablet.browser.set_font_size(LARGE_TEXT);
    tablet.reopen(FOUNDER);
    let page = &tablet.page;
    let size: String = page.eval("getComputedStyle(document.documentElement).fontSize");
    assert_eq!(size, format!("{LARGE_TEXT}px"));

    let troubles = tablet.walk(|name| {
        let mut troubles = Vec::new();
        for viewport in [Viewport::TABLET, Viewport::TABLET_PORTRAIT] {
            page.set_viewport(viewport);
            let found = page.layout_troubles().into_iter();
            let place = format!("{name} {}x{}", viewport.width, viewport.height);
            troubles.extend(found.map(|trouble| format!("{place}: {trouble}")));
            if name == "list" {
                page.wait_until("the end of the list", AT_THE_END);
                troubles.extend(page.eval::<Vec<String>>(ROWS));
            }
        }
        troubles
    });
    assert!(
        troubles.is_empty(),
        "with large text:\n{}",
        troubles.join("\n")
    );
}

#[test]
fn there_are_no_barriers_in_chinese_on_a_dark_standing_tablet() {
    let Some(server) = stage("there_are_no_barriers_in_chinese") else {
        return;
    };
    let (tablet, _) = Tablet::with_full_book(&server);
    let page = &tablet.page;
    tablet.go("More");
    page.click("radio", "中文");
    page.wait_until("Chinese", "document.documentElement.lang === 'zh-CN'");
    page.set_viewport(Viewport::TABLET_PORTRAIT);
    page.set_dark(true);

    let barriers = tablet.walk(|name| {
        let found = page.axe().into_iter();
        found.map(|barrier| format!("{name}: {barrier}")).collect()
    });
    assert!(barriers.is_empty(), "barriers:\n{}", barriers.join("\n"));
}
