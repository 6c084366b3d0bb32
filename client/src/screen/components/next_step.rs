//! What comes next: something on a day, or nothing, because.

use floorbook_shared::id::EntryId;
use floorbook_shared::record::contact::{Channel, NextStepDecision, Purpose, STEP_MAX_CHARS};
use floorbook_shared::time::{Date, TimeOfDay};
use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::screen::components::{Chips, Choice, Field, TimeChips};
use crate::screen::hooks::{use_day, use_text};
use crate::screen::text::Text;
use crate::screen::when;

/// The half-typed next step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextStepDraft {
    /// The entry of the new step, made when the form opens: two taps make one step.
    pub step: EntryId,
    /// Whether something is planned.
    pub plan: Option<Plan>,
    /// What is to be done.
    pub what: String,
    /// The day.
    pub due: Option<Date>,
    /// How.
    pub how: Option<Channel>,
    /// Why nothing is to be done.
    pub reason: String,
    /// The hour, if one is agreed.
    #[serde(default)]
    pub time: Option<TimeOfDay>,
    /// What for.
    #[serde(default)]
    pub purpose: Option<Purpose>,
}

/// Whether something is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Plan {
    /// Something on a day.
    Step,
    /// Nothing, because.
    Nothing,
}

impl NextStepDraft {
    /// An empty one.
    pub fn new(step: EntryId) -> Self {
        Self {
            step,
            plan: None,
            what: String::new(),
            due: None,
            how: None,
            reason: String::new(),
            time: None,
            purpose: None,
        }
    }

    /// The decision, or what is still missing for it, in words.
    pub fn decision(&self, text: &Text) -> Result<NextStepDecision, String> {
        match self.plan {
            None => Err(text.get("missing-next-step")),
            Some(Plan::Nothing) if self.reason.trim().is_empty() => Err(text.get("missing-reason")),
            Some(Plan::Nothing) => Ok(NextStepDecision::None {
                reason: self.reason.trim().to_owned(),
            }),
            Some(Plan::Step) => match (self.what.trim(), self.due, self.how) {
                ("", _, _) => Err(text.get("missing-what")),
                (_, None, _) => Err(text.get("missing-day")),
                (_, _, None) => Err(text.get("missing-how")),
                (what, Some(due), Some(how)) => Ok(NextStepDecision::Planned {
                    what: what.to_owned(),
                    due,
                    how,
                    time: self.time,
                    purpose: self.purpose,
                }),
            },
        }
    }
}

/// What is often done next, with the channel that it needs and what it is for.
fn suggestions(text: &Text) -> [(String, Channel, Purpose); 9] {
    [
        (text.get("suggest-call"), Channel::Call, Purpose::FollowUp),
        (
            text.get("suggest-wechat"),
            Channel::Wechat,
            Purpose::FollowUp,
        ),
        (
            text.get("suggest-invite"),
            Channel::StoreVisit,
            Purpose::FollowUp,
        ),
        (
            text.get("suggest-measure"),
            Channel::HomeVisit,
            Purpose::FollowUp,
        ),
        (
            text.get("suggest-quote"),
            Channel::Wechat,
            Purpose::FollowUp,
        ),
        (
            text.get("suggest-occasion"),
            Channel::Call,
            Purpose::Occasion,
        ),
        (
            text.get("suggest-promotion"),
            Channel::Call,
            Purpose::Promotion,
        ),
        (
            text.get("suggest-referral"),
            Channel::Call,
            Purpose::Referral,
        ),
        (text.get("suggest-service"), Channel::Call, Purpose::Service),
    ]
}

/// Properties of [`NextStepEditor`].
#[derive(PartialEq, Properties)]
pub struct NextStepEditorProps {
    /// Names the editor in the page.
    pub id: AttrValue,
    /// The half-typed step.
    pub step: NextStepDraft,
    /// The day that the class of the customer asks for.
    #[prop_or_default]
    pub proposed: Option<Date>,
    /// Called with every change.
    pub on_change: Callback<NextStepDraft>,
}

/// Plans the next step, or says why there is none.
#[component]
pub fn NextStepEditor(props: &NextStepEditorProps) -> Html {
    let text = use_text();
    let change = |set: fn(&mut NextStepDraft, String)| {
        let (step, on_change) = (props.step.clone(), props.on_change.clone());
        Callback::from(move |value: String| {
            let mut step = step.clone();
            set(&mut step, value);
            on_change.emit(step);
        })
    };
    let choose_day = {
        let (step, on_change) = (props.step.clone(), props.on_change.clone());
        Callback::from(move |due: Option<Date>| {
            let plan = Some(Plan::Step);
            on_change.emit(NextStepDraft {
                plan,
                due,
                ..step.clone()
            });
        })
    };
    let choose_nothing = {
        let (step, on_change) = (props.step.clone(), props.on_change.clone());
        Callback::from(move |()| {
            on_change.emit(NextStepDraft {
                plan: Some(Plan::Nothing),
                ..step.clone()
            });
        })
    };
    let suggest = |what: String, how: Channel, purpose: Purpose| {
        let (step, on_change) = (props.step.clone(), props.on_change.clone());
        Callback::from(move |_: MouseEvent| {
            on_change.emit(NextStepDraft {
                what: what.clone(),
                how: Some(how),
                purpose: Some(purpose),
                ..step.clone()
            });
        })
    };
    let because = |reason: String| {
        let (step, on_change) = (props.step.clone(), props.on_change.clone());
        Callback::from(move |_: MouseEvent| {
            on_change.emit(NextStepDraft {
                reason: reason.clone(),
                ..step.clone()
            });
        })
    };
    let choose_how = {
        let (step, on_change) = (props.step.clone(), props.on_change.clone());
        Callback::from(move |key: AttrValue| {
            on_change.emit(NextStepDraft {
                how: channel_of(&key),
                ..step.clone()
            });
        })
    };
    let choose_time = {
        let (step, on_change) = (props.step.clone(), props.on_change.clone());
        Callback::from(move |time| {
            on_change.emit(NextStepDraft {
                time,
                ..step.clone()
            });
        })
    };
    let reasons = [
        text.get("because-no-plan"),
        text.get("because-far-off"),
        text.get("because-bought"),
        text.get("because-declined"),
    ];
    html! {
        <div class="next-step-editor">
            <DayChips name={format!("{}-day", props.id)} label={text.get("next-step-when")}
                day={props.step.due.filter(|_| props.step.plan == Some(Plan::Step))} on_choose={choose_day} proposed={props.proposed}
                none={Some((props.step.plan == Some(Plan::Nothing), choose_nothing))} />
            if props.step.plan == Some(Plan::Step) {
                <div class="suggestions" role="group" aria-label={text.get("suggestions")}>
                    { for suggestions(&text).into_iter().map(|(what, how, purpose)| html! {
                        <button type="button" class="suggestion" onclick={suggest(what.clone(), how, purpose)}>{ what }</button>
                    }) }
                </div>
                <Field id={format!("{}-what", props.id)} label={text.get("next-step-what")} value={props.step.what.clone()}
                    on_input={change(|step, what| step.what = what)} most={Some(STEP_MAX_CHARS)} is_required=true />
                <Chips name={format!("{}-how", props.id)} label={text.get("next-step-how")} choices={channel_choices(&text)}
                    chosen={props.step.how.map(|how| AttrValue::from(how.key()))} on_choose={choose_how} />
                <TimeChips name={format!("{}-time", props.id)} label={text.get("next-step-time")} time={props.step.time} on_choose={choose_time} />
            }
            if props.step.plan == Some(Plan::Nothing) {
                <div class="suggestions" role="group" aria-label={text.get("suggestions")}>
                    { for reasons.into_iter().map(|reason| html! {
                        <button type="button" class="suggestion" onclick={because(reason.clone())}>{ reason }</button>
                    }) }
                </div>
                <Field id={format!("{}-reason", props.id)} label={text.get("none-because")} value={props.step.reason.clone()}
                    on_input={change(|step, reason| step.reason = reason)} most={Some(STEP_MAX_CHARS)} is_required=true
                    hint={text.get("none-because-hint")} />
            }
        </div>
    }
}

/// The channels as choices.
pub fn channel_choices(text: &Text) -> Vec<Choice> {
    Channel::ALL
        .iter()
        .map(|channel| Choice::new(channel.key(), text.coded("channel", channel.key())))
        .collect()
}

/// The channel of a key.
pub fn channel_of(key: &str) -> Option<Channel> {
    Channel::ALL
        .iter()
        .copied()
        .find(|channel| channel.key() == key)
}

/// Properties of [`DayChips`].
#[derive(PartialEq, Properties)]
pub struct DayChipsProps {
    /// Names the choice in the page.
    pub name: AttrValue,
    /// What the day is for.
    pub label: AttrValue,
    /// The chosen day.
    pub day: Option<Date>,
    /// Called with the chosen day; without one when a date is cleared.
    pub on_choose: Callback<Option<Date>>,
    /// A day that is proposed before the others.
    #[prop_or_default]
    pub proposed: Option<Date>,
    /// Offers "none, because": whether it is chosen, and what to call.
    #[prop_or_default]
    pub none: Option<(bool, Callback<()>)>,
}

/// Proposed days, any other day, or none.
#[component]
pub fn DayChips(props: &DayChipsProps) -> Html {
    let (text, now) = (use_text(), use_day());
    let is_picking = use_state(|| false);
    let today = now.today;
    let next_week = when::next_weekday(today, 1, 2);
    let mut proposed = vec![
        (when::plus_days(today, 1), text.get("date-tomorrow")),
        (when::next_weekday(today, 6, 2), text.get("date-saturday")),
    ];
    if !proposed.iter().any(|(day, _)| *day == next_week) {
        proposed.push((next_week, text.get("date-next-week")));
    }
    if let Some(day) = props.proposed
        && proposed.iter().all(|(one, _)| *one != day)
    {
        proposed.insert(0, (day, text.get("date-by-class")));
    }
    let is_other = props
        .day
        .is_some_and(|day| proposed.iter().all(|(one, _)| *one != day));
    let shows_picker = *is_picking || is_other;
    let is_none = props.none.as_ref().is_some_and(|(is_none, _)| *is_none);
    let mut choices: Vec<Choice> = proposed
        .iter()
        .map(|(day, label)| {
            let short = text.get_with(
                "date-chip",
                [
                    ("name", label.as_str().into()),
                    ("month", i32::from(day.month()).into()),
                    ("day", i32::from(day.day()).into()),
                ],
            );
            Choice::new(day.to_string(), short)
        })
        .collect();
    choices.push(Choice::new("other", text.get("date-other")));
    if props.none.is_some() {
        choices.push(Choice::new("none", text.get("none-because-chip")));
    }
    let chosen = if is_none {
        Some(AttrValue::from("none"))
    } else if shows_picker {
        Some(AttrValue::from("other"))
    } else {
        props.day.map(|day| AttrValue::from(day.to_string()))
    };
    let choose = {
        let (on_choose, none, is_picking) = (
            props.on_choose.clone(),
            props.none.clone(),
            is_picking.clone(),
        );
        Callback::from(move |value: AttrValue| {
            is_picking.set(value == "other");
            if value == "none" {
                if let Some((_, on_none)) = &none {
                    on_none.emit(());
                }
            } else {
                on_choose.emit(value.parse().ok());
            }
        })
    };
    let pick = props.on_choose.reform(|value: String| value.parse().ok());
    html! {
        <>
            <Chips name={props.name.clone()} label={props.label.clone()} {choices} {chosen} on_choose={choose} />
            if shows_picker && !is_none {
                <Field id={format!("{}-picked", props.name)} label={text.get("date-pick")} kind="date"
                    value={props.day.map(|day| day.to_string()).unwrap_or_default()} on_input={pick} />
            }
        </>
    }
}
