//! Enrolling this tablet by a one-time code.

use floorbook_shared::api::TABLET_NAME_MAX_CHARS;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::use_text;
use crate::screen::http;
use crate::screen::pages::outside::Outside;
use crate::screen::platform;
use crate::screen::route::Route;

/// Asks for the code, unless the link brought it, and for the tablet's name; then people sign in.
#[component]
pub fn Enrol() -> Html {
    let (text, navigator) = (use_text(), use_navigator());
    let code = use_state(platform::fragment);
    let has_code = use_memo((), |()| !platform::fragment().is_empty());
    let name = use_state(String::new);
    let is_busy = use_state(|| false);
    let problem = use_state(|| None::<String>);
    let onsubmit = {
        let (code, name) = (code.clone(), name.clone());
        let (is_busy, problem) = (is_busy.clone(), problem.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if *is_busy {
                return;
            }
            is_busy.set(true);
            problem.set(None);
            let (is_busy, problem, navigator) =
                (is_busy.clone(), problem.clone(), navigator.clone());
            let (code, name) = (code.trim().to_owned(), name.trim().to_owned());
            spawn_local(async move {
                match http::enrol(code, name).await {
                    Ok(_) => {
                        if let Some(navigator) = &navigator {
                            navigator.replace(&Route::SignIn);
                        }
                    }
                    Err(refused) => problem.set(Some(refused.code)),
                }
                is_busy.set(false);
            });
        })
    };
    let is_ready = !code.trim().is_empty() && !name.trim().is_empty();
    let label = if *is_busy {
        text.get("please-wait")
    } else {
        text.get("enrol-do")
    };
    html! {
        <Outside title={text.get("enrol-title")}>
            <p>{ text.get("enrol-explained") }</p>
            <form class="form" {onsubmit}>
                if !*has_code {
                    <Field id="code" label={text.get("enrol-code")} value={(*code).clone()} on_input={setter(&code)}
                        is_required=true is_first=true />
                }
                <Field id="tablet-name" label={text.get("tablet-name")} value={(*name).clone()} on_input={setter(&name)}
                    hint={text.get("tablet-name-hint")} most={Some(TABLET_NAME_MAX_CHARS)} is_required=true />
                if let Some(code) = &*problem {
                    <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message>
                }
                <button type="submit" class="button primary wide" disabled={*is_busy || !is_ready}>{ label }</button>
            </form>
        </Outside>
    }
}

fn setter(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}
