//! Days and times in words: `11月22日 周日 18:04`, `Sun 22 Nov, 18:04`.

use floorbook_shared::time::{Date, TimeOfDay, days_between};

use crate::screen::text::Text;

/// A point in time as the store's clock shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The store's day.
    pub date: Date,
    /// Hour, 0 to 23.
    pub hour: u8,
    /// Minute.
    pub minute: u8,
}

/// A day with its weekday; the year stands only where it is not this year.
pub fn day(date: Date, today: Date, text: &Text) -> String {
    let weekday = weekday(date, text);
    let month = text.coded("month", &date.month().to_string());
    let day_of_month = i32::from(date.day());
    if date.year() == today.year() {
        text.get_with(
            "date-day",
            [
                ("month", month.into()),
                ("day", day_of_month.into()),
                ("weekday", weekday.into()),
            ],
        )
    } else {
        let year = i32::from(date.year()).to_string();
        text.get_with(
            "date-day-year",
            [
                ("year", year.into()),
                ("month", month.into()),
                ("day", day_of_month.into()),
                ("weekday", weekday.into()),
            ],
        )
    }
}

/// A day in words as near as people say it: today, tomorrow, yesterday, else [`day`].
pub fn near_day(date: Date, today: Date, text: &Text) -> String {
    match days_between(today, date) {
        0 => text.get("date-today"),
        1 => text.get("date-tomorrow"),
        -1 => text.get("date-yesterday"),
        _ => day(date, today, text),
    }
}

/// A day in words with its hour, if it has one: `明天 14:00`.
pub fn appointed(date: Date, time: Option<TimeOfDay>, today: Date, text: &Text) -> String {
    let day = near_day(date, today, text);
    time.map_or_else(|| day.clone(), |time| format!("{day} {time}"))
}

/// The weekday of a date.
pub fn weekday(date: Date, text: &Text) -> String {
    let number = date.weekday().to_monday_one_offset();
    text.coded("weekday", &number.to_string())
}

/// The time of day, `18:04`.
pub fn time(at: LocalTime) -> String {
    format!("{:02}:{:02}", at.hour, at.minute)
}

/// The time today, else day and time.
pub fn moment(at: LocalTime, today: Date, text: &Text) -> String {
    if at.date == today {
        time(at)
    } else {
        text.get_with(
            "date-moment",
            [
                ("day", day(at.date, today, text).into()),
                ("time", time(at).into()),
            ],
        )
    }
}

/// The next day after `today` that is this weekday (1 Monday to 7 Sunday), at least `ahead` days away.
pub fn next_weekday(today: Date, wanted: i8, ahead: i32) -> Date {
    let mut date = plus_days(today, ahead.max(1));
    while date.weekday().to_monday_one_offset() != wanted {
        let next = plus_days(date, 1);
        if next == date {
            break;
        }
        date = next;
    }
    date
}

/// The day `days` later; the same day at the end of the calendar.
pub fn plus_days(date: Date, days: i32) -> Date {
    date.checked_add(jiff::Span::new().days(days))
        .unwrap_or(date)
}

/// The same day of the month `months` later, or the last one of a shorter month.
pub fn plus_months(date: Date, months: i32) -> Date {
    date.checked_add(jiff::Span::new().months(months))
        .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::text::Language;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    #[test]
    fn a_day_of_this_year_has_no_year() {
        let chinese = Text::new(Language::Chinese);
        let english = Text::new(Language::English);
        assert_eq!(day(TODAY, TODAY, &chinese), "11月22日 周日");
        assert_eq!(day(TODAY, TODAY, &english), "Sun 22 Nov");
        assert_eq!(day(date(2027, 1, 3), TODAY, &chinese), "2027年1月3日 周日");
        assert_eq!(day(date(2027, 1, 3), TODAY, &english), "Sun 3 Jan 2027");
    }

    #[test]
    fn near_days_are_said_as_people_say_them() {
        let text = Text::new(Language::Chinese);
        assert_eq!(near_day(TODAY, TODAY, &text), "今天");
        assert_eq!(near_day(date(2026, 11, 23), TODAY, &text), "明天");
        assert_eq!(near_day(date(2026, 11, 21), TODAY, &text), "昨天");
        assert_eq!(near_day(date(2026, 11, 24), TODAY, &text), "11月24日 周二");
    }

    #[test]
    fn a_moment_of_today_is_a_time_alone() {
        let text = Text::new(Language::Chinese);
        let at = LocalTime {
            date: TODAY,
            hour: 18,
            minute: 4,
        };
        assert_eq!(moment(at, TODAY, &text), "18:04");
        assert_eq!(moment(at, date(2026, 11, 23), &text), "11月22日 周日 18:04");
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(plus_months(date(2024, 2, 29), 12), date(2025, 2, 28));
        assert_eq!(plus_months(date(2026, 8, 31), 6), date(2027, 2, 28));
        assert_eq!(plus_months(TODAY, 60), date(2031, 11, 22));
    }

    #[test]
    fn the_next_saturday_is_never_today() {
        assert_eq!(next_weekday(TODAY, 6, 1), date(2026, 11, 28));
        assert_eq!(next_weekday(date(2026, 11, 28), 6, 1), date(2026, 12, 5));
        assert_eq!(next_weekday(TODAY, 1, 2), date(2026, 11, 30));
    }
}
