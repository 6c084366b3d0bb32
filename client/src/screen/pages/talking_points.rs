//! What to talk about with this customer: points for what they care about, in their order.

use std::rc::Rc;

use floorbook_shared::record::catalogue;
use floorbook_shared::record::known_fact::KnownFact;
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use crate::screen::choices::FOCUS;
use crate::screen::components::{Icon, Picture};
use crate::screen::hooks::use_text;
use crate::screen::pages::card_file::{label_of, value_of};
use crate::screen::platform;

/// Whether the points stand open on this tablet.
const OPEN_KEY: &str = "floorbook-talking-points";
/// Points of so many things are shown: nobody cares about everything.
const FOCUS_SHOWN: usize = 4;

/// Properties of [`TalkingPoints`].
#[derive(PartialEq, Properties)]
pub struct TalkingPointsProps {
    /// The card.
    pub card: Rc<CardView>,
}

/// The talking points; nothing if nobody knows what the customer cares about.
#[component]
pub fn TalkingPoints(props: &TalkingPointsProps) -> Html {
    let text = use_text();
    let is_open = use_state_eq(|| platform::kept(OPEN_KEY).as_deref() != Some("no"));
    let focus = KnownFact::Focus.of(&props.card.customer);
    let codes = catalogue::parts(focus).filter_map(|word| Some((word, FOCUS.code_of(word)?)));
    let codes: Vec<(&str, &str)> = codes.take(FOCUS_SHOWN).collect();
    let Some(field) = catalogue::by_key(KnownFact::Focus.key()).filter(|_| !codes.is_empty())
    else {
        return html! {};
    };
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| {
            platform::keep(OPEN_KEY, if *is_open { "no" } else { "yes" });
            is_open.set(!*is_open);
        })
    };
    html! {
        <section class="talking" aria-label={text.get("talking-points")}>
            <button type="button" class="talking-head" aria-expanded={is_open.to_string()} onclick={toggle}>
                <Icon picture={Picture::Message} />
                <span class="talking-title">{ text.get("talking-points") }</span>
                <span class="quiet">{ label_of(field, &text) }{ ": " }{ value_of(field, focus, &text) }</span>
                <span class={classes!("talking-arrow", (*is_open).then_some("is-open"))}><Icon picture={Picture::Forward} /></span>
            </button>
            if *is_open {
                <div class="talking-points">
                    { for codes.into_iter().map(|(word, code)| html! {
                        <div key={code}>
                            <p class="talking-word">{ value_of(field, word, &text) }</p>
                            <ul>{ for text.coded(FOCUS.kind, code).lines().map(|point| html! { <li>{ point.to_owned() }</li> }) }</ul>
                        </div>
                    }) }
                </div>
            }
        </section>
    }
}
