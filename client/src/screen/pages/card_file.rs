//! 资料: what is known about the customer, by section, each editable in place.

mod catalogue;
mod consents;
mod disputed;
mod fact;
mod family;
mod quality;
mod unverified;

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::catalogue::{Category, field_of};
use floorbook_shared::record::customer::{Class, CustomerField};
use floorbook_shared::record::source::source_of;
use floorbook_shared::rules::is_mark;
use floorbook_shared::time::Date;
use floorbook_shared::view::card::{CardView, ConflictPlace};
use yew::prelude::*;

use catalogue::Catalogue;
pub use catalogue::{label_of, value_of};
use consents::Consents;
use disputed::Disputed;
use fact::FactShown;
use family::Family;
use quality::QualityShown;
use unverified::Unverified;

use crate::screen::components::{Icon, Picture};
use crate::screen::hooks::{use_day, use_link, use_text};
use crate::screen::pages::card_section::{SectionForm, draft_key};
use crate::screen::pages::conflict::{ConflictBox, of_field};
use crate::screen::text::Text;
use crate::screen::when;

/// A section of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// How to reach them.
    Reach,
    /// Where they live.
    Address,
    /// Who they are.
    Basics,
    /// Free notes.
    Remarks,
}

impl Section {
    const ALL: [Self; 4] = [Self::Reach, Self::Address, Self::Basics, Self::Remarks];

    /// The name of the section in keys and in the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reach => "reach",
            Self::Address => "address",
            Self::Basics => "basics",
            Self::Remarks => "remarks",
        }
    }

    /// The heading.
    pub fn title(self, text: &Text) -> String {
        match self {
            Self::Reach => text.get("section-reach"),
            Self::Address => text.get("section-address"),
            Self::Basics => text.get("section-basics"),
            Self::Remarks => text.get("remarks"),
        }
    }

    /// The fields that can be edited.
    pub const fn fields(self) -> &'static [CustomerField] {
        match self {
            Self::Reach => &[CustomerField::Wechat, CustomerField::Email],
            Self::Address => &[
                CustomerField::Province,
                CustomerField::City,
                CustomerField::District,
                CustomerField::Compound,
                CustomerField::Street,
                CustomerField::Unit,
                CustomerField::Floor,
                CustomerField::Lift,
                CustomerField::Region,
                CustomerField::RouteOrder,
            ],
            Self::Basics => &[
                CustomerField::Name,
                CustomerField::Kind,
                CustomerField::Source,
                CustomerField::FirstVisit,
            ],
            Self::Remarks => &[],
        }
    }

    /// The fields that are shown besides.
    const fn fixed_fields(self) -> &'static [CustomerField] {
        match self {
            Self::Basics => &[
                CustomerField::Class,
                CustomerField::Number,
                CustomerField::OpenedOn,
                CustomerField::EarlierContact,
            ],
            Self::Reach | Self::Address | Self::Remarks => &[],
        }
    }
}

/// A form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormOf {
    /// Of a section.
    Section(Section),
    /// Of a category of the catalogue.
    Category(Category),
}

/// Properties of [`CardFile`].
#[derive(PartialEq, Properties)]
pub struct CardFileProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
    /// Called when purchases are to be noted.
    pub on_purchases: Callback<()>,
}

/// The file of a card.
#[component]
pub fn CardFile(props: &CardFileProps) -> Html {
    let text = use_text();
    let (document, card) = (props.document, &props.card);
    // The form that was asked for last; others may stand open beside it.
    let asked = use_state_eq(|| None::<FormOf>);
    let on_ask = {
        let asked = asked.clone();
        Callback::from(move |form| asked.set(form))
    };
    let category = match *asked {
        Some(FormOf::Category(category)) => Some(category),
        Some(FormOf::Section(_)) | None => None,
    };
    let others = card.customer.facts.iter();
    let others: Vec<_> = others
        .filter(|(name, fact)| is_other(name) && !fact.value.trim().is_empty())
        .collect();
    html! {
        <div class="file">
            <QualityShown card={card.clone()} on_ask={on_ask.clone()} on_purchases={props.on_purchases.clone()} />
            <Unverified {document} card={card.clone()} />
            <Disputed {document} card={card.clone()} />
            { for Section::ALL.into_iter().map(|section| {
                let is_asked = *asked == Some(FormOf::Section(section));
                html! {
                    <SectionShown key={section.name()} {document} card={card.clone()} {section} {is_asked} on_ask={on_ask.clone()} />
                }
            }) }
            <Family {document} card={card.clone()} />
            <Catalogue {document} card={card.clone()} editing={category} on_edit={on_ask.reform(|category: Option<Category>| category.map(FormOf::Category))} />
            <Consents {document} card={card.clone()} />
            if !others.is_empty() {
                <section class="file-section" aria-labelledby="section-facts">
                    <header><h2 id="section-facts">{ text.get("section-facts") }</h2></header>
                    <dl class="facts">
                        { for others.into_iter().map(|(name, fact)| html! {
                            <FactShown key={name.clone()} {document} name={name.clone()} label={name.clone()}
                                value={fact.value.clone()} fact={fact.clone()} conflict={fact::conflict_of(name, card)} />
                        }) }
                    </dl>
                </section>
            }
        </div>
    }
}

/// Whether a fact is in no section of its own.
fn is_other(name: &str) -> bool {
    !is_mark(name) && field_of(name).is_none()
}

#[derive(PartialEq, Properties)]
struct SectionShownProps {
    document: DocumentId,
    card: Rc<CardView>,
    section: Section,
    /// Whether someone asked for its form just now.
    is_asked: bool,
    on_ask: Callback<Option<FormOf>>,
}

/// A section: its values, or its form while it is edited.
#[component]
fn SectionShown(props: &SectionShownProps) -> Html {
    let (text, day, link) = (use_text(), use_day(), use_link());
    let (document, section) = (props.document, props.section);
    let is_editing = {
        // A half-typed edit comes back with the card.
        let has_draft = link.draft(&draft_key(document, section)).is_some();
        use_state(move || has_draft)
    };
    let edit = {
        let is_editing = is_editing.clone();
        Callback::from(move |_: MouseEvent| is_editing.set(true))
    };
    {
        let is_editing = is_editing.clone();
        use_effect_with(props.is_asked, move |is_asked| {
            if *is_asked {
                is_editing.set(true);
            }
        });
    }
    let on_close = {
        let (is_editing, on_ask) = (is_editing.clone(), props.on_ask.clone());
        Callback::from(move |()| {
            is_editing.set(false);
            on_ask.emit(None);
        })
    };
    let title = section.title(&text);
    let heading = format!("section-{}", section.name());
    let customer = &props.card.customer;
    let conflicts = &props.card.conflicts;
    let field = |field: CustomerField| {
        let value = customer.field(field);
        let conflict = of_field(conflicts, field).cloned();
        html! {
            <>
                <dt>{ text.coded("field", field.key()) }</dt>
                <dd data-field={field.key()}>
                    if value.is_empty() { <span class="quiet">{ "—" }</span> }
                    else { { shown_value(field, value, Some(day.today), &text) } }
                    if let Some(conflict) = conflict { <ConflictBox {document} {conflict} /> }
                </dd>
            </>
        }
    };
    html! {
        <section class="file-section" aria-labelledby={heading.clone()} data-section={section.name()}>
            <header>
                <h2 id={heading}>{ &title }</h2>
                if !*is_editing {
                    <button type="button" class="button quiet-button" onclick={edit}
                        aria-label={text.get_with("edit-section", [("section", title.as_str().into())])}>
                        <Icon picture={Picture::Write} />{ text.get("edit") }
                    </button>
                }
            </header>
            if *is_editing {
                <SectionForm {document} card={props.card.clone()} {section} is_asked={props.is_asked} {on_close} />
            } else if section == Section::Remarks {
                if customer.remarks.is_empty() { <p class="quiet">{ text.get("remarks-empty") }</p> }
                else { <p class="remarks">{ &customer.remarks }</p> }
            } else {
                <dl class="facts">
                    if section == Section::Reach {
                        <dt>{ text.get("phones") }</dt>
                        <dd>
                            if customer.phones.is_empty() { <span class="quiet">{ "—" }</span> }
                            { for customer.phones.iter().map(|phone| {
                                let place = ConflictPlace::Phone(phone.id);
                                let conflict = conflicts.iter().find(|one| one.at == place).cloned();
                                html! {
                                    <div key={phone.id.to_string()} class="phone-line">
                                        <span class="number">{ &phone.number }</span>
                                        if !phone.label.is_empty() { <span class="quiet">{ " " }{ &phone.label }</span> }
                                        if let Some(conflict) = conflict { <ConflictBox {document} {conflict} /> }
                                    </div>
                                }
                            }) }
                        </dd>
                    }
                    { for section.fields().iter().chain(section.fixed_fields()).copied().map(field) }
                </dl>
            }
        </section>
    }
}

/// A value as people read it: days and kinds in words, everything else as it is.
pub fn shown_value(field: CustomerField, value: &str, today: Option<Date>, text: &Text) -> String {
    match field {
        CustomerField::Kind => text.coded("kind", value),
        CustomerField::Class => value.parse::<Class>().map_or_else(
            |_| value.to_owned(),
            |class| text.coded("class", class.letter()),
        ),
        CustomerField::FirstVisit | CustomerField::EarlierContact | CustomerField::OpenedOn => {
            match (value.parse::<Date>(), today) {
                (Ok(date), Some(today)) => when::day(date, today, text),
                (Ok(date), None) => when::day(date, date, text),
                (Err(_), _) => value.to_owned(),
            }
        }
        CustomerField::Number
        | CustomerField::Name
        | CustomerField::Wechat
        | CustomerField::Email
        | CustomerField::Province
        | CustomerField::City
        | CustomerField::District
        | CustomerField::Street
        | CustomerField::Compound
        | CustomerField::Unit
        | CustomerField::Floor
        | CustomerField::Region
        | CustomerField::RouteOrder
        | CustomerField::Referrer
        | CustomerField::ReferrerCard => value.to_owned(),
        CustomerField::Lift => text.coded("answer", value),
        CustomerField::Source => source_words(value, text),
    }
}

/// A source in the language of the words, where it is one of those that are offered: a card holds the
/// Chinese ones.
pub fn source_words(words: &str, text: &Text) -> String {
    let known = source_of(words).map(|source| source.words);
    known
        .map_or(words, |known| text.either(known.chinese, known.english))
        .to_owned()
}
