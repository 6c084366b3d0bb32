//! A small menu below a button.

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, Node};
use yew::prelude::*;

use crate::screen::components::{Icon, Picture};
use crate::screen::platform;

/// One of the things to do.
#[derive(Clone, PartialEq)]
pub struct MenuItem {
    /// A sign beside the words.
    pub picture: Picture,
    /// The words.
    pub label: AttrValue,
    /// Called when it is chosen.
    pub on_choose: Callback<()>,
}

/// Properties of [`Menu`].
#[derive(PartialEq, Properties)]
pub struct MenuProps {
    /// Names the menu in the page.
    pub id: AttrValue,
    /// What the button says to readers.
    pub label: AttrValue,
    /// The button's content.
    pub children: Children,
    /// What there is to do.
    pub items: Vec<MenuItem>,
}

/// The button with its menu: arrows walk, Escape and a tap elsewhere close it.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let is_open = use_state_eq(|| false);
    let place = use_node_ref();
    {
        // A tap elsewhere closes it.
        let (place, is_open_now) = (place.clone(), is_open.clone());
        use_effect_with(*is_open, move |is_open| {
            let listener = is_open
                .then(|| web_sys::window().and_then(|window| window.document()))
                .flatten()
                .map(|document| {
                    let place = place.clone();
                    EventListener::new(&document, "pointerdown", move |event| {
                        let target = event.target().and_then(|it| it.dyn_into::<Node>().ok());
                        let is_inside = place.get().is_some_and(|it| it.contains(target.as_ref()));
                        if !is_inside {
                            is_open_now.set(false);
                        }
                    })
                });
            if *is_open {
                focus_item(&place, 0);
            }
            move || drop(listener)
        });
    }
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let onkeydown = {
        let (place, is_open) = (place.clone(), is_open.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowDown" => 1,
                "ArrowUp" => -1,
                "Escape" | "Tab" if *is_open => {
                    is_open.set(false);
                    if let Some(button) = find(&place, "button") {
                        platform::focus(&button);
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            let index = platform::focused().and_then(|it| it.get_attribute("data-item"));
            let index = index.and_then(|index| index.parse::<i32>().ok());
            focus_item(&place, index.map_or(0, |index| index + step));
        })
    };
    html! {
        <div class="menu-place" ref={place.clone()} {onkeydown}>
            <button type="button" class="who" aria-haspopup="menu" aria-expanded={is_open.to_string()}
                aria-controls={props.id.clone()} aria-label={props.label.clone()} onclick={toggle}>
                { props.children.clone() }
            </button>
            if *is_open {
                <div class="menu" role="menu" id={props.id.clone()} aria-label={props.label.clone()}>
                    { for props.items.iter().enumerate().map(|(index, item)| {
                        let (is_open, on_choose) = (is_open.clone(), item.on_choose.clone());
                        let place = place.clone();
                        let onclick = Callback::from(move |_: MouseEvent| {
                            is_open.set(false);
                            // A dialog gives the focus back to what had it, and the item goes.
                            if let Some(button) = find(&place, "button") {
                                platform::focus(&button);
                            }
                            on_choose.emit(());
                        });
                        html! {
                            <button key={index} type="button" role="menuitem" class="menu-item" tabindex="-1"
                                data-item={index.to_string()} {onclick}>
                                <Icon picture={item.picture} />{ &item.label }
                            </button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}

fn focus_item(place: &NodeRef, index: i32) {
    if let Some(item) = find(place, &format!("[data-item=\"{index}\"]")) {
        platform::focus(&item);
    }
}

fn find(place: &NodeRef, selector: &str) -> Option<HtmlElement> {
    let found = place.cast::<Element>()?.query_selector(selector);
    found.ok()??.dyn_into().ok()
}
