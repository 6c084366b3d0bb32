//! The one big action of an item: call, write, or look at the card before a visit.

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::contact::Channel;
use yew::prelude::*;
use yew_router::prelude::*;

use super::card_route;
use crate::screen::components::{CopyWechat, Icon, PhoneCode, Picture, is_mail, sms, tel};
use crate::screen::hooks::use_text;
use crate::screen::pages::customer_row::Shared;
use crate::screen::route::Route;

/// Properties of [`Reach`].
#[derive(PartialEq, Properties)]
pub(super) struct ReachProps {
    /// The card.
    pub document: DocumentId,
    /// How they are to be reached.
    pub how: Channel,
    /// The row of the card.
    pub row: Shared,
    /// The name to say.
    pub name: AttrValue,
    /// Called when somebody is called or written to: the form stands ready when they come back.
    pub on_reach: Callback<MouseEvent>,
}

/// The action. Where the card lacks the number or address for it, the way to the card.
#[component]
pub(super) fn Reach(props: &ReachProps) -> Html {
    let text = use_text();
    let row = &props.row.0.entry.row;
    let phone = row.phones.first().filter(|phone| !phone.is_empty());
    let name = || [("name", props.name.as_str().into())];
    let link = |href: String, picture: Picture, word: String, label: String| {
        html! {
            <a class="button primary" {href} aria-label={label} onclick={props.on_reach.clone()}><Icon {picture} />{ word }</a>
        }
    };
    match (props.how, phone) {
        // A step that does not say how is a call wherever there is a phone.
        (Channel::Call | Channel::Other, Some(phone)) => html! {
            <>
                <PhoneCode phone={phone.clone()} name={props.name.clone()} />
                { link(tel(phone), Picture::Phone, text.get("reach-call"), text.get_with("call-name", name())) }
            </>
        },
        (Channel::Message, Some(phone)) => link(
            sms(phone),
            Picture::Message,
            text.get("reach-message"),
            text.get_with("message-name", name()),
        ),
        (Channel::Mail, _) if is_mail(&row.email) => link(
            format!("mailto:{}", row.email.trim()),
            Picture::Message,
            text.get("reach-mail"),
            text.get_with("mail-name", name()),
        ),
        (Channel::Wechat, _) if !row.wechat.is_empty() => {
            html! { <CopyWechat wechat={row.wechat.clone()} name={props.name.clone()} /> }
        }
        (
            Channel::Call
            | Channel::Message
            | Channel::Mail
            | Channel::Wechat
            | Channel::StoreVisit
            | Channel::HomeVisit
            | Channel::Other,
            _,
        ) => html! {
            <Link<Route> to={card_route(props.document)} classes="button primary">{ text.get("reach-card") }</Link<Route>>
        },
    }
}
