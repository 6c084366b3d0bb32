//! What is known beyond the fields of every card: a section for each category of the catalogue.

use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::document::command::Edit;
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::catalogue::{self, CatalogueField, Category, Input};
use floorbook_shared::record::customer::{
    Customer, CustomerField, CustomerKind, FIELD_MAX_CHARS, Fact, FactSource,
};
use floorbook_shared::record::known_fact::KnownFact;
use floorbook_shared::time::Date;
use floorbook_shared::view::card::CardView;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use super::fact::{FactShown, conflict_of};
use crate::screen::components::{Choice, EditForm, Field, Icon, Picture, SuggestedField};
use crate::screen::hooks::{Draft, use_app, use_day, use_draft, use_link, use_text};
use crate::screen::pages::birthday_words::birthday_words;
use crate::screen::pages::conflict::keeps_sensitive;
use crate::screen::platform;
use crate::screen::text::{Language, Text};

/// The label of a field in the language of the words.
pub fn label_of(field: &CatalogueField, text: &Text) -> &'static str {
    match text.language() {
        Language::Chinese => field.chinese,
        Language::English => field.english,
    }
}

/// A value in the language of the words, where it is one of the choices.
pub fn value_of(field: &CatalogueField, value: &str, text: &Text) -> String {
    let choices = field.input.choices();
    if text.language() == Language::Chinese || choices.is_empty() {
        return value.to_owned();
    }
    let parts = catalogue::parts(value).map(|part| {
        let known = choices.iter().find(|choice| choice.chinese == part);
        known.map_or(part, |choice| choice.english)
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// The categories that a customer's file has.
pub fn categories_of(customer: &Customer) -> impl Iterator<Item = Category> {
    let key = customer.field(CustomerField::Kind);
    let kind = CustomerKind::ALL.into_iter().find(|kind| kind.key() == key);
    let all = Category::ALL.into_iter();
    all.filter(move |category| category.is_for(kind))
}

/// The fields of a category that are asked for. Sensitive ones are off unless they are kept.
pub fn fields_of(
    category: Category,
    with_sensitive: bool,
) -> impl Iterator<Item = &'static CatalogueField> {
    let fields = catalogue::fields();
    fields
        .filter(move |field| field.category == category && (with_sensitive || !field.is_sensitive))
}

/// The key under which a half-typed category is kept.
fn draft_key(document: DocumentId, category: Category) -> String {
    format!("category/{document}/{}", category.key())
}

/// Properties of [`Catalogue`].
#[derive(PartialEq, Properties)]
pub struct CatalogueProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
    /// The category whose form is open.
    pub editing: Option<Category>,
    /// Opens the form of a category, or closes it.
    pub on_edit: Callback<Option<Category>>,
}

/// The categories of which something is known, and the ways to the others.
#[component]
pub fn Catalogue(props: &CatalogueProps) -> Html {
    let (text, link, app) = (use_text(), use_link(), use_app());
    let customer = &props.card.customer;
    let with_sensitive = keeps_sensitive(customer, &app);
    let is_shown = |category: &Category| {
        let is_known =
            fields_of(*category, with_sensitive).any(|field| field.on(customer).is_some());
        // A half-typed form comes back with the card.
        let is_begun = link.draft(&draft_key(props.document, *category)).is_some();
        is_known || is_begun || props.editing == Some(*category)
    };
    let (shown, unknown): (Vec<Category>, Vec<Category>) =
        categories_of(customer).partition(is_shown);
    html! {
        <>
            { for shown.into_iter().map(|category| {
                let is_begun = link.draft(&draft_key(props.document, category)).is_some();
                html! {
                    <CategoryShown key={category.key()} document={props.document} card={props.card.clone()} {category} {with_sensitive}
                        is_editing={is_begun || props.editing == Some(category)}
                        is_asked={props.editing == Some(category)} on_edit={props.on_edit.clone()} />
                }
            }) }
            if !unknown.is_empty() {
                <section class="file-section" aria-labelledby="section-unknown">
                    <header><h2 id="section-unknown">{ text.get("section-unknown") }</h2></header>
                    <div class="chips-row">
                        { for unknown.into_iter().map(|category| {
                            let onclick = props.on_edit.reform(move |_: MouseEvent| Some(category));
                            html! {
                                <button key={category.key()} type="button" class="chip-button" {onclick}>
                                    <Icon picture={Picture::Add} />{ text.coded("category", category.key()) }
                                </button>
                            }
                        }) }
                    </div>
                </section>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct CategoryShownProps {
    document: DocumentId,
    card: Rc<CardView>,
    category: Category,
    with_sensitive: bool,
    is_editing: bool,
    is_asked: bool,
    on_edit: Callback<Option<Category>>,
}

#[component]
fn CategoryShown(props: &CategoryShownProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let (category, with_sensitive) = (props.category, props.with_sensitive);
    let title = text.coded("category", category.key());
    let heading = format!("category-{}", category.key());
    let edit = props.on_edit.reform(move |_: MouseEvent| Some(category));
    html! {
        <section class="file-section" aria-labelledby={heading.clone()} data-section={category.key()}>
            <header>
                <h2 id={heading}>{ &title }</h2>
                if !props.is_editing {
                    <button type="button" class="button quiet-button" onclick={edit}
                        aria-label={text.get_with("edit-section", [("section", title.as_str().into())])}>
                        <Icon picture={Picture::Write} />{ text.get("edit") }
                    </button>
                }
            </header>
            if props.is_editing {
                <CategoryForm document={props.document} card={props.card.clone()} {category} {with_sensitive} is_asked={props.is_asked}
                    on_close={props.on_edit.reform(|()| None)} />
            } else {
                <dl class="facts">
                    { for fields_of(category, with_sensitive).filter_map(|field| {
                        let fact = field.on(&props.card.customer)?;
                        let note = birthday_note(field, &fact.value, day.today, &text);
                        Some(html! {
                            <FactShown key={field.key} document={props.document} name={field.key} label={label_of(field, &text)}
                                value={value_of(field, &fact.value, &text)} fact={fact.clone()} {note} conflict={conflict_of(field.key, &props.card)} />
                        })
                    }) }
                </dl>
            }
        </section>
    }
}

/// The half-typed category: what stood there when the form opened, and what stands there now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct CategoryDraft {
    before: BTreeMap<String, String>,
    values: BTreeMap<String, String>,
}

impl CategoryDraft {
    fn of(customer: &Customer, category: Category, with_sensitive: bool) -> Self {
        let values: BTreeMap<String, String> = fields_of(category, with_sensitive)
            .map(|field| {
                let fact = field.on(customer);
                let value = fact.map_or("", |fact| fact.value.as_str());
                (field.key.to_owned(), value.to_owned())
            })
            .collect();
        Self {
            before: values.clone(),
            values,
        }
    }

    /// What was changed here, as seen or heard by the consultant.
    fn edits(&self) -> Vec<Edit> {
        let changed = self.values.iter().filter(|(key, value)| {
            let before = self.before.get(*key).map_or("", String::as_str);
            before.trim() != value.trim()
        });
        let edits = changed.map(|(key, value)| Edit::SetFact {
            name: key.clone(),
            fact: Fact {
                value: value.trim().to_owned(),
                source: FactSource::Consultant,
                at: platform::now(),
            },
        });
        edits.collect()
    }
}

#[derive(PartialEq, Properties)]
struct CategoryFormProps {
    document: DocumentId,
    card: Rc<CardView>,
    category: Category,
    with_sensitive: bool,
    /// Whether someone asked for it just now: then the focus goes there.
    is_asked: bool,
    on_close: Callback<()>,
}

/// The form of a category: saves only what was changed here.
#[component]
fn CategoryForm(props: &CategoryFormProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let (document, category) = (props.document, props.category);
    let with_sensitive = props.with_sensitive;
    let draft = {
        let card = props.card.clone();
        use_draft(draft_key(document, category), move || {
            CategoryDraft::of(&card.customer, category, with_sensitive)
        })
    };
    html! {
        <EditForm<CategoryDraft> {document} draft={draft.clone()} edits={Callback::from(|draft: CategoryDraft| draft.edits())}
            on_close={props.on_close.clone()}>
            { for fields_of(category, with_sensitive).enumerate().map(|(place, field)| {
                control(field, place == 0 && props.is_asked, &draft, day.today, &text)
            }) }
        </EditForm<CategoryDraft>>
    }
}

/// How a birthday was read, and when it is kept next.
fn birthday_note(
    field: &CatalogueField,
    value: &str,
    today: Date,
    text: &Text,
) -> Option<AttrValue> {
    if field.key != KnownFact::Birthday.key() {
        return None;
    }
    birthday_words(value, today, text).map(AttrValue::from)
}

fn control(
    field: &'static CatalogueField,
    is_first: bool,
    draft: &Draft<CategoryDraft>,
    today: Date,
    text: &Text,
) -> Html {
    let content = draft.content();
    let value = content.values.get(field.key).cloned().unwrap_or_default();
    let label = label_of(field, text);
    let id = format!("fact-{}", field.key);
    let on_input = draft.setter(move |content: &mut CategoryDraft, value: String| {
        content.values.insert(field.key.to_owned(), value);
    });
    let most = Some(FIELD_MAX_CHARS);
    let choices = field.input.choices();
    if choices.is_empty() {
        let (kind, input_mode) = match field.input {
            Input::Number => ("text", Some(AttrValue::from("numeric"))),
            // A day that was imported in other words stays readable and is corrected as words.
            Input::Date if value.is_empty() || value.parse::<Date>().is_ok() => ("date", None),
            Input::Date | Input::Line | Input::OneOf(_) | Input::SomeOf(_) => ("text", None),
        };
        let is_birthday = field.key == KnownFact::Birthday.key();
        let hint = birthday_note(field, &value, today, text)
            .or_else(|| is_birthday.then(|| text.get("birthday-hint").into()));
        return html! { <Field key={field.key} {id} {label} {value} {kind} {input_mode} {on_input} {most} {is_first} {hint} /> };
    }
    let choices = choices.iter().map(|choice| {
        let words = match text.language() {
            Language::Chinese => choice.chinese,
            Language::English => choice.english,
        };
        Choice::new(choice.chinese, words)
    });
    let are_several = matches!(field.input, Input::SomeOf(_));
    html! {
        <SuggestedField key={field.key} {id} {label} {value} choices={choices.collect::<Vec<_>>()} {are_several} {on_input} {most} {is_first} />
    }
}
