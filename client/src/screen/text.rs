//! The words of the app in both languages, from Fluent files compiled in.
//!
//! Literal keys are written as `text.get("…")`; keys with a value's code in them are made by
//! [`Text::coded`] alone, so that the tests below can find every key that the source uses.

#[cfg(test)]
mod tests;

use std::fmt;
use std::rc::Rc;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The words of each language: the whole app, and beside it one file for each larger subject.
const ZH_CN: &[&str] = &[
    include_str!("../../web/text/zh-CN.ftl"),
    include_str!("../../web/text/zh-CN/lock.ftl"),
    include_str!("../../web/text/zh-CN/administration.ftl"),
    include_str!("../../web/text/zh-CN/handover.ftl"),
    include_str!("../../web/text/zh-CN/today.ftl"),
    include_str!("../../web/text/zh-CN/reception.ftl"),
    include_str!("../../web/text/zh-CN/lists.ftl"),
    include_str!("../../web/text/zh-CN/history.ftl"),
    include_str!("../../web/text/zh-CN/entries.ftl"),
];
const EN: &[&str] = &[
    include_str!("../../web/text/en.ftl"),
    include_str!("../../web/text/en/lock.ftl"),
    include_str!("../../web/text/en/administration.ftl"),
    include_str!("../../web/text/en/handover.ftl"),
    include_str!("../../web/text/en/today.ftl"),
    include_str!("../../web/text/en/reception.ftl"),
    include_str!("../../web/text/en/lists.ftl"),
    include_str!("../../web/text/en/history.ftl"),
    include_str!("../../web/text/en/entries.ftl"),
];

/// A language of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese, the language of the floor.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// All languages, in the order in which they are offered.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// The tag of the language, for `<html lang>` and for keeping the choice.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The language that a browser's or kept tag asks for; Chinese unless it is English.
    pub fn from_tag(tag: &str) -> Self {
        if tag.starts_with("en") {
            Self::English
        } else {
            Self::Chinese
        }
    }

    /// The name of the language in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Chinese => "简体中文",
            Self::English => "English",
        }
    }

    const fn sources(self) -> &'static [&'static str] {
        match self {
            Self::Chinese => ZH_CN,
            Self::English => EN,
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }
}

/// The words of one language; cheap to clone.
#[derive(Clone)]
pub struct Text {
    language: Language,
    bundle: Rc<FluentBundle<FluentResource>>,
}

impl Text {
    /// The words of `language`.
    pub fn new(language: Language) -> Self {
        let mut bundle = FluentBundle::new(vec![language.identifier()]);
        // Both languages run from left to right: marks around values would only get in the way.
        bundle.set_use_isolating(false);
        for source in language.sources() {
            // A damaged line costs its own words; the tests refuse it before a release.
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(readable, _problems)| readable);
            bundle.add_resource_overriding(resource);
        }
        Self {
            language,
            bundle: Rc::new(bundle),
        }
    }

    /// The language of these words.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The one of two words that is in this language, for words that stand in the source.
    pub fn either<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }

    /// The words under `key`; the key itself if there are none.
    pub fn get(&self, key: &str) -> String {
        self.find(key, None).unwrap_or_else(|| key.to_owned())
    }

    /// The words under `key` with values put in.
    pub fn get_with<const N: usize>(
        &self,
        key: &str,
        values: [(&'static str, Value); N],
    ) -> String {
        let mut arguments = FluentArgs::with_capacity(N);
        for (name, value) in values {
            arguments.set(name, value.0);
        }
        self.find(key, Some(&arguments))
            .unwrap_or_else(|| key.to_owned())
    }

    /// The words for a code that may come from a newer version: `kind-code`, else what
    /// `kind-unknown` says about it.
    pub fn coded(&self, kind: &str, code: &str) -> String {
        let key = format!("{kind}-{code}");
        self.find(&key, None)
            .unwrap_or_else(|| self.get_with(&format!("{kind}-unknown"), [("code", code.into())]))
    }

    fn find(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut problems = Vec::new();
        Some(
            self.bundle
                .format_pattern(pattern, arguments, &mut problems)
                .into_owned(),
        )
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.language == other.language
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Text").field(&self.language).finish()
    }
}

/// A value put into words: a number (which chooses singular or plural) or a text.
#[derive(Clone, Debug)]
pub struct Value(FluentValue<'static>);

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(FluentValue::from(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(FluentValue::from(text))
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self(FluentValue::from(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self(FluentValue::from(number))
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self(FluentValue::from(number))
    }
}
