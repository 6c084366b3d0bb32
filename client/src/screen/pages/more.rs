//! 更多: language, looks, signing out, and the ways to administration and status.

use floorbook_shared::access::Action;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Chips, Choice, Empty, Icon, Leave, Leaving, Picture, StatusPanel};
use crate::screen::hooks::{Theme, use_app, use_day, use_preferences, use_text};
use crate::screen::pages::resort::count_looking_wrong;
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::Rows;
use crate::screen::text::Language;

/// The page.
#[component]
pub fn More() -> Html {
    let (text, app, day, preferences) = (use_text(), use_app(), use_day(), use_preferences());
    use_effect_with(text.get("place-more"), |title| platform::set_title(title));
    let identity = app.identity.clone();
    let languages = Language::ALL
        .into_iter()
        .map(|language| Choice::new(language.tag(), language.own_name()))
        .collect::<Vec<_>>();
    let themes = vec![
        Choice::new(Theme::System.name(), text.get("theme-system")),
        Choice::new(Theme::Light.name(), text.get("theme-light")),
        Choice::new(Theme::Dark.name(), text.get("theme-dark")),
    ];
    let conflicts = match open_conflicts(&app.rows) {
        0 => text.get("conflicts"),
        count => text.get_with("conflicts-open", [("count", count.into())]),
    };
    let known = (
        app.rows.clone(),
        app.scope.clone(),
        day.today,
        app.is_today_of_all,
        app.settings().classes,
    );
    let wrong = {
        let app = app.clone();
        use_memo(known, move |(_, _, today, _, _)| {
            count_looking_wrong(&app, *today)
        })
    };
    let resort = match *wrong {
        0 => text.get("resort"),
        count => text.get_with("resort-open", [("count", count.into())]),
    };
    let on_language = preferences
        .set_language
        .reform(|tag: AttrValue| Language::from_tag(tag.as_str()));
    let on_theme = preferences
        .set_theme
        .reform(|name: AttrValue| Theme::from_name(name.as_str()));
    html! {
        <div class="page more">
            <header class="page-head"><h1>{ text.get("place-more") }</h1></header>
            if let Some(identity) = identity {
                <section class="panel" aria-labelledby="more-who">
                    <h2 id="more-who">{ text.get("signed-in-as") }</h2>
                    <p class="who-line"><strong>{ &identity.name }</strong>
                        <span class="quiet">{ text.get_with("tablet-code", [("code", identity.tablet_code.as_str().into())]) }</span>
                    </p>
                </section>
            }
            <nav class="panel ways" aria-label={text.get("more-ways")}>
                <Way route={Route::Resort} label={resort} />
                <Way route={Route::Conflicts} label={conflicts} />
                <Way route={Route::Status} label={text.get("status-title")} />
            </nav>
            <Administration />
            <section class="panel" aria-labelledby="more-looks">
                <h2 id="more-looks">{ text.get("this-tablet") }</h2>
                <Chips name="language" label={text.get("language")} choices={languages}
                    chosen={AttrValue::from(preferences.language.tag())} on_choose={on_language} />
                <Chips name="theme" label={text.get("theme")} choices={themes}
                    chosen={AttrValue::from(preferences.theme.name())} on_choose={on_theme} />
                <Reset />
            </section>
            <section class="panel" aria-labelledby="more-about">
                <h2 id="more-about">{ text.get("about") }</h2>
                <p>{ "Floorbook " }{ env!("CARGO_PKG_VERSION") }</p>
            </section>
        </div>
    }
}

/// How many cards have two values that wait for someone to choose.
fn open_conflicts(rows: &Rows) -> usize {
    rows.iter()
        .filter(|row| row.entry.row.conflicts > 0)
        .count()
}

#[derive(PartialEq, Properties)]
struct WayProps {
    route: Route,
    label: AttrValue,
}

#[component]
fn Way(props: &WayProps) -> Html {
    html! {
        <Link<Route> to={props.route.clone()} classes="way">
            <span>{ &props.label }</span><Icon picture={Picture::Forward} />
        </Link<Route>>
    }
}

/// 管理: each entry only for those who may.
#[component]
fn Administration() -> Html {
    let (text, app) = (use_text(), use_app());
    let mut ways: Vec<(Route, String)> = Vec::new();
    if app.may(Action::ManagePeople) {
        ways.push((Route::People, text.get("people")));
    }
    if app.may_change_a_store() {
        ways.push((Route::Stores, text.get("stores")));
    }
    if app.may(Action::RetireTablet) {
        ways.push((Route::Tablets, text.get("tablets")));
    }
    if app.may_hand_over() {
        ways.push((Route::Handovers, text.get("handovers")));
    }
    if app.may(Action::Import) {
        ways.push((Route::Import, text.get("import-title")));
    }
    if ways.is_empty() {
        return html! {};
    }
    html! {
        <nav aria-labelledby="administration-title">
            <h2 id="administration-title" class="ways-title">{ text.get("administration") }</h2>
            <div class="panel ways">
                { for ways.into_iter().map(|(route, label)| html! { <Way {route} {label} /> }) }
            </div>
        </nav>
    }
}

/// Empties this tablet, once somebody has read what that means.
#[component]
fn Reset() -> Html {
    let text = use_text();
    let is_open = use_state_eq(|| false);
    let set = |to: bool| {
        let is_open = is_open.clone();
        move || is_open.set(to)
    };
    let (open, close) = (set(true), set(false));
    html! {
        <div class="actions">
            <button type="button" class="button danger" onclick={move |_: MouseEvent| open()}>{ text.get("reset-open") }</button>
            if *is_open { <Leave what={Leaving::Reset} on_close={move |()| close()} /> }
        </div>
    }
}

/// Saving and sending, in full.
#[component]
pub fn Status() -> Html {
    let text = use_text();
    use_effect_with(text.get("status-title"), |title| platform::set_title(title));
    html! {
        <div class="page">
            <BackToMore />
            <header class="page-head"><h1>{ text.get("status-title") }</h1></header>
            <div class="panel"><StatusPanel /></div>
        </div>
    }
}

/// Leads back to More.
#[component]
pub fn BackToMore() -> Html {
    let text = use_text();
    html! {
        <Link<Route> to={Route::More} classes="back always">
            <Icon picture={Picture::Back} />{ text.get("place-more") }
        </Link<Route>>
    }
}

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> Html {
    let text = use_text();
    html! {
        <div class="page">
            <Empty title={text.get("not-found")} advice={text.get("not-found-advice")}>
                <Link<Route> to={Route::Today} classes="button primary">{ text.get("place-today") }</Link<Route>>
            </Empty>
        </div>
    }
}
