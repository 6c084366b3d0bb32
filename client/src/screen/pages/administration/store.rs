//! A store: its name and time zone, and what it sets for itself, each with its default.

use floorbook_shared::access::{
    AUTO_LOCK_MINUTES_BOUNDS, Action, LEASE_HOURS_BOUNDS, Store, StoreSettings,
};
use floorbook_shared::api::StoreChange;
use yew::prelude::*;

use super::settings::{OccupationsForm, Section, SectionForm, SensitiveForm};
use super::work_settings::WorkSettingsForm;
use super::{Problem, save_button};
use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::{use_app, use_sending, use_text};
use crate::screen::http;
use crate::screen::pages::sign_in::setter;

const HOURS_OF_DAY: u32 = 24;

/// Properties of [`StoreDetail`].
#[derive(PartialEq, Properties)]
pub struct StoreDetailProps {
    /// The store.
    pub store: Store,
}

/// The detail; the page gives it another Yew key for another store.
#[component]
pub fn StoreDetail(props: &StoreDetailProps) -> Html {
    let app = use_app();
    let store = &props.store;
    html! {
        <>
            <header class="detail-head">
                <span class="code-badge is-large">{ &store.code }</span>
                <h1>{ &store.name }</h1>
            </header>
            if app.may(Action::ChangeSettings(store.id)) {
                <SettingsForm store={store.clone()} />
                <WorkSettingsForm store={store.clone()} />
                { for Section::ALL.into_iter().map(|section| html! { <SectionForm {section} store={store.clone()} /> }) }
                <OccupationsForm store={store.clone()} />
                <SensitiveForm store={store.clone()} />
            }
            if app.may(Action::ManageStores) {
                <NameForm store={store.clone()} />
            }
        </>
    }
}

#[component]
fn NameForm(props: &StoreDetailProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let store = &props.store;
    let name = use_state(|| store.name.clone());
    let zone = use_state(|| store.time_zone.clone());
    let onsubmit = {
        let (name, zone, sending) = (name.clone(), zone.clone(), sending.clone());
        let store = store.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (name, zone) = (name.trim().to_owned(), zone.trim().to_owned());
            let change = StoreChange {
                name: (name != store.name).then_some(name),
                time_zone: (zone != store.time_zone).then_some(zone),
                settings: None,
            };
            sending.send(http::change_store(store.id, change), |()| {});
        })
    };
    let is_changed = name.trim() != store.name || zone.trim() != store.time_zone;
    let is_ready = is_changed && !name.trim().is_empty() && !zone.trim().is_empty();
    html! {
        <form class="panel form" {onsubmit} aria-labelledby="store-name-title">
            <h2 id="store-name-title">{ text.get("store-identity") }</h2>
            <Field id="store-name" label={text.get("store-name")} value={(*name).clone()} on_input={setter(&name)} is_required=true />
            <Field id="zone" label={text.get("time-zone")} value={(*zone).clone()} on_input={setter(&zone)}
                hint={text.get("time-zone-hint")} is_required=true />
            <Problem code={sending.problem()} />
            <div class="save-line">{ save_button(&sending, text.get("save"), text.get("saving"), is_ready) }</div>
        </form>
    }
}

/// What the store sets for itself. A lease is told in days, because people think of it so.
#[component]
fn SettingsForm(props: &StoreDetailProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let store = &props.store;
    let before = store.settings;
    let usual = StoreSettings::default();
    let are_open = use_state_eq(|| before.books_are_open);
    let lease_days = use_state(|| before.lease_hours.div_ceil(HOURS_OF_DAY).to_string());
    let lock_minutes = use_state(|| before.auto_lock_minutes.to_string());
    let wanted = {
        let days = lease_days.trim().parse::<u32>().ok();
        // What was not touched stays, also when it is no whole number of days.
        let is_kept = days == Some(before.lease_hours.div_ceil(HOURS_OF_DAY));
        let hours = if is_kept {
            Some(before.lease_hours)
        } else {
            days.and_then(|days| days.checked_mul(HOURS_OF_DAY))
        };
        let minutes = lock_minutes.trim().parse::<u32>().ok();
        hours
            .zip(minutes)
            .map(|(lease_hours, auto_lock_minutes)| StoreSettings {
                books_are_open: *are_open,
                lease_hours,
                auto_lock_minutes,
                ..before
            })
    };
    let checked = wanted.filter(|settings| settings.check().is_ok());
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
    let toggle = {
        let are_open = are_open.clone();
        Callback::from(move |_: Event| are_open.set(!*are_open))
    };
    let days_of = |hours: &u32| *hours / HOURS_OF_DAY;
    let lease_hint = text.get_with(
        "setting-lease-hint",
        [
            ("usual", days_of(&usual.lease_hours).into()),
            ("least", days_of(LEASE_HOURS_BOUNDS.start()).into()),
            ("most", days_of(LEASE_HOURS_BOUNDS.end()).into()),
        ],
    );
    let lock_hint = text.get_with(
        "setting-lock-hint",
        [
            ("usual", usual.auto_lock_minutes.into()),
            ("least", (*AUTO_LOCK_MINUTES_BOUNDS.start()).into()),
            ("most", (*AUTO_LOCK_MINUTES_BOUNDS.end()).into()),
        ],
    );
    let opens = *are_open && !before.books_are_open;
    html! {
        <form class="panel form" {onsubmit} aria-labelledby="settings-title">
            <h2 id="settings-title">{ text.get("store-settings") }</h2>
            <div>
                <label class="check">
                    <input type="checkbox" checked={*are_open} onchange={toggle} aria-describedby="books-hint" />
                    <span>{ text.get("setting-books") }</span>
                </label>
                <p id="books-hint" class="field-hint">{ text.get("setting-books-hint") }</p>
            </div>
            if opens { <Message tone={Tone::Calm}><p>{ text.get("setting-books-opens") }</p></Message> }
            <div class="field-pair">
                <Field id="lock-minutes" label={text.get("setting-lock")} kind="number" input_mode={AttrValue::from("numeric")}
                    value={(*lock_minutes).clone()} on_input={setter(&lock_minutes)} hint={lock_hint} is_required=true />
                <Field id="lease-days" label={text.get("setting-lease")} kind="number" input_mode={AttrValue::from("numeric")}
                    value={(*lease_days).clone()} on_input={setter(&lease_days)} hint={lease_hint} is_required=true />
            </div>
            <Problem code={sending.problem()} />
            <div class="save-line">
                if checked.is_none() { <p class="save-reason">{ text.get("setting-out-of-bounds") }</p> }
                { save_button(&sending, text.get("save"), text.get("saving"), checked.is_some_and(|settings| settings != before)) }
            </div>
        </form>
    }
}
