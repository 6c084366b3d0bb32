//! Handovers that are under way and covers that run.

use floorbook_shared::api::{HandoverStage, RunningHandover};
use floorbook_shared::id::PersonId;
use yew::prelude::*;

use super::{LoadTrouble, NotForYou};
use crate::screen::components::{Confirm, Empty};
use crate::screen::hooks::{use_app, use_day, use_loaded, use_sending, use_text};
use crate::screen::http;
use crate::screen::pages::more::BackToMore;
use crate::screen::platform;
use crate::screen::when;

/// The page.
#[component]
pub fn Handovers() -> Html {
    let (text, app) = (use_text(), use_app());
    use_effect_with(text.get("handovers"), |title| platform::set_title(title));
    if !app.may_hand_over() {
        return html! { <NotForYou /> };
    }
    html! {
        <div class="page handovers">
            <BackToMore />
            <header class="page-head"><h1>{ text.get("handovers") }</h1></header>
            <HandoverList of={None::<PersonId>} />
        </div>
    }
}

/// Properties of [`HandoverList`].
#[derive(PartialEq, Properties)]
pub struct HandoverListProps {
    /// Only those that this person gives or takes; nothing is said if there are none.
    #[prop_or_default]
    pub of: Option<PersonId>,
}

/// The list, of all or of one person.
#[component]
pub fn HandoverList(props: &HandoverListProps) -> Html {
    let text = use_text();
    let running = use_loaded(http::handovers);
    let Some(all) = running.value.clone() else {
        return html! {
            <>
                <LoadTrouble problem={running.problem.clone()} reload={running.reload.clone()} />
                if running.problem.is_none() { <p class="quiet slow" role="status">{ text.get("please-wait") }</p> }
            </>
        };
    };
    let concerns = |handover: &&RunningHandover| {
        let person = props.of;
        person.is_none_or(|person| handover.from == person || handover.to == person)
    };
    let shown: Vec<RunningHandover> = all.iter().filter(concerns).cloned().collect();
    if shown.is_empty() && props.of.is_some() {
        return html! {};
    }
    html! {
        <>
            <LoadTrouble problem={running.problem.clone()} reload={running.reload.clone()} />
            if shown.is_empty() {
                <Empty title={text.get("handovers-empty")} advice={text.get("handovers-empty-advice")} />
            } else {
                <section class="panel" aria-labelledby="handovers-title">
                    <h2 id="handovers-title">{ text.get_with("handovers-count", [("count", shown.len().into())]) }</h2>
                    { for shown.iter().map(|handover| html! {
                        <Row key={handover.id.to_string()} handover={handover.clone()} on_changed={running.reload.clone()} />
                    }) }
                </section>
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct RowProps {
    handover: RunningHandover,
    on_changed: Callback<()>,
}

#[component]
fn Row(props: &RowProps) -> Html {
    let (text, app, day, sending) = (use_text(), use_app(), use_day(), use_sending());
    let is_asking = use_state_eq(|| false);
    let handover = &props.handover;
    let name = |id: PersonId| {
        let person = app.scope.person(id);
        person.map(|person| person.name.clone()).unwrap_or_default()
    };
    let (from, to) = (name(handover.from), name(handover.to));
    let stage = match handover.stage {
        HandoverStage::Moving => "moving",
        HandoverStage::Covering => "covering",
        HandoverStage::Returning => "returning",
        HandoverStage::Done => "done",
    };
    let customers = match handover.customers {
        None => text.get("handovers-all"),
        Some(count) => text.get_with("handovers-some", [("count", count.into())]),
    };
    let until = match handover.until {
        None => text.get("handovers-good"),
        Some(until) => {
            // The last moment of the day that was chosen, not the midnight after it.
            let last = day.clock.local(until.plus_millis(-1));
            let words = when::day(last.date, day.today, &text);
            text.get_with("handovers-until", [("day", words.into())])
        }
    };
    let at = day.moment(handover.at, &text);
    let by = match handover.by {
        None => text.get_with("handovers-by-nobody", [("at", at.into())]),
        Some(by) => text.get_with(
            "handovers-by",
            [("name", name(by).into()), ("at", at.into())],
        ),
    };
    let ask = |is_open: bool| {
        let (is_asking, sending) = (is_asking.clone(), sending.clone());
        Callback::from(move |()| {
            sending.forget_problem();
            is_asking.set(is_open);
        })
    };
    let on_confirm = {
        let (is_asking, sending) = (is_asking.clone(), sending.clone());
        let (id, on_changed) = (handover.id, props.on_changed.clone());
        Callback::from(move |()| {
            let (is_asking, on_changed) = (is_asking.clone(), on_changed.clone());
            sending.send(http::end_handover(id), move |()| {
                is_asking.set(false);
                on_changed.emit(());
            });
        })
    };
    html! {
        <div class="handover-row" data-stage={stage}>
            <div class="plain-words">
                <span class="plain-name">{ text.get_with("handovers-line", [("from", from.as_str().into()), ("to", to.as_str().into())]) }</span>
                <span class="plain-sub">{ customers }{ " · " }{ until }{ " · " }{ by }</span>
                if !handover.note.is_empty() { <span>{ &handover.note }</span> }
            </div>
            <div class="actions">
                <span class="tag">{ text.coded("stage", stage) }</span>
                if handover.stage == HandoverStage::Covering {
                    <button type="button" class="button" onclick={ask(true).reform(|_: MouseEvent| ())}>{ text.get("handovers-end") }</button>
                }
            </div>
            if *is_asking {
                <Confirm id="end-cover" title={text.get("handovers-end-title")} action={text.get("handovers-end")}
                    is_busy={sending.is_busy()} problem={sending.problem()} {on_confirm} on_close={ask(false)}>
                    <p>{ text.get_with("handovers-end-explained", [("name", from.as_str().into()), ("other", to.as_str().into())]) }</p>
                </Confirm>
            }
        </div>
    }
}
