//! What is known about this tablet's storage: whether it lasts, how full it is, what is set aside.

use floorbook_shared::device::message::Request;
use floorbook_shared::id::DocumentId;
use yew::prelude::*;
use yew_router::prelude::Link;

use crate::screen::components::{Message, Tone};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::keeping::use_space;
use crate::screen::route::Route;

/// Rows of a list of facts: whether the browser keeps the data, and how much space there is.
#[component]
pub fn StorageFacts() -> Html {
    let (text, app, space) = (use_text(), use_app(), use_space());
    html! {
        <>
            <dt>{ text.get("keeping-title") }</dt>
            <dd data-keeping={app.keeping.code()}>{ text.coded("keeping", app.keeping.code()) }</dd>
            if let Some(space) = space {
                <dt>{ text.get("space-title") }</dt>
                <dd>{ text.get_with("space-used", [
                    ("used", in_words(space.used).into()),
                    ("all", in_words(space.all).into()),
                ]) }</dd>
            }
        </>
    }
}

/// A number of bytes, as a tablet reports it, in words.
#[expect(
    clippy::cast_precision_loss,
    reason = "a storage is told with one digit"
)]
pub fn bytes_in_words(bytes: u64) -> String {
    in_words(bytes as f64)
}

/// A number of bytes with a unit that leaves one to three digits before the point.
fn in_words(bytes: f64) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "KB")];
    let fitting = units.into_iter().find(|(size, _)| bytes >= *size);
    let (size, unit) = fitting.unwrap_or((1e3, "KB"));
    format!("{:.1} {unit}", bytes / size)
}

/// The cards that are set aside, each with a way to it and another try.
#[component]
pub fn SetAside() -> Html {
    let (text, app) = (use_text(), use_app());
    let aside = &app.status.set_aside;
    if aside.is_empty() {
        return html! {};
    }
    html! {
        <Message tone={Tone::Warning}>
            <p><strong>{ text.get_with("status-aside", [("count", aside.len().into())]) }</strong></p>
            <p>{ text.get("card-aside-kept") }</p>
            <ul class="set-aside">
                { for aside.iter().map(|document| html! {
                    <AsideCard key={document.to_string()} document={*document} />
                }) }
            </ul>
            <p>{ text.get("card-aside-advice") }</p>
        </Message>
    }
}

#[derive(PartialEq, Properties)]
struct AsideCardProps {
    document: DocumentId,
}

#[component]
fn AsideCard(props: &AsideCardProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let document = props.document;
    let row = app.rows.get(document);
    let name = row.map(|row| row.entry.row.name.clone());
    let name = name.filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| text.get("card-without-name"));
    let onclick = Callback::from(move |_: MouseEvent| {
        link.ask(Request::TryAgain { document });
    });
    let again = text.get_with("try-again-card", [("name", name.as_str().into())]);
    html! {
        <li class="message-line">
            <Link<Route> to={Route::Card { id: document.to_string() }}>{ name }</Link<Route>>
            <button type="button" class="button" {onclick} aria-label={again}>{ text.get("try-again") }</button>
        </li>
    }
}
