//! A fact with its source; one tap confirms what nobody here has checked, or what is old.

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::catalogue::{self, CatalogueField};
use floorbook_shared::record::customer::{Fact, FactSource};
use floorbook_shared::rules::quality::is_stale;
use floorbook_shared::view::card::{CardView, Conflict, ConflictPlace};
use yew::prelude::*;

use crate::screen::components::Saving;
use crate::screen::hooks::{use_app, use_run, use_text};
use crate::screen::pages::conflict::{ConflictBox, at_place};
use crate::screen::platform;

/// Properties of [`FactShown`].
#[derive(PartialEq, Properties)]
pub struct FactShownProps {
    /// The card.
    pub document: DocumentId,
    /// The name of the fact.
    pub name: AttrValue,
    /// The name in words.
    pub label: AttrValue,
    /// The value in words.
    pub value: AttrValue,
    /// The fact.
    pub fact: Fact,
    /// Its values, if it holds two.
    #[prop_or_default]
    pub conflict: Option<Conflict>,
    /// What else is to be said about the value.
    #[prop_or_default]
    pub note: Option<AttrValue>,
}

/// The conflict of a fact, under any name that means the same.
pub fn conflict_of(name: &str, card: &CardView) -> Option<Conflict> {
    let at = |name: &str| at_place(&card.conflicts, &ConflictPlace::Fact(name.to_owned()));
    let others = catalogue::by_key(name).into_iter();
    at(name).or_else(|| {
        let mut names = others.flat_map(CatalogueField::imported_names);
        names.find_map(at)
    })
}

/// A fact.
#[component]
pub fn FactShown(props: &FactShownProps) -> Html {
    let (text, app, run) = (use_text(), use_app(), use_run());
    let fact = &props.fact;
    let confirm = {
        let (run, document) = (run.clone(), props.document);
        let (name, value) = (props.name.to_string(), fact.value.clone());
        Callback::from(move |_: MouseEvent| {
            let fact = Fact {
                value: value.clone(),
                source: FactSource::Consultant,
                at: platform::now(),
            };
            let edits = vec![Edit::SetFact {
                name: name.clone(),
                fact,
            }];
            run.run(document, Command::EditCard { edits }, Callback::noop());
        })
    };
    let stale_after_days = app.settings().quality.stale_after_days;
    let stale = is_stale(fact, platform::now(), stale_after_days);
    let source = match fact.source {
        FactSource::Consultant if stale => Some(text.get("fact-stale")),
        FactSource::Consultant => None,
        FactSource::Customer => Some(text.get("source-customer")),
        FactSource::Import => Some(text.get("source-import")),
    };
    let can_confirm = source.is_some() && app.identity.is_some();
    html! {
        <>
            <dt>{ &props.label }</dt>
            <dd class="fact" data-fact={props.name.clone()}>
                <span>{ &props.value }</span>
                if let Some(source) = source { <span class="source is-unverified">{ source }</span> }
                if can_confirm {
                    <button type="button" class="button quiet-button" onclick={confirm} disabled={run.is_saving()}
                        aria-label={text.get_with("confirm-fact", [("name", props.label.as_str().into())])}>
                        { text.get("confirm") }
                    </button>
                }
                if let Some(note) = &props.note { <span class="fact-note">{ note }</span> }
                if let Some(conflict) = &props.conflict {
                    <ConflictBox document={props.document} conflict={conflict.clone()} />
                }
                <Saving problem={run.problem()} />
            </dd>
        </>
    }
}
