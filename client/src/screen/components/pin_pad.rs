//! Large keys for a PIN, with dots for what was typed; a keyboard works as well.

use floorbook_shared::secret::Secret;
use floorbook_shared::vault::pin::PIN_MIN_DIGITS;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};
use yew::prelude::*;

use crate::screen::components::{Icon, Picture};
use crate::screen::hooks::use_text;
use crate::screen::platform;

/// Most digits that the keys take.
const MOST_DIGITS: usize = 12;

/// Properties of [`PinPad`].
#[derive(PartialEq, Properties)]
pub struct PinPadProps {
    /// Whose PIN this is, or which one of two.
    pub label: AttrValue,
    /// The words of the last key.
    pub done: AttrValue,
    /// Whether the PIN is being tried: no key works meanwhile.
    #[prop_or_default]
    pub is_busy: bool,
    /// Called with the digits, which the pad forgets at the same moment.
    pub on_done: Callback<Secret>,
}

/// A key of the pad.
#[derive(Clone, Copy, PartialEq)]
enum Key {
    Digit(char),
    Delete,
    Done,
}

/// The pad. Whoever shows it for another person or another purpose gives it another Yew key.
#[component]
pub fn PinPad(props: &PinPadProps) -> Html {
    let text = use_text();
    let digits = use_state_eq(String::new);
    let pad = use_node_ref();
    // Keys come faster than renderings: what was typed stands here at once.
    let typed = use_mut_ref(String::new);
    let press = {
        let (digits, typed, on_done) = (digits.clone(), typed.clone(), props.on_done.clone());
        let is_busy = props.is_busy;
        Callback::from(move |key: Key| {
            if is_busy {
                return;
            }
            let mut now = typed.borrow_mut();
            match key {
                Key::Digit(digit) if now.len() < MOST_DIGITS => now.push(digit),
                Key::Digit(_) => {}
                Key::Delete => {
                    now.pop();
                }
                Key::Done if now.len() >= PIN_MIN_DIGITS => {
                    let pin = Secret::from(std::mem::take(&mut *now));
                    digits.set(String::new());
                    drop(now);
                    on_done.emit(pin);
                    return;
                }
                Key::Done => {}
            }
            digits.set(now.clone());
        })
    };
    {
        let pad = pad.clone();
        use_effect_with((), move |()| {
            if let Some(element) = pad.cast::<HtmlElement>() {
                platform::focus(&element);
            }
        });
    }
    {
        // Everywhere on the page but in fields: people type before they look where the focus is.
        let press = press.clone();
        use_effect_with(press, move |press| {
            let press = press.clone();
            let listener = web_sys::window()
                .and_then(|window| window.document())
                .map(|document| {
                    EventListener::new_with_options(
                        &document,
                        "keydown",
                        EventListenerOptions::enable_prevent_default(),
                        move |event| {
                            let event: &KeyboardEvent = event.unchecked_ref();
                            if let Some(key) = key_of(event) {
                                event.prevent_default();
                                press.emit(key);
                            }
                        },
                    )
                });
            move || drop(listener)
        });
    }
    let count = digits.len();
    let places = count.max(PIN_MIN_DIGITS);
    let key = |key: Key, label: Html, name: Option<String>, class: &'static str| {
        let onclick = press.reform(move |_: MouseEvent| key);
        let is_off = props.is_busy || (key == Key::Done && count < PIN_MIN_DIGITS);
        html! {
            <button type="button" class={classes!("pin-key", class)} {onclick} aria-label={name} disabled={is_off}
                onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}>{ label }</button>
        }
    };
    html! {
        <div ref={pad} class="pin-pad" role="group" aria-label={props.label.clone()} aria-busy={props.is_busy.to_string()} tabindex="-1">
            <p class="pin-dots" aria-hidden="true" data-digits={count.to_string()}>
                { for (0..places).map(|place| html! {
                    <span class={classes!("pin-dot", (place < count).then_some("is-filled"))}></span>
                }) }
            </p>
            <p class="for-readers" role="status">{ text.get_with("pin-digits", [("count", count.into())]) }</p>
            <div class="pin-keys">
                { for ('1'..='9').map(|digit| key(Key::Digit(digit), html! { { digit } }, None, "")) }
                { key(Key::Delete, html! { <Icon picture={Picture::Delete} /> }, Some(text.get("pin-delete")), "is-quiet") }
                { key(Key::Digit('0'), html! { { '0' } }, None, "") }
                { key(Key::Done, html! { { &props.done } }, None, "is-done") }
            </div>
        </div>
    }
}

/// What a key of the keyboard means, unless it belongs to what has the focus.
fn key_of(event: &KeyboardEvent) -> Option<Key> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return None;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let name = target.map(|target| target.tag_name()).unwrap_or_default();
    if matches!(name.as_str(), "INPUT" | "TEXTAREA" | "SELECT") {
        return None;
    }
    match event.key().as_str() {
        "Backspace" => Some(Key::Delete),
        // A focused button or link has its own Enter.
        "Enter" if !matches!(name.as_str(), "BUTTON" | "A" | "SUMMARY") => Some(Key::Done),
        other => {
            let mut signs = other.chars();
            let digit = signs.next().filter(char::is_ascii_digit)?;
            signs.next().is_none().then_some(Key::Digit(digit))
        }
    }
}
