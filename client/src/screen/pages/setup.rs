//! Founding the first store: it enrols this tablet and signs its founder in.

use std::rc::Rc;

use floorbook_shared::api::{SetupRequest, SignedIn};
use yew::prelude::*;

use crate::screen::clock::tablet_zone;
use crate::screen::components::Field;
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;
use crate::screen::pages::choose_secret::ChooseSecret;
use crate::screen::pages::enrol::suggested_name;
use crate::screen::pages::outside::Outside;
use crate::screen::pages::sign_in::{Foot, NewPassword, is_password, setter};
use crate::screen::platform;

/// The page, then the one on which a PIN is chosen.
#[component]
pub fn Setup() -> Html {
    let (text, sending) = (use_text(), use_sending());
    let code = use_state(platform::fragment);
    let store_code = use_state(String::new);
    let store_name = use_state(String::new);
    let zone = use_state(|| tablet_zone().unwrap_or_else(|| "Asia/Shanghai".to_owned()));
    let name = use_state(String::new);
    let password = use_state(String::new);
    let signed_in = use_state(|| None::<Rc<SignedIn>>);
    let onsubmit = {
        let (sending, signed_in) = (sending.clone(), signed_in.clone());
        let fields = (
            code.clone(),
            store_code.clone(),
            store_name.clone(),
            zone.clone(),
            name.clone(),
            password.clone(),
        );
        let tablet_name = suggested_name(&text);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (code, store_code, store_name, zone, name, password) = &fields;
            let request = SetupRequest {
                code: code.trim().into(),
                store_code: store_code.trim().to_uppercase(),
                store_name: store_name.trim().to_owned(),
                time_zone: zone.trim().to_owned(),
                name: name.trim().to_owned(),
                password: password.as_str().into(),
                tablet_name: tablet_name.clone(),
            };
            let (signed_in, password) = (signed_in.clone(), password.clone());
            sending.send(http::set_up(request), move |answer| {
                password.set(String::new());
                signed_in.set(Some(Rc::new(answer)));
            });
        })
    };
    if let Some(signed_in) = &*signed_in {
        return html! { <ChooseSecret signed_in={signed_in.clone()} /> };
    }
    let store_code_is_good = is_store_code(store_code.trim());
    let is_ready = store_code_is_good
        && is_password(&password)
        && [&code, &store_name, &zone, &name]
            .iter()
            .all(|field| !field.trim().is_empty());
    let store_code_problem = (!store_code.is_empty() && !store_code_is_good)
        .then(|| AttrValue::from(text.get("store-code-problem")));
    html! {
        <Outside title={text.get("setup-title")}>
            <p>{ text.get("setup-explained") }</p>
            <form class="form" {onsubmit}>
                if platform::fragment().is_empty() {
                    <Field id="code" label={text.get("setup-code")} value={(*code).clone()} on_input={setter(&code)}
                        hint={text.get("setup-code-hint")} is_required=true />
                }
                <div class="field-pair">
                    <Field id="store-code" label={text.get("store-code")} value={(*store_code).clone()}
                        on_input={setter(&store_code)} hint={text.get("store-code-hint")} problem={store_code_problem}
                        most={Some(8)} is_required=true is_first=true />
                    <Field id="store-name" label={text.get("store-name")} value={(*store_name).clone()}
                        on_input={setter(&store_name)} is_required=true />
                </div>
                <Field id="zone" label={text.get("time-zone")} value={(*zone).clone()} on_input={setter(&zone)}
                    hint={text.get("time-zone-hint")} is_required=true />
                <Field id="name" label={text.get("your-name")} value={(*name).clone()} on_input={setter(&name)}
                    autofill="username" hint={text.get("administrator-hint")} is_required=true />
                <NewPassword value={(*password).clone()} on_input={setter(&password)} />
                <Foot label={text.get("setup-do")} is_busy={sending.is_busy()} {is_ready} problem={sending.problem()} />
            </form>
        </Outside>
    }
}

/// Whether a store may have this code.
pub fn is_store_code(code: &str) -> bool {
    (1..=8).contains(&code.len()) && code.chars().all(|sign| sign.is_ascii_alphanumeric())
}
