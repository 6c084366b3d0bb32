//! 今日: what is due, in the order in which to do it.

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::contact::Channel;
use floorbook_shared::view::today::{DueStep, Today as Work};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{ClassBadge, Empty, Icon, Picture};
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::contact_sheet::ContactSheet;
use crate::screen::pages::step_dialogs::MoveStep;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::{Action, ListedRow};
use crate::screen::when;

/// How many rows of a group are drawn before someone asks for the rest.
const GROUP_ROWS: usize = 40;

/// What is open over the page.
#[derive(Clone, PartialEq)]
enum Open {
    Contact(DueStep),
    Move(DueStep),
}

/// The page.
#[component]
pub fn Today() -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let open = use_state(|| None::<Open>);
    use_effect_with(text.get("place-today"), |title| platform::set_title(title));
    let is_of_all = app.is_today_of_all;
    let work = {
        let app = app.clone();
        let person = app.identity.as_ref().map(|identity| identity.person);
        use_memo(
            (
                app.rows.clone(),
                app.scope.clone(),
                is_of_all,
                day.today,
                person,
            ),
            move |(rows, _, is_of_all, today, _)| {
                let shown = rows
                    .iter()
                    .filter(|row| *is_of_all || app.is_mine(row.entry.feed))
                    .map(|row| (row.entry.document, &row.entry.row));
                Work::of(shown, *today)
            },
        )
    };
    let choose = |is_of_all: bool| {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| app.dispatch(Action::TodayOfAll(is_of_all)))
    };
    let on_contact = {
        let open = open.clone();
        Callback::from(move |item: DueStep| open.set(Some(Open::Contact(item))))
    };
    let on_move = {
        let open = open.clone();
        Callback::from(move |item: DueStep| open.set(Some(Open::Move(item))))
    };
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let group = |id: &'static str, title: String, items: &[DueStep]| {
        html! {
            <Group {id} {title} items={Rc::<[DueStep]>::from(items)} on_contact={on_contact.clone()}
                on_move={on_move.clone()} />
        }
    };
    let has_due = !work.overdue.is_empty() || !work.due.is_empty();
    html! {
        <div class="page today">
            <header class="page-head">
                <h1>{ text.get("place-today") }<span class="today-date">{ when::day(day.today, day.today, &text) }</span></h1>
                <div class="segments" role="group" aria-label={text.get("whose-work")}>
                    <button type="button" aria-pressed={(!is_of_all).to_string()} onclick={choose(false)}>{ text.get("only-mine") }</button>
                    <button type="button" aria-pressed={is_of_all.to_string()} onclick={choose(true)}>{ text.get("everyone") }</button>
                </div>
            </header>
            <dl class="counts">
                <div class={classes!("count", (!work.overdue.is_empty()).then_some("is-late"))}>
                    <dt>{ text.get("count-overdue") }</dt><dd>{ work.overdue.len() }</dd>
                </div>
                <div class="count"><dt>{ text.get("count-due") }</dt><dd>{ work.due.len() }</dd></div>
                <div class="count"><dt>{ text.get("count-contacted") }</dt><dd>{ work.contacted }</dd></div>
            </dl>
            if app.rows.len() == 0 {
                <Empty title={text.get("today-no-customers")} advice={text.get("customers-empty-advice")}>
                    <Link<Route> to={Route::NewCard} classes="button primary">{ text.get("new-card") }</Link<Route>>
                </Empty>
            } else {
                <div class="today-columns">
                    <div>
                        if !has_due {
                            <Empty title={text.get("today-nothing-due")} advice={text.get("today-nothing-due-advice")} />
                        }
                        if !work.overdue.is_empty() { { group("overdue", text.get("group-overdue"), &work.overdue) } }
                        if !work.due.is_empty() { { group("due", text.get("group-due"), &work.due) } }
                    </div>
                    <div>
                        <h2 class="column-title">{ text.get("group-upcoming") }</h2>
                        if work.upcoming.is_empty() {
                            <p class="quiet">{ text.get("today-nothing-upcoming") }</p>
                        }
                        { for work.upcoming_days().map(|(due, items)| html! {
                            <Group key={due.to_string()} id={format!("upcoming-{due}")}
                                title={when::near_day(due, day.today, &text)} items={Rc::<[DueStep]>::from(items)}
                                on_contact={on_contact.clone()} on_move={on_move.clone()} is_upcoming=true />
                        }) }
                    </div>
                </div>
            }
            { match &*open {
                None => html! {},
                Some(Open::Contact(item)) => html! {
                    <ContactSheet document={item.document} completes={vec![item.step.id]}
                        channel={Some(item.step.how)} {on_close} />
                },
                Some(Open::Move(item)) => html! {
                    <MoveStep document={item.document} step={item.step.id} what={item.step.what.clone()}
                        due={item.step.due} {on_close} />
                },
            } }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct GroupProps {
    id: AttrValue,
    title: AttrValue,
    items: Rc<[DueStep]>,
    on_contact: Callback<DueStep>,
    on_move: Callback<DueStep>,
    #[prop_or_default]
    is_upcoming: bool,
}

/// A group of due steps with its count.
#[component]
fn Group(props: &GroupProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let shows_all = use_state(|| false);
    let shown = if *shows_all {
        props.items.len()
    } else {
        GROUP_ROWS
    };
    let rest = props.items.len().saturating_sub(shown);
    let show_all = {
        let shows_all = shows_all.clone();
        Callback::from(move |_: MouseEvent| shows_all.set(true))
    };
    let heading = format!("group-{}", props.id);
    html! {
        <section class="group" aria-labelledby={heading.clone()} data-group={props.id.clone()}>
            <h2 id={heading} class={if props.is_upcoming { "group-title is-day" } else { "group-title" }}>
                { &props.title }<span class="group-count">{ props.items.len() }</span>
            </h2>
            <ul class="work-list">
                { for props.items.iter().take(shown).filter_map(|item| {
                    let row = app.rows.get(item.document)?.clone();
                    Some(html! {
                        <Item key={item.step.id.to_string()} item={item.clone()} row={Shared(row)} is_upcoming={props.is_upcoming}
                            on_contact={props.on_contact.clone()} on_move={props.on_move.clone()} />
                    })
                }) }
            </ul>
            if rest > 0 {
                <button type="button" class="button wide" onclick={show_all}>
                    { text.get_with("show-rest", [("count", rest.into())]) }
                </button>
            }
        </section>
    }
}

/// A row that is compared by being the same.
#[derive(Clone)]
struct Shared(Rc<ListedRow>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(PartialEq, Properties)]
struct ItemProps {
    item: DueStep,
    row: Shared,
    is_upcoming: bool,
    on_contact: Callback<DueStep>,
    on_move: Callback<DueStep>,
}

/// One step: who, what, how, since when; log the contact, call, or move it.
#[component]
fn Item(props: &ItemProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let item = &props.item;
    let entry = &props.row.0.entry;
    let row = &entry.row;
    let name = if row.name.is_empty() {
        text.get("card-without-name")
    } else {
        row.name.clone()
    };
    let is_call_due = item.step.how == Channel::Call && !props.is_upcoming;
    let phone = row.phones.first().filter(|_| is_call_due).cloned();
    let contact = {
        let (item, on_contact) = (item.clone(), props.on_contact.clone());
        Callback::from(move |_: MouseEvent| on_contact.emit(item.clone()))
    };
    let move_on = {
        let (item, on_move) = (item.clone(), props.on_move.clone());
        Callback::from(move |_: MouseEvent| on_move.emit(item.clone()))
    };
    html! {
        <li class="work" data-document={item.document.to_string()}>
            <ClassBadge class={row.class} />
            <div class="work-words">
                <Link<Route> to={card_route(item.document)} classes="work-name">{ name.clone() }</Link<Route>>
                <p class="work-what">
                    <span class="work-how">{ text.coded("channel", item.step.how.key()) }</span>
                    { " " }{ &item.step.what }
                </p>
                <p class="work-when">
                    if item.days_late > 0 {
                        <span class="late">{ text.get_with("late-days", [("count", item.days_late.into())]) }</span>
                        <span class="quiet">{ when::day(item.step.due, day.today, &text) }</span>
                    }
                    if !row.compound.is_empty() { <span class="quiet">{ &row.compound }</span> }
                </p>
            </div>
            <div class="work-actions">
                if let Some(phone) = phone {
                    <a class="icon-button" href={tel(&phone)}
                        aria-label={text.get_with("call-name", [("name", name.as_str().into())])}>
                        <Icon picture={Picture::Phone} />
                    </a>
                }
                <button type="button" class="icon-button" onclick={move_on}
                    aria-label={text.get_with("move-step-of", [("name", name.as_str().into())])}>
                    <Icon picture={Picture::Calendar} />
                </button>
                <button type="button" class={if props.is_upcoming { "button" } else { "button primary" }} onclick={contact}
                    aria-label={text.get_with("log-with", [("name", name.into())])}>
                    <Icon picture={Picture::Write} />{ text.get("log-contact-short") }
                </button>
            </div>
        </li>
    }
}

/// Where a card is.
pub fn card_route(document: DocumentId) -> Route {
    Route::Card {
        id: document.to_string(),
    }
}

/// The link that dials a phone as typed.
pub fn tel(phone: &str) -> String {
    let number: String = phone
        .chars()
        .filter(|sign| sign.is_ascii_digit() || matches!(sign, '+' | '*' | '#'))
        .collect();
    format!("tel:{number}")
}
