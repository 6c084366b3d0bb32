//! A place with two values: both with who, when and where; one tap chooses.

use floorbook_shared::document::command::{Command, Edit, NewPhone};
use floorbook_shared::id::{DeviceId, DocumentId, PersonId};
use floorbook_shared::record::customer::{Customer, CustomerField};
use floorbook_shared::view::card::{Conflict, ConflictPlace};
use yew::prelude::*;

use crate::screen::components::Saving;
use crate::screen::hooks::{use_app, use_day, use_run, use_text};
use crate::screen::pages::card_file::shown_value;
use crate::screen::state::AppState;
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
    let at = props.conflict.at;
    html! {
        <div class="conflict" role="group" aria-label={text.get("conflict-title")}>
            <p class="conflict-title">{ text.get("conflict-title") }</p>
            <ul>
                { for props.conflict.values.iter().enumerate().map(|(index, value)| {
                    let choose = {
                        let (run, document, chosen) = (run.clone(), props.document, value.value.clone());
                        Callback::from(move |_: MouseEvent| {
                            let edits = vec![settle(at, chosen.clone())];
                            run.run(document, Command::EditCard { edits }, Callback::noop());
                        })
                    };
                    let words = value_words(at, &value.value, &text);
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

fn settle(at: ConflictPlace, value: String) -> Edit {
    match at {
        ConflictPlace::Field(field) => Edit::SetField { field, value },
        ConflictPlace::Phone(phone) => Edit::SetPhone {
            phone,
            number: value,
        },
    }
}

/// A value of a place as people read it.
pub fn value_words(at: ConflictPlace, value: &str, text: &Text) -> String {
    if value.is_empty() {
        return text.get("conflict-cleared");
    }
    match at {
        ConflictPlace::Field(field) => shown_value(field, value, None, text),
        ConflictPlace::Phone(_) => value.to_owned(),
    }
}

/// What a place is called.
pub fn place_words(at: ConflictPlace, text: &Text) -> String {
    match at {
        ConflictPlace::Field(field) => text.coded("field", field.key()),
        ConflictPlace::Phone(_) => text.get("phone"),
    }
}

/// The edit that puts a value back where it stood.
pub fn bring_back(at: ConflictPlace, value: &str, customer: &Customer) -> Edit {
    let value = value.to_owned();
    match at {
        ConflictPlace::Field(field) => Edit::SetField { field, value },
        ConflictPlace::Phone(phone) => {
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
    }
}

/// What stands at a place now; empty if nothing does.
pub fn value_now(at: ConflictPlace, customer: &Customer) -> &str {
    match at {
        ConflictPlace::Field(field) => customer.field(field),
        ConflictPlace::Phone(phone) => {
            let mut phones = customer.phones.iter();
            let phone = phones.find(|one| one.id == phone);
            phone.map_or("", |phone| &phone.number)
        }
    }
}

/// Who did something, and whether on this tablet.
pub fn who(by: Option<(PersonId, DeviceId)>, app: &AppState, text: &Text) -> String {
    let Some((person, device)) = by else {
        return text.get("conflict-by-unknown");
    };
    let name = app.scope.person(person).map(|person| person.name.clone());
    let name = name.unwrap_or_else(|| text.get("conflict-by-unknown"));
    let own = app.identity.as_ref().map(|identity| identity.device);
    if own == Some(device) {
        text.get_with("conflict-by-here", [("name", name.into())])
    } else {
        text.get_with("conflict-by-there", [("name", name.into())])
    }
}

/// The conflict of a field, if it has one.
pub fn of_field(conflicts: &[Conflict], field: CustomerField) -> Option<&Conflict> {
    conflicts
        .iter()
        .find(|conflict| conflict.at == ConflictPlace::Field(field))
}
