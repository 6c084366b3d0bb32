//! Which class the records speak for, and why; a person decides with one tap.

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::customer::{Class, CustomerField, Fact, FactSource};
use floorbook_shared::rules::class::{ClassEvidence, Judgement, KEPT_FACT, Reason, keep};
use floorbook_shared::time::Date;
use yew::prelude::*;

use crate::screen::components::Saving;
use crate::screen::hooks::{use_app, use_day, use_run, use_text};
use crate::screen::platform;
use crate::screen::text::Text;
use crate::screen::when;

/// Properties of [`ClassProposal`].
#[derive(PartialEq, Properties)]
pub struct ClassProposalProps {
    /// The card.
    pub document: DocumentId,
    /// What of the card speaks for a class.
    pub evidence: ClassEvidence,
}

/// The reasons of a judgement in words, the strongest first.
pub fn reasons_in_words(judgement: &Judgement, today: Date, text: &Text) -> String {
    let words = judgement.reasons.iter().map(|reason| {
        let key = format!("reason-{}", reason.key());
        match reason {
            Reason::Fruitless { contacts } => {
                text.get_with("reason-fruitless", [("count", (*contacts).into())])
            }
            Reason::Planned { due: date }
            | Reason::Progress { date }
            | Reason::FarPlan { date }
            | Reason::Expected { date } => {
                text.get_with(&key, [("day", when::day(*date, today, text).into())])
            }
            Reason::Quiet { days } | Reason::JustCame { days } => {
                text.get_with(&key, [("count", (*days).into())])
            }
            Reason::NeverBought | Reason::Bought | Reason::NoPlan => text.get(&key),
        }
    });
    words.collect::<Vec<_>>().join(&text.get("reason-and"))
}

/// The proposal for a card, if there is one: take it or keep the class.
#[component]
pub fn ClassProposal(props: &ClassProposalProps) -> Html {
    let (text, day, run, app) = (use_text(), use_day(), use_run(), use_app());
    let Some(judgement) = props.evidence.propose(day.today, app.settings().classes) else {
        return html! {};
    };
    let save = |edit: Edit| {
        let (run, document) = (run.clone(), props.document);
        Callback::from(move |_: MouseEvent| {
            let edits = vec![edit.clone()];
            run.run(document, Command::EditCard { edits }, Callback::noop());
        })
    };
    let take = save(Edit::SetField {
        field: CustomerField::Class,
        value: judgement.class.letter().to_owned(),
    });
    let kept = props.evidence.class.map(|class| {
        let edit = Edit::SetFact {
            name: KEPT_FACT.to_owned(),
            fact: Fact {
                value: keep(class, day.today),
                source: FactSource::Consultant,
                at: platform::now(),
            },
        };
        (class, save(edit))
    });
    let letter = |class: Class| AttrValue::from(class.letter());
    html! {
        <div class="proposal" role="group" aria-label={text.get("class-proposal")} data-proposal={letter(judgement.class)}>
            <p class="proposal-words">
                <strong>{ text.get_with("class-propose", [("class", judgement.class.letter().into())]) }</strong>
                { " " }{ reasons_in_words(&judgement, day.today, &text) }
            </p>
            <div class="actions">
                <button type="button" class="button" onclick={take} disabled={run.is_saving()}>
                    { text.get_with("class-take", [("class", judgement.class.letter().into())]) }
                </button>
                if let Some((class, onclick)) = kept {
                    <button type="button" class="button quiet-button" {onclick} disabled={run.is_saving()}>
                        { text.get_with("class-keep", [("class", class.letter().into())]) }
                    </button>
                }
            </div>
            <Saving problem={run.problem()} />
        </div>
    }
}
