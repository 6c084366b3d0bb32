//! A tablet: how it is, what it holds, giving it up.

use std::collections::BTreeMap;

use floorbook_shared::access::{Action, FeedKind};
use floorbook_shared::api::{TABLET_NAME_MAX_CHARS, Tablet, TabletState};
use floorbook_shared::id::{FeedId, PersonId};
use yew::prelude::*;

use super::held::Held;
use super::tablets::{clock_in_words, in_words, state_tag};
use super::{Problem, save_button};
use crate::screen::components::{Confirm, Field, Message, Tone, bytes_in_words};
use crate::screen::hooks::{use_app, use_day, use_sending, use_text};
use crate::screen::http;
use crate::screen::pages::sign_in::setter;
use crate::screen::platform;
use crate::screen::state::AppState;
use crate::screen::tablet_health;
use crate::screen::text::Text;

/// Properties of [`TabletDetail`].
#[derive(PartialEq, Properties)]
pub struct TabletDetailProps {
    /// The tablet.
    pub tablet: Tablet,
    /// Called when something changed.
    pub on_changed: Callback<()>,
}

/// The detail; the page gives it another Yew key for another tablet.
#[component]
pub fn TabletDetail(props: &TabletDetailProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let tablet = &props.tablet;
    let is_me = app
        .tablet
        .as_ref()
        .is_some_and(|here| here.device == tablet.standing.device);
    let troubles = tablet_health::troubles(tablet, platform::now());
    html! {
        <>
            <header class="detail-head">
                <span class="code-badge is-large">{ &tablet.standing.code }</span>
                <div>
                    <h1>{ &tablet.standing.name }{ state_tag(tablet, &text) }</h1>
                    if is_me { <p class="quiet">{ text.get("tablet-is-here") }</p> }
                </div>
            </header>
            if !troubles.is_empty() {
                <Message tone={Tone::Warning}>
                    { for troubles.into_iter().map(|trouble| html! { <p>{ in_words(trouble, &text) }</p> }) }
                </Message>
            }
            <Facts tablet={tablet.clone()} on_changed={props.on_changed.clone()} />
            if matches!(tablet.standing.state, TabletState::Active | TabletState::Retiring) {
                if app.may(Action::ManageTablets) {
                    <NameForm tablet={tablet.clone()} on_changed={props.on_changed.clone()} />
                }
                <GivingUp tablet={tablet.clone()} on_changed={props.on_changed.clone()} />
            }
            if app.may(Action::ManageTablets) {
                <Held tablet={tablet.clone()} />
            }
        </>
    }
}

#[component]
fn Facts(props: &TabletDetailProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let tablet = &props.tablet;
    let names = |people: &[PersonId]| {
        let names = people.iter().filter_map(|id| app.scope.person(*id));
        let names: Vec<&str> = names.map(|person| person.name.as_str()).collect();
        names.join(&text.get("list-and"))
    };
    let before = tablet.feeds.iter().copied();
    let before: Vec<FeedId> = before
        .filter(|feed| !tablet.open_feeds.contains(feed))
        .collect();
    let enrolled_by = tablet.enrolled_by.map(|person| names(&[person]));
    html! {
        <section class="panel" aria-labelledby="facts-title">
            <h2 id="facts-title">{ text.get("tablet-facts") }</h2>
            <dl class="facts">
                <dt>{ text.get("tablet-people") }</dt>
                <dd>{ if tablet.people.is_empty() { text.get("tablet-nobody") } else { names(&tablet.people) } }</dd>
                <dt>{ text.get("tablet-last-contact") }</dt>
                <dd>{ tablet.last_contact.map_or_else(|| text.get("tablet-no-contact"), |at| day.moment(at, &text)) }</dd>
                if let Some(report) = &tablet.report {
                    <dt>{ text.get("status-waiting") }</dt>
                    <dd>{ text.get_with("status-waiting-count", [("count", report.waiting.into())]) }</dd>
                    <dt>{ text.get("tablet-clock") }</dt>
                    <dd>{ clock_in_words(report.clock_offset_millis, &text) }</dd>
                    <dt>{ text.get("version") }</dt>
                    <dd>{ &report.program }</dd>
                    if let Some(storage) = report.storage {
                        <dt>{ text.get("space-title") }</dt>
                        <dd>{ text.get_with("space-used", [
                            ("used", bytes_in_words(storage.used_bytes).into()),
                            ("all", bytes_in_words(storage.quota_bytes).into()),
                        ]) }</dd>
                        <dt>{ text.get("keeping-title") }</dt>
                        <dd>{ if storage.is_persistent { text.get("yes") } else { text.get("no") } }</dd>
                    }
                }
                <dt>{ text.get("tablet-books") }</dt>
                <dd>{ books(&tablet.open_feeds, &app, &text) }</dd>
                if !before.is_empty() {
                    <dt>{ text.get("tablet-books-before") }</dt>
                    <dd>
                        { books(&before, &app, &text) }
                        if tablet.emptied.is_none() { <p class="quiet">{ text.get("tablet-books-before-hint") }</p> }
                    </dd>
                }
                <dt>{ text.get("tablet-enrolled") }</dt>
                <dd>{ day.moment(tablet.enrolled, &text) }{ enrolled_by.map(|name| format!(" · {name}")).unwrap_or_default() }</dd>
                if let Some(erased) = tablet.erased {
                    <dt>{ text.get("tablet-erased") }</dt>
                    <dd>{ day.moment(erased.at, &text) }{ " · " }{ text.get_with("tablet-erased-waiting", [("count", erased.waiting.into())]) }</dd>
                }
                if tablet.erased.is_some() || tablet.emptied.is_some() {
                    <dt>{ text.get("tablet-emptied") }</dt>
                    <dd>{ tablet.emptied.map_or_else(|| text.get("tablet-emptied-unknown"), |at| day.moment(at, &text)) }</dd>
                }
            </dl>
        </section>
    }
}

/// Books, a line for each kind: whose they are, or of which stores.
fn books(feeds: &[FeedId], app: &AppState, text: &Text) -> Html {
    let known = feeds.iter().filter_map(|id| app.scope.feed(*id));
    let mut kinds: BTreeMap<FeedKind, Vec<&str>> = BTreeMap::new();
    for feed in known {
        let owner = feed.owner.and_then(|owner| app.scope.person(owner));
        let store = app.scope.store(feed.store);
        let name = owner
            .map(|owner| owner.name.as_str())
            .or(store.map(|store| store.name.as_str()));
        kinds
            .entry(feed.kind)
            .or_default()
            .push(name.unwrap_or_default());
    }
    let shown: usize = kinds.values().map(Vec::len).sum();
    let unseen = feeds.len() - shown;
    html! {
        <div class="held-books">
            { for kinds.into_iter().map(|(kind, mut names)| {
                names.sort_unstable();
                names.dedup();
                html! {
                    <p><span class="quiet">{ text.coded("book", code_of(kind)) }</span>{ names.join(&text.get("list-and")) }</p>
                }
            }) }
            if unseen > 0 { <p>{ text.get_with("book-unseen", [("count", unseen.into())]) }</p> }
            if feeds.is_empty() { <p>{ text.get("book-none") }</p> }
        </div>
    }
}

/// The word by which texts name a kind of books.
pub(super) const fn code_of(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Cards => "cards",
        FeedKind::Accounts => "accounts",
        FeedKind::Common => "common",
        FeedKind::Office => "office",
        FeedKind::Cover => "cover",
    }
}

#[component]
fn NameForm(props: &TabletDetailProps) -> Html {
    let (text, sending) = (use_text(), use_sending());
    let standing = &props.tablet.standing;
    let name = use_state(|| standing.name.clone());
    let onsubmit = {
        let (name, sending) = (name.clone(), sending.clone());
        let (device, on_changed) = (standing.device, props.on_changed.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let on_changed = on_changed.clone();
            sending.send(
                http::rename_tablet(device, name.trim().to_owned()),
                move |()| {
                    on_changed.emit(());
                },
            );
        })
    };
    let is_ready = !name.trim().is_empty() && name.trim() != standing.name;
    html! {
        <form class="panel form" {onsubmit}>
            <Field id="tablet-name" label={text.get("tablet-name")} value={(*name).clone()} on_input={setter(&name)}
                most={Some(TABLET_NAME_MAX_CHARS)} is_required=true />
            <Problem code={sending.problem()} />
            <div class="save-line">{ save_button(&sending, text.get("save"), text.get("saving"), is_ready) }</div>
        </form>
    }
}

/// What is being asked before a tablet is given up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Retire,
    Stolen,
}

#[component]
fn GivingUp(props: &TabletDetailProps) -> Html {
    let (text, app, sending) = (use_text(), use_app(), use_sending());
    let manages = app.may(Action::ManageTablets);
    let asked = use_state_eq(|| None::<Asked>);
    let standing = &props.tablet.standing;
    let waiting = props
        .tablet
        .report
        .as_ref()
        .map_or(0, |report| report.waiting);
    let ask = |what: Option<Asked>| {
        let (asked, sending) = (asked.clone(), sending.clone());
        Callback::from(move |()| {
            sending.forget_problem();
            asked.set(what);
        })
    };
    let confirm = |what: Asked| {
        let (asked, sending) = (asked.clone(), sending.clone());
        let (device, on_changed) = (standing.device, props.on_changed.clone());
        Callback::from(move |()| {
            let (asked, on_changed) = (asked.clone(), on_changed.clone());
            let asking = async move {
                match what {
                    Asked::Retire => http::retire_tablet(device).await,
                    Asked::Stolen => http::declare_stolen(device).await,
                }
            };
            sending.send(asking, move |()| {
                asked.set(None);
                on_changed.emit(());
            });
        })
    };
    let code = [("code", standing.code.as_str().into())];
    html! {
        <section class="panel giving-up" aria-labelledby="giving-up-title">
            <h2 id="giving-up-title">{ text.get("tablet-giving-up") }</h2>
            if standing.state == TabletState::Active {
                <p class="quiet">{ text.get("tablet-retire-explained") }</p>
                <button type="button" class="button" onclick={ask(Some(Asked::Retire)).reform(|_: MouseEvent| ())}>{ text.get("tablet-retire") }</button>
            } else {
                <p class="quiet">{ text.get("trouble-retiring") }</p>
            }
            if manages {
                <p class="quiet">{ text.get("tablet-stolen-explained") }</p>
                <button type="button" class="button danger" onclick={ask(Some(Asked::Stolen)).reform(|_: MouseEvent| ())}>{ text.get("tablet-stolen") }</button>
            }
            { match *asked {
                None => html! {},
                Some(Asked::Retire) => html! {
                    <Confirm id="retire" title={text.get_with("tablet-retire-title", code)} action={text.get("tablet-retire")}
                        is_busy={sending.is_busy()} problem={sending.problem()} on_confirm={confirm(Asked::Retire)} on_close={ask(None)}>
                        <ul class="bullets">
                            <li>{ text.get_with("tablet-retire-delivers", [("count", waiting.into())]) }</li>
                            <li>{ text.get("tablet-retire-empties") }</li>
                            <li>{ text.get("tablet-code-stays") }</li>
                        </ul>
                    </Confirm>
                },
                Some(Asked::Stolen) => html! {
                    <Confirm id="stolen" title={text.get_with("tablet-stolen-title", code)} action={text.get("tablet-stolen")}
                        typed={Some(AttrValue::from(standing.code.clone()))} is_busy={sending.is_busy()} problem={sending.problem()}
                        on_confirm={confirm(Asked::Stolen)} on_close={ask(None)}>
                        <ul class="bullets">
                            <li>{ text.get("tablet-stolen-empties") }</li>
                            <li>{ text.get_with("tablet-stolen-loses", [("count", waiting.into())]) }</li>
                            <li>{ text.get("tablet-stolen-offline") }</li>
                        </ul>
                    </Confirm>
                },
            } }
        </section>
    }
}
