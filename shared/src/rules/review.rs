//! Looking cards through 过目: those of class A daily, those of class B weekly. A mark on the card
//! says that somebody did; whoever was in touch with the customer has looked at the card as well.

use crate::access::Cadence;
use crate::id::DocumentId;
use crate::record::customer::{Class, Customer, Fact, FactSource};
use crate::rules::agenda::{Agenda, after};
use crate::time::{Date, Timestamp};
use crate::view::row::CustomerRow;

/// The fact that marks on which day somebody looked a card through last.
pub const REVIEWED_FACT: &str = "reviewed";

/// The mark of a card that somebody has looked through.
pub fn mark(today: Date, at: Timestamp) -> Fact {
    Fact {
        value: today.to_string(),
        source: FactSource::Consultant,
        at,
    }
}

/// The day on which somebody looked a card through last.
pub fn reviewed_on(customer: &Customer) -> Option<Date> {
    customer.facts.get(REVIEWED_FACT)?.value.parse().ok()
}

/// Whether a card is to be looked through: the days that its class asks for have passed since
/// somebody did, or was in touch. What a wrong clock dated into the future counts for nothing.
pub fn is_due(row: &CustomerRow, today: Date, cadence: &Cadence) -> bool {
    let every = match row.class {
        Some(Class::A) => cadence.a_days,
        Some(Class::B) => cadence.b_days,
        Some(Class::C | Class::D) | None => return false,
    };
    let contacts = row.recent_contacts.iter().map(|contact| contact.date);
    let days = contacts.chain(row.reviewed).chain(row.opened_on);
    let last = days.filter(|day| *day <= today).max();
    last.is_none_or(|last| after(last, every) <= today)
}

/// The cards that are to be looked through, of those without work on that day: what has work is
/// looked at with it.
pub fn waiting<'a>(
    rows: impl IntoIterator<Item = (DocumentId, &'a CustomerRow)>,
    agenda: &Agenda,
    today: Date,
    cadence: &Cadence,
) -> Vec<DocumentId> {
    let mut busy: Vec<DocumentId> = agenda.items.iter().map(|item| item.document).collect();
    busy.sort_unstable();
    let rows = rows.into_iter();
    let due = rows.filter(|(document, row)| {
        is_due(row, today, cadence) && busy.binary_search(document).is_err()
    });
    due.map(|(document, _)| document).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::access::StoreSettings;
    use crate::id::{EntryId, PersonId};
    use crate::record::contact::Channel;
    use crate::view::row::{OpenStep, RecentContact};

    const TODAY: Date = date(2026, 11, 29);

    fn row(class: Option<Class>) -> CustomerRow {
        CustomerRow {
            class,
            ..CustomerRow::default()
        }
    }

    fn day(offset: i64) -> Date {
        TODAY
            .checked_add(jiff::Span::new().days(offset))
            .expect("a day near today")
    }

    #[test]
    fn a_is_looked_at_daily_and_b_weekly() {
        let a = Some(Class::A);
        let b = Some(Class::B);
        for (class, reviewed, expected) in [
            (a, None, true),
            (a, Some(0), false),
            (a, Some(-1), true),
            (b, None, true),
            (b, Some(-6), false),
            (b, Some(-7), true),
            // The mark of a clock that was ahead hides nothing.
            (a, Some(30), true),
            (Some(Class::C), None, false),
            (Some(Class::D), None, false),
            (None, None, false),
        ] {
            let row = CustomerRow {
                reviewed: reviewed.map(day),
                ..row(class)
            };
            let found = is_due(&row, TODAY, &Cadence::default());
            assert_eq!(found, expected, "{class:?} {reviewed:?}");
        }
    }

    #[test]
    fn whoever_was_in_touch_or_opened_the_card_has_looked_at_it() {
        let contact = |date| CustomerRow {
            recent_contacts: vec![RecentContact {
                date,
                channel: Channel::Call,
                by: PersonId::from_bytes([1; 16]),
            }],
            ..row(Some(Class::A))
        };
        let opened = |date| CustomerRow {
            opened_on: Some(date),
            ..row(Some(Class::A))
        };
        for (offset, expected) in [(-1, true), (0, false), (1, true)] {
            for row in [contact(day(offset)), opened(day(offset))] {
                let found = is_due(&row, TODAY, &Cadence::default());
                assert_eq!(found, expected, "{offset}");
            }
        }
        let daily = Cadence {
            b_days: 1,
            ..Cadence::default()
        };
        let b = CustomerRow {
            class: Some(Class::B),
            ..contact(day(-1))
        };
        assert!(is_due(&b, TODAY, &daily), "as the store sets it");
    }

    #[test]
    fn what_has_work_today_is_looked_at_with_it() {
        let step = |due| OpenStep {
            id: EntryId::from_bytes([2; 16]),
            what: "Call".to_owned(),
            due,
            how: Channel::Call,
            time: None,
            purpose: None,
        };
        let planned = |due| CustomerRow {
            open_steps: vec![step(due)],
            ..row(Some(Class::A))
        };
        let [today, later] = [1, 2].map(|number| DocumentId::from_bytes([number; 16]));
        let rows = [(today, planned(TODAY)), (later, planned(day(3)))];
        let rows = || rows.iter().map(|(id, row)| (*id, row));
        let agenda = Agenda::of(rows(), TODAY, &StoreSettings::default());
        let found = waiting(rows(), &agenda, TODAY, &Cadence::default());
        assert_eq!(found, [later]);
    }

    #[test]
    fn a_mark_is_read_again_and_a_damaged_one_is_none() {
        let now = Timestamp::from_millis(1_795_910_400_000);
        let read = |mark: Fact| {
            reviewed_on(&Customer {
                facts: [(REVIEWED_FACT.to_owned(), mark)].into(),
                ..Customer::default()
            })
        };
        assert_eq!(read(mark(TODAY, now)), Some(TODAY));
        let damaged = Fact {
            value: "2026-13-41".to_owned(),
            ..mark(TODAY, now)
        };
        assert_eq!(read(damaged), None);
        assert_eq!(reviewed_on(&Customer::default()), None);
    }
}
