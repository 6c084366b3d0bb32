//! Work after the sale, family, consent, main customers.

use super::*;
use crate::record::birthday::Birthday;
use crate::record::consent::ConsentTopic;
use crate::record::entry::IssueState;
use crate::rules::dealings::Dealings;

fn bought(days_ago: i64, spoken: Option<i64>) -> CustomerRow {
    let delivery = Delivery {
        purchase: EntryId::from_bytes([3; 16]),
        product: "转角沙发".to_owned(),
        day: day(-days_ago),
    };
    CustomerRow {
        causes: Causes {
            deliveries: vec![delivery],
            ..Causes::default()
        },
        recent_contacts: spoken
            .map(|days| contact(day(-days), Channel::Call))
            .into_iter()
            .collect(),
        // Somebody planned something, so that the cadence keeps quiet.
        open_steps: vec![step(1, day(1), Channel::Call)],
        ..idle(Some(Class::B), 0)
    }
}

#[test]
fn days_one_three_and_seven_after_a_purchase_ask_how_it_is() {
    for (days_ago, spoken, expected) in [
        (0, None, None),
        (1, None, Some(1)),
        (2, None, Some(1)),
        (3, None, Some(3)),
        // Day 1 was spoken about, day 3 not yet.
        (3, Some(2), Some(3)),
        (3, Some(0), None),
        (7, Some(3), Some(7)),
        // A call on day 8 does day 7.
        (9, Some(1), None),
        (14, None, Some(7)),
        (15, None, None),
    ] {
        let mut row = bought(days_ago, spoken);
        row.recent_contacts.retain(|contact| contact.date <= TODAY);
        let agenda = agenda_of(&row, TODAY);
        let found = agenda.items.iter().find_map(|item| {
            let Why::AfterPurchase { days, .. } = item.why else {
                return None;
            };
            Some(days)
        });
        assert_eq!(found, expected, "{days_ago} {spoken:?}");
    }
}

#[test]
fn a_corrected_delivery_moves_the_item_and_keeps_its_id() {
    let ids = [1, 2].map(|days_ago| {
        let agenda = agenda_of(&bought(days_ago, None), TODAY);
        agenda.items.first().unwrap().id()
    });
    assert_eq!(ids[0], ids[1]);
    assert!(ids[0].ends_with("/1"), "{}", ids[0]);
}

#[test]
fn an_issue_stays_until_the_customer_is_content() {
    for (state, since, expected) in [
        (IssueState::Open, Some(0), Some("issue_open")),
        // A wrong clock opened it tomorrow.
        (IssueState::Open, Some(1), Some("issue_open")),
        (IssueState::Promised, Some(1), None),
        (IssueState::Promised, Some(0), Some("issue_promised")),
        (IssueState::Solved, Some(-2), None),
        (IssueState::Solved, Some(-3), Some("issue_solved")),
        (IssueState::Dissatisfied, None, Some("issue_dissatisfied")),
    ] {
        let issue = OpenIssue {
            issue: EntryId::from_bytes([4; 16]),
            what: "沙发异响".to_owned(),
            state,
            since: since.map(day),
        };
        let mut row = CustomerRow {
            causes: Causes {
                issues: vec![issue],
                ..Causes::default()
            },
            ..idle(Some(Class::D), 0)
        };
        let expected: Vec<_> = expected
            .map(|why| (Group::Contacts, why))
            .into_iter()
            .collect();
        assert_eq!(whys(&row, TODAY), expected, "{state:?} {since:?}");
        row.put_off.insert(Rule::Issue, day(2));
        assert!(whys(&row, TODAY).is_empty());
    }
}

#[test]
fn warranties_and_replacements_are_reasons_to_call_once() {
    for (kind, ahead, spoken, expected) in [
        (UpkeepKind::Warranty, 31, None, None),
        (UpkeepKind::Warranty, 30, None, Some("warranty")),
        (UpkeepKind::Warranty, 0, None, Some("warranty")),
        (UpkeepKind::Warranty, -1, None, None),
        (UpkeepKind::Warranty, 10, Some(5), None),
        (UpkeepKind::Replacement, 1, None, None),
        (UpkeepKind::Replacement, 0, None, Some("replacement")),
        (UpkeepKind::Replacement, -30, None, Some("replacement")),
        (UpkeepKind::Replacement, -31, None, None),
    ] {
        let upkeep = Upkeep {
            purchase: EntryId::from_bytes([3; 16]),
            product: "床垫".to_owned(),
            kind,
            day: day(ahead),
        };
        let row = CustomerRow {
            causes: Causes {
                upkeep: vec![upkeep],
                ..Causes::default()
            },
            ..bought(60, spoken)
        };
        let expected: Vec<_> = expected
            .map(|why| (Group::Prospecting, why))
            .into_iter()
            .collect();
        assert_eq!(whys(&row, TODAY), expected, "{kind:?} {ahead} {spoken:?}");
    }
}

#[test]
fn birthdays_of_the_family_are_greeted_too() {
    let member = |number: u8, birthday: &str| FamilyBirthday {
        member: EntryId::from_bytes([number; 16]),
        name: "王小小 (女儿)".to_owned(),
        birthday: Birthday::read(birthday).unwrap(),
    };
    let mut row = CustomerRow {
        causes: Causes {
            family: vec![member(1, "2015-11-22"), member(2, "2012-12-24")],
            ..Causes::default()
        },
        ..bought(60, None)
    };
    assert_eq!(whys(&row, TODAY), [(Group::Prospecting, "family_birthday")]);
    row.recent_contacts = vec![contact(day(-1), Channel::Wechat)];
    assert!(whys(&row, TODAY).is_empty(), "greeted yesterday");
}

#[test]
fn who_does_not_want_calls_is_written_to_and_who_wants_nothing_is_left_alone() {
    let mut row = idle(Some(Class::B), 8);
    row.wechat = "wxm".to_owned();
    let how = |row: &CustomerRow| {
        let agenda = agenda_of(row, TODAY);
        agenda.items.iter().map(|item| item.how).collect::<Vec<_>>()
    };
    assert_eq!(how(&row), [Channel::Call]);
    row.refused.insert(ConsentTopic::Call);
    assert_eq!(how(&row), [Channel::Wechat]);
    row.refused.insert(ConsentTopic::Wechat);
    assert_eq!(how(&row), [Channel::Message]);
    row.refused.insert(ConsentTopic::Message);
    assert!(how(&row).is_empty());
    // What somebody planned with them stays.
    row.open_steps = vec![step(1, TODAY, Channel::Call)];
    assert_eq!(how(&row), [Channel::Call]);
}

#[test]
fn a_main_customer_is_missed_after_three_months() {
    for (cents, days, expected) in [
        (10_000_000, 89, None),
        (10_000_000, 90, Some("quiet_main")),
        (9_999_999, 90, None),
        (9_999_999, 180, Some("quiet")),
    ] {
        let row = CustomerRow {
            dealings: Dealings {
                purchases: 1,
                cents,
                first: Some(day(-days - 10)),
                last: Some(day(-days - 10)),
                ..Dealings::default()
            },
            ..idle(None, days)
        };
        let expected: Vec<_> = expected
            .map(|why| (Group::Prospecting, why))
            .into_iter()
            .collect();
        assert_eq!(whys(&row, TODAY), expected, "{cents} {days}");
    }
}

#[test]
fn an_expected_purchase_is_prepared_a_month_ahead() {
    for (ahead, has_step, expected) in [
        (31, false, None),
        (30, false, Some("expected")),
        (0, false, Some("expected")),
        (-1, false, None),
        (10, true, None),
    ] {
        let mut row = CustomerRow {
            expected: Some(day(ahead)),
            ..idle(None, 100)
        };
        if has_step {
            row.open_steps = vec![step(1, day(5), Channel::Call)];
        }
        let found = whys(&row, TODAY);
        let expected: Vec<_> = expected
            .map(|why| (Group::Contacts, why))
            .into_iter()
            .collect();
        assert_eq!(found, expected, "{ahead} {has_step}");
    }
}

#[test]
fn appointments_of_a_day_stand_in_the_order_of_their_hours() {
    let at = |number: u8, time: Option<&str>| OpenStep {
        time: time.map(|time| time.parse().unwrap()),
        ..step(number, TODAY, Channel::StoreVisit)
    };
    let row = CustomerRow {
        open_steps: vec![at(1, None), at(2, Some("15:30")), at(3, Some("09:05"))],
        ..idle(Some(Class::A), 0)
    };
    let agenda = agenda_of(&row, TODAY);
    let steps = agenda.items.iter().filter_map(WorkItem::step);
    let order: Vec<_> = steps
        .map(|step| step.time.map(|time| time.to_string()))
        .collect();
    assert_eq!(order, [Some("09:05".into()), Some("15:30".into()), None]);
    let week = week([(card(1), &row)], TODAY);
    let first = week.first().unwrap().entries.first().unwrap();
    assert!(matches!(&first.1, Planned::Appointment(step) if step.time.is_some()));
}
