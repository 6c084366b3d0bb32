//! A list with what was chosen in it: side by side where there is room, else one over the other.

use yew::prelude::*;
use yew_router::prelude::Link;

use crate::screen::components::{Icon, Picture};
use crate::screen::hooks::{use_is_narrow, use_text};
use crate::screen::route::Route;

/// Properties of [`ListDetail`].
#[derive(PartialEq, Properties)]
pub struct ListDetailProps {
    /// What the list holds.
    pub label: AttrValue,
    /// The list.
    pub list: Html,
    /// Names the detail.
    pub detail_label: AttrValue,
    /// The detail, if something was chosen.
    pub detail: Option<Html>,
    /// What stands in its place otherwise.
    pub empty: Html,
    /// Where the list is.
    pub back: Route,
}

/// The two panes; the list stays in the page while the detail covers it.
#[component]
pub fn ListDetail(props: &ListDetailProps) -> Html {
    let text = use_text();
    let is_covered = use_is_narrow() && props.detail.is_some();
    html! {
        <div class={classes!("split", "administration", props.detail.is_some().then_some("has-detail"))}>
            <section class="list-pane" aria-label={props.label.clone()} inert={is_covered}>{ props.list.clone() }</section>
            <section class="detail-pane" tabindex="-1" aria-label={props.detail_label.clone()}>
                if let Some(detail) = &props.detail {
                    <div class="detail-page">
                        <Link<Route> to={props.back.clone()} classes="back">
                            <Icon picture={Picture::Back} />{ text.get("back-to-list") }
                        </Link<Route>>
                        { detail.clone() }
                    </div>
                } else {
                    { props.empty.clone() }
                }
            </section>
        </div>
    }
}
