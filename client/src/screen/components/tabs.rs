//! Parts of a page of which one is shown: tabs that arrow keys walk along.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};
use yew::prelude::*;

use crate::screen::components::{Icon, Picture};
use crate::screen::platform;

/// A tab.
#[derive(Clone, PartialEq)]
pub struct Tab<T> {
    /// What it shows.
    pub part: T,
    /// Its id in the page.
    pub id: &'static str,
    /// Its words.
    pub label: AttrValue,
    /// What is to be looked at there, in words, if anything.
    pub mark: Option<AttrValue>,
}

/// Properties of [`Tabs`].
#[derive(PartialEq, Properties)]
pub struct TabsProps<T: Copy + PartialEq + 'static> {
    /// What the tabs are for.
    pub label: AttrValue,
    /// The id of the panel that they show.
    pub panel: AttrValue,
    /// The tabs.
    pub tabs: Vec<Tab<T>>,
    /// The one that is shown.
    pub chosen: T,
    /// Called with the one that is to be shown.
    pub on_choose: Callback<T>,
}

/// The tabs. One of them is reached by the Tab key, the others by arrows, Home and End from there.
#[component]
pub fn Tabs<T: Copy + PartialEq + 'static>(props: &TabsProps<T>) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (list, on_choose) = (list.clone(), props.on_choose.clone());
        let (chosen, tabs) = (props.chosen, props.tabs.clone());
        Callback::from(move |event: KeyboardEvent| {
            let now = tabs.iter().position(|tab| tab.part == chosen).unwrap_or(0);
            let last = tabs.len().saturating_sub(1);
            let next = match event.key().as_str() {
                "ArrowRight" if now == last => 0,
                "ArrowRight" => now + 1,
                "ArrowLeft" => now.checked_sub(1).unwrap_or(last),
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            let Some(tab) = tabs.get(next) else { return };
            event.prevent_default();
            on_choose.emit(tab.part);
            let list = list.cast::<Element>();
            let index = u32::try_from(next).unwrap_or(0);
            let button = list.and_then(|list| list.children().item(index));
            if let Some(button) = button.and_then(|found| found.dyn_into::<HtmlElement>().ok()) {
                platform::focus(&button);
            }
        })
    };
    html! {
        <div ref={list} class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
            { for props.tabs.iter().map(|tab| {
                let is_chosen = tab.part == props.chosen;
                let part = tab.part;
                html! {
                    <button key={tab.id} type="button" role="tab" id={tab.id} aria-controls={props.panel.clone()}
                        aria-selected={is_chosen.to_string()} tabindex={if is_chosen { "0" } else { "-1" }}
                        onclick={props.on_choose.reform(move |_: MouseEvent| part)}>
                        { &tab.label }
                        if let Some(mark) = &tab.mark {
                            <span class="tab-mark" role="img" aria-label={mark.clone()}><Icon picture={Picture::Warning} /></span>
                        }
                    </button>
                }
            }) }
        </div>
    }
}
