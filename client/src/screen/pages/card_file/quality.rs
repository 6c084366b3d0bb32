//! How much is known about a customer, and what is worth asking next.

use std::rc::Rc;

use floorbook_shared::record::catalogue;
use floorbook_shared::rules::quality::{HardItem, Quality, SoftItem, last_confirmed};
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use super::catalogue::label_of;
use super::{FormOf, Section};
use crate::screen::hooks::{use_app, use_day, use_text};

/// Topics that are named of those that are missing.
const SOFT_SHOWN: usize = 6;

/// Where something that is missing is noted.
#[derive(Clone, Copy)]
enum Way {
    Form(FormOf),
    Purchases,
}

/// Properties of [`QualityShown`].
#[derive(PartialEq, Properties)]
pub struct QualityShownProps {
    /// The content of the card.
    pub card: Rc<CardView>,
    /// Opens a form of the file.
    pub on_ask: Callback<Option<FormOf>>,
    /// Leads to the purchases.
    pub on_purchases: Callback<()>,
}

/// A ring with the completeness, and what is missing as taps to its form.
#[component]
pub fn QualityShown(props: &QualityShownProps) -> Html {
    let (text, day, app) = (use_text(), use_day(), use_app());
    let customer = &props.card.customer;
    let quality = Quality::of(customer);
    let percent = quality.percent(&app.settings().quality);
    let soft = quality.soft.missing.iter().filter_map(|item| match item {
        SoftItem::Topic(topic) => {
            let way = Way::Form(FormOf::Category(topic.category()));
            Some((text.coded("topic", topic.key()), way))
        }
        // Notes come with contacts.
        SoftItem::Notes => None,
    });
    let hard = quality.hard.missing.iter().filter_map(|item| match item {
        // What was bought is noted as purchases.
        HardItem::Catalogue("products_bought") => Some((text.get("purchases"), Way::Purchases)),
        HardItem::Catalogue(key) => {
            let field = catalogue::by_key(key)?;
            let way = Way::Form(FormOf::Category(field.category));
            Some((label_of(field, &text).to_owned(), way))
        }
        HardItem::Field(field) => {
            let sections = Section::ALL.into_iter();
            let mut sections = sections.filter(|section| section.fields().contains(field));
            let way = Way::Form(FormOf::Section(sections.next()?));
            Some((text.coded("field", field.key()), way))
        }
        HardItem::Phone => Some((
            text.get("phone"),
            Way::Form(FormOf::Section(Section::Reach)),
        )),
        HardItem::Address => Some((
            text.get("section-address"),
            Way::Form(FormOf::Section(Section::Address)),
        )),
    });
    let soft: Vec<_> = soft.take(SOFT_SHOWN).collect();
    let hard: Vec<_> = hard.collect();
    let chips = |missing: Vec<(String, Way)>| {
        html! {
            <div class="chips-row">
                { for missing.into_iter().map(|(label, way)| {
                    let onclick = match way {
                        Way::Form(form) => props.on_ask.reform(move |_: MouseEvent| Some(form)),
                        Way::Purchases => props.on_purchases.reform(|_: MouseEvent| ()),
                    };
                    html! { <button key={label.clone()} type="button" class="chip-button" {onclick}>{ label }</button> }
                }) }
            </div>
        }
    };
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
                if !soft.is_empty() {
                    <p class="quiet">{ text.get("quality-ask") }</p>
                    { chips(soft) }
                }
                if !hard.is_empty() {
                    <p class="quiet">{ text.get("quality-missing") }</p>
                    { chips(hard) }
                }
            </div>
        </section>
    }
}
