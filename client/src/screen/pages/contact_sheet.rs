//! Logging a contact: how, what came of it, what was said, and what comes next.

use floorbook_shared::document::command::{Command, NewContact};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::{Channel, NOTE_MAX_CHARS, NextStepDecision, Outcome};
use floorbook_shared::time::Date;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::screen::components::{
    Chips, Choice, Dialog, Field, NextStepDraft, NextStepEditor, Saving, channel_choices,
    channel_of,
};
use crate::screen::hooks::{use_app, use_day, use_draft, use_run, use_text};
use crate::screen::platform;
use crate::screen::text::Text;
use crate::screen::when;

/// The half-typed contact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ContactDraft {
    contact: EntryId,
    date: Date,
    channel: Option<Channel>,
    outcome: Option<Outcome>,
    note: String,
    completes: Vec<EntryId>,
    next: NextStepDraft,
}

impl ContactDraft {
    /// The command, or what is still missing for it, in words.
    fn command(&self, text: &Text) -> Result<Command, String> {
        let channel = self.channel.ok_or_else(|| text.get("missing-channel"))?;
        let outcome = self.outcome.ok_or_else(|| text.get("missing-outcome"))?;
        let next: NextStepDecision = self.next.decision(text)?;
        Ok(Command::LogContact(NewContact {
            note: self.note.trim().to_owned(),
            completes: self.completes.clone(),
            ..NewContact::new(
                (self.contact, self.next.step),
                self.date,
                channel,
                outcome,
                next,
            )
        }))
    }
}

/// The key under which the half-typed contact with a card is kept.
pub fn draft_key(document: DocumentId) -> String {
    format!("contact/{document}")
}

/// Properties of [`ContactSheet`].
#[derive(PartialEq, Properties)]
pub struct ContactSheetProps {
    /// The card.
    pub document: DocumentId,
    /// Steps that the contact does; those that are due if none is named.
    #[prop_or_default]
    pub completes: Vec<EntryId>,
    /// How, if known.
    #[prop_or_default]
    pub channel: Option<Channel>,
    /// Called when the sheet is to be closed.
    pub on_close: Callback<()>,
}

/// The sheet in which a contact is logged.
#[component]
pub fn ContactSheet(props: &ContactSheetProps) -> Html {
    let (text, app, day, run) = (use_text(), use_app(), use_day(), use_run());
    let document = props.document;
    let row = app.rows.get(document).cloned();
    let open_steps = row
        .as_ref()
        .map(|row| row.entry.row.open_steps.clone())
        .unwrap_or_default();
    let draft = {
        let (named, steps, channel) = (props.completes.clone(), open_steps.clone(), props.channel);
        let today = day.today;
        use_draft(draft_key(document), move || {
            let due = steps.iter().filter(|step| step.due <= today);
            let completes = if named.is_empty() {
                due.map(|step| step.id).collect()
            } else {
                named
            };
            let first = steps.iter().find(|step| completes.contains(&step.id));
            ContactDraft {
                contact: platform::new_entry(),
                date: today,
                channel: channel.or_else(|| first.map(|step| step.how)),
                outcome: None,
                note: String::new(),
                completes,
                next: NextStepDraft::new(platform::new_entry()),
            }
        })
    };
    let content = draft.content();
    let command = content.command(&text);
    let save = {
        let (run, draft, on_close) = (run.clone(), draft.clone(), props.on_close.clone());
        let command = command.clone();
        Callback::from(move |_: MouseEvent| {
            let Ok(command) = command.clone() else { return };
            let (draft, on_close) = (draft.clone(), on_close.clone());
            run.run(
                document,
                command,
                Callback::from(move |_| {
                    draft.forget();
                    on_close.emit(());
                }),
            );
        })
    };
    let discard = {
        let (draft, on_close) = (draft.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            draft.forget();
            on_close.emit(());
        })
    };
    let outcomes = Outcome::ALL
        .iter()
        .map(|outcome| Choice::new(outcome.key(), text.coded("outcome", outcome.key())))
        .collect::<Vec<_>>();
    let yesterday = when::plus_days(day.today, -1);
    let mut days = vec![
        Choice::new(day.today.to_string(), text.get("date-today")),
        Choice::new(yesterday.to_string(), text.get("date-yesterday")),
    ];
    if content.date != day.today && content.date != yesterday {
        days.push(Choice::new(
            content.date.to_string(),
            when::day(content.date, day.today, &text),
        ));
    }
    let name = row
        .map(|row| row.entry.row.name.clone())
        .unwrap_or_default();
    let footer = html! {
        <>
            <Saving problem={run.problem()} />
            <div class="save-line">
                if let Err(missing) = &command {
                    <p id="contact-missing" class="save-reason" aria-live="polite">{ missing }</p>
                }
                <button type="button" class="button quiet-button" onclick={discard} disabled={run.is_saving()}>
                    { text.get("discard-draft") }
                </button>
                <button type="button" class="button primary" onclick={save} aria-describedby="contact-missing"
                    disabled={command.is_err() || run.is_saving()}>
                    { if run.is_saving() { text.get("saving") } else { text.get("save") } }
                </button>
            </div>
        </>
    };
    html! {
        <Dialog id="contact" title={text.get_with("log-contact-with", [("name", name.into())])} is_sheet=true
            on_close={props.on_close.clone()} {footer}>
            <form class="form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
                <Chips name="contact-date" label={text.get("contact-date")} choices={days}
                    chosen={AttrValue::from(content.date.to_string())}
                    on_choose={draft.setter(|content, value: AttrValue| {
                        if let Ok(date) = value.parse() { content.date = date; }
                    })} />
                <Chips name="contact-channel" label={text.get("contact-channel")} choices={channel_choices(&text)}
                    chosen={content.channel.map(|channel| AttrValue::from(channel.key()))}
                    on_choose={draft.setter(|content, key: AttrValue| content.channel = channel_of(&key))} />
                <Chips name="contact-outcome" label={text.get("contact-outcome")} choices={outcomes}
                    chosen={content.outcome.map(|outcome| AttrValue::from(outcome.key()))}
                    on_choose={draft.setter(|content, key: AttrValue| {
                        content.outcome = Outcome::ALL.iter().copied().find(|outcome| outcome.key() == &*key);
                    })} />
                <Field id="contact-note" label={text.get("contact-note")} value={content.note.clone()} lines=3
                    most={Some(NOTE_MAX_CHARS)} on_input={draft.setter(|content, note| content.note = note)} />
                if !open_steps.is_empty() {
                    <fieldset class="checks">
                        <legend class="field-label">{ text.get("contact-completes") }</legend>
                        { for open_steps.iter().map(|step| {
                            let id = step.id;
                            let toggle = draft.setter(move |content: &mut ContactDraft, _: Event| {
                                if content.completes.contains(&id) {
                                    content.completes.retain(|one| *one != id);
                                } else {
                                    content.completes.push(id);
                                }
                            });
                            html! {
                                <label key={id.to_string()} class="check">
                                    <input type="checkbox" checked={content.completes.contains(&id)} onchange={toggle} />
                                    <span>{ &step.what }<span class="quiet">{ " " }{ when::near_day(step.due, day.today, &text) }</span></span>
                                </label>
                            }
                        }) }
                    </fieldset>
                }
                <section class="next-part" aria-labelledby="next-title">
                    <h3 id="next-title">{ text.get("next-step") }</h3>
                    <NextStepEditor id="contact-next" step={content.next.clone()}
                        on_change={draft.setter(|content, next| content.next = next)} />
                </section>
            </form>
        </Dialog>
    }
}
