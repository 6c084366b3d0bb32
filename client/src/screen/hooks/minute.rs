//! The minute on the store's clock.

use floorbook_shared::rules::calling::Moment;
use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::screen::hooks::use_day;
use crate::screen::platform;

/// How often the clock is looked at.
const LOOK_MILLIS: u32 = 20_000;
/// What is told about calls changes by the quarter of an hour; drawing every minute says no more.
const GRID_MINUTES: u16 = 5;

/// The store's moment, to five minutes.
#[hook]
pub fn use_minute() -> Moment {
    let clock = use_day().clock;
    let seen = use_state_eq(|| read(&clock));
    {
        let seen = seen.setter();
        use_effect_with(clock, move |clock| {
            let clock = clock.clone();
            seen.set(read(&clock));
            let timer = Interval::new(LOOK_MILLIS, move || seen.set(read(&clock)));
            move || drop(timer)
        });
    }
    *seen
}

fn read(clock: &crate::screen::clock::Clock) -> Moment {
    let local = clock.local(platform::now());
    let minute = u16::from(local.hour) * 60 + u16::from(local.minute);
    Moment {
        date: local.date,
        minute: minute - minute % GRID_MINUTES,
    }
}
