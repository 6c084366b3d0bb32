//! Walking through a windowed list with keys.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::screen::hooks::window::Window;
use crate::screen::platform;

/// The keys of a list: Tab reaches one row, and other keys lead on from there.
///
/// Were each row a stop of its own, what stands below the list would be thousands of presses away.
pub struct RowWalk {
    /// The row that Tab reaches.
    pub stop: usize,
    /// Listens to the keys of the element that scrolls.
    pub onkeydown: Callback<KeyboardEvent>,
}

/// The keys of a list of `total` rows, whose focusable elements tell their place in `data-index`.
#[hook]
pub fn use_row_walk(window: &Window, total: usize) -> RowWalk {
    let stop = use_state_eq(|| 0_usize);
    // A row far away is drawn only after the list has scrolled there.
    let wanted = use_mut_ref(|| None::<usize>);
    {
        let (wanted, scroller) = (wanted.clone(), window.scroller.clone());
        use_effect_with(window.range.clone(), move |_| {
            let mut wanted = wanted.borrow_mut();
            if wanted.is_some_and(|index| focus_row(&scroller, index)) {
                *wanted = None;
            }
        });
    }
    let onkeydown = {
        let (stop, scroller, height) = (stop.clone(), window.scroller.clone(), window.row_height);
        Callback::from(move |event: KeyboardEvent| {
            let Some(last) = total.checked_sub(1) else {
                return;
            };
            let page = rows_in_sight(&scroller, height);
            // Keys come faster than rows are drawn: the next one goes on from where the last one leads.
            let here = wanted.borrow().or_else(focused_row);
            let there = match (event.key().as_str(), here) {
                ("ArrowDown" | "ArrowUp" | "PageDown" | "PageUp", None) => *stop,
                ("ArrowDown", Some(here)) => here + 1,
                ("ArrowUp", Some(here)) => here.saturating_sub(1),
                ("PageDown", Some(here)) => here + page,
                ("PageUp", Some(here)) => here.saturating_sub(page),
                ("Home", _) => 0,
                ("End", _) => last,
                _ => return,
            };
            let there = there.min(last);
            event.prevent_default();
            stop.set(there);
            let is_drawn = focus_row(&scroller, there);
            wanted.replace((!is_drawn).then_some(there));
            if !is_drawn && let Some(scroller) = scroller.cast::<Element>() {
                let top = there.saturating_sub(page / 2) * height;
                scroller.set_scroll_top(i32::try_from(top).unwrap_or(i32::MAX));
            }
        })
    };
    let stop = if window.range.contains(&stop) {
        *stop
    } else {
        window.first_in_sight.min(total.saturating_sub(1))
    };
    RowWalk { stop, onkeydown }
}

/// The place of the row that has the focus.
fn focused_row() -> Option<usize> {
    let index = platform::focused()?.get_attribute("data-index")?;
    index.parse().ok()
}

/// How many rows are wholly in sight; at least one, so that every key leads on.
fn rows_in_sight(scroller: &NodeRef, height: usize) -> usize {
    let visible = scroller.cast::<Element>().map(|it| it.client_height());
    let visible = usize::try_from(visible.unwrap_or(0)).unwrap_or(0);
    (visible / height).max(1)
}

/// Moves the focus to a row, and says whether it is drawn.
fn focus_row(scroller: &NodeRef, index: usize) -> bool {
    let row = scroller.cast::<Element>().and_then(|scroller| {
        let found = scroller.query_selector(&format!("[data-index=\"{index}\"]"));
        found.ok()??.dyn_into::<HtmlElement>().ok()
    });
    if let Some(row) = &row {
        platform::focus(row);
    }
    row.is_some()
}
