//! Where customers come from 来源: what is offered; any other words are as good.

use crate::record::catalogue::Choice;

/// The sources that are offered. Cards hold the Chinese words, whatever the screen speaks.
pub const SOURCES: &[Source] = &[
    source("到店", "Walk-in", None),
    source("老客户介绍", "Referral", Some(Introducer::Customer)),
    source("设计师介绍", "Designer", Some(Introducer::Designer)),
    source("展会", "Exhibition", None),
    source("小区推广", "Neighbourhood", None),
    source("网络", "Web", None),
    source("电话", "Phone", None),
    source("现有资料", "Existing data", None),
];

/// A source that is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its words: the Chinese ones are what a card holds.
    pub words: Choice,
    /// Who introduces those who come this way.
    pub introducer: Option<Introducer>,
}

/// Who introduces a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Introducer {
    /// 老客户: somebody who is a customer already, and may have a card.
    Customer,
    /// 设计师: a partner from outside.
    Designer,
}

const fn source(
    chinese: &'static str,
    english: &'static str,
    introducer: Option<Introducer>,
) -> Source {
    Source {
        words: Choice { chinese, english },
        introducer,
    }
}

/// The offered source that stands on a card in these words, in either language.
pub fn source_of(words: &str) -> Option<&'static Source> {
    let words = words.trim();
    let mut all = SOURCES.iter();
    all.find(|source| source.words.chinese == words || source.words.english == words)
}

/// Whether words of a source say that somebody introduced the customer, also as imports and people
/// write it (朋友介绍, 转介绍).
pub fn is_introduction(words: &str) -> bool {
    source_of(words).is_some_and(|source| source.introducer.is_some()) || words.contains("介绍")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn introductions_are_known_in_what_people_write() {
        for (words, expected) in [
            ("老客户介绍", true),
            ("Referral", true),
            (" 设计师介绍 ", true),
            ("朋友介绍", true),
            ("到店", false),
            ("小红书", false),
            ("", false),
        ] {
            assert_eq!(is_introduction(words), expected, "{words}");
        }
        assert_eq!(source_of("Web").unwrap().words.chinese, "网络");
    }
}
