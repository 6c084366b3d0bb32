//! The worker: the shell around the document engine. It owns the tablet's storage and the socket.
//!
//! It decides nothing: inputs go into [`floorbook_shared::device::engine::Device`], what comes
//! back is carried out. One tab owns the data at a time, by a Web Lock; losing the lock ends
//! everything here at once. A trap is told by the boot script, with the document that [`work`] noted.

mod clock;
mod host;
mod lock;
mod socket;
mod storage;
#[cfg(feature = "storage-suite")]
mod suite;
mod work;

use floorbook_shared::view::row_text::RowText;
use gloo_events::EventListener;
use js_sys::{Array, Uint8Array, global};
use wasm_bindgen::JsCast;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::message::{ToScreen, ToWorker};
use host::Host;

/// Starts listening to the screen. What was posted before waits in the boot script.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope = scope();
    let host = Host::new();
    EventListener::new(&scope, "message", move |event| {
        let data = event.unchecked_ref::<MessageEvent>().data();
        let asked = data
            .as_string()
            .and_then(|text| serde_json::from_str(&text).ok());
        match asked {
            Some(ToWorker::Open { take_over, trapped }) => host.open(take_over, trapped),
            Some(ToWorker::Request(request)) => host.request(request),
            None => {}
        }
    })
    .forget();
}

fn scope() -> DedicatedWorkerGlobalScope {
    global().unchecked_into()
}

/// Tells the screen something.
fn post(message: &ToScreen<RowText>) {
    let Ok(json) = serde_json::to_vec(message) else {
        return;
    };
    let bytes = Uint8Array::from(json.as_slice());
    let handed_over = Array::of1(&bytes.buffer());
    let posted = scope().post_message_with_transfer(&bytes, &handed_over);
    if posted.is_err() {
        // Only objects that cannot be handed over are refused, and these are bytes.
    }
}
