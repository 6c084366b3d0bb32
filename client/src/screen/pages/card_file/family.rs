//! The family 家庭成员, with birthdays and the day on which they are kept next.

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::entry::{Entry, EntryField, EntryKind};
use floorbook_shared::view::card::{CardView, Conflict};
use yew::prelude::*;

use crate::screen::hooks::{use_day, use_text};
use crate::screen::pages::birthday_words::birthday_words;
use crate::screen::pages::conflict::EntryConflicts;
use crate::screen::pages::entry_form::{EntryForm, Part, use_open_part};
use crate::screen::pages::entry_section::{EntrySection, EntryTools};
use crate::screen::pages::entry_words::entry_value;

const KIND: EntryKind = EntryKind::Family;
const PARTS: &[Part] = &[Part::whole(KIND)];

/// Properties of [`Family`].
#[derive(PartialEq, Properties)]
pub struct FamilyProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
}

/// The members of the family, in the order in which they were noted.
#[component]
pub fn Family(props: &FamilyProps) -> Html {
    let text = use_text();
    let members = props.card.customer.entries(KIND);
    let empty = members
        .is_empty()
        .then(|| AttrValue::from(text.get("family-empty")));
    html! {
        <EntrySection document={props.document} kind={KIND} part={Part::whole(KIND)} title={text.get("family")} add={text.get("family-add")} {empty}>
            <ul class="entries">
                { for members.iter().map(|member| html! {
                    <Member key={member.id.to_string()} document={props.document} member={member.clone()} conflicts={props.card.conflicts.clone()} />
                }) }
            </ul>
        </EntrySection>
    }
}

#[derive(PartialEq, Properties)]
struct MemberProps {
    document: DocumentId,
    member: Entry,
    conflicts: Vec<Conflict>,
}

#[component]
fn Member(props: &MemberProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let (document, member) = (props.document, &props.member);
    let open = use_open_part(document, KIND, member.id, PARTS);
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    if let Some(part) = *open {
        return html! { <li class="entry"><EntryForm {document} kind={KIND} entry={member.clone()} {part} {on_close} /></li> };
    }
    let name = member.text(EntryField::Name).to_owned();
    let relation = member.text(EntryField::Relation);
    let birthday = member.text(EntryField::Birthday);
    html! {
        <li class="entry">
            <div class="entry-head">
                <h3>{ &name }</h3>
                if !relation.is_empty() { <span class="tag">{ entry_value(EntryField::Relation, relation, &text) }</span> }
                <EntryTools {document} kind={KIND} entry={member.id} name={name.clone()}
                    on_edit={let open = open.clone(); move |()| open.set(Some(Part::whole(KIND)))} />
            </div>
            <EntryConflicts {document} conflicts={props.conflicts.clone()} kind={KIND} entry={member.id} />
            if let Some(words) = birthday_words(birthday, day.today, &text) {
                <p class="entry-facts"><span>{ text.get_with("birthday-is", [("birthday", birthday.into())]) }</span><span class="quiet">{ words }</span></p>
            }
            if !member.text(EntryField::About).is_empty() { <p class="entry-about">{ member.text(EntryField::About) }</p> }
        </li>
    }
}
