//! Not now, but when: puts derived work off by a mark on the card.

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::customer::{Fact, FactSource};
use floorbook_shared::rules::agenda::{PUT_OFF_MAX_DAYS, Rule};
use floorbook_shared::time::{Date, days_between};
use yew::prelude::*;

use crate::screen::components::{DayChips, Dialog, Saving};
use crate::screen::hooks::{use_day, use_run, use_text};
use crate::screen::platform;

/// Properties of [`PutOff`].
#[derive(PartialEq, Properties)]
pub struct PutOffProps {
    /// The card.
    pub document: DocumentId,
    /// The rule whose work is put off.
    pub rule: Rule,
    /// Why it is in the list.
    pub why: AttrValue,
    /// Called when the dialog is to be closed.
    pub on_close: Callback<()>,
}

/// Puts derived work off.
#[component]
pub fn PutOff(props: &PutOffProps) -> Html {
    let (text, day, run) = (use_text(), use_day(), use_run());
    let chosen = use_state(|| None::<Date>);
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |until| chosen.set(until))
    };
    let today = day.today;
    let is_within = |until: &Date| (1..=PUT_OFF_MAX_DAYS).contains(&days_between(today, *until));
    let until = chosen.filter(is_within);
    let save = {
        let (run, document, rule) = (run.clone(), props.document, props.rule);
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(until) = until {
                let fact = Fact {
                    value: until.to_string(),
                    source: FactSource::Consultant,
                    at: platform::now(),
                };
                let name = rule.put_off_fact().to_owned();
                let edits = vec![Edit::SetFact { name, fact }];
                run.run(
                    document,
                    Command::EditCard { edits },
                    on_close.reform(|_| ()),
                );
            }
        })
    };
    let footer = html! {
        <>
            <Saving problem={run.problem()} />
            <div class="save-line">
                if until.is_none() { <p class="save-reason">{ text.get("missing-day") }</p> }
                <button type="button" class="button primary" onclick={save} disabled={until.is_none() || run.is_saving()}>
                    { text.get("put-off") }
                </button>
            </div>
        </>
    };
    html! {
        <Dialog id="put-off" title={text.get("put-off-title")} on_close={props.on_close.clone()} {footer}>
            <p><strong>{ &props.why }</strong></p>
            <DayChips name="put-off-day" label={text.get("put-off-to")} day={*chosen} on_choose={choose} />
        </Dialog>
    }
}
