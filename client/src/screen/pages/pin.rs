//! Choosing a PIN after a sign-in: it opens what this tablet keeps for the person.

use floorbook_shared::api::SignedIn;
use floorbook_shared::device::message::{Request, SignInProblem};
use floorbook_shared::secret::Secret;
use floorbook_shared::vault::pin;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::pages::outside::Outside;
use crate::screen::route::Route;

/// Properties of [`NewPin`].
#[derive(PartialEq, Properties)]
pub struct NewPinProps {
    /// What the server answered.
    pub signed_in: SignedIn,
}

/// Asks for a PIN twice, and has the worker make the keyring.
#[component]
pub fn NewPin(props: &NewPinProps) -> Html {
    let (text, app, link, navigator) = (use_text(), use_app(), use_link(), use_navigator());
    let (first, second) = (use_state(String::new), use_state(String::new));
    let person = props.signed_in.identity.person;
    let identity = app.identity.as_ref();
    let is_open = identity.is_some_and(|identity| identity.person == person);
    // Someone who is at work already signs in anew: their keyring is open before it is replaced.
    let is_asked = use_state(|| false);
    {
        use_effect_with(is_open && *is_asked, move |is_done| {
            if let (true, Some(navigator)) = (*is_done, navigator) {
                navigator.replace(&Route::Today);
            }
        });
    }
    let chosen = Secret::from(first.as_str());
    let weakness = pin::check(&chosen).err().filter(|_| !first.is_empty());
    let differs = !second.is_empty() && *first != *second;
    let is_ready = pin::check(&chosen).is_ok() && *first == *second;
    let onsubmit = {
        let (signed_in, is_asked) = (props.signed_in.clone(), is_asked.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            is_asked.set(true);
            link.ask(Request::SignIn {
                signed_in: Box::new(signed_in.clone()),
                secret: chosen.clone(),
            });
        })
    };
    let problem = app.sign_in_problem.as_ref().map(|problem| match problem {
        SignInProblem::Weak { code } => text.coded("problem", code),
        SignInProblem::OtherTablet => text.coded("problem", "other_tablet"),
        SignInProblem::Storage => text.coded("problem", "storage_failed"),
    });
    let weakness = weakness.map(|weak| AttrValue::from(text.coded("problem", weak.code())));
    let difference = differs.then(|| AttrValue::from(text.get("pin-differs")));
    html! {
        <Outside title={text.get("pin-new-title")}>
            <p>{ text.get("pin-new-explained") }</p>
            <form class="form" {onsubmit}>
                <Field id="pin" label={text.get("pin-new")} kind="password" value={(*first).clone()}
                    on_input={setter(&first)} autofill="off" problem={weakness} is_required=true is_first=true />
                <Field id="pin-again" label={text.get("pin-again")} kind="password" value={(*second).clone()}
                    on_input={setter(&second)} autofill="off" problem={difference} is_required=true />
                if let Some(problem) = problem {
                    <Message tone={Tone::Problem}><p>{ problem }</p></Message>
                }
                <button type="submit" class="button primary wide" disabled={!is_ready}>{ text.get("pin-set") }</button>
            </form>
        </Outside>
    }
}

fn setter(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}
