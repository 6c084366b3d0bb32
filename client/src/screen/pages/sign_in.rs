//! Signing in with name and password on an enrolled tablet.

use std::rc::Rc;

use floorbook_shared::api::{PASSWORD_MAX_CHARS, PASSWORD_MIN_CHARS, SignedIn};
use floorbook_shared::secret::Secret;
use yew::prelude::*;

use crate::screen::components::{Field, Icon, Message, Picture, Tone};
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;
use crate::screen::pages::choose_secret::ChooseSecret;
use crate::screen::pages::outside::Outside;

/// Properties of [`SignIn`].
#[derive(PartialEq, Properties)]
pub struct SignInProps {
    /// Who it is, if they were chosen already.
    #[prop_or_default]
    pub name: Option<AttrValue>,
    /// Leads back to the people of this tablet, if there are any.
    #[prop_or_default]
    pub on_back: Option<Callback<()>>,
}

/// The page, then the one on which a PIN is chosen.
#[component]
pub fn SignIn(props: &SignInProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let name = use_state(|| props.name.clone().unwrap_or_default().to_string());
    let password = use_state(String::new);
    let signed_in = use_state(|| None::<Rc<SignedIn>>);
    let onsubmit = {
        let (name, password) = (name.clone(), password.clone());
        let (sending, signed_in) = (sending.clone(), signed_in.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let secret = Secret::from(password.as_str());
            let (signed_in, password) = (signed_in.clone(), password.clone());
            sending.send(
                http::sign_in(name.trim().to_owned(), secret),
                move |answer| {
                    password.set(String::new());
                    signed_in.set(Some(Rc::new(answer)));
                },
            );
        })
    };
    if let Some(signed_in) = &*signed_in {
        return html! { <ChooseSecret signed_in={signed_in.clone()} /> };
    }
    let is_ready = !name.trim().is_empty() && !password.is_empty();
    let title = match &props.name {
        Some(name) => text.get_with("sign-in-again-for", [("name", name.to_string().into())]),
        None => text.get("sign-in-title"),
    };
    html! {
        <Outside {title}>
            if props.name.is_some() { <p class="quiet">{ text.get("sign-in-keeps") }</p> }
            <form class="form" {onsubmit}>
                if props.name.is_some() {
                    <input type="text" class="for-readers" autocomplete="username" readonly=true tabindex="-1"
                        aria-hidden="true" value={(*name).clone()} />
                } else {
                    <Field id="name" label={text.get("your-name")} value={(*name).clone()} on_input={setter(&name)}
                        autofill="username" is_first=true is_required=true />
                }
                <Field id="password" label={text.get("password")} kind="password" value={(*password).clone()}
                    on_input={setter(&password)} autofill="current-password" is_first={props.name.is_some()} is_required=true
                    hint={text.get("sign-in-network")} />
                <Foot label={text.get("sign-in")} is_busy={sending.is_busy()} {is_ready} problem={sending.problem()} />
            </form>
            if let Some(on_back) = &props.on_back {
                <button type="button" class="button quiet-button" onclick={on_back.reform(|_: MouseEvent| ())}>
                    <Icon picture={Picture::Back} />{ text.get("lock-people") }
                </button>
            }
        </Outside>
    }
}

/// Properties of [`Foot`].
#[derive(PartialEq, Properties)]
pub struct FootProps {
    /// The words of the button.
    pub label: AttrValue,
    /// Whether an answer is awaited.
    pub is_busy: bool,
    /// Whether the form is complete.
    pub is_ready: bool,
    /// The code of what went wrong.
    pub problem: Option<String>,
}

/// Problem and button of a form.
#[component]
pub fn Foot(props: &FootProps) -> Html {
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

/// Properties of [`NewPassword`].
#[derive(PartialEq, Properties)]
pub struct NewPasswordProps {
    /// What was typed.
    pub value: String,
    /// Called with every change of it.
    pub on_input: Callback<String>,
}

/// The field for a new password.
#[component]
pub fn NewPassword(props: &NewPasswordProps) -> Html {
    let text = use_text();
    html! {
        <Field id="password" label={text.get("new-password")} kind="password" value={props.value.clone()}
            on_input={props.on_input.clone()} autofill="new-password" most={Some(PASSWORD_MAX_CHARS)}
            hint={text.get_with("password-hint", [("least", PASSWORD_MIN_CHARS.into())])} is_required=true />
    }
}

/// Whether a password is long enough and not too long.
pub fn is_password(password: &str) -> bool {
    (PASSWORD_MIN_CHARS..=PASSWORD_MAX_CHARS).contains(&password.chars().count())
}

/// Sets a state to what is typed.
pub fn setter(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}
