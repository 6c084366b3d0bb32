//! Who works here: locking, switching, another PIN, leaving this tablet.

use yew::prelude::*;

use crate::screen::components::{Avatar, ChangeSecret, Leave, Leaving, Menu, MenuItem, Picture};
use crate::screen::hooks::{use_app, use_text};
use crate::screen::recent;
use crate::screen::state::Action;

/// So many others can be switched to at once; the lock screen has all of them.
const QUICK_MAX: usize = 4;

/// What is open over the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    ChangeSecret,
    SignOut,
}

/// The name at the top right, with its menu.
#[component]
pub fn WhoMenu() -> Html {
    let (text, app) = (use_text(), use_app());
    let open = use_state_eq(|| None::<Open>);
    let person = app.identity.as_ref().map(|identity| identity.person);
    let first = use_memo((app.people.clone(), person), |(people, _)| {
        recent::first(people)
    });
    let Some(identity) = app.identity.clone() else {
        return html! {};
    };
    let act = |action: fn() -> Action| {
        let state = app.dispatcher();
        Callback::from(move |()| state.dispatch(action()))
    };
    let show = |what: Open| {
        let open = open.clone();
        Callback::from(move |()| open.set(Some(what)))
    };
    let item = |picture: Picture, label: String, on_choose: Callback<()>| MenuItem {
        picture,
        label: label.into(),
        on_choose,
    };
    let mut items = vec![item(
        Picture::Lock,
        text.get("lock-now"),
        act(|| Action::Lock),
    )];
    let others = first.iter();
    let others = others.filter(|here| here.person != identity.person);
    items.extend(others.take(QUICK_MAX).map(|here| {
        let (state, person) = (app.dispatcher(), here.person);
        item(
            Picture::Switch,
            text.get_with("switch-to", [("name", here.name.as_str().into())]),
            Callback::from(move |()| state.dispatch(Action::Switch(person))),
        )
    }));
    items.push(item(
        Picture::Key,
        text.get("change-pin"),
        show(Open::ChangeSecret),
    ));
    items.push(item(
        Picture::Leave,
        text.get("sign-out-tablet"),
        show(Open::SignOut),
    ));
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(None))
    };
    let label = text.get_with("who-menu", [("name", identity.name.as_str().into())]);
    html! {
        <>
            <Menu id="who-menu" {label} {items}>
                <Avatar name={identity.name.clone()} is_small=true />{ &identity.name }
            </Menu>
            { match *open {
                None => html! {},
                Some(Open::ChangeSecret) => html! { <ChangeSecret {on_close} /> },
                Some(Open::SignOut) => html! { <Leave what={Leaving::SignOut} {on_close} /> },
            } }
        </>
    }
}
