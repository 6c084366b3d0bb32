//! Names what a story means on a page, as a person would: by role and name, by label, by words.

use std::fmt;

use serde::Serialize;

/// The part that runs in the page: roles, names and visibility.
const SCRIPT: &str = include_str!("locate.js");

/// Means one visible thing on a page.
///
/// A name means the thing that has exactly this name or, if there is none, one whose name holds it.
#[derive(Debug, Clone, Serialize)]
pub struct Locator {
    css: Option<String>,
    role: Option<String>,
    name: Option<String>,
    label: Option<String>,
    text: Option<String>,
    inside: Option<Box<Locator>>,
    nth: usize,
}

/// Means what a selector finds.
pub fn css(selector: &str) -> Locator {
    Locator {
        css: Some(selector.to_owned()),
        ..Locator::nothing()
    }
}

/// Means what has a role and a name (of its label, its `aria-label` or its words). An empty name
/// means any.
pub fn role(role: &str, name: &str) -> Locator {
    let name = (!name.is_empty()).then(|| name.to_owned());
    Locator {
        role: Some(role.to_owned()),
        name,
        ..Locator::nothing()
    }
}

/// Means the field with a label.
pub fn label(label: &str) -> Locator {
    Locator {
        label: Some(label.to_owned()),
        ..Locator::nothing()
    }
}

/// Means the innermost thing that shows these words.
pub fn text(words: &str) -> Locator {
    Locator {
        text: Some(words.to_owned()),
        ..Locator::nothing()
    }
}

impl Locator {
    fn nothing() -> Self {
        Self {
            css: None,
            role: None,
            name: None,
            label: None,
            text: None,
            inside: None,
            nth: 0,
        }
    }

    /// Looks only inside another thing.
    pub fn inside(self, outer: Locator) -> Self {
        Self {
            inside: Some(Box::new(outer)),
            ..self
        }
    }

    /// Means the one after so many others.
    pub fn nth(self, nth: usize) -> Self {
        Self { nth, ..self }
    }

    /// Makes a script that calls `action` (a JavaScript function) with the element, or answers
    /// `null` when there is none yet.
    pub fn script(&self, action: &str) -> String {
        let what = serde_json::to_string(self).unwrap_or_default();
        format!(
            "(() => {{ {SCRIPT}\nconst found = locate({what});\n\
             return found === null ? null : ({action})(found); }})()"
        )
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("css", &self.css),
            ("role", &self.role),
            ("name", &self.name),
            ("label", &self.label),
            ("text", &self.text),
        ];
        let known = parts
            .iter()
            .filter_map(|(part, value)| value.as_ref().map(|v| (part, v)));
        let words: Vec<String> = known
            .map(|(part, value)| format!("{part} “{value}”"))
            .collect();
        formatter.write_str(&words.join(", "))?;
        if self.nth > 0 {
            write!(formatter, " (number {})", self.nth + 1)?;
        }
        if let Some(outer) = &self.inside {
            write!(formatter, " inside {outer}")?;
        }
        Ok(())
    }
}
