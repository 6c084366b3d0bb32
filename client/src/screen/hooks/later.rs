//! What nobody waits for is drawn a moment later.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// Whether so many milliseconds have passed since the component was drawn first.
#[hook]
pub fn use_later(millis: u32) -> bool {
    let is_later = use_state_eq(|| false);
    {
        let is_later = is_later.setter();
        use_effect_with((), move |()| {
            let timer = Timeout::new(millis, move || is_later.set(true));
            move || drop(timer)
        });
    }
    *is_later
}
