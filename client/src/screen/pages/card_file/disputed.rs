//! Facts with two values that stand in no section, because what is shown of them is empty.

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::catalogue::field_of;
use floorbook_shared::record::customer::Customer;
use floorbook_shared::rules::is_mark;
use floorbook_shared::view::card::{CardView, ConflictPlace};
use yew::prelude::*;

use super::catalogue::categories_of;
use crate::screen::hooks::{use_app, use_text};
use crate::screen::pages::conflict::{ConflictBox, is_hidden, place_words};

/// Properties of [`Disputed`].
#[derive(PartialEq, Properties)]
pub struct DisputedProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
}

/// The facts; nothing if there are none.
#[component]
pub fn Disputed(props: &DisputedProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let (document, card) = (props.document, &props.card);
    let conflicts = card.conflicts.iter().filter(|conflict| {
        let ConflictPlace::Fact(name) = &conflict.at else {
            return false;
        };
        !is_shown(name, &card.customer) && !is_hidden(&conflict.at, document, &app)
    });
    let conflicts: Vec<_> = conflicts.collect();
    if conflicts.is_empty() {
        return html! {};
    }
    html! {
        <section class="file-section" aria-labelledby="section-disputed" data-section="disputed">
            <header><h2 id="section-disputed">{ text.get("section-disputed") }</h2></header>
            <dl class="facts">
                { for conflicts.into_iter().map(|conflict| html! {
                    <>
                        <dt>{ place_words(&conflict.at, &card.customer, &text) }</dt>
                        <dd><ConflictBox {document} conflict={conflict.clone()} /></dd>
                    </>
                }) }
            </dl>
        </section>
    }
}

/// Whether a fact stands in a section of the file.
fn is_shown(name: &str, customer: &Customer) -> bool {
    match field_of(name) {
        Some(field) => {
            field.on(customer).is_some()
                && categories_of(customer).any(|category| category == field.category)
        }
        None => {
            let fact = customer.facts.get(name);
            !is_mark(name) && fact.is_some_and(|fact| !fact.value.trim().is_empty())
        }
    }
}
