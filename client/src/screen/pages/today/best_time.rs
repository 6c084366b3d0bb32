//! When to call, beside each call.

use floorbook_shared::record::contact::Channel;
use floorbook_shared::rules::agenda::WorkItem;
use floorbook_shared::rules::calling::{self, Callee, Level, Moment, Reason, Stretch};
use yew::prelude::*;

use crate::screen::hooks::{use_app, use_day, use_text};
use crate::screen::pages::customer_row::Shared;
use crate::screen::text::Text;
use crate::screen::when;

/// Properties of [`BestTime`].
#[derive(PartialEq, Properties)]
pub(super) struct BestTimeProps {
    /// The item.
    pub item: WorkItem,
    /// The row of its card.
    pub row: Shared,
    /// The store's moment.
    pub now: Moment,
}

/// How good this moment is, why, and when is the next good one; nothing unless it is a call.
#[component]
pub(super) fn BestTime(props: &BestTimeProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let row = &props.row.0.entry.row;
    let is_call = match props.item.how {
        Channel::Call => true,
        Channel::Other => !row.phones.is_empty(),
        Channel::Wechat
        | Channel::Message
        | Channel::Mail
        | Channel::StoreVisit
        | Channel::HomeVisit => false,
    };
    if !is_call {
        return html! {};
    }
    let hours = app.store().map(|store| store.settings.calling);
    let callee = Callee::read(&row.occupation, &row.preferred_time);
    let advice = calling::advise(&callee, props.now, &hours.unwrap_or_default());
    let level = advice.level;
    let reason = match advice.reason.occupation() {
        Some(occupation) => {
            let occupation = [(
                "occupation",
                text.coded("occupation", occupation.key()).into(),
            )];
            if matches!(advice.reason, Reason::Occupation(_)) {
                text.get_with("call-for-occupation", occupation)
            } else {
                text.get_with("call-not-for-occupation", occupation)
            }
        }
        None => text.coded("call-reason", advice.reason.key()),
    };
    let is_good_now = level >= Level::Fine;
    let next = advice
        .next
        .filter(|next| level != Level::Fine || next.date == props.now.date);
    let next = next.map(|next| {
        if next.date == props.now.date && next.from <= props.now.minute {
            text.get_with("call-until", [("time", clock(next.until).into())])
        } else {
            text.get_with(
                "call-next",
                [("time", stretch(next, day.today, &text).into())],
            )
        }
    });
    html! {
        <p class="work-when" data-level={level.key()}>
            <span class={classes!("call-level", if is_good_now { "is-good" } else { "is-bad" })}>{ text.coded("call-level", level.key()) }</span>
            <span class="quiet">{ reason }</span>
            if let Some(next) = next { <span class="call-next">{ next }</span> }
            if !row.preferred_time.is_empty() {
                <span class="quiet">{ text.get_with("call-preferred", [("words", row.preferred_time.as_str().into())]) }</span>
            }
        </p>
    }
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn stretch(stretch: Stretch, today: floorbook_shared::time::Date, text: &Text) -> String {
    let hours = format!("{}–{}", clock(stretch.from), clock(stretch.until));
    if stretch.date == today {
        hours
    } else {
        format!("{} {hours}", when::near_day(stretch.date, today, text))
    }
}
