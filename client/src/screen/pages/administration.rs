//! 管理: people, stores and tablets, each for those who may.

mod handovers;
mod held;
mod new_person;
mod new_store;
mod new_tablet;
mod people;
mod person;
mod person_forms;
mod rescue;
mod settings;
mod store;
mod stores;
mod tablet;
mod tablets;
mod work_settings;

pub use handovers::Handovers;
pub use people::People;
pub use rescue::Rescue;
pub use stores::Stores;
pub use tablets::Tablets;

use yew::prelude::*;

use crate::screen::components::{Empty, Message, Tone};
use crate::screen::hooks::{Loaded, Sending, use_text};
use crate::screen::pages::more::BackToMore;

/// What is shown beside a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen<T> {
    /// Nothing yet.
    Nothing,
    /// A form for another one.
    New,
    /// This one.
    One(T),
}

/// Properties of [`LoadTrouble`].
#[derive(PartialEq, Properties)]
pub struct LoadTroubleProps {
    /// The code of why the list could not be read.
    pub problem: Option<String>,
    /// Reads it again.
    pub reload: Callback<()>,
}

/// Why a list is not new, or not there; what was read last stays below.
#[component]
pub fn LoadTrouble(props: &LoadTroubleProps) -> Html {
    let text = use_text();
    let Some(code) = &props.problem else {
        return html! {};
    };
    let again = props.reload.reform(|_: MouseEvent| ());
    html! {
        <Message tone={Tone::Problem}>
            <div class="message-line">
                <span>{ text.coded("error", code) }</span>
                <button type="button" class="button" onclick={again}>{ text.get("try-again") }</button>
            </div>
        </Message>
    }
}

/// Waits for the first answer, else why there is none.
fn waiting<T>(loaded: &Loaded<T>, please_wait: String) -> Html {
    html! {
        <div class="list-head">
            <LoadTrouble problem={loaded.problem.clone()} reload={loaded.reload.clone()} />
            if loaded.problem.is_none() { <p class="quiet slow" role="status">{ please_wait }</p> }
        </div>
    }
}

/// Properties of [`Problem`].
#[derive(PartialEq, Properties)]
struct ProblemProps {
    code: Option<String>,
}

/// Why a form was not taken.
#[component]
fn Problem(props: &ProblemProps) -> Html {
    let text = use_text();
    match &props.code {
        Some(code) => {
            html! { <Message tone={Tone::Problem}><p>{ text.coded("error", code) }</p></Message> }
        }
        None => html! {},
    }
}

/// The button of a form with the word while it is sent.
fn save_button(sending: &Sending, label: String, please_wait: String, is_ready: bool) -> Html {
    html! {
        <button type="submit" class="button primary" disabled={!is_ready || sending.is_busy()}>
            { if sending.is_busy() { please_wait } else { label } }
        </button>
    }
}

/// What somebody sees whose posts do not include this place.
#[component]
pub fn NotForYou() -> Html {
    let text = use_text();
    html! { <div class="page"><BackToMore /><Empty title={text.get("not-for-your-role")} /></div> }
}
