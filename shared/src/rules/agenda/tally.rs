//! What was done against what a store asks for.

use crate::access::Standards;
use crate::id::PersonId;
use crate::record::contact::Channel;
use crate::record::customer::Class;
use crate::time::Date;
use crate::view::row::CustomerRow;

/// Done and asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many there are.
    pub done: u32,
    /// How many there should be at least.
    pub least: u32,
}

/// The counts of a day and its week (from Monday).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls to class A today.
    pub calls_to_a: Count,
    /// Contacts with B and C this week.
    pub contacts_with_bc: Count,
    /// Visits today, in the store and at home.
    pub visits: Count,
    /// New cards this week.
    pub new_cards: Count,
}

/// The Monday of the week of a day.
pub fn week_start(day: Date) -> Date {
    let since_monday = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(since_monday))
        .unwrap_or(Date::MIN)
}

impl Tally {
    /// Counts what was done until `today`: contacts by whom `counts` names, and new cards among the
    /// rows that are marked as being in their books. `people` is how many they are: the store asks
    /// each for its standards.
    ///
    /// The class is the one of now: who was called as A and became B counts as B.
    pub fn of<'a>(
        rows: impl IntoIterator<Item = (&'a CustomerRow, bool)>,
        counts: impl Fn(PersonId) -> bool,
        people: u32,
        today: Date,
        standards: &Standards,
    ) -> Self {
        let monday = week_start(today);
        let least = |each: u32| Count {
            done: 0,
            least: each.saturating_mul(people),
        };
        let mut tally = Self {
            calls_to_a: least(standards.daily_calls_to_a),
            contacts_with_bc: least(standards.weekly_contacts_with_bc),
            visits: least(standards.daily_visits),
            new_cards: least(standards.weekly_new_cards),
        };
        for (row, is_in_book) in rows {
            let is_new = |opened: Date| (monday..=today).contains(&opened);
            // A card that an import brought was opened long before it came here.
            let is_old = row.first_visit.is_some_and(|visit| visit < monday);
            if is_in_book && !is_old && row.opened_on.is_some_and(is_new) {
                tally.new_cards.done += 1;
            }
            let contacts = row.recent_contacts.iter();
            for contact in contacts.filter(|contact| counts(contact.by)) {
                let is_today = contact.date == today;
                if is_today && contact.channel == Channel::Call && row.class == Some(Class::A) {
                    tally.calls_to_a.done += 1;
                }
                if is_today && matches!(contact.channel, Channel::StoreVisit | Channel::HomeVisit) {
                    tally.visits.done += 1;
                }
                if is_new(contact.date) && matches!(row.class, Some(Class::B | Class::C)) {
                    tally.contacts_with_bc.done += 1;
                }
            }
        }
        tally
    }
}
