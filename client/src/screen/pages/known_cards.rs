//! Customers of one's own whom a colleague looks after already: whom to speak with, and no more.

use floorbook_shared::id::DocumentId;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Message, Tone, whom};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::pages::today::card_route;
use crate::screen::route::Route;
use crate::screen::state::Action;

/// Properties of [`KnownCards`].
#[derive(PartialEq, Properties)]
pub struct KnownCardsProps {
    /// The card that is shown; without one all are named.
    #[prop_or_default]
    pub on_card: Option<DocumentId>,
}

/// A message for each, until somebody says that it is settled.
#[component]
pub fn KnownCards(props: &KnownCardsProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let shown = app.look_ups.known().iter();
    let shown = shown.filter(|known| props.on_card.is_none_or(|card| card == known.document));
    html! {
        { for shown.map(|known| {
            let document = known.document;
            let state = app.dispatcher();
            let settle = Callback::from(move |_: MouseEvent| state.dispatch(Action::KnownSettled(document)));
            let row = app.rows.get(document).filter(|_| props.on_card.is_none());
            html! {
                <Message key={document.to_string()} tone={Tone::Warning}>
                    <div class="message-line">
                        <span>
                            if let Some(row) = row {
                                <Link<Route> to={card_route(document)}>{ &row.entry.row.name }</Link<Route>>{ " · " }
                            }
                            <strong>{ text.get("known-elsewhere") }</strong>{ " " }{ whom(known.ask.as_deref(), &text) }
                        </span>
                        <button type="button" class="button" onclick={settle}>{ text.get("known-settled") }</button>
                    </div>
                </Message>
            }
        }) }
    }
}
