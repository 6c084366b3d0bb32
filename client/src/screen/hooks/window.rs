//! Long lists: only the rows in sight are in the page.

use std::ops::Range;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

use crate::screen::platform;

/// Rows that are drawn beyond each edge, so that a quick swipe shows no gap.
const OVERSCAN: usize = 6;
/// So long a list of another length rests before they are drawn, in milliseconds: whoever types in the
/// search field waits for the rows in sight alone.
const REST_MILLIS: u32 = 150;
/// The first drawn row moves in steps of this many rows, so that most scrolling draws nothing.
const STEP: usize = 4;
/// Rows that are drawn before the height is known.
const FIRST_GUESS: usize = 24;

/// A window over a list of rows of one height.
pub struct Window {
    /// The element that scrolls.
    pub scroller: NodeRef,
    /// The element that is as high as the whole list.
    pub spacer: NodeRef,
    /// The element that holds the drawn rows.
    pub slice: NodeRef,
    /// The drawn rows.
    pub range: Range<usize>,
    /// The first row in sight, in steps.
    pub first_in_sight: usize,
    /// The height of a row in pixels.
    pub row_height: usize,
}

/// A window over `total` rows, each so many times as high as the text of the page, that starts at
/// `scroll` and tells where it is scrolled to when the list leaves the page.
#[hook]
pub fn use_window(total: usize, row_rem: f64, scroll: i32, on_leave: Callback<i32>) -> Window {
    let scroller = use_node_ref();
    let spacer = use_node_ref();
    let slice = use_node_ref();
    let rows_height = use_state_eq(|| height_of(row_rem));
    let height = *rows_height;
    let seen = use_state_eq(move || {
        let first = usize::try_from(scroll).unwrap_or(0) / height;
        (first, FIRST_GUESS)
    });

    let rested = use_state_eq(|| total);
    {
        let rested = rested.setter();
        use_effect_with(total, move |total| {
            let total = *total;
            let timer = Timeout::new(REST_MILLIS, move || rested.set(total));
            move || drop(timer)
        });
    }
    let range = drawn(*seen, total, *rested == total);

    // The policy of the page admits no style attributes, so heights are set through properties.
    {
        let scroller = scroller.clone();
        use_effect_with(height, move |height| {
            set_style(&scroller, "--row-height", &format!("{height}px"));
        });
    }
    {
        let (spacer, slice) = (spacer.clone(), slice.clone());
        let start = range.start;
        use_effect_with((total, start, height), move |(total, start, height)| {
            set_style(&spacer, "height", &format!("{}px", total * height));
            set_style(
                &slice,
                "transform",
                &format!("translateY({}px)", start * height),
            );
        });
    }
    // Where the list stands, in rows: the same one stays at the top when rows grow with the text.
    let top = use_mut_ref(|| f64::from(scroll) / pixels(height));
    {
        let (scroller, seen, top) = (scroller.clone(), seen.clone(), top.clone());
        use_effect_with(height, move |height| {
            let height = *height;
            let element = scroller.cast::<Element>();
            if let Some(element) = &element {
                element.set_scroll_top(scroll_of(*top.borrow(), height));
                seen.set(look(element, height));
            }
            let on_scroll = element.map(|element| {
                let watched = element.clone();
                EventListener::new(&element, "scroll", move |_| {
                    *top.borrow_mut() = f64::from(watched.scroll_top()) / pixels(height);
                    seen.set(look(&watched, height));
                })
            });
            move || drop(on_scroll)
        });
    }
    {
        // The list becomes another size when the window does, and when what stands above it grows
        // with the text.
        let (scroller, rows_height) = (scroller.clone(), rows_height.setter());
        let seen = seen.clone();
        use_effect_with((), move |()| {
            let watcher = scroller.cast::<Element>().and_then(|element| {
                let watched = element.clone();
                SizeWatcher::begin(&element, move || {
                    let height = height_of(row_rem);
                    rows_height.set(height);
                    seen.set(look(&watched, height));
                })
            });
            move || {
                drop(watcher);
                on_leave.emit(scroll_of(*top.borrow(), height_of(row_rem)));
            }
        });
    }
    Window {
        scroller,
        spacer,
        slice,
        range,
        first_in_sight: seen.0,
        row_height: height,
    }
}

/// Tells when an element has become another size.
struct SizeWatcher {
    observer: ResizeObserver,
    _on_change: Closure<dyn FnMut()>,
}

impl SizeWatcher {
    fn begin(element: &Element, on_change: impl FnMut() + 'static) -> Option<Self> {
        let on_change: Closure<dyn FnMut()> = Closure::new(on_change);
        let observer = ResizeObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self {
            observer,
            _on_change: on_change,
        })
    }
}

impl Drop for SizeWatcher {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// Where a list is scrolled to that stands so many rows down.
fn scroll_of(rows: f64, height: usize) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no list is as high as two thousand million pixels"
    )]
    let scroll = (rows * pixels(height)).round() as i32;
    scroll
}

/// A number of pixels to reckon with.
fn pixels(height: usize) -> f64 {
    f64::from(u32::try_from(height).unwrap_or(u32::MAX))
}

/// A height in whole pixels: rows of fractions would drift away from where they are looked for.
fn height_of(row_rem: f64) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a height is small, and at least one pixel"
    )]
    let height = (row_rem * platform::rem()).round().max(1.0) as usize;
    height
}

/// The first row in sight, in steps, and how many rows are.
fn look(element: &Element, height: usize) -> (usize, usize) {
    let top = usize::try_from(element.scroll_top()).unwrap_or(0);
    let visible = usize::try_from(element.client_height()).unwrap_or(0);
    let first = top / height;
    (first - first % STEP, visible / height + 1)
}

/// The rows to draw of those in sight. At the top of a list that has not come to rest there are no
/// others: nobody scrolls there.
fn drawn((first, count): (usize, usize), total: usize, is_at_rest: bool) -> Range<usize> {
    let (before, behind) = match (is_at_rest, first) {
        (true, _) => (OVERSCAN, STEP + OVERSCAN),
        (false, 0) => (0, 0),
        (false, _) => (0, STEP),
    };
    let end = (first + count + behind).min(total);
    let start = first.saturating_sub(before).min(end);
    start..end
}

fn set_style(node: &NodeRef, name: &str, value: &str) {
    let element = node
        .get()
        .and_then(|node| node.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element
        && element.style().set_property(name, value).is_err()
    {
        // The names are constants of this program and valid.
    }
}
