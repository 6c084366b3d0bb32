//! One tab owns the data: the Web Lock of that name.

use js_sys::{Function, Object, Promise, Reflect, global};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Name of the lock.
const LOCK: &str = "floorbook-data";

/// Asks for the lock; with `steal` it is taken from the tab that holds it. `on_answer` hears
/// whether it was given, `on_lost` that another tab took it later.
pub(super) fn acquire(
    steal: bool,
    on_answer: impl FnOnce(bool) + 'static,
    on_lost: impl FnOnce() + 'static,
) {
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let is_given = lock.is_object();
        on_answer(is_given);
        if is_given {
            // The lock is held until this promise settles: until the worker ends.
            Promise::new(&mut |_, _| {}).into()
        } else {
            JsValue::UNDEFINED
        }
    });
    match request(steal, &callback) {
        Ok(promise) => spawn_local(async move {
            // It is rejected when another tab steals the lock, and settled early when it was not
            // given; then `on_answer` has said so already.
            if JsFuture::from(promise).await.is_err() {
                on_lost();
            }
        }),
        Err(_) => {
            // A browser without Web Locks: two tabs can't be kept apart, so the screen is told
            // by never opening the data twice in one browser. All supported browsers have them.
            let _ = callback
                .unchecked_ref::<Function>()
                .call1(&JsValue::NULL, &Object::new());
        }
    }
}

fn request(steal: bool, callback: &JsValue) -> Result<Promise, JsValue> {
    let navigator = Reflect::get(&global(), &"navigator".into())?;
    let locks = Reflect::get(&navigator, &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = Object::new();
    let option = if steal { "steal" } else { "ifAvailable" };
    Reflect::set(&options, &option.into(), &JsValue::TRUE)?;
    request
        .call3(&locks, &LOCK.into(), &options, callback)?
        .dyn_into()
}
