//! How long nobody touched the tablet, also counted while the page is hidden.

use std::cell::Cell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::screen::platform;

/// How often the clock is looked at; timers of a hidden page may come much later.
const LOOK_MILLIS: u32 = 1_000;
const MINUTE_MILLIS: i64 = 60_000;

/// What counts as a touch.
const TOUCHES: [&str; 5] = ["pointerdown", "keydown", "wheel", "touchstart", "input"];

/// Calls `on_idle` once nobody has touched the page for `minutes`; never without a number.
///
/// It goes by the clock and not by a timer, because a sleeping tablet stops its timers: the first
/// look after waking finds that the time is over, before anything can be touched.
#[hook]
pub fn use_idle(minutes: Option<u32>, on_idle: Callback<()>) {
    use_effect_with((minutes, on_idle), move |(minutes, on_idle)| {
        let watch = minutes.map(|minutes| Watch::begin(minutes, on_idle.clone()));
        move || drop(watch)
    });
}

struct Watch {
    _timer: Interval,
    _listeners: Vec<EventListener>,
}

impl Watch {
    fn begin(minutes: u32, on_idle: Callback<()>) -> Self {
        let touched = Rc::new(Cell::new(platform::now().as_millis()));
        let is_over = Rc::new(Cell::new(false));
        let look = {
            let (touched, is_over) = (Rc::clone(&touched), Rc::clone(&is_over));
            move || {
                let passed = platform::now().as_millis() - touched.get();
                // A clock that was set back must not give more time than that.
                if passed < 0 {
                    touched.set(platform::now().as_millis());
                }
                if passed >= i64::from(minutes) * MINUTE_MILLIS && !is_over.replace(true) {
                    on_idle.emit(());
                }
            }
        };
        let mut listeners = Vec::new();
        if let Some(document) = web_sys::window().and_then(|window| window.document()) {
            for kind in TOUCHES {
                let (touched, look) = (Rc::clone(&touched), look.clone());
                // While it goes down, so that nothing can keep a touch for itself.
                let options = EventListenerOptions::run_in_capture_phase();
                listeners.push(EventListener::new_with_options(
                    &document,
                    kind,
                    options,
                    move |_| {
                        look();
                        touched.set(platform::now().as_millis());
                    },
                ));
            }
            let look = look.clone();
            listeners.push(EventListener::new(
                &document,
                "visibilitychange",
                move |_| look(),
            ));
        }
        Self {
            _timer: Interval::new(LOOK_MILLIS, look),
            _listeners: listeners,
        }
    }
}
