//! The locked tablet: who works on it, and the field for their PIN.

use floorbook_shared::device::message::{PersonHere, Request, UnlockProblem};
use floorbook_shared::id::PersonId;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::screen::components::{Field, Message, Tone};
use crate::screen::hooks::{use_app, use_link, use_text};
use crate::screen::pages::outside::Outside;
use crate::screen::route::Route;

/// The page.
#[component]
pub fn Lock() -> Html {
    let (text, app) = (use_text(), use_app());
    let chosen = use_state(|| None::<PersonId>);
    let person = app.people.iter().find(|here| Some(here.person) == *chosen);
    let only = (app.people.len() == 1)
        .then(|| app.people.first())
        .flatten();
    html! {
        <Outside title={text.get("lock-title")}>
            if let Some(person) = person.or(only) {
                <Unlocking key={person.person.to_string()} person={person.clone()} />
            } else {
                <p>{ text.get("lock-who") }</p>
            }
            if app.people.len() > 1 {
                <ul class="lock-people">
                    { for app.people.iter().map(|here| {
                        let (id, chosen) = (here.person, chosen.clone());
                        let choose = Callback::from(move |_: MouseEvent| chosen.set(Some(id)));
                        html! {
                            <li><button type="button" class="button wide" onclick={choose}>{ &here.name }
                                <Waiting person={here.clone()} /></button></li>
                        }
                    }) }
                </ul>
            }
            <Link<Route> to={Route::SignIn} classes="button">{ text.get("sign-in-online") }</Link<Route>>
        </Outside>
    }
}

#[derive(PartialEq, Properties)]
struct PersonProps {
    person: PersonHere,
}

/// What waits of a person.
#[component]
fn Waiting(props: &PersonProps) -> Html {
    let text = use_text();
    let count = props.person.waiting + props.person.refused;
    html! {
        if count > 0 {
            <span class="quiet">{ " " }{ text.get_with("lock-waiting", [("count", count.into())]) }</span>
        }
    }
}

#[component]
fn Unlocking(props: &PersonProps) -> Html {
    let (text, app, link) = (use_text(), use_app(), use_link());
    let pin = use_state(String::new);
    let person = &props.person;
    let onsubmit = {
        let (pin, id) = (pin.clone(), person.person);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            link.ask(Request::Unlock {
                person: id,
                secret: pin.as_str().into(),
            });
            pin.set(String::new());
        })
    };
    let on_input = {
        let pin = pin.clone();
        Callback::from(move |value| pin.set(value))
    };
    let told = app
        .unlock_problem
        .filter(|(whose, _)| *whose == person.person)
        .map(|(_, problem)| problem);
    let problem = told.or_else(|| person.closed.map(UnlockProblem::from));
    let problem = problem.map(|problem| match problem {
        UnlockProblem::Wrong => {
            text.get_with("unlock-wrong", [("count", person.tries_left.into())])
        }
        UnlockProblem::TriesUsedUp => text.get("unlock-tries-used-up"),
        UnlockProblem::LeaseOver => text.get("unlock-lease-over"),
        UnlockProblem::Damaged | UnlockProblem::Unknown => text.get("unlock-damaged"),
        UnlockProblem::Storage => text.coded("problem", "storage_failed"),
    });
    html! {
        <form class="form" {onsubmit}>
            <h2>{ &person.name }<Waiting person={person.clone()} /></h2>
            if person.is_lease_ending {
                <Message tone={Tone::Warning}>
                    <p>{ text.get_with("lease-ending", [("hours", person.lease_hours_left.into())]) }</p>
                </Message>
            }
            if person.closed.is_none() {
                <Field id="pin" label={text.get("pin")} kind="password" value={(*pin).clone()} {on_input}
                    autofill="off" is_required=true is_first=true />
                <button type="submit" class="button primary wide" disabled={pin.is_empty()}>{ text.get("unlock") }</button>
            }
            if let Some(problem) = problem {
                <Message tone={Tone::Problem}><p>{ problem }</p></Message>
            }
        </form>
    }
}
