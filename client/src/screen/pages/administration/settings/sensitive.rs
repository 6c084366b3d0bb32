//! Whether the store keeps sensitive facts about its customers.

use floorbook_shared::access::{Store, StoreSettings};
use floorbook_shared::api::StoreChange;
use yew::prelude::*;

use super::super::{Problem, save_button};
use crate::screen::components::{Message, Tone};
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;

/// Properties of [`SensitiveForm`].
#[derive(PartialEq, Properties)]
pub struct SensitiveFormProps {
    /// The store.
    pub store: Store,
}

/// The switch, and what it means.
#[component]
pub fn SensitiveForm(props: &SensitiveFormProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let before = props.store.settings;
    let is_on = use_state_eq(|| before.keeps_sensitive);
    let settings = StoreSettings {
        keeps_sensitive: *is_on,
        ..before
    };
    let onsubmit = {
        let (sending, store) = (sending.clone(), props.store.id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let change = StoreChange {
                settings: Some(settings),
                ..StoreChange::default()
            };
            sending.send(http::change_store(store, change), |()| {});
        })
    };
    let toggle = {
        let is_on = is_on.clone();
        Callback::from(move |_: Event| is_on.set(!*is_on))
    };
    let turns_on = *is_on && !before.keeps_sensitive;
    let turns_off = !*is_on && before.keeps_sensitive;
    html! {
        <details class="panel settings-section" data-settings="sensitive">
            <summary><h2>{ text.get("setting-sensitive-title") }</h2></summary>
            <form class="form" {onsubmit} aria-label={text.get("setting-sensitive-title")}>
                <div>
                    <label class="check">
                        <input type="checkbox" checked={*is_on} onchange={toggle} aria-describedby="sensitive-hint" />
                        <span>{ text.get("setting-sensitive") }</span>
                    </label>
                    <p id="sensitive-hint" class="field-hint">{ text.get("setting-sensitive-hint") }</p>
                </div>
                if turns_on { <Message tone={Tone::Calm}><p>{ text.get("setting-sensitive-on") }</p></Message> }
                if turns_off { <Message tone={Tone::Calm}><p>{ text.get("setting-sensitive-off") }</p></Message> }
                <Problem code={sending.problem()} />
                <div class="save-line">
                    { save_button(&sending, text.get("save"), text.get("saving"), settings != before) }
                </div>
            </form>
        </details>
    }
}
