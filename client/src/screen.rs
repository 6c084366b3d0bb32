//! The screen: what a person sees and touches.

pub mod service_worker;
pub mod worker_link;

use yew::prelude::*;

use crate::messages::{FromWorker, ToWorker};
use service_worker::Update;
use worker_link::WorkerLink;

/// Draws the app in place of the splash of `index.html` and registers the service worker.
pub fn start() {
    console_error_panic_hook::set_once();
    yew::Renderer::<App>::new().render();
}

/// The whole app; for now a page that shows that both programs run.
#[component]
pub fn App() -> Html {
    let answered = use_state(|| None::<String>);
    let update = use_state(|| None::<Update>);
    {
        let answered = answered.clone();
        let update = update.clone();
        use_effect_with((), move |()| {
            let link = WorkerLink::start(move |link, message| match message {
                FromWorker::Ready => link.post(&ToWorker::Hello),
                FromWorker::Hello { version } => answered.set(Some(version)),
            });
            service_worker::register(move |ready| update.set(Some(ready)));
            move || drop(link)
        });
    }
    html! {
        <main class="page">
            <h1>{ "Floorbook" }</h1>
            if let Some(version) = answered.as_ref() {
                <p role="status">{ format!("Worker {version} answered") }</p>
            }
            if let Some(ready) = (*update).clone() {
                <button type="button" onclick={move |_| ready.activate()}>{ "Update" }</button>
            }
        </main>
    }
}
