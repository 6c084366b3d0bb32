//! Asking the server: what was read last stays on the screen, one request at a time.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::screen::http::Answer;

/// What the server said last, and why it says nothing now.
pub struct Loaded<T: 'static> {
    /// What was read last.
    pub value: Option<Rc<T>>,
    /// The code of why the last try brought nothing.
    pub problem: Option<String>,
    /// Reads again.
    pub reload: Callback<()>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        Self {
            value: self.value.clone(),
            problem: self.problem.clone(),
            reload: self.reload.clone(),
        }
    }
}

impl<T: PartialEq> PartialEq for Loaded<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value && self.problem == other.problem && self.reload == other.reload
    }
}

/// Reads something of the server when the component appears, and again when it is told to.
#[hook]
pub fn use_loaded<T, F, A>(ask: F) -> Loaded<T>
where
    T: 'static,
    F: Fn() -> A + 'static,
    A: Future<Output = Answer<T>> + 'static,
{
    let value = use_state(|| None::<Rc<T>>);
    let problem = use_state(|| None::<String>);
    let reload = {
        let (value, problem) = (value.setter(), problem.setter());
        // An answer that was overtaken by a later one is old.
        let newest = use_memo((), |()| Cell::new(0_u32));
        use_callback((), move |(), ()| {
            let number = newest.get().wrapping_add(1);
            newest.set(number);
            let asking = ask();
            let (value, problem, newest) = (value.clone(), problem.clone(), newest.clone());
            spawn_local(async move {
                let answer = asking.await;
                if newest.get() != number {
                    return;
                }
                match answer {
                    Ok(found) => {
                        value.set(Some(Rc::new(found)));
                        problem.set(None);
                    }
                    Err(found) => problem.set(Some(found.code)),
                }
            });
        })
    };
    {
        let reload = reload.clone();
        use_effect_with((), move |()| reload.emit(()));
    }
    Loaded {
        value: (*value).clone(),
        problem: (*problem).clone(),
        reload,
    }
}

/// The sending of a form to the server: one at a time.
#[derive(Clone)]
pub struct Sending {
    shown: UseStateHandle<bool>,
    problem: UseStateHandle<Option<String>>,
    /// Set at once, while the state above waits for the next rendering: a double tap is one.
    is_busy: Rc<Cell<bool>>,
}

impl Sending {
    /// Whether an answer is awaited.
    pub fn is_busy(&self) -> bool {
        *self.shown
    }

    /// The code of why the last try failed.
    pub fn problem(&self) -> Option<String> {
        (*self.problem).clone()
    }

    /// Forgets why the last try failed.
    pub fn forget_problem(&self) {
        self.problem.set(None);
    }

    /// Sends, unless an answer is awaited already, and hands over what came back.
    pub fn send<T: 'static>(
        &self,
        asking: impl Future<Output = Answer<T>> + 'static,
        on_answer: impl FnOnce(T) + 'static,
    ) {
        if self.is_busy.replace(true) {
            return;
        }
        self.shown.set(true);
        self.problem.set(None);
        let sending = self.clone();
        let asking: Pin<Box<dyn Future<Output = Answer<T>>>> = Box::pin(asking);
        spawn_local(async move {
            let answer = asking.await;
            sending.is_busy.set(false);
            sending.shown.set(false);
            match answer {
                Ok(found) => on_answer(found),
                Err(found) => sending.problem.set(Some(found.code)),
            }
        });
    }
}

/// The sending of a form.
#[hook]
pub fn use_sending() -> Sending {
    let shown = use_state_eq(|| false);
    let problem = use_state_eq(|| None);
    let is_busy = use_memo((), |()| Cell::new(false));
    Sending {
        shown,
        problem,
        is_busy,
    }
}
