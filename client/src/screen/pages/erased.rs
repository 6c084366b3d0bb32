//! The tablet was emptied: what happened, and what went.

use floorbook_shared::api::TabletState;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Message, Tone};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::pages::outside::Outside;
use crate::screen::route::Route;
use crate::screen::state::Erasure;

/// Properties of [`Erased`].
#[derive(PartialEq, Properties)]
pub struct ErasedProps {
    /// How it was emptied.
    pub erasure: Erasure,
}

/// The page.
#[component]
pub fn Erased(props: &ErasedProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let state = app.standing().map(|standing| standing.state);
    let (title, explained) = match state {
        _ if props.erasure.is_reset => {
            (text.get("erased-reset"), text.get("erased-reset-explained"))
        }
        Some(TabletState::Stolen) => (
            text.get("erased-stolen"),
            text.get("erased-stolen-explained"),
        ),
        Some(TabletState::Active | TabletState::Retiring | TabletState::Retired) | None => (
            text.get("erased-retired"),
            text.get("erased-retired-explained"),
        ),
    };
    html! {
        <Outside {title}>
            <p>{ explained }</p>
            if props.erasure.changes > 0 {
                <Message tone={Tone::Warning}><p>{ text.get_with("erased-lost", [("count", props.erasure.changes.into())]) }</p></Message>
            } else if props.erasure.is_reset {
                if state.is_some_and(|state| state != TabletState::Active) {
                    <Message tone={Tone::Good}><p>{ text.get("erased-reset-told") }</p></Message>
                } else {
                    <Message tone={Tone::Warning}><p>{ text.get("erased-reset-untold") }</p></Message>
                }
            } else {
                <Message tone={Tone::Good}><p>{ text.get("erased-nothing-lost") }</p></Message>
            }
            <Link<Route> to={Route::Enrol} classes="button">{ text.get("erased-again") }</Link<Route>>
        </Outside>
    }
}
