//! Customers who are in the store now.

use super::*;
use crate::record::birthday::Birthday;
use crate::record::consent::ConsentTopic;
use crate::record::entry::IssueState;
use crate::rules::reception::Reception;
use crate::time::Timestamp;

fn since(hour: i64) -> Timestamp {
    Timestamp::from_millis(1_795_305_600_000 + hour * 3_600_000)
}

/// The same card while the customer is in the store from a day on.
fn received(row: CustomerRow, day: Date) -> CustomerRow {
    let reception = Some(Reception {
        day,
        since: since(1),
    });
    CustomerRow { reception, ..row }
}

#[test]
fn who_is_in_the_store_leads_the_day_until_it_is_over() {
    let refusing = CustomerRow {
        refused: ConsentTopic::ALL.iter().copied().collect(),
        ..idle(Some(Class::A), 0)
    };
    let gone = idle(Some(Class::A), 0);
    let here = Some((Group::InStore, "in_store"));
    for (place, row, expected) in [
        ("it begins", received(gone.clone(), TODAY), here),
        (
            "a visit was logged, or the customer left",
            gone.clone(),
            None,
        ),
        (
            "yesterday's ended at midnight",
            received(gone.clone(), day(-1)),
            None,
        ),
        (
            "a clock was a day ahead",
            received(gone.clone(), day(1)),
            None,
        ),
        (
            "a clock was wrong",
            received(gone, date(9999, 12, 31)),
            None,
        ),
        (
            "who was given up",
            received(idle(Some(Class::D), 400), TODAY),
            here,
        ),
        ("who wants no calls", received(refusing, TODAY), here),
        (
            "who has no class",
            received(CustomerRow::default(), TODAY),
            here,
        ),
    ] {
        assert_eq!(whys(&row, TODAY).first().copied(), expected, "{place}");
    }
}

#[test]
fn a_reception_is_one_item_on_every_tablet() {
    let row = received(idle(Some(Class::A), 0), TODAY);
    let other = CustomerRow {
        reception: Some(Reception {
            day: TODAY,
            since: since(2),
        }),
        ..row.clone()
    };
    let id = |row: &CustomerRow| agenda_of(row, TODAY).items.remove(0).id();
    assert_eq!(id(&row), id(&other));
    let item = agenda_of(&row, TODAY).items.remove(0);
    assert_eq!(item.how, Channel::StoreVisit);
    assert_eq!((item.rule(), item.days_late), (None, 0));
}

#[test]
fn who_came_first_to_the_store_stands_first() {
    let at = |hour: i64| CustomerRow {
        reception: Some(Reception {
            day: TODAY,
            since: since(hour),
        }),
        ..CustomerRow::default()
    };
    let thanked_later = CustomerRow {
        first_visit: Some(TODAY),
        ..CustomerRow::default()
    };
    let rows = [
        (card(1), &thanked_later),
        (card(2), &at(3)),
        (card(3), &at(1)),
    ];
    let agenda = Agenda::of(rows, TODAY, &StoreSettings::default());
    let group = agenda.group(Group::InStore).iter();
    let order: Vec<_> = group.map(|item| item.document).collect();
    assert_eq!(order, [card(3), card(2), card(1)]);
}

#[test]
fn nobody_calls_who_is_in_the_store() {
    let first_visit = CustomerRow {
        first_visit: Some(TODAY),
        ..CustomerRow::default()
    };
    let appointment = CustomerRow {
        open_steps: vec![step(1, TODAY, Channel::StoreVisit)],
        ..idle(Some(Class::A), 0)
    };
    let issue = OpenIssue {
        issue: EntryId::from_bytes([4; 16]),
        what: "划痕".to_owned(),
        state: IssueState::Open,
        since: Some(day(-1)),
    };
    let with_issue = CustomerRow {
        causes: Causes {
            issues: vec![issue],
            ..Causes::default()
        },
        ..idle(Some(Class::B), 0)
    };
    let born = CustomerRow {
        birthday: Birthday::read("11月23日"),
        ..idle(Some(Class::B), 1)
    };
    for (row, outside, inside) in [
        // What asks for a mere contact waits.
        (idle(Some(Class::A), 3), Some("review_a"), None),
        (idle(Some(Class::C), 200), Some("quiet"), None),
        (first_visit, Some("first_visit"), None),
        // What there is to say stays, and is said here.
        (appointment, Some("planned"), Some("planned")),
        (with_issue, Some("issue_open"), Some("issue_open")),
        (born, Some("birthday"), Some("birthday")),
    ] {
        let keys = |row: &CustomerRow| -> Vec<_> {
            let items = agenda_of(row, TODAY).items.into_iter();
            let others = items.filter(|item| !matches!(item.cause, Cause::InStore(_)));
            others.map(|item| (item.why.key(), item.how)).collect()
        };
        let found = keys(&row);
        let found = found.first().map(|(why, _)| *why);
        assert_eq!(found, outside);
        let expected: Vec<_> = inside
            .map(|why| (why, Channel::StoreVisit))
            .into_iter()
            .collect();
        assert_eq!(keys(&received(row, TODAY)), expected);
    }
}
