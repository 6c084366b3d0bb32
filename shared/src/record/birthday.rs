//! Birthdays in the solar and in the lunar calendar, as people write them, and when they are kept.
//!
//! The lunar calendar is the one of GB/T 33661-2017, from the tables of `icu_calendar`, which agree
//! with those of the Purple Mountain Observatory; they reach from 1901 to 2100, and so do we.
//! What the standard leaves open is our choice, and the screen says so where it applies:
//! - 29 February is kept on 28 February in a year without it: never late.
//! - Day 30 of a lunar month is kept on day 29 where the month is short.
//! - A birthday in a leap month is kept in the leap month where the year has it, else in the month
//!   of the same number; one in an ordinary month always in the ordinary one, which comes first.

mod read;
#[cfg(test)]
mod tests;

use icu_calendar::Date as CalendarDate;
use icu_calendar::types::Month;
use serde::{Deserialize, Serialize};

use crate::time::Date;

/// The years for which the lunar calendar is certain.
const LUNAR_YEARS: std::ops::RangeInclusive<i16> = 1901..=2100;

/// The calendar of a birthday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Calendar {
    /// 公历
    Solar,
    /// 农历
    Lunar,
}

/// A birthday. The year is often unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birthday {
    /// Its calendar.
    pub calendar: Calendar,
    /// The year of birth, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i16>,
    /// The month, 1 to 12.
    pub month: u8,
    /// Whether the month is a leap month 闰月.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_leap: bool,
    /// The day, 1 to 31, or to 30 in a lunar month.
    pub day: u8,
}

/// On which day a birthday is kept in a year, and by what rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    /// The day.
    pub date: Date,
    /// The rule.
    pub rule: KeptRule,
}

/// The rule by which a day was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeptRule {
    /// The very day.
    Exact,
    /// 29 February in a year without one.
    LeapDay,
    /// Day 30 of a lunar month that has 29.
    ShortMonth,
    /// A leap month in a year without it.
    NoLeapMonth,
}

impl KeptRule {
    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::LeapDay => "leap_day",
            Self::ShortMonth => "short_month",
            Self::NoLeapMonth => "no_leap_month",
        }
    }
}

impl Birthday {
    /// The day on which it is kept in a year of its calendar; a lunar year is named by the solar
    /// year in which it begins.
    pub fn in_year(self, year: i16) -> Option<Kept> {
        match self.calendar {
            Calendar::Solar => self.in_solar_year(year),
            Calendar::Lunar => self.in_lunar_year(year),
        }
    }

    fn in_solar_year(self, year: i16) -> Option<Kept> {
        let (month, day) = (i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?);
        if let Ok(date) = Date::new(year, month, day) {
            return Some(Kept {
                date,
                rule: KeptRule::Exact,
            });
        }
        if (month, day) != (2, 29) {
            return None;
        }
        let date = Date::new(year, 2, 28).ok()?;
        Some(Kept {
            date,
            rule: KeptRule::LeapDay,
        })
    }

    fn in_lunar_year(self, year: i16) -> Option<Kept> {
        if !LUNAR_YEARS.contains(&year) {
            return None;
        }
        if self.is_leap
            && let Some(kept) = self.in_lunar_month(year, Month::leap(self.month), KeptRule::Exact)
        {
            return Some(kept);
        }
        let rule = if self.is_leap {
            KeptRule::NoLeapMonth
        } else {
            KeptRule::Exact
        };
        self.in_lunar_month(year, Month::new(self.month), rule)
    }

    fn in_lunar_month(self, year: i16, month: Month, rule: KeptRule) -> Option<Kept> {
        let find = |day| {
            let date =
                CalendarDate::try_new_chinese_traditional(i32::from(year), month, day).ok()?;
            solar(date)
        };
        if let Some(date) = find(self.day) {
            return Some(Kept { date, rule });
        }
        if self.day != 30 {
            return None;
        }
        let rule = match rule {
            KeptRule::Exact => KeptRule::ShortMonth,
            other @ (KeptRule::LeapDay | KeptRule::ShortMonth | KeptRule::NoLeapMonth) => other,
        };
        find(29).map(|date| Kept { date, rule })
    }

    /// The days around a year on which it is kept, in order.
    fn around(self, year: i16) -> impl DoubleEndedIterator<Item = Kept> {
        // A lunar year ends in the next solar one.
        (year.saturating_sub(1)..=year.saturating_add(1)).filter_map(move |year| self.in_year(year))
    }

    /// Whether it is kept in a month of a solar year.
    pub fn is_kept_in(self, year: i16, month: i8) -> bool {
        self.around(year)
            .any(|kept| (kept.date.year(), kept.date.month()) == (year, month))
    }

    /// The latest time it was kept, today at the latest.
    pub fn latest(self, today: Date) -> Option<Kept> {
        let mut days = self.around(today.year()).rev();
        days.find(|kept| kept.date <= today)
    }

    /// The next time it is kept, today at the earliest.
    pub fn next(self, today: Date) -> Option<Kept> {
        let mut days = self.around(today.year());
        days.find(|kept| kept.date >= today)
    }
}

fn solar(date: CalendarDate<icu_calendar::cal::ChineseTraditional>) -> Option<Date> {
    let iso = date.to_calendar(icu_calendar::Iso);
    let year = i16::try_from(iso.year().extended_year()).ok()?;
    let month = i8::try_from(iso.month().ordinal).ok()?;
    Date::new(year, month, i8::try_from(iso.day_of_month().0).ok()?).ok()
}
