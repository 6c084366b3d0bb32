//! Signing in, setting up the first store, and joining by a one-time link.

use floorbook_shared::api::{
    Invitation, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, SetupRequest, SignedIn, TabletState,
};
use floorbook_shared::device::message::Request;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::clock::tablet_zone;
use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::http::{self, Answer};
use crate::screen::pages::outside::Outside;
use crate::screen::platform;
use crate::screen::route::Route;

/// The sending of a form to the server.
#[derive(Clone)]
struct Sending {
    is_busy: UseStateHandle<bool>,
    problem: UseStateHandle<Option<String>>,
    on_signed_in: Callback<SignedIn>,
}

impl Sending {
    fn send(&self, asking: impl Future<Output = Answer<SignedIn>> + 'static) {
        if *self.is_busy {
            return;
        }
        self.is_busy.set(true);
        self.problem.set(None);
        let sending = self.clone();
        spawn_local(async move {
            match asking.await {
                Ok(signed_in) => sending.on_signed_in.emit(signed_in),
                Err(problem) => sending.problem.set(Some(problem.code)),
            }
            sending.is_busy.set(false);
        });
    }
}

/// Hands the new identity to the worker and goes to Today.
#[hook]
fn use_sending() -> Sending {
    let (link, navigator) = (use_link(), use_navigator());
    let on_signed_in = Callback::from(move |signed_in: SignedIn| {
        link.ask(Request::SignIn {
            identity: signed_in.identity,
            token: signed_in.token,
        });
        if let Some(navigator) = &navigator {
            navigator.replace(&Route::Today);
        }
    });
    Sending {
        is_busy: use_state(|| false),
        problem: use_state(|| None),
        on_signed_in,
    }
}

#[derive(PartialEq, Properties)]
struct FootProps {
    label: AttrValue,
    is_busy: bool,
    is_ready: bool,
    problem: Option<String>,
}

/// Problem, honest word about this version, and the button of a form.
#[component]
fn Foot(props: &FootProps) -> Html {
    let text = use_text();
    html! {
        <>
            if let Some(code) = &props.problem {
                <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message>
            }
            <Message tone={Tone::Warning}><p>{ text.get("not-encrypted-yet") }</p></Message>
            <button type="submit" class="button primary wide" disabled={props.is_busy || !props.is_ready}>
                { if props.is_busy { text.get("please-wait") } else { props.label.to_string() } }
            </button>
        </>
    }
}

/// Signs a person in.
#[component]
pub fn SignIn() -> Html {
    let (text, app, sending) = (use_text(), use_app(), use_sending());
    let name = use_state(|| {
        app.identity
            .as_ref()
            .map(|identity| identity.name.clone())
            .unwrap_or_default()
    });
    let password = use_state(String::new);
    let needs_setup = use_state(|| false);
    let needs_enrolment = use_state(|| false);
    {
        let needs_setup = needs_setup.clone();
        let needs_enrolment = needs_enrolment.clone();
        use_effect_with((), move |()| {
            spawn_local(async move {
                if let Ok(state) = http::state().await {
                    needs_setup.set(!state.is_set_up);
                    let tablet = state.tablet;
                    let is_active = tablet.is_some_and(|one| one.state == TabletState::Active);
                    needs_enrolment.set(state.is_set_up && !is_active);
                }
            });
        });
    }
    let onsubmit = {
        let (name, password, sending) = (name.clone(), password.clone(), sending.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            sending.send(http::sign_in(name.trim().to_owned(), (*password).clone()));
        })
    };
    let is_ready = !name.trim().is_empty() && !password.is_empty();
    html! {
        <Outside title={text.get("sign-in-title")}>
            if *needs_setup {
                <Message tone={Tone::Calm}><p>{ text.get("setup-needed") }</p></Message>
            }
            if *needs_enrolment {
                <Message tone={Tone::Warning}>
                    <p>{ text.get("enrol-needed") }</p>
                    <p><Link<Route> to={Route::Enrol}>{ text.get("enrol-title") }</Link<Route>></p>
                </Message>
            }
            <form class="form" {onsubmit}>
                <Field id="name" label={text.get("your-name")} value={(*name).clone()} on_input={setter(&name)}
                    autofill="username" is_first=true is_required=true />
                <Field id="password" label={text.get("password")} kind="password" value={(*password).clone()}
                    on_input={setter(&password)} autofill="current-password" is_required=true />
                <Foot label={text.get("sign-in")} is_busy={*sending.is_busy} {is_ready}
                    problem={(*sending.problem).clone()} />
            </form>
        </Outside>
    }
}

/// Founds the first store and administrator.
#[component]
pub fn Setup() -> Html {
    let (text, sending) = (use_text(), use_sending());
    let code = use_state(platform::fragment);
    let store_code = use_state(String::new);
    let store_name = use_state(String::new);
    let zone = use_state(|| tablet_zone().unwrap_or_else(|| "Asia/Shanghai".to_owned()));
    let name = use_state(String::new);
    let password = use_state(String::new);
    let onsubmit = {
        let (sending, tablet_name) = (sending.clone(), text.get("tablet-name-first"));
        let fields = (
            code.clone(),
            store_code.clone(),
            store_name.clone(),
            zone.clone(),
            name.clone(),
            password.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (code, store_code, store_name, zone, name, password) = &fields;
            sending.send(http::set_up(SetupRequest {
                code: code.trim().into(),
                store_code: store_code.trim().to_uppercase(),
                store_name: store_name.trim().to_owned(),
                time_zone: zone.trim().to_owned(),
                name: name.trim().to_owned(),
                password: password.as_str().into(),
                tablet_name: tablet_name.clone(),
            }));
        })
    };
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
                <Foot label={text.get("setup-do")} is_busy={*sending.is_busy} {is_ready}
                    problem={(*sending.problem).clone()} />
            </form>
        </Outside>
    }
}

/// Sets a password by a one-time link and signs in.
#[component]
pub fn Join() -> Html {
    let (text, sending) = (use_text(), use_sending());
    let code = use_memo((), |()| platform::fragment());
    let password = use_state(String::new);
    let invitation = use_state(|| None::<Answer<Invitation>>);
    {
        let (code, invitation) = ((*code).clone(), invitation.clone());
        use_effect_with((), move |()| {
            spawn_local(async move { invitation.set(Some(http::invitation(code).await)) });
        });
    }
    let onsubmit = {
        let (code, password, sending) = (code.clone(), password.clone(), sending.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            sending.send(http::join((*code).clone(), (*password).clone()));
        })
    };
    html! {
        <Outside title={text.get("join-title")}>
            { match &*invitation {
                None => html! { <p class="quiet slow" role="status">{ text.get("please-wait") }</p> },
                Some(Err(problem)) => html! {
                    <Message tone={Tone::Problem}><p>{ text.coded("error", &problem.code) }</p></Message>
                },
                Some(Ok(invitation)) => html! {
                    <>
                        <p>{ text.get_with("join-for", [
                            ("name", invitation.name.as_str().into()),
                            ("store", invitation.store_name.as_str().into()),
                        ]) }</p>
                        <form class="form" {onsubmit}>
                            <input type="text" class="for-readers" autocomplete="username" readonly=true tabindex="-1"
                                aria-hidden="true" value={invitation.name.clone()} />
                            <NewPassword value={(*password).clone()} on_input={setter(&password)} />
                            <Foot label={text.get("join-do")} is_busy={*sending.is_busy}
                                is_ready={is_password(&password)} problem={(*sending.problem).clone()} />
                        </form>
                    </>
                },
            } }
        </Outside>
    }
}

#[derive(PartialEq, Properties)]
struct NewPasswordProps {
    value: String,
    on_input: Callback<String>,
}

#[component]
fn NewPassword(props: &NewPasswordProps) -> Html {
    let text = use_text();
    html! {
        <Field id="password" label={text.get("new-password")} kind="password" value={props.value.clone()}
            on_input={props.on_input.clone()} autofill="new-password" most={Some(PASSWORD_MAX_CHARS)}
            hint={text.get_with("password-hint", [("least", PASSWORD_MIN_CHARS.into())])} is_required=true />
    }
}

fn is_password(password: &str) -> bool {
    (PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&password.chars().count())
}

fn is_store_code(code: &str) -> bool {
    (1..=8).contains(&code.len()) && code.chars().all(|sign| sign.is_ascii_alphanumeric())
}

fn setter(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}
