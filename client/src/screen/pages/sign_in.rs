//! Signing in, setting up the first store, and joining by a one-time link.

use floorbook_shared::api::{
    Invitation, PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, SetupRequest, SignedIn,
};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::screen::clock::tablet_zone;
use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::http::{self, Answer};
use crate::screen::pages::outside::Outside;
use crate::screen::pages::pin::NewPin;
use crate::screen::platform;

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

/// Sends a form, and holds what the server answered: then a PIN is chosen.
#[hook]
fn use_sending() -> (Sending, Option<SignedIn>) {
    let signed_in = use_state(|| None::<SignedIn>);
    let sending = Sending {
        is_busy: use_state(|| false),
        problem: use_state(|| None),
        on_signed_in: {
            let signed_in = signed_in.clone();
            Callback::from(move |answer| signed_in.set(Some(answer)))
        },
    };
    (sending, (*signed_in).clone())
}

#[derive(PartialEq, Properties)]
struct FootProps {
    label: AttrValue,
    is_busy: bool,
    is_ready: bool,
    problem: Option<String>,
}

/// Problem and button of a form.
#[component]
fn Foot(props: &FootProps) -> Html {
    let text = use_text();
    html! {
        <>
            if let Some(code) = &props.problem {
                <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message>
            }
            <button type="submit" class="button primary wide" disabled={props.is_busy || !props.is_ready}>
                { if props.is_busy { text.get("please-wait") } else { props.label.to_string() } }
            </button>
        </>
    }
}

/// Signs a person in.
#[component]
pub fn SignIn() -> Html {
    let (text, app) = (use_text(), use_app());
    let (sending, signed_in) = use_sending();
    let name = use_state(|| {
        app.identity
            .as_ref()
            .map(|identity| identity.name.clone())
            .unwrap_or_default()
    });
    let password = use_state(String::new);
    let needs_setup = use_state(|| false);
    {
        let needs_setup = needs_setup.clone();
        use_effect_with((), move |()| {
            spawn_local(async move {
                if let Ok(state) = http::state().await {
                    needs_setup.set(!state.is_set_up);
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
    if let Some(signed_in) = signed_in {
        return html! { <NewPin {signed_in} /> };
    }
    html! {
        <Outside title={text.get("sign-in-title")}>
            if *needs_setup {
                <Message tone={Tone::Calm}><p>{ text.get("setup-needed") }</p></Message>
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
    let text = use_text();
    let (sending, signed_in) = use_sending();
    let code = use_state(platform::fragment);
    let store_code = use_state(String::new);
    let store_name = use_state(String::new);
    let zone = use_state(|| tablet_zone().unwrap_or_else(|| "Asia/Shanghai".to_owned()));
    let name = use_state(String::new);
    let password = use_state(String::new);
    let tablet_name = use_state(|| text.get("this-tablet"));
    let onsubmit = {
        let sending = sending.clone();
        let fields = (
            code.clone(),
            store_code.clone(),
            store_name.clone(),
            zone.clone(),
            name.clone(),
            password.clone(),
            tablet_name.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (code, store_code, store_name, zone, name, password, tablet_name) = &fields;
            sending.send(http::set_up(SetupRequest {
                code: code.trim().into(),
                store_code: store_code.trim().to_uppercase(),
                store_name: store_name.trim().to_owned(),
                time_zone: zone.trim().to_owned(),
                name: name.trim().to_owned(),
                password: password.as_str().into(),
                tablet_name: tablet_name.trim().to_owned(),
            }));
        })
    };
    let store_code_is_good = is_store_code(store_code.trim());
    let is_ready = store_code_is_good
        && is_password(&password)
        && [&code, &store_name, &zone, &name, &tablet_name]
            .iter()
            .all(|field| !field.trim().is_empty());
    let store_code_problem = (!store_code.is_empty() && !store_code_is_good)
        .then(|| AttrValue::from(text.get("store-code-problem")));
    if let Some(signed_in) = signed_in {
        return html! { <NewPin {signed_in} /> };
    }
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
                <Field id="tablet-name" label={text.get("tablet-name")} value={(*tablet_name).clone()}
                    on_input={setter(&tablet_name)} is_required=true />
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
    let text = use_text();
    let (sending, signed_in) = use_sending();
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
    if let Some(signed_in) = signed_in {
        return html! { <NewPin {signed_in} /> };
    }
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
