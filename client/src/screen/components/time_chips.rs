//! An hour of the day: proposed ones, any other, or none.

use floorbook_shared::time::TimeOfDay;
use yew::prelude::*;

use crate::screen::components::{Chips, Choice, Field};
use crate::screen::hooks::use_text;

/// Hours that are proposed: the best ones of the morning and the afternoon.
const PROPOSED: [&str; 4] = ["10:00", "14:00", "15:30", "17:00"];

/// Properties of [`TimeChips`].
#[derive(PartialEq, Properties)]
pub struct TimeChipsProps {
    /// Names the choice in the page.
    pub name: AttrValue,
    /// What the hour is for.
    pub label: AttrValue,
    /// The chosen hour.
    pub time: Option<TimeOfDay>,
    /// Called with the chosen hour.
    pub on_choose: Callback<Option<TimeOfDay>>,
}

/// An hour of the day.
#[component]
pub fn TimeChips(props: &TimeChipsProps) -> Html {
    let text = use_text();
    let is_picking = use_state(|| false);
    let chosen = props.time.map(|time| time.to_string());
    let is_other = chosen
        .as_deref()
        .is_some_and(|time| !PROPOSED.contains(&time));
    let shows_picker = *is_picking || is_other;
    let mut choices = vec![Choice::new("none", text.get("time-none"))];
    choices.extend(PROPOSED.map(|time| Choice::new(time, time)));
    choices.push(Choice::new("other", text.get("time-other")));
    let marked = if shows_picker {
        "other".to_owned()
    } else {
        chosen.clone().unwrap_or_else(|| "none".to_owned())
    };
    let choose = {
        let (on_choose, is_picking) = (props.on_choose.clone(), is_picking.clone());
        Callback::from(move |value: AttrValue| {
            is_picking.set(value == "other");
            if value != "other" {
                on_choose.emit(value.parse().ok());
            }
        })
    };
    html! {
        <>
            <Chips name={props.name.clone()} label={props.label.clone()} {choices} chosen={Some(AttrValue::from(marked))} on_choose={choose} />
            if shows_picker {
                <Field id={format!("{}-picked", props.name)} label={text.get("time-pick")} kind="time"
                    value={chosen.unwrap_or_default()} on_input={props.on_choose.reform(|value: String| value.parse().ok())} />
            }
        </>
    }
}
