//! Where the focus goes when what had it leaves the page or stops working.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use js_sys::{Array, JsString};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Element, HtmlElement, MutationObserver, MutationObserverInit};
use yew::prelude::*;

use crate::screen::platform;

/// What can have the focus, as a selector.
const STOPS: &str = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, [tabindex='0']";
/// The row of a list that Tab reaches: whoever leaves what it led to goes on from there.
const ROW: &str = "[data-index][tabindex='0']";
/// What the focus is put on when a part of the page goes that had it.
const PLACE: &str = "[tabindex='-1']:not(a, button, input)";
/// How long something may be out of work, as what saves is while it saves, and keep the focus.
const PATIENCE_MILLIS: u32 = 1_000;
/// The attributes that make an element stop working.
const STOPPING: [&str; 3] = ["disabled", "hidden", "inert"];

/// Keeps the place of whoever works with a keyboard.
///
/// Browsers forget where the focus was when its element goes: the next press of Tab would begin at
/// the top of the page, and a screen reader falls silent. So the nearest part of the page that is
/// still there gets it: the part itself if it is a place for the focus, else the row of a list in it that Tab
/// reaches, else what is first in it.
/// Whoever taps has no place to lose, and a field that gets the focus would open the keyboard of a
/// tablet: nothing happens for them.
#[hook]
pub fn use_kept_focus() {
    use_effect_with((), |()| {
        let document = web_sys::window().and_then(|window| window.document());
        let keeper = document.as_ref().and_then(Keeper::begin);
        move || drop(keeper)
    });
}

/// What is known of the focus.
#[derive(Default)]
struct Memory {
    is_by_keyboard: bool,
    /// What had the focus last, with everything around it from the inside outwards.
    trail: Vec<Element>,
    /// Runs while what had the focus may work again.
    patience: Option<Timeout>,
}

struct Keeper {
    observer: MutationObserver,
    _on_change: Closure<dyn FnMut()>,
    _listeners: [EventListener; 3],
}

impl Keeper {
    fn begin(document: &Document) -> Option<Self> {
        let memory = Rc::new(RefCell::new(Memory::default()));
        let listen = |kind: &'static str, act: fn(&mut Memory)| {
            let memory = Rc::clone(&memory);
            // While it goes down, so that nothing can keep a key for itself.
            let options = EventListenerOptions::run_in_capture_phase();
            EventListener::new_with_options(document, kind, options, move |_| {
                act(&mut memory.borrow_mut());
            })
        };
        let listeners = [
            listen("keydown", |memory| {
                memory.is_by_keyboard = true;
                memory.remember();
            }),
            listen("pointerdown", |memory| *memory = Memory::default()),
            listen("focusin", |memory| {
                if memory.is_by_keyboard {
                    memory.remember();
                }
            }),
        ];
        let on_change: Closure<dyn FnMut()> = Closure::new(move || put_back(&memory));
        let observer = MutationObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
        let options = MutationObserverInit::new();
        options.set_child_list(true);
        options.set_subtree(true);
        let stopping: Array = STOPPING.into_iter().map(JsString::from).collect();
        options.set_attribute_filter(&stopping);
        observer.observe_with_options(document, &options).ok()?;
        Some(Self {
            observer,
            _on_change: on_change,
            _listeners: listeners,
        })
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

impl Memory {
    /// Remembers what has the focus, if anything has.
    fn remember(&mut self) {
        let mut next = platform::focused().map(Element::from);
        if next.as_ref().is_none_or(is_body) {
            return;
        }
        self.patience = None;
        self.trail.clear();
        // The whole page is no part of it.
        while let Some(element) = next.filter(|element| !is_body(element)) {
            next = element.parent_element();
            self.trail.push(element);
        }
    }

    /// Where the focus goes now that what had it does not work, if it goes anywhere.
    fn place(&mut self) -> Option<HtmlElement> {
        let trail = std::mem::take(&mut self.trail);
        let mut around = trail.iter().skip(1).filter(|part| is_working(part));
        around.find_map(place_in).or_else(|| {
            // Nothing of it is left: another page, which begins at its main part.
            let document = web_sys::window()?.document()?;
            place_in(&document.query_selector("main").ok()??)
        })
    }
}

/// Gives the focus to what is left around what had it, if that is gone.
fn put_back(memory: &Rc<RefCell<Memory>>) {
    // Asked first, because it costs nothing while rows are drawn under a finger.
    let Some(last) = memory.borrow().trail.first().cloned() else {
        return;
    };
    if !is_lost() {
        return;
    }
    let place = {
        let mut now = memory.borrow_mut();
        let is_waited_for = now.patience.is_some();
        if is_working(&last) {
            last.dyn_into().ok().filter(|_| is_waited_for)
        } else if last.is_connected() && last.matches(":disabled").unwrap_or(false) {
            if !is_waited_for {
                let later = Rc::clone(memory);
                now.patience = Some(Timeout::new(PATIENCE_MILLIS, move || lose_patience(&later)));
            }
            None
        } else {
            now.place()
        }
    };
    // Not while it is being remembered: the new place is remembered at once.
    if let Some(place) = place {
        platform::focus(&place);
    }
}

/// What had the focus does not work for good.
fn lose_patience(memory: &RefCell<Memory>) {
    let place = {
        let mut now = memory.borrow_mut();
        if let Some(over) = now.patience.take() {
            over.forget();
        }
        if is_lost() { now.place() } else { None }
    };
    if let Some(place) = place {
        platform::focus(&place);
    }
}

/// Whether nothing that works has the focus.
fn is_lost() -> bool {
    platform::focused().is_none_or(|element| is_body(&element) || !is_working(&element))
}

/// Whether it is the page itself, which has the focus when nothing has it.
fn is_body(element: &Element) -> bool {
    element.tag_name() == "BODY"
}

/// Whether an element is in the page and can be used.
fn is_working(element: &Element) -> bool {
    let matches = |selector: &str| element.matches(selector).unwrap_or(false);
    element.is_connected() && !matches(":disabled, [hidden] *, [hidden], [inert] *, [inert]")
}

/// Where the focus goes in a part of the page.
fn place_in(part: &Element) -> Option<HtmlElement> {
    let can_have_it = |element: &HtmlElement| is_working(element) && element.offset_width() > 0;
    if part.matches(PLACE).unwrap_or(false) {
        return part.clone().dyn_into().ok().filter(can_have_it);
    }
    if let Ok(Some(row)) = part.query_selector(ROW)
        && let Some(row) = row.dyn_into().ok().filter(can_have_it)
    {
        return Some(row);
    }
    let stops = part.query_selector_all(STOPS).ok()?;
    let stops = (0..stops.length()).filter_map(|index| stops.item(index));
    let mut stops = stops.filter_map(|stop| stop.dyn_into::<HtmlElement>().ok());
    stops.find(can_have_it)
}
