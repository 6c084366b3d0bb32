//! Going through a page with keys alone, and looking at where they lead.

use serde::Deserialize;

use super::locate::Locator;
use super::page::Page;
use crate::wait;

/// The part that runs in the page: stops, and whether one sees them.
const SCRIPT: &str = include_str!("keyboard.js");

/// So many presses one thing may take at most: a date has a stop for each of its parts.
const PRESSES_A_STOP: usize = 5;
/// More presses than any page has stops.
const PRESSES_MAX: usize = 250;

/// Where a walk is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    /// Whether it came back to where it began.
    is_round: bool,
    /// Whether the focus is in the browser itself.
    is_nowhere: bool,
    at: Option<String>,
    trouble: Option<String>,
}

impl Page {
    /// Walks through everything with Tab until it comes round, then back with Shift and Tab.
    ///
    /// Fails if something that can be used is not reached, if the focus cannot be seen somewhere on
    /// the way, or if the way does not come round.
    #[track_caller]
    pub fn assert_tab_reaches_everything(&self) {
        self.come_to_rest();
        for (way, with_shift) in [("Tab", false), ("Shift+Tab", true)] {
            let troubles = self.walk_round(way, with_shift);
            let missed: Vec<String> = self.in_keyboard("missed()");
            assert!(
                troubles.is_empty() && missed.is_empty(),
                "on the way with {way}:\n  {}\nnever reached:\n  {}",
                troubles.join("\n  "),
                missed.join("\n  ")
            );
        }
    }

    /// Presses Tab until what the locator means has the focus, or something in it.
    #[track_caller]
    pub fn tab_to(&self, locator: &Locator) {
        self.press_until_focused(locator, |page| page.press("Tab"));
        self.assert_focus_is_seen();
    }

    /// Presses Shift and Tab until what the locator means has the focus, or something in it.
    #[track_caller]
    pub fn tab_back_to(&self, locator: &Locator) {
        self.press_until_focused(locator, |page| page.press_with_shift("Tab"));
        self.assert_focus_is_seen();
    }

    /// Presses a key that walks in a group, until what the locator means has the focus.
    #[track_caller]
    pub fn walk_to(&self, key: &str, locator: &Locator) {
        self.press_until_focused(locator, |page| page.press(key));
        self.assert_focus_is_seen();
    }

    /// Types words: letters as keys, the others as what writes Chinese gives them to the page.
    #[track_caller]
    pub fn type_words(&self, words: &str) {
        for letter in words.chars() {
            if letter.is_ascii() {
                self.press(&letter.to_string());
            } else {
                let text = serde_json::json!({ "text": letter.to_string() });
                self.must(self.call("Input.insertText", text));
            }
        }
    }

    /// Waits until what the locator means has the focus, or something in it.
    #[track_caller]
    pub fn wait_for_focus(&self, locator: &Locator) {
        let at = format!("the focus on {locator}");
        self.must_with_page(wait::until(&at, || {
            if self.is_focused(locator) {
                return Ok(Some(()));
            }
            Err(anyhow::anyhow!("it is on {}", self.focused()))
        }));
        self.assert_focus_is_seen();
    }

    /// Fails if nothing has the focus, or if who uses the keyboard does not see what has it.
    #[track_caller]
    pub fn assert_focus_is_seen(&self) {
        let seen = wait::until("a focus that is seen", || {
            match self.in_keyboard::<Option<String>>("trouble()") {
                None => Ok(Some(())),
                Some(trouble) => Err(anyhow::anyhow!("{trouble}")),
            }
        });
        self.must_with_page(seen);
    }

    #[track_caller]
    fn walk_round(&self, way: &str, with_shift: bool) -> Vec<String> {
        let stops: usize = self.in_keyboard("(delete window.walkWithTab, operable().size)");
        let mut troubles = Vec::new();
        let mut passed = Vec::new();
        for _ in 0..(stops + 2) * PRESSES_A_STOP {
            if with_shift {
                self.press_with_shift("Tab");
            } else {
                self.press("Tab");
            }
            let step: Step = self.in_keyboard("note()");
            troubles.extend(step.trouble);
            if step.is_round {
                return troubles;
            }
            if !step.is_nowhere {
                passed.extend(step.at);
            }
        }
        let last = passed.split_off(passed.len().saturating_sub(10));
        panic!(
            "{way} does not come round in {stops} stops; the last:\n  {}",
            last.join("\n  ")
        );
    }

    #[track_caller]
    fn press_until_focused(&self, locator: &Locator, press: impl Fn(&Self)) {
        self.wait_for(locator);
        for _ in 0..PRESSES_MAX {
            if self.is_focused(locator) {
                return;
            }
            press(self);
        }
        panic!(
            "no key leads to {locator}; the focus is on {}",
            self.focused()
        );
    }

    #[track_caller]
    fn is_focused(&self, locator: &Locator) -> bool {
        let look = "(element) => element.contains(document.activeElement)";
        self.eval::<Option<bool>>(&locator.script(look)) == Some(true)
    }

    #[track_caller]
    fn focused(&self) -> String {
        let focused: Option<String> = self.in_keyboard("shown(document.activeElement)");
        focused.unwrap_or_default()
    }

    #[track_caller]
    fn in_keyboard<T: serde::de::DeserializeOwned>(&self, expression: &str) -> T {
        self.eval(&format!("(() => {{ {SCRIPT}\nreturn {expression}; }})()"))
    }
}
