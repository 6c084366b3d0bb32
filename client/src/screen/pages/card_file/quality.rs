//! How much is known about a customer, and what is worth asking next.

use std::rc::Rc;

use floorbook_shared::record::catalogue::{self, Category};
use floorbook_shared::record::customer::CustomerField;
use floorbook_shared::rules::quality::{HardItem, Quality, SoftItem, last_confirmed};
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use super::catalogue::label_of;
use crate::screen::hooks::{use_app, use_day, use_text};

/// What is named of what is missing.
const MISSING_SHOWN: usize = 6;

/// Properties of [`QualityShown`].
#[derive(PartialEq, Properties)]
pub struct QualityShownProps {
    /// The content of the card.
    pub card: Rc<CardView>,
    /// Opens the form of a category.
    pub on_edit: Callback<Option<Category>>,
}

/// A ring with the completeness, and what is missing as taps to its form.
#[component]
pub fn QualityShown(props: &QualityShownProps) -> Html {
    let (text, day, app) = (use_text(), use_day(), use_app());
    let customer = &props.card.customer;
    let quality = Quality::of(customer);
    let percent = quality.percent(&app.settings().quality);
    let soft = quality.soft.missing.iter().filter_map(|item| match item {
        SoftItem::Topic(topic) => Some((text.coded("topic", topic.key()), topic.category())),
        // Notes come with contacts.
        SoftItem::Notes => None,
    });
    let hard = quality.hard.missing.iter().filter_map(|item| match item {
        HardItem::Catalogue(key) => {
            let field = catalogue::by_key(key)?;
            Some((label_of(field, &text).to_owned(), field.category))
        }
        HardItem::Field(CustomerField::Name)
        | HardItem::Field(_)
        | HardItem::Phone
        | HardItem::Address => None,
    });
    let missing = soft.chain(hard).take(MISSING_SHOWN);
    let confirmed = last_confirmed(customer).map(|at| day.moment(at, &text));
    html! {
        <section class="quality" aria-labelledby="quality-title">
            <svg class="ring" viewBox="0 0 36 36" aria-hidden="true">
                <circle class="ring-ground" cx="18" cy="18" r="15.9" />
                <circle class="ring-part" cx="18" cy="18" r="15.9" pathLength="100" stroke-dasharray={format!("{percent} 100")} />
                <text x="18" y="18" class="ring-words">{ percent }</text>
            </svg>
            <div class="quality-words">
                <h2 id="quality-title">{ text.get_with("quality-title", [("percent", percent.into())]) }</h2>
                if let Some(confirmed) = confirmed {
                    <p class="quiet">{ text.get_with("quality-confirmed", [("when", confirmed.into())]) }</p>
                }
                if percent < 100 {
                    <p class="quiet">{ text.get("quality-ask") }</p>
                    <div class="chips-row">
                        { for missing.map(|(label, category)| {
                            let onclick = props.on_edit.reform(move |_: MouseEvent| Some(category));
                            html! { <button key={label.clone()} type="button" class="chip-button" {onclick}>{ label }</button> }
                        }) }
                    </div>
                }
            </div>
        </section>
    }
}
