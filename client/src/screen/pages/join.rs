//! Setting a password by a one-time link, on an enrolled tablet.

use std::rc::Rc;

use floorbook_shared::api::SignedIn;
use floorbook_shared::secret::Secret;
use yew::prelude::*;

use crate::screen::components::{Message, Tone};
use crate::screen::hooks::{use_loaded, use_sending, use_text};
use crate::screen::http;
use crate::screen::pages::choose_secret::ChooseSecret;
use crate::screen::pages::outside::Outside;
use crate::screen::pages::sign_in::{Foot, NewPassword, is_password, setter};
use crate::screen::platform;

/// The page, then the one on which a PIN is chosen.
#[component]
pub fn Join() -> Html {
    let (text, sending) = (use_text(), use_sending());
    let code = use_memo((), |()| Secret::from(platform::fragment()));
    let password = use_state(String::new);
    let signed_in = use_state(|| None::<Rc<SignedIn>>);
    let invitation = {
        let code = code.clone();
        use_loaded(move || http::invitation(Secret::clone(&code)))
    };
    let onsubmit = {
        let (code, password) = (code.clone(), password.clone());
        let (sending, signed_in) = (sending.clone(), signed_in.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let secret = Secret::from(password.as_str());
            let (signed_in, password) = (signed_in.clone(), password.clone());
            sending.send(http::join(Secret::clone(&code), secret), move |answer| {
                password.set(String::new());
                signed_in.set(Some(Rc::new(answer)));
            });
        })
    };
    if let Some(signed_in) = &*signed_in {
        return html! { <ChooseSecret signed_in={signed_in.clone()} /> };
    }
    html! {
        <Outside title={text.get("join-title")}>
            if let Some(code) = &invitation.problem {
                <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message>
            } else if let Some(invitation) = &invitation.value {
                <p>{ text.get_with("join-for", [
                    ("name", invitation.name.as_str().into()),
                    ("store", invitation.store_name.as_str().into()),
                ]) }</p>
                <form class="form" {onsubmit}>
                    <input type="text" class="for-readers" autocomplete="username" readonly=true tabindex="-1"
                        aria-hidden="true" value={invitation.name.clone()} />
                    <NewPassword value={(*password).clone()} on_input={setter(&password)} />
                    <Foot label={text.get("join-do")} is_busy={sending.is_busy()}
                        is_ready={is_password(&password)} problem={sending.problem()} />
                </form>
            } else {
                <p class="quiet slow" role="status">{ text.get("please-wait") }</p>
            }
        </Outside>
    }
}
