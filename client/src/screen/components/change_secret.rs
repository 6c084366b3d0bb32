//! Another PIN or passphrase: the present one first, then the new one twice.

use floorbook_shared::secret::Secret;
use yew::prelude::*;

use crate::screen::components::{Dialog, Field, Message, NewSecret, Tone, words_of_problem};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::state::{Action, Attempt};

/// Properties of [`ChangeSecret`].
#[derive(PartialEq, Properties)]
pub struct ChangeSecretProps {
    /// Called when it is to be closed.
    pub on_close: Callback<()>,
}

/// The dialog.
#[component]
pub fn ChangeSecret(props: &ChangeSecretProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let typed = use_state(String::new);
    let current = use_state(|| None::<Secret>);
    {
        // An earlier try says nothing about this one.
        let state = app.dispatcher();
        use_effect_with((), move |()| {
            state.dispatch(Action::AttemptRead);
            move || state.dispatch(Action::AttemptRead)
        });
    }
    {
        // A wrong present PIN is asked for again.
        let current = current.clone();
        let is_wrong = matches!(app.attempt, Attempt::NotUnlocked { .. });
        use_effect_with(is_wrong, move |is_wrong| {
            if *is_wrong {
                current.set(None);
            }
        });
    }
    let on_current = {
        let (typed, current, state) = (typed.clone(), current.clone(), app.dispatcher());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            state.dispatch(Action::AttemptRead);
            current.set(Some(Secret::from(typed.as_str())));
            typed.set(String::new());
        })
    };
    let on_chosen = {
        let (current, state) = (current.clone(), app.dispatcher());
        Callback::from(move |secret: Secret| {
            if let Some(current) = &*current {
                state.dispatch(Action::Trying);
                link.change_secret(current.clone(), secret);
            }
        })
    };
    let on_input = {
        let typed = typed.clone();
        Callback::from(move |value: String| typed.set(value))
    };
    let problem = words_of_problem(&app.attempt, &text);
    let body = if app.attempt == Attempt::SecretChanged {
        html! {
            <>
                <Message tone={Tone::Good}><p>{ text.get("secret-changed") }</p></Message>
                <button type="button" class="button primary wide" onclick={props.on_close.reform(|_: MouseEvent| ())}>{ text.get("close") }</button>
            </>
        }
    } else if current.is_some() {
        html! {
            <>
                if let Some(problem) = problem { <Message tone={Tone::Problem}><p>{ problem }</p></Message> }
                <NewSecret action={text.get("secret-change-do")} is_busy={app.attempt == Attempt::UnderWay} {on_chosen} />
            </>
        }
    } else {
        html! {
            <form class="form" onsubmit={on_current}>
                if let Some(problem) = problem { <Message tone={Tone::Problem}><p>{ problem }</p></Message> }
                <Field id="current-secret" label={text.get("secret-current")} kind="password" value={(*typed).clone()} {on_input}
                    autofill="off" is_first=true is_required=true />
                <button type="submit" class="button primary wide" disabled={typed.is_empty()}>{ text.get("pin-next") }</button>
            </form>
        }
    };
    html! {
        <Dialog id="change-secret" title={text.get("change-pin-title")} on_close={props.on_close.clone()}>{ body }</Dialog>
    }
}
