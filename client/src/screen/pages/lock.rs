//! The lock screen: who uses this tablet, and the keys that open it for them.

use floorbook_shared::api::TabletState;
use floorbook_shared::device::message::PersonHere;
use floorbook_shared::id::PersonId;
use floorbook_shared::secret::Secret;
use yew::prelude::*;

use crate::screen::components::{
    Empty, Ended, Icon, Message, PersonTile, Picture, StatusChip, TileNote, Tone, Unlock,
};
use crate::screen::hooks::{Day, use_app, use_day, use_link, use_text};
use crate::screen::pages::outside::Languages;
use crate::screen::pages::sign_in::SignIn;
use crate::screen::platform;
use crate::screen::recent;
use crate::screen::state::{Action, AskedNext, Attempt};
use crate::screen::text::Text;
use crate::screen::when;

/// What the lock screen asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Who it is.
    People,
    /// Their PIN.
    Secret(PersonId),
    /// A password: of one of them, or of someone else.
    Password(Option<PersonId>),
}

/// The page. It names nobody in the title: other apps and the history can read that.
#[component]
pub fn Lock() -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let asked = use_state_eq(|| match app.asked_next {
        Some(AskedNext::Secret(person)) => Asked::Secret(person),
        Some(AskedNext::Password(person)) => Asked::Password(Some(person)),
        None => Asked::People,
    });
    use_effect_with((), |()| platform::set_title("Floorbook"));
    let ask = |what: Asked| {
        let (asked, state) = (asked.clone(), app.dispatcher());
        Callback::from(move |()| {
            state.dispatch(Action::AttemptRead);
            asked.set(what);
        })
    };
    // Someone may leave this tablet while they are being asked.
    let person = match *asked {
        Asked::Secret(person) => app.person_here(person),
        Asked::Password(Some(person)) => {
            let name = app.person_here(person).map(|here| here.name.clone());
            return html! { <SignIn {name} on_back={ask(Asked::People)} /> };
        }
        Asked::Password(None) => return html! { <SignIn on_back={ask(Asked::People)} /> },
        Asked::People => None,
    };
    if app.people.is_empty() {
        return html! { <SignIn /> };
    }
    html! {
        <div class="lock">
            <Head />
            <main class="lock-body">
                <Retiring />
                if let Some(here) = person {
                    <UnlockPerson here={here.clone()} on_forgotten={ask(Asked::Password(Some(here.person)))} on_other={ask(Asked::People)}
                        on_secret={{
                            let (person, state) = (here.person, app.dispatcher());
                            Callback::from(move |secret: Secret| {
                                state.dispatch(Action::Trying);
                                link.unlock(person, secret);
                            })
                        }} />
                } else {
                    <h1>{ text.get("lock-title") }</h1>
                    <People on_person={{
                        let (asked, state) = (asked.clone(), app.dispatcher());
                        Callback::from(move |person: PersonId| {
                            state.dispatch(Action::AttemptRead);
                            asked.set(Asked::Secret(person));
                        })
                    }} on_other={ask(Asked::Password(None))} />
                }
            </main>
            <footer class="lock-foot"><Languages /></footer>
        </div>
    }
}

/// Which tablet this is, and the truth about sending: a locked tablet delivers too.
#[component]
fn Head() -> Html {
    let (text, app) = (use_text(), use_app());
    let store = platform::kept(platform::STORE_KEY);
    let code = app.tablet.as_ref().map(|tablet| tablet.code.clone());
    html! {
        <header class="lock-head">
            <p class="lock-place">
                if let Some(store) = store { <strong>{ store }</strong> }
                if let Some(code) = code { <span>{ text.get_with("tablet-code", [("code", code.into())]) }</span> }
            </p>
            <StatusChip />
        </header>
    }
}

/// A tablet that is being given up says so.
#[component]
fn Retiring() -> Html {
    let (text, app) = (use_text(), use_app());
    let state = app.standing().map(|standing| standing.state);
    if state != Some(TabletState::Retiring) {
        return html! {};
    }
    html! {
        <Message tone={Tone::Warning}>
            <p><strong>{ text.get("retiring-title") }</strong></p>
            <p>{ text.get("retiring-explained") }</p>
        </Message>
    }
}

#[derive(PartialEq, Properties)]
struct PeopleProps {
    on_person: Callback<PersonId>,
    on_other: Callback<()>,
}

/// The people of this tablet as tiles.
#[component]
fn People(props: &PeopleProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    if app.people.is_empty() {
        return html! { <Empty title={text.get("lock-nobody")} advice={text.get("lock-nobody-advice")} /> };
    }
    html! {
        <ul class="person-tiles" aria-label={text.get("lock-people")}>
            { for recent::first(&app.people).into_iter().map(|here| {
                let person = here.person;
                html! {
                    <li key={person.to_string()}>
                        <PersonTile name={here.name.clone()} notes={notes(&here, &text, &day)}
                            on_tap={props.on_person.reform(move |()| person)} />
                    </li>
                }
            }) }
            <li key="other">
                <button type="button" class="person-tile is-other" onclick={props.on_other.reform(|_: MouseEvent| ())}>
                    <span class="avatar" aria-hidden="true"><Icon picture={Picture::Add} /></span>
                    <span class="person-words">
                        <span class="person-name">{ text.get("lock-someone-else") }</span>
                        <span class="person-note">{ text.get("lock-someone-else-note") }</span>
                    </span>
                </button>
            </li>
        </ul>
    }
}

fn notes(here: &PersonHere, text: &Text, day: &Day) -> Vec<TileNote> {
    let mut notes = Vec::new();
    let mut note = |words: String, is_warning: bool| {
        let words = words.into();
        notes.push(TileNote { words, is_warning });
    };
    if here.waiting > 0 {
        let count = [("count", here.waiting.into())];
        note(text.get_with("tile-waiting", count), false);
    }
    if here.refused > 0 {
        let count = [("count", here.refused.into())];
        note(text.get_with("tile-attention", count), true);
    }
    if here.closed.is_some() {
        note(text.get("tile-sign-in"), true);
    } else if here.is_lease_ending {
        let end = [("day", lease_end(here, text, day).into())];
        note(text.get_with("tile-lease", end), true);
    }
    notes
}

/// The day until which the network is needed.
fn lease_end(here: &PersonHere, text: &Text, day: &Day) -> String {
    let left = i64::from(here.lease_hours_left) * 3_600_000;
    let end = day.clock.local(platform::now().plus_millis(left));
    when::day(end.date, day.today, text)
}

#[derive(PartialEq, Properties)]
struct UnlockPersonProps {
    here: PersonHere,
    on_secret: Callback<Secret>,
    on_forgotten: Callback<()>,
    on_other: Callback<()>,
}

/// The keys for one person, with what the worker said about the last try.
#[component]
fn UnlockPerson(props: &UnlockPersonProps) -> Html {
    let (text, app, day) = (use_text(), use_app(), use_day());
    let here = &props.here;
    let lease_end = here
        .is_lease_ending
        .then(|| AttrValue::from(lease_end(here, &text, &day)));
    html! {
        <Unlock key={here.person.to_string()} name={here.name.clone()} ended={here.closed.map(Ended::from)}
            waiting={here.waiting} attempt={app.attempt.clone()} {lease_end} is_busy={app.attempt == Attempt::UnderWay}
            on_secret={props.on_secret.clone()} on_forgotten={props.on_forgotten.clone()} on_other={props.on_other.clone()} />
    }
}
