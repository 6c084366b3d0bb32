//! The calm word after saving, and the way back.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::screen::components::{Icon, Picture, Saving};
use crate::screen::hooks::{use_run, use_saved, use_text};

/// How long the word about saving stands.
const SAVED_MILLIS: u32 = 3_500;
/// How long it stands if there is something to decide: whether to take it back.
const UNDO_MILLIS: u32 = 8_000;

/// Tells for a moment that something is on this tablet's disk, and takes it back if asked: with the
/// button, or with the keys that take things back everywhere.
#[component]
pub fn SavedWord() -> Html {
    let (text, saved, run) = (use_text(), use_saved().work, use_run());
    // It does not go from under the fingers of whoever came to it with the keyboard.
    let is_held = use_state_eq(|| false);
    let hold = |holds: bool| {
        let is_held = is_held.clone();
        Callback::from(move |_: FocusEvent| is_held.set(holds))
    };
    {
        let told = saved.setter();
        use_effect_with((*saved, *is_held), move |(saved, is_held)| {
            let timer = saved.filter(|_| !is_held).map(|work| {
                let millis = if work.undo.is_some() {
                    UNDO_MILLIS
                } else {
                    SAVED_MILLIS
                };
                gloo_timers::callback::Timeout::new(millis, move || told.set(None))
            });
            move || drop(timer)
        });
    }
    let undo = saved.and_then(|work| Some((work.document, work.undo?)));
    let on_undo = undo.map(|(document, change)| {
        let run = run.clone();
        Callback::from(move |()| run.undo(document, change, Callback::noop()))
    });
    {
        let on_undo = on_undo.clone();
        use_effect_with(undo, move |_| {
            let listener = on_undo.zip(web_sys::window()).map(|(on_undo, window)| {
                let options = EventListenerOptions::enable_prevent_default();
                EventListener::new_with_options(&window, "keydown", options, move |event| {
                    let event = event.dyn_ref::<KeyboardEvent>();
                    if let Some(event) = event.filter(|event| is_undo(event)) {
                        event.prevent_default();
                        on_undo.emit(());
                    }
                })
            });
            move || drop(listener)
        });
    }
    html! {
        <div class="saved-place" role="status" aria-live="polite">
            if saved.is_some() {
                <div class="saved-word" onfocusin={hold(true)} onfocusout={hold(false)}>
                    <Icon picture={Picture::Done} /><span>{ text.get("saved-here") }</span>
                    if let Some(on_undo) = on_undo {
                        <button type="button" class="saved-undo" onclick={on_undo.reform(|_: MouseEvent| ())}
                            disabled={run.is_saving()} aria-keyshortcuts="Control+Z">
                            <Icon picture={Picture::Undo} />{ text.get("undo") }
                        </button>
                    }
                </div>
                <Saving problem={run.problem()} />
            }
        </div>
    }
}

/// Whether these are the keys that take the last action back. In a field they belong to its words, and in
/// a dialog to what is being done there.
fn is_undo(event: &KeyboardEvent) -> bool {
    let is_elsewhere = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|element| {
            let inside = element.closest("input, select, textarea, dialog");
            inside.is_ok_and(|found| found.is_some())
        });
    let is_modified =
        (event.ctrl_key() || event.meta_key()) && !event.shift_key() && !event.alt_key();
    is_modified && event.key().eq_ignore_ascii_case("z") && !is_elsewhere
}
