//! Registers `/sw.js`, which keeps the program on the tablet, and tells when a new version waits.
//!
//! A new version never takes over by itself: it waits until [`Update::activate`] is called, which
//! the app does when nothing is unsaved or on its way.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    RegistrationOptions, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerState, ServiceWorkerUpdateViaCache,
};

const ADDRESS: &str = "/sw.js";

/// A new version of the app, wholly on the tablet and waiting to take over.
#[derive(Clone, PartialEq)]
pub struct Update {
    waiting: ServiceWorker,
}

impl Update {
    /// Lets the new version take over and loads the page again under it.
    ///
    /// The browser lets the old version finish first; measured in Chromium, that takes one second
    /// or half a minute, so the screen has to say that the change is under way.
    pub fn activate(&self) {
        let waiting = self.waiting.clone();
        // Not `controllerchange`: a page that was opened before the first version was kept has
        // no controller, and would wait for ever.
        EventListener::new(&self.waiting, "statechange", move |_| {
            if waiting.state() == ServiceWorkerState::Activated
                && let Some(window) = web_sys::window()
                && window.location().reload().is_err()
            {
                // The page is being left anyway; the next opening is the new version.
            }
        })
        .forget();
        let message = js_sys::Object::new();
        let set = js_sys::Reflect::set(&message, &"type".into(), &"activate".into());
        if set.is_err() || self.waiting.post_message(&message).is_err() {
            // The waiting version was replaced by a newer one, which announces itself.
        }
    }
}

/// Registers the service worker and calls `on_update_ready` each time a newer version is ready.
///
/// Without a secure context there is no service worker: the app then works only while the server
/// answers, which is no reason to stop.
pub fn register(on_update_ready: impl Fn(Update) + 'static) {
    let Some(container) = container() else { return };
    let on_update_ready = Rc::new(on_update_ready);
    spawn_local(async move {
        let options = RegistrationOptions::new();
        options.set_scope("/");
        options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
        let registering = container.register_with_options(ADDRESS, &options);
        let Ok(registration) = JsFuture::from(registering).await else {
            return;
        };
        watch(registration.unchecked_into(), on_update_ready);
    });
}

/// Asks the server for a newer version now, as after coming back into the store.
pub fn look_for_update() {
    let Some(container) = container() else { return };
    spawn_local(async move {
        let Ok(found) = JsFuture::from(container.get_registration()).await else {
            return;
        };
        let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>() else {
            return;
        };
        if let Ok(updating) = registration.update()
            && JsFuture::from(updating).await.is_err()
        {
            // Offline: the next time in the store asks again.
        }
    });
}

/// The browser's container, absent outside a secure context (although web-sys says otherwise).
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let found = js_sys::Reflect::get(&navigator, &JsValue::from_str("serviceWorker")).ok()?;
    found.dyn_into().ok()
}

fn watch(registration: ServiceWorkerRegistration, on_update_ready: Rc<impl Fn(Update) + 'static>) {
    if let Some(waiting) = registration.waiting() {
        on_update_ready(Update { waiting });
    }
    let watched = registration.clone();
    EventListener::new(&registration, "updatefound", move |_| {
        let Some(installing) = watched.installing() else {
            return;
        };
        // The very first version has nobody to replace: it is no update.
        let is_first = watched.active().is_none();
        let on_update_ready = Rc::clone(&on_update_ready);
        let worker = installing.clone();
        EventListener::new(&installing, "statechange", move |_| {
            if !is_first && worker.state() == ServiceWorkerState::Installed {
                on_update_ready(Update {
                    waiting: worker.clone(),
                });
            }
        })
        .forget();
    })
    .forget();
}
