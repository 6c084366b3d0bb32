//! Purchases 已购产品: what they are made of and how that is cared for, until when they are under
//! warranty, when they are likely to be replaced.

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::entry::{Entry, EntryField, EntryKind};
use floorbook_shared::record::material::Material;
use floorbook_shared::rules::dealings::Dealings;
use floorbook_shared::view::card::Conflict;
use yew::prelude::*;

use super::CardServiceProps;
use crate::screen::components::{Icon, Picture, Saving};
use crate::screen::hooks::{use_day, use_run, use_text};
use crate::screen::pages::conflict::EntryConflicts;
use crate::screen::pages::entry_form::{EntryForm, Part, use_open_part};
use crate::screen::pages::entry_section::{EntrySection, EntryTools};
use crate::screen::pages::entry_words::money_words;
use crate::screen::when;

const KIND: EntryKind = EntryKind::Purchase;
const PARTS: &[Part] = &[Part::whole(KIND)];

/// The purchases of a card, the latest first, and their sum.
#[component]
pub fn Purchases(props: &CardServiceProps) -> Html {
    let text = use_text();
    let customer = &props.card.customer;
    let mut purchases: Vec<&Entry> = customer.entries(KIND).iter().collect();
    purchases.sort_by_key(|purchase| std::cmp::Reverse(purchase.day(EntryField::Day)));
    let dealings = Dealings::of(customer);
    let empty = purchases
        .is_empty()
        .then(|| AttrValue::from(text.get("purchases-empty")));
    html! {
        <EntrySection document={props.document} kind={KIND} part={Part::whole(KIND)} title={text.get("purchases")} add={text.get("purchase-add")} {empty}>
            if !purchases.is_empty() {
                <p class="entry-sum">
                    { text.get_with("purchases-sum", [("count", purchases.len().into()), ("amount", money_words(dealings.cents).into())]) }
                </p>
            }
            <ul class="entries">
                { for purchases.into_iter().map(|purchase| html! {
                    <Purchase key={purchase.id.to_string()} document={props.document} purchase={purchase.clone()} conflicts={props.card.conflicts.clone()} />
                }) }
            </ul>
        </EntrySection>
    }
}

#[derive(PartialEq, Properties)]
struct PurchaseProps {
    document: DocumentId,
    purchase: Entry,
    conflicts: Vec<Conflict>,
}

#[component]
fn Purchase(props: &PurchaseProps) -> Html {
    let (text, day, run) = (use_text(), use_day(), use_run());
    let (document, purchase) = (props.document, &props.purchase);
    let open = use_open_part(document, KIND, purchase.id, PARTS);
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    if let Some(part) = *open {
        return html! { <li class="entry"><EntryForm {document} kind={KIND} entry={purchase.clone()} {part} {on_close} /></li> };
    }
    let delivered_today = {
        let (run, entry, today) = (run.clone(), purchase.id, day.today);
        Callback::from(move |_: MouseEvent| {
            let edits = vec![Edit::SetEntry {
                kind: KIND,
                entry,
                field: EntryField::DeliveredOn,
                value: today.to_string(),
            }];
            run.run(document, Command::EditCard { edits }, Callback::noop());
        })
    };
    let product = purchase.text(EntryField::Product).to_owned();
    let material = Material::from_key(purchase.text(EntryField::Material));
    let bought = purchase.day(EntryField::Day);
    let delivered = purchase.day(EntryField::DeliveredOn);
    let warranty = purchase.day(EntryField::WarrantyUntil).map(|until| {
        let key = if until < day.today {
            "warranty-over"
        } else {
            "warranty-until"
        };
        text.get_with(key, [("day", when::day(until, day.today, &text).into())])
    });
    let replace = purchase.day(EntryField::ReplaceFrom).map(|from| {
        let key = if from <= day.today {
            "replace-now"
        } else {
            "replace-from"
        };
        text.get_with(key, [("day", when::day(from, day.today, &text).into())])
    });
    html! {
        <li class="entry" data-purchase={product.clone()}>
            <div class="entry-head">
                <h3>{ &product }</h3>
                if let Some(cents) = purchase.cents(EntryField::Amount) { <span class="amount">{ money_words(cents) }</span> }
                if let Some(material) = material { <span class="tag">{ text.coded("material", material.key()) }</span> }
                <EntryTools {document} kind={KIND} entry={purchase.id} name={product.clone()}
                    on_edit={let open = open.clone(); move |()| open.set(Some(Part::whole(KIND)))} />
            </div>
            <EntryConflicts {document} conflicts={props.conflicts.clone()} kind={KIND} entry={purchase.id} />
            <p class="entry-facts">
                if let Some(bought) = bought { <span>{ text.get_with("bought-on", [("day", when::near_day(bought, day.today, &text).into())]) }</span> }
                if let Some(delivered) = delivered {
                    <span>{ text.get_with("delivered-on", [("day", when::near_day(delivered, day.today, &text).into())]) }</span>
                } else {
                    <span class="state state-open">{ text.get("not-delivered") }</span>
                }
                if let Some(warranty) = warranty { <span>{ warranty }</span> }
                if let Some(replace) = replace { <span>{ replace }</span> }
            </p>
            if !purchase.text(EntryField::About).is_empty() { <p class="entry-about">{ purchase.text(EntryField::About) }</p> }
            if delivered.is_none() {
                <button type="button" class="button" onclick={delivered_today} disabled={run.is_saving()}
                    aria-label={text.get_with("delivered-today-name", [("product", product.as_str().into())])}>
                    <Icon picture={Picture::Done} />{ text.get("delivered-today") }
                </button>
            }
            if let Some(material) = material {
                <details class="care">
                    <summary>{ text.get_with("care-title", [("material", text.coded("material", material.key()).into())]) }</summary>
                    <ul class="bullets">{ for text.coded("care", material.key()).lines().map(|tip| html! { <li>{ tip.to_owned() }</li> }) }</ul>
                </details>
            }
            <Saving problem={run.problem()} />
        </li>
    }
}
