//! Amounts: typed in yuan, kept in cents 分, shown in yuan. Never a floating-point number.

use floorbook_shared::record::entry::AMOUNT_MAX_CENTS;
use floorbook_shared::record::width::fold_char;

/// Most digits before the point; more than the highest amount has.
const DIGITS_MAX: usize = 15;

/// The cents of an amount as people type it: `12800`, `12,800.50`, `￥3.2万`. `None` if it is none,
/// or more than an entry holds.
pub fn cents_of_yuan(typed: &str) -> Option<i64> {
    let mut amount: String = typed
        .chars()
        .map(fold_char)
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, ',' | '，' | '¥' | '￥'))
        .collect();
    if let Some(rest) = amount.strip_suffix('元') {
        amount = rest.to_owned();
    }
    // 万: ten thousand, as prices of furniture are often said.
    let (amount, places) = match amount.strip_suffix('万') {
        Some(rest) => (rest, 6),
        None => (amount.as_str(), 2),
    };
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let is_number = |digits: &str| digits.chars().all(|sign| sign.is_ascii_digit());
    let is_amount = (1..=DIGITS_MAX).contains(&whole.len())
        && part.len() <= places
        && is_number(whole)
        && is_number(part);
    if !is_amount {
        return None;
    }
    let cents = format!("{whole}{part:0<places$}").parse::<i64>().ok()?;
    (cents <= AMOUNT_MAX_CENTS).then_some(cents)
}

/// The amount as it stands in a field to be changed: `12800`, `12800.50`.
pub fn yuan_to_edit(cents: i64) -> String {
    match (cents / 100, cents % 100) {
        (yuan, 0) => yuan.to_string(),
        (yuan, rest) => format!("{yuan}.{:02}", rest.unsigned_abs()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, cents) in [
            ("12800", Some(1_280_000)),
            (" 12,800 ", Some(1_280_000)),
            ("￥12，800.5", Some(1_280_050)),
            ("１２８００元", Some(1_280_000)),
            ("0.01", Some(1)),
            ("0", Some(0)),
            ("3万", Some(3_000_000)),
            ("3.25万元", Some(3_250_000)),
            ("1000000000", Some(AMOUNT_MAX_CENTS)),
            ("1000000000.01", None),
            ("99999999999999999999", None),
            ("1.005", None),
            ("-5", None),
            (".5", None),
            ("", None),
            ("万", None),
            ("一万", None),
            ("1.2.3", None),
        ] {
            assert_eq!(cents_of_yuan(typed), cents, "{typed}");
        }
    }

    #[test]
    fn what_is_edited_is_read_as_the_same() {
        for cents in [0, 1, 99, 100, 1_280_000, 1_280_050, AMOUNT_MAX_CENTS] {
            assert_eq!(cents_of_yuan(&yuan_to_edit(cents)), Some(cents));
        }
    }

    #[test]
    fn amounts_are_shown_in_yuan() {
        for (cents, words) in [
            (1_280_000, "¥12,800"),
            (1_280_050, "¥12,800.50"),
            (99, "¥0.99"),
            (100_000_000, "¥1,000,000"),
            (-100, "−¥1"),
        ] {
            assert_eq!(money_words(cents), words);
        }
    }
}
