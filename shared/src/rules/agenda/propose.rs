//! The day that is proposed for the next contact.

use jiff::civil::Weekday;

use super::derive::after;
use crate::access::Cadence;
use crate::record::customer::Class;
use crate::time::Date;

/// The day on which the class asks for the next contact, or the day after it where that is a Monday,
/// on which nobody likes to be called (`domain.md` sections 3 and 4). None for who was given up.
pub fn next_contact(class: Option<Class>, today: Date, cadence: &Cadence) -> Option<Date> {
    let days = match class {
        Some(Class::A) => cadence.a_days,
        Some(Class::B) | None => cadence.b_days,
        Some(Class::C) => cadence.c_days,
        Some(Class::D) => return None,
    };
    let day = after(today, days.max(1));
    let is_monday = day.weekday() == Weekday::Monday;
    Some(if is_monday { after(day, 1) } else { day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_tells_when_to_be_in_touch_again() {
        let cadence = Cadence::default();
        for (class, today, expected) in [
            (Some(Class::A), "2026-11-24", Some("2026-11-25")),
            // Tomorrow is a Monday.
            (Some(Class::A), "2026-11-29", Some("2026-12-01")),
            (Some(Class::B), "2026-11-24", Some("2026-12-01")),
            (Some(Class::C), "2026-01-31", Some("2026-03-03")),
            (None, "2026-12-28", Some("2027-01-05")),
            (Some(Class::D), "2026-11-24", None),
        ] {
            let found = next_contact(class, today.parse().unwrap(), &cadence);
            assert_eq!(found.map(|day| day.to_string()).as_deref(), expected);
        }
    }
}
