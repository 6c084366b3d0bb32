//! What a tablet held, to be printed after a loss.

use floorbook_shared::api::{HeldBook, Holdings, Tablet};
use floorbook_shared::time::Timestamp;
use yew::prelude::*;

use super::Problem;
use super::tablet::code_of;
use crate::screen::hooks::{Day, use_day, use_sending, use_text};
use crate::screen::http;
use crate::screen::platform;
use crate::screen::text::Text;

/// Properties of [`Held`].
#[derive(PartialEq, Properties)]
pub struct HeldProps {
    /// The tablet.
    pub tablet: Tablet,
}

/// The section: asked for first, because asking is noted in the audit.
#[component]
pub fn Held(props: &HeldProps) -> Html {
    let (text, day, sending) = (use_text(), use_day(), use_sending());
    let found = use_state(|| None::<Holdings>);
    let device = props.tablet.standing.device;
    let show = {
        let (found, sending) = (found.clone(), sending.clone());
        Callback::from(move |_: MouseEvent| {
            let found = found.clone();
            sending.send(http::holdings(device), move |held| found.set(Some(held)));
        })
    };
    let print = Callback::from(|_: MouseEvent| platform::print());
    html! {
        <section class={classes!("panel", found.is_some().then_some("held-sheet"))} aria-labelledby="held-title">
            <h2 id="held-title">{ text.get("tablet-held") }</h2>
            if let Some(held) = &*found {
                { sheet(held, props.tablet.last_contact, &text, &day) }
                <button type="button" class="button primary" onclick={print}>{ text.get("tablet-held-print") }</button>
            } else {
                <p class="quiet">{ text.get("tablet-held-explained") }</p>
                <button type="button" class="button" onclick={show} disabled={sending.is_busy()}>{ text.get("tablet-held-show") }</button>
            }
            <Problem code={sending.problem()} />
        </section>
    }
}

fn sheet(held: &Holdings, last_contact: Option<Timestamp>, text: &Text, day: &Day) -> Html {
    let contact =
        last_contact.map_or_else(|| text.get("tablet-no-contact"), |at| day.moment(at, text));
    html! {
        <>
            <p class="quiet">{ text.get_with("tablet-held-at", [("at", day.moment(held.at, text).into())]) }</p>
            <dl class="facts">
                <dt>{ text.get("tablet-people") }</dt>
                <dd>{ if held.people.is_empty() { text.get("tablet-nobody") } else { held.people.join(&text.get("list-and")) } }</dd>
                <dt>{ text.get("tablet-last-contact") }</dt>
                <dd>{ contact }</dd>
            </dl>
            <div class="table-scroll">
                <table class="table">
                    <thead><tr>
                        <th scope="col">{ text.get("tablet-held-book") }</th>
                        <th scope="col">{ text.get("tablet-held-owner") }</th>
                        <th scope="col">{ text.get("tablet-held-cards") }</th>
                        <th scope="col">{ text.get("tablet-held-standing") }</th>
                    </tr></thead>
                    <tbody>{ for held.books.iter().map(|book| row(book, text)) }</tbody>
                </table>
            </div>
            if held.books.is_empty() { <p>{ text.get("book-none") }</p> }
            <p class="quiet">{ text.get("tablet-held-note") }</p>
        </>
    }
}

fn row(book: &HeldBook, text: &Text) -> Html {
    let kind = book.kind.map_or("unknown", code_of);
    let whose = [book.owner.as_deref(), book.store.as_deref()];
    let whose: Vec<&str> = whose.into_iter().flatten().collect();
    let standing = if book.is_open {
        "tablet-books"
    } else {
        "tablet-books-before"
    };
    html! {
        <tr>
            <td>{ text.coded("book", kind) }</td>
            <td>{ whose.join(" · ") }</td>
            <td>{ book.cards.len() }</td>
            <td>{ text.get(standing) }</td>
        </tr>
    }
}
