//! Half-typed input that survives leaving the form, a reload, a crash and an update.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use serde::Serialize;
use serde::de::DeserializeOwned;
use yew::prelude::*;

use crate::screen::hooks::use_link;
use crate::screen::worker_link::Link;

/// How long typing rests before it is kept.
const DEBOUNCE_MILLIS: u32 = 300;

/// The content of a form, kept under a key.
pub struct Draft<T: 'static> {
    /// As it was when the form was drawn: Yew's handle reads the newest even through an old copy.
    content: Rc<T>,
    drawn: UseStateSetter<Rc<T>>,
    keeper: Rc<Keeper<T>>,
}

impl<T> Clone for Draft<T> {
    fn clone(&self) -> Self {
        Self {
            content: Rc::clone(&self.content),
            drawn: self.drawn.clone(),
            keeper: Rc::clone(&self.keeper),
        }
    }
}

impl<T> PartialEq for Draft<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.content, &other.content) && Rc::ptr_eq(&self.keeper, &other.keeper)
    }
}

struct Keeper<T> {
    key: String,
    link: Link,
    /// The newest content, which may be ahead of the last rendering.
    latest: RefCell<Rc<T>>,
    pending: RefCell<Option<Timeout>>,
}

impl<T: Serialize> Keeper<T> {
    fn flush(&self) {
        if let Some(timer) = self.pending.take() {
            timer.cancel();
            if let Ok(content) = serde_json::to_string(&**self.latest.borrow()) {
                self.link.keep_draft(&self.key, content);
            }
        }
    }
}

impl<T: Clone + Serialize> Draft<T> {
    /// The content.
    pub fn content(&self) -> Rc<T> {
        Rc::clone(&self.content)
    }

    /// The newest content, which may be ahead of what is drawn.
    pub fn latest(&self) -> Rc<T> {
        Rc::clone(&self.keeper.latest.borrow())
    }

    /// Changes the content and keeps it soon.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        let mut content = T::clone(&self.keeper.latest.borrow());
        change(&mut content);
        let content = Rc::new(content);
        self.keeper.latest.replace(Rc::clone(&content));
        self.drawn.set(content);
        let keeper = Rc::downgrade(&self.keeper);
        let timer = Timeout::new(DEBOUNCE_MILLIS, move || {
            if let Some(keeper) = keeper.upgrade() {
                keeper.flush();
            }
        });
        if let Some(earlier) = self.keeper.pending.replace(Some(timer)) {
            earlier.cancel();
        }
    }

    /// A callback that changes the content with what a control says.
    pub fn setter<V: 'static>(&self, set: impl Fn(&mut T, V) + 'static) -> Callback<V> {
        let draft = self.clone();
        Callback::from(move |value| draft.change(|content| set(content, value)))
    }

    /// Forgets the draft: it was saved or given up.
    pub fn forget(&self) {
        if let Some(timer) = self.keeper.pending.take() {
            timer.cancel();
        }
        self.keeper.link.keep_draft(&self.keeper.key, String::new());
    }
}

/// The draft under `key`: what was typed earlier, else `fresh`.
///
/// The key must not change while the component lives; give the component a Yew key of its own.
#[hook]
pub fn use_draft<T, F>(key: String, fresh: F) -> Draft<T>
where
    T: Clone + Serialize + DeserializeOwned + 'static,
    F: FnOnce() -> T,
{
    let link = use_link();
    let keeper = use_memo((), move |()| {
        let earlier = link
            .draft(&key)
            .and_then(|kept| serde_json::from_str(&kept).ok());
        let content = Rc::new(earlier.unwrap_or_else(fresh));
        Keeper {
            key,
            link,
            latest: RefCell::new(content),
            pending: RefCell::new(None),
        }
    });
    let content = {
        let keeper = Rc::clone(&keeper);
        use_state(move || Rc::clone(&keeper.latest.borrow()))
    };
    {
        let keeper = Rc::clone(&keeper);
        use_effect_with((), move |()| {
            let leaving = leaving_listeners(&keeper);
            move || {
                drop(leaving);
                keeper.flush();
            }
        });
    }
    Draft {
        content: Rc::clone(&content),
        drawn: content.setter(),
        keeper,
    }
}

/// The system may end a hidden page without another word, so hiding keeps the draft at once.
fn leaving_listeners<T: Serialize + 'static>(keeper: &Rc<Keeper<T>>) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let on_hide = {
        let keeper = Rc::clone(keeper);
        EventListener::new(&window, "pagehide", move |_| keeper.flush())
    };
    let on_change = window.document().map(|document| {
        let keeper = Rc::clone(keeper);
        EventListener::new(&document, "visibilitychange", move |_| keeper.flush())
    });
    [Some(on_hide), on_change].into_iter().flatten().collect()
}
