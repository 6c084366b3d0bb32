//! The coming days with what is planned for them.

use jiff::Span;

use crate::id::DocumentId;
use crate::record::birthday::Kept;
use crate::record::contact::Channel;
use crate::record::customer::Class;
use crate::time::{Date, TimeOfDay};
use crate::view::row::{CustomerRow, OpenStep};

/// Days of a timetable, today included.
const WEEK_DAYS: i64 = 7;

/// Something that is planned for a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// A visit in the store or at home.
    Appointment(OpenStep),
    /// Another step.
    Step(OpenStep),
    /// The birthday of the customer.
    Birthday(Kept),
    /// The birthday of a member of the family, by name.
    FamilyBirthday(String, Kept),
}

/// A day of the timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekDay {
    /// The day.
    pub date: Date,
    /// What is planned: appointments, then steps, then birthdays.
    pub entries: Vec<(DocumentId, Planned)>,
}

/// The seven days from `today` on. What is overdue stands in Today alone.
pub fn week<'a>(
    rows: impl IntoIterator<Item = (DocumentId, &'a CustomerRow)>,
    today: Date,
) -> Vec<WeekDay> {
    let mut days: Vec<WeekDay> = (0..WEEK_DAYS)
        .filter_map(|ahead| today.checked_add(Span::new().days(ahead)).ok())
        .map(|date| WeekDay {
            date,
            entries: Vec::new(),
        })
        .collect();
    for (document, row) in rows {
        for step in &row.open_steps {
            if let Some(day) = days.iter_mut().find(|day| day.date == step.due) {
                let planned = match step.how {
                    Channel::StoreVisit | Channel::HomeVisit => Planned::Appointment(step.clone()),
                    Channel::Call
                    | Channel::Wechat
                    | Channel::Message
                    | Channel::Mail
                    | Channel::Other => Planned::Step(step.clone()),
                };
                day.entries.push((document, planned));
            }
        }
        if row.class != Some(Class::D) {
            for (kept, planned) in birthdays(row, today) {
                if let Some(day) = days.iter_mut().find(|day| day.date == kept.date) {
                    day.entries.push((document, planned));
                }
            }
        }
    }
    for day in &mut days {
        day.entries.sort_by_key(|(document, planned)| {
            let (kind, time) = match planned {
                Planned::Appointment(step) => (0, step.time),
                Planned::Step(step) => (1, step.time),
                Planned::Birthday(_) => (2, None),
                Planned::FamilyBirthday(..) => (3, None),
            };
            let minutes = time.map_or(u16::MAX, TimeOfDay::minutes);
            (kind, minutes, *document)
        });
    }
    days
}

/// The next birthdays of the customer and of the family.
fn birthdays(row: &CustomerRow, today: Date) -> impl Iterator<Item = (Kept, Planned)> {
    let own = row.birthday.and_then(|birthday| birthday.next(today));
    let own = own.map(|kept| (kept, Planned::Birthday(kept)));
    let family = row.causes.family.iter().filter_map(move |member| {
        let kept = member.birthday.next(today)?;
        let planned = Planned::FamilyBirthday(member.name.clone(), kept);
        Some((kept, planned))
    });
    own.into_iter().chain(family)
}
