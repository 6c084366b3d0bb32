//! Taking in the rescue file of a tablet that can't reach the store any more.

use floorbook_shared::access::Action;
use floorbook_shared::api::{IMPORT_MAX_BYTES, RescueReport};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;
use yew_router::prelude::*;

use super::{NotForYou, Problem};
use crate::screen::components::{Icon, Message, Picture, Tone};
use crate::screen::files;
use crate::screen::hooks::{use_app, use_sending, use_text};
use crate::screen::http;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::AppState;
use crate::screen::text::Text;

/// The page.
#[component]
pub fn Rescue() -> Html {
    let (text, app, sending) = (use_text(), use_app(), use_sending());
    let report = use_state(|| None::<RescueReport>);
    let unreadable = use_state(|| None::<String>);
    use_effect_with(text.get("rescue"), |title| platform::set_title(title));
    if !app.may(Action::ManageTablets) {
        return html! { <NotForYou /> };
    }
    let on_file = {
        let (report, unreadable) = (report.clone(), unreadable.clone());
        let sending = sending.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let Some(picked) = input.files().and_then(|files| files.get(0)) else {
                return;
            };
            // The same file may be picked again: taking it in twice changes nothing.
            input.set_value("");
            report.set(None);
            unreadable.set(None);
            let (report, unreadable) = (report.clone(), unreadable.clone());
            let sending = sending.clone();
            spawn_local(async move {
                match files::read(&picked, IMPORT_MAX_BYTES).await {
                    Ok(file) => sending.send(http::take_rescue_in(file.content), move |found| {
                        report.set(Some(found));
                    }),
                    Err(code) => unreadable.set(Some(code.to_owned())),
                }
            });
        })
    };
    html! {
        <div class="page import">
            <Link<Route> to={Route::Tablets} classes="back always"><Icon picture={Picture::Back} />{ text.get("tablets") }</Link<Route>>
            <header class="page-head"><h1>{ text.get("rescue") }</h1></header>
            <section class="panel">
                <p>{ text.get("rescue-explained") }</p>
                <label class="button primary file-button">
                    <input type="file" onchange={on_file} disabled={sending.is_busy()} />
                    <span>{ text.get("import-choose") }</span>
                </label>
                if sending.is_busy() { <p role="status" class="quiet slow">{ text.get("import-reading") }</p> }
                <Problem code={(*unreadable).clone().or_else(|| sending.problem())} />
            </section>
            if let Some(report) = &*report { { shown(report, &app, &text) } }
        </div>
    }
}

/// What became of it.
fn shown(report: &RescueReport, app: &AppState, text: &Text) -> Html {
    let tone = if report.refused.is_empty() {
        Tone::Good
    } else {
        Tone::Warning
    };
    html! {
        <Message {tone}>
            <p><strong>{ text.get_with("rescue-taken", [("count", report.taken.into())]) }</strong></p>
            if !report.refused.is_empty() {
                <p>{ text.get_with("rescue-refused", [("count", report.refused.len().into())]) }</p>
                <ul class="bullets">
                    { for report.refused.iter().map(|refused| {
                        let person = app.scope.person(refused.person);
                        let name = person.map(|person| person.name.clone()).unwrap_or_default();
                        html! { <li>{ name }{ ": " }{ text.coded("refused", &refused.code) }</li> }
                    }) }
                </ul>
            }
        </Message>
    }
}
