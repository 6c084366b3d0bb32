//! How a birthday was read: in which calendar, and when it is kept next.

use floorbook_shared::record::birthday::{Birthday, Calendar};
use floorbook_shared::time::Date;

use crate::screen::pages::today::kept_words;
use crate::screen::text::Text;
use crate::screen::when;

/// What was understood of a birthday as typed; nothing if nothing is typed.
pub fn birthday_words(typed: &str, today: Date, text: &Text) -> Option<String> {
    if typed.trim().is_empty() {
        return None;
    }
    let Some(birthday) = Birthday::read(typed) else {
        return Some(text.get("birthday-unread"));
    };
    let key = match (birthday.calendar, birthday.is_leap) {
        (Calendar::Solar, _) => "birthday-solar",
        (Calendar::Lunar, false) => "birthday-lunar",
        (Calendar::Lunar, true) => "birthday-leap",
    };
    let month = i32::from(birthday.month);
    let month = match birthday.calendar {
        Calendar::Solar => text.coded("month", &month.to_string()).into(),
        Calendar::Lunar => month.into(),
    };
    let read = text.get_with(
        key,
        [("month", month), ("day", i32::from(birthday.day).into())],
    );
    let Some(next) = birthday.next(today) else {
        return Some(read);
    };
    let kept = text.get_with(
        "birthday-next",
        [("day", when::day(next.date, today, text).into())],
    );
    Some(format!("{read} · {kept}{}", kept_words(next.rule, text)))
}
