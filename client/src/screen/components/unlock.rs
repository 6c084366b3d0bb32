//! Opening the tablet for one person: PIN or passphrase, and what to do when it does not open.

use floorbook_shared::device::message::{SignInProblem, UnlockProblem};
use floorbook_shared::secret::Secret;
use floorbook_shared::vault::keyring::Closed;
use floorbook_shared::vault::pin::SECRET_MAX_CHARS;
use yew::prelude::*;

use crate::screen::components::{Avatar, Field, Message, PinPad, Tone};
use crate::screen::hooks::use_text;
use crate::screen::state::Attempt;
use crate::screen::text::Text;

/// Why a PIN opens nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Too many wrong ones.
    Tries,
    /// Too long without the network.
    Lease,
    /// The keyring is damaged.
    Damage,
}

impl From<Closed> for Ended {
    fn from(closed: Closed) -> Self {
        match closed {
            Closed::TriesUsedUp => Self::Tries,
            Closed::LeaseOver => Self::Lease,
            Closed::Damaged => Self::Damage,
        }
    }
}

/// Properties of [`Unlock`].
#[derive(PartialEq, Properties)]
pub struct UnlockProps {
    /// Whose tablet it becomes.
    pub name: AttrValue,
    /// Why it can't be opened here, if so.
    #[prop_or_default]
    pub ended: Option<Ended>,
    /// Changes of theirs that wait.
    pub waiting: usize,
    /// What came of the last try.
    #[prop_or_default]
    pub attempt: Attempt,
    /// Until when the network is needed, if that is near.
    #[prop_or_default]
    pub lease_end: Option<AttrValue>,
    /// Whether a try is under way.
    pub is_busy: bool,
    /// Called with what was typed.
    pub on_secret: Callback<Secret>,
    /// Called when it was forgotten, or opens nothing any more.
    pub on_forgotten: Callback<()>,
    /// Called when it is somebody else.
    pub on_other: Callback<()>,
}

/// The keys, or the way that is left.
#[component]
pub fn Unlock(props: &UnlockProps) -> Html {
    let text = use_text();
    let has_passphrase = use_state_eq(|| false);
    let other = props.on_other.reform(|_: MouseEvent| ());
    let forgotten = props.on_forgotten.reform(|_: MouseEvent| ());
    let name = [("name", props.name.to_string().into())];
    if let Some(ended) = props.ended {
        let count = [("count", props.waiting.into())];
        let (title, explained) = match ended {
            Ended::Tries => (
                text.get("unlock-ended-tries"),
                text.get_with("unlock-ended-tries-explained", count),
            ),
            Ended::Lease => (
                text.get("unlock-ended-lease"),
                text.get_with("unlock-ended-lease-explained", count),
            ),
            Ended::Damage => (
                text.get("unlock-ended-damage"),
                text.get_with("unlock-ended-damage-explained", count),
            ),
        };
        return html! {
            <div class="unlock">
                <Avatar name={props.name.clone()} />
                <h1>{ &props.name }</h1>
                <Message tone={Tone::Warning}><p><strong>{ title }</strong></p><p>{ explained }</p></Message>
                <button type="button" class="button primary wide" onclick={forgotten}>{ text.get("lock-someone-else-note") }</button>
                <button type="button" class="button quiet-button" onclick={other}>{ text.get("unlock-other") }</button>
            </div>
        };
    }
    let toggle = {
        let has_passphrase = has_passphrase.clone();
        Callback::from(move |_: MouseEvent| has_passphrase.set(!*has_passphrase))
    };
    let (title, label) = if *has_passphrase {
        (
            text.get_with("unlock-title-passphrase", name.clone()),
            text.get_with("passphrase-of", name),
        )
    } else {
        (
            text.get_with("unlock-title", name.clone()),
            text.get_with("pin-of", name),
        )
    };
    html! {
        <div class="unlock is-open">
            <div class="unlock-who">
                <Avatar name={props.name.clone()} />
                <h1>{ title }</h1>
                if let Some(end) = &props.lease_end {
                    <Message tone={Tone::Warning}><p>{ text.get_with("lease-warning", [("day", end.to_string().into())]) }</p></Message>
                }
                { said(props, &text) }
            </div>
            <div class="unlock-keys">
                if *has_passphrase {
                    <TypePassphrase {label} is_busy={props.is_busy} on_secret={props.on_secret.clone()} />
                } else {
                    <PinPad {label} done={text.get("pin-open")} is_busy={props.is_busy} on_done={props.on_secret.clone()} />
                }
            </div>
            <div class="unlock-ways">
                <button type="button" class="button quiet-button" onclick={toggle}>
                    { if *has_passphrase { text.get("unlock-has-pin") } else { text.get("unlock-has-passphrase") } }
                </button>
                <button type="button" class="button quiet-button" onclick={forgotten}>{ text.get("unlock-forgot") }</button>
                <button type="button" class="button quiet-button" onclick={other}>{ text.get("unlock-other") }</button>
            </div>
        </div>
    }
}

/// What is to be said about the last try.
fn said(props: &UnlockProps, text: &Text) -> Html {
    if props.is_busy {
        return html! { <p class="unlock-say" role="status">{ text.get("unlock-trying") }</p> };
    }
    match words_of_problem(&props.attempt, text) {
        Some(words) => html! { <Message tone={Tone::Problem}><p>{ words }</p></Message> },
        None => html! {},
    }
}

/// Why the last try failed, in words.
pub fn words_of_problem(attempt: &Attempt, text: &Text) -> Option<String> {
    let (problem, left) = match attempt {
        Attempt::None | Attempt::UnderWay | Attempt::SecretChanged => return None,
        Attempt::NotSignedIn(SignInProblem::Weak { code }) => {
            return Some(text.coded("secret", code));
        }
        Attempt::NotSignedIn(SignInProblem::OtherTablet) => {
            return Some(text.get("sign-in-other-tablet"));
        }
        Attempt::NotSignedIn(SignInProblem::Storage) => return Some(text.get("unlock-storage")),
        Attempt::NotUnlocked {
            problem,
            tries_left,
            ..
        } => (*problem, *tries_left),
    };
    Some(match problem {
        UnlockProblem::Wrong if left == 1 => text.get("unlock-wrong-last"),
        UnlockProblem::Wrong => text.get_with("unlock-wrong", [("count", left.into())]),
        UnlockProblem::TriesUsedUp => text.get("unlock-ended-tries"),
        UnlockProblem::LeaseOver => text.get("unlock-ended-lease"),
        UnlockProblem::Damaged => text.get("unlock-ended-damage"),
        UnlockProblem::Unknown => text.get("tile-sign-in"),
        UnlockProblem::Storage => text.get("unlock-storage"),
    })
}

#[derive(PartialEq, Properties)]
struct TypePassphraseProps {
    label: AttrValue,
    is_busy: bool,
    on_secret: Callback<Secret>,
}

#[component]
fn TypePassphrase(props: &TypePassphraseProps) -> Html {
    let text = use_text();
    let typed = use_state(String::new);
    let onsubmit = {
        let (typed, on_secret, is_busy) = (typed.clone(), props.on_secret.clone(), props.is_busy);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !is_busy && !typed.is_empty() {
                let secret = Secret::from(typed.as_str());
                typed.set(String::new());
                on_secret.emit(secret);
            }
        })
    };
    let on_input = {
        let typed = typed.clone();
        Callback::from(move |value: String| typed.set(value))
    };
    html! {
        <form class="form" {onsubmit}>
            <Field id="unlock-passphrase" label={props.label.clone()} kind="password" value={(*typed).clone()} {on_input}
                autofill="off" most={Some(SECRET_MAX_CHARS)} is_first=true is_required=true />
            <button type="submit" class="button primary wide" disabled={props.is_busy || typed.is_empty()}>
                { text.get("pin-open") }
            </button>
        </form>
    }
}
