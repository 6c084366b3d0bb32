//! What is due today, from rows: the list that a consultant starts the day from.

use crate::id::DocumentId;
use crate::record::contact::Channel;
use crate::record::customer::Class;
use crate::time::Date;
use crate::view::row::{CustomerRow, OpenStep};

/// How many days after today are listed as upcoming.
pub const UPCOMING_DAYS: i32 = 7;

/// The work of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Today {
    /// Steps whose day has passed.
    pub overdue: Vec<DueStep>,
    /// Steps of this day.
    pub due: Vec<DueStep>,
    /// Steps of the coming [`UPCOMING_DAYS`] days, by day.
    pub upcoming: Vec<DueStep>,
    /// Customers whose latest contact is of this day.
    pub contacted: usize,
}

/// An open step of a customer, seen from a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueStep {
    /// The card.
    pub document: DocumentId,
    /// The step.
    pub step: OpenStep,
    /// Days since it was due: 0 today, negative before.
    pub days_late: i32,
}

impl Today {
    /// Sorts the open steps of `rows` into the groups of the day `today`.
    ///
    /// Within a day, who comes or is visited goes first, then calls and messages by class, as in
    /// the order of the work day (`domain.md` section 4); among the overdue the class leads and
    /// the longest wait follows.
    pub fn of<'a>(
        rows: impl IntoIterator<Item = (DocumentId, &'a CustomerRow)>,
        today: Date,
    ) -> Self {
        let mut found = Self::default();
        let mut overdue = Vec::new();
        let mut due = Vec::new();
        let mut upcoming = Vec::new();
        for (document, row) in rows {
            if row.last_contact == Some(today) {
                found.contacted += 1;
            }
            let rank = class_rank(row.class);
            for step in &row.open_steps {
                let days_late = days_between(step.due, today);
                let item = DueStep {
                    document,
                    step: step.clone(),
                    days_late,
                };
                if days_late > 0 {
                    overdue.push(((rank, -days_late, document), item));
                } else if days_late == 0 {
                    due.push(((visit_rank(step.how), rank, document), item));
                } else if -days_late <= UPCOMING_DAYS {
                    upcoming.push(((step.due, visit_rank(step.how), rank, document), item));
                }
            }
        }
        overdue.sort_by_key(|(order, _)| *order);
        due.sort_by_key(|(order, _)| *order);
        upcoming.sort_by_key(|(order, _)| *order);
        found.overdue = overdue.into_iter().map(|(_, item)| item).collect();
        found.due = due.into_iter().map(|(_, item)| item).collect();
        found.upcoming = upcoming.into_iter().map(|(_, item)| item).collect();
        found
    }

    /// The upcoming steps by day, the nearest day first.
    pub fn upcoming_days(&self) -> impl Iterator<Item = (Date, &[DueStep])> {
        self.upcoming
            .chunk_by(|one, next| one.step.due == next.step.due)
            .filter_map(|steps| steps.first().map(|first| (first.step.due, steps)))
    }
}

/// Days from `from` until `to`.
pub fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

fn class_rank(class: Option<Class>) -> u8 {
    match class {
        Some(Class::A) => 0,
        Some(Class::B) => 1,
        Some(Class::C) => 2,
        None => 3,
        Some(Class::D) => 4,
    }
}

fn visit_rank(how: Channel) -> u8 {
    match how {
        Channel::StoreVisit | Channel::HomeVisit => 0,
        Channel::Call | Channel::Wechat | Channel::Message | Channel::Mail | Channel::Other => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntryId;

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    fn card(number: u8) -> DocumentId {
        DocumentId::from_bytes([number; 16])
    }

    fn row(class: Option<Class>, steps: &[(Date, Channel)]) -> CustomerRow {
        CustomerRow {
            class,
            open_steps: steps
                .iter()
                .enumerate()
                .map(|(index, (due, how))| OpenStep {
                    id: EntryId::from_bytes([u8::try_from(index).unwrap(); 16]),
                    what: "step".into(),
                    due: *due,
                    how: *how,
                })
                .collect(),
            ..CustomerRow::default()
        }
    }

    fn day(offset: i64) -> Date {
        TODAY.checked_add(jiff::Span::new().days(offset)).unwrap()
    }

    fn cards(steps: &[DueStep]) -> Vec<DocumentId> {
        steps.iter().map(|item| item.document).collect()
    }

    #[test]
    fn steps_fall_into_overdue_due_and_upcoming_by_their_day() {
        let rows = [
            row(Some(Class::A), &[(day(-1), Channel::Call)]),
            row(Some(Class::A), &[(day(0), Channel::Call)]),
            row(Some(Class::A), &[(day(1), Channel::Call)]),
            row(Some(Class::A), &[(day(7), Channel::Call)]),
            row(Some(Class::A), &[(day(8), Channel::Call)]),
        ];
        let today = Today::of((1..).map(card).zip(&rows), TODAY);
        assert_eq!(cards(&today.overdue), [card(1)]);
        assert_eq!(cards(&today.due), [card(2)]);
        assert_eq!(cards(&today.upcoming), [card(3), card(4)]);
        assert_eq!(today.overdue[0].days_late, 1);
    }

    #[test]
    fn a_month_apart_counts_in_days() {
        let rows = [row(
            None,
            &[(jiff::civil::date(2026, 9, 22), Channel::Call)],
        )];
        let today = Today::of([(card(1), &rows[0])], TODAY);
        assert_eq!(today.overdue[0].days_late, 61);
    }

    #[test]
    fn among_the_overdue_class_a_leads_and_then_the_longest_wait() {
        let rows = [
            row(Some(Class::C), &[(day(-30), Channel::Call)]),
            row(Some(Class::A), &[(day(-1), Channel::Call)]),
            row(Some(Class::A), &[(day(-3), Channel::Call)]),
            row(None, &[(day(-9), Channel::Call)]),
        ];
        let today = Today::of((1..).map(card).zip(&rows), TODAY);
        assert_eq!(cards(&today.overdue), [card(3), card(2), card(1), card(4)]);
    }

    #[test]
    fn visits_of_today_come_before_calls() {
        let rows = [
            row(Some(Class::A), &[(day(0), Channel::Call)]),
            row(Some(Class::C), &[(day(0), Channel::StoreVisit)]),
            row(Some(Class::B), &[(day(0), Channel::Wechat)]),
        ];
        let today = Today::of((1..).map(card).zip(&rows), TODAY);
        assert_eq!(cards(&today.due), [card(2), card(1), card(3)]);
    }

    #[test]
    fn every_open_step_of_a_customer_is_listed() {
        let row = row(
            Some(Class::B),
            &[(day(-2), Channel::Call), (day(3), Channel::HomeVisit)],
        );
        let today = Today::of([(card(1), &row)], TODAY);
        assert_eq!((today.overdue.len(), today.upcoming.len()), (1, 1));
    }

    #[test]
    fn upcoming_steps_are_grouped_by_day_in_order() {
        let rows = [
            row(Some(Class::B), &[(day(5), Channel::Call)]),
            row(Some(Class::A), &[(day(2), Channel::Call)]),
            row(Some(Class::C), &[(day(5), Channel::HomeVisit)]),
        ];
        let today = Today::of((1..).map(card).zip(&rows), TODAY);
        let days: Vec<_> = today
            .upcoming_days()
            .map(|(day, steps)| (day, cards(steps)))
            .collect();
        assert_eq!(
            days,
            [(day(2), vec![card(2)]), (day(5), vec![card(3), card(1)])]
        );
    }

    #[test]
    fn customers_contacted_today_are_counted_once_each() {
        let mut rows = [row(None, &[]), row(None, &[]), row(None, &[])];
        rows[0].last_contact = Some(TODAY);
        rows[1].last_contact = Some(day(-1));
        let today = Today::of((1..).map(card).zip(&rows), TODAY);
        assert_eq!(today.contacted, 1);
    }
}
