//! Birthdays in words and through the years.

use jiff::civil::date;

use super::*;

fn solar_day(year: Option<i16>, month: u8, day: u8) -> Birthday {
    Birthday {
        calendar: Calendar::Solar,
        year,
        month,
        is_leap: false,
        day,
    }
}

fn lunar_day(year: Option<i16>, month: u8, is_leap: bool, day: u8) -> Birthday {
    Birthday {
        calendar: Calendar::Lunar,
        year,
        month,
        is_leap,
        day,
    }
}

#[test]
fn birthdays_are_read_as_people_write_them() {
    for (words, birthday) in [
        ("1985-10-30", Some(solar_day(Some(1985), 10, 30))),
        ("1958年8月10日", Some(solar_day(Some(1958), 8, 10))),
        ("１９９０/3/5", Some(solar_day(Some(1990), 3, 5))),
        ("10月14日", Some(solar_day(None, 10, 14))),
        ("03-05", Some(solar_day(None, 3, 5))),
        ("公历 2月29日", Some(solar_day(None, 2, 29))),
        ("农历三月十一", Some(lunar_day(None, 3, false, 11))),
        (
            "农历1992年五月初三",
            Some(lunar_day(Some(1992), 5, false, 3)),
        ),
        (
            "1991年三月初九(农历)",
            Some(lunar_day(Some(1991), 3, false, 9)),
        ),
        (
            "农历1976年闰八月十七",
            Some(lunar_day(Some(1976), 8, true, 17)),
        ),
        (
            "农历1989年八月三十",
            Some(lunar_day(Some(1989), 8, false, 30)),
        ),
        ("农历正月廿三", Some(lunar_day(None, 1, false, 23))),
        ("阴历腊月二十", Some(lunar_day(None, 12, false, 20))),
        ("农历冬月初十", Some(lunar_day(None, 11, false, 10))),
        ("农历八月廿", Some(lunar_day(None, 8, false, 20))),
        ("lunar 8-13", Some(lunar_day(None, 8, false, 13))),
        ("lunar leap 8-13", Some(lunar_day(None, 8, true, 13))),
        ("85年3月", None),
        ("85年3月5日", None),
        ("1985年10月", None),
        ("农历五月三十一", None),
        ("2月30日", None),
        ("13-45", None),
        ("属龙", None),
        ("", None),
    ] {
        assert_eq!(Birthday::read(words), birthday, "{words}");
    }
}

#[test]
fn the_twenty_ninth_of_february_is_kept_a_day_early_in_other_years() {
    let birthday = solar_day(Some(1996), 2, 29);
    let kept = |year| birthday.in_year(year).unwrap();
    assert_eq!(
        kept(2027),
        Kept {
            date: date(2027, 2, 28),
            rule: KeptRule::LeapDay
        }
    );
    assert_eq!(
        kept(2028),
        Kept {
            date: date(2028, 2, 29),
            rule: KeptRule::Exact
        }
    );
    assert_eq!(kept(2100).date, date(2100, 2, 28));
}

/// Against the tables of the Hong Kong Observatory.
#[test]
fn lunar_days_fall_on_the_days_of_the_published_tables() {
    for (year, month, day, solar) in [
        (2026, 1, 1, date(2026, 2, 17)),
        (2026, 8, 15, date(2026, 9, 25)),
        (2025, 1, 1, date(2025, 1, 29)),
        (2024, 5, 5, date(2024, 6, 10)),
        (2033, 8, 15, date(2033, 9, 8)),
        (2033, 12, 1, date(2034, 1, 20)),
        (2026, 12, 29, date(2027, 2, 5)),
        (1901, 1, 1, date(1901, 2, 19)),
        (2100, 1, 1, date(2100, 2, 9)),
    ] {
        let kept = lunar_day(None, month, false, day).in_year(year).unwrap();
        assert_eq!(
            kept,
            Kept {
                date: solar,
                rule: KeptRule::Exact
            },
            "{year} {month} {day}"
        );
    }
}

#[test]
fn a_leap_month_is_kept_where_the_year_has_it() {
    // 2025 has a leap sixth month (from 25 July), 2026 has none.
    let born_in_leap = lunar_day(Some(1987), 6, true, 1);
    assert_eq!(
        born_in_leap.in_year(2025),
        Some(Kept {
            date: date(2025, 7, 25),
            rule: KeptRule::Exact
        })
    );
    assert_eq!(
        born_in_leap.in_year(2026),
        Some(Kept {
            date: date(2026, 7, 14),
            rule: KeptRule::NoLeapMonth
        })
    );
    let born_in_ordinary = lunar_day(Some(1988), 6, false, 1);
    assert_eq!(
        born_in_ordinary.in_year(2025).unwrap().date,
        date(2025, 6, 25)
    );
}

#[test]
fn day_thirty_is_kept_on_day_twenty_nine_of_a_short_month() {
    let birthday = lunar_day(None, 12, false, 30);
    // The twelfth month of the lunar year 2024 and of 2025 has 29 days, that of 2023 has 30.
    assert_eq!(
        birthday.in_year(2023),
        Some(Kept {
            date: date(2024, 2, 9),
            rule: KeptRule::Exact
        })
    );
    assert_eq!(
        birthday.in_year(2024),
        Some(Kept {
            date: date(2025, 1, 28),
            rule: KeptRule::ShortMonth
        })
    );
    assert_eq!(
        birthday.in_year(2025),
        Some(Kept {
            date: date(2026, 2, 16),
            rule: KeptRule::ShortMonth
        })
    );
}

#[test]
fn the_latest_and_the_next_time_meet_on_the_day() {
    let birthday = solar_day(None, 12, 31);
    assert_eq!(
        birthday.latest(date(2027, 1, 1)).unwrap().date,
        date(2026, 12, 31)
    );
    assert_eq!(
        birthday.next(date(2027, 1, 1)).unwrap().date,
        date(2027, 12, 31)
    );
    let today = date(2026, 12, 31);
    assert_eq!(birthday.latest(today), birthday.next(today));
    // A lunar birthday in the last month falls into the next solar year.
    let late = lunar_day(None, 12, false, 20);
    assert_eq!(late.next(date(2027, 1, 1)).unwrap().date, date(2027, 1, 27));
}

#[test]
fn outside_the_certain_years_nothing_is_said() {
    let birthday = lunar_day(None, 5, false, 5);
    assert_eq!(birthday.in_year(2101), None);
    assert_eq!(birthday.next(Date::MAX), None);
    assert_eq!(birthday.latest(Date::MIN), None);
    assert!(solar_day(None, 2, 29).next(Date::MAX).is_none());
}

proptest::proptest! {
    #[test]
    fn reading_and_keeping_never_panic(words in "[0-9农历闰正腊冬廿初一二三十年月日/-]{0,20}", year in -9999_i16..=9999) {
        if let Some(birthday) = Birthday::read(&words) {
            let _ = birthday.in_year(year);
        }
    }
}

#[test]
fn a_birthday_is_kept_in_the_month_of_its_day() {
    for (birthday, year, month, expected) in [
        (solar_day(None, 11, 30), 2026, 11, true),
        (solar_day(None, 11, 30), 2026, 12, false),
        (solar_day(Some(2000), 2, 29), 2026, 2, true),
        // 腊月 of a lunar year is in the solar one after it.
        (lunar_day(None, 12, false, 20), 2026, 2, true),
        (lunar_day(None, 12, false, 20), 2026, 12, false),
        // 六月初一 of the year with a leap sixth month is in July; the leap month begins in July too.
        (lunar_day(None, 6, true, 1), 2025, 7, true),
        (lunar_day(None, 6, false, 1), 2025, 6, true),
        // Twice in a solar year: at its beginning and at its end.
        (lunar_day(None, 12, false, 1), 2027, 1, true),
        (lunar_day(None, 12, false, 1), 2027, 12, true),
    ] {
        assert_eq!(
            birthday.is_kept_in(year, month),
            expected,
            "{birthday:?} in {year}-{month}"
        );
    }
}
