//! Birthdays as people write them: `1985-10-30`, `10月14日`, `农历1976年闰八月十七`, `lunar 8-13`.

use super::{Birthday, Calendar};
use crate::record::date::{YEAR_MAX, YEAR_MIN, read_date};
use crate::record::width::{fold, trim};

/// Words that tell of the lunar calendar.
const LUNAR_WORDS: [&str; 6] = ["农历", "農曆", "阴历", "陰曆", "旧历", "lunar"];
/// Words that tell of the solar one and may stand anywhere.
const SOLAR_WORDS: [&str; 4] = ["公历", "阳历", "新历", "solar"];
/// Longest text that is read, in characters.
const TEXT_MAX_CHARS: usize = 40;

impl Birthday {
    /// Reads a birthday; `None` if the words tell no month and day.
    pub fn read(words: &str) -> Option<Self> {
        if words.chars().count() > TEXT_MAX_CHARS {
            return None;
        }
        let mut words = fold(trim(words)).to_lowercase().replace('閏', "闰");
        let is_lunar = LUNAR_WORDS.iter().any(|word| words.contains(word));
        for word in LUNAR_WORDS.iter().chain(&SOLAR_WORDS) {
            words = words.replace(word, "");
        }
        let words = words.replace(['(', ')', ':', ' '], "");
        let is_leap = words.contains('闰') || words.contains("leap");
        let words = words.replace('闰', "").replace("leap", "");
        if is_lunar {
            return lunar(&words, is_leap);
        }
        if let Ok(spelled) = read_date(&words) {
            let date = spelled.date;
            return checked(Self {
                calendar: Calendar::Solar,
                year: Some(date.year()),
                month: u8::try_from(date.month()).ok()?,
                is_leap: false,
                day: u8::try_from(date.day()).ok()?,
            });
        }
        let (year, month, day) = parts(&words)?;
        checked(Self {
            calendar: Calendar::Solar,
            year,
            month,
            is_leap: false,
            day,
        })
    }
}

fn lunar(words: &str, is_leap: bool) -> Option<Birthday> {
    let (year, month, day) = parts(words)?;
    checked(Birthday {
        calendar: Calendar::Lunar,
        year,
        month,
        is_leap,
        day,
    })
}

/// A day that some year has.
fn checked(birthday: Birthday) -> Option<Birthday> {
    let most = match (birthday.calendar, birthday.month) {
        (Calendar::Lunar, _) | (Calendar::Solar, 4 | 6 | 9 | 11) => 30,
        (Calendar::Solar, 2) => 29,
        (Calendar::Solar, _) => 31,
    };
    let is_year = birthday
        .year
        .is_none_or(|year| (YEAR_MIN..=YEAR_MAX).contains(&year));
    let is_day = (1..=12).contains(&birthday.month) && (1..=most).contains(&birthday.day);
    (is_year && is_day).then_some(birthday)
}

/// Year, month and day: `1976年八月十七`, `八月十七`, `10月14日`, `8-13`, `1976-8-13`.
fn parts(words: &str) -> Option<(Option<i16>, u8, u8)> {
    let (year, rest) = match words.split_once('年') {
        Some((year, rest)) => (Some(year_of(year)?), rest),
        None => (None, words),
    };
    if let Some((month, day)) = rest.split_once('月') {
        return Some((year, month_of(month)?, day_of(day)?));
    }
    let numbers: Vec<&str> = rest.split(['-', '/', '.']).collect();
    match numbers.as_slice() {
        [month, day] => Some((year, month.parse().ok()?, day.parse().ok()?)),
        [year, month, day] => Some((Some(year_of(year)?), month.parse().ok()?, day.parse().ok()?)),
        _ => None,
    }
}

/// A year of four digits; two digits leave the century open, and the year does not count.
fn year_of(words: &str) -> Option<i16> {
    (words.len() == 4).then(|| words.parse().ok()).flatten()
}

fn month_of(words: &str) -> Option<u8> {
    match words {
        "正" => Some(1),
        "冬" => Some(11),
        "腊" | "臘" => Some(12),
        _ => number(words),
    }
}

fn day_of(words: &str) -> Option<u8> {
    let words = words.trim_end_matches(['日', '号', '號', '生']);
    let words = words.strip_prefix('初').unwrap_or(words);
    if let Some(ones) = words.strip_prefix('廿').or(words.strip_prefix("卄")) {
        return if ones.is_empty() {
            Some(20)
        } else {
            Some(20 + digit(ones)?)
        };
    }
    if words.starts_with('卅') {
        return Some(30);
    }
    number(words)
}

/// 1 to 39 in digits or in Chinese.
fn number(words: &str) -> Option<u8> {
    if let Ok(number) = words.parse() {
        return Some(number);
    }
    match words.split_once('十') {
        None => digit(words),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones)? };
            Some(tens * 10 + ones)
        }
    }
}

fn digit(word: &str) -> Option<u8> {
    let place = ["一", "二", "三", "四", "五", "六", "七", "八", "九"]
        .iter()
        .position(|digit| *digit == word)?;
    u8::try_from(place + 1).ok()
}
