//! The frame around every place: rail or bar, who is signed in, the status chip.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Icon, Message, Picture, SavedWord, StatusChip, Tone, WhoMenu};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::route::Route;
use crate::screen::service_worker::Update;
use crate::screen::state::Action;

/// Properties of [`Frame`].
#[derive(PartialEq, Properties)]
pub struct FrameProps {
    /// Where we are.
    pub route: Route,
    /// A new version of the app, if one waits.
    pub update: Option<Update>,
    /// The place.
    pub children: Children,
}

/// The frame.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let text = use_text();
    let app = use_app();
    let store = app.store().map(|store| store.name.clone());
    html! {
        <div class="frame">
            <a class="skip" href="#content">{ text.get("skip-to-content") }</a>
            <header class="topbar">
                <p class="topbar-store">{ store }</p>
                <div class="topbar-end">
                    <WhoMenu />
                    <StatusChip />
                </div>
            </header>
            <nav class="places" aria-label={text.get("places")}>
                <Place route={Route::Today} picture={Picture::Today} label={text.get("place-today")}
                    is_here={matches!(props.route, Route::Today | Route::Week | Route::Review)} />
                <Place route={Route::Customers} picture={Picture::Customers} label={text.get("place-customers")}
                    is_here={matches!(props.route, Route::Customers | Route::Card { .. } | Route::NewCard | Route::WalkIn)} />
                <Place route={Route::More} picture={Picture::More} label={text.get("place-more")}
                    is_here={is_of_more(&props.route)} />
            </nav>
            <main class="content" id="content" tabindex="-1">
                <WorkerTrouble />
                <UpdateOffer update={props.update.clone()} />
                { props.children.clone() }
            </main>
            <SavedWord />
        </div>
    }
}

/// Whether a place is reached through More.
const fn is_of_more(route: &Route) -> bool {
    match route {
        Route::More
        | Route::Resort
        | Route::People
        | Route::NewPerson
        | Route::Person { .. }
        | Route::Stores
        | Route::NewStore
        | Route::Store { .. }
        | Route::Tablets
        | Route::NewTablet
        | Route::Tablet { .. }
        | Route::Handovers
        | Route::Rescue
        | Route::Import
        | Route::Conflicts
        | Route::Status => true,
        Route::Today
        | Route::Week
        | Route::Review
        | Route::Customers
        | Route::NewCard
        | Route::WalkIn
        | Route::Card { .. }
        | Route::Setup
        | Route::Enrol
        | Route::Join
        | Route::NotFound => false,
    }
}

#[derive(PartialEq, Properties)]
struct PlaceProps {
    route: Route,
    picture: Picture,
    label: AttrValue,
    is_here: bool,
}

#[component]
fn Place(props: &PlaceProps) -> Html {
    let navigator = use_navigator();
    let href = props.route.to_path();
    let onclick = {
        let route = props.route.clone();
        Callback::from(move |event: MouseEvent| {
            if let Some(navigator) = &navigator
                && !event.ctrl_key()
                && !event.meta_key()
                && !event.shift_key()
            {
                event.prevent_default();
                navigator.push(&route);
            }
        })
    };
    html! {
        <a class="place" {href} {onclick} aria-current={props.is_here.then_some("page")}>
            <Icon picture={props.picture} />
            <span>{ &props.label }</span>
        </a>
    }
}

/// The worker stopped while the app was in use: forms stay, and it can be started again.
#[component]
fn WorkerTrouble() -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let Some(trouble) = app.trouble.clone() else {
        return html! {};
    };
    let onclick = {
        let app = app.clone();
        Callback::from(move |_: MouseEvent| {
            app.dispatch(Action::Reopening);
            link.restart(false);
        })
    };
    html! {
        <Message tone={Tone::Problem}>
            <p><strong>{ text.get("trouble-title") }</strong></p>
            <p>{ text.coded("failed", &trouble.code) }{ " " }{ text.get("trouble-typed-stays") }</p>
            <button type="button" class="button" {onclick}>{ text.get("start-again") }</button>
        </Message>
    }
}

#[derive(PartialEq, Properties)]
struct UpdateOfferProps {
    update: Option<Update>,
}

#[component]
fn UpdateOffer(props: &UpdateOfferProps) -> Html {
    let text = use_text();
    let Some(update) = props.update.clone() else {
        return html! {};
    };
    let onclick = Callback::from(move |_: MouseEvent| update.activate());
    html! {
        <Message tone={Tone::Calm}>
            <div class="message-line">
                <span>{ text.get("update-ready") }</span>
                <button type="button" class="button" {onclick}>{ text.get("update-now") }</button>
            </div>
        </Message>
    }
}
