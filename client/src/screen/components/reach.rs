//! Ways to reach somebody beside a link: a code that a phone scans, an id to copy.

use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::screen::components::{Dialog, Icon, Picture, QrCode, copy_text};
use crate::screen::hooks::use_text;

/// Properties of [`PhoneCode`].
#[derive(PartialEq, Properties)]
pub struct PhoneCodeProps {
    /// The phone as typed.
    pub phone: AttrValue,
    /// Whose it is.
    pub name: AttrValue,
}

/// For a tablet that cannot call: a code that a phone scans and dials.
#[component]
pub fn PhoneCode(props: &PhoneCodeProps) -> Html {
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

/// Properties of [`CopyWechat`].
#[derive(PartialEq, Properties)]
pub struct CopyWechatProps {
    /// The id to copy.
    pub wechat: AttrValue,
    /// Whose it is.
    pub name: AttrValue,
    /// Whether it is the one big action of its place.
    #[prop_or(true)]
    pub is_primary: bool,
}

/// WeChat opens no chat by a link: its id is copied.
#[component]
pub fn CopyWechat(props: &CopyWechatProps) -> Html {
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
            <button type="button" class={classes!("button", props.is_primary.then_some("primary"))} onclick={copy} aria-label={label}>
                <Icon picture={Picture::Message} />{ text.get("reach-wechat") }
            </button>
        </>
    }
}

/// Whether a text can stand in a `mailto:` link without meaning something else there.
pub fn is_mail(text: &str) -> bool {
    let text = text.trim();
    let is_plain = |sign: char| sign.is_alphanumeric() || "@.-_+".contains(sign);
    text.contains('@') && text.chars().all(is_plain)
}

/// The link that writes a text message to a phone as typed.
pub fn sms(phone: &str) -> String {
    tel(phone).replacen("tel:", "sms:", 1)
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
