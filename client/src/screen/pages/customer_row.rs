//! A row of the list of customers.

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::consent::ConsentTopic;
use floorbook_shared::time::Date;
use floorbook_shared::time::days_between;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{ClassBadge, Icon, Picture};
use crate::screen::hooks::use_text;
use crate::screen::pages::today::card_route;
use crate::screen::state::ListedRow;
use crate::screen::text::Text;
use crate::screen::when;

/// A row, compared by being the same.
#[derive(Clone)]
pub(super) struct Shared(pub(super) Rc<ListedRow>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// Properties of [`Row`].
#[derive(PartialEq, Properties)]
pub(super) struct RowProps {
    /// The row.
    pub row: Shared,
    /// Its place in the list.
    pub index: usize,
    /// The store's day.
    pub today: Date,
    /// Whether its card is open.
    pub is_selected: bool,
    /// Whether Tab reaches it.
    #[prop_or(true)]
    pub is_stop: bool,
    /// Whether it is ticked, while rows are being selected.
    #[prop_or_default]
    pub is_ticked: Option<bool>,
    /// Called when it is ticked or not any more.
    #[prop_or_default]
    pub on_tick: Callback<DocumentId>,
}

/// A row: leads to its card, or is ticked while rows are being selected.
#[component]
pub(super) fn Row(props: &RowProps) -> Html {
    let text = use_text();
    let navigator = use_navigator();
    let entry = &props.row.0.entry;
    let row = &entry.row;
    let route = card_route(entry.document);
    let href = route.to_path();
    let onclick = Callback::from(move |event: MouseEvent| {
        if let Some(navigator) = &navigator
            && !event.ctrl_key()
            && !event.meta_key()
            && !event.shift_key()
        {
            event.prevent_default();
            navigator.push(&route);
        }
    });
    let name = if row.name.is_empty() {
        text.get("card-without-name")
    } else {
        row.name.clone()
    };
    let place = if row.compound.is_empty() {
        &row.area
    } else {
        &row.compound
    };
    let shown = html! {
        <>
            <ClassBadge class={row.class} />
            <span class="row-who">
                <span class="row-name">{ &name }
                    if row.refused.contains(&ConsentTopic::Call) {
                        <span class="mark mark-no-call" role="img" aria-label={text.get("mark-do-not-call")}><Icon picture={Picture::NoPhone} /></span>
                    }
                    if !row.causes.issues.is_empty() {
                        <span class="mark mark-issue" role="img" aria-label={text.get("mark-open-issue")}><Icon picture={Picture::Warning} /></span>
                    }
                    if row.conflicts > 0 {
                        <span class="mark mark-conflict" role="img" aria-label={text.get("mark-conflict")}><Icon picture={Picture::Conflict} /></span>
                    }
                    if entry.unsent > 0 {
                        <span class="mark mark-unsent" role="img" aria-label={text.get("mark-unsent")}><Icon picture={Picture::Unsent} /></span>
                    }
                </span>
                <span class="row-place">
                    if let Some(tail) = row.phones.first().and_then(|phone| phone_tail(phone)) {
                        <span class="row-tail">{ text.get_with("phone-tail", [("tail", tail.into())]) }</span>
                    }
                    <span>{ place }</span>
                </span>
            </span>
            { next_step(row.open_steps.first().map(|step| (step.what.as_str(), step.due)), props.today, &text) }
        </>
    };
    let index = props.index.to_string();
    let tabindex = if props.is_stop { "0" } else { "-1" };
    match props.is_ticked {
        None => html! {
            <a class="row" {href} {onclick} data-index={index} {tabindex} aria-current={props.is_selected.then_some("true")}>{ shown }</a>
        },
        Some(is_ticked) => {
            let document = entry.document;
            let onchange = props.on_tick.reform(move |_: Event| document);
            html! {
                <label class={classes!("row", "is-selecting", is_ticked.then_some("is-ticked"))}>
                    <input type="checkbox" checked={is_ticked} {onchange} data-index={index} {tabindex}
                        aria-label={text.get_with("select-this", [("name", name.clone().into())])} />
                    { shown }
                </label>
            }
        }
    }
}

fn next_step(step: Option<(&str, Date)>, today: Date, text: &Text) -> Html {
    let Some((what, due)) = step else {
        return html! { <span class="row-next quiet">{ text.get("no-next-step") }</span> };
    };
    let late = days_between(due, today);
    html! {
        <span class="row-next">
            <span class="row-what">{ what }</span>
            if late > 0 {
                <span class="late">{ text.get_with("late-days", [("count", late.into())]) }</span>
            } else {
                <span class={if late == 0 { "row-due is-today" } else { "row-due" }}>{ when::near_day(due, today, text) }</span>
            }
        </span>
    }
}

/// The last four digits of a phone.
fn phone_tail(phone: &str) -> Option<String> {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    let start = digits.len().checked_sub(4)?;
    digits.get(start..).map(|tail| tail.iter().collect())
}
