//! Issues 服务问题, each from complaint through promise and solution to satisfaction.

use floorbook_shared::document::command::Edit;
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::entry::{Entry, EntryField, EntryKind, IssueState};
use floorbook_shared::time::days_between;
use floorbook_shared::view::card::Conflict;
use yew::prelude::*;

use super::CardServiceProps;
use crate::screen::components::{Saving, Toggles};
use crate::screen::hooks::{use_day, use_run, use_text};
use crate::screen::pages::conflict::EntryConflicts;
use crate::screen::pages::entry_form::{EntryForm, Part, satisfaction_choices, use_open_part};
use crate::screen::pages::entry_section::{EntrySection, EntryTools};
use crate::screen::when;

const KIND: EntryKind = EntryKind::Issue;
/// What is asked when somebody complains.
const COMPLAINT: Part = Part {
    name: "complaint",
    fields: &[EntryField::Issue, EntryField::Day],
};
/// What is promised about it.
const PROMISE: Part = Part {
    name: "promise",
    fields: &[EntryField::Promise, EntryField::PromisedFor],
};
/// What solved it.
const SOLUTION: Part = Part {
    name: "solution",
    fields: &[EntryField::Solution, EntryField::SolvedOn],
};
const PARTS: &[Part] = &[Part::whole(KIND), PROMISE, SOLUTION];

/// The issues of a card: what is open first, the newest first.
#[component]
pub fn Issues(props: &CardServiceProps) -> Html {
    let text = use_text();
    let issues = props.card.customer.entries(KIND);
    let mut sorted: Vec<&Entry> = issues.iter().collect();
    sorted.sort_by_key(|issue| {
        let is_closed = !issue.issue_state().is_open();
        (is_closed, std::cmp::Reverse(issue.day(EntryField::Day)))
    });
    let empty = issues
        .is_empty()
        .then(|| AttrValue::from(text.get("issues-empty")));
    html! {
        <EntrySection document={props.document} kind={KIND} part={COMPLAINT} title={text.get("issues")} add={text.get("issue-add")} {empty}>
            <ul class="entries">
                { for sorted.into_iter().map(|issue| html! {
                    <Issue key={issue.id.to_string()} document={props.document} issue={issue.clone()} conflicts={props.card.conflicts.clone()} />
                }) }
            </ul>
        </EntrySection>
    }
}

#[derive(PartialEq, Properties)]
struct IssueProps {
    document: DocumentId,
    issue: Entry,
    conflicts: Vec<Conflict>,
}

/// An issue with its steps; the next one is asked for.
#[component]
fn Issue(props: &IssueProps) -> Html {
    let (text, day, run) = (use_text(), use_day(), use_run());
    let (document, issue) = (props.document, &props.issue);
    let open = use_open_part(document, KIND, issue.id, PARTS);
    let show = |part: Part| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(Some(part)))
    };
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let form = |part: Part| html! { <EntryForm {document} kind={KIND} entry={issue.clone()} {part} on_close={on_close.clone()} /> };
    let state = issue.issue_state();
    let near = |field| {
        let date = issue.day(field);
        date.map(|date| when::near_day(date, day.today, &text))
    };
    let is_solved = matches!(
        state,
        IssueState::Solved | IssueState::Dissatisfied | IssueState::Closed
    );
    let late = issue.day(EntryField::PromisedFor).filter(|_| !is_solved);
    let late = late.map_or(0, |until| days_between(until, day.today));
    let satisfy = {
        let (run, entry) = (run.clone(), issue.id);
        Callback::from(move |chosen: Option<AttrValue>| {
            let edits = vec![Edit::SetEntry {
                kind: KIND,
                entry,
                field: EntryField::Satisfaction,
                value: chosen.map(|chosen| chosen.to_string()).unwrap_or_default(),
            }];
            run.set(document, edits);
        })
    };
    let step = |is_done: bool, name: String, content: Html| {
        html! {
            <li class={classes!("flow-step", is_done.then_some("is-done"))}>
                <span class="flow-name">{ name }</span>
                <div class="flow-content">{ content }</div>
            </li>
        }
    };
    let (promise, solution) = (
        issue.text(EntryField::Promise),
        issue.text(EntryField::Solution),
    );
    let promised = if *open == Some(PROMISE) {
        form(PROMISE)
    } else if promise.is_empty() {
        html! { <button type="button" class={classes!("button", (state == IssueState::Open).then_some("primary"))} onclick={show(PROMISE)}>{ text.get("issue-promise") }</button> }
    } else {
        html! {
            <p>
                { promise }
                if let Some(until) = near(EntryField::PromisedFor) {
                    <span class="quiet">{ " · " }{ text.get_with("issue-until", [("day", until.into())]) }</span>
                }
                if late > 0 { <span class="late">{ " " }{ text.get_with("late-days", [("count", late.into())]) }</span> }
            </p>
        }
    };
    let solved = if *open == Some(SOLUTION) {
        form(SOLUTION)
    } else if is_solved {
        html! {
            <p>{ solution }if let Some(on) = near(EntryField::SolvedOn) { <span class="quiet">{ " · " }{ on }</span> }</p>
        }
    } else {
        html! { <button type="button" class={classes!("button", (state == IssueState::Promised).then_some("primary"))} onclick={show(SOLUTION)}>{ text.get("issue-solve") }</button> }
    };
    let content = html! {
        <Toggles label={text.coded("entry", EntryField::Satisfaction.key())} is_label_hidden=true choices={satisfaction_choices(&text)}
            chosen={Some(AttrValue::from(issue.text(EntryField::Satisfaction).to_owned()))} on_choose={satisfy} />
    };
    let has_answer = !issue.text(EntryField::Satisfaction).is_empty();
    html! {
        <li class={classes!("entry", (!state.is_open()).then_some("is-past"))} data-issue={state.key()}>
            if *open == Some(Part::whole(KIND)) {
                { form(Part::whole(KIND)) }
            } else {
                <div class="entry-head">
                    <h3>{ issue.text(EntryField::Issue) }</h3>
                    <span class={format!("state state-{}", state.key())}>{ text.coded("issue-state", state.key()) }</span>
                    <EntryTools {document} kind={KIND} entry={issue.id} name={issue.text(EntryField::Issue).to_owned()}
                        on_edit={let open = open.clone(); move |()| open.set(Some(Part::whole(KIND)))} />
                </div>
                <EntryConflicts {document} conflicts={props.conflicts.clone()} kind={KIND} entry={issue.id} />
                <ol class="flow">
                    { step(true, text.get("issue-complaint"), html! { <p>{ near(EntryField::Day).unwrap_or_default() }</p> }) }
                    { step(!promise.is_empty(), text.coded("entry", EntryField::Promise.key()), promised) }
                    { step(is_solved, text.coded("entry", EntryField::Solution.key()), solved) }
                    if is_solved || has_answer {
                        { step(state == IssueState::Closed, text.coded("entry", EntryField::Satisfaction.key()), content) }
                    }
                </ol>
                if state == IssueState::Dissatisfied { <p class="advice is-warning">{ text.get("issue-again") }</p> }
                <Saving problem={run.problem()} />
            }
        </li>
    }
}
