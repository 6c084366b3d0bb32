//! Whether a walk-in is on a colleague's card, while theirs is being made: the server says whom to ask,
//! and no more.

use floorbook_shared::access::Action;
use floorbook_shared::api::{LookUp, LookUpAnswer};
use floorbook_shared::device::message::Connection;
use floorbook_shared::view::lookup::Wanted;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::screen::components::{Message, Tone};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::http;
use crate::screen::text::Text;

/// Nothing is asked until nobody has typed for so long, in milliseconds.
const PAUSE_MILLIS: u32 = 900;

/// Properties of [`KnownElsewhere`].
#[derive(PartialEq, Properties)]
pub struct KnownElsewhereProps {
    /// The phone as typed.
    pub phone: AttrValue,
    /// The WeChat id as typed.
    pub wechat: AttrValue,
}

/// What the server said to a question, or the code of why it said nothing.
#[derive(Clone, PartialEq)]
struct Said {
    asked: LookUp,
    answer: Result<LookUpAnswer, String>,
}

/// Asks the server about a phone and a WeChat id, and shows what matters of the answer.
#[component]
pub fn KnownElsewhere(props: &KnownElsewhereProps) -> Html {
    let (text, app) = (use_text(), use_app());
    let said = use_state_eq(|| None::<Said>);
    let is_online = matches!(app.status.connection, Connection::Online { .. });
    let question = app.store().and_then(|store| {
        let is_whole = Wanted::read(&props.phone, &props.wechat).is_ok();
        let may_ask = app.may(Action::LookUp(store.id));
        (is_whole && may_ask).then(|| LookUp {
            store: store.id,
            phone: props.phone.to_string(),
            wechat: props.wechat.to_string(),
        })
    });
    {
        let said = said.clone();
        use_effect_with(
            (question.clone(), is_online),
            move |(question, is_online)| {
                let is_known = said.as_ref().map(|said| &said.asked) == question.as_ref();
                let question = question.clone().filter(|_| *is_online && !is_known);
                let timer = question.map(|asked| {
                    Timeout::new(PAUSE_MILLIS, move || {
                        spawn_local(async move {
                            let answer = http::look_up(&asked).await;
                            let answer = answer.map_err(|problem| problem.code);
                            said.set(Some(Said { asked, answer }));
                        });
                    })
                });
                move || drop(timer)
            },
        );
    }
    let Some(question) = question else {
        return html! {};
    };
    let said = said.as_ref().filter(|said| said.asked == question);
    match said.map(|said| &said.answer) {
        Some(Ok(LookUpAnswer::Known { ask })) => html! {
            <Message tone={Tone::Warning}>
                <p><strong>{ text.get("known-elsewhere") }</strong>{ " " }{ whom(ask.as_deref(), &text) }</p>
            </Message>
        },
        Some(Ok(LookUpAnswer::Yours)) => html! {
            <Message tone={Tone::Warning}><p>{ text.get("known-yours") }</p></Message>
        },
        Some(Ok(LookUpAnswer::Unknown)) => html! {},
        Some(Err(code)) if code != "no_connection" => html! {
            <p class="quiet" role="status">{ text.coded("error", code) }</p>
        },
        None if is_online => html! {},
        Some(Err(_)) | None => html! {
            <p class="quiet" role="status">{ text.get("known-asked-later") }</p>
        },
    }
}

/// Whom to speak with about a customer whom a colleague looks after.
pub fn whom(ask: Option<&str>, text: &Text) -> String {
    match ask {
        Some(name) => text.get_with("known-ask", [("name", name.into())]),
        None => text.get("known-ask-manager"),
    }
}
