//! Pages without the frame: before the storage is open, or when it can't be.

use yew::prelude::*;

use crate::screen::components::{Message, Tone};
use crate::screen::hooks::{use_app, use_link, use_preferences, use_text};
use crate::screen::platform;
use crate::screen::state::{Action, Trouble};
use crate::screen::text::Language;

/// Properties of [`Outside`].
#[derive(PartialEq, Properties)]
pub struct OutsideProps {
    /// The heading.
    pub title: AttrValue,
    /// The page.
    pub children: Children,
}

/// A page in the middle of the screen.
#[component]
pub fn Outside(props: &OutsideProps) -> Html {
    use_effect_with(props.title.clone(), |title| platform::set_title(title));
    html! {
        <main class="outside">
            <p class="brand">{ "Floorbook" }</p>
            <div class="panel outside-panel">
                <h1>{ &props.title }</h1>
                { props.children.clone() }
            </div>
            <Languages />
        </main>
    }
}

/// Nobody is signed in here, so the language is chosen here too.
#[component]
pub fn Languages() -> Html {
    let preferences = use_preferences();
    html! {
        <div class="segments">
            { for Language::ALL.into_iter().map(|language| {
                let choose = preferences.set_language.reform(move |_: MouseEvent| language);
                html! {
                    <button type="button" lang={language.tag()} onclick={choose}
                        aria-pressed={(preferences.language == language).to_string()}>{ language.own_name() }</button>
                }
            }) }
        </div>
    }
}

/// The storage is being read: a quiet page, since it takes a moment only.
#[component]
pub fn Opening() -> Html {
    let text = use_text();
    html! {
        <main class="outside" aria-busy="true">
            <p class="brand">{ "Floorbook" }</p>
            <p class="quiet slow" role="status">{ text.get("opening") }</p>
        </main>
    }
}

/// Another tab owns the data: offers to take over.
#[component]
pub fn HeldElsewhere() -> Html {
    let text = use_text();
    html! {
        <Outside title={text.get("held-title")}>
            <p>{ text.get("held-explained") }</p>
            <TakeOver label={text.get("take-over")} />
        </Outside>
    }
}

/// Another tab took the data over: offers to take it back.
#[component]
pub fn TakenOver() -> Html {
    let text = use_text();
    html! {
        <Outside title={text.get("taken-title")}>
            <p>{ text.get("taken-explained") }</p>
            <TakeOver label={text.get("take-back")} />
        </Outside>
    }
}

#[derive(PartialEq, Properties)]
struct TakeOverProps {
    label: AttrValue,
}

#[component]
fn TakeOver(props: &TakeOverProps) -> Html {
    let (app, link) = (use_app(), use_link());
    let onclick = Callback::from(move |_: MouseEvent| {
        app.dispatch(Action::Reopening);
        link.restart(true);
    });
    html! { <button type="button" class="button primary" {onclick}>{ &props.label }</button> }
}

/// Properties of [`Failed`].
#[derive(PartialEq, Properties)]
pub struct FailedProps {
    /// Why.
    pub trouble: Trouble,
}

/// The worker could not open the storage.
#[component]
pub fn Failed(props: &FailedProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let again = Callback::from(move |_: MouseEvent| {
        app.dispatch(Action::Reopening);
        link.restart(false);
    });
    let reload = Callback::from(|_: MouseEvent| platform::reload());
    html! {
        <Outside title={text.get("failed-title")}>
            <Message tone={Tone::Problem}><p>{ text.coded("failed", &props.trouble.code) }</p></Message>
            if props.trouble.code != "storage_deleted" { <p>{ text.get("failed-nothing-deleted") }</p> }
            if !props.trouble.detail.is_empty() {
                <details>
                    <summary>{ text.get("for-the-administrator") }</summary>
                    <p class="detail">{ format!("{}: {}", props.trouble.code, props.trouble.detail) }</p>
                </details>
            }
            <div class="actions">
                <button type="button" class="button primary" onclick={again}>{ text.get("try-again") }</button>
                <button type="button" class="button" onclick={reload}>{ text.get("reload") }</button>
            </div>
        </Outside>
    }
}
