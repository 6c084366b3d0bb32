//! The root: provides state, worker, words and day, and shows what fits the phase.

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use web_sys::VisibilityState;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::message::ToScreen;
use crate::screen::clock::{Clock, tablet_zone};
use crate::screen::components::Frame;
use crate::screen::hooks::{Day, Preferences, Theme, use_app};
use crate::screen::http;
use crate::screen::keeping::use_keeping;
use crate::screen::pages;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::service_worker::{self, Update};
use crate::screen::state::{Action, App as AppHandle, AppState, Phase};
use crate::screen::text::{Language, Text};
use crate::screen::worker_link::Link;

/// Draws the app in place of the splash of `index.html`.
pub fn start() {
    console_error_panic_hook::set_once();
    if let Some(splash) = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.query_selector(".splash").ok().flatten())
    {
        splash.remove();
    }
    yew::Renderer::<Root>::new().render();
}

/// The root component.
#[component]
fn Root() -> Html {
    let state = use_reducer(AppState::default);
    let preferences = use_preferences_of_tablet();
    let text = use_memo(preferences.language, |language| Text::new(*language));
    let link = {
        let state = state.dispatcher();
        use_memo((), move |()| {
            Link::start(Callback::from(move |message: ToScreen| {
                state.dispatch(Action::FromWorker(message));
            }))
        })
    };
    let zone = state.store().map(|store| store.time_zone.clone());
    let day = use_store_day(zone.or_else(tablet_zone).unwrap_or_default());
    let update = use_update();
    use_keeping(&AppHandle::of(&state));
    {
        // Once the tablet has let a person go, their session ends at the server too.
        let was_signed_in = use_mut_ref(|| false);
        use_effect_with(state.identity.is_some(), move |is_signed_in| {
            if was_signed_in.replace(*is_signed_in) && !is_signed_in {
                end_session();
            }
        });
    }
    html! {
        <ContextProvider<AppHandle> context={AppHandle::of(&state)}>
            <ContextProvider<Link> context={(*link).clone()}>
                <ContextProvider<Preferences> context={preferences}>
                    <ContextProvider<Text> context={(*text).clone()}>
                        <ContextProvider<Day> context={day}>
                            <BrowserRouter><Places update={(*update).clone()} /></BrowserRouter>
                        </ContextProvider<Day>>
                    </ContextProvider<Text>>
                </ContextProvider<Preferences>>
            </ContextProvider<Link>>
        </ContextProvider<AppHandle>>
    }
}

#[derive(PartialEq, Properties)]
struct PlacesProps {
    update: Option<Update>,
}

#[component]
fn Places(props: &PlacesProps) -> Html {
    let app = use_app();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    match &app.phase {
        Phase::Opening => return html! { <pages::Opening /> },
        Phase::HeldElsewhere => return html! { <pages::HeldElsewhere /> },
        Phase::TakenOver => return html! { <pages::TakenOver /> },
        Phase::Failed(trouble) => return html! { <pages::Failed trouble={trouble.clone()} /> },
        Phase::Open => {}
    }
    match &route {
        Route::Setup => return html! { <pages::Setup /> },
        Route::Enrol => return html! { <pages::Enrol /> },
        Route::Join => return html! { <pages::Join /> },
        Route::SignIn => return html! { <pages::SignIn /> },
        _ if app.identity.is_none() => return html! { <pages::SignIn /> },
        Route::Today
        | Route::Customers
        | Route::NewCard
        | Route::Card { .. }
        | Route::More
        | Route::People
        | Route::Import
        | Route::Status
        | Route::NotFound => {}
    }
    let place = match &route {
        Route::Today => html! { <pages::Today /> },
        Route::Customers => html! { <pages::Customers /> },
        Route::NewCard => html! { <pages::Customers is_new=true /> },
        Route::Card { id } => match id.parse() {
            Ok(document) => html! { <pages::Customers selected={Some(document)} /> },
            Err(_) => html! { <pages::NotFound /> },
        },
        Route::More => html! { <pages::More /> },
        Route::People => html! { <pages::People /> },
        Route::Import => html! { <pages::Import /> },
        Route::Status => html! { <pages::Status /> },
        Route::Setup | Route::Enrol | Route::Join | Route::SignIn | Route::NotFound => {
            html! { <pages::NotFound /> }
        }
    };
    html! { <Frame {route} update={props.update.clone()}>{ place }</Frame> }
}

/// Ends the session at the server; without a network it ends by itself later.
fn end_session() {
    wasm_bindgen_futures::spawn_local(async {
        if http::sign_out().await.is_err() {
            // The tablet has let the person go; the cookie alone opens nothing here.
        }
    });
}

/// Language and theme of this tablet.
#[hook]
fn use_preferences_of_tablet() -> Preferences {
    let language = use_state_eq(|| {
        Language::from_tag(&platform::kept(platform::LANGUAGE_KEY).unwrap_or_default())
    });
    let theme =
        use_state_eq(|| Theme::from_name(&platform::kept(platform::THEME_KEY).unwrap_or_default()));
    use_effect_with(*language, |language| {
        platform::set_root("lang", language.tag())
    });
    use_effect_with(*theme, |theme| {
        platform::set_root("data-theme", theme.name())
    });
    let set_language = {
        let language = language.clone();
        use_callback((), move |chosen: Language, ()| {
            platform::keep(platform::LANGUAGE_KEY, chosen.tag());
            language.set(chosen);
        })
    };
    let set_theme = {
        let theme = theme.clone();
        use_callback((), move |chosen: Theme, ()| {
            platform::keep(platform::THEME_KEY, chosen.name());
            theme.set(chosen);
        })
    };
    Preferences {
        language: *language,
        theme: *theme,
        set_language,
        set_theme,
    }
}

/// How often the day is looked at: a tablet that sleeps over midnight wakes on yesterday.
const DAY_CHECK_MILLIS: u32 = 20_000;

/// The store's day, new at its midnight and whenever the page comes back into sight.
#[hook]
fn use_store_day(zone: String) -> Day {
    let clock = use_memo(zone, |zone| Clock::new(zone));
    let seen = use_state_eq(|| clock.today());
    // The zone may have changed since the last look.
    let today = clock.today();
    {
        let (clock, seen) = (clock.clone(), seen.clone());
        use_effect_with(clock, move |clock| {
            let (clock, looked) = (clock.clone(), seen.clone());
            let look = move || looked.set(clock.today());
            let timer = Interval::new(DAY_CHECK_MILLIS, look.clone());
            let document = web_sys::window().and_then(|window| window.document());
            let on_sight = document.map(|document| {
                let watched = document.clone();
                EventListener::new(&document, "visibilitychange", move |_| {
                    if watched.visibility_state() == VisibilityState::Visible {
                        look();
                        service_worker::look_for_update();
                    }
                })
            });
            move || drop((timer, on_sight))
        });
    }
    Day {
        today,
        clock: (*clock).clone(),
    }
}

/// A new version of the app, once one waits.
#[hook]
fn use_update() -> UseStateHandle<Option<Update>> {
    let update = use_state(|| None);
    {
        let update = update.clone();
        use_effect_with((), move |()| {
            service_worker::register(move |ready| update.set(Some(ready)));
        });
    }
    update
}
