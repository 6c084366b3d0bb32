//! The head of a card: who it is, how they stand with the store, how they may be reached.

use std::rc::Rc;

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::consent::ConsentTopic;
use floorbook_shared::record::customer::{CustomerField, CustomerPhone};
use floorbook_shared::rules::dealings::{Dealings, Grade};
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use crate::screen::components::{
    ClassBadge, CopyWechat, Dialog, Icon, PhoneCode, Picture, is_mail, sms, tel,
};
use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::reception::{BeginReception, under_way};
use crate::screen::when;

/// Properties of [`CardHead`].
#[derive(PartialEq, Properties)]
pub struct CardHeadProps {
    /// The card.
    pub document: DocumentId,
    /// The content of the card.
    pub card: Rc<CardView>,
    /// Called when the class is to be changed.
    pub on_class: Callback<()>,
    /// Called when the customer is to be handed over.
    pub on_hand_over: Callback<()>,
    /// Called when a contact is to be logged.
    pub on_contact: Callback<()>,
}

/// The head.
#[component]
pub fn CardHead(props: &CardHeadProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let card = &props.card;
    let customer = &card.customer;
    let name = match customer.field(CustomerField::Name) {
        "" => text.get("card-without-name"),
        name => name.to_owned(),
    };
    let class = customer.class();
    let class_name = class.map_or_else(
        || text.get("class-none"),
        |class| text.coded("class", class.letter()),
    );
    let owner = app.owner(card.feed).map(|owner| owner.name.clone());
    let wechat = customer.field(CustomerField::Wechat);
    let mail = customer.field(CustomerField::Email).trim();
    // While they are in the store, the visit is what is to be logged.
    let is_here = under_way(customer, day.today).is_some();
    let may_mail = is_mail(mail) && !customer.refuses(ConsentTopic::Mail);
    html! {
        <header class="card-head">
            <div class="card-title">
                <button type="button" class="class-button" onclick={props.on_class.reform(|_: MouseEvent| ())}
                    aria-label={text.get_with("class-change", [("class", class_name.clone().into())])}>
                    <ClassBadge {class} />
                </button>
                <div>
                    <h1 id="card-name">{ &name }</h1>
                    <p class="card-sub">
                        <span class="number">{ customer.field(CustomerField::Number) }</span>
                        <span>{ class_name }</span>
                        if let Some(owner) = owner {
                            <span>{ text.get_with("responsible", [("name", owner.into())]) }</span>
                        }
                        if card.unsent > 0 {
                            <span class="mark-words">{ text.get_with("card-unsent", [("count", card.unsent.into())]) }</span>
                        }
                    </p>
                    <Standing card={card.clone()} />
                </div>
            </div>
            <div class="card-actions">
                { for customer.phones.iter().filter(|phone| !phone.number.is_empty()).map(|phone| html! {
                    <PhoneWays key={phone.id.to_string()} card={card.clone()} phone={phone.clone()} name={name.clone()} />
                }) }
                if !wechat.is_empty() {
                    <span class="reach-ways">
                        <span class="reach"><span class="quiet">{ text.coded("channel", "wechat") }</span>{ " " }{ wechat }</span>
                        if !customer.refuses(ConsentTopic::Wechat) {
                            <CopyWechat wechat={wechat.to_owned()} name={name.clone()} is_primary=false />
                        }
                    </span>
                }
                if may_mail {
                    <a class="button" href={format!("mailto:{mail}")} aria-label={text.get_with("mail-name", [("name", name.as_str().into())])}>
                        <Icon picture={Picture::Message} />{ text.get("reach-mail") }
                    </a>
                }
                <BeginReception document={props.document} card={card.clone()} />
                if app.may_hand_over_of(card.feed) {
                    <button type="button" class="button hand-over" onclick={props.on_hand_over.reform(|_: MouseEvent| ())}>
                        <Icon picture={Picture::HandOver} />{ text.get("handover-card") }
                    </button>
                }
                <button type="button" class={classes!("button", (!is_here).then_some("primary"), "log-contact")} onclick={props.on_contact.reform(|_: MouseEvent| ())}>
                    <Icon picture={Picture::Write} />{ text.get("log-contact") }
                </button>
            </div>
        </header>
    }
}

#[derive(PartialEq, Properties)]
struct StandingProps {
    card: Rc<CardView>,
}

/// What the store and the customer are to one another, and what the customer does not want.
#[component]
fn Standing(props: &StandingProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let rules = app.settings().dealings;
    let customer = &props.card.customer;
    let dealings = Dealings::of(customer);
    let life_cycle = dealings.life_cycle(day.today, &rules);
    let grade = dealings.grade(&rules);
    let refused = ConsentTopic::ALL.iter().copied();
    let refused =
        refused.filter(|topic| *topic != ConsentTopic::Sensitive && customer.refuses(*topic));
    html! {
        <p class="labels">
            { for refused.map(|topic| html! {
                <span key={topic.key()} class="label is-refused" data-refused={topic.key()}>
                    <Icon picture={Picture::Warning} />{ text.coded("do-not", topic.key()) }
                </span>
            }) }
            <span class="label">{ text.coded("life-cycle", life_cycle.key()) }</span>
            // Of somebody who never bought there is nothing to weigh.
            if dealings.purchases > 0 {
                <span class="label">{ text.coded("weight-label", dealings.weight(&rules).key()) }</span>
            }
            if grade != Grade::Plain { <span class="label is-grade">{ text.coded("grade", grade.key()) }</span> }
            { for dealings.times().map(|time| html! { <span key={time.key()} class="label">{ text.coded("dealing", time.key()) }</span> }) }
            if dealings.is_loyal(&rules) { <span class="label is-loyal">{ text.get("loyal") }</span> }
        </p>
    }
}

#[derive(PartialEq, Properties)]
struct PhoneWaysProps {
    card: Rc<CardView>,
    phone: CustomerPhone,
    name: AttrValue,
}

/// What can be done with a phone. Whoever does not want to be called is called only by somebody who
/// has read that.
#[component]
fn PhoneWays(props: &PhoneWaysProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let is_asking = use_state_eq(|| false);
    let set_asking = |asks: bool| {
        let is_asking = is_asking.clone();
        Callback::from(move |()| is_asking.set(asks))
    };
    let tapped = |asks: bool| set_asking(asks).reform(|_: MouseEvent| ());
    let phone = &props.phone;
    let name = || [("name", props.name.as_str().into())];
    let consent = props.card.customer.consents.get(&ConsentTopic::Call);
    let refusal = consent.filter(|consent| !consent.is_given);
    let label = html! {
        <>
            <span class="number">{ &phone.number }</span>
            if !phone.label.is_empty() { <span class="quiet">{ &phone.label }</span> }
        </>
    };
    html! {
        <span class="reach-ways">
            if let Some(refusal) = refusal {
                <button type="button" class="button is-refused" onclick={tapped(true)}>
                    <Icon picture={Picture::Warning} />{ label }<span>{ text.coded("do-not", "call") }</span>
                </button>
                if *is_asking {
                    <Dialog id="do-not-call" title={text.coded("do-not", "call")} on_close={set_asking(false)}
                        footer={html! {
                            <div class="save-line">
                                <button type="button" class="button primary" onclick={tapped(false)} data-first="true">{ text.get("do-not-call-leave") }</button>
                                <a class="button danger" href={tel(&phone.number)} onclick={tapped(false)}>{ text.get("do-not-call-anyway") }</a>
                            </div>
                        }}>
                        <p>{ text.get_with("do-not-call-since", [("day", when::day(refusal.on, day.today, &text).into())]) }</p>
                        <p class="quiet">{ text.get("do-not-call-advice") }</p>
                    </Dialog>
                }
            } else {
                <a class="button" href={tel(&phone.number)}><Icon picture={Picture::Phone} />{ label }</a>
                <PhoneCode phone={phone.number.clone()} name={props.name.clone()} />
            }
            if !props.card.customer.refuses(ConsentTopic::Message) {
                <a class="icon-button" href={sms(&phone.number)} aria-label={text.get_with("message-name", name())}><Icon picture={Picture::Message} /></a>
            }
        </span>
    }
}
