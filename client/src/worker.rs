//! The worker: the shell around the document engine. It posts [`FromWorker::Ready`] once it
//! listens, because what is posted to a worker before it listens is lost.

use gloo_events::EventListener;
use js_sys::global;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::messages::{FromWorker, ToWorker};

/// Starts listening to the screen.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = global().unchecked_into();
    let listening = scope.clone();
    EventListener::new(&scope, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        let asked = data
            .as_string()
            .and_then(|text| serde_json::from_str(&text).ok());
        if let Some(asked) = asked {
            answer(&listening, &asked);
        }
    })
    .forget();
    post(&scope, &FromWorker::Ready);
}

fn answer(scope: &DedicatedWorkerGlobalScope, asked: &ToWorker) {
    match asked {
        ToWorker::Hello => {
            let version = env!("CARGO_PKG_VERSION").to_owned();
            post(scope, &FromWorker::Hello { version });
        }
    }
}

fn post(scope: &DedicatedWorkerGlobalScope, message: &FromWorker) {
    let Ok(text) = serde_json::to_string(message) else {
        return;
    };
    if scope.post_message(&JsValue::from_str(&text)).is_err() {
        // The page is gone; its worker ends with it.
    }
}
