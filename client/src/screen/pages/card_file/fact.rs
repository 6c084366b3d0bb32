//! A fact with its source; one tap confirms what nobody here has checked, or what is old.

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::customer::{Fact, FactSource};
use floorbook_shared::rules::quality::is_stale;
use yew::prelude::*;

use crate::screen::components::Saving;
use crate::screen::hooks::{use_app, use_run, use_text};
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
                <Saving problem={run.problem()} />
            </dd>
        </>
    }
}
