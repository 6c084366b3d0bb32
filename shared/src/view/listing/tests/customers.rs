//! Tables of what lists know of a customer: marks, groups and orders beyond the next step.

use super::*;
use crate::record::birthday::Birthday;
use crate::record::consent::ConsentTopic;
use crate::record::entry::IssueState;
use crate::rules::agenda::{Causes, FamilyBirthday, OpenIssue};
use crate::rules::quality::Completeness;
use crate::time::Timestamp;

/// A row that says this one thing.
type Says = fn(&mut CustomerRow);

/// What one thing that a row says makes of a mark.
fn is_marked(mark: Mark, says: Says) -> bool {
    let mut row = CustomerRow {
        // Complete and just confirmed, as far as nothing else is said.
        completeness: Completeness {
            hard: 1000,
            soft: 1000,
        },
        confirmed: Some(at(TODAY)),
        ..CustomerRow::default()
    };
    says(&mut row);
    mark.is_of(&Held::of(1, row).listed(), &basis())
}

fn at(day: Date) -> Timestamp {
    let days = crate::time::days_between(date(1970, 1, 1), day);
    Timestamp::from_millis(i64::from(days) * 24 * 3_600_000)
}

fn family(birthday: &str) -> Causes {
    Causes {
        family: vec![FamilyBirthday {
            member: EntryId::from_bytes([1; 16]),
            name: "女儿".into(),
            birthday: Birthday::read(birthday).unwrap(),
        }],
        ..Causes::default()
    }
}

#[test]
fn marks_say_what_is_known_of_a_customer() {
    let nothing: Says = |_| ();
    for (mark, says, expected) in [
        (Mark::BirthdayThisMonth, nothing, false),
        (
            Mark::BirthdayThisMonth,
            |row| row.birthday = Birthday::read("1985-11-02"),
            true,
        ),
        (
            Mark::BirthdayThisMonth,
            |row| row.birthday = Birthday::read("1985-12-01"),
            false,
        ),
        // 十月初十 is 2026-11-18, 十一月初十 is 2026-12-18.
        (
            Mark::BirthdayThisMonth,
            |row| row.birthday = Birthday::read("农历十月初十"),
            true,
        ),
        (
            Mark::BirthdayThisMonth,
            |row| row.birthday = Birthday::read("农历冬月初十"),
            false,
        ),
        (
            Mark::BirthdayThisMonth,
            |row| row.causes = family("11-30"),
            true,
        ),
        (
            Mark::BirthdayThisMonth,
            |row| row.causes = family("10-31"),
            false,
        ),
        (Mark::OpenIssue, nothing, false),
        (
            Mark::OpenIssue,
            |row| {
                row.causes.issues.push(OpenIssue {
                    issue: EntryId::from_bytes([1; 16]),
                    what: "沙发腿松了".into(),
                    state: IssueState::Open,
                    since: None,
                });
            },
            true,
        ),
        (Mark::DoNotCall, nothing, false),
        (
            Mark::DoNotCall,
            |row| {
                let _ = row.refused.insert(ConsentTopic::Mail);
            },
            false,
        ),
        (
            Mark::DoNotCall,
            |row| {
                let _ = row.refused.insert(ConsentTopic::Call);
            },
            true,
        ),
        (Mark::HasBought, nothing, false),
        (Mark::NeverBought, nothing, true),
        (Mark::HasBought, |row| row.has_bought = true, true),
        (Mark::NeverBought, |row| row.has_bought = true, false),
        (Mark::Introduced, nothing, false),
        (
            Mark::Introduced,
            |row| row.referrer = Some(DocumentId::from_bytes([9; 16])),
            true,
        ),
        (
            Mark::Introduced,
            |row| row.source = "老客户介绍".into(),
            true,
        ),
        (Mark::Introduced, |row| row.source = "到店".into(), false),
        (Mark::Incomplete, nothing, false),
        // 200 + 0.8 * 499 of a thousand is under 60, with one more it is not.
        (Mark::Incomplete, |row| row.completeness.soft = 490, true),
        (Mark::Incomplete, |row| row.completeness.soft = 500, false),
        (Mark::Stale, nothing, false),
        (
            Mark::Stale,
            |row| row.confirmed = Some(at(date(2025, 11, 23))),
            false,
        ),
        (
            Mark::Stale,
            |row| row.confirmed = Some(at(date(2025, 11, 22))),
            true,
        ),
        // The clock of a tablet was ahead.
        (
            Mark::Stale,
            |row| row.confirmed = Some(at(date(2030, 1, 1))),
            false,
        ),
        (
            Mark::Stale,
            |row| {
                row.confirmed = None;
                row.opened_on = Some(date(2020, 1, 1));
            },
            true,
        ),
        (Mark::Stale, |row| row.confirmed = None, false),
    ] {
        let place = format!("{mark:?}");
        assert_eq!(is_marked(mark, says), expected, "{place}");
    }
}

#[test]
fn what_was_bought_the_kind_tags_and_regions_are_groups_of_their_own() {
    let row = |cents: i64, first: Option<Date>| CustomerRow {
        dealings: Dealings {
            purchases: u16::from(cents > 0),
            cents,
            first,
            last: first,
            ..Dealings::default()
        },
        ..CustomerRow::default()
    };
    let mut company = row(0, None);
    company.kind = Some(CustomerKind::Company);
    company.region = "滨江".into();
    let mut rich = row(12_000_000, Some(date(2020, 1, 1)));
    rich.tags = vec!["VIP".into(), "样板间".into(), "VIP".into()];
    let lately = row(1_500_000, Some(date(2026, 11, 1)));
    let book = [
        Held::of(1, company),
        Held::of(2, rich),
        Held::of(3, lately),
        Held::of(4, row(0, None)),
    ];
    let check = |choose: fn(&mut Filter), expected: &[u8]| {
        let mut filter = Filter::default();
        choose(&mut filter);
        let found = book
            .iter()
            .filter(|held| filter.passes(&held.listed(), &basis()));
        let found: Vec<u8> = found.map(|held| held.number).collect();
        assert_eq!(found, expected, "{filter:?}");
        assert!(!filter.is_empty());
    };
    check(
        |filter| {
            let _ = filter.kinds.insert(CustomerKind::Company);
        },
        &[1],
    );
    check(
        |filter| {
            let _ = filter.kinds.insert(CustomerKind::Individual);
        },
        &[2, 3, 4],
    );
    check(
        |filter| {
            let _ = filter.life_cycles.insert(LifeCycle::Future);
        },
        &[1, 4],
    );
    check(
        |filter| {
            let _ = filter.life_cycles.insert(LifeCycle::New);
        },
        &[3],
    );
    check(
        |filter| {
            let _ = filter.life_cycles.insert(LifeCycle::Old);
        },
        &[2],
    );
    check(
        |filter| {
            let _ = filter.weights.insert(Weight::Main);
        },
        &[2],
    );
    check(
        |filter| {
            let _ = filter.weights.insert(Weight::General);
        },
        &[3],
    );
    check(
        |filter| {
            let _ = filter.grades.insert(Grade::Gold);
        },
        &[2],
    );
    check(
        |filter| {
            let _ = filter.tags.insert("样板间".into());
        },
        &[2],
    );
    check(
        |filter| {
            let _ = filter.regions.insert("滨江".into());
        },
        &[1],
    );
    check(
        |filter| {
            let _ = filter.regions.insert(String::new());
        },
        &[2, 3, 4],
    );
    let counts = Filter::default().count(book.iter().map(Held::listed), &basis());
    assert_eq!(counts.tags.get("VIP"), Some(&1), "a tag counts once");
    assert_eq!(counts.kinds.get(&CustomerKind::Individual), Some(&3));
    assert_eq!(counts.regions.get("滨江"), Some(&1));
}

#[test]
fn main_customers_rounds_and_birthdays_have_an_order() {
    let row = |yuan: i64, route: (&str, Option<u32>), birthday: &str| CustomerRow {
        dealings: bought(yuan, date(2026, 6, 1)),
        region: route.0.into(),
        route_order: route.1,
        birthday: Birthday::read(birthday),
        ..CustomerRow::default()
    };
    let mut with_family = row(0, ("", Some(1)), "");
    with_family.causes = family("11-24");
    let book = [
        Held::of(1, row(9_999, ("滨江", None), "11-22")),
        Held::of(2, row(200_000, ("滨江", Some(10)), "农历十月十五")),
        Held::of(3, row(50_000, ("滨江", Some(2)), "11-23")),
        Held::of(4, row(300_000, ("城西", Some(3)), "")),
        Held::of(5, with_family),
    ];
    for (order, expected) in [
        (Order::Main, [4, 2, 3, 1, 5]),
        (Order::Route, [3, 2, 1, 4, 5]),
        // 十月十五 was today, 2026-11-23: the newer card stands first.
        (Order::Birthday, [3, 2, 5, 1, 4]),
    ] {
        let mut book = book.clone();
        order.sort(&mut book, &basis(), Held::listed);
        let found: Vec<u8> = book.iter().map(|held| held.number).collect();
        assert_eq!(found, expected, "{order:?}");
        assert_eq!(Order::from_key(order.key()), order);
    }
}
