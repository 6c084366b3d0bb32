//! The root: provides state, worker, words and day, and shows what fits the phase.

use std::rc::Rc;

use floorbook_shared::api::TabletState;
use floorbook_shared::device::message::Notice;
use floorbook_shared::id::PersonId;
use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen_futures::spawn_local;
use web_sys::VisibilityState;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::message::ToScreen;
use crate::screen::asking::use_asking;
use crate::screen::clock::{Clock, tablet_zone};
use crate::screen::components::Frame;
use crate::screen::hooks::{
    Day, Preferences, Saved, SavedWork, Theme, use_app, use_idle, use_kept_focus,
};
use crate::screen::http;
use crate::screen::keeping::use_keeping;
use crate::screen::pages::{self, Chosen};
use crate::screen::platform;
use crate::screen::reset;
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
    let saved = use_state(|| None::<SavedWork>);
    let link = {
        let (state, saved) = (state.dispatcher(), saved.setter());
        use_memo((), move |()| {
            Link::start(Callback::from(move |message: ToScreen| {
                if let ToScreen::Notice(Notice::Saved {
                    at, document, undo, ..
                }) = message
                {
                    saved.set(Some(SavedWork { at, document, undo }));
                } else {
                    state.dispatch(Action::FromWorker(message));
                }
            }))
        })
    };
    {
        // Nobody takes back what somebody before saved.
        let person = state.identity.as_ref().map(|identity| identity.person);
        let saved = saved.setter();
        use_effect_with(person, move |_| saved.set(None));
    }
    let zone = state.store().map(|store| store.time_zone.clone());
    let day = use_store_day(zone.or_else(tablet_zone).unwrap_or_default());
    let update = use_update();
    use_kept_focus();
    use_keeping(&AppHandle::of(&state), &link);
    use_asking(&AppHandle::of(&state), &link);
    use_locking(&AppHandle::of(&state), &link);
    use_standing(&AppHandle::of(&state));
    html! {
        <ContextProvider<AppHandle> context={AppHandle::of(&state)}>
            <ContextProvider<Link> context={(*link).clone()}>
                <ContextProvider<Saved> context={Saved { work: saved }}>
                    <ContextProvider<Preferences> context={preferences}>
                        <ContextProvider<Text> context={(*text).clone()}>
                            <ContextProvider<Day> context={day}>
                                <BrowserRouter><Places update={(*update).clone()} /></BrowserRouter>
                            </ContextProvider<Day>>
                        </ContextProvider<Text>>
                    </ContextProvider<Preferences>>
                </ContextProvider<Saved>>
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
    use_leaving(&app, &route);
    match &app.phase {
        Phase::Opening => return html! { <pages::Opening /> },
        Phase::HeldElsewhere => return html! { <pages::HeldElsewhere /> },
        Phase::TakenOver => return html! { <pages::TakenOver /> },
        Phase::Failed(trouble) => return html! { <pages::Failed trouble={trouble.clone()} /> },
        Phase::Open => {}
    }
    if let Some(erasure) = app.erased.clone() {
        // The link of another code makes it a tablet again.
        if route != Route::Enrol {
            return html! { <pages::Erased {erasure} /> };
        }
    }
    if route == Route::Enrol {
        return html! { <pages::Enrol /> };
    }
    if app.identity.is_none() {
        return if route == Route::Setup {
            html! { <pages::Setup /> }
        } else if route == Route::Join {
            html! { <pages::Join /> }
        } else if app.is_enrolled() {
            html! { <pages::Lock /> }
        } else {
            html! { <pages::Enrol /> }
        };
    }
    let place = match &route {
        Route::Today | Route::Setup | Route::Join => html! { <pages::Today /> },
        Route::Week => html! { <pages::Week /> },
        Route::Customers => html! { <pages::Customers /> },
        Route::NewCard => html! { <pages::Customers is_new=true /> },
        Route::WalkIn => html! { <pages::Customers is_new=true is_walk_in=true /> },
        Route::Card { id } => match id.parse() {
            Ok(document) => html! { <pages::Customers selected={Some(document)} /> },
            Err(_) => html! { <pages::NotFound /> },
        },
        Route::More => html! { <pages::More /> },
        Route::People => html! { <pages::People chosen={Chosen::Nothing} /> },
        Route::NewPerson => html! { <pages::People chosen={Chosen::New} /> },
        Route::Person { id } => match id.parse() {
            Ok(person) => html! { <pages::People chosen={Chosen::One(person)} /> },
            Err(_) => html! { <pages::NotFound /> },
        },
        Route::Stores => html! { <pages::Stores chosen={Chosen::Nothing} /> },
        Route::NewStore => html! { <pages::Stores chosen={Chosen::New} /> },
        Route::Store { id } => match id.parse() {
            Ok(store) => html! { <pages::Stores chosen={Chosen::One(store)} /> },
            Err(_) => html! { <pages::NotFound /> },
        },
        Route::Tablets => html! { <pages::Tablets chosen={Chosen::Nothing} /> },
        Route::NewTablet => html! { <pages::Tablets chosen={Chosen::New} /> },
        Route::Tablet { id } => match id.parse() {
            Ok(tablet) => html! { <pages::Tablets chosen={Chosen::One(tablet)} /> },
            Err(_) => html! { <pages::NotFound /> },
        },
        Route::Resort => html! { <pages::Resort /> },
        Route::Review => html! { <pages::Review /> },
        Route::Rescue => html! { <pages::Rescue /> },
        Route::Handovers => html! { <pages::Handovers /> },
        Route::Import => html! { <pages::Import /> },
        Route::Conflicts => html! { <pages::Conflicts /> },
        Route::Status => html! { <pages::Status /> },
        Route::Enrol | Route::NotFound => html! { <pages::NotFound /> },
    };
    html! { <Frame {route} update={props.update.clone()}>{ place }</Frame> }
}

/// Leads on from where a one-time link has led, and leads somebody else than before to Today:
/// the address may name a card of the one before.
#[hook]
fn use_leaving(app: &AppHandle, route: &Route) {
    let navigator = use_navigator();
    let last = use_mut_ref(|| None::<PersonId>);
    let person = app.identity.as_ref().map(|identity| identity.person);
    let is_way_in = matches!(route, Route::Setup | Route::Join | Route::Enrol);
    use_effect_with((person, is_way_in), move |(person, is_way_in)| {
        let Some(person) = *person else { return };
        let before = last.borrow_mut().replace(person);
        let is_other = before.is_some_and(|before| before != person);
        if let Some(navigator) = navigator.filter(|_| is_other || *is_way_in) {
            navigator.replace(&Route::Today);
        }
    });
}

/// Locks when somebody asks for it, and by itself when nobody touches the tablet.
#[hook]
fn use_locking(app: &AppHandle, link: &Link) {
    let minutes = app.store().map(|store| store.settings.auto_lock_minutes);
    let minutes = app.identity.is_some().then_some(minutes).flatten();
    let state = app.dispatcher();
    let on_idle = use_callback((), move |(), ()| state.dispatch(Action::Lock));
    use_idle(minutes, on_idle);
    let link = link.clone();
    use_effect_with(app.is_locking, move |is_locking| {
        // The pages are gone by then, and have handed over what was typed.
        let timer = is_locking.then(|| Timeout::new(0, move || link.lock()));
        move || {
            if let Some(timer) = timer {
                timer.forget();
            }
        }
    });
}

/// Asks the store what this browser is, while nobody works here and whenever the network comes back.
/// One that is given up, here or at the store, and has nothing on its disk tells so: that alone lets
/// the store call it empty.
#[hook]
fn use_standing(app: &AppHandle) {
    let state = app.dispatcher();
    let is_asked = app.phase == Phase::Open && app.identity.is_none();
    let is_empty = app.tablet.is_none();
    let is_told = app
        .standing()
        .is_some_and(|tablet| tablet.state != TabletState::Active);
    let is_owed = app.erased.as_ref().is_some_and(|one| one.is_reset) && !is_told;
    let times = use_times_to_ask(is_owed);
    use_effect_with(
        (is_asked, is_empty, app.erased.clone(), times),
        move |(is_asked, is_empty, erased, _)| {
            if !*is_asked {
                return;
            }
            let is_empty = *is_empty;
            let session = erased.as_ref().and_then(|erasure| erasure.session.clone());
            spawn_local(async move {
                if is_empty {
                    reset::tell_if_owed(session.as_ref()).await;
                }
                if let Ok(found) = http::state().await {
                    let tablet = found.tablet.as_ref().filter(|_| is_empty);
                    let given_up = tablet.filter(|one| one.state != TabletState::Active);
                    if let Some(tablet) = given_up {
                        reset::tell(tablet.device, None).await;
                    }
                    state.dispatch(Action::Server(Rc::new(found)));
                }
            });
        },
    );
}

/// How often the store is asked again, in milliseconds, while it is to be told something.
const TELL_AGAIN_MILLIS: u32 = 10_000;

/// Grows whenever the browser says that there is a network again, and from time to time while the
/// store is to be told something.
#[hook]
fn use_times_to_ask(is_owed: bool) -> u32 {
    let times = use_state_eq(|| 0);
    {
        let count = use_mut_ref(|| 0);
        let times = times.setter();
        use_effect_with(is_owed, move |is_owed| {
            let ask = move || {
                let mut count = count.borrow_mut();
                *count += 1;
                times.set(*count);
            };
            let timer = is_owed.then(|| Interval::new(TELL_AGAIN_MILLIS, ask.clone()));
            let on_online = web_sys::window()
                .map(|window| EventListener::new(&window, "online", move |_| ask()));
            move || drop((timer, on_online))
        });
    }
    *times
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
