//! One item: who, why now, when best, what was promised; reach them, log it, or later.

use floorbook_shared::rules::agenda::{Promise, Why, WorkItem};
use floorbook_shared::rules::calling::Moment;
use yew::prelude::*;
use yew_router::prelude::*;

use super::best_time::BestTime;
use super::card_route;
use super::reach::Reach;
use super::why::why_words;
use crate::screen::components::{ClassBadge, Icon, Outline, Picture};
use crate::screen::hooks::{use_day, use_text};
use crate::screen::pages::customer_row::Shared;
use crate::screen::pages::reception::{LeftButton, VisitButton};
use crate::screen::route::Route;
use crate::screen::when;

/// Properties of [`Item`].
#[derive(PartialEq, Properties)]
pub(super) struct ItemProps {
    /// The item.
    pub item: WorkItem,
    /// The row of its card.
    pub row: Shared,
    /// The store's moment.
    pub now: Moment,
    /// Called when a contact is to be logged.
    pub on_contact: Callback<WorkItem>,
    /// Called when it is to be done later.
    pub on_later: Callback<WorkItem>,
}

/// One item.
#[component]
pub(super) fn Item(props: &ItemProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let item = &props.item;
    let row = &props.row.0.entry.row;
    let name = if row.name.is_empty() {
        text.get("card-without-name")
    } else {
        row.name.clone()
    };
    let on_contact = {
        let (item, on_contact) = (item.clone(), props.on_contact.clone());
        Callback::from(move |()| on_contact.emit(item.clone()))
    };
    let contact = on_contact.reform(|_: MouseEvent| ());
    let later = {
        let (item, on_later) = (item.clone(), props.on_later.clone());
        Callback::from(move |_: MouseEvent| on_later.emit(item.clone()))
    };
    let is_here = matches!(item.why, Why::InStore { .. });
    let promise = item.promise.as_ref().map(|promise| match promise {
        Promise::Step(step) => text.get_with(
            "promised-step",
            [
                ("what", step.what.as_str().into()),
                (
                    "day",
                    when::appointed(step.due, step.time, day.today, &text).into(),
                ),
            ],
        ),
        Promise::Note(note) => text.get_with("promised-note", [("note", note.as_str().into())]),
    });
    html! {
        <li class="work" data-document={item.document.to_string()} data-why={item.why.key()}>
            <ClassBadge class={row.class} />
            <div class="work-words">
                <p class="work-who">
                    <Link<Route> to={card_route(item.document)} classes="work-name">{ name.clone() }</Link<Route>>
                    if !row.compound.is_empty() { <span class="quiet">{ &row.compound }</span> }
                </p>
                <p class="work-what">
                    <span class="work-how">{ text.coded("channel", item.how.key()) }</span>
                    if let Some(time) = item.step().and_then(|step| step.time) { <time class="work-time">{ time.to_string() }</time> }
                    <span>{ why_words(item, &day, &text) }</span>
                    if item.step().is_some() && item.days_late > 0 {
                        <span class="late">{ text.get_with("late-days", [("count", item.days_late.into())]) }</span>
                    }
                </p>
                <BestTime item={item.clone()} row={props.row.clone()} now={props.now} />
                if let Some(promise) = promise { <p class="work-promise quiet">{ promise }</p> }
                <Outline script={item.why.script()} />
            </div>
            <div class="work-actions">
                if is_here {
                    <VisitButton name={name.clone()} on_visit={on_contact} />
                    <LeftButton document={item.document} {name} />
                } else {
                    <Reach document={item.document} how={item.how} row={props.row.clone()} name={name.clone()} on_reach={contact.clone()} />
                    <button type="button" class="icon-button" onclick={later}
                        aria-label={text.get_with("not-now-of", [("name", name.as_str().into())])}>
                        <Icon picture={Picture::Calendar} />
                    </button>
                    <button type="button" class="button" onclick={contact}
                        aria-label={text.get_with("log-with", [("name", name.into())])}>
                        <Icon picture={Picture::Done} />{ text.get("work-done") }
                    </button>
                }
            </div>
        </li>
    }
}
