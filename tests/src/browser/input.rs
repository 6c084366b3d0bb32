//! Fingers and keyboard.

use std::path::Path;

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::locate::{Locator, label, role};
use super::page::Page;
use crate::wait;

/// Scrolls an element into view and answers its middle, or why it cannot be hit.
const AIM: &str = r#"(element) => {
    if (element.disabled || element.getAttribute("aria-disabled") === "true") {
        return { trouble: "it is disabled" };
    }
    const opening = element.closest("dialog")?.getAnimations() ?? [];
    if (opening.some((animation) => animation.playState === "running")) {
        return { trouble: "its dialog is still moving" };
    }
    element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
    const box = element.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const hit = document.elementFromPoint(x, y);
    const isHit = hit !== null && (element.contains(hit) || hit.contains(element)
        || [...(element.labels ?? [])].some((label) => label.contains(hit)));
    if (!isHit) return { trouble: `it is covered by ${hit?.outerHTML.slice(0, 120)}` };
    return { x, y };
}"#;

/// Puts the cursor into a field and selects what is there.
const FOCUS: &str = r#"(element) => {
    if (element.disabled || element.readOnly) return { trouble: "it is disabled" };
    element.scrollIntoView({ block: "nearest", behavior: "instant" });
    element.focus();
    if (document.activeElement !== element) return { trouble: "it takes no focus" };
    element.select?.();
    return { isTyped: !["date", "time", "month", "week", "datetime-local", "color", "range"]
        .includes(element.type) };
}"#;

/// The bit of the DevTools protocol for the key that is held.
const CONTROL: u8 = 2;
const SHIFT: u8 = 8;

impl Page {
    /// Clicks what has a role and a name, once it is there, enabled and not covered.
    #[track_caller]
    pub fn click(&self, of_role: &str, name: &str) {
        self.click_on(&role(of_role, name));
    }

    /// Clicks what a locator means.
    #[track_caller]
    pub fn click_on(&self, locator: &Locator) {
        let mut before = Value::Null;
        self.must_with_page(wait::until(&format!("a click on {locator}"), || {
            let Some(aim) = self.located(locator, AIM)? else {
                return Ok(None);
            };
            // What still moves is not hit: its place has to be the same twice.
            if aim != before {
                before = aim;
                if let Some(trouble) = before["trouble"].as_str() {
                    bail!("{trouble}");
                }
                return Ok(None);
            }
            if let Some(trouble) = aim["trouble"].as_str() {
                bail!("{trouble}");
            }
            Ok(Some(()))
        }));
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            self.must(self.call(
                "Input.dispatchMouseEvent",
                json!({
                    "type": kind, "x": before["x"], "y": before["y"], "buttons": buttons,
                    "button": if kind == "mouseMoved" { "none" } else { "left" }, "clickCount": 1,
                }),
            ));
        }
    }

    /// Replaces what stands in the field with a label, as typing would.
    #[track_caller]
    pub fn fill(&self, of_label: &str, value: &str) {
        self.fill_in(&label(of_label), value);
    }

    /// Replaces what stands in the field that a locator means.
    #[track_caller]
    pub fn fill_in(&self, locator: &Locator, value: &str) {
        let focused = self.must_with_page(wait::until(&format!("the field {locator}"), || {
            let Some(focused) = self.located(locator, FOCUS)? else {
                return Ok(None);
            };
            match focused["trouble"].as_str() {
                Some(trouble) => bail!("{trouble}"),
                None => Ok(Some(focused)),
            }
        }));
        if focused["isTyped"] != true {
            self.set_value(locator, value);
        } else if value.is_empty() {
            self.press("Delete");
        } else {
            self.must(self.call("Input.insertText", json!({ "text": value })));
        }
        self.must_with_page(wait::until(&format!("“{value}” in {locator}"), || {
            let there = self.located(locator, "(element) => element.value ?? element.innerText")?;
            if there == Some(Value::from(value)) {
                return Ok(Some(()));
            }
            // The page may have moved the focus in between: as a person would, once more.
            if focused["isTyped"] == true && !value.is_empty() {
                self.located(locator, FOCUS)?;
                self.call("Input.insertText", json!({ "text": value }))?;
            }
            Ok(None)
        }));
    }

    /// Chooses an option by its words or its value in the `select` with a label.
    #[track_caller]
    pub fn select(&self, of_label: &str, option: &str) {
        let locator = label(of_label);
        let wanted = json!(option);
        let find = format!(
            "(element) => [...(element.options ?? [])].find((option) => \
             option.text.trim() === {wanted} || option.value === {wanted})?.value ?? null"
        );
        let value = self.must_with_page(wait::until(
            &format!("the option “{option}” of {locator}"),
            || self.located(&locator, &find),
        ));
        self.set_value(&locator, value.as_str().unwrap_or_default());
    }

    /// Chooses a file in the file field that a locator means; it may be hidden behind its label.
    #[track_caller]
    pub fn choose_file(&self, selector: &str, file: &Path) {
        let find = json!({ "expression": format!("document.querySelector({})", json!(selector)) });
        let field = self.must_with_page(wait::until(&format!("the field {selector}"), || {
            let found = self.call("Runtime.evaluate", find.clone())?;
            Ok(found["result"]["objectId"].as_str().map(str::to_owned))
        }));
        // The browser reads no path that goes up.
        let file = file.canonicalize().expect("a file that is there");
        let parameters = json!({ "files": [file], "objectId": field });
        self.must(self.call("DOM.setFileInputFiles", parameters));
    }

    /// Lets the page save files into a folder, without asking.
    pub fn save_files_to(&self, folder: &Path) {
        let folder = folder.canonicalize().expect("a folder that is there");
        let parameters = json!({ "behavior": "allow", "downloadPath": folder });
        self.must(self.call("Browser.setDownloadBehavior", parameters));
    }

    /// Presses and releases a key: `Enter`, `Escape`, `Tab`, `ArrowDown` and the like, or one
    /// character.
    #[track_caller]
    pub fn press(&self, key: &str) {
        self.press_holding(key, 0);
    }

    /// Presses and releases a key while Shift is held.
    #[track_caller]
    pub fn press_with_shift(&self, key: &str) {
        self.press_holding(key, SHIFT);
    }

    /// Presses and releases a key while Control is held.
    #[track_caller]
    pub fn press_with_control(&self, key: &str) {
        self.press_holding(key, CONTROL);
    }

    #[track_caller]
    fn press_holding(&self, key: &str, modifiers: u8) {
        let code = match key {
            "Backspace" => 8,
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            " " => 32,
            "PageUp" => 33,
            "PageDown" => 34,
            "End" => 35,
            "Home" => 36,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            "Delete" => 46,
            _ => 0,
        };
        let written = match key {
            "Enter" => Some("\r"),
            _ if key.chars().count() == 1 && modifiers & CONTROL == 0 => Some(key),
            _ => None,
        };
        let mut down = json!({
            "type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers,
        });
        if let Some(written) = written {
            down["type"] = "keyDown".into();
            down["text"] = written.into();
        }
        self.must(self.call("Input.dispatchKeyEvent", down));
        let up = json!({
            "type": "keyUp", "key": key, "windowsVirtualKeyCode": code, "modifiers": modifiers,
        });
        self.must(self.call("Input.dispatchKeyEvent", up));
    }

    /// Sets a field that is not typed into, with the events that a person's choice would cause.
    #[track_caller]
    fn set_value(&self, locator: &Locator, value: &str) {
        // The property of the class, because libraries put their own in front of it.
        let set = format!(
            "(element) => {{ \
                const owner = Object.getPrototypeOf(element); \
                Object.getOwnPropertyDescriptor(owner, 'value').set.call(element, {}); \
                element.dispatchEvent(new Event('input', {{ bubbles: true }})); \
                element.dispatchEvent(new Event('change', {{ bubbles: true }})); \
                return true; }}",
            json!(value)
        );
        self.must(self.located(locator, &set).map(Option::unwrap_or_default));
    }

    fn located(&self, locator: &Locator, action: &str) -> Result<Option<Value>> {
        let found: Value = self.try_eval(&locator.script(action))?;
        Ok((!found.is_null()).then_some(found))
    }
}
