//! 时间线: contacts and what was planned, newest first.

use std::rc::Rc;

use floorbook_shared::id::PersonId;
use floorbook_shared::record::contact::{Contact, NextStep, NextStepDecision, StepEnding};
use floorbook_shared::record::handover::{Handover, HandoverKind};
use floorbook_shared::time::Timestamp;
use floorbook_shared::view::card::CardView;
use yew::prelude::*;

use crate::screen::components::{Empty, Icon, Picture};
use crate::screen::hooks::{Day, use_app, use_day, use_later, use_text};
use crate::screen::state::AppState;
use crate::screen::text::Text;
use crate::screen::when;

/// Events that are drawn with the card: as many as are in sight, and some more.
const FIRST_EVENTS: usize = 10;
/// The others are drawn after this time, in milliseconds.
const OTHERS_MILLIS: u32 = 250;

/// Properties of [`CardTimeline`].
#[derive(PartialEq, Properties)]
pub struct CardTimelineProps {
    /// The card.
    pub card: Rc<CardView>,
}

/// The timeline of a card. Steps stand with the contact that they came out of.
#[component]
pub fn CardTimeline(props: &CardTimelineProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let is_all = use_later(OTHERS_MILLIS);
    let customer = &props.card.customer;
    let mut items: Vec<(Timestamp, Html)> = customer
        .contacts
        .iter()
        .map(|contact| {
            let steps = customer.next_steps.iter();
            let steps = steps.filter(|step| step.after == Some(contact.id));
            let by = app.scope.person(contact.by);
            let shown = html! {
                <ContactEvent key={contact.id.to_string()} contact={contact.clone()}
                    steps={steps.cloned().collect::<Vec<_>>()} by={by.map(|person| person.name.clone())} />
            };
            (contact.at, shown)
        })
        .collect();
    items.extend(customer.handovers.iter().map(|handover| {
        (
            handover.entry.at,
            show_handover(handover, &app, &text, &day),
        )
    }));
    let knows = |step: &&NextStep| {
        step.after
            .is_some_and(|after| customer.contacts.iter().any(|one| one.id == after))
    };
    items.extend(
        customer
            .next_steps
            .iter()
            .filter(|step| !knows(step))
            .map(|step| {
                let alone = html! {
                    <li key={step.id.to_string()} class="event">
                        <p class="event-head"><time>{ day.moment(step.at, &text) }</time></p>
                        { show_step(step, &text, &day) }
                    </li>
                };
                (step.at, alone)
            }),
    );
    if items.is_empty() {
        return html! { <Empty title={text.get("timeline-empty")} advice={text.get("timeline-empty-advice")} /> };
    }
    items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let count = if is_all { items.len() } else { FIRST_EVENTS };
    let drawn = items.into_iter().take(count).map(|(_, item)| item);
    html! { <ol class="timeline">{ for drawn }</ol> }
}

/// Properties of [`ContactEvent`].
#[derive(PartialEq, Properties)]
struct ContactEventProps {
    contact: Contact,
    /// The steps that it led to.
    steps: Vec<NextStep>,
    /// Who logged it, if that is known here.
    by: Option<String>,
}

/// A contact, which is drawn anew only when something of it changes.
#[component]
fn ContactEvent(props: &ContactEventProps) -> Html {
    let (text, day) = (use_text(), use_day());
    let contact = &props.contact;
    html! {
        <li class="event">
            <p class="event-head">
                <strong>{ text.coded("channel", contact.channel.key()) }</strong>
                if let Some(purpose) = contact.purpose { <span>{ text.coded("purpose", purpose.key()) }</span> }
                <span class={format!("outcome outcome-{}", contact.outcome.key())}>{ text.coded("outcome", contact.outcome.key()) }</span>
                if let Some(satisfaction) = contact.satisfaction { <span>{ text.coded("satisfaction", satisfaction.key()) }</span> }
                <time class="quiet">{ when::near_day(contact.date, day.today, &text) }</time>
                if let Some(by) = &props.by { <span class="quiet">{ by }</span> }
            </p>
            if !contact.reason.is_empty() { <p class="event-note">{ text.get_with("timeline-refused", [("reason", contact.reason.as_str().into())]) }</p> }
            if !contact.note.is_empty() { <p class="event-note">{ &contact.note }</p> }
            { for props.steps.iter().map(|step| show_step(step, &text, &day)) }
        </li>
    }
}

/// Who was responsible from when on.
fn show_handover(handover: &Handover, app: &AppState, text: &Text, day: &Day) -> Html {
    let entry = &handover.entry;
    let name = |id: PersonId| {
        let person = app.scope.person(id);
        person.map(|person| person.name.clone()).unwrap_or_default()
    };
    let (from, to) = (name(entry.from), name(entry.to));
    let words = match (entry.kind, entry.until) {
        (HandoverKind::Back, _) => text.get_with("handover-event-back", [("to", to.into())]),
        (HandoverKind::Cover, Some(until)) => {
            let last = day.clock.local(until.plus_millis(-1)).date;
            let values = [
                ("from", from.into()),
                ("to", to.into()),
                ("day", when::day(last, day.today, text).into()),
            ];
            text.get_with("handover-event-cover", values)
        }
        (HandoverKind::ForGood | HandoverKind::Cover, _) => {
            let values = [("from", from.into()), ("to", to.into())];
            text.get_with("handover-event-good", values)
        }
    };
    html! {
        <li key={handover.id.to_string()} class="event is-handover">
            <p class="event-head">
                <Icon picture={Picture::HandOver} />
                <strong>{ words }</strong>
                <time class="quiet">{ day.moment(entry.at, text) }</time>
                <span class="quiet">{ name(entry.by) }</span>
            </p>
            if !entry.note.is_empty() { <p class="event-note">{ &entry.note }</p> }
        </li>
    }
}

fn show_step(step: &NextStep, text: &Text, day: &Day) -> Html {
    let (words, ending) = match (&step.decision, &step.ending) {
        (NextStepDecision::None { reason }, _) => (
            text.get_with("timeline-none", [("reason", reason.as_str().into())]),
            None,
        ),
        (NextStepDecision::Planned { what, due, .. }, ending) => {
            let words = text.get_with(
                "timeline-step",
                [
                    ("what", what.as_str().into()),
                    ("day", when::near_day(*due, day.today, text).into()),
                ],
            );
            let ending = match ending {
                None => ("is-open", text.get("step-open")),
                Some(StepEnding::Done { .. }) => ("is-done", text.get("step-is-done")),
                Some(StepEnding::Dropped { reason }) => (
                    "is-dropped",
                    text.get_with("step-dropped", [("reason", reason.as_str().into())]),
                ),
            };
            (words, Some(ending))
        }
    };
    html! {
        <p class="event-step">
            <span aria-hidden="true">{ "→ " }</span>{ words }
            if let Some((class, ending)) = ending { <span class={classes!("step-state", class)}>{ ending }</span> }
        </p>
    }
}
