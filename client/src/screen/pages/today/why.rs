//! Why an item is in the list, in words.

use floorbook_shared::record::birthday::{Calendar, KeptRule};
use floorbook_shared::record::customer::Class;
use floorbook_shared::rules::agenda::{Why, WorkItem};

use crate::screen::hooks::Day;
use crate::screen::pages::reception::since_words;
use crate::screen::text::Text;
use crate::screen::when;

/// Why an item is in the list.
pub fn why_words(item: &WorkItem, day: &Day, text: &Text) -> String {
    let today = day.today;
    let days = |days: i32| [("days", days.into())];
    let late = item.days_late;
    match &item.why {
        Why::Planned(step) => step.what.clone(),
        Why::InStore { since } => since_words(*since, day, text),
        Why::FirstVisit if late > 0 => text.get_with("why-first-visit-late", days(late)),
        Why::FirstVisit => text.get("why-first-visit"),
        Why::Birthday(calendar, rule) => {
            let words = match (calendar, late) {
                (Calendar::Solar, 0) => text.get("why-birthday"),
                (Calendar::Lunar, 0) => text.get("why-birthday-lunar"),
                (Calendar::Solar, late) => text.get_with("why-birthday-late", days(late)),
                (Calendar::Lunar, late) => text.get_with("why-birthday-lunar-late", days(late)),
            };
            words + &kept_words(*rule, text)
        }
        Why::Cadence(Class::A, idle) => text.get_with("why-review-a", days(*idle)),
        Why::Cadence(Class::B, idle) => text.get_with("why-weekly-b", days(*idle)),
        Why::Cadence(Class::C | Class::D, idle) => text.get_with("why-monthly-c", days(*idle)),
        Why::Quiet {
            days: idle,
            is_main,
        } => {
            let key = if *is_main {
                "why-quiet-main"
            } else {
                "why-quiet"
            };
            text.get_with(key, days(*idle))
        }
        Why::AfterPurchase { product, days } => text.get_with(
            "why-after-purchase",
            [
                ("product", product.as_str().into()),
                ("days", (*days).into()),
            ],
        ),
        Why::FamilyBirthday {
            name,
            calendar,
            rule,
        } => {
            let lunar = match calendar {
                Calendar::Solar => String::new(),
                Calendar::Lunar => text.get("why-lunar"),
            };
            let values = [("name", name.as_str().into()), ("days", late.into())];
            text.get_with("why-family-birthday", values) + &lunar + &kept_words(*rule, text)
        }
        Why::Issue { what, .. } => {
            let key = format!("why-{}", item.why.key().replace('_', "-"));
            text.get_with(&key, [("what", what.as_str().into())])
        }
        Why::Warranty { product, until } => text.get_with(
            "why-warranty",
            [
                ("product", product.as_str().into()),
                ("day", when::day(*until, today, text).into()),
            ],
        ),
        Why::Replacement { product } => {
            text.get_with("why-replacement", [("product", product.as_str().into())])
        }
        Why::Expected { day } => text.get_with(
            "why-expected",
            [("day", when::day(*day, today, text).into())],
        ),
    }
}

/// By what rule the day of a birthday was found, unless it is the very day.
pub fn kept_words(rule: KeptRule, text: &Text) -> String {
    match rule {
        KeptRule::Exact => String::new(),
        KeptRule::LeapDay | KeptRule::ShortMonth | KeptRule::NoLeapMonth => {
            text.coded("kept", rule.key())
        }
    }
}
