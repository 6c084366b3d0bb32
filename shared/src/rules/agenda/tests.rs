//! What a day asks for, as tables.

mod in_store;
mod service;
mod week;

use std::collections::BTreeMap;

use jiff::civil::date;

use super::*;
use crate::access::Standards;
use crate::id::PersonId;
use crate::record::birthday::{Birthday, Calendar, KeptRule};
use crate::view::row::RecentContact;

/// A Monday.
const TODAY: Date = date(2026, 11, 23);

fn card(number: u8) -> DocumentId {
    DocumentId::from_bytes([number; 16])
}

fn me() -> PersonId {
    PersonId::from_bytes([7; 16])
}

fn day(offset: i64) -> Date {
    TODAY.checked_add(jiff::Span::new().days(offset)).unwrap()
}

fn step(number: u8, due: Date, how: Channel) -> OpenStep {
    OpenStep {
        time: None,
        purpose: None,
        id: EntryId::from_bytes([number; 16]),
        what: "step".into(),
        due,
        how,
    }
}

fn contact(date: Date, channel: Channel) -> RecentContact {
    RecentContact {
        date,
        channel,
        by: me(),
    }
}

/// A card of a class whose last contact was so many days ago.
fn idle(class: Option<Class>, days: i64) -> CustomerRow {
    CustomerRow {
        class,
        phones: vec!["13800000000".into()],
        last_contact: Some(day(-days)),
        recent_contacts: vec![contact(day(-days), Channel::Call)],
        ..CustomerRow::default()
    }
}

fn agenda_of(row: &CustomerRow, today: Date) -> Agenda {
    Agenda::of([(card(1), row)], today, &StoreSettings::default())
}

fn whys(row: &CustomerRow, today: Date) -> Vec<(Group, &'static str)> {
    let agenda = agenda_of(row, today);
    let items = agenda.items.iter();
    items.map(|item| (item.group, item.why.key())).collect()
}

#[test]
fn steps_fall_into_the_groups_of_the_day() {
    for (class, how, group) in [
        (Some(Class::A), Channel::Call, Group::FollowUpsA),
        (Some(Class::A), Channel::Wechat, Group::FollowUpsA),
        (Some(Class::A), Channel::StoreVisit, Group::Appointments),
        (Some(Class::B), Channel::HomeVisit, Group::Appointments),
        (Some(Class::B), Channel::Call, Group::Contacts),
        (Some(Class::C), Channel::Mail, Group::Contacts),
        (Some(Class::D), Channel::Call, Group::Contacts),
        (None, Channel::Call, Group::Contacts),
    ] {
        let row = CustomerRow {
            open_steps: vec![step(1, TODAY, how), step(2, day(1), how)],
            ..idle(class, 0)
        };
        assert_eq!(whys(&row, TODAY), [(group, "planned")], "{class:?} {how:?}");
    }
}

#[test]
fn what_is_late_leads_its_group() {
    let rows = [1, 9, 0].map(|late| CustomerRow {
        open_steps: vec![step(1, day(-late), Channel::Call)],
        ..idle(Some(Class::A), 0)
    });
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(index, row)| (card(u8::try_from(index).unwrap()), row));
    let agenda = Agenda::of(rows, TODAY, &StoreSettings::default());
    let order: Vec<_> = agenda
        .group(Group::FollowUpsA)
        .iter()
        .map(|item| (item.document, item.days_late))
        .collect();
    assert_eq!(order, [(card(1), 9), (card(0), 1), (card(2), 0)]);
    assert!(agenda.group(Group::Prospecting).is_empty());
}

#[test]
fn each_class_has_its_cadence() {
    for (class, days, expected) in [
        (Some(Class::A), 0, None),
        (Some(Class::A), 1, Some((Group::FollowUpsA, "review_a"))),
        (Some(Class::B), 6, None),
        (Some(Class::B), 7, Some((Group::Contacts, "weekly_b"))),
        (Some(Class::C), 29, None),
        (Some(Class::C), 30, Some((Group::Contacts, "monthly_c"))),
        (Some(Class::C), 179, Some((Group::Contacts, "monthly_c"))),
        (Some(Class::C), 180, Some((Group::Prospecting, "quiet"))),
        (Some(Class::A), 200, Some((Group::FollowUpsA, "review_a"))),
        (Some(Class::D), 400, None),
        (None, 179, None),
        (None, 180, Some((Group::Prospecting, "quiet"))),
    ] {
        let found = whys(&idle(class, days), TODAY);
        assert_eq!(
            found,
            expected.into_iter().collect::<Vec<_>>(),
            "{class:?} {days}"
        );
    }
}

#[test]
fn a_step_that_comes_before_the_next_contact_would_keeps_it_out() {
    for (class, idle_days, due, is_listed) in [
        (Class::A, 5, 60, false),
        (Class::B, 10, 7, false),
        (Class::B, 10, 8, true),
        (Class::C, 40, 30, false),
        (Class::C, 40, 31, true),
    ] {
        let row = CustomerRow {
            open_steps: vec![step(1, day(due), Channel::Call)],
            ..idle(Some(class), idle_days)
        };
        assert_eq!(
            whys(&row, TODAY).len(),
            usize::from(is_listed),
            "{class:?} {due}"
        );
    }
}

#[test]
fn an_overdue_step_stands_for_the_cadence() {
    let row = CustomerRow {
        open_steps: vec![step(1, day(-20), Channel::Call)],
        ..idle(Some(Class::B), 40)
    };
    assert_eq!(whys(&row, TODAY), [(Group::Contacts, "planned")]);
}

#[test]
fn a_first_visit_is_thanked_for_on_the_day() {
    let visited = |offset: i64, contacts: &[RecentContact]| CustomerRow {
        first_visit: Some(day(offset)),
        wechat: "wx".into(),
        recent_contacts: contacts.to_vec(),
        ..CustomerRow::default()
    };
    let in_store = [(Group::InStore, "first_visit")];
    assert_eq!(whys(&visited(0, &[]), TODAY), in_store);
    // The visit itself, logged as a contact, is no thanks; a message is.
    let visit = contact(TODAY, Channel::StoreVisit);
    let message = contact(TODAY, Channel::Wechat);
    assert_eq!(whys(&visited(0, &[visit]), TODAY), in_store);
    assert!(whys(&visited(0, &[message, visit]), TODAY).is_empty());
    assert_eq!(whys(&visited(-1, &[]), TODAY), in_store);
    assert!(whys(&visited(-2, &[]), TODAY).is_empty());
    assert!(whys(&visited(1, &[]), TODAY).is_empty());
    let item = agenda_of(&visited(0, &[]), TODAY).items.remove(0);
    assert_eq!(
        (item.how, item.why.script()),
        (Channel::Wechat, "thank_you")
    );
}

#[test]
fn thanks_that_are_owed_stand_for_the_cadence() {
    let visited = CustomerRow {
        class: Some(Class::A),
        first_visit: Some(day(-1)),
        ..CustomerRow::default()
    };
    assert_eq!(whys(&visited, TODAY), [(Group::InStore, "first_visit")]);
    let later = CustomerRow {
        put_off: BTreeMap::from([(Rule::ThankYou, day(1))]),
        ..visited.clone()
    };
    assert!(whys(&later, TODAY).is_empty());
    assert_eq!(whys(&later, day(1)), [(Group::InStore, "first_visit")]);
    // Whom nobody thanked in time is one of class A without a next step.
    assert_eq!(whys(&visited, day(3)), [(Group::FollowUpsA, "review_a")]);
}

#[test]
fn birthdays_are_listed_until_someone_greets() {
    let born = |words: &str, contacts: &[RecentContact]| CustomerRow {
        birthday: Birthday::read(words),
        recent_contacts: contacts.to_vec(),
        ..CustomerRow::default()
    };
    let greeting = [(Group::Prospecting, "birthday")];
    assert_eq!(whys(&born("1980-11-23", &[]), TODAY), greeting);
    assert_eq!(whys(&born("1980-11-20", &[]), TODAY), greeting);
    assert!(whys(&born("1980-11-19", &[]), TODAY).is_empty());
    assert!(whys(&born("1980-11-24", &[]), TODAY).is_empty());
    assert!(
        whys(
            &born("1980-11-20", &[contact(day(-1), Channel::Call)]),
            TODAY
        )
        .is_empty()
    );
    assert_eq!(
        whys(
            &born("1980-11-23", &[contact(day(-1), Channel::Call)]),
            TODAY
        ),
        greeting
    );
    // 2026-11-23 is day 15 of the tenth lunar month.
    assert_eq!(
        whys(&born("农历十月十五", &[]), TODAY),
        [(Group::Prospecting, "birthday_lunar")]
    );
    // Over the turn of the year.
    assert_eq!(whys(&born("12月31日", &[]), date(2027, 1, 2)), greeting);
    let kept = agenda_of(&born("2月29日", &[]), date(2027, 2, 28))
        .items
        .remove(0);
    assert_eq!(kept.why, Why::Birthday(Calendar::Solar, KeptRule::LeapDay));
}

#[test]
fn who_was_given_up_is_out_of_what_is_derived() {
    let row = CustomerRow {
        birthday: Birthday::read("1980-11-23"),
        first_visit: Some(TODAY),
        ..idle(Some(Class::D), 400)
    };
    assert!(whys(&row, TODAY).is_empty());
}

#[test]
fn work_that_was_put_off_comes_back_on_its_day() {
    let off = |rule: Rule, until: Date, row: CustomerRow| CustomerRow {
        put_off: BTreeMap::from([(rule, until)]),
        ..row
    };
    let quiet = off(Rule::Contact, day(3), idle(Some(Class::C), 40));
    assert!(whys(&quiet, TODAY).is_empty());
    assert!(whys(&quiet, day(2)).is_empty());
    assert_eq!(whys(&quiet, day(3)).len(), 1);
    let born = CustomerRow {
        birthday: Birthday::read("11月23日"),
        ..CustomerRow::default()
    };
    let later = off(Rule::Birthday, day(5), born.clone());
    assert!(whys(&later, day(4)).is_empty());
    assert_eq!(whys(&later, day(5)).len(), 1);
    assert_eq!(whys(&later, day(9)).len(), 0);
    // Next year the mark means nothing.
    assert_eq!(whys(&later, date(2027, 11, 23)).len(), 1);
    // One rule does not put off another.
    assert_eq!(whys(&off(Rule::Contact, day(5), born), TODAY).len(), 1);
    // A wrong clock put it off for years.
    let wrong = off(Rule::Contact, date(2031, 1, 1), idle(Some(Class::C), 40));
    assert_eq!(whys(&wrong, TODAY).len(), 1);
}

#[test]
fn the_id_of_derived_work_is_that_of_its_cause_and_not_of_the_day() {
    let id = |row: &CustomerRow, today| agenda_of(row, today).items.remove(0).id();
    let row = idle(Some(Class::C), 40);
    assert_eq!(id(&row, TODAY), id(&row, day(10)));
    assert_ne!(id(&row, TODAY), id(&idle(Some(Class::C), 41), TODAY));
    let born = CustomerRow {
        birthday: Birthday::read("11月23日"),
        ..CustomerRow::default()
    };
    assert_eq!(id(&born, TODAY), id(&born, day(2)));
    assert_ne!(id(&born, TODAY), id(&born, date(2027, 11, 23)));
}

#[test]
fn a_contact_of_today_does_the_work_of_today() {
    let mut row = idle(Some(Class::B), 10);
    assert_eq!(whys(&row, TODAY).len(), 1);
    row.last_contact = Some(TODAY);
    row.recent_contacts
        .insert(0, contact(TODAY, Channel::Wechat));
    let agenda = agenda_of(&row, TODAY);
    assert!(agenda.items.is_empty());
    assert_eq!(agenda.done, [(card(1), Channel::Wechat)]);
}

#[test]
fn a_contact_from_the_future_counts_as_one_of_today() {
    let row = idle(Some(Class::B), -30);
    assert!(whys(&row, TODAY).is_empty());
    // And the customer comes back when that day is really past by a week.
    assert_eq!(whys(&row, day(37)).len(), 1);
}

#[test]
fn the_last_promise_is_another_open_step_or_the_last_note() {
    let mut row = CustomerRow {
        open_steps: vec![
            step(1, day(-1), Channel::Call),
            step(2, day(9), Channel::HomeVisit),
        ],
        last_note: "wants oak".into(),
        ..idle(Some(Class::A), 3)
    };
    let promise = |row: &CustomerRow| agenda_of(row, TODAY).items.remove(0).promise;
    assert_eq!(
        promise(&row),
        Some(Promise::Step(row.open_steps[1].clone()))
    );
    row.open_steps.pop();
    assert_eq!(promise(&row), Some(Promise::Note("wants oak".into())));
    row.last_note.clear();
    assert_eq!(promise(&row), None);
}

#[test]
fn counts_stand_against_the_standards() {
    let other = PersonId::from_bytes([8; 16]);
    let call = contact(TODAY, Channel::Call);
    let rows = [
        CustomerRow {
            recent_contacts: vec![
                call,
                RecentContact { by: other, ..call },
                contact(day(-1), Channel::Call),
            ],
            ..idle(Some(Class::A), 0)
        },
        CustomerRow {
            recent_contacts: vec![
                contact(TODAY, Channel::HomeVisit),
                contact(day(-1), Channel::Mail),
            ],
            opened_on: Some(TODAY),
            ..idle(Some(Class::B), 0)
        },
        CustomerRow {
            opened_on: Some(day(-1)),
            ..idle(Some(Class::C), 7)
        },
    ];
    let standards = Standards::default();
    let of = |today| {
        Tally::of(
            rows.iter().map(|row| (row, true)),
            |by| by == me(),
            1,
            today,
            &standards,
        )
    };
    let monday = of(TODAY);
    let done = |tally: Tally| {
        [
            tally.calls_to_a,
            tally.contacts_with_bc,
            tally.visits,
            tally.new_cards,
        ]
        .map(|count| count.done)
    };
    // The week began today: yesterday's contact and card belong to the week before.
    assert_eq!(done(monday), [1, 1, 1, 1]);
    assert_eq!(
        monday.contacts_with_bc.least,
        standards.weekly_contacts_with_bc
    );
    // On the Sunday before, the contact with the third card, of that Monday, counts too.
    assert_eq!(done(of(day(-1))), [1, 2, 0, 1]);
    // The same contacts on a Sunday six days later, still in the week of the Monday.
    assert_eq!(done(of(day(6))), [0, 1, 0, 1]);
    let all = Tally::of(
        rows.iter().map(|row| (row, false)),
        |_| true,
        3,
        TODAY,
        &standards,
    );
    assert_eq!(done(all), [2, 1, 1, 0]);
    assert_eq!(all.visits.least, 3 * standards.daily_visits);
}

#[test]
fn imported_cards_are_no_new_ones() {
    let imported = CustomerRow {
        opened_on: Some(TODAY),
        first_visit: Some(day(-400)),
        ..CustomerRow::default()
    };
    let rows = [(&imported, true)];
    let tally = Tally::of(rows, |_| true, 1, TODAY, &Standards::default());
    assert_eq!(tally.new_cards.done, 0);
}

#[test]
fn a_week_begins_on_monday_also_over_the_turn_of_the_year() {
    assert_eq!(week_start(TODAY), TODAY);
    assert_eq!(week_start(day(6)), TODAY);
    assert_eq!(week_start(date(2027, 1, 1)), date(2026, 12, 28));
    assert_eq!(week_start(Date::MIN), Date::MIN);
}

/// The target is 100 ms on a tablet; this machine, without optimisation, stays below it too unless
/// something becomes slow by an order of magnitude.
#[test]
fn a_day_of_ten_thousand_cards_is_computed_at_once() {
    let rows: Vec<(DocumentId, CustomerRow)> = (0..10_000_u32)
        .map(|number| {
            let class = [Some(Class::A), Some(Class::B), Some(Class::C), None][number as usize % 4];
            let mut row = idle(class, i64::from(number % 300));
            row.birthday = Birthday::read(if number % 2 == 0 {
                "农历八月三十"
            } else {
                "11月23日"
            });
            if number % 3 == 0 {
                row.open_steps
                    .push(step(1, day(i64::from(number % 40) - 20), Channel::Call));
            }
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_be_bytes());
            (DocumentId::from_bytes(id), row)
        })
        .collect();
    let agenda = Agenda::of(
        rows.iter().map(|(id, row)| (*id, row)),
        TODAY,
        &StoreSettings::default(),
    );
    assert!(agenda.items.len() > 5_000);
    let mut ids: Vec<_> = agenda.items.iter().map(WorkItem::id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), agenda.items.len());
}

#[test]
fn marks_are_told_from_facts() {
    for rule in Rule::ALL {
        assert_eq!(Rule::of_fact(rule.put_off_fact()), Some(*rule));
    }
    assert_eq!(Rule::of_fact("生日"), None);
    for name in [
        crate::rules::class::KEPT_FACT,
        crate::rules::reception::RECEPTION_FACT,
        crate::rules::review::REVIEWED_FACT,
    ] {
        assert!(crate::rules::is_mark(name), "{name}");
    }
}
