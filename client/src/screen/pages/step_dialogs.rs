//! Moving a step to another day, and giving one up.

use floorbook_shared::document::command::Command;
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::STEP_MAX_CHARS;
use floorbook_shared::time::{Date, TimeOfDay};
use yew::prelude::*;

use crate::screen::components::{DayChips, Dialog, Field, Saving, TimeChips};
use crate::screen::hooks::{use_day, use_draft, use_run, use_text};
use crate::screen::when;

/// Properties of [`MoveStep`].
#[derive(PartialEq, Properties)]
pub struct MoveStepProps {
    /// The card.
    pub document: DocumentId,
    /// The step.
    pub step: EntryId,
    /// What is to be done.
    pub what: AttrValue,
    /// The day so far.
    pub due: Date,
    /// The hour so far, if one was agreed.
    #[prop_or_default]
    pub time: Option<TimeOfDay>,
    /// Called when the dialog is to be closed.
    pub on_close: Callback<()>,
}

/// Moves a step to another day.
#[component]
pub fn MoveStep(props: &MoveStepProps) -> Html {
    let (text, day, run) = (use_text(), use_day(), use_run());
    let chosen = use_state(|| None::<Date>);
    let time = use_state(|| props.time);
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |due| chosen.set(due))
    };
    let choose_time = {
        let time = time.clone();
        Callback::from(move |chosen| time.set(chosen))
    };
    let save = {
        let (run, document, step) = (run.clone(), props.document, props.step);
        let (chosen, time) = (chosen.clone(), *time);
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(due) = *chosen {
                let command = Command::MoveNextStep { step, due, time };
                run.run(document, command, on_close.reform(|_| ()));
            }
        })
    };
    let footer = html! {
        <>
            <Saving problem={run.problem()} />
            <div class="save-line">
                if chosen.is_none() { <p class="save-reason">{ text.get("missing-day") }</p> }
                <button type="button" class="button primary" onclick={save} disabled={chosen.is_none() || run.is_saving()}>
                    { text.get("move-step") }
                </button>
            </div>
        </>
    };
    html! {
        <Dialog id="move" title={text.get("move-step-title")} on_close={props.on_close.clone()} {footer}>
            <p><strong>{ &props.what }</strong>{ " " }
                <span class="quiet">{ text.get_with("due-so-far", [("day", when::appointed(props.due, props.time, day.today, &text).into())]) }</span>
            </p>
            <DayChips name="move-day" label={text.get("move-to")} day={*chosen} on_choose={choose} />
            <TimeChips name="move-time" label={text.get("next-step-time")} time={*time} on_choose={choose_time} />
        </Dialog>
    }
}

/// Properties of [`DropStep`].
#[derive(PartialEq, Properties)]
pub struct DropStepProps {
    /// The card.
    pub document: DocumentId,
    /// The step.
    pub step: EntryId,
    /// What was to be done.
    pub what: AttrValue,
    /// Called when the dialog is to be closed.
    pub on_close: Callback<()>,
}

/// Gives a step up, for a reason.
#[component]
pub fn DropStep(props: &DropStepProps) -> Html {
    let (text, run) = (use_text(), use_run());
    let draft = use_draft(
        format!("drop/{}/{}", props.document, props.step),
        String::new,
    );
    let reason = draft.content();
    let is_missing = reason.trim().is_empty();
    let save = {
        let (run, document, step) = (run.clone(), props.document, props.step);
        let (draft, on_close) = (draft.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            let reason = draft.content().trim().to_owned();
            let (draft, on_close) = (draft.clone(), on_close.clone());
            run.run(
                document,
                Command::DropNextStep { step, reason },
                Callback::from(move |_| {
                    draft.forget();
                    on_close.emit(());
                }),
            );
        })
    };
    let footer = html! {
        <>
            <Saving problem={run.problem()} />
            <div class="save-line">
                if is_missing { <p class="save-reason">{ text.get("missing-reason") }</p> }
                <button type="button" class="button primary" onclick={save} disabled={is_missing || run.is_saving()}>
                    { text.get("drop-step") }
                </button>
            </div>
        </>
    };
    html! {
        <Dialog id="drop" title={text.get("drop-step-title")} on_close={props.on_close.clone()} {footer}>
            <p><strong>{ &props.what }</strong></p>
            <Field id="drop-reason" label={text.get("drop-reason")} value={(*reason).clone()} most={Some(STEP_MAX_CHARS)}
                on_input={draft.setter(|content, reason| *content = reason)} is_required=true is_first=true />
        </Dialog>
    }
}
