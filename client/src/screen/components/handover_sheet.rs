//! Handing customers over: to whom, for how long, and what happens then.

use floorbook_shared::access::{Person, Role};
use floorbook_shared::api::{HandedCustomers, NewHandover};
use floorbook_shared::id::{PersonId, StoreId};
use floorbook_shared::record::handover::HANDOVER_NOTE_MAX_CHARS;
use floorbook_shared::time::{Date, Timestamp};
use yew::prelude::*;

use crate::screen::components::{Avatar, Dialog, Empty, Field, Message, Tone, Until, UntilChips};
use crate::screen::hooks::{use_app, use_day, use_sending, use_text};
use crate::screen::http;
use crate::screen::state::AppState;
use crate::screen::text::Text;
use crate::screen::when;

/// Properties of [`HandoverSheet`].
#[derive(PartialEq, Properties)]
pub struct HandoverSheetProps {
    /// The store.
    pub store: StoreId,
    /// Whose customers they are.
    pub from: PersonId,
    /// Which ones.
    pub customers: HandedCustomers,
    /// How many these are, as far as this tablet knows.
    pub count: usize,
    /// Called when it is to be closed; told whether customers were handed over.
    pub on_close: Callback<bool>,
}

/// The sheet.
#[component]
pub fn HandoverSheet(props: &HandoverSheetProps) -> Html {
    let (text, app, day, sending) = (use_text(), use_app(), use_day(), use_sending());
    let to = use_state_eq(|| None::<PersonId>);
    let until = use_state_eq(|| None::<Until>);
    let note = use_state(String::new);
    let from = app
        .scope
        .person(props.from)
        .map(|person| person.name.clone());
    let from = from.unwrap_or_default();
    let colleagues = colleagues(props, &app);
    let end = match *until {
        Some(Until::Day(Some(date))) => Some(date),
        Some(Until::Good | Until::Day(None)) | None => None,
    };
    let missing = match (*to, *until) {
        (None, _) => Some(text.get("handover-missing-to")),
        (Some(_), None) => Some(text.get("handover-missing-until")),
        (Some(_), Some(Until::Day(None))) => Some(text.get("missing-day")),
        (Some(_), Some(Until::Day(Some(date)))) if date < day.today => {
            Some(text.get("handover-day-past"))
        }
        (Some(_), Some(Until::Good | Until::Day(Some(_)))) => None,
    };
    let is_ready = missing.is_none();
    let onclick = {
        let (to, note, sending) = (to.clone(), note.clone(), sending.clone());
        let (store, from) = (props.store, props.from);
        let (customers, on_close) = (props.customers.clone(), props.on_close.clone());
        let end = end.and_then(|date| end_of(date, &day.clock));
        Callback::from(move |_: MouseEvent| {
            let Some(to) = *to else { return };
            let handover = NewHandover {
                store,
                from,
                customers: customers.clone(),
                to,
                until: end,
                note: note.trim().to_owned(),
            };
            let on_close = on_close.clone();
            sending.send(http::hand_over(handover), move |_| on_close.emit(true));
        })
    };
    let cancel = props.on_close.reform(|_: MouseEvent| false);
    let count = [("count", props.count.into())];
    let title = match (&props.customers, props.count) {
        (HandedCustomers::All, _) => {
            text.get_with("handover-title-all", [("name", from.as_str().into())])
        }
        (HandedCustomers::Some(_), 1) => text.get("handover-title-one"),
        (HandedCustomers::Some(_), _) => text.get_with("handover-title-some", count),
    };
    let on_until = {
        let until = until.clone();
        Callback::from(move |chosen: Until| until.set(Some(chosen)))
    };
    let on_note = {
        let note = note.clone();
        Callback::from(move |value: String| note.set(value))
    };
    let footer = html! {
        <>
            if let Some(code) = sending.problem() {
                <Message tone={Tone::Problem}><p>{ text.coded("error", &code) }</p></Message>
            }
            <div class="save-line">
                if let Some(missing) = missing { <p id="handover-missing" class="save-reason" aria-live="polite">{ missing }</p> }
                <button type="button" class="button" onclick={cancel}>{ text.get("cancel") }</button>
                <button type="button" class="button primary" {onclick} disabled={!is_ready || sending.is_busy()} aria-describedby="handover-missing">
                    { if sending.is_busy() { text.get("please-wait") } else { text.get("handover-do") } }
                </button>
            </div>
        </>
    };
    html! {
        <Dialog id="handover" {title} is_sheet=true on_close={props.on_close.reform(|()| false)} {footer}>
            <div class="form">
                if colleagues.is_empty() {
                    <Empty title={text.get("handover-nobody")} advice={text.get("handover-nobody-advice")} />
                } else {
                    <fieldset>
                        <legend class="field-label">{ text.get("handover-to") }</legend>
                        <div class="colleagues">
                            { for colleagues.iter().map(|(person, cards)| {
                                let (to, id) = (to.clone(), person.id);
                                let is_chosen = *to == Some(id);
                                let onchange = Callback::from(move |_: Event| to.set(Some(id)));
                                colleague(person, *cards, is_chosen, onchange, &text)
                            }) }
                        </div>
                    </fieldset>
                }
                <UntilChips name="handover-until" label={text.get("handover-until")} until={*until} on_choose={on_until} />
                <Field id="handover-note" label={text.get("handover-note")} value={(*note).clone()} on_input={on_note}
                    lines=2 most={Some(HANDOVER_NOTE_MAX_CHARS)} hint={text.get("handover-note-hint")} />
                { consequences(*until, &from, day.today, &text) }
            </div>
        </Dialog>
    }
}

/// Those who keep customers in the store, with how many cards this tablet knows of.
fn colleagues(props: &HandoverSheetProps, app: &AppState) -> Vec<(Person, Option<usize>)> {
    let people = app.scope.people.iter();
    let may = |person: &&Person| {
        person.is_active && person.id != props.from && person.has(props.store, Role::Consultant)
    };
    let mut found: Vec<(Person, Option<usize>)> = people
        .filter(may)
        .map(|person| {
            let feed = app.scope.cards_feed(props.store, person.id);
            let cards = feed.map(|feed| {
                let rows = app.rows.iter();
                rows.filter(|row| row.entry.feed == feed.id).count()
            });
            (person.clone(), cards)
        })
        .collect();
    found.sort_by(|one, other| one.0.name.cmp(&other.0.name));
    found
}

fn colleague(
    person: &Person,
    cards: Option<usize>,
    is_chosen: bool,
    onchange: Callback<Event>,
    text: &Text,
) -> Html {
    html! {
        <label key={person.id.to_string()} class="colleague">
            <input type="radio" name="handover-to" checked={is_chosen} {onchange} />
            <span class="colleague-face">
                <Avatar name={person.name.clone()} is_small=true />
                <span class="plain-words">
                    <span class="plain-name">{ &person.name }</span>
                    if let Some(cards) = cards {
                        <span class="plain-sub">{ text.get_with("handover-cards", [("count", cards.into())]) }</span>
                    }
                </span>
            </span>
        </label>
    }
}

/// What happens then, on whose tablets.
fn consequences(until: Option<Until>, from: &str, today: Date, text: &Text) -> Html {
    let from = [("name", from.into())];
    let words = match until {
        None | Some(Until::Day(None)) => return html! {},
        Some(Until::Good) => vec![
            text.get_with("handover-good-moves", from),
            text.get("handover-good-stays"),
        ],
        Some(Until::Day(Some(date))) => {
            let day = when::day(date, today, text);
            vec![
                text.get_with("handover-cover-both", from),
                text.get_with("handover-cover-ends", [("day", day.into())]),
            ]
        }
    };
    html! {
        <Message tone={Tone::Calm}>
            <ul class="bullets">{ for words.into_iter().map(|words| html! { <li>{ words }</li> }) }</ul>
        </Message>
    }
}

/// The end of a day by the clock of the store.
fn end_of(date: Date, clock: &crate::screen::clock::Clock) -> Option<Timestamp> {
    let next = when::plus_days(date, 1);
    clock.start_of(next)
}
