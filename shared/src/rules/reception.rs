//! Who is in the store now 到店接待: a mark on the card, from the greeting until the visit is logged,
//! the customer has left, or the day is over.

use serde::{Deserialize, Serialize};

use crate::record::contact::{Channel, Contact};
use crate::record::customer::{Customer, Fact, FactSource};
use crate::time::{Date, Timestamp};

/// The fact that marks a reception: how many visits of the day had been logged when it began, and
/// the day. What is counted needs no clock: a tablet whose clock is slow still ends a reception.
pub const RECEPTION_FACT: &str = "in_store";

/// A reception that nothing has ended but, perhaps, the end of its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reception {
    /// The store's day.
    pub day: Date,
    /// When it began, by the tablet's clock.
    pub since: Timestamp,
}

impl Reception {
    /// The reception that a card is marked with, unless a visit was logged since.
    pub fn of(customer: &Customer) -> Option<Self> {
        let mark = customer.facts.get(RECEPTION_FACT)?;
        let (visits, day) = mark.value.split_once(' ')?;
        let (visits, day): (usize, Date) = (visits.parse().ok()?, day.parse().ok()?);
        (visits_of(&customer.contacts, day) <= visits).then_some(Self {
            day,
            since: mark.at,
        })
    }

    /// Whether the customer is in the store on this day. What a wrong clock dated into the future is
    /// no reception yet, and that of yesterday ended at midnight.
    pub fn is_on(self, today: Date) -> bool {
        self.day == today
    }

    /// The mark with which a reception begins, on a card with these contacts.
    pub fn begin(contacts: &[Contact], today: Date, at: Timestamp) -> Fact {
        mark(format!("{} {today}", visits_of(contacts, today)), at)
    }

    /// The mark of a customer who has left 离店.
    pub fn end(at: Timestamp) -> Fact {
        mark(String::new(), at)
    }
}

fn visits_of(contacts: &[Contact], day: Date) -> usize {
    let visits = contacts.iter().filter(|contact| contact.date == day);
    visits
        .filter(|contact| contact.channel == Channel::StoreVisit)
        .count()
}

const fn mark(value: String, at: Timestamp) -> Fact {
    Fact {
        value,
        source: FactSource::Consultant,
        at,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::id::{EntryId, PersonId};
    use crate::record::contact::Outcome;

    const TODAY: Date = date(2026, 11, 23);
    const YESTERDAY: Date = date(2026, 11, 22);
    const NOW: Timestamp = Timestamp::from_millis(1_795_305_600_000);

    fn contact(date: Date, channel: Channel) -> Contact {
        Contact {
            id: EntryId::from_bytes([1; 16]),
            date,
            // A clock that is wrong by years.
            at: Timestamp::from_millis(0),
            channel,
            outcome: Outcome::Progress,
            note: String::new(),
            by: PersonId::from_bytes([7; 16]),
            purpose: None,
            satisfaction: None,
            reason: String::new(),
            does: None,
        }
    }

    fn card(mark: Fact, contacts: &[(Date, Channel)]) -> Customer {
        let contacts = contacts.iter().map(|(date, how)| contact(*date, *how));
        Customer {
            facts: [(RECEPTION_FACT.to_owned(), mark)].into(),
            contacts: contacts.collect(),
            ..Customer::default()
        }
    }

    #[test]
    fn a_reception_lasts_until_a_visit_is_logged() {
        let call = (TODAY, Channel::Call);
        let visit = (TODAY, Channel::StoreVisit);
        for (before, later, expected) in [
            (vec![], vec![], true),
            (vec![], vec![visit], false),
            (vec![], vec![call, (TODAY, Channel::HomeVisit)], true),
            (vec![], vec![(YESTERDAY, Channel::StoreVisit)], true),
            // Who comes a second time is received a second time.
            (vec![visit], vec![visit], true),
            (vec![visit], vec![visit, call], true),
            (vec![visit], vec![visit, visit], false),
        ] {
            let on_card = card(Reception::end(NOW), &before);
            let mark = Reception::begin(&on_card.contacts, TODAY, NOW);
            let found = Reception::of(&card(mark, &later));
            let reception = expected.then_some(Reception {
                day: TODAY,
                since: NOW,
            });
            assert_eq!(found, reception, "{before:?} {later:?}");
        }
    }

    #[test]
    fn who_has_left_is_in_no_reception_and_a_damaged_mark_is_none() {
        assert_eq!(Reception::of(&Customer::default()), None);
        assert_eq!(Reception::of(&card(Reception::end(NOW), &[])), None);
        for damaged in ["now", "2026-11-23", "x 2026-11-23", "0 2026-13-41", "0 "] {
            let mark = mark(damaged.to_owned(), NOW);
            assert_eq!(Reception::of(&card(mark, &[])), None, "{damaged}");
        }
    }

    #[test]
    fn a_reception_is_of_its_day_alone() {
        for (day, expected) in [
            (TODAY, true),
            // It ended at midnight.
            (YESTERDAY, false),
            // A clock was wrong.
            (date(2026, 11, 24), false),
            (date(9999, 12, 31), false),
        ] {
            let mark = Reception::begin(&[], day, NOW);
            let found = Reception::of(&card(mark, &[])).unwrap();
            assert_eq!(found.is_on(TODAY), expected, "{day}");
        }
    }
}
