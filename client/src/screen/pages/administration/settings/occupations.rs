//! When people of an occupation are called, where the store knows better than the rule.

use floorbook_shared::access::{Store, StoreSettings};
use floorbook_shared::api::StoreChange;
use floorbook_shared::rules::calling::{CallingHours, Occupation, OccupationHours};
use floorbook_shared::time::TimeOfDay;
use yew::prelude::*;

use super::super::{Problem, save_button};
use crate::screen::components::Field;
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;

/// Properties of [`OccupationsForm`].
#[derive(PartialEq, Properties)]
pub struct OccupationsFormProps {
    /// The store.
    pub store: Store,
}

/// From and until, as typed; both empty for the hours of the rule.
type Typed = (String, String);

/// The occupations with hours; accountants have days of the month instead.
fn occupations() -> impl Iterator<Item = Occupation> {
    let all = Occupation::ALL.iter().copied();
    all.filter(|occupation| *occupation != Occupation::Accountant)
}

fn typed_of(settings: &StoreSettings) -> Vec<Typed> {
    let own = settings.calling.occupations;
    let windows = occupations().map(|occupation| own.get(occupation));
    windows
        .map(|window| {
            window.map_or_else(Typed::default, |(from, until)| (clock(from), clock(until)))
        })
        .collect()
}

/// The hours as typed; `None` if one of them can't be read.
fn read(typed: &[Typed]) -> Option<OccupationHours> {
    let mut hours = OccupationHours::default();
    for (occupation, (from, until)) in occupations().zip(typed) {
        let window = match (from.is_empty(), until.is_empty()) {
            (true, true) => None,
            (false, false) => Some((minute(from)?, minute(until)?)),
            (true, false) | (false, true) => return None,
        };
        hours = hours.with(occupation, window);
    }
    Some(hours)
}

fn clock(minutes: u16) -> String {
    TimeOfDay::new(minutes / 60, minutes % 60).map_or_else(String::new, |time| time.to_string())
}

fn minute(typed: &str) -> Option<u16> {
    let time: TimeOfDay = typed.parse().ok()?;
    Some(time.minutes())
}

/// The form.
#[component]
pub fn OccupationsForm(props: &OccupationsFormProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let before = props.store.settings;
    let typed = use_state(|| typed_of(&before));
    let settings = read(&typed).map(|occupations| StoreSettings {
        calling: CallingHours {
            occupations,
            ..before.calling
        },
        ..before
    });
    let checked = settings.filter(|settings| settings.check().is_ok());
    let onsubmit = {
        let (sending, store) = (sending.clone(), props.store.id);
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
    let setter = |place: usize, set: fn(&mut Typed, String)| {
        let typed = typed.clone();
        Callback::from(move |value: String| {
            let mut next = Vec::clone(&typed);
            if let Some(one) = next.get_mut(place) {
                set(one, value);
            }
            typed.set(next);
        })
    };
    let row = |(place, occupation): (usize, Occupation)| {
        let (from, until) = typed.get(place).cloned().unwrap_or_default();
        let name = text.coded("occupation", occupation.key());
        let usual: Vec<String> = occupation
            .windows(&CallingHours::default())
            .into_iter()
            .map(|(from, until)| format!("{}–{}", clock(from), clock(until)))
            .collect();
        let label = |key: &str| text.get_with(key, [("name", name.as_str().into())]);
        html! {
            <fieldset key={occupation.key()} class="setting-occupation">
                <legend class="field-label">{ &name }<span class="quiet">{ " " }{ usual.join(", ") }</span></legend>
                <Field id={format!("setting-{}-from", occupation.key())} label={label("setting-occupation-from")} kind="time" value={from}
                    on_input={setter(place, |one, value| one.0 = value)} />
                <Field id={format!("setting-{}-until", occupation.key())} label={label("setting-occupation-until")} kind="time" value={until}
                    on_input={setter(place, |one, value| one.1 = value)} />
            </fieldset>
        }
    };
    let title = text.get("setting-occupations");
    let is_changed = checked.is_some_and(|settings| settings != before);
    html! {
        <details class="panel settings-section" data-settings="occupations">
            <summary><h2>{ &title }</h2></summary>
            <form class="form" {onsubmit} aria-label={title.clone()}>
                <p class="quiet">{ text.get("setting-occupations-hint") }</p>
                <div class="setting-grid">{ for occupations().enumerate().map(row) }</div>
                <Problem code={sending.problem()} />
                <div class="save-line">
                    if checked.is_none() { <p class="save-reason">{ text.get("setting-occupations-wrong") }</p> }
                    { save_button(&sending, text.get("save"), text.get("saving"), is_changed) }
                </div>
            </form>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_for_an_occupation_reads_back() {
        let mut settings = StoreSettings::default();
        let mut typed = typed_of(&settings);
        assert!(
            typed
                .iter()
                .all(|(from, until)| from.is_empty() && until.is_empty())
        );
        typed[1] = ("11:00".to_owned(), "13:30".to_owned());
        settings.calling.occupations = read(&typed).unwrap();
        assert_eq!(typed_of(&settings), typed);
        typed[2].0 = "9:00".to_owned();
        assert_eq!(read(&typed), None, "from when, but not until when");
    }
}
