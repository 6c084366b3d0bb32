//! The outline of what to say, unfolded by who wants it.

use floorbook_shared::rules::agenda::RECEPTION_SCRIPT;
use yew::prelude::*;

use crate::screen::hooks::use_text;

/// Properties of [`Outline`].
#[derive(PartialEq, Properties)]
pub struct OutlineProps {
    /// The key of the outline.
    pub script: &'static str,
    /// Whether it is unfolded at first.
    #[prop_or_default]
    pub is_open: bool,
}

/// The outline: a point a line. That of a reception is the nine steps of the showroom.
#[component]
pub fn Outline(props: &OutlineProps) -> Html {
    let text = use_text();
    let title = if props.script == RECEPTION_SCRIPT {
        text.get("reception-steps")
    } else {
        text.get("script")
    };
    let script = text.coded("script", props.script);
    html! {
        <details class="script" open={props.is_open}>
            <summary>{ title }</summary>
            <ol>{ for script.lines().map(|line| html! { <li>{ line.to_owned() }</li> }) }</ol>
        </details>
    }
}
