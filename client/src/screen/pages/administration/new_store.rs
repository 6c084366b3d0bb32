//! Adding a store.

use floorbook_shared::api::NewStore;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{Problem, save_button};
use crate::screen::clock::tablet_zone;
use crate::screen::components::Field;
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;
use crate::screen::pages::setup::is_store_code;
use crate::screen::pages::sign_in::setter;
use crate::screen::route::Route;

/// The form.
#[component]
pub fn NewStoreForm() -> Html {
    let (text, sending) = (use_text(), use_sending());
    let navigator = use_navigator();
    let code = use_state(String::new);
    let name = use_state(String::new);
    let zone = use_state(|| tablet_zone().unwrap_or_else(|| "Asia/Shanghai".to_owned()));
    let code_is_good = is_store_code(code.trim());
    let code_problem = (!code.is_empty() && !code_is_good)
        .then(|| AttrValue::from(text.get("store-code-problem")));
    let onsubmit = {
        let (code, name, zone) = (code.clone(), name.clone(), zone.clone());
        let sending = sending.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let store = NewStore {
                code: code.trim().to_uppercase(),
                name: name.trim().to_owned(),
                time_zone: zone.trim().to_owned(),
            };
            let navigator = navigator.clone();
            sending.send(http::add_store(store), move |store| {
                if let Some(navigator) = &navigator {
                    let id = store.id.to_string();
                    navigator.replace(&Route::Store { id });
                }
            });
        })
    };
    let is_ready = code_is_good && !name.trim().is_empty() && !zone.trim().is_empty();
    html! {
        <>
            <h1>{ text.get("stores-add") }</h1>
            <form class="panel form" {onsubmit}>
                <div class="field-pair">
                    <Field id="store-code" label={text.get("store-code")} value={(*code).clone()} on_input={setter(&code)}
                        hint={text.get("store-code-for-ever")} problem={code_problem} most={Some(8)} is_required=true is_first=true />
                    <Field id="store-name" label={text.get("store-name")} value={(*name).clone()} on_input={setter(&name)} is_required=true />
                </div>
                <Field id="zone" label={text.get("time-zone")} value={(*zone).clone()} on_input={setter(&zone)}
                    hint={text.get("time-zone-hint")} is_required=true />
                <Problem code={sending.problem()} />
                <div class="save-line">{ save_button(&sending, text.get("stores-add"), text.get("please-wait"), is_ready) }</div>
            </form>
        </>
    }
}
