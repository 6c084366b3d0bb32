//! The calm word after saving, and the way back.

use yew::prelude::*;

use crate::screen::components::{Icon, Picture, Saving};
use crate::screen::hooks::{use_run, use_saved, use_text};

/// How long the word about saving stands.
const SAVED_MILLIS: u32 = 3_500;
/// How long it stands if there is something to decide: whether to take it back.
const UNDO_MILLIS: u32 = 8_000;

/// Tells for a moment that something is on this tablet's disk, and takes it back if asked.
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
        Callback::from(move |_: MouseEvent| run.undo(document, change, Callback::noop()))
    });
    html! {
        <div class="saved-place" role="status" aria-live="polite">
            if saved.is_some() {
                <div class="saved-word" onfocusin={hold(true)} onfocusout={hold(false)}>
                    <Icon picture={Picture::Done} /><span>{ text.get("saved-here") }</span>
                    if let Some(onclick) = on_undo {
                        <button type="button" class="saved-undo" {onclick} disabled={run.is_saving()}>
                            <Icon picture={Picture::Undo} />{ text.get("undo") }
                        </button>
                    }
                </div>
                <Saving problem={run.problem()} />
            }
        </div>
    }
}
