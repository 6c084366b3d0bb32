//! How long something still works, counted down by the second.

use floorbook_shared::time::Timestamp;
use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::screen::hooks::use_text;
use crate::screen::platform;

/// Looks at the clock a little more often than each second, so that none is skipped.
const LOOK_MILLIS: u32 = 500;

/// Properties of [`Countdown`].
#[derive(PartialEq, Properties)]
pub struct CountdownProps {
    /// The end, by this tablet's clock.
    pub until: Timestamp,
    /// Called once at the end.
    #[prop_or_default]
    pub on_end: Callback<()>,
}

/// Minutes and seconds that are left.
#[component]
pub fn Countdown(props: &CountdownProps) -> Html {
    let text = use_text();
    let until = props.until;
    let left = use_state_eq(|| seconds_left(until));
    {
        let left = left.clone();
        use_effect_with(until, move |until| {
            let until = *until;
            left.set(seconds_left(until));
            let timer = Interval::new(LOOK_MILLIS, move || left.set(seconds_left(until)));
            move || drop(timer)
        });
    }
    {
        let on_end = props.on_end.clone();
        use_effect_with(*left == 0, move |is_over| {
            if *is_over {
                on_end.emit(());
            }
        });
    }
    let words = format!("{}:{:02}", *left / 60, *left % 60);
    html! {
        <span class={classes!("countdown", (*left <= 60).then_some("is-short"))} role="timer">
            { text.get_with("time-left", [("time", words.into())]) }
        </span>
    }
}

fn seconds_left(until: Timestamp) -> u64 {
    let left = until
        .as_millis()
        .saturating_sub(platform::now().as_millis());
    u64::try_from(left).unwrap_or(0).div_ceil(1000)
}
