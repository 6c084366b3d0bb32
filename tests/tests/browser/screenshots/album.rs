//! Taking pictures of a screen lying and standing, light and dark, in both languages.

use std::cell::RefCell;
use std::path::PathBuf;

use floorbook_tests::browser::{Viewport, css};

use crate::locking::PIN;
use crate::tablet::Tablet;

/// The languages with the names that they call themselves.
const LANGUAGES: [(&str, &str); 2] = [("zh-CN", "中文"), ("en", "English")];

/// One screen: where it is, what is tapped there, and what shows that it is all there.
pub struct Scene {
    name: &'static str,
    path: String,
    taps: &'static [&'static str],
    ready: &'static str,
}

/// A screen that is there without a tap.
pub fn page(name: &'static str, path: &str, ready: &'static str) -> Scene {
    tapped(name, path, &[], ready)
}

/// A screen that taps lead to, which are told by selectors: words differ by language.
pub fn tapped(
    name: &'static str,
    path: &str,
    taps: &'static [&'static str],
    ready: &'static str,
) -> Scene {
    Scene {
        name,
        path: path.to_owned(),
        taps,
        ready,
    }
}

/// Where the pictures go.
pub struct Album {
    folder: PathBuf,
    /// What was found on the way: nobody looks for barriers in Chinese elsewhere.
    barriers: RefCell<Vec<String>>,
}

impl Album {
    /// An empty one.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            barriers: RefCell::default(),
        }
    }

    /// Fails if there was a barrier on a screen of a tour.
    pub fn assert_no_barriers(&self) {
        let found = self.barriers.borrow();
        assert!(found.is_empty(), "barriers:\n{}", found.join("\n"));
    }

    /// One screen lying and standing, light and dark.
    pub fn take(&self, tablet: &Tablet, language: &str, name: &str) {
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

    /// What is on the screen now, in English.
    pub fn take_here(&self, tablet: &Tablet, name: &str) {
        self.take(tablet, "en", name);
    }

    /// A screen on which the language can be chosen.
    pub fn take_both_languages(&self, tablet: &Tablet, name: &str) {
        for (tag, own_name) in LANGUAGES {
            tablet.page.click("button", own_name);
            // Else the next Enter would choose it again.
            let leave = "(document.activeElement.blur(), true)";
            assert!(tablet.page.eval::<bool>(leave));
            self.take(tablet, tag, name);
        }
    }

    /// A walk through the app by who used it last, while its status stands as it is said.
    pub fn tour(&self, tablet: &Tablet, standing: &str, scenes: &[Scene]) {
        for (tag, own_name) in LANGUAGES {
            tablet.visit("/more");
            tablet.page.click("radio", own_name);
            for scene in scenes {
                tablet.visit(&scene.path);
                tablet
                    .page
                    .wait_for(&css(&format!("[data-standing={standing}]")));
                for tap in scene.taps {
                    tablet.page.click_on(&css(tap));
                }
                tablet.page.wait_for(&css(scene.ready));
                for barrier in tablet.page.axe() {
                    let found = format!("{} ({tag}): {barrier}", scene.name);
                    self.barriers.borrow_mut().push(found);
                }
                self.take(tablet, tag, scene.name);
            }
        }
    }
}

impl Tablet {
    /// Loads a page of the app and opens the tablet again, whatever its language.
    fn visit(&self, path: &str) {
        let origin: String = self.page.eval("location.origin");
        self.page.goto(&format!("{origin}{path}"));
        self.page.click_on(&css(".person-tile"));
        self.type_pin(PIN);
        self.page.wait_for(&css(".places"));
    }
}
