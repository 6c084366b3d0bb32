//! For good, or until a day: proposed days as chips, and any other one.

use floorbook_shared::time::Date;
use yew::prelude::*;

use crate::screen::components::{Chips, Choice, Field};
use crate::screen::hooks::{use_day, use_text};
use crate::screen::when;

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// For good.
    Good,
    /// To the end of this day; not chosen yet without one.
    Day(Option<Date>),
}

/// Properties of [`UntilChips`].
#[derive(PartialEq, Properties)]
pub struct UntilChipsProps {
    /// Names the choice in the page.
    pub name: AttrValue,
    /// What it is for.
    pub label: AttrValue,
    /// What is chosen.
    pub until: Option<Until>,
    /// Called with what is chosen then.
    pub on_choose: Callback<Until>,
}

/// The chips.
#[component]
pub fn UntilChips(props: &UntilChipsProps) -> Html {
    let (text, now) = (use_text(), use_day());
    let is_picking = use_state_eq(|| false);
    let proposed = [
        (when::plus_days(now.today, 3), text.get("until-days-3")),
        (when::plus_days(now.today, 7), text.get("until-week")),
        (when::plus_days(now.today, 14), text.get("until-weeks-2")),
    ];
    let mut choices = vec![Choice::new("good", text.get("until-good"))];
    choices.extend(proposed.iter().map(|(day, label)| {
        let values = [
            ("name", label.as_str().into()),
            ("month", i32::from(day.month()).into()),
            ("day", i32::from(day.day()).into()),
        ];
        Choice::new(day.to_string(), text.get_with("date-chip", values))
    }));
    choices.push(Choice::new("other", text.get("date-other")));
    let (chosen, day) = match props.until {
        None => (None, None),
        Some(Until::Good) => (Some(AttrValue::from("good")), None),
        Some(Until::Day(day)) => {
            let is_proposed = |day: &Date| proposed.iter().any(|(one, _)| one == day);
            let chosen = match day.filter(is_proposed) {
                Some(day) if !*is_picking => AttrValue::from(day.to_string()),
                Some(_) | None => AttrValue::from("other"),
            };
            (Some(chosen), day)
        }
    };
    let shows_picker = chosen.as_ref().is_some_and(|chosen| chosen == "other");
    let choose = {
        let (is_picking, on_choose) = (is_picking.clone(), props.on_choose.clone());
        Callback::from(move |value: AttrValue| {
            is_picking.set(value == "other");
            on_choose.emit(match value.as_str() {
                "good" => Until::Good,
                other => Until::Day(other.parse().ok()),
            });
        })
    };
    let pick = props
        .on_choose
        .reform(|value: String| Until::Day(value.parse().ok()));
    html! {
        <>
            <Chips name={props.name.clone()} label={props.label.clone()} {choices} {chosen} on_choose={choose} />
            if shows_picker {
                <Field id={format!("{}-picked", props.name)} label={text.get("until-day")} kind="date"
                    value={day.map(|day| day.to_string()).unwrap_or_default()} on_input={pick} />
            }
        </>
    }
}
