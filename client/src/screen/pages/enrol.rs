//! Making this browser one of the chain's tablets, by a one-time code.

use floorbook_shared::api::EnrolRequest;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::use_text;
use crate::screen::http;
use crate::screen::pages::outside::Outside;
use crate::screen::platform;
use crate::screen::route::Route;

/// The page; the code stands behind the `#` of its address.
#[component]
pub fn Enrol() -> Html {
    let (text, navigator) = (use_text(), use_navigator());
    let code = use_state(platform::fragment);
    let name = use_state(String::new);
    let problem = use_state(|| None::<String>);
    let onsubmit = {
        let (code, name, problem) = (code.clone(), name.clone(), problem.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (problem, navigator) = (problem.clone(), navigator.clone());
            let request = EnrolRequest {
                code: code.trim().into(),
                name: name.trim().to_owned(),
            };
            spawn_local(async move {
                match (http::enrol(request).await, navigator) {
                    (Ok(_), Some(navigator)) => navigator.replace(&Route::SignIn),
                    (Ok(_), None) => platform::reload(),
                    (Err(refused), _) => problem.set(Some(refused.code)),
                }
            });
        })
    };
    let is_ready = !code.trim().is_empty() && !name.trim().is_empty();
    html! {
        <Outside title={text.get("enrol-title")}>
            <form class="form" {onsubmit}>
                <Field id="code" label={text.get("setup-code")} value={(*code).clone()} on_input={setter(&code)}
                    is_required=true />
                <Field id="tablet-name" label={text.get("tablet-name")} value={(*name).clone()}
                    on_input={setter(&name)} is_required=true is_first=true />
                if let Some(code) = &*problem {
                    <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message>
                }
                <button type="submit" class="button primary wide" disabled={!is_ready}>{ text.get("enrol-do") }</button>
            </form>
        </Outside>
    }
}

fn setter(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}
