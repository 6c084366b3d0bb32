//! The one big action of an item: call, write, or look at the card before a visit.

use floorbook_shared::id::DocumentId;
use floorbook_shared::record::contact::Channel;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;
use yew_router::prelude::*;

use super::card_route;
use crate::screen::components::{Dialog, Icon, Picture, QrCode, copy_text};
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
            tel(phone).replacen("tel:", "sms:", 1),
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

#[derive(PartialEq, Properties)]
struct PhoneCodeProps {
    phone: AttrValue,
    name: AttrValue,
}

/// For a tablet that cannot call: a code that a phone scans and dials.
#[component]
fn PhoneCode(props: &PhoneCodeProps) -> Html {
    let text = use_text();
    let is_open = use_state(|| false);
    let show = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(true))
    };
    let on_close = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    let title = text.get_with("call-by-code", [("name", props.name.as_str().into())]);
    html! {
        <>
            <button type="button" class="icon-button" onclick={show} aria-label={title.clone()}><Icon picture={Picture::Qr} /></button>
            if *is_open {
                <Dialog id="phone-code" title={title.clone()} {on_close}>
                    <div class="phone-code">
                        <QrCode content={tel(&props.phone)} label={title} />
                        <p class="phone-code-number">{ &props.phone }</p>
                        <p class="quiet">{ text.get("call-by-code-hint") }</p>
                    </div>
                </Dialog>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct CopyWechatProps {
    wechat: AttrValue,
    name: AttrValue,
}

/// WeChat opens no chat by a link: its id is copied.
#[component]
fn CopyWechat(props: &CopyWechatProps) -> Html {
    let text = use_text();
    let copied = use_state(|| None::<bool>);
    let copy = {
        let (wechat, copied) = (props.wechat.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (wechat, copied) = (wechat.clone(), copied.clone());
            spawn_local(async move { copied.set(Some(copy_text(&wechat).await)) });
        })
    };
    let label = text.get_with("wechat-name", [("name", props.name.as_str().into())]);
    html! {
        <>
            <span class="quiet copied" role="status">
                { match *copied {
                    None => String::new(),
                    Some(true) => text.get_with("wechat-copied", [("wechat", props.wechat.as_str().into())]),
                    Some(false) => props.wechat.to_string(),
                } }
            </span>
            <button type="button" class="button primary" onclick={copy} aria-label={label}>
                <Icon picture={Picture::Message} />{ text.get("reach-wechat") }
            </button>
        </>
    }
}

/// Whether a text can stand in a `mailto:` link without meaning something else there.
fn is_mail(text: &str) -> bool {
    let text = text.trim();
    let is_plain = |sign: char| sign.is_alphanumeric() || "@.-_+".contains(sign);
    text.contains('@') && text.chars().all(is_plain)
}

/// The link that dials a phone as typed.
pub fn tel(phone: &str) -> String {
    let number: String = phone
        .chars()
        .map(floorbook_shared::record::width::fold_char)
        .filter(|sign| sign.is_ascii_digit() || matches!(sign, '+' | '*' | '#'))
        .collect();
    format!("tel:{number}")
}
