//! Asks the store about the cards that were opened on this tablet, one after the other, whenever
//! there is a network.

use std::rc::Rc;

use floorbook_shared::access::Action as Right;
use floorbook_shared::api::{LookUp, LookUpAnswer};
use floorbook_shared::device::message::Connection;
use floorbook_shared::id::DocumentId;
use floorbook_shared::view::lookup::Wanted;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::screen::http;
use crate::screen::look_ups::{KnownCard, LOOK_UPS};
use crate::screen::state::{Action, App};
use crate::screen::worker_link::Link;

/// Between two questions, in milliseconds.
const PAUSE_MILLIS: u32 = 500;
/// After an answer that was none: the store lets everybody ask only so often.
const LONG_PAUSE_MILLIS: u32 = 45_000;

/// Asks about what is to be asked, and keeps what is left of it.
#[hook]
pub fn use_asking(app: &App, link: &Link) {
    let look_ups = Rc::clone(&app.look_ups);
    let person = app.identity.as_ref().map(|identity| identity.person);
    {
        let link = link.clone();
        use_effect_with((person, look_ups.clone()), move |(person, look_ups)| {
            if person.is_some() {
                link.keep_draft(LOOK_UPS, look_ups.kept());
            }
        });
    }
    let failures = use_state_eq(|| 0_u32);
    let is_online = matches!(app.status.connection, Connection::Online { .. });
    let is_free = is_online && person.is_some() && !app.are_rows_coming;
    let next = look_ups.next().filter(|_| is_free);
    let question = next.map(|document| (document, question(app, document)));
    let state = app.dispatcher();
    use_effect_with((question, *failures), move |(question, _)| {
        let pause = if *failures == 0 {
            PAUSE_MILLIS
        } else {
            LONG_PAUSE_MILLIS
        };
        let timer = question.clone().map(|(document, question)| {
            Timeout::new(pause, move || {
                spawn_local(async move {
                    let known = match question {
                        Some(question) => match http::look_up(&question).await {
                            Ok(LookUpAnswer::Known { ask }) => Some(KnownCard { document, ask }),
                            Ok(LookUpAnswer::Yours | LookUpAnswer::Unknown) => None,
                            Err(_) => return failures.set(*failures + 1),
                        },
                        None => None,
                    };
                    failures.set(0);
                    state.dispatch(Action::LookedUp(document, known));
                });
            })
        });
        move || drop(timer)
    });
}

/// What to ask about a card; nothing about one that has left, or has nothing to be found by.
fn question(app: &App, document: DocumentId) -> Option<LookUp> {
    let store = app.store()?.id;
    let row = app.rows.get(document)?;
    let (phone, wechat) = (row.entry.row.phones.first(), &row.entry.row.wechat);
    let phone = phone.cloned().unwrap_or_default();
    let is_whole = Wanted::read(&phone, wechat).is_ok();
    (is_whole && app.may(Right::LookUp(store))).then(|| LookUp {
        store,
        phone,
        wechat: wechat.clone(),
    })
}
