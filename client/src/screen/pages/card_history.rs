//! 历史: every change of the card with who, when and where, and the way back.

use std::rc::Rc;

use floorbook_shared::document::command::Command;
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::contact::{NextStepDecision, StepEnding};
use floorbook_shared::rules::class::KEPT_FACT;
use floorbook_shared::rules::is_mark;
use floorbook_shared::rules::reception::RECEPTION_FACT;
use floorbook_shared::rules::review::REVIEWED_FACT;
use floorbook_shared::view::card::{CardView, ConflictPlace};
use floorbook_shared::view::history::{HistoryEntry, HistoryItem, HistoryView};
use yew::prelude::*;

use crate::screen::components::{Empty, Saving};
use crate::screen::hooks::{Day, Run, use_app, use_day, use_run, use_text};
use crate::screen::pages::conflict::{
    bring_back, is_hidden, place_words, value_now, value_words, who,
};
use crate::screen::state::AppState;
use crate::screen::text::Text;
use crate::screen::when;

/// Changes that are drawn at first, and more with every tap.
const SHOWN_AT_ONCE: usize = 60;

/// Properties of [`CardHistory`].
#[derive(PartialEq, Properties)]
pub struct CardHistoryProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
    /// Its history, once it was told.
    pub history: Option<Rc<HistoryView>>,
}

/// The history of a card, the newest change first.
#[component]
pub fn CardHistory(props: &CardHistoryProps) -> Html {
    let (text, app, day, run) = (use_text(), use_app(), use_day(), use_run());
    let shown = use_state(|| SHOWN_AT_ONCE);
    let Some(history) = &props.history else {
        return html! { <p class="quiet slow" role="status">{ text.get("card-opening") }</p> };
    };
    if history.entries.is_empty() {
        return html! { <Empty title={text.get("history-empty")} /> };
    }
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + SHOWN_AT_ONCE))
    };
    html! {
        <>
            <Saving problem={run.problem()} />
            <ol class="timeline history">
                { for history.entries.iter().take(*shown).map(|entry| {
                    let undo = {
                        let (run, document, change) = (run.clone(), props.document, entry.change);
                        Callback::from(move |_: MouseEvent| run.undo(document, change, Callback::noop()))
                    };
                    html! {
                        <li key={format!("{:?}", entry.change)} class="event">
                            <p class="event-head">
                                <strong>{ who(entry.by, &app, &text) }</strong>
                                <time class="quiet">{ day.moment(entry.at, &text) }</time>
                            </p>
                            <ul class="history-items">
                                { for entry.items.iter().map(|item| {
                                    html! { <li>{ show_item(item, entry, props, &run, &app, &text, &day) }</li> }
                                }) }
                            </ul>
                            if entry.may_undo {
                                <button type="button" class="button quiet-button history-undo" onclick={undo} disabled={run.is_saving()}>{ text.get("history-undo") }</button>
                            }
                        </li>
                    }
                }) }
            </ol>
            if history.entries.len() > *shown {
                <button type="button" class="button" onclick={more}>{ text.get("history-more") }</button>
            } else if history.left_out > 0 {
                <p class="quiet">{ text.get_with("history-left-out", [("count", history.left_out.into())]) }</p>
            }
        </>
    }
}

fn show_item(
    item: &HistoryItem,
    entry: &HistoryEntry,
    props: &CardHistoryProps,
    run: &Run,
    app: &AppState,
    text: &Text,
    day: &Day,
) -> Html {
    let near = |date| when::near_day(date, day.today, text);
    match item {
        HistoryItem::Value {
            place,
            before,
            after,
            ..
        } => {
            let words = |value: &str| words_of(place, value, props.document, app, text, day);
            html! {
            <>
                <span class="history-name">{ name_of(place, &props.card, text) }</span>
                // Of two values the one that was chosen is not struck out.
                { for before.iter().filter(|value| !value.is_empty() && *value != after).map(|value| html! {
                    <><del>{ words(value) }</del>{ " " }</>
                }) }
                if before.iter().any(|value| !value.is_empty()) { <span class="history-arrow" aria-hidden="true">{ "→ " }</span> }
                <ins>{ words(after) }</ins>
                if !entry.may_undo { { for before.iter().map(|value| back(place, value, props, run, app, text)) } }
            </>
            }
        }
        HistoryItem::Remarks { texts } => html! {
            <>
                <span class="history-name">{ text.get("remarks") }</span>
                if let Some((before, after)) = texts {
                    if !before.is_empty() { <del class="history-text">{ before }</del> }
                    <ins class="history-text">{ if after.is_empty() { text.get("conflict-cleared") } else { after.clone() } }</ins>
                } else {
                    { text.get("history-remarks") }
                }
            </>
        },
        HistoryItem::Contact { contact } => {
            let contacts = &props.card.customer.contacts;
            let contact = contacts.iter().find(|known| known.id == *contact);
            let words = contact.map(|contact| {
                let channel = text.coded("channel", contact.channel.key());
                let outcome = text.coded("outcome", contact.outcome.key());
                format!("{channel} · {outcome}")
            });
            html! {
                <>
                    <span class="history-name">{ text.get("history-contact") }</span>
                    { words }
                </>
            }
        }
        HistoryItem::Planned { decision } => match decision {
            NextStepDecision::Planned { what, due, .. } => text
                .get_with(
                    "timeline-step",
                    [("what", what.as_str().into()), ("day", near(*due).into())],
                )
                .into(),
            NextStepDecision::None { reason } => text
                .get_with("timeline-none", [("reason", reason.as_str().into())])
                .into(),
        },
        HistoryItem::Moved {
            what,
            before,
            after,
        } => html! {
            <>
                <span class="history-name">{ text.get_with("history-moved", [("what", what.as_str().into())]) }</span>
                if let Some(before) = before { <del>{ near(*before) }</del><span class="history-arrow" aria-hidden="true">{ " → " }</span> }
                <ins>{ near(*after) }</ins>
            </>
        },
        HistoryItem::Ended { what, ending } => {
            let how = match ending {
                StepEnding::Done { .. } => text.get("step-is-done"),
                StepEnding::Dropped { reason } => {
                    text.get_with("step-dropped", [("reason", reason.as_str().into())])
                }
            };
            html! { <><span class="history-name">{ text.get_with("history-step", [("what", what.as_str().into())]) }</span>{ how }</> }
        }
        HistoryItem::Reopened { what } => text
            .get_with("history-reopened", [("what", what.as_str().into())])
            .into(),
        HistoryItem::HandedOver => text.get("history-handover").into(),
        HistoryItem::Other => text.get("history-other").into(),
    }
}

/// What a place is called; marks of the program have names as well.
fn name_of(place: &ConflictPlace, card: &CardView, text: &Text) -> String {
    match place {
        ConflictPlace::Fact(name) if name == KEPT_FACT => text.get("history-class-kept"),
        ConflictPlace::Fact(name) if name == RECEPTION_FACT => text.get("history-reception"),
        ConflictPlace::Fact(name) if name == REVIEWED_FACT => text.get("review-looked-at"),
        ConflictPlace::Fact(name) if is_mark(name) => text.get("history-put-off"),
        ConflictPlace::Fact(_)
        | ConflictPlace::Field(_)
        | ConflictPlace::Phone(_)
        | ConflictPlace::Entry { .. }
        | ConflictPlace::Consent(_) => place_words(place, &card.customer, text),
    }
}

/// A value of a place in words; marks of the program end with their day.
fn words_of(
    place: &ConflictPlace,
    value: &str,
    document: DocumentId,
    app: &AppState,
    text: &Text,
    day: &Day,
) -> String {
    let name = match place {
        ConflictPlace::Fact(name) if is_mark(name) => name,
        ConflictPlace::Fact(_)
        | ConflictPlace::Field(_)
        | ConflictPlace::Phone(_)
        | ConflictPlace::Entry { .. }
        | ConflictPlace::Consent(_) => return value_words(place, value, document, app, text),
    };
    let (before, last) = value.rsplit_once(' ').unwrap_or(("", value));
    match last.parse() {
        Ok(date) if name == KEPT_FACT => {
            format!("{before} · {}", when::near_day(date, day.today, text))
        }
        Ok(date) => when::near_day(date, day.today, text),
        Err(_) => value.to_owned(),
    }
}

/// Brings an earlier value back, unless it stands there.
fn back(
    place: &ConflictPlace,
    value: &str,
    props: &CardHistoryProps,
    run: &Run,
    app: &AppState,
    text: &Text,
) -> Html {
    let customer = &props.card.customer;
    let is_there = value.is_empty() || value_now(place, customer) == value;
    // Nobody brings back what they can't see.
    if is_there || is_hidden(place, props.document, app) {
        return html! {};
    }
    let edit = bring_back(place, value, customer);
    let onclick = {
        let (run, document) = (run.clone(), props.document);
        Callback::from(move |_: MouseEvent| {
            let edits = vec![edit.clone()];
            run.run(document, Command::EditCard { edits }, Callback::noop());
        })
    };
    let words = value_words(place, value, props.document, app, text);
    html! {
        <button type="button" class="button quiet-button history-back" {onclick} disabled={run.is_saving()}>
            { text.get_with("history-bring-back", [("value", words.into())]) }
        </button>
    }
}
