//! A reception in the store: it begins with one tap on the card, and ends with the visit that is
//! logged, or with one tap when the customer has left.

use std::rc::Rc;

use floorbook_shared::document::command::{Command, Edit};
use floorbook_shared::id::DocumentId;
use floorbook_shared::record::customer::{Customer, CustomerField, Fact};
use floorbook_shared::rules::agenda::RECEPTION_SCRIPT;
use floorbook_shared::rules::reception::{RECEPTION_FACT, Reception};
use floorbook_shared::time::{Date, Timestamp};
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use crate::screen::components::{Icon, Outline, Picture, Saving};
use crate::screen::hooks::{Day, use_day, use_run, use_text};
use crate::screen::platform;
use crate::screen::text::Text;

/// The reception of a customer who is in the store.
pub fn under_way(customer: &Customer, today: Date) -> Option<Reception> {
    Reception::of(customer).filter(|reception| reception.is_on(today))
}

/// Since when somebody is in the store, in words.
pub fn since_words(since: Timestamp, day: &Day, text: &Text) -> String {
    let time = day.moment(since, text);
    text.get_with("reception-since", [("time", time.into())])
}

/// The command that sets the mark.
fn mark(fact: Fact) -> Command {
    let name = RECEPTION_FACT.to_owned();
    Command::EditCard {
        edits: vec![Edit::SetFact { name, fact }],
    }
}

/// Properties of [`BeginReception`] and [`UnderWay`].
#[derive(PartialEq, Properties)]
pub struct ReceptionProps {
    /// The card.
    pub document: DocumentId,
    /// What stands on it.
    pub card: Rc<CardView>,
    /// Called when the visit is to be logged.
    #[prop_or_default]
    pub on_visit: Callback<()>,
}

/// The button with which a reception begins; nothing while one is under way.
#[component]
pub fn BeginReception(props: &ReceptionProps) -> Html {
    let (text, day, run) = (use_text(), use_day(), use_run());
    if under_way(&props.card.customer, day.today).is_some() {
        return html! {};
    }
    let begin = {
        let (run, document, today) = (run.clone(), props.document, day.today);
        let card = props.card.clone();
        Callback::from(move |_: MouseEvent| {
            let contacts = &card.customer.contacts;
            let begun = Reception::begin(contacts, today, platform::now());
            run.run(document, mark(begun), Callback::noop());
        })
    };
    html! {
        <>
            <button type="button" class="button begin-reception" onclick={begin} disabled={run.is_saving()}>
                <Icon picture={Picture::Receive} />{ text.get("reception-begin") }
            </button>
            <Saving problem={run.problem()} />
        </>
    }
}

/// The reception while it is under way: the nine steps, log the visit, or the customer has left.
#[component]
pub fn UnderWay(props: &ReceptionProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let customer = &props.card.customer;
    let Some(reception) = under_way(customer, day.today) else {
        return html! {};
    };
    let name = customer.field(CustomerField::Name).to_owned();
    html! {
        <section class="reception" aria-label={text.get("reception-begin")}>
            <div class="reception-line">
                <p class="reception-since">
                    <Icon picture={Picture::Receive} />{ since_words(reception.since, &day, &text) }
                </p>
                <div class="actions">
                    <VisitButton name={name.clone()} on_visit={props.on_visit.clone()} />
                    <LeftButton document={props.document} {name} />
                </div>
            </div>
            <Outline script={RECEPTION_SCRIPT} />
        </section>
    }
}

/// Properties of [`VisitButton`].
#[derive(PartialEq, Properties)]
pub struct VisitButtonProps {
    /// The name to say.
    pub name: AttrValue,
    /// Called when the visit is to be logged.
    pub on_visit: Callback<()>,
}

/// Logs the visit.
#[component]
pub fn VisitButton(props: &VisitButtonProps) -> Html {
    let text = use_text();
    html! {
        <button type="button" class="button primary" onclick={props.on_visit.reform(|_: MouseEvent| ())}
            aria-label={text.get_with("reception-log-with", [("name", props.name.as_str().into())])}>
            <Icon picture={Picture::Write} />{ text.get("reception-log") }
        </button>
    }
}

/// Properties of [`LeftButton`].
#[derive(PartialEq, Properties)]
pub struct LeftButtonProps {
    /// The card.
    pub document: DocumentId,
    /// The name to say.
    pub name: AttrValue,
}

/// Ends the reception without a visit to log: the customer has left.
#[component]
pub fn LeftButton(props: &LeftButtonProps) -> Html {
    let (text, run) = (use_text(), use_run());
    let leave = {
        let (run, document) = (run.clone(), props.document);
        Callback::from(move |_: MouseEvent| {
            let ended = Reception::end(platform::now());
            run.run(document, mark(ended), Callback::noop());
        })
    };
    html! {
        <>
            <button type="button" class="button" onclick={leave} disabled={run.is_saving()}
                aria-label={text.get_with("reception-left-of", [("name", props.name.as_str().into())])}>
                <Icon picture={Picture::Leave} />{ text.get("reception-left") }
            </button>
            <Saving problem={run.problem()} />
        </>
    }
}
