//! Leaving this tablet for good: not while anything waits, because it would be lost.

use floorbook_shared::device::message::Request;
use yew::prelude::*;

use crate::screen::components::{Dialog, Message, Tone};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::platform;
use crate::screen::state::{Action, SignOutRefusal};

/// Properties of [`SignOut`].
#[derive(PartialEq, Properties)]
pub struct SignOutProps {
    /// Called when it is to be closed.
    pub on_close: Callback<()>,
}

/// The dialog: what goes and what stays, or why not now.
#[component]
pub fn SignOut(props: &SignOutProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let waiting = app
        .identity
        .as_ref()
        .and_then(|identity| app.person_here(identity.person))
        .map_or(app.status.unsent, |here| here.waiting);
    let now = SignOutRefusal {
        unsent: waiting,
        refused: app.status.refused.len(),
    };
    let refusal = app.sign_out_refused.unwrap_or(now);
    let is_refused = refusal.unsent + refusal.refused > 0;
    {
        // The refusal is read once this was closed.
        let state = app.dispatcher();
        use_effect_with((), move |()| {
            move || state.dispatch(Action::SignOutRefusalRead)
        });
    }
    {
        let state = app.dispatcher();
        use_effect_with(app.rescue.clone(), move |rescue| {
            if let Some(rescue) = rescue {
                platform::save_file(&rescue.name, &rescue.bytes);
                state.dispatch(Action::RescueTaken);
            }
        });
    }
    let rescue = {
        let link = link.clone();
        Callback::from(move |_: MouseEvent| link.ask(Request::Rescue))
    };
    let sign_out = Callback::from(move |_: MouseEvent| link.sign_out());
    let close = props.on_close.reform(|_: MouseEvent| ());
    let footer = html! {
        <div class="save-line">
            <button type="button" class="button" onclick={close}>{ text.get("cancel") }</button>
            <button type="button" class="button danger-fill" disabled={is_refused} onclick={sign_out}>{ text.get("sign-out-do") }</button>
        </div>
    };
    html! {
        <Dialog id="sign-out" title={text.get("sign-out-tablet")} on_close={props.on_close.clone()} {footer}>
            if is_refused {
                <Message tone={Tone::Warning}>
                    if refusal.unsent > 0 { <p>{ text.get_with("sign-out-unsent", [("count", refusal.unsent.into())]) }</p> }
                    if refusal.refused > 0 { <p>{ text.get_with("sign-out-refused", [("count", refusal.refused.into())]) }</p> }
                </Message>
                <p>{ text.get("sign-out-rescue-explained") }</p>
                <button type="button" class="button" onclick={rescue}>{ text.get("sign-out-rescue") }</button>
            } else {
                <p>{ text.get("sign-out-explained") }</p>
            }
        </Dialog>
    }
}
