//! A place with two values: both with who, when and where; one tap chooses.

use floorbook_shared::document::author::SERVER_DEVICE;
use floorbook_shared::document::command::{Command, Edit, NewPhone};
use floorbook_shared::id::{DeviceId, DocumentId, EntryId, PersonId};
use floorbook_shared::record::catalogue;
use floorbook_shared::record::consent::ConsentTopic;
use floorbook_shared::record::customer::{Customer, CustomerField, Fact, FactSource};
use floorbook_shared::record::entry::EntryKind;
use floorbook_shared::view::card::{Conflict, ConflictPlace};
use yew::prelude::*;

use crate::screen::components::Saving;
use crate::screen::hooks::{use_app, use_day, use_run, use_text};
use crate::screen::pages::card_file::{label_of, shown_value, value_of};
use crate::screen::pages::entry_words::{consent_words, entry_label, entry_value};
use crate::screen::platform;
use crate::screen::state::{AppState, CardState};
use crate::screen::text::Text;

/// Properties of [`ConflictBox`].
#[derive(PartialEq, Properties)]
pub struct ConflictBoxProps {
    /// The card.
    pub document: DocumentId,
    /// The conflict.
    pub conflict: Conflict,
}

/// The values of a conflict to choose from; nothing else waits for it.
#[component]
pub fn ConflictBox(props: &ConflictBoxProps) -> Html {
    let (text, app, day, run) = (use_text(), use_app(), use_day(), use_run());
    let at = &props.conflict.at;
    html! {
        <div class="conflict" role="group" aria-label={text.get("conflict-title")}>
            <p class="conflict-title">{ text.get("conflict-title") }</p>
            <ul>
                { for props.conflict.values.iter().enumerate().map(|(index, value)| {
                    let choose = {
                        let (run, document) = (run.clone(), props.document);
                        let edit = choose_of_two(at, &value.value);
                        Callback::from(move |_: MouseEvent| {
                            let edits = vec![edit.clone()];
                            run.run(document, Command::EditCard { edits }, Callback::noop());
                        })
                    };
                    let words = value_words(at, &value.value, props.document, &app, &text);
                    html! {
                        <li key={index}>
                            <div>
                                <p class="conflict-value">{ &words }</p>
                                <p class="quiet">{ who(value.by, &app, &text) }{ " · " }{ day.moment(value.at, &text) }</p>
                            </div>
                            <button type="button" class="button" onclick={choose} disabled={run.is_saving()}
                                aria-label={text.get_with("conflict-use-value", [("value", words.as_str().into())])}>
                                { text.get("conflict-use") }
                            </button>
                        </li>
                    }
                }) }
            </ul>
            <Saving problem={run.problem()} />
        </div>
    }
}

/// The edit that chooses a value of two. A phone of which somebody has to choose stands on the card.
fn choose_of_two(at: &ConflictPlace, value: &str) -> Edit {
    match at {
        ConflictPlace::Phone(phone) => Edit::SetPhone {
            phone: *phone,
            number: value.to_owned(),
        },
        ConflictPlace::Field(_)
        | ConflictPlace::Fact(_)
        | ConflictPlace::Entry { .. }
        | ConflictPlace::Consent(_) => bring_back(at, value, &Customer::default()),
    }
}

/// A value of a place as people read it. Sensitive ones are hidden unless they are kept.
pub fn value_words(
    at: &ConflictPlace,
    value: &str,
    document: DocumentId,
    app: &AppState,
    text: &Text,
) -> String {
    if value.is_empty() {
        return text.get("conflict-cleared");
    }
    if is_hidden(at, document, app) {
        return text.get("sensitive-hidden");
    }
    match at {
        ConflictPlace::Field(CustomerField::ReferrerCard) => {
            let row = value.parse().ok().and_then(|card| app.rows.get(card));
            let name = row.map(|row| row.entry.row.name.clone());
            name.unwrap_or_else(|| text.get("referral-not-here"))
        }
        ConflictPlace::Field(field) => shown_value(*field, value, None, text),
        ConflictPlace::Phone(_) => value.to_owned(),
        ConflictPlace::Fact(name) => match catalogue::field_of(name) {
            Some(field) => value_of(field, value, text),
            None => value.to_owned(),
        },
        ConflictPlace::Entry { field, .. } => entry_value(*field, value, text),
        ConflictPlace::Consent(_) => consent_words(value.parse().ok(), text),
    }
}

/// Whether what stands at a place of a card is sensitive and not shown.
pub fn is_hidden(at: &ConflictPlace, document: DocumentId, app: &AppState) -> bool {
    let ConflictPlace::Fact(name) = at else {
        return false;
    };
    if !catalogue::field_of(name).is_some_and(|field| field.is_sensitive) {
        return false;
    }
    match app.cards.get(&document) {
        Some(CardState::Shown(card)) => !keeps_sensitive(&card.customer, app),
        Some(CardState::Unreadable | CardState::Gone) | None => true,
    }
}

/// Whether sensitive facts of a customer are shown and asked for: the store keeps them, and the
/// customer agreed.
pub fn keeps_sensitive(customer: &Customer, app: &AppState) -> bool {
    let consent = customer.consents.get(&ConsentTopic::Sensitive);
    app.settings().keeps_sensitive && consent.is_some_and(|consent| consent.is_given)
}

/// What a place is called.
pub fn place_words(at: &ConflictPlace, customer: &Customer, text: &Text) -> String {
    match at {
        ConflictPlace::Field(field) => text.coded("field", field.key()),
        ConflictPlace::Phone(_) => text.get("phone"),
        ConflictPlace::Fact(name) => match catalogue::field_of(name) {
            Some(field) => label_of(field, text).to_owned(),
            None => name.clone(),
        },
        ConflictPlace::Entry { kind, entry, field } => {
            let name = entry_label(*kind, *field, text);
            let mut entries = customer.entries(*kind).iter();
            let head = entries.find(|known| known.id == *entry);
            let head = head.map_or("", |known| known.text(kind.head()));
            if *field == kind.head() || head.is_empty() {
                name
            } else {
                format!("{head} · {name}")
            }
        }
        ConflictPlace::Consent(topic) => text.coded("consent", topic.key()),
    }
}

/// The edit that puts a value back where it stood.
pub fn bring_back(at: &ConflictPlace, value: &str, customer: &Customer) -> Edit {
    let value = value.to_owned();
    match at {
        ConflictPlace::Field(field) => Edit::SetField {
            field: *field,
            value,
        },
        ConflictPlace::Phone(phone) => {
            let phone = *phone;
            let is_there = customer.phones.iter().any(|one| one.id == phone);
            match (is_there, value.is_empty()) {
                (true, true) => Edit::RemovePhone { phone },
                (true, false) => Edit::SetPhone {
                    phone,
                    number: value,
                },
                (false, _) => Edit::AddPhone(NewPhone {
                    id: phone,
                    number: value,
                    label: String::new(),
                }),
            }
        }
        ConflictPlace::Fact(name) => Edit::SetFact {
            name: name.clone(),
            fact: Fact {
                value,
                source: FactSource::Consultant,
                at: platform::now(),
            },
        },
        ConflictPlace::Entry { kind, entry, field } => Edit::SetEntry {
            kind: *kind,
            entry: *entry,
            field: *field,
            value,
        },
        ConflictPlace::Consent(topic) => Edit::SetConsent {
            topic: *topic,
            consent: value.parse().ok(),
        },
    }
}

/// What stands at a place now; empty if nothing does.
pub fn value_now(at: &ConflictPlace, customer: &Customer) -> String {
    match at {
        ConflictPlace::Field(field) => customer.field(*field).to_owned(),
        ConflictPlace::Phone(phone) => {
            let mut phones = customer.phones.iter();
            let phone = phones.find(|one| one.id == *phone);
            phone.map_or_else(String::new, |phone| phone.number.clone())
        }
        ConflictPlace::Fact(name) => {
            let fact = customer.facts.get(name);
            fact.map_or_else(String::new, |fact| fact.value.clone())
        }
        ConflictPlace::Entry { kind, entry, field } => {
            let mut entries = customer.entries(*kind).iter();
            let entry = entries.find(|known| known.id == *entry);
            entry.map_or_else(String::new, |entry| entry.text(*field).to_owned())
        }
        ConflictPlace::Consent(topic) => {
            let consent = customer.consents.get(topic);
            consent.map_or_else(String::new, ToString::to_string)
        }
    }
}

/// Who did something, and on which tablet.
pub fn who(by: Option<(PersonId, DeviceId)>, app: &AppState, text: &Text) -> String {
    let Some((person, device)) = by else {
        return text.get("by-unknown");
    };
    let name = app.scope.person(person).map(|person| person.name.clone());
    let name = name.unwrap_or_else(|| text.get("by-unknown"));
    let own = app.identity.as_ref().map(|identity| identity.device);
    if own == Some(device) {
        return text.get_with("by-here", [("name", name.into())]);
    }
    if device == SERVER_DEVICE {
        return text.get_with("by-server", [("name", name.into())]);
    }
    match app.scope.tablets.get(&device) {
        Some(code) => text.get_with(
            "by-tablet",
            [("name", name.into()), ("code", code.as_str().into())],
        ),
        None => text.get_with("by-another", [("name", name.into())]),
    }
}

/// The conflict of a field, if it has one.
pub fn of_field(conflicts: &[Conflict], field: CustomerField) -> Option<&Conflict> {
    conflicts
        .iter()
        .find(|conflict| conflict.at == ConflictPlace::Field(field))
}

/// The conflict at a place, if there is one.
pub fn at_place(conflicts: &[Conflict], place: &ConflictPlace) -> Option<Conflict> {
    let mut conflicts = conflicts.iter();
    conflicts.find(|conflict| conflict.at == *place).cloned()
}

/// Properties of [`EntryConflicts`].
#[derive(PartialEq, Properties)]
pub struct EntryConflictsProps {
    /// The card.
    pub document: DocumentId,
    /// The conflicts of the card.
    pub conflicts: Vec<Conflict>,
    /// What the entry is about.
    pub kind: EntryKind,
    /// The entry.
    pub entry: EntryId,
}

/// The fields of an entry that hold two values, each with its name.
#[component]
pub fn EntryConflicts(props: &EntryConflictsProps) -> Html {
    let text = use_text();
    let of_entry = props.conflicts.iter().filter_map(|conflict| {
        let ConflictPlace::Entry { kind, entry, field } = &conflict.at else {
            return None;
        };
        (*kind == props.kind && *entry == props.entry).then_some((*field, conflict))
    });
    html! {
        <>
            { for of_entry.map(|(field, conflict)| html! {
                <div key={field.key()} class="entry-conflict">
                    <p class="field-label">{ entry_label(props.kind, field, &text) }</p>
                    <ConflictBox document={props.document} conflict={conflict.clone()} />
                </div>
            }) }
        </>
    }
}
