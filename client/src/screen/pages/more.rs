//! 更多: language, looks, signing out, and the ways to administration and status.

use floorbook_shared::access;
use floorbook_shared::device::message::Request;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Chips, Choice, Empty, Icon, Message, Picture, StatusPanel, Tone};
use crate::screen::hooks::{Theme, use_app, use_link, use_preferences, use_text};
use crate::screen::platform;
use crate::screen::route::Route;
use crate::screen::state::Action;
use crate::screen::text::Language;

/// The page.
#[component]
pub fn More() -> Html {
    let (text, app, preferences) = (use_text(), use_app(), use_preferences());
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
                    <SignOut />
                </section>
            }
            <nav class="panel ways" aria-label={text.get("more-ways")}>
                <Way route={Route::Status} label={text.get("status-title")} />
                if app.may(access::Action::ManagePeople) {
                    <Way route={Route::People} label={text.get("people")} />
                }
                if app.may(access::Action::Import) {
                    <Way route={Route::Import} label={text.get("import-title")} />
                }
            </nav>
            <section class="panel" aria-labelledby="more-looks">
                <h2 id="more-looks">{ text.get("this-tablet") }</h2>
                <Chips name="language" label={text.get("language")} choices={languages}
                    chosen={AttrValue::from(preferences.language.tag())} on_choose={on_language} />
                <Chips name="theme" label={text.get("theme")} choices={themes}
                    chosen={AttrValue::from(preferences.theme.name())} on_choose={on_theme} />
            </section>
            <section class="panel" aria-labelledby="more-about">
                <h2 id="more-about">{ text.get("about") }</h2>
                <p>{ "Floorbook " }{ env!("CARGO_PKG_VERSION") }</p>
                <Message tone={Tone::Warning}><p>{ text.get("not-encrypted-yet") }</p></Message>
            </section>
        </div>
    }
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

/// Signs out; not while anything waits, because it would be lost.
#[component]
fn SignOut() -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let unsent = app.sign_out_refused.unwrap_or(app.status.unsent);
    let onclick = Callback::from(move |_: MouseEvent| {
        link.ask(Request::SignOut);
    });
    {
        // The refusal is read once this page was left.
        let state = app.dispatcher();
        use_effect_with((), move |()| {
            move || state.dispatch(Action::SignOutRefusalRead)
        });
    }
    html! {
        <>
            if unsent > 0 {
                <Message tone={Tone::Warning}>
                    <p>{ text.get_with("sign-out-refused", [("count", unsent.into())]) }</p>
                </Message>
            }
            <button type="button" class="button" {onclick} disabled={unsent > 0}>{ text.get("sign-out") }</button>
        </>
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
