//! Parts of the form that only some contacts need: refusals, complaints, issues that are answered.

use floorbook_shared::record::consent::ConsentTopic;
use floorbook_shared::record::contact::{STEP_MAX_CHARS, Satisfaction};
use floorbook_shared::record::entry::{LINE_MAX_CHARS, WORDS_MAX_CHARS};
use floorbook_shared::time::Date;
use yew::prelude::*;

use super::AnsweredIssue;
use super::draft::ContactDraft;
use crate::screen::components::{Chips, Choice, DayChips, Field};
use crate::screen::hooks::{Draft, use_text};

/// Properties of the parts.
#[derive(PartialEq, Properties)]
pub(super) struct PartProps {
    /// The half-typed contact.
    pub draft: Draft<ContactDraft>,
}

/// Why the customer declined, and whether they want to be left alone.
#[component]
pub(super) fn Refusal(props: &PartProps) -> Html {
    let text = use_text();
    let content = props.draft.content();
    let reasons = [
        text.get("refusal-no-need"),
        text.get("refusal-elsewhere"),
        text.get("refusal-price"),
        text.get("refusal-time"),
        text.get("refusal-no-contact"),
    ];
    let topic = content.channel.and_then(ConsentTopic::of_channel);
    html! {
        <section class="sheet-part" aria-label={text.get("refusal")}>
            <div class="suggestions" role="group" aria-label={text.get("suggestions")}>
                { for reasons.into_iter().map(|reason| {
                    let words = reason.clone();
                    let choose = props.draft.setter(move |content: &mut ContactDraft, _: MouseEvent| {
                        content.refusal.clone_from(&words);
                    });
                    html! { <button type="button" class="suggestion" onclick={choose}>{ reason }</button> }
                }) }
            </div>
            <Field id="contact-refusal" label={text.get("refusal")} value={content.refusal.clone()} is_required=true
                most={Some(STEP_MAX_CHARS)}
                on_input={props.draft.setter(|content: &mut ContactDraft, words| content.refusal = words)} />
            if let Some(topic) = topic {
                <label class="check">
                    <input type="checkbox" checked={content.refuses_channel}
                        onchange={props.draft.setter(|content: &mut ContactDraft, _: Event| {
                            content.refuses_channel = !content.refuses_channel;
                        })} />
                    <span>{ text.get_with("refuses-channel", [("channel", text.coded("consent", topic.key()).into())]) }</span>
                </label>
            }
        </section>
    }
}

/// What a complaint is about: an apology, a promise and its day.
#[component]
pub(super) fn ComplaintPart(props: &PartProps) -> Html {
    let text = use_text();
    let content = props.draft.content();
    let complaint = &content.complaint;
    html! {
        <section class="sheet-part" aria-label={text.get("complaint")}>
            <p class="quiet">{ text.get("complaint-advice") }</p>
            <Field id="contact-complaint" label={text.get("complaint")} value={complaint.what.clone()} is_required=true
                most={Some(LINE_MAX_CHARS)}
                on_input={props.draft.setter(|content: &mut ContactDraft, words| content.complaint.what = words)} />
            <Field id="contact-promise" label={text.get("entry-promise")} value={complaint.promise.clone()}
                most={Some(WORDS_MAX_CHARS)}
                on_input={props.draft.setter(|content: &mut ContactDraft, words| content.complaint.promise = words)} />
            <DayChips name="contact-promised-for" label={text.get("entry-promised_for")} day={complaint.promised_for}
                on_choose={props.draft.setter(|content: &mut ContactDraft, day: Option<Date>| content.complaint.promised_for = day)} />
        </section>
    }
}

/// Properties of [`IssuePart`].
#[derive(PartialEq, Properties)]
pub(super) struct IssuePartProps {
    /// The half-typed contact.
    pub draft: Draft<ContactDraft>,
    /// The issue.
    pub issue: AnsweredIssue,
    /// What it is about.
    pub what: AttrValue,
}

/// The issue that the contact is about: what solved it.
#[component]
pub(super) fn IssuePart(props: &IssuePartProps) -> Html {
    let text = use_text();
    let content = props.draft.content();
    html! {
        <section class="sheet-part" aria-label={text.get("entry-issue")}>
            <p><strong>{ &props.what }</strong>{ " " }<span class="quiet">{ text.coded("issue-state", props.issue.state.key()) }</span></p>
            <Field id="contact-solution" label={text.get("entry-solution")} value={content.solution.clone()}
                hint={text.get("solution-hint")} most={Some(WORDS_MAX_CHARS)}
                on_input={props.draft.setter(|content: &mut ContactDraft, words| content.solution = words)} />
        </section>
    }
}

/// How content the customer is.
#[component]
pub(super) fn SatisfactionPart(props: &PartProps) -> Html {
    let text = use_text();
    let choices = Satisfaction::ALL
        .iter()
        .map(|one| Choice::new(one.key(), text.coded("satisfaction", one.key())))
        .collect::<Vec<_>>();
    let chosen = props.draft.content().satisfaction;
    html! {
        <Chips name="contact-satisfaction" label={text.get("entry-satisfaction")} {choices}
            chosen={chosen.map(|one| AttrValue::from(one.key()))}
            on_choose={props.draft.setter(|content: &mut ContactDraft, key: AttrValue| {
                content.satisfaction = Satisfaction::from_key(&key);
            })} />
    }
}
