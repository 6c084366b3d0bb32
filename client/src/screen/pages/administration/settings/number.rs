//! A number of a form: how it is read, shown and kept within its bounds.

use std::ops::RangeInclusive;

use floorbook_shared::access::StoreSettings;

/// Cents of a yuan.
const CENTS: i64 = 100;

/// How a number is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// As it is: days, contacts, percent.
    Plain,
    /// An amount, kept in cents 分 and typed in yuan.
    Yuan,
}

/// A number that a store sets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    /// The key of its words.
    pub key: &'static str,
    /// How it is typed.
    pub sort: Sort,
    /// The least and the most.
    pub bounds: (i64, i64),
    /// Takes it out of the settings.
    pub get: fn(&StoreSettings) -> i64,
    /// Puts it into the settings.
    pub set: fn(&mut StoreSettings, i64),
}

/// Bounds of the settings as bounds of a number.
pub(super) const fn bounds(range: RangeInclusive<u32>) -> (i64, i64) {
    (*range.start() as i64, *range.end() as i64)
}

/// A value within bounds as the settings hold days, contacts and percents.
pub(super) fn whole(value: i64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}

impl Number {
    /// What stands in the field for these settings.
    pub(super) fn typed(&self, settings: &StoreSettings) -> String {
        self.words((self.get)(settings))
    }

    /// A value as it is typed.
    pub(super) fn words(&self, value: i64) -> String {
        match self.sort {
            Sort::Plain => value.to_string(),
            Sort::Yuan if value % CENTS == 0 => (value / CENTS).to_string(),
            Sort::Yuan => format!("{}.{:02}", value / CENTS, value % CENTS),
        }
    }

    /// What was typed, if it is a number within the bounds.
    pub(super) fn read(&self, typed: &str) -> Option<i64> {
        let typed: String = typed
            .chars()
            .filter(|sign| !is_between_digits(*sign))
            .collect();
        let value = match self.sort {
            Sort::Plain => typed.parse().ok()?,
            Sort::Yuan => cents(&typed)?,
        };
        let (least, most) = self.bounds;
        (least..=most).contains(&value).then_some(value)
    }
}

/// Blanks and commas, by which people part thousands.
const fn is_between_digits(sign: char) -> bool {
    matches!(sign, ' ' | ',' | '，' | '\u{a0}')
}

fn cents(yuan: &str) -> Option<i64> {
    let (whole, rest) = yuan.split_once('.').unwrap_or((yuan, ""));
    let are_digits = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
    if whole.is_empty() || rest.len() > 2 || !are_digits(whole) || !are_digits(rest) {
        return None;
    }
    let rest: i64 = format!("{rest:0<2}").parse().ok()?;
    whole
        .parse::<i64>()
        .ok()?
        .checked_mul(CENTS)?
        .checked_add(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_typed_in_yuan() {
        let number = Number {
            key: "x",
            sort: Sort::Yuan,
            bounds: (0, 100_000_00),
            get: |_| 0,
            set: |_, _| {},
        };
        for (typed, cents) in [
            ("10000", Some(1_000_000)),
            ("10,000", Some(1_000_000)),
            (" 1 000.5 ", Some(100_050)),
            ("0.05", Some(5)),
            ("100000", Some(10_000_000)),
            ("100000.01", None),
            ("1.234", None),
            ("-1", None),
            (".5", None),
            ("", None),
            ("many", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(number.read(typed), cents, "{typed}");
        }
        assert_eq!(number.words(1_000_000), "10000");
        assert_eq!(number.words(100_050), "1000.50");
    }
}
