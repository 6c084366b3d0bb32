//! Looks for what is cut off or covered.

use super::page::Page;

/// The part that runs in the page: what overlaps, and what ends too early.
const SCRIPT: &str = include_str!("layout.js");

impl Page {
    /// Returns what on the page, as it is now, is cut off, covered or too wide, in words.
    #[track_caller]
    pub fn layout_troubles(&self) -> Vec<String> {
        self.come_to_rest();
        self.eval(&format!("(() => {{ {SCRIPT}\nreturn troubles(); }})()"))
    }
}
