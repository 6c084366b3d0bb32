//! Replaces `{{name}}` in the sources of the web app.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

/// What stands for what.
#[derive(Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Lets `{{name}}` stand for `value`.
    pub fn add(&mut self, name: &str, value: String) {
        self.0.insert(name.to_owned(), value);
    }

    /// Replaces every `{{name}}`; a name that nothing is known about is a mistake in the source.
    pub fn fill(&self, text: &str) -> Result<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, behind) = after.split_once("}}").context("`{{` without `}}`")?;
            let Some(value) = self.0.get(name) else {
                bail!("nothing is known about {{{{{name}}}}}");
            };
            filled.push_str(before);
            filled.push_str(value);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_replaced_and_unknown_ones_refused() {
        let mut names = Names::default();
        names.add("style.css", "style-1.css".to_owned());
        let filled = names.fill("<{{style.css}}|{{style.css}}>").unwrap();
        assert_eq!(filled, "<style-1.css|style-1.css>");
        assert!(names.fill("{{other.css}}").is_err());
    }
}
