//! Views that a person saved: kept under a name, and let go.

use std::rc::Rc;

use floorbook_shared::view::listing::{SavedView, VIEW_NAME_MAX_CHARS, VIEWS_MAX, save_view};
use yew::prelude::*;

use crate::screen::components::{Field, Icon, Picture};
use crate::screen::hooks::use_text;
use crate::screen::state::ListView;

/// Properties of [`Views`].
#[derive(PartialEq, Properties)]
pub(super) struct ViewsProps {
    /// What is shown.
    pub view: ListView,
    /// The saved views.
    pub views: Rc<Vec<SavedView>>,
    /// Called with the saved views when they changed.
    pub on_views: Callback<Vec<SavedView>>,
}

/// Keeps what is shown under a name, and lets saved views go.
#[component]
pub(super) fn Views(props: &ViewsProps) -> Html {
    let text = use_text();
    let name = use_state(String::new);
    let is_full = props.views.len() >= VIEWS_MAX;
    let save = {
        let (name, view) = (name.clone(), props.view.clone());
        let (views, on_views) = (props.views.clone(), props.on_views.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let mut list = (*views).clone();
            let saved = SavedView {
                name: (*name).clone(),
                query: view.query.clone(),
                filter: view.filter.clone(),
                order: view.order,
            };
            if save_view(&mut list, saved) {
                on_views.emit(list);
                name.set(String::new());
            }
        })
    };
    let on_name = {
        let name = name.clone();
        Callback::from(move |typed: String| name.set(typed))
    };
    html! {
        <section class="saved-views" aria-labelledby="views-title">
            <h3 id="views-title" class={classes!("field-label", props.views.is_empty().then_some("for-readers"))}>{ text.get("views-title") }</h3>
            if !props.views.is_empty() {
                <ul class="views-list">
                    { for props.views.iter().enumerate().map(|(place, saved)| {
                        let (views, on_views) = (props.views.clone(), props.on_views.clone());
                        let forget = Callback::from(move |_: MouseEvent| {
                            let mut list = (*views).clone();
                            list.remove(place);
                            on_views.emit(list);
                        });
                        html! {
                            <li key={saved.name.clone()}>
                                <span>{ &saved.name }</span>
                                <button type="button" class="icon-button" onclick={forget}
                                    aria-label={text.get_with("view-forget", [("name", saved.name.as_str().into())])}>
                                    <Icon picture={Picture::Close} />
                                </button>
                            </li>
                        }
                    }) }
                </ul>
            }
            <form class="view-save" onsubmit={save}>
                <Field id="view-name" label={text.get("view-name")} value={(*name).clone()} on_input={on_name}
                    most={VIEW_NAME_MAX_CHARS} hint={is_full.then(|| AttrValue::from(text.get("views-full")))} />
                <button type="submit" class="button" disabled={name.trim().is_empty()}>{ text.get("view-save") }</button>
            </form>
        </section>
    }
}
