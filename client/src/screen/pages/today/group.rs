//! A group of the day with its count, and what is done already.

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::contact::Channel;
use floorbook_shared::rules::agenda::{Group as Part, WorkItem};
use yew::prelude::*;
use yew_router::prelude::*;

use super::card_route;
use super::item::Item;
use crate::screen::components::ClassBadge;
use crate::screen::hooks::{use_app, use_minute, use_text};
use crate::screen::pages::customer_row::Shared;
use crate::screen::route::Route;

/// How many rows of a group are drawn before someone asks for more: the page has five groups, and
/// opening the tablet waits for them.
const GROUP_ROWS: usize = 16;
/// How many more are drawn then.
const MORE_ROWS: usize = 40;

/// Properties of [`Group`].
#[derive(PartialEq, Properties)]
pub struct GroupProps {
    /// Which group.
    pub part: Part,
    /// Its items.
    pub items: Rc<[WorkItem]>,
    /// Called when a contact is to be logged.
    pub on_contact: Callback<WorkItem>,
    /// Called when an item is to be done later.
    pub on_later: Callback<WorkItem>,
}

/// A group with its count.
#[component]
pub fn Group(props: &GroupProps) -> Html {
    let (text, app, now) = (use_text(), use_app(), use_minute());
    let drawn = use_state(|| GROUP_ROWS);
    let rest = props.items.len().saturating_sub(*drawn);
    let show_more = {
        let drawn = drawn.clone();
        Callback::from(move |_: MouseEvent| drawn.set(*drawn + MORE_ROWS))
    };
    let key = props.part.key();
    let heading = format!("agenda-{key}");
    let count = props.items.len();
    html! {
        <section class={classes!("group", (count == 0).then_some("is-empty"))} aria-labelledby={heading.clone()} data-group={key}>
            <h2 id={heading} class="group-title">
                { text.coded("agenda", key) }<span class="group-count">{ count }</span>
            </h2>
            if count > 0 {
                <ul class="work-list">
                    { for props.items.iter().take(*drawn).filter_map(|item| {
                        let row = app.rows.get(item.document)?.clone();
                        Some(html! {
                            <Item key={item.id()} item={item.clone()} row={Shared(row)} {now}
                                on_contact={props.on_contact.clone()} on_later={props.on_later.clone()} />
                        })
                    }) }
                </ul>
            }
            if rest > 0 {
                <button type="button" class="button wide" onclick={show_more}>
                    { text.get_with("show-rest", [("count", rest.into())]) }
                </button>
            }
        </section>
    }
}

/// Properties of [`Done`].
#[derive(PartialEq, Properties)]
pub struct DoneProps {
    /// Whom somebody was in contact with today, and how.
    pub done: Rc<[(DocumentId, Channel)]>,
}

/// What is done already.
#[component]
pub fn Done(props: &DoneProps) -> Html {
    let (text, app) = (use_text(), use_app());
    if props.done.is_empty() {
        return html! {};
    }
    html! {
        <details class="today-done">
            <summary>{ text.get_with("today-done", [("count", props.done.len().into())]) }</summary>
            <ul class="done-list">
                { for props.done.iter().filter_map(|(document, how)| {
                    let row = &app.rows.get(*document)?.entry.row;
                    Some(html! {
                        <li key={document.to_string()}>
                            <ClassBadge class={row.class} />
                            <Link<Route> to={card_route(*document)} classes="work-name">{ row.name.clone() }</Link<Route>>
                            <span class="work-how">{ text.coded("channel", how.key()) }</span>
                        </li>
                    })
                }) }
            </ul>
        </details>
    }
}
