//! The tablet was emptied: what happened, and what went.

use floorbook_shared::api::TabletState;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Message, Tone};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::pages::outside::Outside;
use crate::screen::route::Route;

/// Properties of [`Erased`].
#[derive(PartialEq, Properties)]
pub struct ErasedProps {
    /// Changes that were not at the store and are lost.
    pub changes: usize,
}

/// The page.
#[component]
pub fn Erased(props: &ErasedProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let state = app.standing().map(|standing| standing.state);
    let (title, explained) = match state {
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
            if props.changes > 0 {
                <Message tone={Tone::Warning}><p>{ text.get_with("erased-lost", [("count", props.changes.into())]) }</p></Message>
            } else {
                <Message tone={Tone::Good}><p>{ text.get("erased-nothing-lost") }</p></Message>
            }
            <Link<Route> to={Route::Enrol} classes="button">{ text.get("erased-again") }</Link<Route>>
        </Outside>
    }
}
