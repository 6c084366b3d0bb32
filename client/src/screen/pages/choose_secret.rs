//! After a sign-in with the password: the PIN that opens this tablet from now on.

use std::rc::Rc;

use floorbook_shared::api::SignedIn;
use floorbook_shared::secret::Secret;
use yew::prelude::*;

use crate::screen::components::{Avatar, NewSecret};
use crate::screen::hooks::{use_link, use_text};
use crate::screen::pages::outside::Outside;

/// Properties of [`ChooseSecret`].
#[derive(PartialEq, Properties)]
pub struct ChooseSecretProps {
    /// What the server answered to the password.
    pub signed_in: Rc<SignedIn>,
}

/// The page; once the keyring is sealed the tablet is open and something else is shown.
#[component]
pub fn ChooseSecret(props: &ChooseSecretProps) -> Html {
    let (text, link) = (use_text(), use_link());
    let is_busy = use_state_eq(|| false);
    let on_chosen = {
        let (signed_in, is_busy) = (props.signed_in.clone(), is_busy.clone());
        Callback::from(move |secret: Secret| {
            is_busy.set(true);
            link.sign_in(SignedIn::clone(&signed_in), secret);
        })
    };
    html! {
        <Outside title={text.get("secret-title")}>
            <p class="with-avatar"><Avatar name={props.signed_in.identity.name.clone()} /><span>{ text.get("secret-explained") }</span></p>
            <NewSecret action={text.get("secret-set")} is_busy={*is_busy} {on_chosen} />
        </Outside>
    }
}
