//! What was done against what the store asks for, as slim bars.

use floorbook_shared::rules::agenda::{Count, Tally};
use yew::prelude::*;

use crate::screen::hooks::use_text;

/// Properties of [`Standards`].
#[derive(PartialEq, Properties)]
pub struct StandardsProps {
    /// The counts.
    pub tally: Tally,
}

/// The counts against the standards; what the store does not ask for is left out.
#[component]
pub fn Standards(props: &StandardsProps) -> Html {
    let text = use_text();
    let tally = &props.tally;
    let bars = [
        ("calls-a", text.get("standard-calls-a"), tally.calls_to_a),
        (
            "contacts-bc",
            text.get("standard-contacts-bc"),
            tally.contacts_with_bc,
        ),
        ("visits", text.get("standard-visits"), tally.visits),
        ("new-cards", text.get("standard-new-cards"), tally.new_cards),
    ];
    html! {
        <dl class="standards">
            { for bars.into_iter().filter(|(_, _, count)| count.least > 0).map(|(key, label, count)| bar(key, &label, count)) }
        </dl>
    }
}

fn bar(key: &'static str, label: &str, count: Count) -> Html {
    let is_met = count.done >= count.least;
    html! {
        <div key={key} class={classes!("standard", is_met.then_some("is-met"))} data-standard={key}>
            <dt>{ label.to_owned() }</dt>
            <dd>
                <span class="standard-count">{ count.done }<span class="quiet">{ format!(" / {}", count.least) }</span></span>
                <progress max={count.least.to_string()} value={count.done.min(count.least).to_string()} aria-label={label.to_owned()} />
            </dd>
        </div>
    }
}
