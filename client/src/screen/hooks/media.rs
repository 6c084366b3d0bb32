//! Whether the window is narrow, by the same question that the styles ask.

use gloo_events::EventListener;
use yew::prelude::*;

/// Portrait, or too narrow for the size of the text (900 pixels at the usual one): the card covers
/// the list. The styles repeat this question word by word.
const NARROW: &str = "(max-width: 56.24rem), (orientation: portrait)";

/// Whether the window is narrow or taller than wide.
#[hook]
pub fn use_is_narrow() -> bool {
    let is_narrow = use_state(|| ask().is_some_and(|list| list.matches()));
    {
        let is_narrow = is_narrow.clone();
        use_effect_with((), move |()| {
            let listener = ask().map(|list| {
                let asked = list.clone();
                EventListener::new(&list, "change", move |_| is_narrow.set(asked.matches()))
            });
            move || drop(listener)
        });
    }
    *is_narrow
}

fn ask() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media(NARROW).ok()?
}
