//! Words about a state: a message in the page, an empty list, why something was not saved.

use yew::prelude::*;

use crate::screen::components::{Icon, Picture};
use crate::screen::hooks::use_text;

/// How serious a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Good to know.
    Calm,
    /// Asks for attention.
    Warning,
    /// Something went wrong.
    Problem,
    /// Something went well.
    Good,
}

/// Properties of [`Message`].
#[derive(PartialEq, Properties)]
pub struct MessageProps {
    /// How serious it is.
    pub tone: Tone,
    /// What it says.
    pub children: Children,
}

/// A message in the page.
#[component]
pub fn Message(props: &MessageProps) -> Html {
    let (class, role, picture) = match props.tone {
        Tone::Calm => ("message tone-calm", "note", None),
        Tone::Warning => ("message tone-warning", "status", Some(Picture::Warning)),
        Tone::Problem => ("message tone-problem", "alert", Some(Picture::Warning)),
        Tone::Good => ("message tone-good", "status", Some(Picture::Done)),
    };
    html! {
        <div {class} {role}>
            if let Some(picture) = picture { <Icon {picture} /> }
            <div class="message-words">{ props.children.clone() }</div>
        </div>
    }
}

/// Properties of [`Empty`].
#[derive(PartialEq, Properties)]
pub struct EmptyProps {
    /// What is empty.
    pub title: AttrValue,
    /// What to do.
    #[prop_or_default]
    pub advice: Option<AttrValue>,
    /// Actions, if any.
    #[prop_or_default]
    pub children: Children,
}

/// An empty list, which says what to do.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            <p class="empty-title">{ &props.title }</p>
            if let Some(advice) = &props.advice { <p>{ advice }</p> }
            { props.children.clone() }
        </div>
    }
}

/// Properties of [`Saving`].
#[derive(PartialEq, Properties)]
pub struct SavingProps {
    /// The code of why it was not saved, if it was not.
    pub problem: Option<String>,
}

/// Why a form was not saved; what was typed stays.
#[component]
pub fn Saving(props: &SavingProps) -> Html {
    let text = use_text();
    let Some(code) = &props.problem else {
        return html! {};
    };
    html! {
        <Message tone={Tone::Problem}>
            <p><strong>{ text.get("not-saved") }</strong></p>
            <p>{ text.coded("problem", code) }</p>
        </Message>
    }
}
