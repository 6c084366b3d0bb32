//! The class of a customer: a colour, and always its letter.

use floorbook_shared::record::customer::Class;
use yew::prelude::*;

use crate::screen::hooks::use_text;

/// Properties of [`ClassBadge`].
#[derive(PartialEq, Properties)]
pub struct ClassBadgeProps {
    /// The class, if one is set.
    pub class: Option<Class>,
}

/// The badge of a class.
#[component]
pub fn ClassBadge(props: &ClassBadgeProps) -> Html {
    let text = use_text();
    let (letter, name) = match props.class {
        Some(class) => (class.letter(), text.coded("class", class.letter())),
        None => ("–", text.get("class-none")),
    };
    let colour = match props.class {
        Some(Class::A) => "class-badge class-a",
        Some(Class::B) => "class-badge class-b",
        Some(Class::C) => "class-badge class-c",
        Some(Class::D) => "class-badge class-d",
        None => "class-badge class-none",
    };
    html! { <span class={colour} role="img" aria-label={name}>{ letter }</span> }
}
