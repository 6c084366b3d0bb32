//! The timetable of the coming week.

use super::*;

fn in_family(birthday: &str) -> FamilyBirthday {
    FamilyBirthday {
        member: EntryId::from_bytes([5; 16]),
        name: "小宝".to_owned(),
        birthday: Birthday::read(birthday).unwrap(),
    }
}

#[test]
fn the_timetable_has_seven_days_with_appointments_first() {
    let row = CustomerRow {
        open_steps: vec![
            step(1, day(-1), Channel::Call),
            step(2, day(2), Channel::Call),
            step(3, day(2), Channel::HomeVisit),
            step(4, day(7), Channel::Call),
        ],
        birthday: Birthday::read("11月25日"),
        causes: Causes {
            family: ["11月25日", "12月25日"].map(in_family).to_vec(),
            ..Causes::default()
        },
        ..CustomerRow::default()
    };
    let days = week([(card(1), &row)], TODAY);
    assert_eq!(days.len(), 7);
    assert_eq!((days[0].date, days[6].date), (TODAY, day(6)));
    let kinds: Vec<_> = days[2]
        .entries
        .iter()
        .map(|(_, planned)| match planned {
            Planned::Appointment(step) => ("appointment", step.due),
            Planned::Step(step) => ("step", step.due),
            Planned::Birthday(kept) => ("birthday", kept.date),
            Planned::FamilyBirthday(_, kept) => ("family", kept.date),
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("appointment", day(2)),
            ("step", day(2)),
            ("birthday", day(2)),
            ("family", day(2)),
        ]
    );
    assert_eq!(days.iter().map(|day| day.entries.len()).sum::<usize>(), 4);
}
