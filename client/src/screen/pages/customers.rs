//! 顾客: the list, and beside it (or over it) the open card.

use floorbook_shared::id::DocumentId;
use yew::prelude::*;

use crate::screen::components::Empty;
use crate::screen::hooks::{use_is_narrow, use_text};
use crate::screen::pages::card::Card;
use crate::screen::pages::customer_list::CustomerList;
use crate::screen::pages::new_card::NewCard;

/// Properties of [`Customers`].
#[derive(PartialEq, Properties)]
pub struct CustomersProps {
    /// The open card.
    #[prop_or_default]
    pub selected: Option<DocumentId>,
    /// Whether a new card is being filled in.
    #[prop_or_default]
    pub is_new: bool,
    /// Whether it is that of somebody who has just walked in.
    #[prop_or_default]
    pub is_walk_in: bool,
}

/// The page. The list stays in the page while a card covers it, so that going back finds it as it was.
#[component]
pub fn Customers(props: &CustomersProps) -> Html {
    let text = use_text();
    let is_covered = use_is_narrow() && (props.selected.is_some() || props.is_new);
    html! {
        <div class={classes!("split", (props.selected.is_some() || props.is_new).then_some("has-detail"))}>
            <section class="list-pane" aria-label={text.get("place-customers")} inert={is_covered}>
                <CustomerList selected={props.selected} />
            </section>
            <section class="detail-pane" tabindex="-1" aria-label={text.get("card")}>
                if props.is_new {
                    <NewCard is_walk_in={props.is_walk_in} />
                } else if let Some(document) = props.selected {
                    <Card key={document.to_string()} {document} />
                } else {
                    <Empty title={text.get("no-card-open")} advice={text.get("no-card-open-advice")} />
                }
            </section>
        </div>
    }
}
