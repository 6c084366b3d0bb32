//! Search over rows: what a consultant types against name, phones, WeChat, number, compound, tags,
//! products and how the remarks begin; name and compound also by pinyin and initials.

use memchr::memmem::Finder;

use crate::view::row::CustomerRow;
use crate::view::spelling::{self, Spelling};

/// The searchable words of a row, computed once when the row arrives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchKey {
    /// Folded texts, parted by a character that no query can hold.
    words: String,
    /// Digits of every phone and of the card number, parted by a blank.
    digits: String,
    /// Name and compound as they are said.
    spelling: Spelling,
    /// By what names are sorted.
    name_order: String,
}

/// Parts the texts of a key; folding never yields it.
const PART: char = '\u{1}';

impl SearchKey {
    /// The key of a row.
    pub fn of(row: &CustomerRow) -> Self {
        let mut key = Self::default();
        for text in [
            &row.name,
            &row.wechat,
            &row.number,
            &row.compound,
            &row.area,
            &row.source,
            &row.remarks,
        ] {
            push_folded(&mut key.words, text);
            key.words.push(PART);
        }
        for text in row.tags.iter().chain(&row.products) {
            key.words.extend(fold(text));
            key.words.push(PART);
        }
        for phone in row.phones.iter().chain([&row.number]) {
            key.digits.extend(digits(phone));
            key.digits.push(' ');
        }
        for phone in &row.phones {
            key.words.extend(fold(phone));
            key.words.push(PART);
        }
        let mut name = String::new();
        push_folded(&mut name, &row.name);
        key.name_order = spelling::sort_key(&name);
        key.spelling.add_name(&name);
        let mut compound = String::new();
        push_folded(&mut compound, &row.compound);
        key.spelling.add_text(&compound);
        key
    }

    /// By what names are sorted: as they are said.
    pub fn name_order(&self) -> &str {
        &self.name_order
    }
}

/// What was typed into the search field, ready to compare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    folded: String,
    part: Part,
    /// Set if the term looks like part of a phone: digits with separators at most.
    digits: Option<Part>,
    /// Whether it holds a letter that pinyin is written with.
    is_spelled: bool,
}

impl Query {
    /// Reads what was typed; blanks part terms, and a row must fulfil all of them.
    pub fn read(typed: &str) -> Self {
        // A phone may be typed with blanks, so a text without letters is one term.
        let is_phone = typed.chars().all(|sign| fold_char(sign).all(is_phone_sign))
            && typed
                .chars()
                .any(|sign| fold_char(sign).any(|folded| folded.is_ascii_digit()));
        if is_phone {
            let folded: String = fold(typed.trim()).collect();
            return Self {
                terms: vec![Term {
                    part: Part::new(&folded),
                    folded,
                    digits: Some(Part::new(&phone_digits(typed))),
                    is_spelled: false,
                }],
            };
        }
        let terms = typed
            .split_whitespace()
            .map(|word| {
                let folded: String = fold(word).collect();
                let looks_like_phone = folded.chars().all(is_phone_sign)
                    && folded.chars().any(|sign| sign.is_ascii_digit());
                Term {
                    digits: looks_like_phone.then(|| Part::new(&phone_digits(&folded))),
                    part: Part::new(&folded),
                    is_spelled: folded.contains(|sign: char| is_pinyin_sign(sign)),
                    folded,
                }
            })
            .collect();
        Self { terms }
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a row with this key fulfils every term.
    pub fn matches(&self, key: &SearchKey) -> bool {
        self.terms.iter().all(|term| {
            term.part.is_in(&key.words)
                || term.is_spelled && key.spelling.matches(&term.folded)
                || term
                    .digits
                    .as_ref()
                    .is_some_and(|digits| digits.is_in(&key.digits))
        })
    }
}

/// A part that texts may hold, prepared once for the thousands of them.
#[derive(Clone, Debug)]
struct Part(Finder<'static>);

impl Part {
    fn new(part: &str) -> Self {
        Self(Finder::new(part).into_owned())
    }

    fn is_in(&self, text: &str) -> bool {
        self.0.find(text.as_bytes()).is_some()
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.0.needle() == other.0.needle()
    }
}

impl Eq for Part {}

const fn is_pinyin_sign(sign: char) -> bool {
    sign.is_ascii_lowercase() || sign == 'ü'
}

fn is_phone_sign(sign: char) -> bool {
    sign.is_ascii_digit() || matches!(sign, ' ' | '-' | '+' | '(' | ')' | '.' | '/')
}

/// The digits of a query that looks like a phone, without the country code of mainland China.
fn phone_digits(typed: &str) -> String {
    let all: String = digits(typed).collect();
    let is_international = fold(typed.trim()).next() == Some('+') || all.starts_with("00");
    let national = all.trim_start_matches("00");
    match national.strip_prefix("86") {
        Some(rest) if is_international || national.len() == 13 => rest.to_owned(),
        _ => all,
    }
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .flat_map(fold_char)
        .filter(char::is_ascii_digit)
}

fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(fold_char)
}

/// Adds a folded text; the characters of most texts have no case, and to ask takes long.
fn push_folded(target: &mut String, text: &str) {
    target.reserve(text.len());
    for sign in text.chars() {
        match sign {
            '\u{4e00}'..='\u{9fff}' | '0'..='9' => target.push(sign),
            other => target.extend(fold_char(other)),
        }
    }
}

/// Folds case and full-width forms, so that `ＨＺ１` and `hz1` are the same.
fn fold_char(sign: char) -> impl Iterator<Item = char> {
    let narrow = match sign {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(sign) - 0xff01 + u32::from('!')).unwrap_or(sign)
        }
        other if other < ' ' => ' ',
        other => other,
    };
    narrow.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> SearchKey {
        SearchKey::of(&CustomerRow {
            number: "HZ1-F01-0007".into(),
            name: "Li 李晓梅".into(),
            phones: vec!["138 0571-2266".into(), "０５７１-８８７７".into()],
            wechat: "MeiMei_88".into(),
            compound: "绿城·桂花园 3-2-501".into(),
            tags: vec!["VIP".into(), "样板间".into()],
            products: vec!["转角沙发 L-208".into(), "餐桌".into()],
            ..CustomerRow::default()
        })
    }

    #[track_caller]
    fn check(typed: &str, found: bool) {
        assert_eq!(Query::read(typed).matches(&row()), found, "{typed}");
    }

    #[test]
    fn parts_are_found_wherever_they_stand() {
        for (text, part) in [
            ("王小明", "小"),
            ("aab", "ab"),
            ("a", "a"),
            ("a", ""),
            ("", ""),
        ] {
            assert!(Part::new(part).is_in(text), "{part} in {text}");
        }
        for (text, part) in [("王小明", "大"), ("aab", "ba"), ("a", "aa"), ("", "a")] {
            assert!(!Part::new(part).is_in(text), "{part} in {text}");
        }
    }

    #[test]
    fn an_empty_query_finds_everything() {
        check("", true);
        check("   ", true);
        assert!(Query::read(" ").is_empty());
    }

    #[test]
    fn name_wechat_number_and_compound_are_found_in_part_and_in_any_case() {
        check("晓梅", true);
        check("LI", true);
        check("meimei", true);
        check("f01-0007", true);
        check("桂花园", true);
        check("晓明", false);
    }

    #[test]
    fn any_part_of_a_tag_or_product_is_found() {
        for (typed, found) in [
            ("vip", true),
            ("样板", true),
            ("沙发", true),
            ("l-208", true),
            ("ｌ－２０８", true),
            ("餐桌 李", true),
            ("晓梅 vip 沙发", true),
            ("茶几", false),
            ("餐桌 王", false),
            // Never across two of them.
            ("vip样板", false),
            ("208餐桌", false),
        ] {
            check(typed, found);
        }
    }

    #[test]
    fn any_part_of_a_phone_is_found_however_it_is_typed() {
        check("2266", true);
        check("05712", true);
        check("138-0571", true);
        check("138 0571 2266", true);
        check("１３８０", true);
        check("+86 138 0571", true);
        check("05718877", true);
        check("22667", false);
    }

    #[test]
    fn a_row_must_fulfil_every_word() {
        check("李 桂花", true);
        check("李 2266", true);
        check("李 9999", false);
        check("lixm", true);
        check("lxm jnl", false);
        check("xiaomei guihua", true);
        check("xm ghy", true);
        check("xm 2266", true);
        check("xm jnl", false);
    }

    #[test]
    fn words_never_match_across_two_fields() {
        check("梅meimei", false);
        check("22660571", false);
    }
}
