//! The tablets: trouble on top.

use std::rc::Rc;

use floorbook_shared::access::Action;
use floorbook_shared::api::{Tablet, TabletState};
use floorbook_shared::id::DeviceId;
use gloo_timers::callback::Interval;
use yew::prelude::*;
use yew_router::prelude::*;

use super::new_tablet::NewTablet;
use super::tablet::TabletDetail;
use super::{Chosen, LoadTrouble, NotForYou, waiting};
use crate::screen::components::{Empty, Icon, ListDetail, Picture, bytes_in_words};
use crate::screen::hooks::{Day, Loaded, use_app, use_day, use_loaded, use_text};
use crate::screen::http;
use crate::screen::pages::more::BackToMore;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::tablet_health::{self, Trouble};
use crate::screen::text::Text;

/// How often the list is read while it is shown: tablets come and go by themselves.
const LOOK_MILLIS: u32 = 10_000;

/// Properties of [`Tablets`].
#[derive(PartialEq, Properties)]
pub struct TabletsProps {
    /// What is shown beside the list.
    pub chosen: Chosen<DeviceId>,
}

/// The page.
#[component]
pub fn Tablets(props: &TabletsProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let tablets = use_loaded(http::tablets);
    use_effect_with(text.get("tablets"), |title| platform::set_title(title));
    {
        let reload = tablets.reload.clone();
        use_effect_with((), move |()| {
            let timer = Interval::new(LOOK_MILLIS, move || reload.emit(()));
            move || drop(timer)
        });
    }
    if !app.may(Action::RetireTablet) {
        return html! { <NotForYou /> };
    }
    let detail = match (props.chosen, &tablets.value) {
        (Chosen::Nothing, _) | (Chosen::One(_), None) => None,
        (Chosen::New, _) if !app.may(Action::ManageTablets) => Some(html! { <NotForYou /> }),
        (Chosen::New, known) => Some(html! {
            <NewTablet known={known.clone().unwrap_or_default()} reload={tablets.reload.clone()} />
        }),
        (Chosen::One(id), Some(list)) => {
            let found = list.iter().find(|tablet| tablet.standing.device == id);
            Some(match found {
                Some(tablet) => html! {
                    <TabletDetail key={id.to_string()} tablet={tablet.clone()} on_changed={tablets.reload.clone()} />
                },
                None => html! { <Empty title={text.get("error-not_found")} /> },
            })
        }
    };
    let list = match &tablets.value {
        None => {
            html! { <><div class="list-head"><BackToMore /></div>{ waiting(&tablets, text.get("please-wait")) }</> }
        }
        Some(_) => html! { <TabletList tablets={tablets.clone()} chosen={props.chosen} /> },
    };
    html! {
        <ListDetail label={text.get("tablets")} {list} detail_label={text.get("tablet")} {detail} back={Route::Tablets}
            empty={html! { <Empty title={text.get("tablets-choose")} /> }} />
    }
}

#[derive(PartialEq, Properties)]
struct TabletListProps {
    tablets: Loaded<Vec<Tablet>>,
    chosen: Chosen<DeviceId>,
}

#[component]
fn TabletList(props: &TabletListProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let manages = app.may(Action::ManageTablets);
    let now = platform::now();
    let mut sorted: Vec<Tablet> = props.tablets.value.as_deref().cloned().unwrap_or_default();
    tablet_health::sort(&mut sorted, now);
    let count = sorted.len();
    let reload = props.tablets.reload.reform(|_: MouseEvent| ());
    html! {
        <>
            <header class="list-head">
                <div class="list-title">
                    <BackToMore />
                    if manages {
                        <Link<Route> to={Route::NewTablet} classes="button primary"><Icon picture={Picture::Add} />{ text.get("tablets-add") }</Link<Route>>
                    }
                </div>
                <h1>{ text.get("tablets") }</h1>
                <div class="list-line">
                    <p class="list-count" role="status">{ text.get_with("tablets-count", [("count", count.into())]) }</p>
                    <button type="button" class="button quiet-button" onclick={reload}>{ text.get("read-again") }</button>
                </div>
                <LoadTrouble problem={props.tablets.problem.clone()} reload={props.tablets.reload.clone()} />
            </header>
            <ul class="plain-rows">
                { for sorted.into_iter().map(|tablet| {
                    let is_chosen = props.chosen == Chosen::One(tablet.standing.device);
                    row(&Rc::new(tablet), is_chosen, &text, &day)
                }) }
                if manages {
                    <li class="list-foot">
                        <Link<Route> to={Route::Rescue} classes="button quiet-button">{ text.get("rescue") }</Link<Route>>
                    </li>
                }
            </ul>
        </>
    }
}

fn row(tablet: &Tablet, is_chosen: bool, text: &Text, day: &Day) -> Html {
    let worst = tablet_health::troubles(tablet, platform::now());
    let id = tablet.standing.device.to_string();
    let waiting = tablet.report.as_ref().map_or(0, |report| report.waiting);
    html! {
        <li key={id.clone()}>
            <Link<Route> to={Route::Tablet { id }} classes={classes!("plain-row", is_chosen.then_some("is-chosen"))}>
                <span class="code-badge">{ &tablet.standing.code }</span>
                <span class="plain-words">
                    <span class="plain-name">{ &tablet.standing.name }</span>
                    <span class="plain-sub">
                        { contact(tablet, text, day) }
                        { " · " }{ text.get_with("tile-waiting", [("count", waiting.into())]) }
                    </span>
                    <span class="plain-sub">{ figures(tablet, text).join(" · ") }</span>
                    if let Some(trouble) = worst.first() {
                        <span class="person-note is-warning"><Icon picture={Picture::Warning} />{ in_words(*trouble, text) }</span>
                    }
                </span>
                { state_tag(tablet, text) }
            </Link<Route>>
        </li>
    }
}

/// Books, version, storage and clock in short.
fn figures(tablet: &Tablet, text: &Text) -> Vec<String> {
    let books = tablet.open_feeds.len();
    let mut figures = vec![text.get_with("tablet-books-count", [("count", books.into())])];
    if let Some(report) = &tablet.report {
        figures.push(report.program.clone());
        if let Some(storage) = report.storage {
            figures.push(bytes_in_words(storage.used_bytes));
        }
        let clock = clock_in_words(report.clock_offset_millis, text);
        figures.push(text.get_with("tablet-clock-short", [("offset", clock.into())]));
    }
    figures
}

/// How far its clock is off, by its own word at the last contact.
pub(super) fn clock_in_words(offset_millis: i64, text: &Text) -> String {
    let seconds = offset_millis.unsigned_abs() / 1000;
    let amount = |key, count: u64| {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        text.get_with(key, [("count", count.into())])
    };
    let amount = match seconds {
        0..2 => return text.get("tablet-clock-right"),
        2..120 => amount("clock-seconds", seconds),
        120..7200 => amount("clock-minutes", seconds / 60),
        7200.. => amount("clock-hours", seconds / 3600),
    };
    let key = if offset_millis > 0 {
        "tablet-clock-ahead"
    } else {
        "tablet-clock-behind"
    };
    text.get_with(key, [("amount", amount.into())])
}

/// When it was heard of last.
fn contact(tablet: &Tablet, text: &Text, day: &Day) -> String {
    match tablet.last_contact {
        Some(at) => text.get_with("tablet-contact", [("at", day.moment(at, text).into())]),
        None => text.get("tablet-no-contact"),
    }
}

/// How it stands, unless it simply works.
pub(super) fn state_tag(tablet: &Tablet, text: &Text) -> Html {
    let (code, class) = match tablet.standing.state {
        TabletState::Active => return html! {},
        TabletState::Retiring => ("retiring", "tag is-warning"),
        TabletState::Retired => ("retired", "tag"),
        TabletState::Stolen if tablet.emptied.is_some() => ("erased", "tag"),
        TabletState::Stolen => ("stolen", "tag is-problem"),
    };
    html! { <span {class}>{ text.coded("tablet-state", code) }</span> }
}

/// What is wrong, in words.
pub(super) fn in_words(trouble: Trouble, text: &Text) -> String {
    match trouble {
        Trouble::NotPersistent => text.get("trouble-not-persistent"),
        Trouble::NearlyFull => text.get("trouble-nearly-full"),
        Trouble::Clock(minutes) => {
            let count = usize::try_from(minutes.unsigned_abs()).unwrap_or(usize::MAX);
            let key = if minutes > 0 {
                "trouble-clock-ahead"
            } else {
                "trouble-clock-behind"
            };
            text.get_with(key, [("count", count.into())])
        }
        Trouble::Silent(days) => {
            let count = usize::try_from(days).unwrap_or(0);
            text.get_with("trouble-silent", [("count", count.into())])
        }
        Trouble::Retiring => text.get("trouble-retiring"),
        Trouble::NotConfirmed => text.get("trouble-not-confirmed"),
        Trouble::StolenNotErased => text.get("trouble-stolen"),
    }
}
