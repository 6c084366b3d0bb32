//! The form of an entry, or of one step of it: each field by what it holds.

use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::contact::Satisfaction;
use floorbook_shared::record::entry::{
    Entry, EntryField, EntryKind, FieldSort, LINE_MAX_CHARS, WORDS_MAX_CHARS,
};
use floorbook_shared::record::material::Material;
use floorbook_shared::time::Date;
use yew::prelude::*;

use crate::screen::components::{Choice, EditForm, Field, SuggestedField, Toggles};
use crate::screen::entry_draft::{DraftProblem, EntryDraft};
use crate::screen::hooks::{Draft, use_day, use_draft, use_link, use_text};
use crate::screen::pages::birthday_words::birthday_words;
use crate::screen::pages::entry_words::{entry_label, offered_to};
use crate::screen::platform;
use crate::screen::text::Text;
use crate::screen::when::{plus_days, plus_months};

/// The part of an entry that a form is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Names the part in the page and in the key of its draft.
    pub name: &'static str,
    /// Its fields; the form can't be saved without the first.
    pub fields: &'static [EntryField],
}

impl Part {
    /// All of an entry.
    pub const fn whole(kind: EntryKind) -> Self {
        Self {
            name: "all",
            fields: kind.fields(),
        }
    }
}

/// The key under which a half-typed entry of a card is kept; without an entry, that of a new one.
pub fn draft_key(
    document: DocumentId,
    kind: EntryKind,
    entry: Option<EntryId>,
    part: Part,
) -> String {
    let entry = entry.map_or_else(|| "new".to_owned(), |entry| entry.to_string());
    format!("entry/{document}/{}/{entry}/{}", kind.key(), part.name)
}

/// The part of an entry whose form is open; a half-typed one comes back with the card.
#[hook]
pub fn use_open_part(
    document: DocumentId,
    kind: EntryKind,
    entry: EntryId,
    parts: &'static [Part],
) -> UseStateHandle<Option<Part>> {
    let link = use_link();
    use_state_eq(move || {
        let is_begun = |part: &Part| {
            let key = draft_key(document, kind, Some(entry), *part);
            link.draft(&key).is_some()
        };
        parts.iter().copied().find(is_begun)
    })
}

/// Properties of [`EntryForm`].
#[derive(PartialEq, Properties)]
pub struct EntryFormProps {
    /// The card.
    pub document: DocumentId,
    /// What the entry is about.
    pub kind: EntryKind,
    /// The entry; none for a new one.
    #[prop_or_default]
    pub entry: Option<Entry>,
    /// What of it.
    pub part: Part,
    /// Called when the form is to be closed.
    pub on_close: Callback<()>,
}

/// The form; the focus goes into its first field.
#[component]
pub fn EntryForm(props: &EntryFormProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let (document, kind, part) = (props.document, props.kind, props.part);
    let id = props.entry.as_ref().map(|entry| entry.id);
    let draft = {
        let entry = props.entry.clone();
        use_draft(draft_key(document, kind, id, part), move || {
            // Made when the form opens: two taps make one entry.
            let new = id.unwrap_or_else(platform::new_entry);
            let mut draft = EntryDraft::of(kind, new, entry.as_ref(), part.fields);
            // Things are noted on the day on which they happen, mostly.
            let is_dated = entry.is_none() || part != Part::whole(kind);
            let dated = [EntryField::Day, EntryField::GivenOn, EntryField::SolvedOn];
            for field in dated {
                if is_dated && part.fields.contains(&field) && !is_later_step(kind, field, part) {
                    draft.propose(field, day.today.to_string());
                }
            }
            draft
        })
    };
    let content = draft.content();
    let missing = content.problem().map(|problem| match problem {
        DraftProblem::Missing(field) => text.get_with(
            "missing-field",
            [("field", entry_label(kind, field, &text).into())],
        ),
        DraftProblem::Amount(_) => text.get("amount-unread"),
    });
    let name = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    let prefix = format!("{}-{name}-{}", kind.key(), part.name);
    html! {
        <EditForm<EntryDraft> {document} draft={draft.clone()} {missing} on_close={props.on_close.clone()}
            edits={Callback::from(|draft: EntryDraft| draft.edits())}>
            <div class="entry-fields">
                { for part.fields.iter().enumerate().map(|(place, field)| {
                    control(kind, *field, format!("{prefix}-{}", field.key()), place == 0, &draft, day.today, &text)
                }) }
            </div>
        </EditForm<EntryDraft>>
    }
}

/// Whether a field of a new entry belongs to a step that comes later: what is complained about today
/// was not solved today.
fn is_later_step(kind: EntryKind, field: EntryField, part: Part) -> bool {
    part == Part::whole(kind) && field == EntryField::SolvedOn
}

fn control(
    kind: EntryKind,
    field: EntryField,
    id: String,
    is_first: bool,
    draft: &Draft<EntryDraft>,
    today: Date,
    text: &Text,
) -> Html {
    let content = draft.content();
    let value = content.text(field).to_owned();
    let label = entry_label(kind, field, text);
    let on_input = draft.setter(move |content: &mut EntryDraft, value| content.set(field, value));
    let key = field.key();
    let choose = on_input.reform(|value: Option<AttrValue>| {
        value.map(|value| value.to_string()).unwrap_or_default()
    });
    match field.sort() {
        FieldSort::Line => {
            if let Some(offered) = offered_to(field) {
                let choices = offered
                    .words
                    .iter()
                    .map(|(stored, code)| Choice::new(*stored, text.coded(offered.kind, code)));
                let choices = choices.collect::<Vec<_>>();
                return html! {
                    <SuggestedField {key} {id} {label} {value} {choices} are_several=false {on_input} most={Some(LINE_MAX_CHARS)} {is_first} />
                };
            }
            let hint = (field == EntryField::Birthday).then(|| birthday_hint(&value, today, text));
            html! { <Field {key} {id} {label} {value} {on_input} most={Some(LINE_MAX_CHARS)} {is_first} {hint} /> }
        }
        FieldSort::Words => html! {
            <div {key} class="wide-field"><Field {id} {label} {value} lines=2 {on_input} most={Some(WORDS_MAX_CHARS)} {is_first} /></div>
        },
        FieldSort::Day => html! {
            <div {key} class="day-field">
                <Field {id} label={label.clone()} {value} kind="date" on_input={on_input.clone()} {is_first} />
                { near_days(field, &content, today, &label, &on_input, text) }
            </div>
        },
        FieldSort::Cents => {
            let is_wrong = content.problem() == Some(DraftProblem::Amount(field));
            let problem = is_wrong.then(|| AttrValue::from(text.get("amount-unread")));
            html! {
                <Field {key} {id} {label} {value} input_mode="decimal" {on_input} most={Some(LINE_MAX_CHARS)} {is_first} {problem} hint={text.get("amount-hint")} />
            }
        }
        FieldSort::YesNo => {
            let choices =
                ["yes", "no"].map(|answer| Choice::new(answer, text.coded("answer", answer)));
            html! { <Toggles {key} {label} choices={choices.to_vec()} chosen={Some(AttrValue::from(value))} on_choose={choose} /> }
        }
        FieldSort::Satisfaction => html! {
            <Toggles {key} {label} choices={satisfaction_choices(text)} chosen={Some(AttrValue::from(value))} on_choose={choose} />
        },
        FieldSort::Material => {
            let choices = Material::ALL.iter().map(|material| {
                Choice::new(material.key(), text.coded("material", material.key()))
            });
            html! {
                <div {key} class="wide-field">
                    <Toggles {label} choices={choices.collect::<Vec<_>>()} chosen={Some(AttrValue::from(value))} on_choose={choose} />
                </div>
            }
        }
    }
}

/// How content a customer can be, as choices.
pub fn satisfaction_choices(text: &Text) -> Vec<Choice> {
    Satisfaction::ALL
        .iter()
        .map(|one| Choice::new(one.key(), text.coded("satisfaction", one.key())))
        .collect()
}

/// How a birthday was read, or how it can be written.
fn birthday_hint(value: &str, today: Date, text: &Text) -> AttrValue {
    birthday_words(value, today, text)
        .unwrap_or_else(|| text.get("birthday-hint"))
        .into()
}

/// The days that are often meant, as taps.
fn near_days(
    field: EntryField,
    content: &EntryDraft,
    today: Date,
    label: &str,
    on_input: &Callback<String>,
    text: &Text,
) -> Html {
    let counted = |key: &str, counts: &[i32], of: fn(Date, i32) -> Date, from: Date| {
        let days = counts.iter().map(|count| {
            let words = text.get_with(key, [("count", (*count).into())]);
            (words, of(from, *count))
        });
        days.collect::<Vec<_>>()
    };
    let years: fn(Date, i32) -> Date = |from, count| plus_months(from, count * 12);
    // What is delivered is used from then on.
    let begin = [EntryField::DeliveredOn, EntryField::Day]
        .into_iter()
        .find_map(|field| content.text(field).parse().ok())
        .unwrap_or(today);
    let offered = if field == EntryField::WarrantyUntil {
        counted("years-count", &[1, 2, 3, 5], years, begin)
    } else if field == EntryField::ReplaceFrom {
        counted("years-count", &[5, 8, 10], years, begin)
    } else if field == EntryField::PromisedFor {
        let mut days = vec![(text.get("date-tomorrow"), plus_days(today, 1))];
        days.extend(counted("in-days-count", &[3, 7], plus_days, today));
        days
    } else if field == EntryField::ExpectedOn {
        counted("in-months-count", &[1, 3, 6], plus_months, today)
    } else {
        vec![(text.get("date-today"), today)]
    };
    let now = content.text(field);
    html! {
        <div class="chips-row" role="group" aria-label={label.to_owned()}>
            { for offered.into_iter().map(|(words, date)| {
                let date = date.to_string();
                let is_chosen = now == date;
                let onclick = on_input.reform(move |_: MouseEvent| if is_chosen { String::new() } else { date.clone() });
                html! { <button key={words.clone()} type="button" class="chip-button" aria-pressed={is_chosen.to_string()} {onclick}>{ words }</button> }
            }) }
        </div>
    }
}
