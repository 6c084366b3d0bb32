//! Looks for barriers with axe-core, which is put into the page from outside its security policy.

use std::fmt;

use serde::Deserialize;

use super::page::Page;

const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");

/// Runs all rules on what is shown, and answers what it needs of the report.
const RUN: &str = r#"axe.run(document, { resultTypes: ["violations"] }).then((report) =>
    report.violations.map(({ id, impact, help, nodes }) =>
        ({ id, impact: impact ?? "", help, places: nodes.map((node) => node.html) })))"#;

/// Something on the page that keeps some people out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Violation {
    /// The rule, such as `color-contrast`.
    pub id: String,
    /// How bad it is: `minor`, `moderate`, `serious` or `critical`.
    pub impact: String,
    /// What should be so.
    pub help: String,
    /// The elements that are not so.
    pub places: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} ({}): {}\n  {}",
            self.id,
            self.impact,
            self.help,
            self.places.join("\n  ")
        )
    }
}

impl Page {
    /// Returns what axe-core finds on the page as it is now.
    #[track_caller]
    pub fn axe(&self) -> Vec<Violation> {
        if !self.eval::<bool>("typeof axe === 'object'") {
            self.eval::<bool>(&format!("{AXE}\n;true"));
        }
        // Colours half-way between two looks are nobody's choice.
        self.come_to_rest();
        self.eval(RUN)
    }

    /// Fails with a readable list if axe-core finds anything.
    #[track_caller]
    pub fn assert_no_barriers(&self) {
        let list: Vec<String> = self.axe().iter().map(ToString::to_string).collect();
        assert!(
            list.is_empty(),
            "barriers on the page:\n{}",
            list.join("\n")
        );
    }
}
