//! What the customer agreed to and what they do not want, each with its day; one tap notes it.

use std::rc::Rc;

use floorbook_shared::document::command::Edit;
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::consent::{Consent, ConsentTopic};
use floorbook_shared::view::card::{CardView, ConflictPlace};
use yew::prelude::*;

use crate::screen::components::{Choice, Saving, Toggles};
use crate::screen::hooks::{use_app, use_day, use_run, use_text};
use crate::screen::pages::conflict::{ConflictBox, at_place, keeps_sensitive};
use crate::screen::when;

/// Properties of [`Consents`].
#[derive(PartialEq, Properties)]
pub struct ConsentsProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
}

/// The section.
#[component]
pub fn Consents(props: &ConsentsProps) -> Html {
    let (text, app, day, run) = (use_text(), use_app(), use_day(), use_run());
    let document = props.document;
    let customer = &props.card.customer;
    let choices = ["given", "refused", "not_asked"]
        .map(|key| Choice::new(key, text.coded("consent-choice", key)))
        .to_vec();
    let hint = if !app.settings().keeps_sensitive {
        Some(text.get("sensitive-off"))
    } else if keeps_sensitive(customer, &app) {
        None
    } else {
        Some(text.get("sensitive-ask"))
    };
    html! {
        <section class="file-section" aria-labelledby="section-consents" data-section="consents">
            <header><h2 id="section-consents">{ text.get("consents") }</h2></header>
            <ul class="consents">
                { for ConsentTopic::ALL.iter().copied().map(|topic| {
                    let said = customer.consents.get(&topic);
                    let chosen = match said {
                        Some(Consent { is_given: true, .. }) => "given",
                        Some(Consent { is_given: false, .. }) => "refused",
                        None => "not_asked",
                    };
                    let choose = {
                        let (run, today) = (run.clone(), day.today);
                        // A tap on what stands there says nothing new.
                        Callback::from(move |choice: Option<AttrValue>| {
                            let Some(choice) = choice else { return };
                            let given = |is_given| Consent { is_given, on: today };
                            let consent = match choice.as_str() {
                                "given" => Some(given(true)),
                                "refused" => Some(given(false)),
                                _ => None,
                            };
                            let edits = vec![Edit::SetConsent { topic, consent }];
                            run.set(document, edits);
                        })
                    };
                    let conflict = at_place(&props.card.conflicts, &ConflictPlace::Consent(topic));
                    html! {
                        <li key={topic.key()} data-consent={topic.key()} data-said={chosen}>
                            <Toggles label={text.coded("consent", topic.key())} choices={choices.clone()} chosen={Some(AttrValue::from(chosen))} on_choose={choose} />
                            if let Some(said) = said { <span class="quiet">{ when::near_day(said.on, day.today, &text) }</span> }
                            if let Some(conflict) = conflict { <ConflictBox {document} {conflict} /> }
                        </li>
                    }
                }) }
            </ul>
            if let Some(hint) = hint { <p class="field-hint">{ hint }</p> }
            <Saving problem={run.problem()} />
        </section>
    }
}
