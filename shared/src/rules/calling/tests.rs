//! The calling times of the domain, as tables.

use jiff::civil::date;

use super::*;

/// 2026-11-23 is a Monday.
fn day(weekday: &str) -> Date {
    match weekday {
        "mon" => date(2026, 11, 23),
        "tue" => date(2026, 11, 24),
        "wed" => date(2026, 11, 25),
        "fri" => date(2026, 11, 27),
        "sat" => date(2026, 11, 28),
        "sun" => date(2026, 11, 29),
        other => panic!("no such day: {other}"),
    }
}

fn moment(weekday: &str, time: &str) -> Moment {
    let (hour, minute) = time.split_once(':').unwrap();
    Moment {
        date: day(weekday),
        minute: hour.parse::<u16>().unwrap() * 60 + minute.parse::<u16>().unwrap(),
    }
}

fn judged(occupation: &str, preferred: &str, weekday: &str, time: &str) -> (Level, &'static str) {
    let callee = Callee::read(occupation, preferred);
    let (level, reason) = judge(&callee, moment(weekday, time), &CallingHours::default());
    (level, reason.key())
}

#[test]
fn hours_and_weekdays_follow_the_domain() {
    use Level::{Best, BetterNot, Fine, No};
    for (weekday, time, level, reason) in [
        ("tue", "08:29", No, "too_early"),
        ("tue", "08:30", BetterNot, "preparing"),
        ("tue", "09:59", BetterNot, "preparing"),
        ("tue", "10:00", Best, "morning"),
        ("tue", "10:59", Best, "morning"),
        ("tue", "11:00", Fine, "late_morning"),
        ("tue", "11:30", No, "midday"),
        ("tue", "13:59", No, "midday"),
        ("tue", "14:00", BetterNot, "not_for_business"),
        ("tue", "15:00", Fine, "afternoon"),
        ("tue", "17:59", Fine, "afternoon"),
        ("tue", "18:00", BetterNot, "evening"),
        ("tue", "21:00", No, "too_late"),
        ("mon", "10:30", BetterNot, "monday"),
        ("mon", "15:30", Fine, "afternoon"),
        ("mon", "12:00", No, "midday"),
        ("fri", "10:30", Fine, "friday"),
        ("sat", "10:30", Best, "morning"),
    ] {
        assert_eq!(
            judged("", "", weekday, time),
            (level, reason),
            "{weekday} {time}"
        );
    }
}

#[test]
fn every_occupation_of_the_domain_has_its_hours() {
    for (words, good, bad) in [
        ("医生", &["11:00", "13:59"][..], &["10:30", "14:00"][..]),
        ("销售", &["09:30", "16:00"], &["10:00", "15:59"]),
        ("行政人员", &["10:30", "14:59"], &["10:29", "15:00"]),
        ("股民", &["15:00", "17:00"], &["09:00", "14:59"]),
        ("银行职员", &["09:59", "16:30"], &["10:30", "15:30"]),
        ("公务员", &["09:30", "15:00"], &["11:15", "17:30"]),
        ("艺术家", &["09:00", "11:00"], &["15:00", "17:00"]),
        ("药剂师", &["14:00", "15:29"], &["10:30", "15:30"]),
        ("餐饮老板", &["15:00", "15:59"], &["10:30", "16:00"]),
        ("建筑商", &["08:45", "17:00"], &["10:30", "15:30"]),
        ("律师", &["09:00", "16:00"], &["10:30", "15:00"]),
        ("教师", &["16:00", "17:30"], &["10:30", "15:30"]),
        ("零售店主", &["14:00", "14:59"], &["10:30", "15:00"]),
        ("公司职员", &["20:00", "20:59"], &["10:30", "19:59"]),
        ("家庭主妇", &["10:00", "10:59"], &["15:30", "17:00"]),
        ("记者", &["15:00", "17:00"], &["10:30", "14:30"]),
        ("商人", &["13:00", "14:59"], &["10:30", "15:30"]),
    ] {
        for time in good {
            assert_eq!(
                judged(words, "", "tue", time),
                (Level::Best, "occupation"),
                "{words} {time}"
            );
        }
        for time in bad {
            assert!(
                judged(words, "", "tue", time).0 < Level::Fine,
                "{words} {time}"
            );
        }
    }
}

#[test]
fn stock_traders_are_never_called_while_the_market_is_open() {
    assert_eq!(
        judged("股民", "", "tue", "10:30"),
        (Level::No, "not_occupation")
    );
}

#[test]
fn shops_are_left_alone_at_weekends_and_on_mondays() {
    for weekday in ["sat", "sun", "mon"] {
        assert_eq!(
            judged("零售店主", "", weekday, "14:30"),
            (Level::No, "not_occupation")
        );
    }
}

#[test]
fn accountants_are_called_in_the_middle_of_the_month() {
    let callee = Callee::read("会计", "");
    let hours = CallingHours::default();
    for (of_month, level) in [
        (9, Level::BetterNot),
        (10, Level::Best),
        (17, Level::Best),
        (24, Level::BetterNot),
    ] {
        // All Tuesdays to Thursdays of a month.
        let at = Moment {
            date: date(2026, 12, of_month),
            minute: 10 * 60,
        };
        assert_eq!(judge(&callee, at, &hours).0, level, "day {of_month}");
    }
    let advice = advise(&callee, moment("tue", "10:00"), &hours);
    assert_eq!(advice.next.unwrap().date, date(2026, 12, 10));
}

#[test]
fn each_occupation_is_known_by_its_words_and_not_by_those_of_another() {
    for (words, key) in [
        ("银行职员", Some("banker")),
        ("餐饮老板", Some("restaurateur")),
        ("建筑商", Some("builder")),
        ("企业主", Some("merchant")),
        ("零售店主", Some("retailer")),
        ("程序员", Some("employee")),
        ("Bank employee", Some("banker")),
        ("Teacher", Some("teacher")),
        ("退休", None),
        ("自由职业", None),
        ("", None),
    ] {
        assert_eq!(Occupation::read(words).map(Occupation::key), key, "{words}");
    }
}

#[test]
fn the_customers_own_time_beats_everything() {
    for (preferred, weekday, time, level) in [
        ("周末下午", "sat", "15:00", Level::Best),
        ("周末下午", "sat", "10:30", Level::BetterNot),
        ("周末下午", "tue", "15:00", Level::BetterNot),
        ("12:00-13:30", "mon", "12:30", Level::Best),
        ("12点半到13点", "tue", "12:45", Level::Best),
        ("晚上8点后", "tue", "20:30", Level::Best),
        ("晚上8点后", "tue", "19:30", Level::BetterNot),
        ("１０点前", "mon", "09:00", Level::Best),
        ("after 18", "fri", "18:30", Level::Best),
        ("weekday mornings", "mon", "09:15", Level::Best),
        ("weekday mornings", "sun", "09:15", Level::BetterNot),
        ("星期三、星期五", "wed", "12:00", Level::Best),
        ("about 15:00", "tue", "14:45", Level::Best),
    ] {
        // A stock trader at midday on a Monday: everything else speaks against it.
        let found = judged("股民", preferred, weekday, time).0;
        assert_eq!(found, level, "{preferred} on {weekday} {time}");
    }
}

#[test]
fn words_that_tell_no_time_do_not_count() {
    for words in [
        "",
        "随时",
        "别打电话",
        "99",
        "13800000000",
        &"很".repeat(100),
    ] {
        assert_eq!(Preference::read(words), None, "{words}");
    }
}

#[test]
fn the_next_good_time_is_told() {
    let hours = CallingHours::default();
    let next = |occupation: &str, weekday: &str, time: &str| {
        let advice = advise(&Callee::read(occupation, ""), moment(weekday, time), &hours);
        let next = advice.next.unwrap();
        (next.date, next.from, next.until)
    };
    // Now is the best time: until when.
    assert_eq!(
        next("", "tue", "10:20"),
        (day("tue"), 10 * 60 + 20, 11 * 60)
    );
    assert_eq!(next("", "tue", "12:00"), (day("wed"), 10 * 60, 11 * 60));
    assert_eq!(next("", "mon", "09:00"), (day("tue"), 10 * 60, 11 * 60));
    assert_eq!(next("", "fri", "10:00"), (day("sat"), 10 * 60, 11 * 60));
    assert_eq!(
        next("公司职员", "tue", "09:00"),
        (day("tue"), 20 * 60, 21 * 60)
    );
    assert_eq!(
        next("零售店主", "sat", "14:30"),
        (date(2026, 12, 1), 14 * 60, 15 * 60)
    );
}

#[test]
fn at_the_end_of_the_calendar_there_is_no_next_time() {
    let now = Moment {
        date: Date::MAX,
        minute: 23 * 60,
    };
    let advice = advise(&Callee::default(), now, &CallingHours::default());
    assert_eq!((advice.level, advice.next), (Level::No, None));
}

#[test]
fn hours_of_calling_follow_one_another() {
    assert_eq!(CallingHours::default().check(), Ok(()));
    let twisted = CallingHours {
        best_from: 12 * 60,
        ..CallingHours::default()
    };
    assert_eq!(twisted.check(), Err(CallingHoursProblem));
    let beyond = CallingHours {
        evening_until: MINUTES_OF_DAY + 1,
        ..CallingHours::default()
    };
    assert_eq!(beyond.check(), Err(CallingHoursProblem));
}

proptest::proptest! {
    #[test]
    fn no_words_make_it_panic(occupation in "\\PC{0,40}", preferred in "[0-9:点周末前后 -]{0,40}", minute in 0_u16..1440) {
        let callee = Callee::read(&occupation, &preferred);
        let now = Moment { date: day("tue"), minute };
        let _ = advise(&callee, now, &CallingHours::default());
    }
}

#[test]
fn a_store_that_knows_better_sets_the_hours_of_an_occupation() {
    let at = |hours: &CallingHours, time: &str| {
        let callee = Callee::read("股民", "");
        judge(&callee, moment("tue", time), hours).0
    };
    let usual = CallingHours::default();
    assert_eq!(at(&usual, "12:00"), Level::No, "before the close");
    let own = usual
        .occupations
        .with(Occupation::StockTrader, Some((705, 780)));
    let hours = CallingHours {
        occupations: own,
        ..usual
    };
    assert_eq!(at(&hours, "12:00"), Level::Best);
    assert_eq!(at(&hours, "15:30"), Level::BetterNot);
    let written = serde_json::to_string(&own).unwrap();
    assert_eq!(written, r#"{"stock_trader":[705,780]}"#);
    let newer = r#"{"stock_trader":[705,780],"astronaut":[1,2]}"#;
    let read: OccupationHours = serde_json::from_str(newer).unwrap();
    assert_eq!(read, own, "what a newer version knows does no harm");
    let twisted = CallingHours {
        occupations: own.with(Occupation::Doctor, Some((800, 700))),
        ..usual
    };
    assert!(twisted.check().is_err());
}
