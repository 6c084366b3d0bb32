//! A one-time code as a QR code, as a link, and as text that can be typed.

use floorbook_shared::secret::Secret;
use floorbook_shared::time::Timestamp;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use crate::screen::components::{Countdown, QrCode};
use crate::screen::hooks::{use_day, use_text};
use crate::screen::platform;

/// Codes that work longer than this, in milliseconds, tell their end instead of counting down.
const COUNTED_MILLIS: i64 = 60 * 60 * 1000;

/// Properties of [`OneTimeLink`].
#[derive(PartialEq, Properties)]
pub struct OneTimeLinkProps {
    /// The path of the link, without the code.
    pub path: AttrValue,
    /// The code.
    pub code: Secret,
    /// Until when it works.
    pub expires: Timestamp,
    /// What the link is called.
    pub label: AttrValue,
    /// Whether the code itself is shown large, because it may be typed.
    #[prop_or_default]
    pub is_typed: bool,
    /// Called when it does not work any more.
    #[prop_or_default]
    pub on_end: Callback<()>,
}

/// The code; it is shown only while this stands on the screen.
#[component]
pub fn OneTimeLink(props: &OneTimeLinkProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let copied = use_state(|| None::<bool>);
    let code = props.code.expose();
    let address = format!("{}{}#{code}", platform::origin(), props.path);
    let copy = {
        let (address, copied) = (address.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let (address, copied) = (address.clone(), copied.clone());
            spawn_local(async move { copied.set(Some(copy_text(&address).await)) });
        })
    };
    let left = props.expires.as_millis() - platform::now().as_millis();
    html! {
        <div class="one-time">
            <QrCode content={address.clone()} label={props.label.clone()} />
            <div class="one-time-words">
                if props.is_typed {
                    <p class="quiet">{ text.get("one-time-code") }</p>
                    <p class="one-time-code" data-code={code.to_owned()}>{ grouped(code) }</p>
                }
                <p>
                    if left <= COUNTED_MILLIS {
                        <Countdown until={props.expires} on_end={props.on_end.clone()} />
                    } else {
                        <span class="countdown">{ text.get_with("one-time-until", [("until", day.moment(props.expires, &text).into())]) }</span>
                    }
                </p>
                <div class="copy-line">
                    <input type="text" readonly=true value={address} aria-label={props.label.clone()} class="invitation-address" />
                    <button type="button" class="button" onclick={copy}>{ text.get("copy") }</button>
                </div>
                <p role="status" class="quiet">
                    { match *copied {
                        None => String::new(),
                        Some(true) => text.get("copied"),
                        Some(false) => text.get("copy-failed"),
                    } }
                </p>
            </div>
        </div>
    }
}

/// Four signs at a time, as people read a code to one another.
fn grouped(code: &str) -> String {
    let signs: Vec<char> = code.chars().filter(|sign| *sign != '-').collect();
    let groups = signs
        .chunks(4)
        .map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}

/// Copies words; without a secure context there is no clipboard, and they can be marked by hand.
pub async fn copy_text(words: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    if !window.is_secure_context() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(words))
        .await
        .is_ok()
}
