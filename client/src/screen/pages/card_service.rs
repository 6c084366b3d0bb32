//! 服务: what was promised, what was bought and how it is cared for, gifts, referrals.

mod gifts;
mod issues;
mod purchases;
mod referrals;

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use gifts::Gifts;
use issues::Issues;
use purchases::Purchases;
use referrals::Referrals;

/// Properties of [`CardService`] and its sections.
#[derive(Clone, PartialEq, Properties)]
pub struct CardServiceProps {
    /// The card.
    pub document: DocumentId,
    /// Its content.
    pub card: Rc<CardView>,
}

/// What comes after the sale.
#[component]
pub fn CardService(props: &CardServiceProps) -> Html {
    let CardServiceProps { document, card } = props.clone();
    html! {
        <div class="file">
            <Issues {document} card={card.clone()} />
            <Purchases {document} card={card.clone()} />
            <Gifts {document} card={card.clone()} />
            <Referrals {document} {card} />
        </div>
    }
}
