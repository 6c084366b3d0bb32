//! Values of entries and consents in words.

use floorbook_shared::record::consent::Consent;
use floorbook_shared::record::entry::{EntryField, FieldSort};

use crate::screen::text::Text;

/// A value of an entry as people read it.
pub fn entry_value(field: EntryField, value: &str, text: &Text) -> String {
    match field.sort() {
        FieldSort::Line | FieldSort::Words | FieldSort::Day => value.to_owned(),
        FieldSort::Cents => value.parse().map_or_else(|_| value.to_owned(), money_words),
        FieldSort::YesNo => text.coded("answer", value),
        FieldSort::Satisfaction => text.coded("satisfaction", value),
        FieldSort::Material => text.coded("material", value),
    }
}

/// An amount of cents 分 in yuan: `¥12,800`, with its cents only where there are some.
pub fn money_words(cents: i64) -> String {
    let yuan = (cents / 100).unsigned_abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in yuan.chars().enumerate() {
        if place > 0 && (yuan.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if cents < 0 { "−" } else { "" };
    match (cents % 100).unsigned_abs() {
        0 => format!("{sign}¥{grouped}"),
        rest => format!("{sign}¥{grouped}.{rest:02}"),
    }
}

/// What a customer said to a topic.
pub fn consent_words(consent: Option<Consent>, text: &Text) -> String {
    match consent {
        Some(Consent { is_given: true, on }) => {
            text.get_with("consent-given", [("day", on.to_string().into())])
        }
        Some(Consent {
            is_given: false,
            on,
        }) => text.get_with("consent-refused", [("day", on.to_string().into())]),
        None => text.get("consent-not-asked"),
    }
}
