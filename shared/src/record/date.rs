//! Civil dates in the spellings that people and spreadsheets use.

use crate::record::width::{fold, trim};
use crate::time::Date;

/// First year that is taken for a date of a customer card.
pub const YEAR_MIN: i16 = 1900;
/// Last year that is taken for a date of a customer card.
pub const YEAR_MAX: i16 = 2199;

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// The text is not written like a date with year, month and day.
    #[error("not a date with year, month and day")]
    Unreadable,
    /// Day and month can't be told apart, or the century is missing.
    #[error("day, month and year can be read in more than one way")]
    Ambiguous,
    /// The text is written like a date, but there is no such day.
    #[error("there is no such day")]
    Impossible,
}

impl DateError {
    /// Stable code, for translation, logs and tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "date_unreadable",
            Self::Ambiguous => "date_ambiguous",
            Self::Impossible => "date_impossible",
        }
    }
}

/// A date with what else stood in the cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SpelledDate {
    /// The day.
    pub date: Date,
    /// Whether a time of day other than midnight stood behind it.
    pub has_time: bool,
}

/// Reads a civil date: `2026-03-05`, `2026/3/5`, `2026.3.5`, `2026年3月5日`, `20260305`,
/// also full-width, with a weekday or a time of day behind it.
pub fn read_date(text: &str) -> Result<SpelledDate, DateError> {
    let folded = fold(trim(text));
    let (numbers, rest) = leading_numbers(&folded);
    let has_time = read_rest(rest)?;
    let (year, month, day) = match numbers.as_slice() {
        [(all, 8)] => (all / 10_000, all / 100 % 100, all % 100),
        [(year, 4), (month, 1..=2), (day, 1..=2)] => (*year, *month, *day),
        [(_, 1..=2), (_, 1..=2), (_, 1 | 2 | 4)] => return Err(DateError::Ambiguous),
        _ => return Err(DateError::Unreadable),
    };
    let year = i16::try_from(year).map_err(|_| DateError::Impossible)?;
    if !(YEAR_MIN..=YEAR_MAX).contains(&year) {
        return Err(DateError::Impossible);
    }
    let month = i8::try_from(month).map_err(|_| DateError::Impossible)?;
    let day = i8::try_from(day).map_err(|_| DateError::Impossible)?;
    let date = Date::new(year, month, day).map_err(|_| DateError::Impossible)?;
    Ok(SpelledDate { date, has_time })
}

/// The up to three numbers at the start, each with its count of digits, and what follows.
fn leading_numbers(text: &str) -> (Vec<(u32, usize)>, &str) {
    let mut numbers = Vec::new();
    let mut rest = text;
    while numbers.len() < 3 {
        let end = rest
            .find(|character: char| !character.is_ascii_digit())
            .unwrap_or(rest.len());
        let (digits, behind) = rest.split_at(end);
        let Ok(number) = digits.parse() else {
            break;
        };
        numbers.push((number, digits.len()));
        rest = behind;
        if numbers.len() == 3 || digits.len() == 8 {
            rest = rest
                .trim_start_matches(' ')
                .strip_prefix(['日', '号', '號'])
                .unwrap_or(rest);
            break;
        }
        let separated = rest
            .trim_start_matches(' ')
            .strip_prefix(['-', '/', '.', '年', '月', '–', '—']);
        match separated {
            Some(next)
                if next
                    .trim_start_matches(' ')
                    .starts_with(|c: char| c.is_ascii_digit()) =>
            {
                rest = next.trim_start_matches(' ');
            }
            Some(_) | None => break,
        }
    }
    (numbers, rest)
}

/// Reads what follows a date: nothing, a weekday, a time of day. Returns whether a time other
/// than midnight is told.
fn read_rest(rest: &str) -> Result<bool, DateError> {
    let mut rest = rest.trim().trim_matches(['(', ')']);
    for mark in ["星期", "周", "礼拜"] {
        if let Some(behind) = rest.strip_prefix(mark) {
            let mut characters = behind.chars();
            characters
                .next()
                .filter(|day| "一二三四五六日天".contains(*day))
                .ok_or(DateError::Unreadable)?;
            rest = characters.as_str().trim_start_matches(')').trim();
        }
    }
    let time = rest.strip_prefix('T').unwrap_or(rest);
    if time.is_empty() {
        return Ok(false);
    }
    let is_time = time.contains(':')
        && time.starts_with(|character: char| character.is_ascii_digit())
        && time
            .chars()
            .all(|character| character.is_ascii_digit() || ":.Z+ -".contains(character));
    if !is_time {
        return Err(DateError::Unreadable);
    }
    Ok(time.chars().any(|character| matches!(character, '1'..='9')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_day_has_many_spellings() {
        for text in [
            "2026-03-05",
            "2026-3-5",
            "2026/3/5",
            "2026/03/05",
            "2026.3.5",
            "2026.03.05",
            "２０２６－０３－０５",
            "２０２６／３／５",
            "2026．3．5",
            "2026年3月5日",
            "2026年03月05日",
            "2026 年 3 月 5 日",
            "２０２６年３月５日",
            "2026年3月5号",
            "20260305",
            " 2026-03-05　",
            "2026-03-05 00:00:00",
            "2026-03-05T00:00:00",
            "2026年3月5日 星期四",
            "2026-03-05(周四)",
        ] {
            let expected = SpelledDate {
                date: Date::constant(2026, 3, 5),
                has_time: false,
            };
            assert_eq!(read_date(text), Ok(expected), "{text:?}");
        }
        assert!(read_date("2026-03-05 14:30").unwrap().has_time);
    }

    #[test]
    fn what_is_no_date_says_why() {
        for (text, error) in [
            ("", DateError::Unreadable),
            ("下周", DateError::Unreadable),
            ("2026-03", DateError::Unreadable),
            ("2026年3月", DateError::Unreadable),
            ("2026-03-05左右", DateError::Unreadable),
            ("2026-03-05-06", DateError::Unreadable),
            ("农历三月十一", DateError::Unreadable),
            ("10月14日", DateError::Unreadable),
            ("3/5/2026", DateError::Ambiguous),
            ("26/3/5", DateError::Ambiguous),
            ("2026-02-30", DateError::Impossible),
            ("2026-13-01", DateError::Impossible),
            ("2026.0.5", DateError::Impossible),
            ("2025-02-29", DateError::Impossible),
            ("0000-00-00", DateError::Impossible),
            ("20261340", DateError::Impossible),
        ] {
            assert_eq!(read_date(text), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_panics(text in "\\PC{0,30}", date in "[-0-9/.年月日T: ]{0,24}") {
            let _ = (read_date(&text), read_date(&date));
        }

        #[test]
        fn a_written_date_reads_back(year in YEAR_MIN..=YEAR_MAX, month in 1_i8..=12, day in 1_i8..=28) {
            let date = Date::new(year, month, day).unwrap();
            prop_assert_eq!(read_date(&date.to_string()).map(|read| read.date), Ok(date));
        }
    }
}
