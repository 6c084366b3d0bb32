//! Logging a contact: how, what for, what came of it, what was said, and what comes next.

mod draft;
mod parts;

use floorbook_shared::document::command::Command;
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::{Channel, NOTE_MAX_CHARS, Outcome, Purpose};
use floorbook_shared::record::entry::IssueState;
use floorbook_shared::rules::agenda::{Cause, Why, WorkItem, next_contact};
use yew::prelude::*;

use self::draft::{Complaint, ContactDraft};
use self::parts::{ComplaintPart, IssuePart, Refusal, SatisfactionPart};
use crate::screen::components::{
    Chips, Choice, Dialog, Field, Icon, NextStepDraft, NextStepEditor, Outline, Picture, Plan,
    Saving, channel_choices, channel_of,
};
use crate::screen::hooks::{use_app, use_day, use_draft, use_run, use_text};
use crate::screen::platform;
use crate::screen::when;

/// What a contact is begun with, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Begun {
    /// Steps that the contact does; those that are due if none is named.
    pub completes: Vec<EntryId>,
    /// How.
    pub channel: Option<Channel>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The derived work that it does, by the id of the item.
    pub does: Option<String>,
    /// The key of the outline of what to say.
    pub script: Option<&'static str>,
    /// The issue that it is about.
    pub issue: Option<AnsweredIssue>,
}

/// An issue that a contact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweredIssue {
    /// The issue.
    pub id: EntryId,
    /// How far it is.
    pub state: IssueState,
}

impl Begun {
    /// A contact that does a step.
    pub fn of_step(step: EntryId) -> Self {
        Self {
            completes: vec![step],
            ..Self::default()
        }
    }

    /// The visit of a customer who is in the store; it does what was due as well.
    pub fn of_visit() -> Self {
        Self {
            channel: Some(Channel::StoreVisit),
            purpose: Some(Purpose::FollowUp),
            ..Self::default()
        }
    }

    /// A contact that does an item of Today.
    pub fn of_item(item: &WorkItem) -> Self {
        if matches!(item.why, Why::InStore { .. }) {
            return Self::of_visit();
        }
        let issue = match (&item.cause, &item.why) {
            (Cause::Issue(id), Why::Issue { state, .. }) => Some(AnsweredIssue {
                id: *id,
                state: *state,
            }),
            _ => None,
        };
        Self {
            completes: item.step().map(|step| vec![step.id]).unwrap_or_default(),
            channel: Some(item.how),
            purpose: Some(item.why.purpose()),
            does: item.rule().map(|_| item.id()),
            script: Some(item.why.script()),
            issue,
        }
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
    /// What is known of the contact.
    #[prop_or_default]
    pub begun: Begun,
    /// Called when the sheet is to be closed.
    pub on_close: Callback<()>,
}

/// The sheet in which a contact is logged.
#[component]
pub fn ContactSheet(props: &ContactSheetProps) -> Html {
    let (text, app, day, run) = (use_text(), use_app(), use_day(), use_run());
    let document = props.document;
    let row = app.rows.get(document).map(|row| row.entry.row.clone());
    let row = row.unwrap_or_default();
    let draft = {
        let (begun, steps, today) = (props.begun.clone(), row.open_steps.clone(), day.today);
        use_draft(draft_key(document), move || {
            let due = steps.iter().filter(|step| step.due <= today);
            let completes = if begun.completes.is_empty() && begun.does.is_none() {
                due.map(|step| step.id).collect()
            } else {
                begun.completes
            };
            let first = steps.iter().find(|step| completes.contains(&step.id));
            ContactDraft {
                contact: platform::new_entry(),
                date: today,
                channel: begun.channel.or_else(|| first.map(|step| step.how)),
                purpose: begun.purpose.or_else(|| first?.purpose),
                outcome: None,
                satisfaction: None,
                refusal: String::new(),
                refuses_channel: false,
                complaint: Complaint {
                    issue: Some(platform::new_entry()),
                    ..Complaint::default()
                },
                note: String::new(),
                completes,
                next: NextStepDraft::new(platform::new_entry()),
                does: begun.does,
                solution: String::new(),
            }
        })
    };
    let content = draft.content();
    let has_issue = !row.causes.issues.is_empty();
    let command: Result<Command, String> = content.command(props.begun.issue, has_issue, &text);
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
    let not_convenient = {
        let again = text.get("suggest-call-again");
        draft.setter(move |content: &mut ContactDraft, _: MouseEvent| {
            content.outcome = Some(Outcome::NotConvenient);
            content.channel = content.channel.or(Some(Channel::Call));
            content.next.plan = Some(Plan::Step);
            content.next.what.clone_from(&again);
            content.next.how = content.channel;
            content.next.purpose = content.purpose;
        })
    };
    let outcomes = Outcome::ALL
        .iter()
        .map(|outcome| Choice::new(outcome.key(), text.coded("outcome", outcome.key())))
        .collect::<Vec<_>>();
    let purposes = Purpose::ALL
        .iter()
        .map(|purpose| Choice::new(purpose.key(), text.coded("purpose", purpose.key())))
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
    let asks_satisfaction = props.begun.issue.is_some()
        || matches!(
            content.purpose,
            Some(Purpose::AfterPurchase | Purpose::Service)
        )
        || content.outcome == Some(Outcome::Complaint);
    let issue = props.begun.issue.map(|issue| {
        let mut issues = row.causes.issues.iter();
        let what = issues.find(|one| one.issue == issue.id);
        (issue, what.map(|one| one.what.clone()).unwrap_or_default())
    });
    let proposed = next_contact(row.class, day.today, &app.settings().cadence);
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
        <Dialog id="contact" title={text.get_with("log-contact-with", [("name", row.name.as_str().into())])} is_sheet=true
            on_close={props.on_close.clone()} {footer}>
            <form class="form" onsubmit={Callback::from(|event: SubmitEvent| event.prevent_default())}>
                if let Some(script) = props.begun.script { <Outline {script} is_open=true /> }
                <div class="sheet-ways">
                    <button type="button" class="button" onclick={not_convenient}
                        aria-pressed={(content.outcome == Some(Outcome::NotConvenient)).to_string()}>
                        <Icon picture={Picture::Calendar} />{ text.get("not-convenient") }
                    </button>
                </div>
                <Chips name="contact-date" label={text.get("contact-date")} choices={days}
                    chosen={AttrValue::from(content.date.to_string())}
                    on_choose={draft.setter(|content: &mut ContactDraft, value: AttrValue| {
                        if let Ok(date) = value.parse() { content.date = date; }
                    })} />
                <Chips name="contact-channel" label={text.get("contact-channel")} choices={channel_choices(&text)}
                    chosen={content.channel.map(|channel| AttrValue::from(channel.key()))}
                    on_choose={draft.setter(|content: &mut ContactDraft, key: AttrValue| content.channel = channel_of(&key))} />
                <Chips name="contact-purpose" label={text.get("contact-purpose")} choices={purposes}
                    chosen={content.purpose.map(|purpose| AttrValue::from(purpose.key()))}
                    on_choose={draft.setter(|content: &mut ContactDraft, key: AttrValue| content.purpose = Purpose::from_key(&key))} />
                <Chips name="contact-outcome" label={text.get("contact-outcome")} choices={outcomes}
                    chosen={content.outcome.map(|outcome| AttrValue::from(outcome.key()))}
                    on_choose={draft.setter(|content: &mut ContactDraft, key: AttrValue| content.outcome = Outcome::from_key(&key))} />
                if content.outcome == Some(Outcome::Refused) { <Refusal draft={draft.clone()} /> }
                if content.outcome == Some(Outcome::Complaint) { <ComplaintPart draft={draft.clone()} /> }
                if let Some((issue, what)) = issue { <IssuePart draft={draft.clone()} {issue} {what} /> }
                if asks_satisfaction { <SatisfactionPart draft={draft.clone()} /> }
                <Field id="contact-note" label={text.get("contact-note")} value={content.note.clone()} lines=3
                    most={Some(NOTE_MAX_CHARS)} on_input={draft.setter(|content: &mut ContactDraft, note| content.note = note)} />
                if !row.open_steps.is_empty() {
                    <fieldset class="checks">
                        <legend class="field-label">{ text.get("contact-completes") }</legend>
                        { for row.open_steps.iter().map(|step| {
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
                                    <span>{ &step.what }<span class="quiet">{ " " }{ when::appointed(step.due, step.time, day.today, &text) }</span></span>
                                </label>
                            }
                        }) }
                    </fieldset>
                }
                <section class="next-part" aria-labelledby="next-title">
                    <h3 id="next-title">{ text.get("next-step") }</h3>
                    <NextStepEditor id="contact-next" step={content.next.clone()} {proposed}
                        on_change={draft.setter(|content: &mut ContactDraft, next| content.next = next)} />
                </section>
            </form>
        </Dialog>
    }
}
