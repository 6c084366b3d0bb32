//! Standards, cadence and hours of calling of a store.

use std::ops::RangeInclusive;

use floorbook_shared::access::{Cadence, STANDARD_MAX, Standards, StoreSettings};
use floorbook_shared::api::StoreChange;
use floorbook_shared::rules::calling::CallingHours;
use yew::prelude::*;

use super::store::StoreDetailProps;
use super::{Problem, save_button};
use crate::screen::components::Field;
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;
use crate::screen::text::Text;

/// Numbers: four standards, then six of the cadence.
const NUMBERS: usize = 10;
/// Hours of calling.
const HOURS: usize = 8;

/// What stands in the form, as typed.
#[derive(Clone, PartialEq)]
struct Typed {
    numbers: [String; NUMBERS],
    hours: [String; HOURS],
}

const fn numbers(settings: &StoreSettings) -> [u32; NUMBERS] {
    let (standards, cadence) = (&settings.standards, &settings.cadence);
    [
        standards.daily_calls_to_a,
        standards.weekly_contacts_with_bc,
        standards.daily_visits,
        standards.weekly_new_cards,
        cadence.a_days,
        cadence.b_days,
        cadence.c_days,
        cadence.quiet_days,
        cadence.birthday_days,
        cadence.thank_you_days,
    ]
}

fn bounds(index: usize) -> RangeInclusive<u32> {
    match index {
        0..=3 => 0..=STANDARD_MAX,
        4..=6 => Cadence::BETWEEN_BOUNDS,
        7 => Cadence::QUIET_BOUNDS,
        _ => Cadence::STAYS_BOUNDS,
    }
}

fn labels(text: &Text) -> [String; NUMBERS] {
    [
        text.get("setting-daily-calls"),
        text.get("setting-weekly-contacts"),
        text.get("setting-daily-visits"),
        text.get("setting-weekly-cards"),
        text.get("setting-a-days"),
        text.get("setting-b-days"),
        text.get("setting-c-days"),
        text.get("setting-quiet-days"),
        text.get("setting-birthday-days"),
        text.get("setting-thanks-days"),
    ]
}

fn hour_labels(text: &Text) -> [String; HOURS] {
    [
        text.get("setting-preparing-from"),
        text.get("setting-best-from"),
        text.get("setting-best-until"),
        text.get("setting-midday-from"),
        text.get("setting-midday-until"),
        text.get("setting-business-from"),
        text.get("setting-business-until"),
        text.get("setting-evening-until"),
    ]
}

impl Typed {
    fn of(settings: &StoreSettings) -> Self {
        Self {
            numbers: numbers(settings).map(|number| number.to_string()),
            hours: settings.calling.in_order().map(clock),
        }
    }

    /// The settings, if all that was typed can be read and lies within its bounds.
    fn settings(&self, before: StoreSettings) -> Option<StoreSettings> {
        let number = |index: usize| self.numbers.get(index)?.trim().parse::<u32>().ok();
        let hour = |index: usize| minute(self.hours.get(index)?);
        let settings = StoreSettings {
            standards: Standards {
                daily_calls_to_a: number(0)?,
                weekly_contacts_with_bc: number(1)?,
                daily_visits: number(2)?,
                weekly_new_cards: number(3)?,
            },
            cadence: Cadence {
                a_days: number(4)?,
                b_days: number(5)?,
                c_days: number(6)?,
                quiet_days: number(7)?,
                birthday_days: number(8)?,
                thank_you_days: number(9)?,
                ..before.cadence
            },
            calling: CallingHours {
                preparing_from: hour(0)?,
                best_from: hour(1)?,
                best_until: hour(2)?,
                midday_from: hour(3)?,
                midday_until: hour(4)?,
                business_from: hour(5)?,
                business_until: hour(6)?,
                evening_until: hour(7)?,
                ..before.calling
            },
            ..before
        };
        settings.check().is_ok().then_some(settings)
    }
}

/// The form of standards, cadence and hours of calling.
#[component]
pub fn WorkSettingsForm(props: &StoreDetailProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let store = &props.store;
    let before = store.settings;
    let usual = StoreSettings::default();
    let typed = use_state(|| Typed::of(&before));
    let checked = typed.settings(before);
    let onsubmit = {
        let (sending, store) = (sending.clone(), store.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(settings) = checked else { return };
            let change = StoreChange {
                settings: Some(settings),
                ..StoreChange::default()
            };
            sending.send(http::change_store(store, change), |()| {});
        })
    };
    let usual_numbers = numbers(&usual);
    let number_labels = labels(&text);
    let number = |index: usize| {
        let bounds = bounds(index);
        let hint = text.get_with(
            "setting-number-hint",
            [
                (
                    "usual",
                    usual_numbers.get(index).copied().unwrap_or_default().into(),
                ),
                ("least", (*bounds.start()).into()),
                ("most", (*bounds.end()).into()),
            ],
        );
        let on_input = {
            let typed = typed.clone();
            Callback::from(move |value: String| {
                let mut next = Typed::clone(&typed);
                if let Some(number) = next.numbers.get_mut(index) {
                    *number = value;
                }
                typed.set(next);
            })
        };
        html! {
            <Field id={format!("work-number-{index}")} label={number_labels.get(index).cloned().unwrap_or_default()} kind="number"
                input_mode={AttrValue::from("numeric")} value={typed.numbers.get(index).cloned().unwrap_or_default()}
                {on_input} {hint} is_required=true />
        }
    };
    let usual_hours = usual.calling.in_order().map(clock);
    let hour_names = hour_labels(&text);
    let hour = |index: usize| {
        let usual = usual_hours.get(index).cloned().unwrap_or_default();
        let on_input = {
            let typed = typed.clone();
            Callback::from(move |value: String| {
                let mut next = Typed::clone(&typed);
                if let Some(hour) = next.hours.get_mut(index) {
                    *hour = value;
                }
                typed.set(next);
            })
        };
        html! {
            <Field id={format!("work-hour-{index}")} label={hour_names.get(index).cloned().unwrap_or_default()} kind="time"
                value={typed.hours.get(index).cloned().unwrap_or_default()} {on_input}
                hint={text.get_with("setting-hour-hint", [("usual", usual.into())])} is_required=true />
        }
    };
    html! {
        <form class="panel form" {onsubmit} aria-labelledby="work-title">
            <h2 id="work-title">{ text.get("setting-work") }</h2>
            <fieldset class="setting-group">
                <legend>{ text.get("setting-standards") }</legend>
                <div class="setting-grid">{ for (0..4).map(number) }</div>
            </fieldset>
            <fieldset class="setting-group">
                <legend>{ text.get("setting-cadence") }</legend>
                <div class="setting-grid">{ for (4..NUMBERS).map(number) }</div>
            </fieldset>
            <fieldset class="setting-group">
                <legend>{ text.get("setting-calling") }</legend>
                <div class="setting-grid">{ for (0..HOURS).map(hour) }</div>
            </fieldset>
            <Problem code={sending.problem()} />
            <div class="save-line">
                if checked.is_none() { <p class="save-reason">{ text.get("setting-out-of-bounds") }</p> }
                { save_button(&sending, text.get("save"), text.get("saving"), checked.is_some_and(|settings| settings != before)) }
            </div>
        </form>
    }
}

/// A minute of the day as a time field has it.
fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// The minute of the day that a time field says.
fn minute(time: &str) -> Option<u16> {
    let (hour, rest) = time.split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, rest.get(..2)?.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back_and_wrong_numbers_are_told() {
        let before = StoreSettings::default();
        let typed = Typed::of(&before);
        assert_eq!(typed.settings(before), Some(before));
        let mut wrong = typed.clone();
        wrong.numbers[7] = "7".to_owned();
        assert_eq!(wrong.settings(before), None);
        let mut twisted = typed.clone();
        twisted.hours[1] = "12:00".to_owned();
        assert_eq!(twisted.settings(before), None);
        let mut changed = typed;
        changed.numbers[6] = "45".to_owned();
        assert_eq!(
            changed
                .settings(before)
                .map(|settings| settings.cadence.c_days),
            Some(45)
        );
    }
}
