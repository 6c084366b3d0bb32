//! After a sign-in with the password: the PIN that opens this tablet from now on.

use std::rc::Rc;

use floorbook_shared::api::SignedIn;
use floorbook_shared::secret::Secret;
use yew::prelude::*;

use crate::screen::components::{Avatar, Message, NewSecret, Tone, words_of_problem};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::pages::outside::Outside;
use crate::screen::state::{Action, Attempt};

/// Properties of [`ChooseSecret`].
#[derive(PartialEq, Properties)]
pub struct ChooseSecretProps {
    /// What the server answered to the password.
    pub signed_in: Rc<SignedIn>,
}

/// The page; once the keyring is sealed the tablet is open and something else is shown.
#[component]
pub fn ChooseSecret(props: &ChooseSecretProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let on_chosen = {
        let (signed_in, state) = (props.signed_in.clone(), app.dispatcher());
        Callback::from(move |secret: Secret| {
            state.dispatch(Action::Trying);
            link.sign_in(SignedIn::clone(&signed_in), secret);
        })
    };
    html! {
        <Outside title={text.get("secret-title")}>
            <p class="with-avatar"><Avatar name={props.signed_in.identity.name.clone()} /><span>{ text.get("secret-explained") }</span></p>
            if let Some(problem) = words_of_problem(&app.attempt, &text) {
                <Message tone={Tone::Problem}><p>{ problem }</p></Message>
            }
            <NewSecret action={text.get("secret-set")} is_busy={app.attempt == Attempt::UnderWay} {on_chosen} />
        </Outside>
    }
}
