//! Enrolling this browser as a tablet by a one-time code.

use std::rc::Rc;

use floorbook_shared::api::{TABLET_NAME_MAX_CHARS, TabletStanding, TabletState};
use floorbook_shared::secret::Secret;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::{use_app, use_sending, use_text};
use crate::screen::http;
use crate::screen::keeping::{self, Keeping};
use crate::screen::pages::outside::Outside;
use crate::screen::pages::sign_in::{Foot, setter};
use crate::screen::platform;
use crate::screen::reset;
use crate::screen::route::Route;
use crate::screen::state::Action;
use crate::screen::text::Text;

/// The page: the code comes with the link of the QR code, or is typed.
#[component]
pub fn Enrol() -> Html {
    let (text, app, sending) = (use_text(), use_app(), use_sending());
    let given = use_memo((), |()| platform::fragment());
    let code = use_state(|| (*given).clone());
    let name = use_state(|| suggested_name(&text));
    let is_here_anyway = use_state_eq(|| false);
    let enrolled = use_state(|| None::<TabletStanding>);
    let onsubmit = {
        let (code, name, enrolled) = (code.clone(), name.clone(), enrolled.clone());
        let (sending, state) = (sending.clone(), app.dispatcher());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // The tap is what browsers want to see before they promise anything.
            let dispatcher = state.clone();
            spawn_local(async move {
                dispatcher.dispatch(Action::Keeping(keeping::ask(true).await));
            });
            let typed = code.chars().filter(|sign| sign.is_ascii_alphanumeric());
            let secret = Secret::from(typed.collect::<String>());
            let (enrolled, name) = (enrolled.clone(), name.trim().to_owned());
            let request = async move {
                // Afterwards the store knows this browser by another name.
                reset::tell_if_owed(None).await;
                http::enrol(secret, name).await
            };
            sending.send(request, move |standing| enrolled.set(Some(standing)));
        })
    };
    if let Some(standing) = &*enrolled {
        return html! { <Enrolled standing={standing.clone()} /> };
    }
    if let Some(standing) = app
        .standing()
        .filter(|standing| matches!(standing.state, TabletState::Active | TabletState::Retiring))
    {
        let code = [("code", standing.code.as_str().into())];
        return html! {
            <Outside title={text.get("enrol-title")}>
                <Message tone={Tone::Good}><p>{ text.get_with("enrol-already", code) }</p></Message>
                <Link<Route> to={Route::Today} classes="button primary wide">{ text.get("enrol-who") }</Link<Route>>
            </Outside>
        };
    }
    if platform::is_apple_browser_page() && !*is_here_anyway {
        let anyway = {
            let is_here_anyway = is_here_anyway.clone();
            Callback::from(move |_: MouseEvent| is_here_anyway.set(true))
        };
        return html! {
            <Outside title={text.get("enrol-title")}>
                <Message tone={Tone::Warning}><p>{ text.get("enrol-home-first") }</p><p>{ text.get("enrol-home-how") }</p></Message>
                <button type="button" class="button" onclick={anyway}>{ text.get("enrol-here-anyway") }</button>
            </Outside>
        };
    }
    let needs_setup = app.server.as_ref().is_some_and(|server| !server.is_set_up);
    let has_code = !given.is_empty();
    let title = if has_code {
        text.get("enrol-title")
    } else {
        text.get("enrol-needed")
    };
    let is_ready = !code.trim().is_empty() && !name.trim().is_empty();
    html! {
        <Outside {title}>
            if needs_setup { <Message tone={Tone::Calm}><p>{ text.get("setup-needed") }</p></Message> }
            <p>{ if has_code { text.get("enrol-explained") } else { text.get("enrol-needed-explained") } }</p>
            <form class="form" {onsubmit}>
                if !has_code || sending.problem().is_some() {
                    <Field id="enrol-code" label={text.get("enrol-code")} value={(*code).clone()} on_input={setter(&code)}
                        hint={text.get("enrol-code-hint")} is_required=true is_first=true />
                }
                <Field id="tablet-name" label={text.get("enrol-name")} value={(*name).clone()} on_input={setter(&name)}
                    hint={text.get("enrol-name-hint")} most={Some(TABLET_NAME_MAX_CHARS)} is_required=true />
                <Foot label={text.get("enrol-do")} is_busy={sending.is_busy()} {is_ready} problem={sending.problem()} />
            </form>
        </Outside>
    }
}

#[derive(PartialEq, Properties)]
struct EnrolledProps {
    standing: TabletStanding,
}

/// What was given, whether the data are kept, and the way on.
#[component]
fn Enrolled(props: &EnrolledProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let navigator = use_navigator();
    let go_on = {
        let state = app.dispatcher();
        Callback::from(move |_: MouseEvent| {
            state.dispatch(Action::Enrolled);
            let state = state.clone();
            spawn_local(async move {
                if let Ok(found) = http::state().await {
                    state.dispatch(Action::Server(Rc::new(found)));
                }
            });
            if let Some(navigator) = &navigator {
                navigator.replace(&Route::Today);
            }
        })
    };
    let code = [("code", props.standing.code.as_str().into())];
    html! {
        <Outside title={text.get_with("enrol-done", code)}>
            <Message tone={Tone::Good}><p>{ &props.standing.name }</p><p>{ text.get("enrol-done-explained") }</p></Message>
            <KeepingSaid keeping={app.keeping} />
            <button type="button" class="button primary wide" onclick={go_on}>{ text.get("enrol-who") }</button>
        </Outside>
    }
}

#[derive(PartialEq, Properties)]
struct KeepingSaidProps {
    keeping: Keeping,
}

/// What the browser answered, and another question if it said no.
#[component]
fn KeepingSaid(props: &KeepingSaidProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let tone = match props.keeping {
        Keeping::Granted => Tone::Good,
        Keeping::NotGranted => Tone::Warning,
        Keeping::Unknown => Tone::Calm,
    };
    let onclick = {
        let state = app.dispatcher();
        Callback::from(move |_: MouseEvent| {
            let state = state.clone();
            spawn_local(async move {
                state.dispatch(Action::Keeping(keeping::ask(true).await));
            });
        })
    };
    html! {
        <Message {tone}>
            <p><strong>{ text.get("enrol-keeping") }</strong></p>
            <p>{ text.coded("keeping", props.keeping.code()) }</p>
            if props.keeping == Keeping::NotGranted {
                <button type="button" class="button" {onclick}>{ text.get("enrol-ask-keeping") }</button>
            }
        </Message>
    }
}

/// A name to begin with; the number makes it another one for each tablet that is unpacked today.
pub fn suggested_name(text: &Text) -> String {
    text.get_with("enrol-name-suggested", [("number", 1_u32.into())])
}
