//! The form of a part of a card: saves what was changed, and closes when it is on the disk.

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use serde::Serialize;
use yew::prelude::*;

use crate::screen::components::Saving;
use crate::screen::hooks::{Draft, use_run, use_text};

/// Properties of [`EditForm`].
#[derive(PartialEq, Properties)]
pub struct EditFormProps<T: Clone + PartialEq + Serialize + 'static> {
    /// The card.
    pub document: DocumentId,
    /// What is typed.
    pub draft: Draft<T>,
    /// What was changed here.
    pub edits: Callback<T, Vec<Edit>>,
    /// Why it can't be saved yet, in words.
    #[prop_or_default]
    pub missing: Option<String>,
    /// Called when the form is to be closed.
    pub on_close: Callback<()>,
    /// The fields.
    pub children: Children,
}

/// A form with its way out and its way to the disk.
#[component]
pub fn EditForm<T: Clone + PartialEq + Serialize + 'static>(props: &EditFormProps<T>) -> Html {
    let (text, run) = (use_text(), use_run());
    let finish = {
        let (draft, on_close) = (props.draft.clone(), props.on_close.clone());
        Callback::from(move |()| {
            draft.forget();
            on_close.emit(());
        })
    };
    let onsubmit = {
        let (run, draft, finish) = (run.clone(), props.draft.clone(), finish.clone());
        let (document, edits_of) = (props.document, props.edits.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let edits = edits_of.emit((*draft.content()).clone());
            if edits.is_empty() {
                finish.emit(());
            } else {
                run.run(document, Command::EditCard { edits }, finish.reform(|_| ()));
            }
        })
    };
    html! {
        <form class="form section-form" {onsubmit}>
            { props.children.clone() }
            <Saving problem={run.problem()} />
            <div class="save-line">
                if let Some(missing) = &props.missing { <p class="save-reason">{ missing }</p> }
                <button type="button" class="button quiet-button" onclick={finish.reform(|_: MouseEvent| ())} disabled={run.is_saving()}>
                    { text.get("cancel") }
                </button>
                <button type="submit" class="button primary" disabled={props.missing.is_some() || run.is_saving()}>
                    { if run.is_saving() { text.get("saving") } else { text.get("save") } }
                </button>
            </div>
        </form>
    }
}
