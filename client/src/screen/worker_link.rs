//! The screen's end of the line to the worker.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::messages::{FromWorker, ToWorker};

/// A running worker; dropping the last handle stops listening and ends it.
#[derive(Clone)]
pub struct WorkerLink {
    line: Line,
    _running: Option<Rc<Running>>,
}

/// The sending half, handed to the listener.
#[derive(Clone)]
pub struct Line(Option<Worker>);

struct Running {
    worker: Worker,
    _listener: EventListener,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Line {
    /// Posts one message; without a worker it goes nowhere.
    pub fn post(&self, message: &ToWorker) {
        let Some(worker) = &self.0 else { return };
        let Ok(text) = serde_json::to_string(message) else {
            return;
        };
        if worker.post_message(&JsValue::from_str(&text)).is_err() {
            // Only objects that cannot be copied are refused, and this is a string.
        }
    }
}

impl WorkerLink {
    /// Starts the worker named by the page (`<meta name="floorbook-worker">`, because the name
    /// carries a hash) and hands each of its messages to `on_message`.
    pub fn start(on_message: impl Fn(&Line, FromWorker) + 'static) -> Self {
        let Some(worker) = spawn() else {
            return Self {
                line: Line(None),
                _running: None,
            };
        };
        let line = Line(Some(worker.clone()));
        let answering = line.clone();
        let listener = EventListener::new(&worker, "message", move |event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            let said = data
                .as_string()
                .and_then(|text| serde_json::from_str(&text).ok());
            if let Some(said) = said {
                on_message(&answering, said);
            }
        });
        let running = Rc::new(Running {
            worker,
            _listener: listener,
        });
        Self {
            line,
            _running: Some(running),
        }
    }

    /// Posts one message.
    pub fn post(&self, message: &ToWorker) {
        self.line.post(message);
    }
}

fn spawn() -> Option<Worker> {
    let document = web_sys::window()?.document()?;
    let named = document
        .query_selector("meta[name=floorbook-worker]")
        .ok()??;
    let address = named.get_attribute("content")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&address, &options).ok()
}
