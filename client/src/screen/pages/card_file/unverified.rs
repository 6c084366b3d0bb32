//! Facts that nobody of the store has checked: confirmed one by one in their sections, or all here.

use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::catalogue;
use floorbook_shared::record::customer::{Fact, FactSource};
use floorbook_shared::rules::is_mark;
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use super::catalogue::{categories_of, fields_of};
use crate::screen::components::Saving;
use crate::screen::hooks::{use_app, use_run, use_text};
use crate::screen::pages::conflict::keeps_sensitive;
use crate::screen::platform;

/// From so many on, one tap for all is worth its place.
const WORTH_IT: usize = 2;

/// Properties of [`Unverified`].
#[derive(PartialEq, Properties)]
pub struct UnverifiedProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
}

/// How many facts are unverified, and the tap that confirms what stands on the screen.
#[component]
pub fn Unverified(props: &UnverifiedProps) -> Html {
    let (text, app, run) = (use_text(), use_app(), use_run());
    let document = props.document;
    let customer = &props.card.customer;
    let is_open = |fact: &Fact| {
        let is_checked = fact.source == FactSource::Consultant;
        !is_checked && !fact.value.trim().is_empty()
    };
    let with_sensitive = keeps_sensitive(customer, &app);
    let fields = categories_of(customer).flat_map(|category| fields_of(category, with_sensitive));
    let known = fields.filter_map(|field| Some((field.key, field.on(customer)?)));
    let others = customer
        .facts
        .iter()
        .filter(|(name, _)| !is_mark(name) && catalogue::field_of(name).is_none());
    let others = others.map(|(name, fact)| (name.as_str(), fact));
    let unverified: BTreeMap<String, String> = known
        .chain(others)
        .filter(|(_, fact)| is_open(fact))
        .map(|(name, fact)| (name.to_owned(), fact.value.clone()))
        .collect();
    let count = unverified.len();
    if count < WORTH_IT || app.identity.is_none() {
        return html! {};
    }
    let confirm = {
        let run = run.clone();
        Callback::from(move |_: MouseEvent| {
            let at = platform::now();
            let edits = unverified.iter().map(|(name, value)| Edit::SetFact {
                name: name.clone(),
                fact: Fact {
                    value: value.clone(),
                    source: FactSource::Consultant,
                    at,
                },
            });
            let edits = edits.collect();
            run.run(document, Command::EditCard { edits }, Callback::noop());
        })
    };
    html! {
        <div class="unverified">
            <p>{ text.get_with("unverified-count", [("count", count.into())]) }</p>
            <button type="button" class="button" onclick={confirm} disabled={run.is_saving()}>{ text.get("unverified-confirm") }</button>
            <Saving problem={run.problem()} />
        </div>
    }
}
