//! Adding a tablet: a one-time code, until the new tablet shows up by itself.

use std::collections::BTreeSet;
use std::rc::Rc;

use floorbook_shared::api::{EnrolmentCode, Tablet};
use floorbook_shared::id::DeviceId;
use gloo_timers::callback::Interval;
use yew::prelude::*;
use yew_router::prelude::*;

use super::Problem;
use crate::screen::components::{Message, OneTimeLink, Tone};
use crate::screen::hooks::{use_sending, use_text};
use crate::screen::http;
use crate::screen::route::Route;

/// How often the list is read while a code is shown.
const LOOK_MILLIS: u32 = 3_000;

/// Properties of [`NewTablet`].
#[derive(PartialEq, Properties)]
pub struct NewTabletProps {
    /// The tablets as they were read last.
    pub known: Rc<Vec<Tablet>>,
    /// Reads them again.
    pub reload: Callback<()>,
}

/// A code that is shown, with the tablets that were there before it.
#[derive(Clone, PartialEq)]
struct Shown {
    code: EnrolmentCode,
    before: BTreeSet<DeviceId>,
    has_ended: bool,
}

/// The page.
#[component]
pub fn NewTablet(props: &NewTabletProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let shown = use_state(|| None::<Shown>);
    let make = {
        let (shown, sending, known) = (shown.clone(), sending.clone(), props.known.clone());
        Callback::from(move |_: MouseEvent| {
            let (shown, known) = (shown.clone(), known.clone());
            sending.send(http::enrolment_code(), move |code| {
                let before = known.iter().map(|tablet| tablet.standing.device);
                shown.set(Some(Shown {
                    code,
                    before: before.collect(),
                    has_ended: false,
                }));
            });
        })
    };
    let enrolled: Vec<Tablet> = match &*shown {
        None => Vec::new(),
        Some(shown) => {
            let is_new = |tablet: &&Tablet| !shown.before.contains(&tablet.standing.device);
            props.known.iter().filter(is_new).cloned().collect()
        }
    };
    let is_awaited = shown.is_some() && enrolled.is_empty();
    {
        let reload = props.reload.clone();
        use_effect_with(is_awaited, move |is_awaited| {
            let timer = is_awaited.then(|| Interval::new(LOOK_MILLIS, move || reload.emit(())));
            move || drop(timer)
        });
    }
    let on_end = {
        let shown = shown.clone();
        Callback::from(move |()| {
            if let Some(mut ended) = (*shown).clone() {
                ended.has_ended = true;
                shown.set(Some(ended));
            }
        })
    };
    let make_button = |label: String| {
        html! {
            <button type="button" class="button primary" onclick={make.clone()} disabled={sending.is_busy()}>{ label }</button>
        }
    };
    html! {
        <>
            <h1>{ text.get("tablets-add") }</h1>
            <section class="panel">
                { match &*shown {
                    _ if !enrolled.is_empty() => html! {
                        <>
                            { for enrolled.iter().map(|tablet| html! { <EnrolledWord tablet={tablet.clone()} /> }) }
                            { make_button(text.get("tablets-another")) }
                        </>
                    },
                    Some(shown) if !shown.has_ended => html! {
                        <>
                            <p>{ text.get("tablets-scan") }</p>
                            <OneTimeLink path="/enrol" code={shown.code.code.clone()} expires={shown.code.expires}
                                label={text.get("tablets-link")} is_typed=true {on_end} />
                            <p class="quiet" role="status">{ text.get("tablets-waiting") }</p>
                        </>
                    },
                    Some(_) => html! {
                        <>
                            <Message tone={Tone::Warning}><p>{ text.get("tablets-code-ended") }</p></Message>
                            { make_button(text.get("tablets-code-again")) }
                        </>
                    },
                    None => html! {
                        <>
                            <ol class="steps">
                                <li>{ text.get("tablets-step-1") }</li>
                                <li>{ text.get("tablets-step-2") }</li>
                                <li>{ text.get("tablets-step-3") }</li>
                            </ol>
                            <Problem code={sending.problem()} />
                            { make_button(text.get("tablets-code-make")) }
                        </>
                    },
                } }
            </section>
        </>
    }
}

#[derive(PartialEq, Properties)]
struct EnrolledWordProps {
    tablet: Tablet,
}

/// The tablet that has just shown up.
#[component]
fn EnrolledWord(props: &EnrolledWordProps) -> Html {
    let text = use_text();
    let standing = &props.tablet.standing;
    html! {
        <Message tone={Tone::Good}>
            <p><strong>{ text.get_with("tablets-enrolled", [("code", standing.code.as_str().into())]) }</strong></p>
            <p><Link<Route> to={Route::Tablet { id: standing.device.to_string() }}>{ &standing.name }</Link<Route>></p>
        </Message>
    }
}
