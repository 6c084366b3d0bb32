//! The form of a section of the file: saves only what was changed here.

use std::collections::BTreeMap;
use std::rc::Rc;

use floorbook_shared::document::command::{Edit, NewPhone};
use floorbook_shared::id::{DocumentId, EntryId};
use floorbook_shared::record::customer::{
    Customer, CustomerField, CustomerKind, FIELD_MAX_CHARS, PHONES_MAX, REMARKS_MAX_CHARS,
};
use floorbook_shared::view::card::CardView;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::screen::components::{Chips, Choice, EditForm, Field, Icon, Picture, Toggles};
use crate::screen::hooks::{Draft, use_draft, use_text};
use crate::screen::pages::card_file::Section;
use crate::screen::platform;
use crate::screen::text::Text;

/// The half-typed section. `before` is what stood there when the form opened: what a colleague
/// changed since then stays, unless it was changed here too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SectionDraft {
    before: BTreeMap<CustomerField, String>,
    fields: BTreeMap<CustomerField, String>,
    phones: Vec<PhoneDraft>,
    remarks_before: String,
    remarks: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PhoneDraft {
    id: EntryId,
    /// The number before; none for a new phone.
    before: Option<String>,
    number: String,
    #[serde(default)]
    label_before: String,
    label: String,
    is_removed: bool,
}

impl PhoneDraft {
    fn edits(&self) -> Vec<Edit> {
        let (number, label) = (self.number.trim(), self.label.trim());
        let is_off = self.is_removed || number.is_empty();
        match &self.before {
            Some(_) if is_off => vec![Edit::RemovePhone { phone: self.id }],
            Some(before) => {
                let mut edits = Vec::new();
                if before != number {
                    edits.push(Edit::SetPhone {
                        phone: self.id,
                        number: number.to_owned(),
                    });
                }
                if self.label_before != label {
                    edits.push(Edit::LabelPhone {
                        phone: self.id,
                        label: label.to_owned(),
                    });
                }
                edits
            }
            None if is_off => Vec::new(),
            None => vec![Edit::AddPhone(NewPhone {
                id: self.id,
                number: number.to_owned(),
                label: label.to_owned(),
            })],
        }
    }
}

impl SectionDraft {
    fn of(customer: &Customer, section: Section) -> Self {
        let fields: BTreeMap<_, _> = section
            .fields()
            .iter()
            .map(|field| (*field, customer.field(*field).to_owned()))
            .collect();
        let phones = customer.phones.iter().filter(|_| section == Section::Reach);
        Self {
            before: fields.clone(),
            fields,
            phones: phones
                .map(|phone| PhoneDraft {
                    id: phone.id,
                    before: Some(phone.number.clone()),
                    number: phone.number.clone(),
                    label_before: phone.label.clone(),
                    label: phone.label.clone(),
                    is_removed: false,
                })
                .collect(),
            remarks_before: customer.remarks.clone(),
            remarks: customer.remarks.clone(),
        }
    }

    fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (field, value) in &self.fields {
            let value = value.trim();
            if self.before.get(field).map(String::as_str) != Some(value) {
                edits.push(Edit::SetField {
                    field: *field,
                    value: value.to_owned(),
                });
            }
        }
        for phone in &self.phones {
            edits.extend(phone.edits());
        }
        if self.remarks != self.remarks_before {
            edits.push(Edit::SetRemarks {
                text: self.remarks.clone(),
            });
        }
        edits
    }
}

/// The key under which the half-typed section of a card is kept.
pub fn draft_key(document: DocumentId, section: Section) -> String {
    format!("section/{document}/{}", section.name())
}

/// Properties of [`SectionForm`].
#[derive(PartialEq, Properties)]
pub struct SectionFormProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
    /// The section.
    pub section: Section,
    /// Whether someone asked for it just now: then the focus goes there.
    #[prop_or_default]
    pub is_asked: bool,
    /// Called when the form is to be closed.
    pub on_close: Callback<()>,
}

/// The form of a section.
#[component]
pub fn SectionForm(props: &SectionFormProps) -> Html {
    let text = use_text();
    let (document, section) = (props.document, props.section);
    let draft = {
        let card = props.card.clone();
        use_draft(draft_key(document, section), move || {
            SectionDraft::of(&card.customer, section)
        })
    };
    let content = draft.content();
    let name_is_missing = content
        .fields
        .get(&CustomerField::Name)
        .is_some_and(|name| name.trim().is_empty());
    let route = content.fields.get(&CustomerField::RouteOrder);
    let route_is_wrong = route.is_some_and(|place| !is_place(place));
    let missing = if name_is_missing {
        Some(text.get("missing-name"))
    } else {
        route_is_wrong.then(|| text.get("route-order-unread"))
    };
    html! {
        <EditForm<SectionDraft> {document} draft={draft.clone()} edits={Callback::from(|draft: SectionDraft| draft.edits())}
            {missing} on_close={props.on_close.clone()}>
            if section == Section::Reach { <Phones draft={draft.clone()} /> }
            { for section.fields().iter().enumerate().map(|(place, field)| field_control(*field, place == 0 && props.is_asked, &draft, &text)) }
            if section == Section::Remarks {
                <Field id="edit-remarks" label={text.get("remarks")} value={content.remarks.clone()} lines=6 is_first=true
                    most={Some(REMARKS_MAX_CHARS)} on_input={draft.setter(|content, remarks| content.remarks = remarks)} />
            }
        </EditForm<SectionDraft>>
    }
}

/// Whether it is a place in the order of a round, or none.
fn is_place(typed: &str) -> bool {
    typed.trim().is_empty() || typed.trim().parse::<u32>().is_ok()
}

fn field_control(
    field: CustomerField,
    is_first: bool,
    draft: &Draft<SectionDraft>,
    text: &Text,
) -> Html {
    let content = draft.content();
    let value = content.fields.get(&field).cloned().unwrap_or_default();
    let label = text.coded("field", field.key());
    if field == CustomerField::Kind {
        let choices = CustomerKind::ALL
            .into_iter()
            .map(|kind| Choice::new(kind.key(), text.coded("kind", kind.key())))
            .collect::<Vec<_>>();
        let choose = draft.setter(move |content: &mut SectionDraft, key: AttrValue| {
            content.fields.insert(field, key.to_string());
        });
        return html! {
            <Chips key={field.key()} name="edit-kind" {label} {choices} chosen={Some(AttrValue::from(value))} on_choose={choose} />
        };
    }
    if field == CustomerField::Lift {
        let choices = ["yes", "no"].map(|answer| Choice::new(answer, text.coded("answer", answer)));
        let choose = draft.setter(
            move |content: &mut SectionDraft, answer: Option<AttrValue>| {
                let answer = answer.map(|answer| answer.to_string());
                content.fields.insert(field, answer.unwrap_or_default());
            },
        );
        return html! {
            <Toggles key={field.key()} {label} choices={choices.to_vec()} chosen={Some(AttrValue::from(value))} on_choose={choose} />
        };
    }
    let (kind, input_mode) = match field {
        CustomerField::FirstVisit => ("date", None),
        CustomerField::Email => ("text", Some(AttrValue::from("email"))),
        CustomerField::Number
        | CustomerField::Name
        | CustomerField::Kind
        | CustomerField::Class
        | CustomerField::Wechat
        | CustomerField::Province
        | CustomerField::City
        | CustomerField::District
        | CustomerField::Street
        | CustomerField::Compound
        | CustomerField::Source
        | CustomerField::EarlierContact
        | CustomerField::OpenedOn
        | CustomerField::Unit
        | CustomerField::Lift
        | CustomerField::Region
        | CustomerField::Referrer
        | CustomerField::ReferrerCard => ("text", None),
        CustomerField::Floor | CustomerField::RouteOrder => {
            ("text", Some(AttrValue::from("numeric")))
        }
    };
    let on_input = draft.setter(move |content: &mut SectionDraft, value: String| {
        content.fields.insert(field, value);
    });
    let is_wrong = field == CustomerField::RouteOrder && !is_place(&value);
    let problem = is_wrong.then(|| AttrValue::from(text.get("route-order-unread")));
    html! {
        <Field key={field.key()} id={format!("edit-{}", field.key())} {label} {value} {kind} {input_mode} {on_input}
            most={Some(FIELD_MAX_CHARS)} {is_first} {problem} />
    }
}

#[derive(PartialEq, Properties)]
struct PhonesProps {
    draft: Draft<SectionDraft>,
}

/// The phones of the card: correct, add, take off.
#[component]
fn Phones(props: &PhonesProps) -> Html {
    let text = use_text();
    let draft = &props.draft;
    let content = draft.content();
    let add = draft.setter(|content: &mut SectionDraft, _: MouseEvent| {
        content.phones.push(PhoneDraft {
            id: platform::new_entry(),
            before: None,
            number: String::new(),
            label_before: String::new(),
            label: String::new(),
            is_removed: false,
        });
    });
    html! {
        <fieldset class="phones">
            <legend class="for-readers">{ text.get("phones") }</legend>
            { for content.phones.iter().enumerate().filter(|(_, phone)| !phone.is_removed).map(|(index, phone)| {
                let set_number = draft.setter(move |content: &mut SectionDraft, number| {
                    if let Some(phone) = content.phones.get_mut(index) { phone.number = number; }
                });
                let set_label = draft.setter(move |content: &mut SectionDraft, label| {
                    if let Some(phone) = content.phones.get_mut(index) { phone.label = label; }
                });
                let remove = draft.setter(move |content: &mut SectionDraft, _: MouseEvent| {
                    if let Some(phone) = content.phones.get_mut(index) { phone.is_removed = true; }
                });
                html! {
                    <div key={phone.id.to_string()} class="phone-edit">
                        <Field id={format!("edit-phone-{index}")} label={text.get("phone")} kind="tel" input_mode={AttrValue::from("tel")}
                            value={phone.number.clone()} on_input={set_number} most={Some(FIELD_MAX_CHARS)} />
                        <Field id={format!("edit-phone-label-{index}")} label={text.get("phone-label")}
                            value={phone.label.clone()} on_input={set_label} most={Some(FIELD_MAX_CHARS)} />
                        <button type="button" class="icon-button" onclick={remove} aria-label={text.get("phone-remove")}>
                            <Icon picture={Picture::Close} />
                        </button>
                    </div>
                }
            }) }
            if content.phones.iter().filter(|phone| !phone.is_removed).count() < PHONES_MAX {
                <button type="button" class="button" onclick={add}><Icon picture={Picture::Add} />{ text.get("phone-add") }</button>
            }
        </fieldset>
    }
}
