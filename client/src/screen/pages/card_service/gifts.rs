//! Gifts and souvenirs 礼品 that the customer got.

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::entry::{Entry, EntryField, EntryKind};
use floorbook_shared::view::card::Conflict;
use yew::prelude::*;

use super::CardServiceProps;
use crate::screen::hooks::{use_day, use_text};
use crate::screen::pages::conflict::EntryConflicts;
use crate::screen::pages::entry_form::{EntryForm, Part, use_open_part};
use crate::screen::pages::entry_section::{EntrySection, EntryTools};
use crate::screen::pages::entry_words::entry_value;
use crate::screen::when;

const KIND: EntryKind = EntryKind::Gift;
const PARTS: &[Part] = &[Part::whole(KIND)];

/// The gifts of a card, the latest first.
#[component]
pub fn Gifts(props: &CardServiceProps) -> Html {
    let text = use_text();
    let mut gifts: Vec<&Entry> = props.card.customer.entries(KIND).iter().collect();
    gifts.sort_by_key(|gift| std::cmp::Reverse(gift.day(EntryField::GivenOn)));
    let empty = gifts
        .is_empty()
        .then(|| AttrValue::from(text.get("gifts-empty")));
    html! {
        <EntrySection document={props.document} kind={KIND} part={Part::whole(KIND)} title={text.get("gifts")} add={text.get("gift-add")} {empty}>
            <ul class="entries">
                { for gifts.into_iter().map(|gift| html! {
                    <Gift key={gift.id.to_string()} document={props.document} gift={gift.clone()} conflicts={props.card.conflicts.clone()} />
                }) }
            </ul>
        </EntrySection>
    }
}

#[derive(PartialEq, Properties)]
struct GiftProps {
    document: DocumentId,
    gift: Entry,
    conflicts: Vec<Conflict>,
}

#[component]
fn Gift(props: &GiftProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let (document, gift) = (props.document, &props.gift);
    let open = use_open_part(document, KIND, gift.id, PARTS);
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    if let Some(part) = *open {
        return html! { <li class="entry"><EntryForm {document} kind={KIND} entry={gift.clone()} {part} {on_close} /></li> };
    }
    let occasion = gift.text(EntryField::Occasion);
    html! {
        <li class="entry">
            <div class="entry-head">
                <h3>{ gift.text(EntryField::Gift) }</h3>
                <span class="quiet">
                    if let Some(on) = gift.day(EntryField::GivenOn) { { when::near_day(on, day.today, &text) } }
                    if !occasion.is_empty() { { " · " }{ entry_value(EntryField::Occasion, occasion, &text) } }
                </span>
                <EntryTools {document} kind={KIND} entry={gift.id} name={gift.text(EntryField::Gift).to_owned()}
                    on_edit={let open = open.clone(); move |()| open.set(Some(Part::whole(KIND)))} />
            </div>
            <EntryConflicts {document} conflicts={props.conflicts.clone()} kind={KIND} entry={gift.id} />
        </li>
    }
}
