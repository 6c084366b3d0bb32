//! All about saving and sending: what waits, what was refused, what is wrong, when was the last.

use floorbook_shared::device::message::{Connection, PersonHere, RefusedEntry, Request, Status};
use floorbook_shared::document::command::{Command, Edit, NewContact};
use floorbook_shared::id::GroupId;
use floorbook_shared::record::contact::NextStepDecision;
use yew::prelude::*;

use crate::screen::components::status_chip::words;
use crate::screen::components::{Message, SetAside, StorageFacts, Tone};
use crate::screen::hooks::{Day, use_app, use_day, use_link, use_text};
use crate::screen::platform;
use crate::screen::standing::Standing;
use crate::screen::state::{Action, App};
use crate::screen::text::Text;
use crate::screen::when;

/// The status in full.
#[component]
pub fn StatusPanel() -> Html {
    let (text, app, day, link) = (use_text(), use_app(), use_day(), use_link());
    let status = &app.status;
    let is_locked = app.identity.is_none();
    let standing = if is_locked {
        Standing::of_locked(status)
    } else {
        Standing::of(status)
    };
    let connect = {
        let link = link.clone();
        Callback::from(move |_: MouseEvent| link.ask(Request::ConnectNow))
    };
    let last = |at: Option<_>| at.map_or_else(|| text.get("never-yet"), |at| day.moment(at, &text));
    html! {
        <div class="status-panel">
            <p class="status-now">{ words(standing, &text, &day) }</p>
            { troubles(status, &app, &text) }
            <dl class="facts">
                <dt>{ text.get("status-connection") }</dt>
                <dd>{ connection(&status.connection, &text, &day) }</dd>
                <dt>{ text.get("status-waiting") }</dt>
                <dd>{ text.get_with("status-waiting-count", [("count", status.unsent.into())]) }</dd>
                { for app.people.iter().filter(|here| here.waiting + here.refused > 0).map(|here| html! {
                    <>
                        <dt>{ &here.name }</dt>
                        <dd>{ waiting_of(here, &text) }</dd>
                    </>
                }) }
                <dt>{ text.get("status-last-saved") }</dt>
                <dd>{ last(status.last_saved) }</dd>
                <dt>{ text.get("status-last-acknowledged") }</dt>
                <dd>{ last(status.last_acknowledged) }</dd>
                if !is_locked {
                    <dt>{ text.get("status-verified") }</dt>
                    <dd>{ last(status.verified) }</dd>
                    <dt>{ text.get("status-cards-here") }</dt>
                    <dd>{ app.rows.len() }</dd>
                }
                <StorageFacts />
                <dt>{ text.get("version") }</dt>
                <dd>{ env!("CARGO_PKG_VERSION") }</dd>
            </dl>
            <button type="button" class="button" onclick={connect}>{ text.get("connect-now") }</button>
            if !status.refused.is_empty() {
                <section class="refused" aria-labelledby="refused-title">
                    <h3 id="refused-title">{ text.get("refused-title") }</h3>
                    <p class="quiet">{ text.get("refused-explained") }</p>
                    { for status.refused.iter().map(|entry| html! {
                        <Refused key={entry.group.to_string()} entry={entry.clone()} />
                    }) }
                </section>
            }
        </div>
    }
}

/// What waits of one person, and what waits for them.
fn waiting_of(here: &PersonHere, text: &Text) -> String {
    let mut parts = Vec::new();
    if here.waiting > 0 {
        parts.push(text.get_with("tile-waiting", [("count", here.waiting.into())]));
    }
    if here.refused > 0 {
        parts.push(text.get_with("tile-attention", [("count", here.refused.into())]));
    }
    parts.join(" · ")
}

fn troubles(status: &Status, app: &App, text: &Text) -> Html {
    let state = app.dispatcher();
    let sign_in = Callback::from(move |_: MouseEvent| state.dispatch(Action::SignInAgain));
    let reload = Callback::from(|_: MouseEvent| platform::reload());
    let unreadable = status.unreadable.saturating_sub(status.set_aside.len());
    html! {
        <>
            if matches!(status.connection, Connection::SignInNeeded) {
                <Message tone={Tone::Warning}>
                    <p>{ text.get("status-sign-in-needed") }</p>
                    <button type="button" class="button" onclick={sign_in}>{ text.get("sign-in") }</button>
                </Message>
            }
            if matches!(status.connection, Connection::UpdateNeeded) {
                <Message tone={Tone::Warning}>
                    <p>{ text.get("status-update-needed") }</p>
                    <button type="button" class="button" onclick={reload}>{ text.get("reload") }</button>
                </Message>
            }
            if let Some(problem) = &status.storage_problem {
                <Message tone={Tone::Problem}>
                    <p><strong>{ text.get("status-storage-problem") }</strong></p>
                    <p>{ text.coded("storage", problem) }</p>
                </Message>
            }
            if status.differing > 0 {
                <Message tone={Tone::Warning}>
                    <p>{ text.get_with("status-differing", [("count", status.differing.into())]) }</p>
                </Message>
            }
            <SetAside />
            if unreadable > 0 {
                <Message tone={Tone::Warning}>
                    <p>{ text.get_with("status-unreadable", [("count", unreadable.into())]) }</p>
                </Message>
            }
        </>
    }
}

fn connection(connection: &Connection, text: &Text, day: &Day) -> String {
    match connection {
        Connection::Idle => text.get("connection-idle"),
        Connection::Connecting { .. } => text.get("connection-connecting"),
        Connection::Online { caught_up: true } => text.get("connection-online"),
        Connection::Online { caught_up: false } => text.get("connection-catching-up"),
        Connection::Offline { since, next_try } => text.get_with(
            "connection-offline",
            [
                ("since", day.moment(*since, text).into()),
                ("next", day.moment(*next_try, text).into()),
            ],
        ),
        Connection::SignInNeeded => text.get("connection-sign-in"),
        Connection::UpdateNeeded => text.get("connection-update"),
    }
}

#[derive(PartialEq, Properties)]
struct RefusedProps {
    entry: RefusedEntry,
}

/// A refused entry: what was wanted, why not, try again or discard.
#[component]
fn Refused(props: &RefusedProps) -> Html {
    let (text, day, link) = (use_text(), use_day(), use_link());
    let is_sure = use_state(|| false);
    let entry = &props.entry;
    let retry = act(&link, entry.group, |group| Request::RetryRefused { group });
    let discard = if *is_sure {
        act(&link, entry.group, |group| Request::DiscardRefused {
            group,
        })
    } else {
        let is_sure = is_sure.clone();
        Callback::from(move |_| is_sure.set(true))
    };
    let name = if entry.name.is_empty() {
        text.get("card-without-name")
    } else {
        entry.name.clone()
    };
    html! {
        <article class="refused-entry">
            <header>
                <strong>{ name }</strong>
                <time class="quiet">{ day.moment(entry.at, &text) }</time>
            </header>
            <p><span class="quiet">{ text.get("refused-wanted") }{ " " }</span>{ wanted(&entry.command, &text, &day) }</p>
            <p><span class="quiet">{ text.get("refused-why") }{ " " }</span>{ text.coded("refused", &entry.code) }</p>
            <div class="actions">
                <button type="button" class="button" onclick={retry}>{ text.get("try-again") }</button>
                <button type="button" class="button danger" onclick={discard}>
                    { if *is_sure { text.get("discard-sure") } else { text.get("discard") } }
                </button>
            </div>
        </article>
    }
}

fn act(
    link: &crate::screen::worker_link::Link,
    group: GroupId,
    request: fn(GroupId) -> Request,
) -> Callback<MouseEvent> {
    let link = link.clone();
    Callback::from(move |_| link.ask(request(group)))
}

/// What a person wanted, in words.
fn wanted(command: &Command, text: &Text, day: &Day) -> String {
    match command {
        Command::OpenCard(_) => text.get("wanted-open-card"),
        Command::EditCard { edits } => edits
            .iter()
            .map(|edit| wanted_edit(edit, text))
            .collect::<Vec<_>>()
            .join("; "),
        Command::LogContact(NewContact {
            date,
            channel,
            outcome,
            note,
            next,
            ..
        }) => {
            let contact = text.get_with(
                "wanted-contact",
                [
                    ("day", when::near_day(*date, day.today, text).into()),
                    ("channel", text.coded("channel", channel.key()).into()),
                    ("outcome", text.coded("outcome", outcome.key()).into()),
                ],
            );
            let next = match next {
                NextStepDecision::Planned { what, due, .. } => text.get_with(
                    "wanted-next",
                    [
                        ("what", what.as_str().into()),
                        ("day", when::near_day(*due, day.today, text).into()),
                    ],
                ),
                NextStepDecision::None { reason } => {
                    text.get_with("wanted-none", [("reason", reason.as_str().into())])
                }
            };
            [contact.as_str(), note.as_str(), next.as_str()]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · ")
        }
        // The server's own, which is never refused here.
        Command::NoteHandover { .. } => String::new(),
        Command::MoveNextStep { due, .. } => text.get_with(
            "wanted-move",
            [("day", when::near_day(*due, day.today, text).into())],
        ),
        Command::ReopenNextStep { .. } => text.get("wanted-reopen"),
        Command::DropNextStep { reason, .. } => {
            text.get_with("wanted-drop", [("reason", reason.as_str().into())])
        }
    }
}

fn wanted_edit(edit: &Edit, text: &Text) -> String {
    let (name, value) = match edit {
        Edit::SetField { field, value } => (text.coded("field", field.key()), value.as_str()),
        Edit::SetRemarks { text: remarks } => (text.get("remarks"), remarks.as_str()),
        Edit::AddPhone(phone) => (text.get("phone"), phone.number.as_str()),
        Edit::SetPhone { number, .. } => (text.get("phone"), number.as_str()),
        Edit::RemovePhone { .. } => (text.get("phone"), ""),
        Edit::LabelPhone { label, .. } => (text.get("phone"), label.as_str()),
        Edit::SetFact { name, fact } => (name.clone(), fact.value.as_str()),
        Edit::SetEntry { field, value, .. } => (text.coded("entry", field.key()), value.as_str()),
        Edit::SetConsent { topic, .. } => (text.coded("consent", topic.key()), ""),
    };
    let value = if value.is_empty() {
        text.get("wanted-cleared")
    } else {
        value.to_owned()
    };
    text.get_with(
        "wanted-edit",
        [("name", name.into()), ("value", value.into())],
    )
}
