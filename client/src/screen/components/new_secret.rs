//! Choosing a PIN, typed twice on the keys, or a passphrase instead.

use floorbook_shared::secret::Secret;
use floorbook_shared::vault::pin::{self, PASSPHRASE_MIN_CHARS, PIN_MIN_DIGITS, SECRET_MAX_CHARS};
use yew::prelude::*;

use crate::screen::components::{Field, Message, PinPad, Tone};
use crate::screen::hooks::use_text;

/// Properties of [`NewSecret`].
#[derive(PartialEq, Properties)]
pub struct NewSecretProps {
    /// The words of the last button.
    pub action: AttrValue,
    /// Whether the chosen one is being used.
    #[prop_or_default]
    pub is_busy: bool,
    /// Called with a PIN or passphrase that is good enough and was typed twice.
    pub on_chosen: Callback<Secret>,
}

/// Where the choice stands.
#[derive(Clone, PartialEq)]
enum Step {
    First,
    Again(Secret),
    Passphrase,
}

/// The choice.
#[component]
pub fn NewSecret(props: &NewSecretProps) -> Html {
    let text = use_text();
    let step = use_state_eq(|| Step::First);
    // The code of why the last one was not taken.
    let problem = use_state_eq(|| None::<String>);
    let set = |next: Step| {
        let (step, problem) = (step.clone(), problem.clone());
        Callback::from(move |_: MouseEvent| {
            step.set(next.clone());
            problem.set(None);
        })
    };
    let on_pin = {
        let (step, problem, on_chosen) = (step.clone(), problem.clone(), props.on_chosen.clone());
        Callback::from(move |typed: Secret| match &*step {
            Step::Again(first) if *first == typed => {
                problem.set(None);
                on_chosen.emit(typed);
            }
            Step::Again(_) => {
                problem.set(Some("differs".to_owned()));
                step.set(Step::First);
            }
            Step::First | Step::Passphrase => match pin::check(&typed) {
                Ok(()) => {
                    problem.set(None);
                    step.set(Step::Again(typed));
                }
                Err(weak) => problem.set(Some(weak.code().to_owned())),
            },
        })
    };
    let said = problem.as_ref().map(|code| match code.as_str() {
        "differs" => text.get("secret-differs"),
        code => text.coded("secret", code),
    });
    let body = match &*step {
        Step::First | Step::Again(_) => {
            let is_first = *step == Step::First;
            let asked = if is_first {
                text.get_with("secret-first", [("least", PIN_MIN_DIGITS.into())])
            } else {
                text.get("secret-again")
            };
            let done = if is_first {
                text.get("pin-next")
            } else {
                props.action.to_string()
            };
            html! {
                <>
                    <p class="unlock-say" role="status">
                        { if props.is_busy { text.get("secret-setting") } else { asked.clone() } }
                    </p>
                    if let Some(said) = said { <Message tone={Tone::Problem}><p>{ said }</p></Message> }
                    <PinPad key={is_first.to_string()} label={asked} {done} is_busy={props.is_busy} on_done={on_pin} />
                    <div class="unlock-ways">
                        <button type="button" class="button quiet-button" onclick={set(Step::Passphrase)} disabled={props.is_busy}>
                            { text.get("secret-use-passphrase") }
                        </button>
                    </div>
                </>
            }
        }
        Step::Passphrase => html! {
            <>
                <NewPassphrase action={props.action.clone()} is_busy={props.is_busy} on_chosen={props.on_chosen.clone()} />
                <div class="unlock-ways">
                    <button type="button" class="button quiet-button" onclick={set(Step::First)} disabled={props.is_busy}>
                        { text.get("secret-use-pin") }
                    </button>
                </div>
            </>
        },
    };
    html! { <div class="unlock new-secret">{ body }</div> }
}

/// A passphrase is typed twice as well, because nobody sees it.
#[component]
fn NewPassphrase(props: &NewSecretProps) -> Html {
    let text = use_text();
    let first = use_state(String::new);
    let again = use_state(String::new);
    let problem = use_state_eq(|| None::<String>);
    let onsubmit = {
        let (first, again, problem) = (first.clone(), again.clone(), problem.clone());
        let on_chosen = props.on_chosen.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let chosen = Secret::from(first.as_str());
            match pin::check(&chosen) {
                Err(weak) => problem.set(Some(weak.code().to_owned())),
                Ok(()) if *first != *again => problem.set(Some("differs".to_owned())),
                Ok(()) => {
                    problem.set(None);
                    on_chosen.emit(chosen);
                }
            }
        })
    };
    let set = |field: &UseStateHandle<String>| {
        let field = field.clone();
        Callback::from(move |value: String| field.set(value))
    };
    let said = problem.as_ref().map(|code| match code.as_str() {
        "differs" => text.get("secret-differs"),
        code => text.coded("secret", code),
    });
    html! {
        <form class="form" {onsubmit}>
            <Field id="passphrase" label={text.get("passphrase")} kind="password" value={(*first).clone()}
                on_input={set(&first)} autofill="new-password" most={Some(SECRET_MAX_CHARS)} is_first=true is_required=true
                hint={text.get_with("secret-passphrase-hint", [("least", PASSPHRASE_MIN_CHARS.into())])}
                problem={said.map(AttrValue::from)} />
            <Field id="passphrase-again" label={text.get("secret-again")} kind="password" value={(*again).clone()}
                on_input={set(&again)} autofill="new-password" most={Some(SECRET_MAX_CHARS)} is_required=true />
            <button type="submit" class="button primary wide" disabled={props.is_busy || first.is_empty() || again.is_empty()}>
                { if props.is_busy { text.get("secret-setting") } else { props.action.to_string() } }
            </button>
        </form>
    }
}
