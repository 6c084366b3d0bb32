//! 意向: what the customer wants to buy, and whether there are money, authority and need (MAN).

use std::rc::Rc;

use floorbook_shared::document::command::Edit;
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::entry::{Entry, EntryField, EntryKind};
use floorbook_shared::rules::qualification::Qualification;
use floorbook_shared::time::days_between;
use floorbook_shared::view::card::{CardView, Conflict};
use yew::prelude::*;

use crate::screen::components::{Choice, Empty, Saving, Toggles};
use crate::screen::hooks::{use_day, use_run, use_text};
use crate::screen::pages::conflict::EntryConflicts;
use crate::screen::pages::entry_form::{EntryForm, Part, use_open_part};
use crate::screen::pages::entry_section::{EntrySection, EntryTools};
use crate::screen::pages::entry_words::entry_value;
use crate::screen::text::Text;
use crate::screen::when;

const KIND: EntryKind = EntryKind::Intention;
/// What is asked about a new wish; the rest is tapped when it is known.
const WISH: Part = Part {
    name: "wish",
    fields: &[
        EntryField::Wish,
        EntryField::Day,
        EntryField::ExpectedOn,
        EntryField::About,
    ],
};
/// How it ended.
const END: Part = Part {
    name: "end",
    fields: &[EntryField::Ended],
};
const PARTS: &[Part] = &[WISH, END];
/// The questions of the qualification, in the order of its letters.
const QUESTIONS: [EntryField; 3] = [EntryField::Money, EntryField::Authority, EntryField::Need];

/// Properties of [`CardIntentions`].
#[derive(PartialEq, Properties)]
pub struct CardIntentionsProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
}

/// The intentions of a card: open ones first, the one that is expected first on top.
#[component]
pub fn CardIntentions(props: &CardIntentionsProps) -> Html {
    let text = use_text();
    let mut intentions: Vec<&Entry> = props.card.customer.entries(KIND).iter().collect();
    intentions.sort_by_key(|intention| {
        let expected = intention.day(EntryField::ExpectedOn);
        (
            !intention.text(EntryField::Ended).is_empty(),
            expected.is_none(),
            expected,
        )
    });
    let is_empty = intentions.is_empty();
    html! {
        <div class="file">
            <EntrySection document={props.document} kind={KIND} part={WISH} title={text.get("intentions")} add={text.get("intention-add")}>
                if is_empty {
                    <Empty title={text.get("intentions-empty")} advice={text.get("intentions-empty-advice")} />
                }
                <ul class="entries">
                    { for intentions.into_iter().map(|intention| html! {
                        <Intention key={intention.id.to_string()} document={props.document} intention={intention.clone()}
                            conflicts={props.card.conflicts.clone()} />
                    }) }
                </ul>
            </EntrySection>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct IntentionProps {
    document: DocumentId,
    intention: Entry,
    conflicts: Vec<Conflict>,
}

#[component]
fn Intention(props: &IntentionProps) -> Html {
    let (text, day, run) = (use_text(), use_day(), use_run());
    let (document, intention) = (props.document, &props.intention);
    let open = use_open_part(document, KIND, intention.id, PARTS);
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let form = |part: Part| html! { <EntryForm {document} kind={KIND} entry={intention.clone()} {part} on_close={on_close.clone()} /> };
    if *open == Some(WISH) {
        return html! { <li class="entry">{ form(WISH) }</li> };
    }
    let set = |field: EntryField| {
        let (run, entry) = (run.clone(), intention.id);
        Callback::from(move |value: Option<AttrValue>| {
            let edits = vec![Edit::SetEntry {
                kind: KIND,
                entry,
                field,
                value: value.map(|value| value.to_string()).unwrap_or_default(),
            }];
            run.set(document, edits);
        })
    };
    let wish = intention.text(EntryField::Wish).to_owned();
    let ended = intention.text(EntryField::Ended);
    let is_open = ended.is_empty();
    let near = |field| {
        let date = intention.day(field);
        date.map(|date| when::near_day(date, day.today, &text))
    };
    let late = intention.day(EntryField::ExpectedOn);
    let late = late.is_some_and(|expected| is_open && days_between(expected, day.today) > 0);
    html! {
        <li class={classes!("entry", (!is_open).then_some("is-past"))} data-intention={wish.clone()}>
            <div class="entry-head">
                <h3>{ &wish }</h3>
                if is_open {
                    if let Some(expected) = near(EntryField::ExpectedOn) {
                        <span class={if late { "late" } else { "amount" }}>{ text.get_with("intention-expected", [("day", expected.into())]) }</span>
                    }
                } else {
                    <span class="state state-closed">{ text.get_with("intention-ended", [("how", entry_value(EntryField::Ended, ended, &text).into())]) }</span>
                }
                <EntryTools {document} kind={KIND} entry={intention.id} name={wish.clone()}
                    on_edit={let open = open.clone(); move |()| open.set(Some(WISH))} />
            </div>
            <EntryConflicts {document} conflicts={props.conflicts.clone()} kind={KIND} entry={intention.id} />
            <p class="entry-facts quiet">
                if let Some(heard) = near(EntryField::Day) { <span>{ text.get_with("intention-heard", [("day", heard.into())]) }</span> }
            </p>
            if !intention.text(EntryField::About).is_empty() { <p class="entry-about">{ intention.text(EntryField::About) }</p> }
            if is_open {
                <div class="man">
                    { for QUESTIONS.into_iter().map(|field| {
                        let choices = ["yes", "no"].map(|answer| Choice::new(answer, text.coded("answer", answer)));
                        let chosen = Some(AttrValue::from(intention.text(field).to_owned()));
                        html! {
                            <div key={field.key()} class="man-question">
                                <Toggles label={text.coded("man", field.key())} choices={choices.to_vec()} {chosen} on_choose={set(field)} />
                            </div>
                        }
                    }) }
                </div>
            }
            { advice(intention, &text) }
            if *open == Some(END) {
                { form(END) }
            } else if is_open {
                <button type="button" class="button quiet-button" onclick={let open = open.clone(); move |_: MouseEvent| open.set(Some(END))}
                    aria-label={text.get_with("intention-end-name", [("name", wish.as_str().into())])}>{ text.get("intention-end") }</button>
            } else {
                <button type="button" class="button quiet-button" onclick={set(EntryField::Ended).reform(|_: MouseEvent| None)} disabled={run.is_saving()}
                    aria-label={text.get_with("intention-reopen-name", [("name", wish.as_str().into())])}>{ text.get("intention-reopen") }</button>
            }
            <Saving problem={run.problem()} />
        </li>
    }
}

/// The combination of the answers with what it asks for.
fn advice(intention: &Entry, text: &Text) -> Html {
    let Some(combination) = Qualification::of(intention) else {
        return html! { <p class="advice">{ text.get("qualification-none") }</p> };
    };
    let is_open = QUESTIONS
        .iter()
        .any(|field| intention.is_yes(*field).is_none());
    html! {
        <p class="advice" data-qualification={combination.key()}>
            <strong class="man-letters">{ combination.key() }</strong>
            <span>
                { text.coded("qualification", combination.key()) }
                if is_open { <span class="quiet">{ " " }{ text.get("qualification-open") }</span> }
            </span>
        </p>
    }
}
